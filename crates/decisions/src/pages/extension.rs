//! Extending a vote in which too few have taken part.

use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use kernel::{CommunityId, Kind};
use maud::{Markup, html};
use serde::Deserialize;
use shell::{Failure, FlashKey, Form, Member, flash_to};
use web_ui::{
    FormErrors, Heading, Icon, Input, Tone, Ui, button, field, form, link_button, notice, textarea,
};

use super::{instant, local_time, path_of};
use crate::model::ResolutionId;
use crate::store::Extension;
use crate::{ExtendWindow, ExtensionView, queries};

/// The form as typed.
#[derive(Clone, Default, Deserialize)]
pub(super) struct Typed {
    #[serde(default)]
    closes: String,
    #[serde(default)]
    reason: String,
}

pub(super) async fn page(
    member: Member,
    Path((_, id)): Path<(CommunityId, ResolutionId)>,
) -> Result<Markup, Failure> {
    let view = member
        .read(move |read, ctx| queries::extension(read, ctx, id))
        .await?;
    let typed = Typed {
        closes: view.latest.map(local_time).unwrap_or_default(),
        reason: String::new(),
    };
    Ok(extension_page(&member, &view, &typed, None))
}

fn extension_page(
    member: &Member,
    view: &ExtensionView,
    typed: &Typed,
    failure: Option<&Failure>,
) -> Markup {
    let ui = member.ui();
    let id = view.resolution.id;
    let mut errors = FormErrors::new();
    if let Some(failure) = failure {
        errors.add("closes", failure.sentence(&ui.messages, ui.language));
    }
    let closes = ui.date_time(view.resolution.draft.window.closes.micros());
    let heading = Heading::new(ui.t("decisions-extend"))
        .crumb(member.path("decisions"), ui.t("decisions-title"))
        .crumb(path_of(member, id), view.resolution.draft.title.clone())
        .lead(ui.t_with("decisions-extend-lead", &[("date", closes.into())]));
    let back = || link_button(path_of(member, id), ui.t("decisions-back")).secondary();
    let why_not = match (view.latest, view.enough_take_part) {
        (None, _) if view.resolution.extension.is_some() => {
            Some("decisions-error-already-extended")
        }
        (None, _) => Some("decisions-error-extension-not-provided"),
        (Some(_), true) => Some("decisions-error-enough-take-part"),
        (Some(_), false) => None,
    };
    ui.page(
        heading,
        html! {
            @if let Some(why_not) = why_not {
                (notice(&ui, Tone::Info, html! { (ui.t(why_not)) }).action(back()))
            } @else if let Some(latest) = view.latest {
                (form(&ui, member.path(&format!("decisions/{id}/extension")), html! {
                    (field(&ui, "closes", ui.t("decisions-field-closes")).input(Input::DateTime).value(&typed.closes)
                        .hint(ui.t_with("decisions-extend-latest", &[("date", ui.date_time(latest.micros()).into())]))
                        .error(errors.of("closes")).required())
                    (textarea(&ui, "reason", ui.t("decisions-reason")).value(&typed.reason).lines(3)
                        .hint(ui.t("decisions-extend-reason-hint")).required())
                })
                .errors(&ui, &errors)
                .button(button(ui.t("decisions-extend")).icon(Icon::Announcement))
                .button(back()))
            }
        },
    )
}

pub(super) async fn extend(
    member: Member,
    Path((_, id)): Path<(CommunityId, ResolutionId)>,
    Form(typed): Form<Typed>,
) -> Result<Response, Failure> {
    let sent = match instant(&typed.closes) {
        Ok(closes) => {
            let reason = typed.reason.clone();
            let command = ExtendWindow {
                resolution: id,
                closes,
                reason,
            };
            member.execute(command).await
        }
        Err(failure) => Err(failure),
    };
    match sent {
        Ok(()) => flash_to(
            &path_of(&member, id),
            FlashKey(Tone::Success, "decisions-flash-extended"),
        ),
        Err(failure) if failure.kind == Kind::Invalid => {
            let view = member
                .read(move |read, ctx| queries::extension(read, ctx, id))
                .await?;
            let page = extension_page(&member, &view, &typed, Some(&failure));
            Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
        }
        Err(failure) => Err(failure),
    }
}

/// What everyone is told of a vote that was extended.
pub(super) fn told(ui: &Ui, extension: &Extension) -> Markup {
    let words = ui.t_with(
        "decisions-extended",
        &[
            (
                "before",
                ui.date_time(extension.closes_before.micros()).into(),
            ),
            ("date", ui.date_time(extension.closes.micros()).into()),
        ],
    );
    html! { (notice(ui, Tone::Info, html! { (words) " " (extension.reason) })) }
}
