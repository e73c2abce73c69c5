//! A community in which something is tried: given it, as this person, do that, expect this.

use std::fmt::Debug;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};

use db::{Database, FaultPlan, Migration, Options, Read};
use journal::{Command, Journal};
use kernel::{
    AccountId, Actor, CommunityId, Context, Grants, Permission, Randomness, Role, Timestamp, Uuid,
    Vault,
};

use crate::PostgresCluster;

/// Who acts: a login and what it is in the community.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Person(pub u128, pub Role);

impl Person {
    /// The login.
    pub const fn account(self) -> AccountId {
        AccountId::from_uuid(Uuid::from_u128(self.0))
    }
}

/// A module's permissions and who holds them.
pub type Permissions = &'static [(Permission, &'static [Role])];

/// A community on a database of its own, with a clock that the test sets.
pub struct TestCommunity {
    /// The journal, its database underneath.
    pub journal: Journal,
    /// The community.
    pub id: CommunityId,
    /// Makes database calls fail.
    pub faults: FaultPlan,
    now: AtomicI64,
    seed: AtomicU64,
    permissions: Vec<Permissions>,
}

impl TestCommunity {
    /// On SQLite in memory, with the tables and permissions of these modules.
    pub fn on_sqlite(migrations: &[&[Migration]], permissions: &[Permissions]) -> Self {
        Self::at("sqlite::memory:", migrations, permissions)
    }

    /// On PostgreSQL; `None` where it is not installed.
    pub fn on_postgres(
        name: &str,
        migrations: &[&[Migration]],
        permissions: &[Permissions],
    ) -> Option<Self> {
        let cluster = PostgresCluster::shared()?;
        Some(Self::at(&cluster.database(name), migrations, permissions))
    }

    /// On the database at this address.
    ///
    /// # Panics
    /// If the database can't be opened or its tables not made: a test stops there.
    pub fn at(url: &str, migrations: &[&[Migration]], permissions: &[Permissions]) -> Self {
        let faults = FaultPlan::default();
        let options = Options {
            faults: Some(faults.clone()),
            ..Options::default()
        };
        let database = Database::open(url, options).expect("the test's database opens");
        let migrations = [&[journal::MIGRATIONS], migrations].concat().concat();
        database.migrate(&migrations).expect("the tables are made");
        let signer = proof::SigningKey::from_seed("test.linli", &[7; 32]).expect("a good name");
        Self {
            journal: Journal::new(database, signer),
            id: CommunityId::from_uuid(Uuid::from_u128(100)),
            faults,
            now: AtomicI64::new(NOON.micros()),
            seed: AtomicU64::new(1),
            permissions: permissions.to_vec(),
        }
    }

    /// The keys of every test.
    pub fn vault() -> Vault {
        Vault::new(&[[9; 32]])
    }

    /// The time that the next contexts carry.
    pub fn now(&self) -> Timestamp {
        Timestamp::from_micros(self.now.load(Ordering::Relaxed))
    }

    /// Sets the clock.
    pub fn set_now(&self, now: Timestamp) {
        self.now.store(now.micros(), Ordering::Relaxed);
    }

    /// A context of this person with what their role grants.
    pub fn context(&self, who: Person) -> Context {
        let held = self
            .permissions
            .iter()
            .flat_map(|of_module| of_module.iter())
            .filter(|(_, roles)| roles.contains(&who.1))
            .map(|(permission, _)| *permission);
        self.context_with(Actor::account(who.account()), Grants::of(held))
    }

    /// Linli itself, with every permission.
    pub fn system(&self) -> Context {
        let all = self
            .permissions
            .iter()
            .flat_map(|of_module| of_module.iter());
        let grants = Grants::of(all.map(|(permission, _)| *permission));
        self.context_with(Actor::System, grants)
    }

    /// A context with just these grants.
    pub fn context_with(&self, actor: Actor, grants: Grants) -> Context {
        Context {
            actor,
            community: self.id,
            now: self.now(),
            random: Randomness::from_number(self.seed.fetch_add(1, Ordering::Relaxed)),
            grants,
            vault: Self::vault(),
            idempotency_key: None,
        }
    }

    /// As this person, do that.
    pub fn run<C: Command>(&self, who: Person, command: C) -> Result<C::Outcome, C::Error> {
        self.journal.execute_blocking(self.context(who), command)
    }

    /// As this person, do that, and expect it to succeed.
    ///
    /// # Panics
    /// If it does not.
    pub fn must<C: Command>(&self, who: Person, command: C) -> C::Outcome
    where
        C::Error: Debug,
    {
        let outcome = self.run(who, command);
        outcome.unwrap_or_else(|error| panic!("{} was refused: {error:?}", C::NAME))
    }

    /// As this person, ask that.
    pub fn read<T, E, F>(&self, who: Person, question: F) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<db::Error> + Send + 'static,
        F: FnOnce(&mut dyn Read, &Context) -> Result<T, E> + Send + 'static,
    {
        let ctx = self.context(who);
        self.journal
            .database()
            .read_blocking(move |read| question(read, &ctx))
    }
}

/// 23 November 2026, noon in Shaoxing: where a test's clock starts.
pub const NOON: Timestamp = Timestamp::from_micros(1_795_406_400_000_000);

/// Declares each function as a test on both engines; `$world` makes what it is given for an engine. The tests on
/// PostgreSQL pass over where it is not installed.
#[macro_export]
macro_rules! on_both_engines {
    ($sqlite:expr, $postgres:expr; $($name:ident),* $(,)?) => {
        mod on_sqlite {
            $(#[test] fn $name() { super::$name(&$sqlite); })*
        }
        mod on_postgres {
            $(#[test] fn $name() {
                if let Some(world) = $postgres {
                    super::$name(&world);
                }
            })*
        }
    };
}
