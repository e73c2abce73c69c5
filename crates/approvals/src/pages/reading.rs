//! A supervisor asks to read a file in which their unit has no part: why, and what that leaves behind.

use axum::extract::Path;
use axum::response::Response;
use kernel::{CommunityId, Kind};
use maud::{Markup, html};
use serde::Deserialize;
use shell::{Failure, FlashKey, Form, Member, flash_to};
use web_ui::{Heading, Icon, Tone, button, form, link_button, textarea};

use super::path_of;
use crate::{CaseId, ReadForSupervision};

/// Why, as typed.
#[derive(Deserialize)]
pub(super) struct Typed {
    #[serde(default)]
    reason: String,
}

/// Asks why; with what went wrong the last time.
pub(super) fn ask(member: &Member, id: CaseId, failure: Option<&Failure>) -> Markup {
    let ui = member.ui();
    let heading = Heading::new(ui.t("approvals-reading"))
        .crumb(member.path("approvals"), ui.t("approvals-title"))
        .crumb(
            member.path("approvals/supervision"),
            ui.t("approvals-supervision"),
        )
        .lead(ui.t("approvals-reading-lead"));
    let errors = failure
        .map(|failure| failure.form_errors(&ui, "approvals", "reason"))
        .unwrap_or_default();
    let reason = textarea(&ui, "reason", ui.t("approvals-reading-why"))
        .lines(3)
        .required()
        .error(errors.of("reason"));
    let (action, back) = (
        format!("{}/reading", path_of(member, id)),
        member.path("approvals/supervision"),
    );
    ui.page(
        heading,
        html! {
            (form(&ui, action, html! { (reason) })
                .button(button(ui.t("approvals-reading-open")).icon(Icon::Forward))
                .button(link_button(back, ui.t("approvals-back")).secondary()))
        },
    )
}

pub(super) async fn open(
    member: Member,
    Path((_, case)): Path<(CommunityId, CaseId)>,
    Form(Typed { reason }): Form<Typed>,
) -> Result<Response, Failure> {
    match member.execute(ReadForSupervision { case, reason }).await {
        Ok(_) => flash_to(
            &path_of(&member, case),
            FlashKey(Tone::Info, "approvals-flash-read"),
        ),
        Err(failure) if failure.kind == Kind::Invalid => {
            Ok(failure.again(ask(&member, case, Some(&failure))))
        }
        Err(failure) => Err(failure),
    }
}
