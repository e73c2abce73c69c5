//! What can be sent as JSON: the same commands as the pages'.

mod certificate;
mod clearing;
mod enrol;
mod found;
mod review;
mod settle;
mod visits;

use axum::Json;
use axum::http::StatusCode;
use serde::Serialize;
use shell::{App, Failure};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::Error;

/// Every route that changes something.
pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(found::choose))
        .routes(routes!(found::make_service))
        .routes(routes!(found::end_service))
        .routes(routes!(found::fund))
        .routes(routes!(enrol::enrol))
        .routes(routes!(enrol::vet))
        .routes(routes!(enrol::enrol_elder))
        .routes(routes!(enrol::withdraw))
        .routes(routes!(enrol::entitle))
        .routes(routes!(enrol::relate))
        .routes(routes!(visits::ask))
        .routes(routes!(visits::take_back))
        .routes(routes!(visits::accept))
        .routes(routes!(visits::cancel))
        .routes(routes!(visits::check_in))
        .routes(routes!(visits::check_out))
        .routes(routes!(visits::enter_times))
        .routes(routes!(visits::confirm))
        .routes(routes!(settle::complain))
        .routes(routes!(settle::settle))
        .routes(routes!(settle::give))
        .routes(routes!(settle::donate))
        .routes(routes!(certificate::issue))
        .routes(routes!(certificate::certificate))
        .routes(routes!(clearing::clearing))
        .routes(routes!(clearing::offer))
        .routes(routes!(clearing::answer))
        .routes(routes!(clearing::end))
        .routes(routes!(clearing::send))
        .routes(routes!(review::signals))
        .routes(routes!(review::settle))
}

/// What was made.
#[derive(Serialize, ToSchema)]
struct HoursMade {
    /// Its id.
    #[schema(value_type = uuid::Uuid)]
    id: kernel::Uuid,
}

fn made(id: kernel::Uuid) -> (StatusCode, Json<HoursMade>) {
    (StatusCode::CREATED, Json(HoursMade { id }))
}

/// How many minutes came of it.
#[derive(Serialize, ToSchema)]
struct MinutesBody {
    /// Minutes.
    minutes: i64,
}

/// An instant as RFC 3339.
fn instant(text: &str) -> Result<kernel::Timestamp, Failure> {
    let at: Result<jiff::Timestamp, _> = text.parse();
    at.map(|at| kernel::Timestamp::from_micros(at.as_microsecond()))
        .map_err(|_| Failure::from(Error::ImpossibleTimes))
}

fn day(text: &str) -> Result<jiff::civil::Date, Failure> {
    text.parse()
        .map_err(|_| Failure::from(Error::ImpossibleBirth))
}
