//! SQL of sessions and of who earned at them.

use db::{Read, Row, Tx, Value};
use kernel::{AccountId, CommunityId, Context, Timestamp};

use super::LIST_MAX;
use crate::Error;
use crate::model::{Attendance, ClaimId, Rule, Session, SessionId, SessionTerms};

db::statements! {
    INSERT_SESSION = "insert into points_session (community_id, session_id, rule_id, title, code, begins, ends, seats, \
        made_at, made_by) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";
    SESSIONS = "select s.session_id, s.rule_id, s.title, s.code, s.begins, s.ends, s.seats, s.made_by, \
        (select count(*) from points_claim c where c.community_id = s.community_id and c.session_id = s.session_id) \
        from points_session s where s.community_id = $1 order by s.begins desc, s.session_id limit $2";
    SESSION_BY_CODE = "select s.session_id, s.rule_id, s.title, s.code, s.begins, s.ends, s.seats, s.made_by, \
        (select count(*) from points_claim c where c.community_id = s.community_id and c.session_id = s.session_id) \
        from points_session s where s.community_id = $1 and s.code = $2";
    HAS_ATTENDED = "select 1 from points_claim where community_id = $1 and session_id = $2 and account_id = $3";
    ATTENDANCES = "select c.account_id, s.session_id, s.title, s.begins, s.ends from points_claim c \
        join points_session s on s.community_id = c.community_id and s.session_id = c.session_id \
        where c.community_id = $1 and c.claimed_at >= $2 order by c.claim_id";
}

const INSERT_ATTENDED: &str = "insert into points_claim (community_id, claim_id, rule_id, account_id, evidence, claimed_at, \
    decided_at, decided_by, is_confirmed, session_id)";

pub(crate) fn insert_session(
    tx: &mut dyn Tx,
    ctx: &Context,
    id: SessionId,
    terms: &SessionTerms,
    code: &str,
) -> Result<(), db::Error> {
    tx.execute(
        INSERT_SESSION,
        &[
            ctx.community.into(),
            id.into(),
            terms.rule.into(),
            terms.title.as_str().into(),
            code.into(),
            terms.begins.into(),
            terms.ends.into(),
            terms.seats.into(),
            ctx.now.into(),
            ctx.actor.uuid().into(),
        ],
    )?;
    Ok(())
}

pub(crate) fn sessions(
    read: &mut dyn Read,
    community: CommunityId,
) -> Result<Vec<Session>, db::Error> {
    let rows = read.query(SESSIONS, &[community.into(), LIST_MAX.into()])?;
    rows.iter().map(session_of).collect()
}

pub(crate) fn session_by_code(
    read: &mut dyn Read,
    community: CommunityId,
    code: &str,
) -> Result<Session, Error> {
    let row = read.query_one(SESSION_BY_CODE, &[community.into(), code.into()])?;
    let row = row.ok_or(Error::NotFound { what: "code" })?;
    Ok(session_of(&row)?)
}

fn session_of(row: &Row) -> Result<Session, db::Error> {
    Ok(Session {
        id: row.get(0)?,
        terms: SessionTerms {
            rule: row.get(1)?,
            title: row.get(2)?,
            begins: row.get(4)?,
            ends: row.get(5)?,
            seats: row.get(6)?,
        },
        code: row.get(3)?,
        made_by: row.get(7)?,
        attended: row.get(8)?,
    })
}

pub(crate) fn has_attended(
    read: &mut dyn Read,
    community: CommunityId,
    session: SessionId,
    account: AccountId,
) -> Result<bool, db::Error> {
    let parameters = [community.into(), session.into(), account.into()];
    Ok(read.query_one(HAS_ATTENDED, &parameters)?.is_some())
}

/// Claims that nobody had to confirm: earned at a session, or by what the record tells.
pub(crate) fn insert_attended(
    tx: &mut dyn Tx,
    ctx: &Context,
    rule: &Rule,
    session: Option<&Session>,
    claims: &[(ClaimId, AccountId, Vec<u8>)],
) -> Result<(), db::Error> {
    let decided_by = session.map_or(ctx.actor.uuid(), |session| session.made_by.uuid());
    let rows: Vec<Vec<Value>> = claims
        .iter()
        .map(|(id, account, evidence)| {
            vec![
                ctx.community.into(),
                (*id).into(),
                rule.id.into(),
                (*account).into(),
                evidence.clone().into(),
                ctx.now.into(),
                ctx.now.into(),
                decided_by.into(),
                true.into(),
                session.map(|session| session.id).into(),
            ]
        })
        .collect();
    tx.insert_many(INSERT_ATTENDED, &rows)?;
    Ok(())
}

/// Who earned at which session since a time.
pub(crate) fn attendances(
    read: &mut dyn Read,
    community: CommunityId,
    since: Timestamp,
) -> Result<Vec<Attendance>, db::Error> {
    let rows = read.query(ATTENDANCES, &[community.into(), since.into()])?;
    rows.iter()
        .map(|row| {
            Ok(Attendance {
                account: row.get(0)?,
                session: row.get(1)?,
                title: row.get(2)?,
                begins: row.get(3)?,
                ends: row.get(4)?,
            })
        })
        .collect()
}
