//! The book's SQL.

use db::{Read, Row, Tx, Value};
use kernel::{CommunityId, Context, Timestamp, Uuid};
use ledger::{Account, AccountId, Counters, Lot, Record, TransferId};

use crate::records::{self, id_bytes, id_of, number};

/// How many ids one statement asks for.
pub(crate) const AT_ONCE: usize = 16;

db::statements! {
    HEAD = "select last_seq, at, chain from book_head where community_id = $1";
    PUT_HEAD = "insert into book_head (community_id, last_seq, at, chain) values ($1, $2, $3, $4) \
        on conflict (community_id) do update set last_seq = excluded.last_seq, at = excluded.at, chain = excluded.chain";
    ACCOUNTS = "select a.account_id, a.kind, a.overflow_id, a.at_most, \
        b.received, b.given, b.incoming, b.outgoing, b.last_seq \
        from book_account a join book_balance b on b.community_id = a.community_id and b.account_id = a.account_id \
        where a.community_id = $1 and a.account_id in \
        ($2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)";
    ALL_ACCOUNTS = "select a.account_id, a.kind, a.overflow_id, a.at_most, \
        b.received, b.given, b.incoming, b.outgoing, b.last_seq \
        from book_account a join book_balance b on b.community_id = a.community_id and b.account_id = a.account_id \
        where a.community_id = $1";
    INSERT_ACCOUNT = "insert into book_account (community_id, account_id, kind, owner_id, overflow_id, at_most, opened_at) \
        values ($1, $2, $3, $4, $5, $6, $7)";
    LOTS = "select award, expires_at, remaining, reserved from book_lot \
        where community_id = $1 and account_id = $2 and remaining > 0";
    ALL_LOTS = "select account_id, award, expires_at, remaining, reserved from book_lot \
        where community_id = $1 and remaining > 0";
    OPEN_RECORDS = "select r.seq, r.at, r.request_id, r.part, r.act, r.code, r.from_id, r.to_id, r.amount, r.requested, \
        r.deadline, r.expires_at, r.target_id, r.from_before, r.to_before \
        from book_open o join book_record r on r.community_id = o.community_id and r.seq = o.seq \
        where o.community_id = $1 and o.account_id = $2 order by r.seq";
    ALL_OPEN = "select distinct seq from book_open where community_id = $1 order by seq";
    OVERDUE = "select distinct account_id from book_open where community_id = $1 and deadline <= $2 order by account_id limit $3";
    INSERT_OPEN = "insert into book_open (community_id, account_id, seq, deadline) values ($1, $2, $3, $4)";
    DELETE_OPEN = "delete from book_open where community_id = $1 and account_id in ($2, $3) and seq = $4";
    RECORDS_OF_REQUESTS = "select seq, at, request_id, part, act, code, from_id, to_id, amount, requested, deadline, \
        expires_at, target_id, from_before, to_before from book_record \
        where community_id = $1 and request_id in \
        ($2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17) order by seq";
    RECORDS_FROM = "select seq, at, request_id, part, act, code, from_id, to_id, amount, requested, deadline, \
        expires_at, target_id, from_before, to_before from book_record \
        where community_id = $1 and seq > $2 order by seq limit $3";
    PIECES_OF = "select seq, is_given, award, expires_at, amount from book_piece \
        where community_id = $1 and seq = $2 order by is_given, award";
    PIECES_FROM = "select seq, is_given, award, expires_at, amount from book_piece \
        where community_id = $1 and seq > $2 and seq <= $3 order by seq, is_given, award";
    CLOSED_BY = "select act from book_record where community_id = $1 and target_id = $2";
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
    DUE = "select l.account_id, a.owner_id, l.award, l.expires_at, l.remaining - l.reserved \
        from book_lot l join book_account a on a.community_id = l.community_id and a.account_id = l.account_id \
        where l.community_id = $1 and l.expires_at <= $2 and l.remaining > l.reserved \
        order by l.expires_at, l.account_id, l.award limit $3";
    TRIAL = "select a.kind, count(*), cast(sum(b.received) as bigint), cast(sum(b.given) as bigint), \
        cast(sum(b.incoming) as bigint), cast(sum(b.outgoing) as bigint) \
        from book_account a join book_balance b on b.community_id = a.community_id and b.account_id = a.account_id \
        where a.community_id = $1 group by a.kind order by a.kind";
}

const INSERT_RECORDS: &str = "insert into book_record (community_id, seq, at, request_id, part, act, code, from_id, to_id, \
    amount, requested, deadline, expires_at, target_id, from_before, to_before)";
const INSERT_PIECES: &str =
    "insert into book_piece (community_id, seq, is_given, award, expires_at, amount)";
const PUT_BALANCES: &str = "insert into book_balance (community_id, account_id, received, given, incoming, outgoing, last_seq) values $rows \
    on conflict (community_id, account_id) do update set received = excluded.received, given = excluded.given, \
    incoming = excluded.incoming, outgoing = excluded.outgoing, last_seq = excluded.last_seq";
const PUT_LOTS: &str = "insert into book_lot (community_id, account_id, award, expires_at, remaining, reserved) values $rows \
    on conflict (community_id, account_id, award) do update set remaining = excluded.remaining, reserved = excluded.reserved";

/// Where a community's book ends: the last record's number and time, and the hash over all.
pub(crate) fn head(
    read: &mut dyn Read,
    community: CommunityId,
) -> Result<Option<(u64, i64, [u8; 32])>, db::Error> {
    let row = read.query_one(HEAD, &[community.into()])?;
    row.map(|row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))
        .transpose()
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
    let mut found = Vec::with_capacity(ids.len());
    for some in ids.chunks(AT_ONCE) {
        let parameters = padded(community, some.iter().map(|id| id.0));
        let rows = read.query(ACCOUNTS, &parameters)?;
        for row in &rows {
            found.push(account(row)?);
        }
    }
    Ok(found)
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

pub(crate) fn lots(
    read: &mut dyn Read,
    community: CommunityId,
    account: AccountId,
) -> Result<Vec<(u64, Lot)>, db::Error> {
    let rows = read.query(LOTS, &[community.into(), id_bytes(account.0)])?;
    rows.iter()
        .map(|row| Ok((row.get(0)?, lot(row, 1)?)))
        .collect()
}

pub(crate) fn all_lots(
    read: &mut dyn Read,
    community: CommunityId,
) -> Result<Vec<(AccountId, u64, Lot)>, db::Error> {
    let rows = read.query(ALL_LOTS, &[community.into()])?;
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

/// The records of open reservations of an account, as rows.
pub(crate) fn open_records(
    read: &mut dyn Read,
    community: CommunityId,
    account: AccountId,
) -> Result<Vec<Row>, db::Error> {
    read.query(OPEN_RECORDS, &[community.into(), id_bytes(account.0)])
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

pub(crate) fn insert_open(
    tx: &mut dyn Tx,
    community: CommunityId,
    record: &Record,
) -> Result<(), db::Error> {
    for account in [record.from, record.to] {
        tx.execute(
            INSERT_OPEN,
            &[
                community.into(),
                id_bytes(account.0),
                number(record.seq),
                record.deadline.into(),
            ],
        )?;
    }
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

/// The records of these requests, as rows.
pub(crate) fn records_of_requests(
    read: &mut dyn Read,
    community: CommunityId,
    ids: &[TransferId],
) -> Result<Vec<Row>, db::Error> {
    let mut found = Vec::new();
    for some in ids.chunks(AT_ONCE) {
        let parameters = padded(community, some.iter().map(|id| id.0));
        found.extend(read.query(RECORDS_OF_REQUESTS, &parameters)?);
    }
    Ok(found)
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

pub(crate) fn pieces_of(
    read: &mut dyn Read,
    community: CommunityId,
    seq: u64,
) -> Result<Vec<Row>, db::Error> {
    read.query(PIECES_OF, &[community.into(), number(seq)])
}

pub(crate) fn pieces_from(
    read: &mut dyn Read,
    community: CommunityId,
    after: u64,
    to: u64,
) -> Result<Vec<Row>, db::Error> {
    read.query(PIECES_FROM, &[community.into(), number(after), number(to)])
}

/// Whether a record closes or reverses this request's.
pub(crate) fn has_successor(
    read: &mut dyn Read,
    community: CommunityId,
    request: TransferId,
) -> Result<bool, db::Error> {
    let row = read.query_one(CLOSED_BY, &[community.into(), id_bytes(request.0)])?;
    Ok(row.is_some())
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

pub(crate) fn trial(read: &mut dyn Read, community: CommunityId) -> Result<Vec<Row>, db::Error> {
    read.query(TRIAL, &[community.into()])
}

/// The community and as many ids as a statement asks for, the last one repeated.
fn padded(community: CommunityId, ids: impl Iterator<Item = u128>) -> Vec<Value> {
    let mut parameters: Vec<Value> = vec![community.into()];
    parameters.extend(ids.map(id_bytes));
    let last = parameters.last().cloned().unwrap_or(Value::Null);
    parameters.resize(AT_ONCE + 1, last);
    parameters
}
