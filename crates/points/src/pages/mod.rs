//! Pages of the points: one's own, the committee's desk, the provider's counter.

mod counter;
mod desk;
mod mine;
mod review;
mod session;
mod statement;

use axum::Router;
use axum::response::Response;
use axum::routing::{get, post};
use serde::Deserialize;
use shell::{App, Failure, Member};
use web_ui::{FormErrors, Select, Ui, select};

/// Every page and form of the module.
pub(crate) fn routes() -> Router<App> {
    let base = "/c/{community}/points";
    Router::new()
        .route(base, get(mine::page))
        .route(&format!("{base}/claims"), post(mine::claim))
        .route(&format!("{base}/redemptions"), post(mine::redeem))
        .route(
            &format!("{base}/redemptions/{{redemption}}/cancellation"),
            post(mine::cancel),
        )
        .route(&format!("{base}/gifts"), post(mine::give))
        .route(
            &format!("{base}/check-in"),
            get(session::check_in_page).post(session::check_in),
        )
        .route(&format!("{base}/sessions"), post(session::open))
        .route(&format!("{base}/sessions/{{code}}"), get(session::page))
        .route(&format!("{base}/review"), get(review::page))
        .route(
            &format!("{base}/review/{{signal}}/settlement"),
            post(review::settle),
        )
        .route(&format!("{base}/statement"), get(statement::page))
        .route(&format!("{base}/statement/excel"), get(statement::excel))
        .route(&format!("{base}/statement/pdf"), get(statement::pdf))
        .route(&format!("{base}/desk"), get(desk::page))
        .route(&format!("{base}/desk/excel"), get(desk::excel))
        .route(
            &format!("{base}/claims/{{claim}}/confirmation"),
            post(desk::confirm),
        )
        .route(
            &format!("{base}/claims/{{claim}}/refusal"),
            post(desk::refuse),
        )
        .route(&format!("{base}/rules"), post(desk::make_rule))
        .route(&format!("{base}/rules/{{rule}}/end"), post(desk::end_rule))
        .route(
            &format!("{base}/items/{{item}}/approval"),
            post(desk::approve),
        )
        .route(&format!("{base}/items/{{item}}/end"), post(desk::end_item))
        .route(&format!("{base}/counter"), get(counter::page))
        .route(&format!("{base}/counter/items"), post(counter::offer))
        .route(&format!("{base}/counter/codes"), post(counter::hand_over))
}

/// A form's fields as they were typed.
#[derive(Clone, Default, Deserialize)]
#[serde(transparent)]
struct Typed(Vec<(String, String)>);

impl Typed {
    fn text(&self, name: &str) -> &str {
        let found = self.0.iter().find(|(field, _)| field == name);
        found.map_or("", |(_, value)| value.trim())
    }

    /// A whole number; what is none is out of range.
    fn number<T: std::str::FromStr + Default>(&self, name: &str) -> T {
        self.text(name).parse().unwrap_or_default()
    }
}

/// A select over an enum's names; their texts are `points-NAME-…`.
fn select_named(
    ui: &Ui,
    name: &'static str,
    names: impl Iterator<Item = &'static str>,
    chosen: &str,
) -> Select {
    let label = ui
        .t(&format!("points-field-{}", name.replace('_', "-")))
        .into_owned();
    names.fold(select(ui, name, label).selected(chosen), |select, one| {
        let text = ui.t(&format!(
            "points-{}-{}",
            name.replace('_', "-"),
            one.replace('_', "-")
        ));
        select.option(one, text.into_owned())
    })
}

/// A form's local time (`2026-12-01T09:00`) in China as an instant.
fn instant(text: &str) -> Result<kernel::Timestamp, Failure> {
    let local: jiff::civil::DateTime = text
        .trim()
        .parse()
        .map_err(|_| Failure::from(crate::Error::ImpossibleTimes))?;
    let clock = local.time();
    let seconds = i64::from(clock.hour()) * 3600 + i64::from(clock.minute()) * 60;
    Ok(kernel::Timestamp::start_of(local.date()).plus_seconds(seconds))
}

/// What is wrong in a form, each at its field.
fn form_errors(ui: &Ui, failure: Option<&Failure>) -> FormErrors {
    failure.map_or_else(FormErrors::new, |failure| {
        failure.form_errors(ui, "points", "")
    })
}

/// A workbook to keep.
fn workbook(name: &str, sheet: documents::Sheet) -> Result<Response, Failure> {
    const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
    let file = documents::write_xlsx(&[sheet])
        .map_err(|error| Failure::internal("the Excel file", &error))?;
    Ok(shell::download(name, XLSX, file))
}

/// The name of a member for those who may know it; otherwise the beginning of their id.
async fn name_of(member: &Member, account: kernel::AccountId) -> String {
    let asked = member
        .read(move |read, ctx| identity::queries::account(read, ctx, account))
        .await;
    asked.map_or_else(
        |_| account.to_string().chars().take(8).collect(),
        |view| view.name,
    )
}
