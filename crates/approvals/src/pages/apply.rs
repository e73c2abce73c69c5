//! An applicant's forms: one for everything that is asked for together, papers once, submission, answers, withdrawal.

use axum::extract::{Path, Query};
use axum::response::Response;
use kernel::{CommunityId, Kind};
use maud::{Markup, html};
use serde::Deserialize;
use shell::{Failure, FlashKey, Form, Member, Uploads, flash_to};
use web_ui::{
    FormErrors, Heading, Icon, Input, Tone, Ui, button, checkbox, confirm, field, form, hidden,
    link_button, section, select, textarea,
};

use super::file::view_of;
use super::{execute_once, fresh_key, path_of, said};
use crate::model::{APPLY, MAX_TITLE};
use crate::{
    AddPaper, AnswerCorrection, CaseId, ChangeDraft, DraftApplication, Error, Form as Application,
    KnownDefinition, PaperId, RemovePaper, SubmitApplication, SubmitStages, WithdrawApplication,
    queries,
};

/// The form as typed; a stage is chosen by a field `stage-NAME`.
#[derive(Clone, Default, Deserialize)]
pub(super) struct Typed {
    #[serde(default)]
    process: String,
    #[serde(default)]
    title: String,
    #[serde(default)]
    code: String,
    #[serde(default)]
    place: String,
    #[serde(default)]
    applicant: String,
    #[serde(default)]
    contact: String,
    #[serde(default)]
    phone: String,
    #[serde(default)]
    note: String,
    #[serde(flatten)]
    rest: std::collections::BTreeMap<String, String>,
}

impl Typed {
    fn application(&self) -> Application {
        let text = |text: &str| text.trim().to_owned();
        Application {
            title: text(&self.title),
            code: text(&self.code),
            place: text(&self.place),
            applicant: text(&self.applicant),
            contact: text(&self.contact),
            phone: text(&self.phone),
            note: text(&self.note),
            stages: stages(&self.rest),
        }
    }

    fn of(process: &str, form: &Application) -> Self {
        let form = form.clone();
        let rest = form.stages.iter();
        Self {
            process: process.to_owned(),
            rest: rest
                .map(|stage| (format!("stage-{stage}"), "on".to_owned()))
                .collect(),
            title: form.title,
            code: form.code,
            place: form.place,
            applicant: form.applicant,
            contact: form.contact,
            phone: form.phone,
            note: form.note,
        }
    }
}

/// The stages that were ticked.
fn stages(fields: &std::collections::BTreeMap<String, String>) -> Vec<String> {
    let ticked = fields.keys().filter_map(|name| name.strip_prefix("stage-"));
    ticked.map(str::to_owned).collect()
}

#[derive(Deserialize)]
pub(super) struct Chosen {
    #[serde(default)]
    process: String,
}

pub(super) async fn new(
    member: Member,
    Query(Chosen { process }): Query<Chosen>,
) -> Result<Markup, Failure> {
    member.context()?.require(APPLY).map_err(Failure::from)?;
    let known = in_force(&member).await?;
    if known.iter().any(|one| one.definition.id == process) {
        let typed = Typed {
            process,
            ..Typed::default()
        };
        return draft_page(&member, None, &typed, None).await;
    }
    let ui = member.ui();
    let heading = Heading::new(ui.t("approvals-new"))
        .crumb(member.path("approvals"), ui.t("approvals-title"))
        .lead(ui.t("approvals-new-lead"));
    let mut which = select(&ui, "process", ui.t("approvals-field-process")).required();
    for one in &known {
        which = which.option(&one.definition.id, said(&ui, &one.definition.title));
    }
    Ok(ui.page(
        heading,
        html! {
            (form(&ui, member.path("approvals/new"), html! { (which) }).get()
                .button(button(ui.t("approvals-next")).icon(Icon::Forward)))
        },
    ))
}

/// The newest version of each process that is in force.
async fn in_force(member: &Member) -> Result<Vec<KnownDefinition>, Failure> {
    let today = member.visitor.now.date();
    let mut known = member.read(queries::processes).await?;
    known.retain(|one| one.definition.from <= today);
    known.dedup_by(|later, first| later.definition.id == first.definition.id);
    Ok(known)
}

pub(super) async fn create(member: Member, Form(typed): Form<Typed>) -> Result<Response, Failure> {
    let command = DraftApplication {
        process: typed.process.clone(),
        form: typed.application(),
    };
    match member.execute(command).await {
        Ok(id) => flash_to(
            &path_of(&member, id),
            FlashKey(Tone::Success, "approvals-flash-drafted"),
        ),
        Err(failure) => refused(&member, None, &typed, failure).await,
    }
}

pub(super) async fn edit(
    member: Member,
    Path((_, id)): Path<(CommunityId, CaseId)>,
) -> Result<Markup, Failure> {
    let view = view_of(&member, id).await?;
    if view.row.number.is_some() {
        return Err(Error::NotADraft.into());
    }
    let typed = Typed::of(&view.row.process, &view.form);
    draft_page(&member, Some(id), &typed, None).await
}

pub(super) async fn change(
    member: Member,
    Path((_, id)): Path<(CommunityId, CaseId)>,
    Form(typed): Form<Typed>,
) -> Result<Response, Failure> {
    let command = ChangeDraft {
        case: id,
        process: typed.process.clone(),
        form: typed.application(),
    };
    match member.execute(command).await {
        Ok(()) => flash_to(
            &path_of(&member, id),
            FlashKey(Tone::Success, "approvals-flash-drafted"),
        ),
        Err(failure) => refused(&member, Some(id), &typed, failure).await,
    }
}

/// The form again with what was typed, if it can be corrected; any other failure goes on.
async fn refused(
    member: &Member,
    id: Option<CaseId>,
    typed: &Typed,
    failure: Failure,
) -> Result<Response, Failure> {
    if failure.kind != Kind::Invalid {
        return Err(failure);
    }
    let page = draft_page(member, id, typed, Some(failure.clone())).await?;
    Ok(failure.again(page))
}

async fn draft_page(
    member: &Member,
    id: Option<CaseId>,
    typed: &Typed,
    failure: Option<Failure>,
) -> Result<Markup, Failure> {
    let ui = member.ui();
    let errors = failure
        .map(|failure| failure.form_errors(&ui, "approvals", "title"))
        .unwrap_or_default();
    let known = in_force(member).await?;
    let definition = known
        .iter()
        .find(|one| one.definition.id == typed.process)
        .map(|one| one.definition.clone())
        .ok_or(Error::NoSuchPart { what: "process" })?;
    let (action, back) = match id {
        Some(id) => (format!("{}/edit", path_of(member, id)), path_of(member, id)),
        None => (member.path("approvals"), member.path("approvals")),
    };
    let heading = Heading::new(said(&ui, &definition.title))
        .crumb(member.path("approvals"), ui.t("approvals-title"))
        .lead(ui.t("approvals-draft-lead"));
    Ok(ui.page(
        heading,
        html! {
            (form(&ui, action, html! {
                (hidden("process", &typed.process))
                (fields(&ui, typed, &errors))
                (stage_choice(&ui, &definition, typed))
            })
            .errors(&ui, &errors)
            .guard_unsaved(&ui)
            .button(button(ui.t("approvals-save-draft")).icon(Icon::Check))
            .button(link_button(back, ui.t("approvals-back")).secondary()))
        },
    ))
}

fn fields(ui: &Ui, typed: &Typed, errors: &FormErrors) -> Markup {
    let line = |name: &'static str, key: &str, value: &str| {
        field(ui, name, ui.t(key))
            .value(value)
            .error(errors.of(name))
    };
    html! {
        (line("title", "approvals-field-title", &typed.title)
            .max_length(u32::try_from(MAX_TITLE).unwrap_or(u32::MAX)).required())
        (line("code", "approvals-field-code", &typed.code))
        (line("place", "approvals-field-place", &typed.place).hint(ui.t("approvals-to-submit")))
        (line("applicant", "approvals-field-applicant", &typed.applicant).hint(ui.t("approvals-to-submit")).autocomplete("organization"))
        (line("contact", "approvals-field-contact", &typed.contact).hint(ui.t("approvals-to-submit")).autocomplete("name"))
        (line("phone", "approvals-field-phone", &typed.phone).hint(ui.t("approvals-to-submit")).input(Input::Phone).autocomplete("tel"))
        (textarea(ui, "note", ui.t("approvals-field-note")).value(&typed.note).lines(4).error(errors.of("note")))
    }
}

/// The stages that can start together: whatever waits for nothing.
fn stage_choice(ui: &Ui, definition: &flow::Definition, typed: &Typed) -> Markup {
    let case = flow::Case::new(definition);
    let open = definition.stages.iter().enumerate().filter(|(place, _)| {
        let mut steps = crate::tasks::steps_of(definition, &case, *place, flow::StepState::Open);
        steps.next().is_some()
    });
    let open: Vec<_> = open.map(|(_, stage)| stage).collect();
    let only = open.len() == 1;
    section(
        ui.t("approvals-field-stages"),
        html! {
            p { (ui.t("approvals-stages-text")) }
            @for stage in open {
                @let name = format!("stage-{}", stage.id);
                @let checked = only || typed.rest.contains_key(&name);
                (checkbox(ui, name, said(ui, &stage.title)).checked(checked))
            }
        },
    )
}

/// A form of a file that carries the last event read, the key against sending twice, and what was ticked.
#[derive(Deserialize)]
pub(super) struct Sent {
    #[serde(default)]
    seen: String,
    #[serde(default)]
    key: String,
    #[serde(default)]
    stage: String,
    #[serde(default)]
    note: String,
    #[serde(default)]
    reason: String,
    #[serde(flatten)]
    rest: std::collections::BTreeMap<String, String>,
}

impl Sent {
    fn seen(&self) -> u32 {
        self.seen.parse().unwrap_or(0)
    }
}

pub(super) async fn submit(
    member: Member,
    Path((_, id)): Path<(CommunityId, CaseId)>,
    Form(sent): Form<Sent>,
) -> Result<Response, Failure> {
    match execute_once(&member, &sent.key, SubmitApplication { case: id }).await {
        Ok(_) => flash_to(
            &path_of(&member, id),
            FlashKey(Tone::Success, "approvals-flash-submitted"),
        ),
        Err(failure) if failure.kind == Kind::Invalid => {
            let view = view_of(&member, id).await?;
            let typed = Typed::of(&view.row.process, &view.form);
            refused(&member, Some(id), &typed, failure).await
        }
        Err(failure) => Err(failure),
    }
}

pub(super) async fn submit_stages(
    member: Member,
    Path((_, id)): Path<(CommunityId, CaseId)>,
    Form(sent): Form<Sent>,
) -> Result<Response, Failure> {
    let command = SubmitStages {
        case: id,
        seen: sent.seen(),
        stages: stages(&sent.rest),
    };
    execute_once(&member, &sent.key, command).await?;
    flash_to(
        &path_of(&member, id),
        FlashKey(Tone::Success, "approvals-flash-submitted"),
    )
}

pub(super) async fn answer(
    member: Member,
    Path((_, id)): Path<(CommunityId, CaseId)>,
    Form(sent): Form<Sent>,
) -> Result<Response, Failure> {
    let command = AnswerCorrection {
        case: id,
        seen: sent.seen(),
        stage: sent.stage.clone(),
        note: sent.note.clone(),
    };
    execute_once(&member, &sent.key, command).await?;
    flash_to(
        &path_of(&member, id),
        FlashKey(Tone::Success, "approvals-flash-corrected"),
    )
}

pub(super) async fn withdrawal(
    member: Member,
    Path((_, id)): Path<(CommunityId, CaseId)>,
) -> Result<Markup, Failure> {
    member.context()?.require(APPLY).map_err(Failure::from)?;
    let view = view_of(&member, id).await?;
    let ui = member.ui();
    let heading = Heading::new(ui.t("approvals-withdraw"))
        .crumb(member.path("approvals"), ui.t("approvals-title"))
        .crumb(path_of(&member, id), view.row.title.clone());
    let (seen, key) = (view.seen().to_string(), fresh_key(&member)?);
    let summary = html! {
        p { (ui.t("approvals-withdraw-text")) }
        (textarea(&ui, "reason", ui.t("approvals-field-reason")).lines(3).required())
    };
    let question = confirm(
        &ui,
        format!("{}/withdrawal", path_of(&member, id)),
        summary,
        &[("seen", &seen), ("key", &key)],
        button(ui.t("approvals-withdraw")).danger(),
        path_of(&member, id),
    );
    Ok(ui.page(heading, html! { (question) }))
}

pub(super) async fn withdraw(
    member: Member,
    Path((_, id)): Path<(CommunityId, CaseId)>,
    Form(sent): Form<Sent>,
) -> Result<Response, Failure> {
    let command = WithdrawApplication {
        case: id,
        seen: sent.seen(),
        reason: sent.reason.clone(),
    };
    execute_once(&member, &sent.key, command).await?;
    flash_to(
        &path_of(&member, id),
        FlashKey(Tone::Info, "approvals-flash-withdrawn"),
    )
}

pub(super) async fn add_paper(
    member: Member,
    Path((_, id)): Path<(CommunityId, CaseId)>,
    mut uploads: Uploads,
) -> Result<Response, Failure> {
    let file = uploads
        .take_file("file")
        .ok_or_else(|| Failure::malformed("file"))?;
    let command = AddPaper {
        case: id,
        paper: uploads.text("paper").to_owned(),
        name: file.name,
        media_type: file.media_type,
        content: file.content,
    };
    member.execute(command).await?;
    flash_to(
        &path_of(&member, id),
        FlashKey(Tone::Success, "approvals-flash-paper"),
    )
}

pub(super) async fn remove_paper(
    member: Member,
    Path((_, case, paper)): Path<(CommunityId, CaseId, PaperId)>,
) -> Result<Response, Failure> {
    member.execute(RemovePaper { case, paper }).await?;
    flash_to(
        &path_of(&member, case),
        FlashKey(Tone::Info, "approvals-flash-paper-removed"),
    )
}
