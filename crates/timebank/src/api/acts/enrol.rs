//! Who takes part: volunteers and their vetting, elders, their consent and their family.

use axum::Json;
use axum::extract::Path;
use axum::http::StatusCode;
use kernel::{AccountId, CommunityId};
use serde::{Deserialize, Serialize};
use shell::{Failure, Member, ProblemDetails};
use utoipa::ToSchema;

use super::{HoursMade, day, made};
use crate::model::{
    Bond, Consent, ElderId, ElderProfile, Gender, ServiceId, Slot, VolunteerProfile,
};
use crate::{ConfirmRelation, Enrol, EnrolElder, EntitleElder, VetVolunteer, WithdrawConsent};

/// A volunteer.
#[derive(Deserialize, ToSchema)]
pub(super) struct VolunteerBody {
    /// Their name.
    name: String,
    /// Born on, as 1960-02-29.
    birth: String,
    /// `female` or `male`.
    #[schema(value_type = String)]
    gender: Gender,
    /// Languages and dialects.
    languages: Vec<String>,
    /// Services they can do; empty for any.
    #[schema(value_type = Vec<uuid::Uuid>)]
    skills: Vec<ServiceId>,
    /// When they have time, such as `weekday_morning`.
    #[schema(value_type = Vec<String>)]
    slots: Vec<Slot>,
    /// The team with which they go.
    team: Option<String>,
}

/// The number of a volunteer.
#[derive(Serialize, ToSchema)]
pub(super) struct NumberBody {
    /// The number.
    number: i64,
}

/// Volunteers, or says anew what one can do.
#[utoipa::path(put, path = "/api/v1/communities/{community}/timebank/volunteer", tag = "timebank",
    params(("community" = uuid::Uuid, Path, description = "The community")), request_body = VolunteerBody,
    responses((status = 200, body = NumberBody), (status = "default", body = ProblemDetails)))]
pub(super) async fn enrol(
    member: Member,
    Json(body): Json<VolunteerBody>,
) -> Result<Json<NumberBody>, Failure> {
    let profile = VolunteerProfile {
        name: body.name,
        birth: day(&body.birth)?,
        gender: body.gender,
        languages: body.languages,
        skills: body.skills,
        slots: body.slots,
        team: body.team,
    };
    let number = member.execute(Enrol { profile }).await?;
    Ok(Json(NumberBody { number }))
}

/// What vetting came to.
#[derive(Deserialize, ToSchema)]
pub(super) struct VettingBody {
    /// Whether they are fit.
    is_fit: bool,
    /// What was looked at.
    note: String,
}

/// Says whether a volunteer is fit to visit.
#[utoipa::path(post, path = "/api/v1/communities/{community}/timebank/volunteers/{account}/vetting", tag = "timebank",
    params(("community" = uuid::Uuid, Path, description = "The community"),
        ("account" = uuid::Uuid, Path, description = "The volunteer's login")), request_body = VettingBody,
    responses((status = 204), (status = "default", body = ProblemDetails)))]
pub(super) async fn vet(
    member: Member,
    Path((_, account)): Path<(CommunityId, AccountId)>,
    Json(body): Json<VettingBody>,
) -> Result<StatusCode, Failure> {
    let command = VetVolunteer {
        account,
        is_fit: body.is_fit,
        note: body.note,
    };
    member.execute(command).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// An elder.
#[derive(Deserialize, ToSchema)]
pub(super) struct ElderBody {
    /// Their name.
    name: String,
    /// Their telephone number.
    phone: String,
    /// Born on, as 1940-02-29.
    birth: String,
    /// `female` or `male`.
    #[schema(value_type = String)]
    gender: Gender,
    /// Languages and dialects.
    languages: Vec<String>,
    /// The building.
    building: String,
    /// The door in it.
    door: String,
    /// `own` for oneself; `signed`, `spoken` or `guardian` for somebody else.
    #[schema(value_type = String)]
    consent: Consent,
    /// What shows somebody else's consent.
    evidence: Option<String>,
}

/// Enrols an elder.
#[utoipa::path(post, path = "/api/v1/communities/{community}/timebank/elders", tag = "timebank",
    params(("community" = uuid::Uuid, Path, description = "The community")), request_body = ElderBody,
    responses((status = 201, body = HoursMade), (status = "default", body = ProblemDetails)))]
pub(super) async fn enrol_elder(
    member: Member,
    Json(body): Json<ElderBody>,
) -> Result<(StatusCode, Json<HoursMade>), Failure> {
    let command = EnrolElder {
        profile: ElderProfile {
            name: body.name,
            phone: body.phone,
            birth: day(&body.birth)?,
            gender: body.gender,
            languages: body.languages,
            building: body.building,
            door: body.door,
        },
        consent: body.consent,
        evidence: body.evidence.unwrap_or_default(),
    };
    Ok(made(member.execute(command).await?.uuid()))
}

/// Takes the elder's consent back.
#[utoipa::path(post, path = "/api/v1/communities/{community}/timebank/elders/{elder}/withdrawal", tag = "timebank",
    params(("community" = uuid::Uuid, Path, description = "The community"),
        ("elder" = uuid::Uuid, Path, description = "The elder")),
    responses((status = 204), (status = "default", body = ProblemDetails)))]
pub(super) async fn withdraw(
    member: Member,
    Path((_, elder)): Path<(CommunityId, ElderId)>,
) -> Result<StatusCode, Failure> {
    let command = WithdrawConsent { elder };
    member.execute(command).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// On what ground the pool pays.
#[derive(Deserialize, ToSchema)]
pub(super) struct EntitlementBody {
    /// Whether the elder is in hardship.
    is_hardship: bool,
}

/// Finds that the pool pays for an elder.
#[utoipa::path(post, path = "/api/v1/communities/{community}/timebank/elders/{elder}/entitlement", tag = "timebank",
    params(("community" = uuid::Uuid, Path, description = "The community"),
        ("elder" = uuid::Uuid, Path, description = "The elder")), request_body = EntitlementBody,
    responses((status = 204), (status = "default", body = ProblemDetails)))]
pub(super) async fn entitle(
    member: Member,
    Path((_, elder)): Path<(CommunityId, ElderId)>,
    Json(body): Json<EntitlementBody>,
) -> Result<StatusCode, Failure> {
    let command = EntitleElder {
        elder,
        is_hardship: body.is_hardship,
    };
    member.execute(command).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// A relation that staff saw papers of.
#[derive(Deserialize, ToSchema)]
pub(super) struct RelationBody {
    /// The relative's number as a volunteer.
    number: i64,
    /// `spouse`, `direct`, `relative` or `friend`.
    #[schema(value_type = String)]
    bond: Bond,
    /// What was seen.
    evidence: String,
}

/// Confirms that somebody is an elder's family.
#[utoipa::path(post, path = "/api/v1/communities/{community}/timebank/elders/{elder}/relations", tag = "timebank",
    params(("community" = uuid::Uuid, Path, description = "The community"),
        ("elder" = uuid::Uuid, Path, description = "The elder")), request_body = RelationBody,
    responses((status = 201, body = HoursMade), (status = "default", body = ProblemDetails)))]
pub(super) async fn relate(
    member: Member,
    Path((_, elder)): Path<(CommunityId, ElderId)>,
    Json(body): Json<RelationBody>,
) -> Result<(StatusCode, Json<HoursMade>), Failure> {
    let command = ConfirmRelation {
        elder,
        number: body.number,
        bond: body.bond,
        evidence: body.evidence,
    };
    Ok(made(member.execute(command).await?.uuid()))
}
