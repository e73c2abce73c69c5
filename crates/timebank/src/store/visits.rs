//! SQL of visits.

use db::{Read, Row, Tx, Value};
use kernel::{AccountId, CommunityId, Context, Timestamp, Uuid};

use super::audit::{self, vouch};
use super::people::seal;
use super::{LIST_MAX, named};
use crate::Error;
use crate::model::{ConfirmedAs, ElderId, RequestId, VisitId};

db::statements! {
    VISIT_OF_REQUEST = "select visit_id, request_id, volunteer_id, code, for_team, is_reserved, accepted_at, came_at, left_at, \
        entered_by, place, confirmed_at, confirmed_by, confirmed_as, credited, overflow, posting, \
        overflow_posting, cancelled_at, cancelled_by, reason from timebank_visit where community_id = $1 and \
        request_id = $2 and cancelled_at is null";
    VISIT_BY_CODE = "select visit_id, request_id, volunteer_id, code, for_team, is_reserved, accepted_at, came_at, left_at, \
        entered_by, place, confirmed_at, confirmed_by, confirmed_as, credited, overflow, posting, \
        overflow_posting, cancelled_at, cancelled_by, reason from timebank_visit where community_id = $1 and code \
        = $2";
    VISITS_OF_VOLUNTEER = "select visit_id, request_id, volunteer_id, code, for_team, is_reserved, accepted_at, came_at, left_at, \
        entered_by, place, confirmed_at, confirmed_by, confirmed_as, credited, overflow, posting, \
        overflow_posting, cancelled_at, cancelled_by, reason from timebank_visit where community_id = $1 and \
        volunteer_id = $2 order by visit_id desc limit $3";
    VISITS = "select visit_id, request_id, volunteer_id, code, for_team, is_reserved, accepted_at, came_at, left_at, \
        entered_by, place, confirmed_at, confirmed_by, confirmed_as, credited, overflow, posting, \
        overflow_posting, cancelled_at, cancelled_by, reason from timebank_visit where community_id = $1 order by \
        visit_id desc limit $2";
    VISITS_OPEN = "select visit_id, request_id, volunteer_id, code, for_team, is_reserved, accepted_at, came_at, left_at, \
        entered_by, place, confirmed_at, confirmed_by, confirmed_as, credited, overflow, posting, \
        overflow_posting, cancelled_at, cancelled_by, reason from timebank_visit where community_id = $1 and \
        confirmed_at is null and cancelled_at is null and visit_id > $2 order by visit_id limit $3";
    ENDED_OF_ELDER = "select count(*) from timebank_visit v join timebank_request r \
        on r.community_id = v.community_id and r.request_id = v.request_id \
        where v.community_id = $1 and r.elder_id = $2 and v.left_at is not null and v.confirmed_at is null \
        and v.cancelled_at is null";
    OVERLAPS = "select count(*) from timebank_visit v join timebank_request r \
        on r.community_id = v.community_id and r.request_id = v.request_id \
        where v.community_id = $1 and v.volunteer_id = $2 and v.cancelled_at is null and v.confirmed_at is null \
        and r.begins < $4 and r.begins + r.minutes * 60000000 > $3";
    KNOWN_BY = "select v.volunteer_id, count(*) from timebank_visit v join timebank_request r \
        on r.community_id = v.community_id and r.request_id = v.request_id \
        where v.community_id = $1 and r.elder_id = $2 and v.confirmed_at is not null group by v.volunteer_id";
    INSERT_VISIT = "insert into timebank_visit (community_id, visit_id, request_id, volunteer_id, code, for_team, \
        is_reserved, accepted_at, came_at, left_at, entered_by, place, confirmed_at, confirmed_by, confirmed_as, \
        credited, overflow, posting, overflow_posting, cancelled_at, cancelled_by, reason) values ($1, $2, $3, \
        $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22)";
    COME = "update timebank_visit set came_at = $3, place = $4, entered_by = $5 \
        where community_id = $1 and visit_id = $2 and came_at is null";
    LEAVE = "update timebank_visit set left_at = $3 where community_id = $1 and visit_id = $2 and left_at is null";
    CONFIRM = "update timebank_visit set confirmed_at = $3, confirmed_by = $4, confirmed_as = $5, credited = $6, \
        overflow = $7, posting = $8, overflow_posting = $9 where community_id = $1 and visit_id = $2 and confirmed_at is null";
    RECREDIT = "update timebank_visit set credited = $3, overflow = $4, posting = $5, overflow_posting = $6 \
        where community_id = $1 and visit_id = $2";
    CANCEL_VISIT = "update timebank_visit set cancelled_at = $3, cancelled_by = $4, reason = $5 \
        where community_id = $1 and visit_id = $2 and cancelled_at is null";
}

/// A volunteer's visit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Visit {
    /// Its id, which is also that of the reservation in the book.
    pub id: VisitId,
    /// For which request.
    pub request: RequestId,
    /// Who goes.
    pub volunteer: AccountId,
    /// What the elder says at the door.
    pub code: String,
    /// Whether the minutes are a team's, which go to the pool.
    pub for_team: bool,
    /// Whether minutes are held for it.
    pub is_reserved: bool,
    /// When it began.
    pub came_at: Option<Timestamp>,
    /// When it ended.
    pub left_at: Option<Timestamp>,
    /// When it was confirmed.
    pub confirmed_at: Option<Timestamp>,
    /// As whom.
    pub confirmed_as: Option<ConfirmedAs>,
    /// What was credited.
    pub credited: Option<i64>,
    /// What of it exceeded the cap and went to the pool.
    pub overflow: Option<i64>,
    /// The posting in the book.
    pub posting: Option<Uuid>,
    /// The posting of what exceeded the cap.
    pub overflow_posting: Option<Uuid>,
    /// When it was cancelled.
    pub cancelled_at: Option<Timestamp>,
}

impl Visit {
    /// Whether it is to come or to be confirmed.
    pub const fn is_open(&self) -> bool {
        self.confirmed_at.is_none() && self.cancelled_at.is_none()
    }
}

pub(crate) fn visit_of_request(
    read: &mut dyn Read,
    community: CommunityId,
    request: RequestId,
) -> Result<Option<Visit>, db::Error> {
    let row = read.query_one(VISIT_OF_REQUEST, &[community.into(), request.into()])?;
    row.map(|row| visit_of(&row)).transpose()
}

pub(crate) fn visit(
    read: &mut dyn Read,
    community: CommunityId,
    id: VisitId,
) -> Result<Visit, Error> {
    let row = read.query_one(audit::VISIT.one, &[community.into(), id.into()])?;
    let row = row.ok_or(Error::NotFound { what: "visit" })?;
    Ok(visit_of(&row)?)
}

pub(crate) fn visit_by_code(
    read: &mut dyn Read,
    community: CommunityId,
    code: &str,
) -> Result<Visit, Error> {
    let row = read.query_one(VISIT_BY_CODE, &[community.into(), code.into()])?;
    let row = row.ok_or(Error::NotFound { what: "visit" })?;
    Ok(visit_of(&row)?)
}

pub(crate) fn visits_of(
    read: &mut dyn Read,
    community: CommunityId,
    volunteer: AccountId,
) -> Result<Vec<Visit>, db::Error> {
    let parameters = [community.into(), volunteer.into(), LIST_MAX.into()];
    let rows = read.query(VISITS_OF_VOLUNTEER, &parameters)?;
    rows.iter().map(visit_of).collect()
}

pub(crate) fn visits(read: &mut dyn Read, community: CommunityId) -> Result<Vec<Visit>, db::Error> {
    let rows = read.query(VISITS, &[community.into(), LIST_MAX.into()])?;
    rows.iter().map(visit_of).collect()
}

/// Every visit that is to come or to be confirmed.
pub(crate) fn open_visits(
    read: &mut dyn Read,
    community: CommunityId,
) -> Result<Vec<Visit>, db::Error> {
    let (mut open, mut after) = (Vec::new(), Uuid::nil());
    loop {
        let rows = read.query(
            VISITS_OPEN,
            &[community.into(), after.into(), LIST_MAX.into()],
        )?;
        let Some(last) = rows.last() else {
            return Ok(open);
        };
        after = last.get(0)?;
        for row in &rows {
            open.push(visit_of(row)?);
        }
    }
}

fn visit_of(row: &Row) -> Result<Visit, db::Error> {
    let confirmed_as = row.get::<Option<String>>(13)?;
    Ok(Visit {
        id: row.get(0)?,
        request: row.get(1)?,
        volunteer: row.get(2)?,
        code: row.get(3)?,
        for_team: row.get(4)?,
        is_reserved: row.get(5)?,
        came_at: row.get(7)?,
        left_at: row.get(8)?,
        confirmed_at: row.get(11)?,
        confirmed_as: confirmed_as
            .map(|_| named(row, 13, ConfirmedAs::from_name))
            .transpose()?,
        credited: row.get(14)?,
        overflow: row.get(15)?,
        posting: row.get(16)?,
        overflow_posting: row.get(17)?,
        cancelled_at: row.get(18)?,
    })
}

/// How many visits to an elder are over and wait to be confirmed.
pub(crate) fn ended_of_elder(
    read: &mut dyn Read,
    community: CommunityId,
    elder: ElderId,
) -> Result<u64, db::Error> {
    let row = read.query_one(ENDED_OF_ELDER, &[community.into(), elder.into()])?;
    row.map_or(Ok(0), |row| row.get(0))
}

/// How many open visits of a volunteer lie between two times.
pub(crate) fn overlaps(
    read: &mut dyn Read,
    community: CommunityId,
    volunteer: AccountId,
    begins: Timestamp,
    ends: Timestamp,
) -> Result<u64, db::Error> {
    let parameters = [
        community.into(),
        volunteer.into(),
        begins.into(),
        ends.into(),
    ];
    let row = read.query_one(OVERLAPS, &parameters)?;
    row.map_or(Ok(0), |row| row.get(0))
}

/// Who has visited an elder, and how often.
pub(crate) fn known_by(
    read: &mut dyn Read,
    community: CommunityId,
    elder: ElderId,
) -> Result<Vec<(AccountId, u32)>, db::Error> {
    let rows = read.query(KNOWN_BY, &[community.into(), elder.into()])?;
    rows.iter()
        .map(|row| Ok((row.get(0)?, row.get(1)?)))
        .collect()
}

pub(crate) fn insert_visit(tx: &mut dyn Tx, ctx: &Context, visit: &Visit) -> Result<(), db::Error> {
    let mut row: Vec<Value> = vec![
        ctx.community.into(),
        visit.id.into(),
        visit.request.into(),
        visit.volunteer.into(),
        visit.code.as_str().into(),
        visit.for_team.into(),
        visit.is_reserved.into(),
        ctx.now.into(),
    ];
    row.resize(22, Value::Null);
    tx.execute(INSERT_VISIT, &row)?;
    vouch(tx, &audit::VISIT, ctx.community, visit.id)
}

/// When a visit began, where, and which member of staff entered it, if one did.
pub(crate) fn come(
    tx: &mut dyn Tx,
    ctx: &Context,
    id: VisitId,
    at: Timestamp,
    place: Option<&str>,
    entered_by: Option<AccountId>,
) -> Result<(), Error> {
    let place = place.map(|text| seal(ctx, text)).transpose()?;
    let row = [
        ctx.community.into(),
        id.into(),
        at.into(),
        place.into(),
        entered_by.into(),
    ];
    tx.execute(COME, &row)?;
    Ok(vouch(tx, &audit::VISIT, ctx.community, id)?)
}

pub(crate) fn leave(
    tx: &mut dyn Tx,
    ctx: &Context,
    id: VisitId,
    at: Timestamp,
) -> Result<(), db::Error> {
    tx.execute(LEAVE, &[ctx.community.into(), id.into(), at.into()])?;
    vouch(tx, &audit::VISIT, ctx.community, id)
}

/// What a confirmation credited.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Credit {
    pub(crate) minutes: i64,
    pub(crate) overflow: i64,
    pub(crate) posting: Option<Uuid>,
    pub(crate) overflow_posting: Option<Uuid>,
}

pub(crate) fn confirm(
    tx: &mut dyn Tx,
    ctx: &Context,
    id: VisitId,
    by: ConfirmedAs,
    credit: Credit,
) -> Result<(), db::Error> {
    let row = [
        ctx.community.into(),
        id.into(),
        ctx.now.into(),
        ctx.actor.uuid().into(),
        by.name().into(),
        credit.minutes.into(),
        credit.overflow.into(),
        credit.posting.into(),
        credit.overflow_posting.into(),
    ];
    tx.execute(CONFIRM, &row)?;
    vouch(tx, &audit::VISIT, ctx.community, id)
}

/// What a visit credited after its posting was reversed.
pub(crate) fn recredit(
    tx: &mut dyn Tx,
    ctx: &Context,
    id: VisitId,
    credit: Credit,
) -> Result<(), db::Error> {
    let row = [
        ctx.community.into(),
        id.into(),
        credit.minutes.into(),
        credit.overflow.into(),
        credit.posting.into(),
        credit.overflow_posting.into(),
    ];
    tx.execute(RECREDIT, &row)?;
    vouch(tx, &audit::VISIT, ctx.community, id)
}

pub(crate) fn cancel_visit(
    tx: &mut dyn Tx,
    ctx: &Context,
    id: VisitId,
    reason: &str,
) -> Result<(), Error> {
    let row = [
        ctx.community.into(),
        id.into(),
        ctx.now.into(),
        ctx.actor.uuid().into(),
        seal(ctx, reason)?.into(),
    ];
    tx.execute(CANCEL_VISIT, &row)?;
    Ok(vouch(tx, &audit::VISIT, ctx.community, id)?)
}
