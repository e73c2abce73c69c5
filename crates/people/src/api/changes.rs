//! The API of a unit's changes: other owners, other facts.

use axum::Json;
use axum::extract::Path;
use axum::http::StatusCode;
use jiff::civil::Date;
use kernel::{CommunityId, Uuid};
use serde::{Deserialize, Serialize};
use shell::{App, Failure, Member, ProblemDetails};
use units::Area;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::commands::{Buyer, CorrectUnit, TransferUnit};
use crate::model::{AreaSource, OwnerFacts, OwnerId, OwnerKind, UnitFacts, UnitId, UnitUse};
use crate::{Error, FieldFault, ROLL_CHANGE};

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(transfer))
        .routes(routes!(correct))
}

/// Someone who was not an owner here.
#[derive(Deserialize, ToSchema)]
struct NewOwner {
    /// `person`, `organisation` or `developer`.
    kind: String,
    /// The name.
    name: String,
    /// Identity card, unified social credit code or another document's number.
    id_number: Option<String>,
    /// The telephone number; a person has this or an identity number.
    phone: Option<String>,
}

/// Other owners from a day on.
#[derive(Deserialize, ToSchema)]
struct TransferBody {
    /// Those on the roll, present or former, who own it from then on.
    #[serde(default)]
    #[schema(value_type = Vec<uuid::Uuid>)]
    on_roll: Vec<OwnerId>,
    /// Those who are new; whoever is on the roll already is recognised.
    #[serde(default)]
    new: Vec<NewOwner>,
    /// The day, such as `2026-11-02`.
    date: String,
    /// What shows it: the register's extract, the contract. It is not public.
    evidence: String,
}

/// Who owns the unit now.
#[derive(Serialize, ToSchema)]
struct Owners {
    /// Their ids.
    owners: Vec<Uuid>,
}

/// Record that a unit is sold, inherited or divided: from a day on it belongs to all of these owners and no others.
#[utoipa::path(post, path = "/api/v1/communities/{community}/units/{unit}/transfers", tag = "people",
    request_body = TransferBody,
    params(("community" = uuid::Uuid, Path, description = "The community"), ("unit" = uuid::Uuid, Path, description = "The unit")),
    responses((status = 201, body = Owners), (status = "default", body = ProblemDetails)))]
async fn transfer(
    member: Member,
    Path((_, unit)): Path<(CommunityId, UnitId)>,
    shell::Json(body): shell::Json<TransferBody>,
) -> Result<(StatusCode, Json<Owners>), Failure> {
    member.context()?.require(ROLL_CHANGE)?;
    let owners = member.execute(transfer_of(unit, body)?).await?;
    let owners = owners.into_iter().map(OwnerId::uuid).collect();
    Ok((StatusCode::CREATED, Json(Owners { owners })))
}

fn transfer_of(unit: UnitId, body: TransferBody) -> Result<TransferUnit, Error> {
    let mut owners: Vec<Buyer> = body.on_roll.into_iter().map(Buyer::OnRoll).collect();
    for owner in body.new {
        owners.push(Buyer::New(OwnerFacts {
            kind: OwnerKind::from_word(&owner.kind).ok_or_else(|| malformed("kind"))?,
            name: owner.name,
            id_number: owner.id_number,
            phone: owner.phone,
        }));
    }
    let date: Date = body.date.trim().parse().map_err(|_| malformed("date"))?;
    Ok(TransferUnit {
        unit,
        owners,
        date,
        evidence: body.evidence,
    })
}

/// A unit's facts as they are from now on.
#[derive(Deserialize, ToSchema)]
struct FactsBody {
    /// Exclusive area in 0.01 m².
    exclusive_area_hundredths: i64,
    /// `register`, `survey` or `contract`.
    area_source: String,
    /// `residential`, `commercial`, `parking`, `storage` or `other`.
    unit_use: String,
    /// Why, and by what evidence. It is not public.
    reason: String,
}

/// Correct a unit's area, its source or its use; what was before is kept.
#[utoipa::path(put, path = "/api/v1/communities/{community}/units/{unit}/facts", tag = "people", request_body = FactsBody,
    params(("community" = uuid::Uuid, Path, description = "The community"), ("unit" = uuid::Uuid, Path, description = "The unit")),
    responses((status = 204), (status = "default", body = ProblemDetails)))]
async fn correct(
    member: Member,
    Path((_, unit)): Path<(CommunityId, UnitId)>,
    shell::Json(body): shell::Json<FactsBody>,
) -> Result<StatusCode, Failure> {
    member.context()?.require(ROLL_CHANGE)?;
    let facts = facts_of(&body)?;
    let reason = body.reason;
    let command = CorrectUnit {
        unit,
        facts,
        reason,
    };
    member.execute(command).await?;
    Ok(StatusCode::NO_CONTENT)
}

fn facts_of(body: &FactsBody) -> Result<UnitFacts, Error> {
    let area = Area::new(body.exclusive_area_hundredths);
    Ok(UnitFacts {
        exclusive_area: area.map_err(|_| malformed("exclusive_area"))?,
        area_source: AreaSource::from_word(&body.area_source)
            .ok_or_else(|| malformed("area_source"))?,
        unit_use: UnitUse::from_word(&body.unit_use).ok_or_else(|| malformed("unit_use"))?,
    })
}

fn malformed(field: &'static str) -> Error {
    Error::Field {
        field,
        reason: FieldFault::Malformed,
    }
}
