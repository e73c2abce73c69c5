//! Requests and visits as the one who looks may see them.

use db::Read;
use kernel::{Context, Timestamp};
use serde::{Serialize, Serializer};
use utoipa::ToSchema;

use crate::Error;
use crate::model::{ConfirmedAs, RequestId, VisitId};
use crate::store::{self, Elder, LIST_MAX, Request, Visit};

/// A request as the one who looks may see it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = VisitRequest)]
pub struct RequestView {
    /// Its id.
    #[schema(value_type = uuid::Uuid)]
    pub id: RequestId,
    /// What.
    pub service: String,
    /// How long.
    pub minutes: i64,
    /// When, RFC 3339.
    #[serde(serialize_with = "rfc3339")]
    #[schema(value_type = String)]
    pub begins: Timestamp,
    /// In which building.
    pub building: String,
    /// The elder's name: in full for whoever goes there, speaks for them or works here; the family name otherwise.
    pub elder: String,
    /// Door and telephone, for the same.
    pub reach: Option<String>,
    /// What else to know, for the same.
    pub note: Option<String>,
    /// The visit, once somebody accepted.
    pub visit: Option<VisitView>,
    /// Whether it was taken back or done.
    pub is_closed: bool,
}

/// A visit as the one who looks may see it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = CareVisit)]
pub struct VisitView {
    /// Its id.
    #[schema(value_type = uuid::Uuid)]
    pub id: VisitId,
    /// Who comes.
    pub volunteer: String,
    /// Their number.
    pub number: i64,
    /// What to say at the door, for the elder's side.
    pub code: Option<String>,
    /// Where it stands: `booked`, `begun`, `ended`, `confirmed` or `cancelled`.
    #[schema(value_type = String)]
    pub stage: Stage,
    /// When it began, RFC 3339.
    #[serde(serialize_with = "rfc3339_if_any")]
    #[schema(value_type = Option<String>)]
    pub came_at: Option<Timestamp>,
    /// When it ended, RFC 3339.
    #[serde(serialize_with = "rfc3339_if_any")]
    #[schema(value_type = Option<String>)]
    pub left_at: Option<Timestamp>,
    /// What was credited.
    pub credited: Option<i64>,
    /// What of it went to the pool above the cap.
    pub overflow: Option<i64>,
    /// As whom it was confirmed: `elder`, `family`, `staff`, or `system` for Linli itself.
    #[schema(value_type = Option<String>)]
    pub confirmed_as: Option<ConfirmedAs>,
    /// Whether a complaint waits.
    pub is_disputed: bool,
}

#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "serde's `serialize_with` calls it so"
)]
fn rfc3339<S: Serializer>(at: &Timestamp, to: S) -> Result<S::Ok, S::Error> {
    to.serialize_str(&at.rfc3339())
}

#[expect(clippy::ref_option, reason = "serde's `serialize_with` calls it so")]
fn rfc3339_if_any<S: Serializer>(at: &Option<Timestamp>, to: S) -> Result<S::Ok, S::Error> {
    at.map(Timestamp::rfc3339).serialize(to)
}

/// Where a visit stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    /// To come.
    Booked,
    /// The volunteer is there.
    Begun,
    /// Over, and waits to be confirmed.
    Ended,
    /// Confirmed.
    Confirmed,
    /// Called off.
    Cancelled,
}

impl Stage {
    /// Of a visit.
    pub const fn of(visit: &Visit) -> Self {
        match (
            visit.cancelled_at,
            visit.confirmed_at,
            visit.left_at,
            visit.came_at,
        ) {
            (Some(_), ..) => Self::Cancelled,
            (_, Some(_), ..) => Self::Confirmed,
            (_, _, Some(_), _) => Self::Ended,
            (.., Some(_)) => Self::Begun,
            _ => Self::Booked,
        }
    }

    /// The name in messages.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Booked => "booked",
            Self::Begun => "begun",
            Self::Ended => "ended",
            Self::Confirmed => "confirmed",
            Self::Cancelled => "cancelled",
        }
    }
}

/// From which side a request is looked at.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Side {
    /// Whoever speaks for the elder: sees the code.
    Elder,
    /// Whoever goes there: sees name, door and note.
    Volunteer,
    /// Staff: see both.
    Staff,
    /// A volunteer who only looks.
    Looking,
}

pub(super) fn view(
    read: &mut dyn Read,
    ctx: &Context,
    request: &Request,
    elder: &Elder,
    side: Side,
) -> Result<RequestView, Error> {
    let visit = store::visit_of_request(read, ctx.community, request.id)?;
    view_of(read, ctx, request, elder, visit.as_ref(), side)
}

pub(super) fn view_of(
    read: &mut dyn Read,
    ctx: &Context,
    request: &Request,
    elder: &Elder,
    visit: Option<&Visit>,
    side: Side,
) -> Result<RequestView, Error> {
    let service = store::service(read, ctx.community, request.service)?;
    let profile = &elder.profile;
    let knows = side != Side::Looking;
    let open = |note: &Vec<u8>| store::unseal(ctx, note);
    let note = request.note.as_ref().filter(|_| knows);
    let visit = visit
        .map(|visit| visit_view(read, ctx, visit, side))
        .transpose()?;
    Ok(RequestView {
        id: request.id,
        service: service.title,
        minutes: request.minutes,
        begins: request.begins,
        building: profile.building.clone(),
        elder: if knows {
            profile.name.clone()
        } else {
            profile.name.chars().take(1).chain("*".chars()).collect()
        },
        reach: knows.then(|| format!("{} {} · {}", profile.building, profile.door, profile.phone)),
        note: note.map(open).transpose()?,
        visit,
        is_closed: request.closed_at.is_some(),
    })
}

fn visit_view(
    read: &mut dyn Read,
    ctx: &Context,
    visit: &Visit,
    side: Side,
) -> Result<VisitView, Error> {
    let volunteer = store::volunteer(read, ctx, visit.volunteer)?;
    let volunteer = volunteer.ok_or(Error::NotFound { what: "volunteer" })?;
    let knows_code = matches!(side, Side::Elder | Side::Staff) && visit.left_at.is_none();
    // Staff who volunteer themselves ask for the code at the door like everybody else.
    let is_own = ctx.actor.account_id() == Some(visit.volunteer);
    Ok(VisitView {
        id: visit.id,
        volunteer: volunteer.profile.name,
        number: volunteer.number,
        code: (knows_code && !is_own).then(|| visit.code.clone()),
        stage: Stage::of(visit),
        came_at: visit.came_at,
        left_at: visit.left_at,
        credited: visit.credited,
        overflow: visit.overflow,
        confirmed_as: visit.confirmed_as,
        is_disputed: store::is_disputed(read, ctx.community, visit.id)?,
    })
}

/// Where a list ends though there may be more, if one of this many lines does.
pub(super) fn cut_at<const N: usize>(lists: [usize; N]) -> Option<u32> {
    let is_full = |lines: &usize| u32::try_from(*lines).is_ok_and(|lines| lines >= LIST_MAX);
    lists.iter().any(is_full).then_some(LIST_MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_that_is_full_is_said_to_end() {
        assert_eq!(cut_at([0, 499]), None);
        assert_eq!(cut_at([500, 3]), Some(500));
    }
}
