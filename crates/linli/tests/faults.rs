//! A database whose n-th call fails, for every n: a vote that was acknowledged stands once, a vote that was not leaves
//! no trace or is told when its voter asks again, and the record proves itself after each.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test stops at the first surprise"
)]

use std::sync::atomic::{AtomicU64, Ordering};

use ballot::resolution::{Choice, Matter, SilenceRule};
use db::{Database, FaultPlan, Options};
use decisions::{
    AdoptRules, CastVote, Draft, DraftResolution, Meeting, PublishResolution, ResolutionId, Rules,
    VoteCast,
};
use journal::{Command, Journal};
use kernel::{
    AccountId, Actor, CommunityId, Context, Grants, Permission, Randomness, Timestamp, Uuid, Vault,
    Window,
};
use people::commands::{CreateCommunity, ImportRoll, LinkAccount};
use people::import::RollTable;
use people::model::{PersonRef, UnitId, UnitsCounted};

/// 23 November 2026, noon in Shaoxing: the vote is open.
const NOW: Timestamp = Timestamp::from_micros(1_795_406_400_000_000);
const OWNER: AccountId = AccountId::from_uuid(Uuid::from_u128(7));

#[test]
fn every_fault_on_sqlite_leaves_votes_once_or_not_at_all() {
    try_every_fault(&World::at("sqlite::memory:"));
}

#[test]
fn every_fault_on_postgresql_leaves_votes_once_or_not_at_all() {
    let Some(cluster) = test_kit::PostgresCluster::shared() else {
        eprintln!("PostgreSQL is not installed: nothing was tried");
        return;
    };
    try_every_fault(&World::at(&cluster.database("faults")));
}

/// A fault that strikes the n-th call.
type Fault = fn(&FaultPlan, u64);

fn try_every_fault(world: &World) {
    let faults: [(&str, Fault); 2] = [
        ("fails", FaultPlan::fail_call),
        ("answers nobody", FaultPlan::lose_answer),
    ];
    let mut cast = 0;
    for (kind, fault) in faults {
        let mut failed = 0;
        // The first n that no call reaches ends the search: every call of the command has failed once.
        for n in 1.. {
            assert!(n < 200, "the vote never comes through");
            let key = format!("{kind}-{n}");
            let before = world.faults.calls_made();
            fault(&world.faults, n);
            let first = world.vote(&key);
            world.faults.disarm();
            let struck = world.faults.calls_made() - before >= n;
            cast += 1;
            let stands = match first {
                Ok(vote) => vote,
                Err(_) => world
                    .vote(&key)
                    .unwrap_or_else(|error| panic!("{key} sent again: {error}")),
            };
            let again = world.vote(&key).unwrap();
            assert_eq!(again, stands, "{key} is told the same");
            assert_eq!(u64::from(stands.revision), cast, "{key} is counted once");
            assert_eq!(world.proved(), cast, "votes in the record after {key}");
            if !struck {
                break;
            }
            failed += 1;
        }
        assert!(failed > 5, "only {failed} calls of a vote could fail");
    }
}

/// A community of one owner with one open vote.
struct World {
    journal: Journal,
    community: CommunityId,
    faults: FaultPlan,
    resolution: ResolutionId,
    unit: UnitId,
    seed: AtomicU64,
}

impl World {
    fn at(url: &str) -> Self {
        let faults = FaultPlan::default();
        let options = Options {
            faults: Some(faults.clone()),
            ..Options::default()
        };
        let database = Database::open(url, options).unwrap();
        database
            .migrate(
                &[
                    journal::MIGRATIONS,
                    people::MIGRATIONS,
                    decisions::MIGRATIONS,
                ]
                .concat(),
            )
            .unwrap();
        let signer = proof::SigningKey::from_seed("faults.linli", &[7; 32]).unwrap();
        let nothing = Uuid::from_u128(0);
        let mut world = Self {
            journal: Journal::new(database, signer),
            community: CommunityId::from_uuid(Uuid::from_u128(100)),
            faults,
            resolution: ResolutionId::from_uuid(nothing),
            unit: UnitId::from_uuid(nothing),
            seed: AtomicU64::new(1),
        };
        world.unit = world.settle();
        world.resolution = world.publish();
        world
    }

    /// Makes the community and its roll; answers the owner's unit.
    fn settle(&self) -> UnitId {
        let create = CreateCommunity {
            name: "兰亭花园".to_owned(),
            place: "330602".to_owned(),
            address: String::new(),
            is_demo: false,
        };
        self.organise(60, create);
        let units = RollTable {
            header: cells("楼栋|房号|专有面积（㎡）|业主|手机"),
            rows: vec![(2, cells("1幢|101|89.53|王小明|13912341234"))],
        };
        let import = ImportRoll {
            units,
            residents: None,
            file_sha256: "0".repeat(64),
            is_confirmed: true,
        };
        self.organise(60, import);
        let community = self.community;
        let electorate = self
            .journal
            .database()
            .read_blocking(move |read| {
                people::queries::electorate(read, community, UnitsCounted::default())
            })
            .unwrap();
        let unit = &electorate.units[0];
        let link = LinkAccount {
            person: PersonRef::Owner(unit.owners[0]),
            account: OWNER,
            evidence: "身份证与不动产权证".to_owned(),
        };
        self.organise(60, link);
        unit.unit
    }

    /// Publishes a vote that is open now and may be changed.
    fn publish(&self) -> ResolutionId {
        let rules = Rules {
            version: 0,
            source: "议事规则第十二条".to_owned(),
            silence: SilenceRule::NotCounted,
            vote_may_change: true,
            follow_allowed: false,
            turnout_while_open: false,
            objection_days: 7,
            extension_days: 0,
        };
        self.organise(40, AdoptRules { rules });
        let draft = Draft {
            title: "更换电梯".to_owned(),
            body: "更换 1 幢电梯。".to_owned(),
            matter: Matter::UseRepairFund,
            meeting: Meeting::Regular,
            window: Window {
                opens: NOW.plus_days(-2),
                closes: NOW.plus_days(12),
            },
        };
        let resolution = self.organise(30, DraftResolution { draft });
        self.organise(
            30,
            PublishResolution {
                resolution,
                is_confirmed: false,
            },
        );
        resolution
    }

    /// Does something as Linli itself, that many days ago.
    fn organise<C: Command>(&self, days_ago: i64, command: C) -> C::Outcome
    where
        C::Error: std::fmt::Debug,
    {
        let ctx = self.context(Actor::System, NOW.plus_days(-days_ago));
        self.journal.execute_blocking(ctx, command).unwrap()
    }

    fn vote(&self, key: &str) -> Result<VoteCast, decisions::Error> {
        let mut ctx = self.context(Actor::account(OWNER), NOW);
        ctx.idempotency_key = Some(key.to_owned());
        let command = CastVote {
            resolution: self.resolution,
            unit: self.unit,
            choice: Choice::For,
        };
        self.journal.execute_blocking(ctx, command)
    }

    /// Audits the whole record and compares the vote table with it; answers how often the vote was cast.
    fn proved(&self) -> u64 {
        let (community, key) = (self.community, self.journal.signer().verifying_key());
        self.journal
            .database()
            .read_blocking(move |read| {
                let (mut decided, mut roll) = (decisions::Audit::new(), people::Audit::new());
                let mut cast = 0;
                journal::audit(read, &vault(), &key, community, &mut |seen| {
                    cast += u64::from(seen.entry.kind == "decisions.vote.cast");
                    decided.see(seen);
                    roll.see(seen);
                    Ok(())
                })?;
                let decided = decided.compare(read, community)?;
                assert_eq!(decided.votes, 1, "the unit has one vote");
                let mut findings = decided.findings;
                findings.extend(roll.compare(read, community)?.findings);
                assert!(findings.is_empty(), "{findings:?}");
                Ok::<_, decisions::Error>(cast)
            })
            .unwrap()
    }

    fn context(&self, actor: Actor, now: Timestamp) -> Context {
        let permissions = people::PERMISSIONS.iter().chain(decisions::PERMISSIONS);
        let all: Vec<Permission> = permissions.map(|(permission, _)| *permission).collect();
        Context {
            actor,
            community: self.community,
            now,
            random: Randomness::from_number(self.seed.fetch_add(1, Ordering::Relaxed)),
            grants: Grants::of(all),
            vault: vault(),
            idempotency_key: None,
        }
    }
}

fn vault() -> Vault {
    Vault::new(&[[9; 32]])
}

fn cells(line: &str) -> Vec<String> {
    line.split('|').map(str::to_owned).collect()
}
