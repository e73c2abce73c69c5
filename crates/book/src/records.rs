//! Records as rows, and as the bytes that a stamp hashes.

use db::{Row, Value};
use kernel::CommunityId;
use ledger::{AccountId, Act, Asset, Code, Part, Piece, Record, RecordId, TransferId};
use sha2::{Digest, Sha256};

pub(crate) fn id_bytes(id: u128) -> Value {
    Value::Bytes(id.to_be_bytes().to_vec())
}

pub(crate) fn id_of(row: &Row, column: usize) -> Result<u128, db::Error> {
    let bytes: [u8; 16] = row.get(column)?;
    Ok(u128::from_be_bytes(bytes))
}

pub(crate) fn number(seq: u64) -> Value {
    // Records are counted in 63 bits: at a million a second that lasts three hundred thousand years.
    Value::Integer(i64::try_from(seq).unwrap_or(i64::MAX))
}

pub(crate) fn row(community: CommunityId, record: &Record) -> Vec<Value> {
    vec![
        community.into(),
        number(record.seq),
        record.at.into(),
        id_bytes(record.id.request.0),
        part_number(record.id.part).into(),
        act_number(record.act).into(),
        i64::from(record.code.0).into(),
        id_bytes(record.from.0),
        id_bytes(record.to.0),
        record.amount.get().into(),
        record.requested.into(),
        record.deadline.into(),
        record.expires_at.into(),
        record
            .target
            .map_or(Value::Null, |target| id_bytes(target.0)),
        number(record.from_before),
        number(record.to_before),
    ]
}

pub(crate) fn piece_rows(community: CommunityId, record: &Record) -> Vec<Vec<Value>> {
    let taken = record.taken.iter().map(|piece| (false, piece));
    let given = record.given.iter().map(|piece| (true, piece));
    taken
        .chain(given)
        .map(|(is_given, piece)| {
            vec![
                community.into(),
                number(record.seq),
                is_given.into(),
                number(piece.award),
                piece.expires_at.into(),
                piece.amount.into(),
            ]
        })
        .collect()
}

/// A record without its pieces, from a row of `seq, at, request_id, part, act, code, from_id, to_id, amount,
/// requested, deadline, expires_at, target_id, from_before, to_before`; its asset is that of its accounts.
pub(crate) fn read(row: &Row, asset: impl FnOnce(AccountId) -> Asset) -> Result<Record, db::Error> {
    let from = AccountId(id_of(row, 6)?);
    let target: Option<[u8; 16]> = row.get(12)?;
    let code: u32 = row.get(5)?;
    Ok(Record {
        seq: row.get(0)?,
        at: row.get(1)?,
        id: RecordId {
            request: TransferId(id_of(row, 2)?),
            part: part(row.get(3)?, 3)?,
        },
        act: act(row.get(4)?, 4)?,
        code: Code(u16::try_from(code).unwrap_or(u16::MAX)),
        from,
        to: AccountId(id_of(row, 7)?),
        amount: asset(from).amount(row.get(8)?),
        requested: row.get(9)?,
        deadline: row.get(10)?,
        expires_at: row.get(11)?,
        target: target.map(|target| TransferId(u128::from_be_bytes(target))),
        taken: Vec::new(),
        given: Vec::new(),
        from_before: row.get(13)?,
        to_before: row.get(14)?,
    })
}

/// Adds a piece from a row of `seq, is_given, award, expires_at, amount` to its record.
pub(crate) fn add_piece(record: &mut Record, row: &Row) -> Result<(), db::Error> {
    let piece = Piece {
        award: row.get(2)?,
        expires_at: row.get(3)?,
        amount: row.get(4)?,
    };
    if row.get(1)? {
        record.given.push(piece);
    } else {
        record.taken.push(piece);
    }
    Ok(())
}

/// The hash over everything before and these records.
pub(crate) fn chain<'a>(before: [u8; 32], records: impl Iterator<Item = &'a Record>) -> [u8; 32] {
    let mut hash = Sha256::new_with_prefix(before);
    for record in records {
        hash_record(&mut hash, record);
    }
    hash.finalize().into()
}

fn hash_record(hash: &mut Sha256, record: &Record) {
    let mut bytes = Vec::with_capacity(192);
    let mut number = |value: i64| bytes.extend_from_slice(&value.to_be_bytes());
    number(i64::try_from(record.seq).unwrap_or(i64::MAX));
    number(record.at);
    number(part_number(record.id.part));
    number(act_number(record.act));
    number(i64::from(record.code.0));
    number(record.amount.get());
    for optional in [record.requested, record.deadline, record.expires_at] {
        number(i64::from(optional.is_some()));
        number(optional.unwrap_or_default());
    }
    for pieces in [&record.taken, &record.given] {
        number(i64::try_from(pieces.len()).unwrap_or(i64::MAX));
        for piece in pieces {
            number(i64::try_from(piece.award).unwrap_or(i64::MAX));
            number(piece.expires_at.unwrap_or(i64::MAX));
            number(piece.amount);
        }
    }
    let target = record.target.map_or(0, |target| target.0);
    for id in [
        record.id.request.0,
        record.from.0,
        record.to.0,
        u128::from(record.target.is_some()),
        target,
    ] {
        bytes.extend_from_slice(&id.to_be_bytes());
    }
    hash.update(&bytes);
}

fn part_number(part: Part) -> i64 {
    match part {
        Part::Main => 0,
        Part::Overflow => 1,
        Part::Timeout => 2,
    }
}

fn part(number: i64, column: usize) -> Result<Part, db::Error> {
    [Part::Main, Part::Overflow, Part::Timeout]
        .into_iter()
        .find(|part| part_number(*part) == number)
        .ok_or(db::Error::Column {
            column,
            expected: "a record's part",
        })
}

pub(crate) fn act_number(act: Act) -> i64 {
    let place = Act::ALL.iter().position(|one| *one == act);
    place
        .and_then(|place| i64::try_from(place).ok())
        .unwrap_or(-1)
}

pub(crate) fn act(number: i64, column: usize) -> Result<Act, db::Error> {
    let act = usize::try_from(number)
        .ok()
        .and_then(|place| Act::ALL.get(place));
    act.copied().ok_or(db::Error::Column {
        column,
        expected: "a record's act",
    })
}
