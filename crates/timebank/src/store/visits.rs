//! SQL of requests, visits, hours that moved without a visit, and complaints.

use db::{Read, Row, Tx, Value};
use kernel::{AccountId, CommunityId, Context, Timestamp, Uuid};

use super::audit::{self, vouch};
use super::people::seal;
use super::{LIST_MAX, named};
use crate::Error;
use crate::model::{
    Channel, ComplaintId, ConfirmedAs, ElderId, Gender, GiftId, GiftKind, PaidBy, RequestId,
    ServiceId, VisitId,
};

db::statements! {
    REQUESTS_OPEN = "select request_id, elder_id, service_id, minutes, begins, gender_wish, note, channel, paid_by, payer, \
        requested_at, requested_by, closed_at, closed_by from timebank_request where community_id = $1 and \
        closed_at is null order by begins, request_id limit $2";
    REQUESTS_OF = "select request_id, elder_id, service_id, minutes, begins, gender_wish, note, channel, paid_by, payer, \
        requested_at, requested_by, closed_at, closed_by from timebank_request where community_id = $1 and \
        elder_id = $2 order by request_id desc limit $3";
    INSERT_REQUEST = "insert into timebank_request (community_id, request_id, elder_id, service_id, minutes, begins, \
        gender_wish, note, channel, paid_by, payer, requested_at, requested_by, closed_at, closed_by) values ($1, \
        $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)";
    CLOSE_REQUEST = "update timebank_request set closed_at = $3, closed_by = $4 \
        where community_id = $1 and request_id = $2 and closed_at is null";
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
        confirmed_at is null and cancelled_at is null order by visit_id limit $2";
    OVERLAPS = "select count(*) from timebank_visit v join timebank_request r \
        on r.community_id = v.community_id and r.request_id = v.request_id \
        where v.community_id = $1 and v.volunteer_id = $2 and v.cancelled_at is null and v.confirmed_at is null \
        and r.begins < $4 and r.begins + r.minutes * 60000000 > $3";
    KNOWN_BY = "select v.volunteer_id, count(*) from timebank_visit v join timebank_request r \
        on r.community_id = v.community_id and r.request_id = v.request_id \
        where v.community_id = $1 and r.elder_id = $2 and v.confirmed_at is not null group by v.volunteer_id";
    EARNED = "select cast(coalesce(sum(credited), 0) as bigint), cast(coalesce(sum(overflow), 0) as bigint) \
        from timebank_visit where community_id = $1 and volunteer_id = $2 and confirmed_at is not null and not for_team";
    DONATED = "select cast(coalesce(sum(minutes), 0) as bigint) from timebank_gift \
        where community_id = $1 and giver_id = $2 and kind = 'donation'";
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
    INSERT_GIFT = "insert into timebank_gift (community_id, gift_id, kind, giver_id, receiver_id, minutes, given_at, \
        given_by) values ($1, $2, $3, $4, $5, $6, $7, $8)";
    STARTED = "select gift_id from timebank_gift where community_id = $1 and receiver_id = $2 and kind = 'start'";
    COMPLAINTS = "select complaint_id, visit_id, said, made_at, made_by, settled_at, settled_by, is_upheld, ruling from \
        timebank_complaint where community_id = $1 order by complaint_id desc limit $2";
    INSERT_COMPLAINT = "insert into timebank_complaint (community_id, complaint_id, visit_id, said, made_at, made_by, settled_at, \
        settled_by, is_upheld, ruling) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";
    COMPLAINT_OPEN = "select complaint_id from timebank_complaint where community_id = $1 and visit_id = $2 and settled_at is null";
    SETTLE_COMPLAINT = "update timebank_complaint set settled_at = $3, settled_by = $4, is_upheld = $5, ruling = $6 \
        where community_id = $1 and complaint_id = $2 and settled_at is null";
}

/// A wish for a visit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    /// Its id.
    pub id: RequestId,
    /// For whom.
    pub elder: ElderId,
    /// What.
    pub service: ServiceId,
    /// How long.
    pub minutes: i64,
    /// When.
    pub begins: Timestamp,
    /// Whom the elder wishes for.
    pub gender_wish: Option<Gender>,
    /// What else to know, sealed.
    pub note: Option<Vec<u8>>,
    /// How it came in.
    pub channel: Channel,
    /// Whose hours it costs.
    pub paid_by: PaidBy,
    /// Whose account in the book that is.
    pub payer: Uuid,
    /// Who asked.
    pub requested_by: AccountId,
    /// When it was taken back or done.
    pub closed_at: Option<Timestamp>,
}

impl Request {
    /// When it would end.
    pub fn ends(&self) -> Timestamp {
        self.begins.plus_seconds(self.minutes.saturating_mul(60))
    }
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

/// A complaint about a visit, its texts sealed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Complaint {
    /// Its id.
    pub id: ComplaintId,
    /// About which visit.
    pub visit: VisitId,
    /// What is said.
    pub said: Vec<u8>,
    /// When.
    pub made_at: Timestamp,
    /// Who.
    pub made_by: AccountId,
    /// Whether it was right, once settled.
    pub is_upheld: Option<bool>,
    /// The ruling.
    pub ruling: Option<Vec<u8>>,
}

pub(crate) fn open_requests(
    read: &mut dyn Read,
    community: CommunityId,
) -> Result<Vec<Request>, db::Error> {
    let rows = read.query(REQUESTS_OPEN, &[community.into(), LIST_MAX.into()])?;
    rows.iter().map(request_of).collect()
}

pub(crate) fn requests_of(
    read: &mut dyn Read,
    community: CommunityId,
    elder: ElderId,
) -> Result<Vec<Request>, db::Error> {
    let parameters = [community.into(), elder.into(), LIST_MAX.into()];
    let rows = read.query(REQUESTS_OF, &parameters)?;
    rows.iter().map(request_of).collect()
}

pub(crate) fn request(
    read: &mut dyn Read,
    community: CommunityId,
    id: RequestId,
) -> Result<Request, Error> {
    let row = read.query_one(audit::REQUEST.one, &[community.into(), id.into()])?;
    let row = row.ok_or(Error::NotFound { what: "request" })?;
    Ok(request_of(&row)?)
}

fn request_of(row: &Row) -> Result<Request, db::Error> {
    let wish = row.get::<Option<String>>(5)?;
    Ok(Request {
        id: row.get(0)?,
        elder: row.get(1)?,
        service: row.get(2)?,
        minutes: row.get(3)?,
        begins: row.get(4)?,
        gender_wish: wish.map(|_| named(row, 5, Gender::from_name)).transpose()?,
        note: row.get(6)?,
        channel: named(row, 7, Channel::from_name)?,
        paid_by: named(row, 8, PaidBy::from_name)?,
        payer: row.get(9)?,
        requested_by: row.get(11)?,
        closed_at: row.get(12)?,
    })
}

pub(crate) fn insert_request(
    tx: &mut dyn Tx,
    ctx: &Context,
    request: &Request,
) -> Result<(), db::Error> {
    let row = [
        ctx.community.into(),
        request.id.into(),
        request.elder.into(),
        request.service.into(),
        request.minutes.into(),
        request.begins.into(),
        request.gender_wish.map(Gender::name).into(),
        request.note.clone().into(),
        request.channel.name().into(),
        request.paid_by.name().into(),
        request.payer.into(),
        ctx.now.into(),
        request.requested_by.into(),
        Value::Null,
        Value::Null,
    ];
    tx.execute(INSERT_REQUEST, &row)?;
    vouch(tx, &audit::REQUEST, ctx.community, request.id)
}

pub(crate) fn close_request(
    tx: &mut dyn Tx,
    ctx: &Context,
    id: RequestId,
) -> Result<u64, db::Error> {
    let row = [
        ctx.community.into(),
        id.into(),
        ctx.now.into(),
        ctx.actor.uuid().into(),
    ];
    let closed = tx.execute(CLOSE_REQUEST, &row)?;
    vouch(tx, &audit::REQUEST, ctx.community, id)?;
    Ok(closed)
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

pub(crate) fn open_visits(
    read: &mut dyn Read,
    community: CommunityId,
) -> Result<Vec<Visit>, db::Error> {
    let rows = read.query(VISITS_OPEN, &[community.into(), LIST_MAX.into()])?;
    rows.iter().map(visit_of).collect()
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

/// What a volunteer has earned by visits, and what of it went to the pool.
pub(crate) fn earned(
    read: &mut dyn Read,
    community: CommunityId,
    volunteer: AccountId,
) -> Result<(i64, i64), db::Error> {
    let row = read.query_one(EARNED, &[community.into(), volunteer.into()])?;
    row.map_or(Ok((0, 0)), |row| Ok((row.get(0)?, row.get(1)?)))
}

/// What somebody has given to the pool by their own decision.
pub(crate) fn donated(
    read: &mut dyn Read,
    community: CommunityId,
    giver: Uuid,
) -> Result<i64, db::Error> {
    let row = read.query_one(DONATED, &[community.into(), giver.into()])?;
    row.map_or(Ok(0), |row| row.get(0))
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

pub(crate) fn insert_gift(
    tx: &mut dyn Tx,
    ctx: &Context,
    id: GiftId,
    kind: GiftKind,
    (giver, receiver): (Uuid, Uuid),
    minutes: i64,
) -> Result<(), db::Error> {
    let row = [
        ctx.community.into(),
        id.into(),
        kind.name().into(),
        giver.into(),
        receiver.into(),
        minutes.into(),
        ctx.now.into(),
        ctx.actor.uuid().into(),
    ];
    tx.execute(INSERT_GIFT, &row)?;
    vouch(tx, &audit::GIFT, ctx.community, id)
}

/// Whether somebody got what everybody begins with.
pub(crate) fn has_started(
    read: &mut dyn Read,
    community: CommunityId,
    receiver: Uuid,
) -> Result<bool, db::Error> {
    let row = read.query_one(STARTED, &[community.into(), receiver.into()])?;
    Ok(row.is_some())
}

pub(crate) fn complaints(
    read: &mut dyn Read,
    community: CommunityId,
) -> Result<Vec<Complaint>, db::Error> {
    let rows = read.query(COMPLAINTS, &[community.into(), LIST_MAX.into()])?;
    rows.iter().map(complaint_of).collect()
}

pub(crate) fn complaint(
    read: &mut dyn Read,
    community: CommunityId,
    id: ComplaintId,
) -> Result<Complaint, Error> {
    let row = read.query_one(audit::COMPLAINT.one, &[community.into(), id.into()])?;
    let row = row.ok_or(Error::NotFound { what: "complaint" })?;
    Ok(complaint_of(&row)?)
}

fn complaint_of(row: &Row) -> Result<Complaint, db::Error> {
    Ok(Complaint {
        id: row.get(0)?,
        visit: row.get(1)?,
        said: row.get(2)?,
        made_at: row.get(3)?,
        made_by: row.get(4)?,
        is_upheld: row.get(7)?,
        ruling: row.get(8)?,
    })
}

/// Whether a complaint about a visit waits.
pub(crate) fn is_disputed(
    read: &mut dyn Read,
    community: CommunityId,
    visit: VisitId,
) -> Result<bool, db::Error> {
    let row = read.query_one(COMPLAINT_OPEN, &[community.into(), visit.into()])?;
    Ok(row.is_some())
}

pub(crate) fn insert_complaint(
    tx: &mut dyn Tx,
    ctx: &Context,
    id: ComplaintId,
    visit: VisitId,
    said: &str,
) -> Result<(), Error> {
    let mut row: Vec<Value> = vec![
        ctx.community.into(),
        id.into(),
        visit.into(),
        seal(ctx, said)?.into(),
        ctx.now.into(),
        ctx.actor.uuid().into(),
    ];
    row.resize(10, Value::Null);
    tx.execute(INSERT_COMPLAINT, &row)?;
    Ok(vouch(tx, &audit::COMPLAINT, ctx.community, id)?)
}

pub(crate) fn settle_complaint(
    tx: &mut dyn Tx,
    ctx: &Context,
    id: ComplaintId,
    is_upheld: bool,
    ruling: &str,
) -> Result<u64, Error> {
    let row = [
        ctx.community.into(),
        id.into(),
        ctx.now.into(),
        ctx.actor.uuid().into(),
        is_upheld.into(),
        seal(ctx, ruling)?.into(),
    ];
    let settled = tx.execute(SETTLE_COMPLAINT, &row)?;
    vouch(tx, &audit::COMPLAINT, ctx.community, id)?;
    Ok(settled)
}
