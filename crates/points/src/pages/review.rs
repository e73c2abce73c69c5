//! What seems odd, for a reviewer: who is concerned, what was seen, what came of it.

use axum::extract::Path;
use axum::response::Response;
use kernel::CommunityId;
use maud::{Markup, html};
use shell::{Failure, FlashKey, Form, Member, flash_to};
use web_ui::{Heading, Icon, Shade, Tone, Ui, badge, button, empty, form, section, textarea};

use super::{Typed, form_errors, name_of};
use crate::model::SignalId;
use crate::store::Signal;
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
    match member.execute(SettleSignal { signal, note }).await {
        Ok(()) => flash_to(
            &member.path("points/review"),
            FlashKey(Tone::Success, "points-flash-settled"),
        ),
        Err(failure) if failure.is_correctable() => {
            let page = review_page(&member, Some(&failure)).await?;
            Ok(failure.again(page))
        }
        Err(failure) => Err(failure),
    }
}

async fn review_page(member: &Member, failure: Option<&Failure>) -> Result<Markup, Failure> {
    let signals = member.read(queries::signals).await?;
    let mut named = Vec::with_capacity(signals.len());
    for (signal, note) in signals {
        let mut names = Vec::with_capacity(signal.accounts.len());
        for account in &signal.accounts {
            names.push(name_of(member, *account).await);
        }
        named.push((signal, note, names.join(", ")));
    }
    let ui = member.ui();
    let heading = Heading::new(ui.t("points-review"))
        .crumb(member.path("points"), ui.t("points-title"))
        .lead(ui.t("points-review-lead"));
    let errors = form_errors(&ui, failure);
    Ok(ui.page(heading, html! {
        (section(ui.t("points-signals"), html! {
            @if named.is_empty() { (empty(Icon::Check, ui.t("points-no-signals"))) }
            @for (signal, note, names) in &named {
                div.card {
                    (told(&ui, signal, names))
                    @if let Some(note) = note {
                        p { (note) }
                    } @else {
                        (form(&ui, member.path(&format!("points/review/{}/settlement", signal.id)), html! {
                            (textarea(&ui, "note", ui.t("points-field-note")).lines(2).max_length(1_000)
                                .error(errors.of("note")).required())
                        })
                        .button(button(ui.t("points-settle")).secondary()))
                    }
                }
            }
        }))
    }))
}

fn told(ui: &Ui, signal: &Signal, names: &str) -> Markup {
    let (shade, key) = match signal.settled_at {
        Some(_) => (Shade::Wall, "points-signal-settled"),
        None => (Shade::Vermilion, "points-signal-open"),
    };
    let text = ui.t_with(
        &format!("points-signal-{}", signal.kind.name()),
        &[("detail", signal.detail.as_str().into())],
    );
    html! {
        p { strong { (names) } " " (badge(shade, ui.t(key))) }
        p { (text) }
        p { (ui.date_time(signal.raised_at.micros())) }
    }
}
