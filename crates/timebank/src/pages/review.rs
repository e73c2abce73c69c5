//! What seems odd, for a reviewer: who is concerned, what was seen, what came of it.

use axum::extract::Path;
use axum::response::Response;
use kernel::CommunityId;
use maud::{Markup, html};
use shell::{Failure, Form, Member};
use web_ui::{Heading, Icon, Shade, badge, button, empty, form, textarea};

use super::{Typed, again, done, form_errors, to_correct};
use crate::model::SignalId;
use crate::{SettleSignal, queries};

pub(super) async fn page(member: Member) -> Result<Markup, Failure> {
    review_page(&member, None).await
}

pub(super) async fn settle(
    member: Member,
    Path((_, signal)): Path<(CommunityId, SignalId)>,
    Form(typed): Form<Typed>,
) -> Result<Response, Failure> {
    let note = typed.text("note").to_owned();
    let sent = member.execute(SettleSignal { signal, note }).await;
    let Some(failure) = to_correct(sent)? else {
        return done(&member, "/desk/review", "timebank-flash-done");
    };
    let page = review_page(&member, Some(&failure)).await?;
    Ok(again(&failure, page))
}

async fn review_page(member: &Member, failure: Option<&Failure>) -> Result<Markup, Failure> {
    let signals = member.read(queries::signals).await?;
    let ui = member.ui();
    let heading = Heading::new(ui.t("timebank-review"))
        .crumb(member.path("timebank"), ui.t("timebank-title"))
        .crumb(member.path("timebank/desk"), ui.t("timebank-desk"))
        .lead(ui.t("timebank-review-lead"));
    let errors = form_errors(&ui, failure);
    Ok(ui.page(heading, html! {
        @if !errors.is_empty() { (web_ui::error_summary(&ui, &errors)) }
        @if signals.is_empty() { (empty(Icon::Check, ui.t("timebank-no-signals"))) }
        @for signal in &signals {
            @let text = ui.t_with(&format!("timebank-signal-{}", signal.kind.name()),
                &[("detail", signal.detail.as_str().into())]);
            div.card {
                p {
                    strong { (signal.names.join("、")) } " "
                    @if signal.note.is_some() { (badge(Shade::Wall, ui.t("timebank-signal-settled"))) }
                    @else { (badge(Shade::Vermilion, ui.t("timebank-signal-open"))) }
                }
                p { (text) }
                p { (ui.date_time(signal.raised_at.micros())) }
                @if let Some(note) = &signal.note { p { (note) } }
                @else {
                    @let path = member.path(&format!("timebank/desk/review/{}/settlement", signal.id));
                    (form(&ui, path, html! {
                        (textarea(&ui, "note", ui.t("timebank-field-finding")).lines(2).max_length(1_000).required())
                    }).button(button(ui.t("timebank-settle-signal")).secondary()))
                }
            }
        }
    }))
}
