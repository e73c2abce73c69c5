//! The working-day calendar.

use axum::Json;
use axum::http::StatusCode;
use serde::Serialize;
use shell::{App, Failure, Member, ProblemDetails};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::ContentBody;
use crate::{AddCalendarYear, Error, queries};

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(calendar, add_year))
}

/// A year of the calendar.
#[derive(Serialize, ToSchema)]
struct YearBody {
    /// The year.
    year: i16,
    /// The document numbers of its notices; none for a year whose dates are provisional.
    notices: Vec<String>,
}

/// List the calendar's years.
#[utoipa::path(get, path = "/api/v1/communities/{community}/approval-calendar", tag = "approvals",
    params(("community" = uuid::Uuid, Path, description = "The city: the nil UUID")),
    responses((status = 200, body = Vec<YearBody>), (status = "default", body = ProblemDetails)))]
async fn calendar(member: Member) -> Result<Json<Vec<YearBody>>, Failure> {
    let view = member.read(queries::calendar_view).await?;
    let years = view.years.iter().map(|(year, notices)| YearBody {
        year: *year,
        notices: notices.iter().map(|one| one.number.clone()).collect(),
    });
    Ok(Json(years.collect()))
}

/// Bring a year's holiday notice.
#[utoipa::path(post, path = "/api/v1/communities/{community}/approval-calendar", tag = "approvals", request_body = ContentBody,
    params(("community" = uuid::Uuid, Path, description = "The city: the nil UUID")),
    responses((status = 201, body = YearBody), (status = "default", body = ProblemDetails)))]
async fn add_year(
    member: Member,
    shell::Json(ContentBody { content }): shell::Json<ContentBody>,
) -> Result<(StatusCode, Json<YearBody>), Failure> {
    let year = member.execute(AddCalendarYear { content }).await?;
    let view = member.read(queries::calendar_view).await?;
    let known = view.years.iter().find(|(known, _)| *known == year);
    let notices = known.ok_or(Error::NoSuchPart { what: "year" })?.1.iter();
    let notices = notices.map(|one| one.number.clone()).collect();
    Ok((StatusCode::CREATED, Json(YearBody { year, notices })))
}
