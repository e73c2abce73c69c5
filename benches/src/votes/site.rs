//! A site to load: a community whose owners have signed in, and an open vote.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use anyhow::Context as _;
use axum::Router;
use axum::routing::post;
use ballot::resolution::{Matter, SilenceRule};
use db::{Database, Options};
use decisions::{
    AdoptRules, Draft, DraftResolution, Meeting, PublishResolution, ResolutionId, Rules,
};
use identity::commands::{CreateAccount, GrantRole, StartSession};
use identity::{
    Directory, HashCost, Language, Lockout, Login, Passwords, PermissionRule, SessionPolicy,
    SessionToken, Sessions,
};
use journal::{Command, Journal};
use kernel::{AccountId, CommunityId, Role, Timestamp, Uuid, Vault, Window};
use people::commands::{CreateCommunity, ImportRoll, LinkAccount};
use people::import::RollTable;
use people::model::{PersonRef, UnitId, UnitsCounted};
use shell::{App, Parts, Settings};
use web_ui::{MESSAGES, Messages};

use super::client::Request;

const PASSWORD: &str = "a bench without a view";

/// The site, listening.
pub(crate) struct Site {
    /// Where it listens.
    pub address: String,
    app: App,
    community: CommunityId,
    resolution: ResolutionId,
    voters: Vec<(UnitId, String)>,
}

impl Site {
    /// A site with that many voters on a new database.
    pub(crate) async fn open(url: &str, voters: usize) -> anyhow::Result<Self> {
        let now = Arc::new(AtomicI64::new(1_795_406_400_000_000));
        let app = app(url, now.clone())?;
        let mut site = Self {
            address: String::new(),
            app,
            community: CommunityId::from_uuid(Uuid::from_u128(7)),
            resolution: ResolutionId::from_uuid(Uuid::nil()),
            voters: Vec::new(),
        };
        site.settle(voters).await?;
        site.publish(&now).await?;
        site.serve().await?;
        Ok(site)
    }

    async fn run<C: Command>(
        &self,
        community: CommunityId,
        command: C,
    ) -> anyhow::Result<C::Outcome>
    where
        C::Error: std::error::Error + Sync,
    {
        let ctx = self
            .app
            .system_context(community)
            .map_err(|failure| anyhow::anyhow!(failure.english))?;
        Ok(self.app.journal().execute(ctx, command).await?)
    }

    /// Creates the community, its roll, and a signed-in owner for each unit.
    async fn settle(&mut self, voters: usize) -> anyhow::Result<()> {
        let here = self.community;
        let create = CreateCommunity {
            name: "Bench".to_owned(),
            place: "330602".to_owned(),
            address: String::new(),
            is_demo: true,
        };
        self.run(here, create).await?;
        let header = ["楼栋", "房号", "专有面积", "业主", "手机"]
            .map(str::to_owned)
            .to_vec();
        let rows = (0..voters).map(|place| {
            let cells = [
                "1幢".to_owned(),
                format!("{place}"),
                "100".to_owned(),
                "王小明".to_owned(),
                format!("{}", 13_900_000_000_u64 + u64::try_from(place).unwrap_or(0)),
            ];
            (place + 2, cells.to_vec())
        });
        let units = RollTable {
            header,
            rows: rows.collect(),
        };
        self.run(
            here,
            ImportRoll {
                units,
                residents: None,
                file_sha256: "0".repeat(64),
                is_confirmed: true,
            },
        )
        .await?;
        let electorate = self
            .app
            .database()
            .read(move |read| people::queries::electorate(read, here, UnitsCounted::default()))
            .await?;
        let passwords = Arc::new(Passwords::new(HashCost {
            memory_kib: 8,
            passes: 1,
            lanes: 1,
        })?);
        for (place, unit) in electorate.units.iter().enumerate() {
            let owner = *unit
                .owners
                .first()
                .context("a unit of the roll has an owner")?;
            let (account, token) = self.owner(&passwords, place).await?;
            let evidence = "bench".to_owned();
            self.run(
                here,
                LinkAccount {
                    person: PersonRef::Owner(owner),
                    account,
                    evidence,
                },
            )
            .await?;
            self.voters.push((unit.unit, token.expose()));
        }
        Ok(())
    }

    async fn owner(
        &self,
        passwords: &Arc<Passwords>,
        place: usize,
    ) -> anyhow::Result<(AccountId, SessionToken)> {
        let login = Login::parse(&format!("bench-owner-{place}"))?;
        let account = CreateAccount {
            login: login.clone(),
            name: "王小明".to_owned(),
            password: Some(passwords.hash(PASSWORD, &[])?),
            language: Language::Chinese,
            elder: false,
        };
        let account = self.run(CommunityId::CITY, account).await?;
        let role = GrantRole {
            account,
            role: Role::Owner,
            organisation: None,
            until: None,
            reason: "bench".to_owned(),
        };
        self.run(self.community, role).await?;
        let (vault, now) = (self.app.vault().clone(), self.app.now());
        let candidate = self
            .app
            .database()
            .read(move |read| identity::candidate(read, &vault, now, login.as_str(), "127.0.0.1"))
            .await?;
        let verified = candidate.verify(passwords, PASSWORD, Lockout::default());
        let verified =
            verified.map_err(|_| anyhow::anyhow!("the bench's own password is refused"))?;
        let token = SessionToken::generate()?;
        self.run(
            CommunityId::CITY,
            StartSession::new(verified, token.hash(), "bench"),
        )
        .await?;
        Ok((account, token))
    }

    /// Publishes a resolution and moves the clock into its vote.
    async fn publish(&mut self, now: &AtomicI64) -> anyhow::Result<()> {
        let rules = Rules {
            version: 0,
            source: "bench".to_owned(),
            silence: SilenceRule::NotCounted,
            vote_may_change: true,
            follow_allowed: false,
            turnout_while_open: false,
            objection_days: 7,
            extension_days: 0,
        };
        self.run(self.community, AdoptRules { rules }).await?;
        let opens = Timestamp::start_of(self.app.now().plus_days(16).date());
        let draft = Draft {
            title: "Bench".to_owned(),
            body: "Bench".to_owned(),
            matter: Matter::UseRepairFund,
            meeting: Meeting::Regular,
            window: Window {
                opens,
                closes: opens.plus_days(10),
            },
        };
        self.resolution = self.run(self.community, DraftResolution { draft }).await?;
        self.run(
            self.community,
            PublishResolution {
                resolution: self.resolution,
                is_confirmed: false,
            },
        )
        .await?;
        now.store(opens.micros(), Ordering::Relaxed);
        Ok(())
    }

    async fn serve(&mut self) -> anyhow::Result<()> {
        let roof = Router::new().route("/empty", post(async || "ok"));
        let modules = vec![account::module(), people::module(), decisions::module()];
        let router = shell::router(self.app.clone(), modules, roof);
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
        self.address = listener.local_addr()?.to_string();
        let service = router.into_make_service_with_connect_info::<SocketAddr>();
        tokio::spawn(async move { axum::serve(listener, service).await });
        Ok(())
    }

    /// For each voter, a vote in favour and one against, sent in turn.
    pub(crate) fn vote_requests(&self) -> Vec<[Request; 2]> {
        let path = format!(
            "/api/v1/communities/{}/resolutions/{}/votes",
            self.community, self.resolution
        );
        let request = |unit: &UnitId, token: &str, choice: &str| {
            let body = format!("{{\"unit\":\"{unit}\",\"choice\":\"{choice}\"}}");
            format!(
                "POST {path} HTTP/1.1\r\nHost: {}\r\nAuthorization: Bearer {token}\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
                self.address,
                body.len()
            )
            .into_bytes()
        };
        let pair = |(unit, token): &(UnitId, String)| {
            [request(unit, token, "for"), request(unit, token, "against")]
        };
        self.voters.iter().map(pair).collect()
    }

    /// A request to a handler that does nothing.
    pub(crate) fn empty_request(&self) -> Request {
        format!(
            "POST /empty HTTP/1.1\r\nHost: {}\r\nContent-Length: 0\r\n\r\n",
            self.address
        )
        .into_bytes()
    }

    /// Proves the whole record: what was timed was right.
    pub(crate) async fn check(&self) -> anyhow::Result<()> {
        let (community, vault) = (self.community, self.app.vault().clone());
        let key = self.app.journal().signer().verifying_key();
        let proved = self
            .app
            .database()
            .read(move |read| {
                let mut decided = decisions::Audit::new();
                journal::audit(read, &vault, &key, community, &mut |seen| {
                    decided.see(seen);
                    Ok(())
                })?;
                decided.compare(read, community)
            })
            .await?;
        let (votes, findings) = (proved.votes, proved.findings);
        anyhow::ensure!(findings.is_empty(), "{findings:?}");
        anyhow::ensure!(
            votes == u64::try_from(self.voters.len())?,
            "{votes} votes stand"
        );
        Ok(())
    }
}

fn app(url: &str, now: Arc<AtomicI64>) -> anyhow::Result<App> {
    let modules = [account::module(), people::module(), decisions::module()];
    let options = Options {
        contended_tables: &["journal_entry"],
        ..Options::default()
    };
    let database = Database::open(url, options)?;
    let of_modules = modules.iter().flat_map(|module| module.migrations);
    let migrations: Vec<_> = journal::MIGRATIONS
        .iter()
        .chain(of_modules)
        .copied()
        .collect();
    database.migrate(&migrations)?;
    let vault = Vault::new(&[[3; 32]]);
    let rules = modules.iter().flat_map(|module| module.permissions);
    let rules = rules.map(|(permission, roles)| PermissionRule {
        permission: *permission,
        roles,
    });
    let forever = identity::Expiry {
        idle_seconds: 90 * 86_400,
        absolute_seconds: 90 * 86_400,
    };
    let policy = SessionPolicy {
        resident: forever,
        ..SessionPolicy::default()
    };
    let sources = modules.iter().flat_map(|module| module.messages);
    Ok(App::new(Parts {
        journal: Journal::new(database, proof::SigningKey::from_seed("bench", &[5; 32])?),
        vault: vault.clone(),
        directory: Directory::new(rules, []),
        sessions: Sessions::new(policy, vault, 10_000),
        messages: Arc::new(Messages::build(
            MESSAGES.into_iter().chain(shell::MESSAGES).chain(sources),
        )?),
        navigation: shell::Navigation::default(),
        clock: Arc::new(move || Timestamp::from_micros(now.fetch_add(1, Ordering::Relaxed))),
        settings: Settings {
            public_url: "http://127.0.0.1".to_owned(),
            city_name: None,
            secure: false,
            demo: true,
            trust_proxy: false,
        },
        find_community: |read, id| {
            let face = people::queries::community(read, id)?;
            Ok(Some(shell::CommunityFace {
                name: face.name,
                demo: true,
            }))
        },
    }))
}
