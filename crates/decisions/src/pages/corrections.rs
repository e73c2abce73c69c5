//! Corrections of votes that were recorded wrongly: proposed by one, confirmed or refused by another.

use axum::extract::{Path, Query};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use ballot::resolution::Choice;
use kernel::{CommunityId, Kind};
use maud::{Markup, html};
use serde::Deserialize;
use shell::{Failure, FlashKey, Form, Member, Uploads, download, flash_to};
use web_ui::{
    FormErrors, Heading, Icon, Shade, Tone, Ui, badge, button, card, choices, empty, facts, field,
    file_upload, form, link_button, section, textarea,
};

use super::path_of;
use crate::model::{CorrectionId, ResolutionId};
use crate::store::Correction;
use crate::{
    AddAttachment, ConfirmCorrection, Error, ProposeCorrection, RefuseCorrection, queries,
};

/// The word for a vote that is not the unit's.
const NONE: &str = "none";

pub(super) async fn page(
    member: Member,
    Path((_, id)): Path<(CommunityId, ResolutionId)>,
) -> Result<Markup, Failure> {
    let (resolution, corrections) = member
        .read(move |read, ctx| queries::corrections(read, ctx, id))
        .await?;
    let ui = member.ui();
    let new = member.path(&format!("decisions/{id}/corrections/new"));
    let heading = Heading::new(ui.t("decisions-corrections"))
        .crumb(member.path("decisions"), ui.t("decisions-title"))
        .crumb(path_of(&member, id), resolution.draft.title)
        .lead(ui.t("decisions-corrections-lead"))
        .actions(link_button(new, ui.t("decisions-correct")).icon(Icon::Edit));
    let mine = member.context()?.actor.uuid();
    Ok(ui.page(
        heading,
        html! {
            @if corrections.is_empty() {
                (empty(Icon::Check, ui.t("decisions-corrections-none")).text(ui.t("decisions-corrections-none-text")))
            }
            @for correction in &corrections {
                (correction_card(&member, &ui, id, correction, correction.proposed_by.uuid() == mine))
            }
        },
    ))
}

fn correction_card(
    member: &Member,
    ui: &Ui,
    id: ResolutionId,
    correction: &Correction,
    is_own: bool,
) -> Markup {
    let choice = correction.choice.map_or(NONE, Choice::name);
    let scan = member.path(&format!("decisions/{id}/attachments/{}", correction.scan));
    let at = |what: &str| {
        member.path(&format!(
            "decisions/{id}/corrections/{}/{what}",
            correction.id
        ))
    };
    let (shade, state) = match &correction.end {
        None => (Shade::Vermilion, "decisions-correction-waits"),
        Some(end) if end.is_confirmed => (Shade::Jade, "decisions-correction-confirmed"),
        Some(_) => (Shade::Wall, "decisions-correction-refused"),
    };
    let body = html! {
        (facts([
            (ui.t("decisions-correct-to"), html! { (ui.t(&format!("decisions-choice-{choice}"))) }),
            (ui.t("decisions-reason"), html! { (correction.reason) }),
            (ui.t("decisions-correct-proposed"), html! { (ui.moment(correction.proposed_at.micros())) }),
            (ui.t("decisions-correct-entry"), html! { (correction.vote_position) }),
        ]))
        (web_ui::actions(link_button(scan, ui.t("decisions-correct-scan-open")).secondary().icon(Icon::Attachment)))
        @match &correction.end {
            Some(end) => { p { (ui.date_time(end.ended_at.micros())) " " (end.remark) } }
            None => {
                @if is_own { p.hint { (ui.t("decisions-error-same-hand")) } } @else {
                    (form(ui, at("confirmation"), html! {})
                        .button(button(ui.t("decisions-correct-confirm")).icon(Icon::Check)))
                }
                (form(ui, at("refusal"), html! {
                    (textarea(ui, "text", ui.t("decisions-reason")).lines(2).required())
                }).button(button(ui.t(if is_own { "decisions-correct-take-back" } else { "decisions-correct-refuse" })).secondary()))
            }
        }
    };
    html! { (card(correction.label.clone(), body).status(badge(shade, ui.t(state)))) }
}

/// The form as typed.
#[derive(Clone, Default, Deserialize)]
pub(super) struct Typed {
    #[serde(default)]
    building: String,
    #[serde(default)]
    unit: String,
    #[serde(default)]
    choice: String,
    #[serde(default)]
    reason: String,
}

pub(super) async fn new(
    member: Member,
    Path((_, id)): Path<(CommunityId, ResolutionId)>,
    Query(typed): Query<Typed>,
) -> Result<Markup, Failure> {
    member
        .context()?
        .require(crate::model::CORRECT)
        .map_err(Failure::from)?;
    form_page(&member, id, &typed, None).await
}

async fn form_page(
    member: &Member,
    id: ResolutionId,
    typed: &Typed,
    failure: Option<&Failure>,
) -> Result<Markup, Failure> {
    let view = member
        .read(move |read, ctx| queries::view(read, ctx, id))
        .await?;
    let ui = member.ui();
    let mut errors = FormErrors::new();
    if let Some(failure) = failure {
        errors.add("building", failure.sentence(&ui.messages, ui.language));
    }
    let follow = view
        .resolution
        .publication
        .as_ref()
        .is_some_and(|publication| publication.terms.rules.follow_allowed);
    let mut choice = choices(&ui, "choice", ui.t("decisions-correct-to"))
        .selected(&typed.choice)
        .required();
    let offered = [Choice::For, Choice::Against, Choice::Abstain]
        .into_iter()
        .chain(follow.then_some(Choice::Follow))
        .map(Choice::name)
        .chain([NONE]);
    for name in offered {
        let key = format!("decisions-choice-{name}");
        choice = choice.choice(web_ui::Choice::new(name, ui.t(&key)));
    }
    let heading = Heading::new(ui.t("decisions-correct"))
        .crumb(member.path("decisions"), ui.t("decisions-title"))
        .crumb(path_of(member, id), view.resolution.draft.title)
        .lead(ui.t("decisions-correct-lead"));
    let back = member.path(&format!("decisions/{id}/corrections"));
    let fields = html! {
        (field(&ui, "building", ui.t("decisions-building")).value(&typed.building).error(errors.of("building")).required())
        (field(&ui, "unit", ui.t("decisions-own-unit")).value(&typed.unit).required())
        (choice)
        (textarea(&ui, "reason", ui.t("decisions-reason")).value(&typed.reason).lines(3)
            .hint(ui.t("decisions-correct-reason-hint")).required())
        (file_upload(&ui, "file", ui.t("decisions-correct-scan")).hint(ui.t("decisions-correct-scan-hint"))
            .accept(".pdf,.jpg,.png,.mp3,.m4a,.wav").required())
    };
    Ok(ui.page(
        heading,
        section(
            html! {},
            form(&ui, back.clone(), fields)
                .multipart()
                .errors(&ui, &errors)
                .button(button(ui.t("decisions-correct-send")).icon(Icon::Check))
                .button(link_button(back, ui.t("decisions-back")).secondary()),
        ),
    ))
}

pub(super) async fn propose(
    member: Member,
    Path((_, id)): Path<(CommunityId, ResolutionId)>,
    mut uploads: Uploads,
) -> Result<Response, Failure> {
    let typed = Typed {
        building: uploads.text("building").to_owned(),
        unit: uploads.text("unit").to_owned(),
        choice: uploads.text("choice").to_owned(),
        reason: uploads.text("reason").to_owned(),
    };
    match send(&member, id, &typed, &mut uploads).await {
        Ok(()) => flash_to(
            &member.path(&format!("decisions/{id}/corrections")),
            FlashKey(Tone::Success, "decisions-flash-correction-proposed"),
        ),
        Err(failure)
            if matches!(
                failure.kind,
                Kind::Invalid | Kind::Conflict | Kind::NotFound
            ) =>
        {
            let page = form_page(&member, id, &typed, Some(&failure)).await?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
        }
        Err(failure) => Err(failure),
    }
}

/// The scan goes into the record first; the correction names it.
async fn send(
    member: &Member,
    id: ResolutionId,
    typed: &Typed,
    uploads: &mut Uploads,
) -> Result<(), Failure> {
    let (building, number) = (typed.building.clone(), typed.unit.clone());
    let unit = member
        .read(move |read, ctx| queries::find_unit(read, ctx, id, &building, &number))
        .await?;
    let choice = match typed.choice.as_str() {
        NONE => None,
        name => Some(
            name.parse()
                .map_err(|_| Failure::from(Error::Blank { field: "choice" }))?,
        ),
    };
    if typed.reason.trim().is_empty() {
        return Err(Error::Blank { field: "reason" }.into());
    }
    let file = uploads
        .take_file("file")
        .ok_or_else(|| Failure::from(Error::Blank { field: "file" }))?;
    let scan = AddAttachment {
        resolution: id,
        evidence: true,
        name: file.name,
        media_type: file.media_type,
        content: file.content,
    };
    let scan = member.execute(scan).await?;
    let correction = ProposeCorrection {
        resolution: id,
        unit,
        choice,
        reason: typed.reason.clone(),
        scan,
    };
    member.execute(correction).await?;
    Ok(())
}

pub(super) async fn confirm(
    member: Member,
    Path((_, resolution, correction)): Path<(CommunityId, ResolutionId, CorrectionId)>,
) -> Result<Response, Failure> {
    let command = ConfirmCorrection {
        resolution,
        correction,
    };
    member.execute(command).await?;
    flash_to(
        &member.path(&format!("decisions/{resolution}/corrections")),
        FlashKey(Tone::Success, "decisions-flash-correction-confirmed"),
    )
}

#[derive(Deserialize)]
pub(super) struct Words {
    #[serde(default)]
    text: String,
}

pub(super) async fn refuse(
    member: Member,
    Path((_, resolution, correction)): Path<(CommunityId, ResolutionId, CorrectionId)>,
    Form(Words { text }): Form<Words>,
) -> Result<Response, Failure> {
    let command = RefuseCorrection {
        resolution,
        correction,
        remark: text,
    };
    member.execute(command).await?;
    flash_to(
        &member.path(&format!("decisions/{resolution}/corrections")),
        FlashKey(Tone::Info, "decisions-flash-correction-refused"),
    )
}

/// The record that an earlier count published.
pub(super) async fn earlier_record(
    member: Member,
    Path((_, id, position)): Path<(CommunityId, ResolutionId, u64)>,
) -> Result<Response, Failure> {
    let record = member
        .read(move |read, ctx| queries::earlier_record(read, ctx, id, position))
        .await?;
    let name = format!("linli-record-{id}-{position}.json");
    Ok(download(&name, "application/json", record))
}
