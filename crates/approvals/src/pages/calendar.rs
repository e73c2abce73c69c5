//! The calendar's years with their notices; a year without one is provisional.

use axum::response::Response;
use kernel::Kind;
use maud::{Markup, html};
use shell::{Failure, FlashKey, Form, Member, flash_to};
use web_ui::{
    Column, FormErrors, Heading, Icon, Shade, Tone, badge, button, form, section, table, textarea,
};

use super::definitions::Content;
use super::said;
use crate::model::ORGANISE;
use crate::{AddCalendarYear, queries};

pub(super) async fn page(member: Member) -> Result<Markup, Failure> {
    show(&member, "", &FormErrors::new()).await
}

pub(super) async fn add(
    member: Member,
    Form(Content { content }): Form<Content>,
) -> Result<Response, Failure> {
    let command = AddCalendarYear {
        content: content.clone(),
    };
    match member.execute(command).await {
        Ok(_) => flash_to(
            &member.path("approvals/calendar"),
            FlashKey(Tone::Success, "approvals-flash-done"),
        ),
        Err(failure) if failure.kind == Kind::Invalid => {
            let errors = failure.form_errors(&member.ui(), "approvals", "content");
            let page = show(&member, &content, &errors).await?;
            Ok(failure.again(page))
        }
        Err(failure) => Err(failure),
    }
}

async fn show(member: &Member, typed: &str, errors: &FormErrors) -> Result<Markup, Failure> {
    let view = member.read(queries::calendar_view).await?;
    let ui = member.ui();
    let heading = Heading::new(ui.t("approvals-calendar"))
        .crumb(member.path("approvals"), ui.t("approvals-title"))
        .lead(ui.t("approvals-calendar-lead"));
    let columns = [
        "approvals-column-year",
        "approvals-column-notice",
        "approvals-column-source",
    ]
    .map(|key| Column::text(ui.t(key)));
    let cells: Vec<Vec<Markup>> = view.years.iter().map(|(year, notices)| {
        let revision = view.brought.iter().find(|(brought, _)| brought == year);
        vec![
            html! { (year) },
            html! {
                @if notices.is_empty() { (badge(Shade::Wall, ui.t("approvals-unpublished"))) }
                @for notice in notices { (said(&ui, &notice.title)) " " (notice.number) br; }
            },
            html! {
                @for notice in notices { (said(&ui, &notice.status.text())) " " }
                @if let Some((_, revision)) = revision {
                    (badge(Shade::Mist, ui.t_with("approvals-brought", &[("revision", (*revision).into())])))
                }
            },
        ]
    }).collect();
    Ok(ui.page(heading, html! {
        p { (ui.t("approvals-calendar-version")) " " code { (view.days.version()) } }
        (table(&ui, ui.t("approvals-calendar"), columns).rows(cells))
        @if member.may(ORGANISE) {
            (section(ui.t("approvals-add-year"), form(&ui, member.path("approvals/calendar"), html! {
                (textarea(&ui, "content", ui.t("approvals-field-year")).value(typed).lines(10)
                    .hint(ui.t("approvals-field-year-hint")).error(errors.of("content")).required())
            }).errors(&ui, errors).button(button(ui.t("approvals-add-year")).icon(Icon::Upload))))
        }
    }))
}
