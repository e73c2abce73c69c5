//! A community in which something is tried: given it, as this person, do that.

use std::sync::atomic::{AtomicU64, Ordering};

use db::{Database, FaultPlan, Options, Read};
use journal::{Command, Entry, Journal};
use kernel::{
    AccountId, Actor, CommunityId, Context, Grants, Permission, Randomness, Role, Timestamp, Uuid,
    Vault,
};
use people::commands::{CreateCommunity, ImportRoll};
use people::import::{ImportCounts, RollTable};
use people::model::{Electorate, OwnerId, UnitId, UnitsCounted};
use people::{Error, queries};

/// The moment at which everything happens unless a test says otherwise: 23 November 2026, noon in Shaoxing.
pub(crate) const NOON: Timestamp = Timestamp::from_micros(1_795_406_400_000_000);

pub(crate) struct World {
    pub(crate) journal: Journal,
    pub(crate) community: CommunityId,
    pub(crate) faults: FaultPlan,
    seed: AtomicU64,
}

/// Who acts: a login, and what it is in the community.
#[derive(Clone, Copy)]
pub(crate) struct Who(pub(crate) u128, pub(crate) Role);

pub(crate) const COMMITTEE: Who = Who(1, Role::CommitteeMember);
pub(crate) const BUTLER: Who = Who(2, Role::Butler);
pub(crate) const CITY: Who = Who(3, Role::CityStaff);
pub(crate) const OWNER: Who = Who(4, Role::Owner);
pub(crate) const OTHER_OWNER: Who = Who(5, Role::Owner);

impl Who {
    pub(crate) fn account(self) -> AccountId {
        AccountId::from_uuid(Uuid::from_u128(self.0))
    }
}

impl World {
    pub(crate) fn on_sqlite() -> Self {
        Self::at("sqlite::memory:")
    }

    pub(crate) fn on_postgres() -> Option<Self> {
        let cluster = test_kit::PostgresCluster::shared()?;
        Some(Self::at(&cluster.database("people")))
    }

    fn at(url: &str) -> Self {
        let faults = FaultPlan::default();
        let database = Database::open(
            url,
            Options {
                faults: Some(faults.clone()),
                ..Options::default()
            },
        )
        .unwrap();
        database
            .migrate(&[journal::MIGRATIONS, people::MIGRATIONS].concat())
            .unwrap();
        let signer = proof::SigningKey::from_seed("test.linli", &[7; 32]).unwrap();
        let world = Self {
            journal: Journal::new(database, signer),
            community: CommunityId::from_uuid(Uuid::from_u128(100)),
            faults,
            seed: AtomicU64::new(1),
        };
        world.create(world.community).unwrap();
        world
    }

    pub(crate) fn create(&self, community: CommunityId) -> Result<CommunityId, Error> {
        let mut ctx = self.ctx(CITY);
        ctx.community = community;
        let command = CreateCommunity {
            name: "兰亭花园".to_owned(),
            place: "330602".to_owned(),
            address: "绍兴市越城区兰亭路1号".to_owned(),
            is_demo: false,
        };
        self.journal.execute_blocking(ctx, command)
    }

    pub(crate) fn vault() -> Vault {
        Vault::new(&[[9; 32]])
    }

    pub(crate) fn ctx(&self, who: Who) -> Context {
        let held = people::PERMISSIONS
            .iter()
            .filter(|(_, roles)| roles.contains(&who.1))
            .map(|(permission, _)| *permission);
        self.ctx_with(who, held)
    }

    pub(crate) fn ctx_with(
        &self,
        who: Who,
        permissions: impl IntoIterator<Item = Permission>,
    ) -> Context {
        Context {
            actor: Actor::account(who.account()),
            community: self.community,
            now: NOON,
            random: Randomness::from_number(self.seed.fetch_add(1, Ordering::Relaxed)),
            grants: Grants::of(permissions),
            vault: Self::vault(),
            idempotency_key: None,
        }
    }

    pub(crate) fn run<C: Command<Error = Error>>(
        &self,
        who: Who,
        command: C,
    ) -> Result<C::Outcome, Error> {
        self.journal.execute_blocking(self.ctx(who), command)
    }

    pub(crate) fn read<T: Send + 'static>(
        &self,
        who: Who,
        question: impl FnOnce(&mut dyn Read, &Context) -> Result<T, Error> + Send + 'static,
    ) -> Result<T, Error> {
        let ctx = self.ctx(who);
        self.journal
            .database()
            .read_blocking(move |read| question(read, &ctx))
    }

    pub(crate) fn import(&self, units: &RollTable) -> Result<ImportCounts, Error> {
        self.run(COMMITTEE, importing(units.clone(), None))
    }

    pub(crate) fn electorate(&self) -> Electorate {
        let community = self.community;
        self.read(COMMITTEE, move |read, _| {
            queries::electorate(
                read,
                community,
                UnitsCounted {
                    parking: true,
                    storage: true,
                },
            )
        })
        .unwrap()
    }

    /// The unit with this number.
    pub(crate) fn unit(&self, number: &str) -> UnitId {
        self.electorate()
            .units
            .iter()
            .find(|unit| unit.label.number == number)
            .unwrap()
            .unit
    }

    /// The owners of the unit with this number.
    pub(crate) fn owners(&self, number: &str) -> Vec<OwnerId> {
        self.electorate()
            .units
            .into_iter()
            .find(|unit| unit.label.number == number)
            .unwrap()
            .owners
    }

    pub(crate) fn entries(&self) -> Vec<Entry> {
        let community = self.community;
        self.journal
            .database()
            .read_blocking(move |read| journal::entries(read, community, 0, 10_000))
            .map_err(Error::from)
            .unwrap()
    }

    /// The kind and public part of the newest entry.
    pub(crate) fn newest(&self) -> (String, String) {
        let entry = self.entries().pop().unwrap();
        (entry.kind, entry.public)
    }
}

pub(crate) fn importing(units: RollTable, residents: Option<RollTable>) -> ImportRoll {
    ImportRoll {
        units,
        residents,
        file_sha256: "ab".repeat(32),
        is_confirmed: false,
    }
}

/// A table from lines of cells parted by `|`; the first line is the header, on line 1 of the file.
pub(crate) fn table(text: &str) -> RollTable {
    let mut lines = text.trim().lines().map(|line| {
        line.split('|')
            .map(|cell| cell.trim().to_owned())
            .collect::<Vec<_>>()
    });
    RollTable {
        header: lines.next().unwrap(),
        rows: lines
            .enumerate()
            .map(|(at, cells)| (at + 2, cells))
            .collect(),
    }
}

/// A small roll: a single owner, a couple, one with two units, the developer, a shop, a parking space.
pub(crate) fn small_roll() -> RollTable {
    table(
        "楼栋 | 房号 | 专有面积（㎡） | 面积依据 | 用途 | 业主 | 证件号 | 手机 | 业主类型
         1幢 | 101 | 89.53 | 登记簿 | 住宅 | 王小明 | 11010519491231002X | 13912341234 | 个人
         1幢 | 102 | 89.53 | 登记簿 | 住宅 | 李芳、张伟 | | 13800000001、13800000002 |
         1幢 | 201 | 120.00 | 实测 | 住宅 | 王小明 | 11010519491231002X | | 个人
         1幢 | 202 | 120.00 | 合同 | 住宅 | 开发商 | | |
         2幢 | 商铺1 | 60.5 | | 商业 | 绍兴市好好百货有限公司 | 91350100M000100Y43 | 0575-88888888 |
         车库 | A001 | 12.50 | | 车位 | 李芳 | | 13800000001 | 个人",
    )
}
