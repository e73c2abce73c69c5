//! Sessions: the code that is shown there, and the page to which it leads.

use axum::extract::{Path, Query};
use axum::response::Response;
use kernel::CommunityId;
use maud::{Markup, html};
use serde::Deserialize;
use shell::{Failure, FlashKey, Form, Member, flash_to};
use web_ui::{Heading, Icon, Input, Tone, button, facts, field, form, hidden, qr_code};

use super::{Typed, desk, form_errors, instant};
use crate::model::{CONFIRM, RuleId, SessionTerms};
use crate::{CheckIn, Error, OpenSession, queries};

pub(super) async fn open(member: Member, Form(typed): Form<Typed>) -> Result<Response, Failure> {
    let rule: Result<RuleId, _> = typed.text("rule").parse();
    let terms = SessionTerms {
        rule: rule.map_err(|_| Failure::from(Error::NotFound { what: "rule" }))?,
        title: typed.text("title").to_owned(),
        begins: instant(typed.text("begins"))?,
        ends: instant(typed.text("ends"))?,
        seats: typed.number("seats"),
    };
    match member.execute(OpenSession { terms }).await {
        Ok(_) => desk::done(&member, "points-flash-session-opened"),
        Err(failure) if failure.is_correctable() => {
            let page = desk::desk_page(&member, &typed, Some(&failure)).await?;
            Ok(failure.again(page))
        }
        Err(failure) => Err(failure),
    }
}

/// The code large and as a picture to scan, for whoever confirms to show.
pub(super) async fn page(
    member: Member,
    Path((_, code)): Path<(CommunityId, String)>,
) -> Result<Markup, Failure> {
    let asked = code.clone();
    let (session, rule) = member
        .read(move |read, ctx| {
            ctx.require(CONFIRM)?;
            queries::session_of_code(read, ctx, &asked)
        })
        .await?;
    let ui = member.ui();
    let site = member
        .app()
        .settings()
        .public_url
        .trim_end_matches('/')
        .to_owned();
    let link = format!("{site}{}?code={code}", member.path("points/check-in"));
    let heading = Heading::new(session.terms.title.clone())
        .crumb(member.path("points"), ui.t("points-title"))
        .crumb(member.path("points/desk"), ui.t("points-desk"))
        .lead(ui.t("points-session-lead"));
    let times = format!(
        "{} – {}",
        ui.date_time(session.terms.begins.micros()),
        ui.date_time(session.terms.ends.micros())
    );
    Ok(ui.page(heading, html! {
        (qr_code(&link, &ui.t("points-session-qr")))
        (facts([
            (ui.t("points-field-code").into_owned(), html! { strong { (session.code) } }),
            (ui.t("points-field-rule").into_owned(), html! { (rule.terms.title) " · " (ui.number(rule.terms.points)) }),
            (ui.t("points-when").into_owned(), html! { (times) }),
            (ui.t("points-attended").into_owned(), html! {
                (ui.number(i64::from(session.attended))) " / " (ui.number(i64::from(session.terms.seats)))
            }),
        ]))
    }))
}

/// The code that a scan brings along.
#[derive(Default, Deserialize)]
pub(super) struct Scanned {
    #[serde(default)]
    code: String,
}

pub(super) async fn check_in_page(
    member: Member,
    Query(scanned): Query<Scanned>,
) -> Result<Markup, Failure> {
    check_in_form(&member, &scanned.code, None).await
}

pub(super) async fn check_in(
    member: Member,
    Form(typed): Form<Typed>,
) -> Result<Response, Failure> {
    let code = typed.text("code").to_owned();
    match member.execute(CheckIn { code: code.clone() }).await {
        Ok(_) => flash_to(
            &member.path("points"),
            FlashKey(Tone::Success, "points-flash-checked-in"),
        ),
        Err(failure) if failure.is_correctable() || failure.code == "points-error-not-found" => {
            let page = check_in_form(&member, &code, Some(&failure)).await?;
            Ok(failure.again(page))
        }
        Err(failure) => Err(failure),
    }
}

/// With a code that is known, what it is for and a button; without, a field for the code.
async fn check_in_form(
    member: &Member,
    code: &str,
    failure: Option<&Failure>,
) -> Result<Markup, Failure> {
    let ui = member.ui();
    let asked = code.to_owned();
    let found = member
        .read(move |read, ctx| queries::session_of_code(read, ctx, &asked))
        .await
        .ok();
    let errors = form_errors(&ui, failure);
    let heading = Heading::new(ui.t("points-check-in"))
        .crumb(member.path("points"), ui.t("points-title"))
        .lead(ui.t("points-check-in-lead"));
    let body = if let Some((session, rule)) = &found {
        html! {
            p { strong { (session.terms.title) } " · " (ui.date_time(session.terms.begins.micros())) }
            p { (ui.t_with("points-check-in-earns", &[("points", ui.number(rule.terms.points).into())])) }
            (hidden("code", &session.code))
        }
    } else {
        html! {
            (field(&ui, "code", ui.t("points-field-code")).input(Input::Code).value(code)
                .hint(ui.t("points-code-hint")).max_length(20).required())
        }
    };
    let sending = form(&ui, member.path("points/check-in"), body)
        .errors(&ui, &errors)
        .button(button(ui.t("points-check-in")).icon(Icon::Check));
    Ok(ui.page(heading, html! { (sending) }))
}
