//! SQL of requests.

use db::{Read, Row, Tx, Value};
use kernel::{AccountId, CommunityId, Context, Timestamp, Uuid};

use super::audit::{self, vouch};
use super::{LIST_MAX, named};
use crate::Error;
use crate::model::{Channel, ElderId, Gender, PaidBy, RequestId, ServiceId};

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
