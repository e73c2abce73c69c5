//! Voting, the receipt, and checking a receipt against the published record.

use axum::extract::{Path, Query};
use axum::response::Response;
use ballot::resolution::Choice;
use kernel::{CommunityId, Window};
use maud::{Markup, html};
use people::model::UnitId;
use serde::Deserialize;
use shell::{Failure, FlashKey, Form, Member, download, flash_to};
use web_ui::{
    Heading, Icon, Input, Tone, Ui, button, choices, facts, field, form, link_button, notice,
    receipt, section,
};

use super::election::said;
use super::path_of;
use crate::model::{ResolutionId, Stage};
use crate::queries::{self, View};
use crate::{AcknowledgeBallot, CastVote, Error};

/// The ballot of one unit. Opening it is its delivery, so the first opening is journalled.
pub(super) async fn page(
    member: Member,
    Path((_, id, unit)): Path<(CommunityId, ResolutionId, UnitId)>,
) -> Result<Markup, Failure> {
    let (view, first) = member
        .read(move |read, ctx| {
            Ok::<_, Error>((
                queries::view(read, ctx, id)?,
                queries::first_opening(read, ctx, id, unit)?,
            ))
        })
        .await?;
    let own = view
        .own
        .iter()
        .find(|own| own.unit == unit)
        .ok_or(Error::NotYourUnit)?;
    if !view.votable.contains(&unit) {
        return Err(Error::NotTheVoice.into());
    }
    let Window { opens, closes } = view.resolution.draft.window;
    match view.stage {
        Stage::Voting => {}
        Stage::Draft | Stage::Notice => return Err(Error::NotOpenYet { opens }.into()),
        Stage::Withdrawn => {
            let (stage, needed) = (view.stage, "an open vote");
            return Err(Error::WrongStage { stage, needed }.into());
        }
        Stage::Closed | Stage::Objection | Stage::Settled | Stage::Announced => {
            return Err(Error::VoteOver { closes }.into());
        }
    }
    if first {
        member
            .execute(AcknowledgeBallot {
                resolution: id,
                unit,
            })
            .await?;
    }
    let ui = member.ui();
    let heading = Heading::new(view.resolution.draft.title.clone())
        .crumb(member.path("decisions"), ui.t("decisions-title"))
        .crumb(path_of(&member, id), ui.t("decisions-resolution"))
        .lead(html! { (own.building) " " (own.label) " · " (ui.area(own.area.get())) });
    let chosen = own.vote.as_ref().map(|vote| vote.choice.clone());
    let form = if has_names(&view) {
        super::election::ballot_form(&member, &ui, &view, unit).await?
    } else {
        ballot_form(&member, &ui, &view, unit, chosen.as_deref())
    };
    Ok(ui.page(heading, html! {
        (section(ui.t("decisions-text"), html! {
            @for paragraph in view.resolution.draft.body.lines().filter(|line| !line.trim().is_empty()) { p { (paragraph) } }
        }))
        (silence_warning(&ui, &view))
        (form)
    }))
}

/// Whether members are elected by name.
pub(super) fn has_names(view: &View) -> bool {
    let publication = view.resolution.publication.as_ref();
    publication.is_some_and(|publication| publication.terms.election.is_some())
}

/// What happens if nothing is cast; courts ask that owners be warned.
fn silence_warning(ui: &Ui, view: &View) -> Markup {
    let Some(publication) = &view.resolution.publication else {
        return html! {};
    };
    let rules = &publication.terms.rules;
    let note = notice(
        ui,
        Tone::Info,
        html! {
            (ui.t(&format!("decisions-silence-{}-warning", rules.silence.name()))) " "
            (ui.t(if rules.vote_may_change { "decisions-may-change" } else { "decisions-no-change" }))
        },
    );
    html! { (note) }
}

fn ballot_form(
    member: &Member,
    ui: &Ui,
    view: &View,
    unit: UnitId,
    chosen: Option<&str>,
) -> Markup {
    let follow = view
        .resolution
        .publication
        .as_ref()
        .is_some_and(|publication| publication.terms.rules.follow_allowed);
    let card = |choice: Choice, icon| {
        let key = format!("decisions-choice-{}", choice.name());
        web_ui::Choice::new(choice.name(), ui.t(&key))
            .text(ui.t(&format!("{key}-text")))
            .icon(icon)
    };
    let mut cards = choices(ui, "choice", ui.t("decisions-ballot-question"))
        .required()
        .choice(card(Choice::For, Icon::Check))
        .choice(card(Choice::Against, Icon::Cross))
        .choice(card(Choice::Abstain, Icon::Abstain));
    if follow {
        cards = cards.choice(card(Choice::Follow, Icon::Follow));
    }
    if let Some(chosen) = chosen {
        cards = cards.selected(chosen);
    }
    let id = view.resolution.id;
    let label = if chosen.is_some() {
        "decisions-change-vote"
    } else {
        "decisions-cast"
    };
    let form = form(
        ui,
        member.path(&format!("decisions/{id}/ballot/{unit}")),
        cards,
    )
    .button(button(ui.t(label)).icon(Icon::Vote).wide())
    .button(link_button(path_of(member, id), ui.t("decisions-back")).secondary());
    html! { (form) }
}

#[derive(Deserialize)]
pub(super) struct Chosen {
    #[serde(default)]
    choice: String,
}

pub(super) async fn cast(
    member: Member,
    Path((_, id, unit)): Path<(CommunityId, ResolutionId, UnitId)>,
    Form(Chosen { choice }): Form<Chosen>,
) -> Result<Response, Failure> {
    let choice = choice
        .parse()
        .map_err(|_| Failure::from(Error::Blank { field: "choice" }))?;
    member
        .execute_together(CastVote {
            resolution: id,
            unit,
            choice,
        })
        .await?;
    let path = member.path(&format!("decisions/{id}/receipt/{unit}"));
    flash_to(&path, FlashKey(Tone::Success, "decisions-flash-voted"))
}

pub(super) async fn receipt_page(
    member: Member,
    Path((_, id, unit)): Path<(CommunityId, ResolutionId, UnitId)>,
) -> Result<Markup, Failure> {
    let view = member
        .read(move |read, ctx| queries::view(read, ctx, id))
        .await?;
    let own = view
        .own
        .iter()
        .find(|own| own.unit == unit)
        .ok_or(Error::NotYourUnit)?;
    let vote = own
        .vote
        .as_ref()
        .ok_or(Error::NoSuchPart { what: "vote" })?;
    let ui = member.ui();
    let title = view.resolution.draft.title.clone();
    let check = format!("decisions/{id}/check?code={}", vote.code);
    let address = format!(
        "{}{}",
        member.app().settings().public_url,
        member.path(&check)
    );
    let heading = Heading::new(ui.t("decisions-receipt"))
        .crumb(member.path("decisions"), ui.t("decisions-title"))
        .crumb(path_of(&member, id), title.clone());
    let slip = receipt(&ui, title, vote.code.replace('-', ""))
        .fact(
            ui.t("decisions-own-unit"),
            format!("{} {}", own.building, own.label),
        )
        .fact(
            ui.t("decisions-own-vote"),
            html! { strong { (said(&ui, &vote.choice, vote.picks.as_deref())) } },
        )
        .fact(
            ui.t("decisions-channel"),
            ui.t(&format!("decisions-channel-{}", vote.channel.name())),
        )
        .fact(ui.t("decisions-cast-at"), ui.moment(vote.cast_at.micros()))
        .fact(ui.t("decisions-journal-entry"), vote.position.to_string())
        .download(member.path(&format!("decisions/{id}/receipt/{unit}/file")))
        .check(member.path(&check))
        .qr(address)
        .note(ui.t("decisions-receipt-note"));
    Ok(ui.page(heading, html! { (slip) }))
}

/// The receipt as a file that `linli verify` proves offline.
pub(super) async fn receipt_file(
    member: Member,
    Path((_, id, unit)): Path<(CommunityId, ResolutionId, UnitId)>,
) -> Result<Response, Failure> {
    let receipt = receipt_of(&member, id, unit).await?;
    Ok(download(
        &format!("linli-receipt-{}.json", receipt.position),
        "application/json",
        receipt.to_json().map_err(journal::Error::from)?,
    ))
}

/// The receipt of one's own unit's vote, with the private part that only the voter gets.
pub(crate) async fn receipt_of(
    member: &Member,
    id: ResolutionId,
    unit: UnitId,
) -> Result<proof::Receipt, Failure> {
    let position = member
        .read(move |read, ctx| queries::own_receipt(read, ctx, id, unit))
        .await?;
    let vault = member.app().vault().clone();
    let journal = member.app().journal();
    Ok(journal
        .receipt(member.community, position, Some(vault), member.visitor.now)
        .await?)
}

#[derive(Deserialize)]
pub(super) struct Code {
    #[serde(default)]
    code: String,
}

/// Whether a ballot stands in the published record, by the code on its receipt.
pub(super) async fn check(
    member: Member,
    Path((_, id)): Path<(CommunityId, ResolutionId)>,
    Query(Code { code }): Query<Code>,
) -> Result<Markup, Failure> {
    let asked = code.clone();
    let (title, stage, found, replaced) = member
        .read(move |read, ctx| {
            let view = queries::view(read, ctx, id)?;
            let found = match (&view.resolution.count, asked.is_empty()) {
                (Some(_), false) => queries::find_ballot(read, ctx, id, &asked)?,
                _ => None,
            };
            let replaced = match (&found, asked.is_empty()) {
                (None, false) => queries::replaced_ballot(read, ctx, id, &asked)?,
                _ => None,
            };
            Ok::<_, Error>((view.resolution.draft.title, view.stage, found, replaced))
        })
        .await?;
    let ui = member.ui();
    let counted = matches!(stage, Stage::Objection | Stage::Settled | Stage::Announced);
    let heading = Heading::new(ui.t("decisions-check"))
        .crumb(member.path("decisions"), ui.t("decisions-title"))
        .crumb(path_of(&member, id), title)
        .lead(ui.t("decisions-check-lead"));
    Ok(ui.page(heading, html! {
        @if let Some((cast, later)) = replaced {
            (notice(&ui, Tone::Warning, html! { (ui.t_with("decisions-check-replaced", &[
                ("date", ui.date_time(cast.micros()).into()), ("later", ui.date_time(later.micros()).into()),
            ])) }))
        } @else if !counted {
            (notice(&ui, Tone::Info, html! { (ui.t("decisions-check-later")) }))
        } @else if let Some(ballot) = &found {
            (notice(&ui, Tone::Success, html! { (ui.t("decisions-check-found")) }))
            (facts([
                (ui.t("decisions-receipt-code"), ballot.code.clone()),
                (ui.t("decisions-own-vote"), said(&ui, ballot.choice.name(), ballot.picks.as_deref())),
                (ui.t("decisions-channel"), ui.t(&format!("decisions-channel-{}", ballot.channel.name())).into_owned()),
                (ui.t("decisions-own-area"), ui.area(ballot.area_hundredths)),
            ]))
        } @else if !code.is_empty() {
            (notice(&ui, Tone::Danger, html! { (ui.t("decisions-check-missing")) }))
        }
        (form(&ui, member.path(&format!("decisions/{id}/check")), html! {
            (field(&ui, "code", ui.t("decisions-receipt-code")).input(Input::Text).value(&code)
                .hint(ui.t("decisions-check-hint")).required())
        }).get().button(button(ui.t("decisions-check")).icon(Icon::Proof)))
        @if counted {
            (web_ui::actions(link_button(member.path(&format!("decisions/{id}/record")), ui.t("decisions-record-file")).quiet().icon(Icon::Download).download()))
        }
    }))
}
