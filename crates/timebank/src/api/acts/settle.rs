//! Complaints and their settlement; hours given to family and to the pool.

use axum::Json;
use axum::extract::Path;
use axum::http::StatusCode;
use kernel::{AccountId, CommunityId};
use serde::Deserialize;
use shell::{Failure, Member, ProblemDetails};
use utoipa::ToSchema;

use super::{HoursMade, made};
use crate::model::{ComplaintId, ElderId, VisitId};
use crate::{Complain, DonateHours, Error, GiveHours, Receiver, SettleComplaint};

/// A complaint.
#[derive(Deserialize, ToSchema)]
pub(super) struct ComplaintBody {
    /// What is wrong.
    said: String,
}

/// Complains about a visit.
#[utoipa::path(post, path = "/api/v1/communities/{community}/timebank/visits/{visit}/complaint", tag = "timebank",
    params(("community" = uuid::Uuid, Path, description = "The community"),
        ("visit" = uuid::Uuid, Path, description = "The visit")), request_body = ComplaintBody,
    responses((status = 201, body = HoursMade), (status = "default", body = ProblemDetails)))]
pub(super) async fn complain(
    member: Member,
    Path((_, visit)): Path<(CommunityId, VisitId)>,
    Json(body): Json<ComplaintBody>,
) -> Result<(StatusCode, Json<HoursMade>), Failure> {
    let command = Complain {
        visit,
        said: body.said,
    };
    Ok(made(member.execute(command).await?.uuid()))
}

/// A ruling.
#[derive(Deserialize, ToSchema)]
pub(super) struct RulingBody {
    /// The minutes that are right, if the complaint is.
    right_minutes: Option<i64>,
    /// The ruling, for both sides to read.
    ruling: String,
}

/// Settles a complaint.
#[utoipa::path(post, path = "/api/v1/communities/{community}/timebank/complaints/{complaint}/settlement", tag = "timebank",
    params(("community" = uuid::Uuid, Path, description = "The community"),
        ("complaint" = uuid::Uuid, Path, description = "The complaint")), request_body = RulingBody,
    responses((status = 204), (status = "default", body = ProblemDetails)))]
pub(super) async fn settle(
    member: Member,
    Path((_, complaint)): Path<(CommunityId, ComplaintId)>,
    Json(body): Json<RulingBody>,
) -> Result<StatusCode, Failure> {
    let command = SettleComplaint {
        complaint,
        right_minutes: body.right_minutes,
        ruling: body.ruling,
    };
    member.execute(command).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Hours for family: name an account or an elder.
#[derive(Deserialize, ToSchema)]
pub(super) struct HoursGift {
    /// A family member's login.
    #[schema(value_type = Option<uuid::Uuid>)]
    account: Option<AccountId>,
    /// An elder.
    #[schema(value_type = Option<uuid::Uuid>)]
    elder: Option<ElderId>,
    /// How many minutes.
    minutes: i64,
}

impl HoursGift {
    fn to(&self) -> Result<Receiver, Failure> {
        match (self.account, self.elder) {
            (Some(account), None) => Ok(Receiver::Account(account)),
            (None, Some(elder)) => Ok(Receiver::Elder(elder)),
            _ => Err(Error::NotFound { what: "elder" }.into()),
        }
    }
}

/// Gives hours to family.
#[utoipa::path(post, path = "/api/v1/communities/{community}/timebank/gifts", tag = "timebank",
    params(("community" = uuid::Uuid, Path, description = "The community")), request_body = HoursGift,
    responses((status = 204), (status = "default", body = ProblemDetails)))]
pub(super) async fn give(
    member: Member,
    Json(body): Json<HoursGift>,
) -> Result<StatusCode, Failure> {
    let command = GiveHours {
        to: body.to()?,
        minutes: body.minutes,
    };
    member.execute(command).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Hours for the pool.
#[derive(Deserialize, ToSchema)]
pub(super) struct DonationBody {
    /// How many minutes.
    minutes: i64,
}

/// Gives hours to the pool.
#[utoipa::path(post, path = "/api/v1/communities/{community}/timebank/donations", tag = "timebank",
    params(("community" = uuid::Uuid, Path, description = "The community")), request_body = DonationBody,
    responses((status = 204), (status = "default", body = ProblemDetails)))]
pub(super) async fn donate(
    member: Member,
    Json(body): Json<DonationBody>,
) -> Result<StatusCode, Failure> {
    let command = DonateHours {
        minutes: body.minutes,
    };
    member.execute(command).await?;
    Ok(StatusCode::NO_CONTENT)
}
