//! The API of the persons of the roll: found, read in full with a trace, corrected, tied to a login, moved out, erased.

use axum::Json;
use axum::extract::{Path, Query};
use axum::http::StatusCode;
use kernel::{CommunityId, Uuid};
use serde::{Deserialize, Serialize};
use shell::{App, Failure, Member, ProblemDetails};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::commands::{
    CorrectPerson, EndResidence, ErasePerson, LinkAccount, PersonField, ReadPersonalData,
    UnlinkAccount,
};
use crate::model::{PersonKind, PersonRef, ResidentId, UnitId};
use crate::pages::account_of;
use crate::queries::{self, FoundPerson};
use crate::{ACCOUNT_LINK, PERSONAL_DATA_READ};

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(search))
        .routes(routes!(correct))
        .routes(routes!(read))
        .routes(routes!(link, unlink))
        .routes(routes!(erase))
        .routes(routes!(move_out))
}

/// Whom to look for.
#[derive(Deserialize, ToSchema)]
struct Sought {
    /// A whole name, telephone number or identity number.
    text: String,
}

/// Someone found, masked.
#[derive(Serialize, ToSchema)]
struct PersonBody {
    /// `owner` or `resident`.
    kind: &'static str,
    /// Their id.
    id: Uuid,
    /// The masked name.
    name: String,
    /// The masked telephone number.
    phone: Option<String>,
    /// What they own, or where they live.
    units: Vec<Uuid>,
}

impl From<FoundPerson> for PersonBody {
    fn from(found: FoundPerson) -> Self {
        let (kind, id) = match found.person {
            PersonRef::Owner(id) => ("owner", id.uuid()),
            PersonRef::Resident(id) => ("resident", id.uuid()),
        };
        let units = found.units.into_iter();
        Self {
            kind,
            id,
            name: found.name,
            phone: found.phone,
            units: units.map(|(unit, _): (UnitId, _)| unit.uuid()).collect(),
        }
    }
}

/// Find persons of the roll by a whole name or number; at most 100 owners and 100 residents, masked.
#[utoipa::path(post, path = "/api/v1/communities/{community}/persons/search", tag = "people", request_body = Sought,
    params(("community" = uuid::Uuid, Path, description = "The community")),
    responses((status = 200, body = Vec<PersonBody>), (status = "default", body = ProblemDetails)))]
async fn search(
    member: Member,
    shell::Json(Sought { text }): shell::Json<Sought>,
) -> Result<Json<Vec<PersonBody>>, Failure> {
    let found = member
        .read(move |read, ctx| queries::find_people(read, ctx, &text))
        .await?;
    Ok(Json(found.into_iter().map(PersonBody::from).collect()))
}

/// What to put right.
#[derive(Deserialize, ToSchema)]
struct CorrectionBody {
    /// The right name, if it was wrong.
    name: Option<String>,
    /// The right telephone number, if it was wrong.
    phone: Option<String>,
    /// Why, and how it was checked. It is not public.
    reason: String,
}

/// Correct a person's name or telephone number; the record shows which, never the values.
#[utoipa::path(patch, path = "/api/v1/communities/{community}/persons/{kind}/{person}", tag = "people",
    request_body = CorrectionBody,
    params(("community" = uuid::Uuid, Path, description = "The community"),
        ("kind" = inline(PersonKind), Path, description = "The list"), ("person" = uuid::Uuid, Path, description = "The person")),
    responses((status = 204), (status = "default", body = ProblemDetails)))]
async fn correct(
    member: Member,
    Path((_, kind, id)): Path<(CommunityId, PersonKind, Uuid)>,
    shell::Json(body): shell::Json<CorrectionBody>,
) -> Result<StatusCode, Failure> {
    let command = CorrectPerson {
        person: kind.person(id),
        name: body.name,
        phone: body.phone,
        reason: body.reason,
    };
    member.execute(command).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// What may be asked of a person.
#[derive(Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum FieldName {
    /// The name.
    Name,
    /// The identity document's number.
    IdNumber,
    /// The telephone number.
    Phone,
}

impl From<FieldName> for PersonField {
    fn from(name: FieldName) -> Self {
        match name {
            FieldName::Name => Self::Name,
            FieldName::IdNumber => Self::IdNumber,
            FieldName::Phone => Self::Phone,
        }
    }
}

/// What is asked of a person, and why.
#[derive(Deserialize, ToSchema)]
struct ReadingBody {
    /// What; nothing else is given.
    fields: Vec<FieldName>,
    /// Why. Everyone entitled to the record reads it, so it must not name the person.
    reason: String,
}

/// A person's data in the open: what was asked and is known.
#[derive(Serialize, ToSchema)]
struct DataBody {
    /// The name.
    name: Option<String>,
    /// The identity document's number.
    id_number: Option<String>,
    /// The telephone number.
    phone: Option<String>,
}

/// Read a person's data in full; the record says who did, what and why.
#[utoipa::path(post, path = "/api/v1/communities/{community}/persons/{kind}/{person}/readings", tag = "people",
    request_body = ReadingBody,
    params(("community" = uuid::Uuid, Path, description = "The community"),
        ("kind" = inline(PersonKind), Path, description = "The list"), ("person" = uuid::Uuid, Path, description = "The person")),
    responses((status = 200, body = DataBody), (status = "default", body = ProblemDetails)))]
async fn read(
    member: Member,
    Path((_, kind, id)): Path<(CommunityId, PersonKind, Uuid)>,
    shell::Json(body): shell::Json<ReadingBody>,
) -> Result<Json<DataBody>, Failure> {
    member.context()?.require(PERSONAL_DATA_READ)?;
    let command = ReadPersonalData {
        person: kind.person(id),
        fields: body.fields.into_iter().map(PersonField::from).collect(),
        reason: body.reason,
    };
    let sealed = member.execute(command).await?;
    let data = sealed
        .open(member.app().vault(), member.community)
        .map_err(|error| Failure::internal("opening personal data", &error))?;
    Ok(Json(DataBody {
        name: data.name,
        id_number: data.id_number,
        phone: data.phone,
    }))
}

/// Whose login a person has.
#[derive(Deserialize, ToSchema)]
struct LinkBody {
    /// What they sign in with; they must have joined this community.
    login: String,
    /// How their identity was checked. It is not public.
    evidence: String,
}

/// Tie a login to a person of the roll.
#[utoipa::path(put, path = "/api/v1/communities/{community}/persons/{kind}/{person}/login", tag = "people",
    request_body = LinkBody,
    params(("community" = uuid::Uuid, Path, description = "The community"),
        ("kind" = inline(PersonKind), Path, description = "The list"), ("person" = uuid::Uuid, Path, description = "The person")),
    responses((status = 204), (status = "default", body = ProblemDetails)))]
async fn link(
    member: Member,
    Path((_, kind, id)): Path<(CommunityId, PersonKind, Uuid)>,
    shell::Json(body): shell::Json<LinkBody>,
) -> Result<StatusCode, Failure> {
    member.context()?.require(ACCOUNT_LINK)?;
    let command = LinkAccount {
        person: kind.person(id),
        account: account_of(&member, &body.login).await?,
        evidence: body.evidence,
    };
    member.execute(command).await?;
    Ok(StatusCode::NO_CONTENT)
}

#[derive(Deserialize, IntoParams)]
struct Why {
    /// Why. It is not public.
    reason: String,
}

/// End a login's tie to a person.
#[utoipa::path(delete, path = "/api/v1/communities/{community}/persons/{kind}/{person}/login", tag = "people",
    params(("community" = uuid::Uuid, Path, description = "The community"),
        ("kind" = inline(PersonKind), Path, description = "The list"), ("person" = uuid::Uuid, Path, description = "The person"), Why),
    responses((status = 204), (status = "default", body = ProblemDetails)))]
async fn unlink(
    member: Member,
    Path((_, kind, id)): Path<(CommunityId, PersonKind, Uuid)>,
    Query(Why { reason }): Query<Why>,
) -> Result<StatusCode, Failure> {
    let person = kind.person(id);
    member.execute(UnlinkAccount { person, reason }).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Why a person's data is erased.
#[derive(Deserialize, ToSchema)]
struct ErasureBody {
    /// Everyone entitled to the record reads it, so it must not name the person.
    reason: String,
}

/// Erase for good what is known of someone who neither owns nor lives here any more (Personal Information Protection
/// Law, Art. 47). That the unit had an owner then stays, without saying who.
#[utoipa::path(post, path = "/api/v1/communities/{community}/persons/{kind}/{person}/erasure", tag = "people",
    request_body = ErasureBody,
    params(("community" = uuid::Uuid, Path, description = "The community"),
        ("kind" = inline(PersonKind), Path, description = "The list"), ("person" = uuid::Uuid, Path, description = "The person")),
    responses((status = 204), (status = "default", body = ProblemDetails)))]
async fn erase(
    member: Member,
    Path((_, kind, id)): Path<(CommunityId, PersonKind, Uuid)>,
    shell::Json(body): shell::Json<ErasureBody>,
) -> Result<StatusCode, Failure> {
    let command = ErasePerson {
        person: kind.person(id),
        reason: body.reason,
    };
    member.execute(command).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Record that a resident moved out.
#[utoipa::path(delete, path = "/api/v1/communities/{community}/residents/{resident}", tag = "people",
    params(("community" = uuid::Uuid, Path, description = "The community"),
        ("resident" = uuid::Uuid, Path, description = "The resident"), Why),
    responses((status = 204), (status = "default", body = ProblemDetails)))]
async fn move_out(
    member: Member,
    Path((_, resident)): Path<(CommunityId, ResidentId)>,
    Query(Why { reason }): Query<Why>,
) -> Result<StatusCode, Failure> {
    member.execute(EndResidence { resident, reason }).await?;
    Ok(StatusCode::NO_CONTENT)
}
