//! A community with a book.

use book::{BookInJournal, Error, POST, Posted, account_id, chart, open, post, post_all};
use db::{Read, Tx};
use journal::{Change, Command, SetAnswers, SetCommand, record, record_all};
use kernel::{Actor, CommunityId, Context, Grants, Permission, Role, Timestamp, Uuid};
use ledger::{AccountId, Action, Code, Request, Terms, TransferId};
use serde::{Deserialize, Serialize};
use serde_json::json;
use test_kit::TestCommunity;
use units::{Minutes, Points};

pub(crate) const ANN: Uuid = Uuid::from_u128(1);
pub(crate) const BO: Uuid = Uuid::from_u128(2);
pub(crate) const SHOP: Uuid = Uuid::from_u128(3);

const PERMISSIONS: &[(Permission, &[Role])] = &[(POST, &[Role::CommitteeMember])];

pub(crate) struct World {
    pub(crate) community: TestCommunity,
}

/// Posts requests in a command of its own; says which had been done before.
#[derive(Serialize, Deserialize)]
pub(crate) struct Given(pub(crate) Vec<Request>);

impl Command for Given {
    const NAME: &'static str = "test.given";
    type Outcome = Vec<bool>;
    type Error = Error;

    fn run(&self, tx: &mut dyn Tx, ctx: &Context) -> Result<Vec<bool>, Error> {
        let posted = post(tx, ctx, &self.0)?;
        let change = Change::new("test.given", "book").public(json!({ "book": posted.stamp }));
        record(tx, ctx, change)?;
        Ok(posted
            .receipts
            .iter()
            .map(|receipt| receipt.repeated)
            .collect())
    }
}

impl SetCommand for Given {
    fn run_all(
        commands: &[(&Self, &Context)],
        community: CommunityId,
        tx: &mut dyn Tx,
    ) -> SetAnswers<Self> {
        let groups: Vec<(Timestamp, &[Request])> = commands
            .iter()
            .map(|(command, ctx)| (ctx.now, command.0.as_slice()))
            .collect();
        let posted = post_all(tx, community, &groups)?;
        let changes = posted
            .iter()
            .zip(commands)
            .filter_map(|(posted, (_, ctx))| {
                let stamp = &posted.as_ref().ok()?.stamp;
                let change = Change::new("test.given", "book").public(json!({ "book": stamp }));
                Some((*ctx, change))
            });
        let changes = changes.collect();
        record_all(tx, community, changes)?;
        let repeated = |posted: Posted| posted.receipts.iter().map(|one| one.repeated).collect();
        Ok(posted
            .into_iter()
            .map(|posted| posted.map(repeated))
            .collect())
    }
}

/// Opens every account of the tests.
#[derive(Serialize, Deserialize)]
struct OpenAll;

impl Command for OpenAll {
    const NAME: &'static str = "test.open";
    type Outcome = ();
    type Error = Error;

    fn run(&self, tx: &mut dyn Tx, ctx: &Context) -> Result<(), Error> {
        for kind in [
            chart::POINTS_ISSUER,
            chart::POINTS_EXPIRED,
            chart::HOURS_ISSUER,
        ] {
            open(tx, ctx, kind, Uuid::nil(), None, None)?;
        }
        let pool = open(tx, ctx, chart::HOURS_POOL, Uuid::nil(), None, None)?;
        open(tx, ctx, chart::POINTS_PROVIDER, SHOP, None, None)?;
        for member in [ANN, BO] {
            open(tx, ctx, chart::POINTS_MEMBER, member, None, None)?;
            open(
                tx,
                ctx,
                chart::HOURS_MEMBER,
                member,
                Some(pool),
                Some(90_000),
            )?;
        }
        record(tx, ctx, Change::new("test.opened", "book"))?;
        Ok(())
    }
}

impl World {
    pub(crate) fn on_sqlite() -> Self {
        Self::of(TestCommunity::on_sqlite(
            &[book::MIGRATIONS],
            &[PERMISSIONS],
        ))
    }

    pub(crate) fn on_postgres() -> Option<Self> {
        let community = TestCommunity::on_postgres("book", &[book::MIGRATIONS], &[PERMISSIONS])?;
        Some(Self::of(community))
    }

    fn of(community: TestCommunity) -> Self {
        let world = Self { community };
        world.run(OpenAll).unwrap();
        // Opened twice is opened once.
        world.run(OpenAll).unwrap();
        world
    }

    pub(crate) fn system(&self) -> Context {
        self.community.system()
    }

    /// Contexts as a running program makes them.
    pub(crate) fn contexts(&self) -> impl Fn() -> Context + Send + Sync + use<> {
        let (community, now) = (self.community.id, self.community.now());
        move || Context {
            actor: Actor::System,
            community,
            now,
            random: kernel::Randomness::from_number(77),
            grants: Grants::of([POST]),
            vault: TestCommunity::vault(),
            idempotency_key: None,
        }
    }

    pub(crate) fn run<C: Command>(&self, command: C) -> Result<C::Outcome, C::Error> {
        self.community
            .journal
            .execute_blocking(self.system(), command)
    }

    pub(crate) fn ask<T: Send + 'static>(
        &self,
        question: impl FnOnce(&mut dyn Read) -> Result<T, Error> + Send + 'static,
    ) -> T {
        self.community
            .journal
            .database()
            .read_blocking(question)
            .unwrap()
    }

    pub(crate) fn minutes(&self, member: Uuid) -> i64 {
        self.available(account_id(chart::HOURS_MEMBER, member))
    }

    pub(crate) fn points(&self, member: Uuid) -> i64 {
        self.available(account_id(chart::POINTS_MEMBER, member))
    }

    fn available(&self, account: AccountId) -> i64 {
        let (community, now) = (self.community.id, self.community.now());
        self.ask(move |read| book::available(read, community, account, now))
    }

    pub(crate) fn give_minutes(&self, member: Uuid, minutes: i64) {
        let (from, to) = (
            account_id(chart::HOURS_ISSUER, Uuid::nil()),
            account_id(chart::HOURS_MEMBER, member),
        );
        let amount = Minutes::new(minutes).into();
        let request = transfer(self.new_id(), chart::HOURS_EARN, from, to, amount, None);
        self.run(Given(vec![request])).unwrap();
    }

    pub(crate) fn give_points(&self, member: Uuid, points: i64, expires: Option<Timestamp>) {
        let (from, to) = (
            account_id(chart::POINTS_ISSUER, Uuid::nil()),
            account_id(chart::POINTS_MEMBER, member),
        );
        let (id, amount) = (self.new_id(), Points::new(points).into());
        let request = transfer(id, chart::POINTS_EARN, from, to, amount, expires);
        self.run(Given(vec![request])).unwrap();
    }

    fn new_id(&self) -> u128 {
        self.system().new_uuid().as_u128()
    }

    /// Makes the lane forget, as a restart does: any command that fails empties its memory.
    pub(crate) fn forget(&self) {
        let database = self.community.journal.database();
        let failed: Result<(), db::Error> =
            database.write_blocking(self.community.id, |_| Err(db::Error::Conflict));
        assert!(failed.is_err());
    }

    /// What `linli verify` does.
    pub(crate) fn proved(&self) -> Result<u64, Error> {
        let community = self.community.id;
        let key = self.community.journal.signer().verifying_key();
        self.community
            .journal
            .database()
            .read_blocking(move |read: &mut dyn Read| {
                let mut stamps = BookInJournal::new();
                journal::audit(
                    read,
                    &TestCommunity::vault(),
                    &key,
                    community,
                    &mut |entry| {
                        stamps.see(entry);
                        Ok(())
                    },
                )?;
                stamps.compare(read, community)
            })
    }

    /// What the program does when it starts.
    pub(crate) fn proved_at_start(&self) -> Result<u64, Error> {
        book::prove_since_last(self.community.journal.database(), self.community.id)
    }

    /// Changes the database without the book, as no module can.
    pub(crate) fn alter(&self, sql: &'static str) {
        let altered: Result<u64, db::Error> = self
            .community
            .journal
            .database()
            .write_blocking(self.community.id, move |tx| tx.execute(sql, &[]));
        altered.unwrap();
    }
}

fn transfer(
    id: u128,
    code: Code,
    from: AccountId,
    to: AccountId,
    amount: ledger::Amount,
    expires: Option<Timestamp>,
) -> Request {
    Request {
        id: TransferId(id),
        action: Action::Transfer(Terms {
            code,
            from,
            to,
            amount,
            expires_at: expires.map(Timestamp::micros),
        }),
    }
}

pub(crate) fn gift_minutes(id: u128, from: Uuid, to: Uuid, minutes: i64) -> Request {
    let account = |member| account_id(chart::HOURS_MEMBER, member);
    let amount = Minutes::new(minutes).into();
    transfer(
        id,
        chart::HOURS_PAY,
        account(from),
        account(to),
        amount,
        None,
    )
}

pub(crate) fn reserve_minutes(
    id: u128,
    from: Uuid,
    to: Uuid,
    minutes: i64,
    deadline: Option<Timestamp>,
) -> Request {
    let Action::Transfer(terms) = gift_minutes(id, from, to, minutes).action else {
        panic!("a gift is a transfer");
    };
    Request {
        id: TransferId(id),
        action: Action::Reserve {
            terms,
            deadline: deadline.map(Timestamp::micros),
        },
    }
}

pub(crate) fn post_minutes(id: u128, reservation: u128, minutes: i64) -> Request {
    Request {
        id: TransferId(id),
        action: Action::Post {
            reservation: TransferId(reservation),
            amount: Some(Minutes::new(minutes).into()),
        },
    }
}

pub(crate) fn void(id: u128, reservation: u128) -> Request {
    let reservation = TransferId(reservation);
    Request {
        id: TransferId(id),
        action: Action::Void { reservation },
    }
}

pub(crate) fn gift(id: u128, from: Uuid, to: Uuid, points: i64) -> Request {
    let account = |member| account_id(chart::POINTS_MEMBER, member);
    let amount = Points::new(points).into();
    transfer(
        id,
        chart::POINTS_GIFT,
        account(from),
        account(to),
        amount,
        None,
    )
}

pub(crate) fn redeem(id: u128, from: Uuid, shop: Uuid, points: i64) -> Request {
    let (from, to) = (
        account_id(chart::POINTS_MEMBER, from),
        account_id(chart::POINTS_PROVIDER, shop),
    );
    let amount = Points::new(points).into();
    transfer(id, chart::POINTS_REDEEM, from, to, amount, None)
}
