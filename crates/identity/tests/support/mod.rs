//! A town for tests: a database, a journal, and people who sign in. On SQLite, and on PostgreSQL where it is there.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test ends where its ground fails"
)]
#![allow(dead_code, reason = "each test file uses its part")]

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};

use db::{Database, Options, Read};
use identity::commands::{CreateAccount, CreateFirstAdministrator, GrantRole, StartSession};
use identity::{
    Directory, Error, HashCost, Language, Lockout, Login, PERMISSIONS, PasswordHash, Passwords,
    SessionId, SessionPolicy, SessionToken, Sessions, SignedIn, candidate,
};
use journal::{Command, Journal};
use kernel::{
    AccountId, Actor, CommunityId, Context, Grants, Randomness, Role, Timestamp, Uuid, Vault,
};

pub(crate) const HERE: CommunityId = CommunityId::from_uuid(Uuid::from_u128(1));
pub(crate) const THERE: CommunityId = CommunityId::from_uuid(Uuid::from_u128(2));
pub(crate) const PASSWORD: &str = "bamboo by the gate";
pub(crate) const ADDRESS: &str = "10.0.0.1";

pub(crate) struct Town {
    pub(crate) journal: Journal,
    pub(crate) vault: Vault,
    pub(crate) directory: Directory,
    pub(crate) sessions: Sessions,
    pub(crate) passwords: Passwords,
    pub(crate) administrator: AccountId,
    now: AtomicI64,
    seed: AtomicU64,
}

/// Runs a test in a new town on each engine that is there.
pub(crate) fn on_each_engine(name: &str, test: impl Fn(&Town)) {
    test(&Town::new("sqlite::memory:", SessionPolicy::default()));
    if let Some(postgres) = test_kit::PostgresCluster::shared() {
        test(&Town::new(
            &postgres.database(name),
            SessionPolicy::default(),
        ));
    }
}

impl Town {
    pub(crate) fn new(url: &str, policy: SessionPolicy) -> Self {
        let database = Database::open(url, Options::default()).unwrap();
        let migrations: Vec<_> = journal::MIGRATIONS
            .iter()
            .chain(identity::MIGRATIONS)
            .copied()
            .collect();
        database.migrate(&migrations).unwrap();
        let signer = proof::SigningKey::from_seed("test.linli.example", &[7; 32]).unwrap();
        let vault = Vault::new(&[[1; 32]]);
        let cost = HashCost {
            memory_kib: 8,
            passes: 1,
            lanes: 1,
        };
        let mut town = Self {
            journal: Journal::new(database, signer),
            directory: Directory::new(PERMISSIONS.iter().copied(), []),
            sessions: Sessions::new(policy, vault.clone(), 1_000),
            vault,
            passwords: Passwords::new(cost).unwrap(),
            administrator: AccountId::from_uuid(Uuid::nil()),
            now: AtomicI64::new(1_790_000_000_000_000),
            seed: AtomicU64::new(1),
        };
        let account = town.account("root-of-town", "管理员");
        town.administrator = town
            .run_as_system(CreateFirstAdministrator { account })
            .unwrap();
        town
    }

    pub(crate) fn now(&self) -> Timestamp {
        Timestamp::from_micros(self.now.load(Ordering::SeqCst))
    }

    pub(crate) fn pass_seconds(&self, seconds: i64) {
        self.now.fetch_add(seconds * 1_000_000, Ordering::SeqCst);
    }

    pub(crate) fn context(&self, actor: Actor, community: CommunityId, grants: Grants) -> Context {
        Context {
            actor,
            community,
            now: self.now(),
            random: Randomness::from_number(self.seed.fetch_add(1, Ordering::SeqCst)),
            grants,
            vault: self.vault.clone(),
            idempotency_key: None,
        }
    }

    /// The context of someone with just the roles that they hold in the database.
    pub(crate) fn as_account(&self, account: AccountId, community: CommunityId) -> Context {
        let now = self.now();
        let system = self.context(
            Actor::account(account),
            CommunityId::CITY,
            Grants::default(),
        );
        let held = self
            .read(move |read| identity::queries::roles_of(read, &system, account))
            .unwrap();
        let counts = held
            .iter()
            .filter(|m| m.counts_in(community) && m.holds_at(now));
        let grants = self.directory.grants(counts.map(|m| m.role).collect());
        self.context(Actor::account(account), community, grants)
    }

    pub(crate) fn run<C: Command>(&self, ctx: Context, command: C) -> Result<C::Outcome, C::Error> {
        self.now.fetch_add(1, Ordering::SeqCst);
        self.journal.execute_blocking(ctx, command)
    }

    pub(crate) fn run_as<C: Command>(
        &self,
        account: AccountId,
        community: CommunityId,
        command: C,
    ) -> Result<C::Outcome, C::Error> {
        self.run(self.as_account(account, community), command)
    }

    pub(crate) fn run_as_system<C: Command>(&self, command: C) -> Result<C::Outcome, C::Error> {
        self.run(
            self.context(Actor::System, CommunityId::CITY, self.directory.system()),
            command,
        )
    }

    pub(crate) fn run_as_anyone<C: Command>(&self, command: C) -> Result<C::Outcome, C::Error> {
        let grants = self.directory.anonymous();
        self.run(
            self.context(Actor::Anonymous, CommunityId::CITY, grants),
            command,
        )
    }

    pub(crate) fn read<T: Send + 'static>(
        &self,
        question: impl FnOnce(&mut dyn Read) -> Result<T, Error> + Send + 'static,
    ) -> Result<T, Error> {
        self.journal.database().read_blocking(question)
    }

    pub(crate) fn hash(&self, password: &str) -> PasswordHash {
        self.passwords.hash(password, &[]).unwrap()
    }

    pub(crate) fn account(&self, login: &str, name: &str) -> CreateAccount {
        CreateAccount {
            login: Login::parse(login).unwrap(),
            name: name.to_owned(),
            password: Some(self.hash(PASSWORD)),
            language: Language::Chinese,
            elder: false,
        }
    }

    /// A person with these roles, given by Linli itself.
    pub(crate) fn person(&self, login: &str, roles: &[(CommunityId, Role)]) -> AccountId {
        let account = self.run_as_system(self.account(login, "王小明")).unwrap();
        for (community, role) in roles {
            self.grant(account, *community, *role);
        }
        account
    }

    pub(crate) fn grant(&self, account: AccountId, community: CommunityId, role: Role) {
        let ctx = self.context(Actor::System, community, self.directory.system());
        let reason = "test".to_owned();
        self.run(
            ctx,
            GrantRole {
                account,
                role,
                organisation: None,
                until: None,
                reason,
            },
        )
        .unwrap();
    }

    pub(crate) fn candidate(
        &self,
        login: &str,
        address: &str,
    ) -> Result<identity::Candidate, Error> {
        let (vault, now) = (self.vault.clone(), self.now());
        let (login, address) = (login.to_owned(), address.to_owned());
        self.read(move |read| candidate(read, &vault, now, &login, &address))
    }

    /// Signs in as the web does: look up, compare, then a session or a counted failure.
    pub(crate) fn sign_in_from(
        &self,
        login: &str,
        password: &str,
        address: &str,
    ) -> Result<(SessionToken, SessionId), Error> {
        let candidate = self.candidate(login, address)?;
        match candidate.verify(&self.passwords, password, Lockout::default()) {
            Ok(verified) => {
                let token = SessionToken::generate()?;
                let start = StartSession::new(verified, token.hash(), "Chrome on Windows");
                Ok((token, self.run_as_anyone(start)?))
            }
            Err(failed) => {
                self.run_as_anyone(failed)?;
                Err(Error::SignInRefused)
            }
        }
    }

    pub(crate) fn sign_in(&self, login: &str) -> (SessionToken, SessionId) {
        self.sign_in_from(login, PASSWORD, ADDRESS).unwrap()
    }

    pub(crate) fn who(&self, token: &SessionToken) -> Option<Arc<SignedIn>> {
        self.who_by(&self.sessions, token)
    }

    pub(crate) fn who_by(
        &self,
        sessions: &Sessions,
        token: &SessionToken,
    ) -> Option<Arc<SignedIn>> {
        let mut rows = Rows(self.journal.database().clone());
        sessions.authenticate(&mut rows, token, self.now()).unwrap()
    }
}

/// A reader that asks the database statement by statement, so that borrowed things can be used beside it.
pub(crate) struct Rows(pub(crate) Database);

impl Read for Rows {
    fn query(
        &mut self,
        sql: &'static str,
        parameters: &[db::Value],
    ) -> Result<Vec<db::Row>, db::Error> {
        let parameters = parameters.to_vec();
        self.0
            .read_blocking(move |read| read.query(sql, &parameters))
    }

    fn query_many(
        &mut self,
        sql: &'static str,
        asked: &[Vec<db::Value>],
    ) -> Result<Vec<db::Row>, db::Error> {
        let asked = asked.to_vec();
        self.0
            .read_blocking(move |read| read.query_many(sql, &asked))
    }
}
