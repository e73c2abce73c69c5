//! Finding one's own ballot on the board by the code on the receipt.

use axum::extract::{Path, Query};
use kernel::CommunityId;
use maud::{Markup, html};
use serde::Deserialize;
use shell::{Failure, Member};
use web_ui::{Heading, Icon, Tone, button, facts, field, form, notice};

use super::path_of;
use crate::model::{PollId, Stage};
use crate::{Error, queries};

#[derive(Deserialize)]
pub(super) struct Code {
    #[serde(default)]
    code: String,
}

pub(super) async fn page(
    member: Member,
    Path((_, id)): Path<(CommunityId, PollId)>,
    Query(Code { code }): Query<Code>,
) -> Result<Markup, Failure> {
    let asked = code.clone();
    let (view, found) = member
        .read(move |read, ctx| {
            let view = queries::view(read, ctx, id)?;
            let found = if view.stage == Stage::Counted && !asked.is_empty() {
                queries::find_ballot(read, ctx, id, &asked)?
            } else {
                None
            };
            Ok::<_, Error>((view, found))
        })
        .await?;
    let ui = member.ui();
    let heading = Heading::new(ui.t("polls-check"))
        .crumb(member.path("polls"), ui.t("polls-title"))
        .crumb(path_of(&member, id), view.poll.draft.title.clone())
        .lead(ui.t("polls-check-lead"));
    let chosen = found.as_ref().map(|ballot| words(&view, &ballot.choice));
    Ok(ui.page(
        heading,
        html! {
            @if view.stage != Stage::Counted {
                (notice(&ui, Tone::Info, html! { (ui.t("polls-check-later")) }))
            } @else if let (Some(ballot), Some(chosen)) = (&found, chosen) {
                (notice(&ui, Tone::Success, html! { (ui.t("polls-check-found")) }))
                (facts([(ui.t("polls-code"), ballot.code.clone()), (ui.t("polls-choice"), chosen)]))
            } @else if !code.is_empty() {
                (notice(&ui, Tone::Danger, html! { (ui.t("polls-check-missing")) }))
            }
            (form(&ui, member.path(&format!("polls/{id}/check")), html! {
                (field(&ui, "code", ui.t("polls-code")).value(&code).hint(ui.t("polls-code-hint")).required())
            }).get().button(button(ui.t("polls-check")).icon(Icon::Proof)))
        },
    ))
}

/// A choice in the options' names.
fn words(view: &queries::View, choice: &str) -> String {
    let name = |number: &str| {
        let (number, points) = number.split_once(':').unwrap_or((number, ""));
        let place = number.parse::<usize>().ok()?.checked_sub(1)?;
        let option = view.poll.draft.options.get(place)?;
        Some(format!("{} {points}", option.name).trim_end().to_owned())
    };
    let names: Vec<String> = choice.split(',').filter_map(name).collect();
    if names.is_empty() {
        "–".to_owned()
    } else {
        names.join("、")
    }
}
