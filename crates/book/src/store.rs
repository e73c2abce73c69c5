//! The book's SQL.

use db::{Read, Row, Tx, Value};
use kernel::{CommunityId, Context, Timestamp, Uuid};
use ledger::{Account, AccountId, Counters, Lot, Record, TransferId};

use crate::records::{self, id_bytes, id_of, number};

db::statements! {
    HEAD = "select last_seq, at, chain from book_head where community_id = $1";
    PUT_HEAD = "insert into book_head (community_id, last_seq, at, chain) values ($1, $2, $3, $4) \
        on conflict (community_id) do update set last_seq = excluded.last_seq, at = excluded.at, chain = excluded.chain";
    ACCOUNTS = "with asked (community_id, account_id) as (values $rows(bytea, bytea)) \
        select a.account_id, a.kind, a.overflow_id, a.at_most, \
        b.received, b.given, b.incoming, b.outgoing, b.last_seq \
        from asked cross join book_account a cross join book_balance b \
        where a.community_id = asked.community_id and a.account_id = asked.account_id \
        and b.community_id = asked.community_id and b.account_id = asked.account_id";
    ALL_ACCOUNTS = "select a.account_id, a.kind, a.overflow_id, a.at_most, \
        b.received, b.given, b.incoming, b.outgoing, b.last_seq \
        from book_account a join book_balance b on b.community_id = a.community_id and b.account_id = a.account_id \
        where a.community_id = $1";
    INSERT_ACCOUNT = "insert into book_account (community_id, account_id, kind, owner_id, overflow_id, at_most, opened_at) \
        values ($1, $2, $3, $4, $5, $6, $7)";
    LOTS = "with asked (community_id, account_id) as (values $rows(bytea, bytea)) \
        select l.account_id, l.award, l.expires_at, l.remaining, l.reserved from asked cross join book_lot l \
        where l.community_id = asked.community_id and l.account_id = asked.account_id and l.remaining > 0";
    ALL_LOTS = "select account_id, award, expires_at, remaining, reserved from book_lot \
        where community_id = $1 and remaining > 0";
    OPEN_RECORDS = "with asked (community_id, account_id) as (values $rows(bytea, bytea)) \
        select distinct r.seq, r.at, r.request_id, r.part, r.act, r.code, r.from_id, r.to_id, r.amount, r.requested, \
        r.deadline, r.expires_at, r.target_id, r.from_before, r.to_before \
        from asked cross join book_open o cross join book_record r \
        where o.community_id = asked.community_id and o.account_id = asked.account_id \
        and r.community_id = o.community_id and r.seq = o.seq order by r.seq";
    PROVED = "select last_seq, at, chain from book_proved where community_id = $1";
    PUT_PROVED = "insert into book_proved (community_id, last_seq, at, chain) values ($1, $2, $3, $4) \
        on conflict (community_id) do update set last_seq = excluded.last_seq, at = excluded.at, chain = excluded.chain";
    PROVED_ACCOUNTS = "select a.account_id, a.kind, a.overflow_id, a.at_most, coalesce(b.received, 0), \
        coalesce(b.given, 0), coalesce(b.incoming, 0), coalesce(b.outgoing, 0), coalesce(b.last_seq, 0) \
        from book_account a left join book_proved_balance b \
        on b.community_id = a.community_id and b.account_id = a.account_id where a.community_id = $1";
    PROVED_LOTS = "select account_id, award, expires_at, remaining, reserved from book_proved_lot \
        where community_id = $1";
    OPEN_WHEN_PROVED = "select r.seq, r.at, r.request_id, r.part, r.act, r.code, r.from_id, r.to_id, r.amount, r.requested, \
        r.deadline, r.expires_at, r.target_id, r.from_before, r.to_before \
        from book_record r where r.community_id = $1 and r.seq in ( \
        select o.seq from book_open o where o.community_id = $1 and o.seq <= $2 union \
        select h.seq from book_record s join book_record h \
        on h.community_id = s.community_id and h.request_id = s.target_id and h.part = 0 \
        where s.community_id = $1 and s.seq > $2 and h.seq <= $2 and h.act = 1) order by r.seq";
    FORGET_PROVED_BALANCES = "delete from book_proved_balance where community_id = $1";
    FORGET_PROVED_LOTS = "delete from book_proved_lot where community_id = $1";
    KEEP_BALANCES = "insert into book_proved_balance \
        (community_id, account_id, received, given, incoming, outgoing, last_seq) \
        select community_id, account_id, received, given, incoming, outgoing, last_seq \
        from book_balance where community_id = $1";
    KEEP_LOTS = "insert into book_proved_lot (community_id, account_id, award, expires_at, remaining, reserved) \
        select community_id, account_id, award, expires_at, remaining, reserved \
        from book_lot where community_id = $1 and remaining > 0";
    ALL_OPEN = "select distinct seq from book_open where community_id = $1 order by seq";
    OVERDUE = "select distinct account_id from book_open where community_id = $1 and deadline <= $2 order by account_id limit $3";
    DELETE_OPEN = "delete from book_open where community_id = $1 and account_id in ($2, $3) and seq = $4";
    RECORDS_OF_REQUESTS = "with asked (community_id, request_id) as (values $rows(bytea, bytea)) \
        select r.seq, r.at, r.request_id, r.part, r.act, r.code, r.from_id, r.to_id, r.amount, r.requested, r.deadline, \
        r.expires_at, r.target_id, r.from_before, r.to_before, s.act from asked cross join book_record r \
        left join book_record s on s.community_id = r.community_id and s.target_id = r.request_id \
        where r.community_id = asked.community_id and r.request_id = asked.request_id order by r.seq";
    RECORDS_FROM = "select seq, at, request_id, part, act, code, from_id, to_id, amount, requested, deadline, \
        expires_at, target_id, from_before, to_before from book_record \
        where community_id = $1 and seq > $2 order by seq limit $3";
    PIECES_OF = "with asked (community_id, seq) as (values $rows(bytea, bigint)) \
        select p.seq, p.is_given, p.award, p.expires_at, p.amount from asked cross join book_piece p \
        where p.community_id = asked.community_id and p.seq = asked.seq order by p.seq, p.is_given, p.award";
    PIECES_FROM = "select seq, is_given, award, expires_at, amount from book_piece \
        where community_id = $1 and seq > $2 and seq <= $3 order by seq, is_given, award";
    MOVEMENTS = "with recursive walk (seq, step) as ( \
        select cast($3 as bigint), cast(1 as bigint) \
        union all \
        select case when r.from_id = $2 then r.from_before else r.to_before end, walk.step + 1 \
        from walk join book_record r on r.community_id = $1 and r.seq = walk.seq where walk.step < $4 \
        ) select r.seq, r.at, r.request_id, r.act, r.code, r.from_id, r.to_id, r.amount, r.from_before, r.to_before, \
        r.part from walk join book_record r on r.community_id = $1 and r.seq = walk.seq order by r.seq desc";
    LOT_LINES = "select l.award, l.expires_at, l.remaining, l.reserved, r.at, r.request_id \
        from book_lot l join book_record r on r.community_id = l.community_id and r.seq = l.award \
        where l.community_id = $1 and l.account_id = $2 and l.remaining > 0 order by l.award";
    FIRST_AT = "select at from book_record where community_id = $1 and seq = 1";
    MOVED_BEFORE = "select code, act, cast(sum(amount) as bigint) from book_record \
        where community_id = $1 and at < $2 group by code, act order by code, act";
    DUE = "select l.account_id, a.owner_id, l.award, l.expires_at, l.remaining - l.reserved \
        from book_lot l join book_account a on a.community_id = l.community_id and a.account_id = l.account_id \
        where l.community_id = $1 and l.expires_at <= $2 and l.remaining > l.reserved \
        order by l.expires_at, l.account_id, l.award limit $3";
    TRIAL = "select a.kind, count(*), cast(sum(b.received) as bigint), cast(sum(b.given) as bigint), \
        cast(sum(b.incoming) as bigint), cast(sum(b.outgoing) as bigint) \
        from book_account a join book_balance b on b.community_id = a.community_id and b.account_id = a.account_id \
        where a.community_id = $1 group by a.kind order by a.kind";
    OPENED_ON = "select kind, count(*) from book_account where community_id = $1 and opened_at < $2 group by kind order by kind";
    RECEIVED_ON = "select a.kind, cast(sum(r.amount) as bigint) from book_record r join book_account a \
        on a.community_id = r.community_id and a.account_id = r.to_id \
        where r.community_id = $1 and r.at < $2 and r.act <> $3 and r.act <> $4 group by a.kind";
    GIVEN_ON = "select a.kind, cast(sum(r.amount) as bigint) from book_record r join book_account a \
        on a.community_id = r.community_id and a.account_id = r.from_id \
        where r.community_id = $1 and r.at < $2 and r.act <> $3 and r.act <> $4 group by a.kind";
    HELD_ON = "select a.kind, cast(sum(r.amount) as bigint) from book_record r join book_account a \
        on a.community_id = r.community_id and a.account_id = r.from_id \
        where r.community_id = $1 and r.at < $2 and r.act = $3 and not exists (select 1 from book_record c \
        where c.community_id = r.community_id and c.target_id = r.request_id and c.at < $2) group by a.kind";
    SOURCES = "select a.request_id, p.amount from book_record r \
        join book_piece p on p.community_id = r.community_id and p.seq = r.seq \
        join book_record a on a.community_id = p.community_id and a.seq = p.award \
        where r.community_id = $1 and r.request_id = $2 and r.part = 0 and not p.is_given order by p.award";
    RECORDED = "select seq, at, act, code, from_id, to_id, amount, target_id from book_record \
        where community_id = $1 and request_id = $2 and part = 0";
}

const INSERT_RECORDS: &str = "insert into book_record (community_id, seq, at, request_id, part, act, code, from_id, to_id, \
    amount, requested, deadline, expires_at, target_id, from_before, to_before)";
const INSERT_PIECES: &str =
    "insert into book_piece (community_id, seq, is_given, award, expires_at, amount)";
const INSERT_OPEN: &str = "insert into book_open (community_id, account_id, seq, deadline)";
const PUT_BALANCES: &str = "insert into book_balance (community_id, account_id, received, given, incoming, outgoing, last_seq) values $rows \
    on conflict (community_id, account_id) do update set received = excluded.received, given = excluded.given, \
    incoming = excluded.incoming, outgoing = excluded.outgoing, last_seq = excluded.last_seq";
const PUT_LOTS: &str = "insert into book_lot (community_id, account_id, award, expires_at, remaining, reserved) values $rows \
    on conflict (community_id, account_id, award) do update set remaining = excluded.remaining, reserved = excluded.reserved";

/// Lots with the account and the award that each belongs to.
pub(crate) type AccountLots = Vec<(AccountId, u64, Lot)>;

/// Where a community's book ends: the last record's number and time, and the hash over all.
pub(crate) fn head(
    read: &mut dyn Read,
    community: CommunityId,
) -> Result<Option<(u64, i64, [u8; 32])>, db::Error> {
    let row = read.query_one(HEAD, &[community.into()])?;
    row.map(|row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))
        .transpose()
}

/// Where the community's book ended when it was last proved at a start.
pub(crate) fn proved(
    read: &mut dyn Read,
    community: CommunityId,
) -> Result<Option<(u64, i64, [u8; 32])>, db::Error> {
    let row = read.query_one(PROVED, &[community.into()])?;
    row.map(|row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))
        .transpose()
}

/// Every account with what it held then, and its lots.
pub(crate) fn proved_accounts(
    read: &mut dyn Read,
    community: CommunityId,
) -> Result<(Vec<Account>, AccountLots), db::Error> {
    let rows = read.query(PROVED_ACCOUNTS, &[community.into()])?;
    let accounts = rows.iter().map(account).collect::<Result<_, _>>()?;
    let lots = account_lots(&read.query(PROVED_LOTS, &[community.into()])?)?;
    Ok((accounts, lots))
}

/// The records of the reservations that were open then, as rows.
pub(crate) fn open_when_proved(
    read: &mut dyn Read,
    community: CommunityId,
    last: u64,
) -> Result<Vec<Row>, db::Error> {
    read.query(OPEN_WHEN_PROVED, &[community.into(), number(last)])
}

/// Keeps the balances and lots of now as what was proved.
pub(crate) fn keep_proved(
    tx: &mut dyn Tx,
    community: CommunityId,
    (seq, at, chain): (u64, i64, [u8; 32]),
) -> Result<(), db::Error> {
    for statement in [
        FORGET_PROVED_BALANCES,
        FORGET_PROVED_LOTS,
        KEEP_BALANCES,
        KEEP_LOTS,
    ] {
        tx.execute(statement, &[community.into()])?;
    }
    tx.execute(
        PUT_PROVED,
        &[community.into(), number(seq), at.into(), chain.into()],
    )?;
    Ok(())
}

pub(crate) fn put_head(
    tx: &mut dyn Tx,
    community: CommunityId,
    seq: u64,
    at: i64,
    chain: [u8; 32],
) -> Result<(), db::Error> {
    tx.execute(
        PUT_HEAD,
        &[community.into(), number(seq), at.into(), chain.into()],
    )?;
    Ok(())
}

/// These accounts, without lots and reservations; those that don't exist are left out.
pub(crate) fn accounts(
    read: &mut dyn Read,
    community: CommunityId,
    ids: &[AccountId],
) -> Result<Vec<Account>, db::Error> {
    let rows = read.query_many(ACCOUNTS, &asked(community, ids.iter().map(|id| id.0)))?;
    rows.iter().map(account).collect()
}

pub(crate) fn all_accounts(
    read: &mut dyn Read,
    community: CommunityId,
) -> Result<Vec<Account>, db::Error> {
    let rows = read.query(ALL_ACCOUNTS, &[community.into()])?;
    rows.iter().map(account).collect()
}

fn account(row: &Row) -> Result<Account, db::Error> {
    let kind: u32 = row.get(1)?;
    let mut account = Account::new(
        AccountId(id_of(row, 0)?),
        ledger::Kind(u16::try_from(kind).unwrap_or(u16::MAX)),
    );
    let overflow: Option<[u8; 16]> = row.get(2)?;
    account.overflow = overflow.map(|id| AccountId(u128::from_be_bytes(id)));
    account.at_most = row.get(3)?;
    let counters = Counters {
        received: row.get(4)?,
        given: row.get(5)?,
        incoming: row.get(6)?,
        outgoing: row.get(7)?,
    };
    Ok(account.restored(counters, row.get(8)?, []))
}

pub(crate) fn insert_account(
    tx: &mut dyn Tx,
    ctx: &Context,
    account: &Account,
    owner: Uuid,
) -> Result<(), db::Error> {
    tx.execute(
        INSERT_ACCOUNT,
        &[
            ctx.community.into(),
            id_bytes(account.id.0),
            i64::from(account.kind.0).into(),
            owner.into(),
            account.overflow.map_or(Value::Null, |id| id_bytes(id.0)),
            account.at_most.into(),
            ctx.now.into(),
        ],
    )?;
    put_balances(tx, ctx.community, std::iter::once(account))
}

pub(crate) fn put_balances<'a>(
    tx: &mut dyn Tx,
    community: CommunityId,
    accounts: impl Iterator<Item = &'a Account>,
) -> Result<(), db::Error> {
    let rows: Vec<Vec<Value>> = accounts
        .map(|account| {
            let counters = account.counters;
            vec![
                community.into(),
                id_bytes(account.id.0),
                counters.received.into(),
                counters.given.into(),
                counters.incoming.into(),
                counters.outgoing.into(),
                number(account.last),
            ]
        })
        .collect();
    tx.insert_many(PUT_BALANCES, &rows)?;
    Ok(())
}

/// The lots of these accounts that hold something.
pub(crate) fn lots(
    read: &mut dyn Read,
    community: CommunityId,
    accounts: &[AccountId],
) -> Result<AccountLots, db::Error> {
    let asked = asked(community, accounts.iter().map(|id| id.0));
    account_lots(&read.query_many(LOTS, &asked)?)
}

pub(crate) fn all_lots(
    read: &mut dyn Read,
    community: CommunityId,
) -> Result<AccountLots, db::Error> {
    account_lots(&read.query(ALL_LOTS, &[community.into()])?)
}

fn account_lots(rows: &[Row]) -> Result<AccountLots, db::Error> {
    rows.iter()
        .map(|row| Ok((AccountId(id_of(row, 0)?), row.get(1)?, lot(row, 2)?)))
        .collect()
}

fn lot(row: &Row, from: usize) -> Result<Lot, db::Error> {
    Ok(Lot {
        expires_at: row.get(from)?,
        remaining: row.get(from + 1)?,
        reserved: row.get(from + 2)?,
    })
}

pub(crate) fn put_lots(
    tx: &mut dyn Tx,
    community: CommunityId,
    lots: impl Iterator<Item = (AccountId, u64, Lot)>,
) -> Result<(), db::Error> {
    let rows: Vec<Vec<Value>> = lots
        .map(|(account, award, lot)| {
            vec![
                community.into(),
                id_bytes(account.0),
                number(award),
                lot.expires_at.into(),
                lot.remaining.into(),
                lot.reserved.into(),
            ]
        })
        .collect();
    tx.insert_many(PUT_LOTS, &rows)?;
    Ok(())
}

/// The records of open reservations of accounts, as rows.
pub(crate) fn open_records(
    read: &mut dyn Read,
    community: CommunityId,
    accounts: &[AccountId],
) -> Result<Vec<Row>, db::Error> {
    read.query_many(
        OPEN_RECORDS,
        &asked(community, accounts.iter().map(|id| id.0)),
    )
}

pub(crate) fn all_open(read: &mut dyn Read, community: CommunityId) -> Result<Vec<u64>, db::Error> {
    let rows = read.query(ALL_OPEN, &[community.into()])?;
    rows.iter().map(|row| row.get(0)).collect()
}

/// Accounts with reservations past their deadline.
pub(crate) fn overdue(
    read: &mut dyn Read,
    community: CommunityId,
    now: Timestamp,
    limit: u32,
) -> Result<Vec<AccountId>, db::Error> {
    let rows = read.query(OVERDUE, &[community.into(), now.into(), limit.into()])?;
    rows.iter()
        .map(|row| Ok(AccountId(id_of(row, 0)?)))
        .collect()
}

pub(crate) fn insert_open<'a>(
    tx: &mut dyn Tx,
    community: CommunityId,
    reservations: impl Iterator<Item = &'a Record>,
) -> Result<(), db::Error> {
    let rows: Vec<Vec<Value>> = reservations
        .flat_map(|record| [record.from, record.to].map(|account| (account, record)))
        .map(|(account, record)| {
            vec![
                community.into(),
                id_bytes(account.0),
                number(record.seq),
                record.deadline.into(),
            ]
        })
        .collect();
    tx.insert_many(INSERT_OPEN, &rows)?;
    Ok(())
}

pub(crate) fn delete_open(
    tx: &mut dyn Tx,
    community: CommunityId,
    reservation: &Record,
) -> Result<(), db::Error> {
    tx.execute(
        DELETE_OPEN,
        &[
            community.into(),
            id_bytes(reservation.from.0),
            id_bytes(reservation.to.0),
            number(reservation.seq),
        ],
    )?;
    Ok(())
}

/// The records of these requests, as rows; behind each the act that closed or reversed it, if one did.
pub(crate) fn records_of_requests(
    read: &mut dyn Read,
    community: CommunityId,
    ids: &[TransferId],
) -> Result<Vec<Row>, db::Error> {
    read.query_many(
        RECORDS_OF_REQUESTS,
        &asked(community, ids.iter().map(|id| id.0)),
    )
}

pub(crate) fn records_from(
    read: &mut dyn Read,
    community: CommunityId,
    after: u64,
    limit: u32,
) -> Result<Vec<Row>, db::Error> {
    read.query(
        RECORDS_FROM,
        &[community.into(), number(after), limit.into()],
    )
}

/// The pieces of these records, in the records' order.
pub(crate) fn pieces_of(
    read: &mut dyn Read,
    community: CommunityId,
    records: &[u64],
) -> Result<Vec<Row>, db::Error> {
    let asked: Vec<Vec<Value>> = records
        .iter()
        .map(|seq| vec![community.into(), number(*seq)])
        .collect();
    read.query_many(PIECES_OF, &asked)
}

pub(crate) fn pieces_from(
    read: &mut dyn Read,
    community: CommunityId,
    after: u64,
    to: u64,
) -> Result<Vec<Row>, db::Error> {
    read.query(PIECES_FROM, &[community.into(), number(after), number(to)])
}

pub(crate) fn insert_records<'a>(
    tx: &mut dyn Tx,
    community: CommunityId,
    new: impl Iterator<Item = &'a Record> + Clone,
) -> Result<(), db::Error> {
    let rows: Vec<Vec<Value>> = new
        .clone()
        .map(|record| records::row(community, record))
        .collect();
    tx.insert_many(INSERT_RECORDS, &rows)?;
    let pieces: Vec<Vec<Value>> = new
        .flat_map(|record| records::piece_rows(community, record))
        .collect();
    tx.insert_many(INSERT_PIECES, &pieces)?;
    Ok(())
}

/// The records of an account, newest first, from this one on.
pub(crate) fn movements(
    read: &mut dyn Read,
    community: CommunityId,
    account: AccountId,
    from: u64,
    limit: u32,
) -> Result<Vec<Row>, db::Error> {
    read.query(
        MOVEMENTS,
        &[
            community.into(),
            id_bytes(account.0),
            number(from),
            limit.into(),
        ],
    )
}

pub(crate) fn lot_lines(
    read: &mut dyn Read,
    community: CommunityId,
    account: AccountId,
) -> Result<Vec<Row>, db::Error> {
    read.query(LOT_LINES, &[community.into(), id_bytes(account.0)])
}

pub(crate) fn due(
    read: &mut dyn Read,
    community: CommunityId,
    at: Timestamp,
    limit: u32,
) -> Result<Vec<Row>, db::Error> {
    read.query(DUE, &[community.into(), at.into(), limit.into()])
}

/// When the community's first record was made.
pub(crate) fn first_at(
    read: &mut dyn Read,
    community: CommunityId,
) -> Result<Option<Timestamp>, db::Error> {
    let row = read.query_one(FIRST_AT, &[community.into()])?;
    row.map(|row| row.get(0)).transpose()
}

/// The sums of what was recorded before a time, by code and act.
pub(crate) fn moved_before(
    read: &mut dyn Read,
    community: CommunityId,
    until: Timestamp,
) -> Result<Vec<Row>, db::Error> {
    read.query(MOVED_BEFORE, &[community.into(), until.into()])
}

pub(crate) fn trial(read: &mut dyn Read, community: CommunityId) -> Result<Vec<Row>, db::Error> {
    read.query(TRIAL, &[community.into()])
}

/// How many accounts of each kind were open before a time.
pub(crate) fn opened_on(
    read: &mut dyn Read,
    community: CommunityId,
    until: Timestamp,
) -> Result<Vec<Row>, db::Error> {
    read.query(OPENED_ON, &[community.into(), until.into()])
}

/// By kind what accounts had received, given and held before a time.
pub(crate) fn trial_on(
    read: &mut dyn Read,
    community: CommunityId,
    until: Timestamp,
) -> Result<[Vec<Row>; 3], db::Error> {
    let (reserve, void) = (
        records::act_number(ledger::Act::Reserve),
        records::act_number(ledger::Act::Void),
    );
    let moved: [Value; 4] = [community.into(), until.into(), reserve.into(), void.into()];
    let received = read.query(RECEIVED_ON, &moved)?;
    let given = read.query(GIVEN_ON, &moved)?;
    let held = [community.into(), until.into(), reserve.into()];
    Ok([received, given, read.query(HELD_ON, &held)?])
}

/// The awards that a request's own record took from, by the requests that made them.
pub(crate) fn sources(
    read: &mut dyn Read,
    community: CommunityId,
    request: u128,
) -> Result<Vec<Row>, db::Error> {
    read.query(SOURCES, &[community.into(), id_bytes(request)])
}

/// A request's own record.
pub(crate) fn recorded(
    read: &mut dyn Read,
    community: CommunityId,
    request: u128,
) -> Result<Option<Row>, db::Error> {
    read.query_one(RECORDED, &[community.into(), id_bytes(request)])
}

/// The community with each id.
fn asked(community: CommunityId, ids: impl Iterator<Item = u128>) -> Vec<Vec<Value>> {
    ids.map(|id| vec![community.into(), id_bytes(id)]).collect()
}
