//! Certificates of service.

use axum::Json;
use axum::extract::Path;
use axum::http::StatusCode;
use kernel::CommunityId;
use serde::{Deserialize, Serialize};
use shell::{Failure, Member, ProblemDetails};
use utoipa::ToSchema;

use crate::{IssueCertificate, queries};

/// Between which days.
#[derive(Deserialize, ToSchema)]
pub(super) struct CertificatePeriod {
    /// The first day, as `2026-01-01`.
    from: Option<String>,
    /// The last day.
    until: Option<String>,
}

/// Where a certificate stands.
#[derive(Serialize, ToSchema)]
pub(super) struct CertificateIssued {
    /// Its place in the community's journal.
    position: u64,
}

/// What a certificate of service says.
#[derive(Serialize, ToSchema)]
pub(super) struct CertificateBody {
    /// The volunteer's name.
    name: String,
    /// Their number here.
    number: i64,
    /// Who recorded the service and certifies it.
    community: String,
    /// All minutes together.
    minutes: i64,
    /// Every service, oldest first.
    services: Vec<CertifiedService>,
    /// When it was issued, RFC 3339.
    issued_at: String,
}

/// A service that a certificate names.
#[derive(Serialize, ToSchema)]
struct CertifiedService {
    /// The day.
    day: String,
    /// What was done.
    service: String,
    /// How long.
    minutes: i64,
}

/// Issues oneself a certificate of one's confirmed service.
#[utoipa::path(post, path = "/api/v1/communities/{community}/timebank/certificates", tag = "timebank",
    params(("community" = uuid::Uuid, Path, description = "The community")), request_body = CertificatePeriod,
    responses((status = 201, body = CertificateIssued), (status = "default", body = ProblemDetails)))]
pub(super) async fn issue(
    member: Member,
    Json(body): Json<CertificatePeriod>,
) -> Result<(StatusCode, Json<CertificateIssued>), Failure> {
    let command = IssueCertificate {
        from: body.from,
        until: body.until,
    };
    let position = member.execute(command).await?;
    Ok((StatusCode::CREATED, Json(CertificateIssued { position })))
}

/// One's own certificate.
#[utoipa::path(get, path = "/api/v1/communities/{community}/timebank/certificates/{position}", tag = "timebank",
    params(("community" = uuid::Uuid, Path, description = "The community"),
        ("position" = u64, Path, description = "Its place in the journal")),
    responses((status = 200, body = CertificateBody), (status = "default", body = ProblemDetails)))]
pub(super) async fn certificate(
    member: Member,
    Path((_, position)): Path<(CommunityId, u64)>,
) -> Result<Json<CertificateBody>, Failure> {
    let (told, issued_at) = member
        .read(move |read, ctx| queries::certificate(read, ctx, position))
        .await?;
    let services = told.services.into_iter().map(|one| CertifiedService {
        day: one.day,
        service: one.service,
        minutes: one.minutes,
    });
    Ok(Json(CertificateBody {
        name: told.name,
        number: told.number,
        community: told.community,
        minutes: told.minutes,
        services: services.collect(),
        issued_at: issued_at.rfc3339(),
    }))
}
