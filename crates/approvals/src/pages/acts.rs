//! A clerk's forms: one page an act, with what the act needs, the time it took effect, and what the clerk had read.

use axum::extract::{Path, Query};
use axum::response::Response;
use flow::Decision;
use kernel::{CommunityId, Kind};
use maud::{Markup, html};
use serde::Deserialize;
use shell::{Failure, FlashKey, Form, Member, flash_to};
use web_ui::{
    Choice, FormErrors, Heading, Icon, Input, Tone, Ui, button, choices, citation, disclosure,
    field, form, hidden, link_button, select, textarea,
};

use super::file::{not_own, view_of};
use super::{execute_once, fresh_key, instant, path_of, said};
use crate::model::HANDLE;
use crate::{Act, CaseId, Error, FileView, HandleCase};

/// The form as typed.
#[derive(Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Typed {
    act: String,
    stage: String,
    step: String,
    unit: String,
    of: String,
    ground: String,
    days: String,
    approved_by: String,
    reason: String,
    missing: String,
    outcome: String,
    result: String,
    at: String,
    entered_late: String,
    seen: u32,
    key: String,
}

impl Typed {
    fn act(&self) -> Result<Act, Failure> {
        let (stage, reason) = (self.stage.clone(), self.reason.trim().to_owned());
        Ok(match self.act.as_str() {
            "accept" => Act::Accept { stage },
            "refuse" => Act::Refuse { stage, reason },
            "ask_correction" => {
                let lines = self.missing.lines().map(str::trim);
                let missing = lines.filter(|line| !line.is_empty()).map(str::to_owned);
                let missing = missing.collect();
                Act::AskCorrection { stage, missing }
            }
            "suspend" => Act::Suspend {
                stage,
                ground: chosen(&self.ground, "ground")?,
            },
            "resume" => Act::Resume { stage },
            "extend" => Act::Extend {
                stage,
                days: chosen(&self.days, "days")?.parse().unwrap_or(0),
                approved_by: self.approved_by.trim().to_owned(),
                reason,
            },
            "ask" => Act::Ask {
                stage,
                unit: chosen(&self.unit, "unit")?,
            },
            "reply" => Act::Reply {
                stage,
                unit: self.unit.clone(),
                reply: reason,
            },
            "hand_over" => Act::HandOver {
                stage,
                to: chosen(&self.unit, "unit")?,
                reason,
            },
            "finish" => Act::Finish {
                step: self.step.clone(),
                outcome: Some(self.outcome.clone()).filter(|outcome| !outcome.is_empty()),
            },
            "decide" => Act::Decide {
                stage,
                result: decision(&self.result)?,
                reason,
            },
            "retract" => Act::Retract {
                of: self.of.clone(),
                reason,
            },
            _ => return Err(Error::NoSuchPart { what: "act" }.into()),
        })
    }
}

const DECISIONS: [(&str, Decision); 3] = [
    ("passed", Decision::Passed),
    ("passed_with_gaps", Decision::PassedWithGaps),
    ("failed", Decision::Failed),
];

fn decision(name: &str) -> Result<Decision, Failure> {
    let known = DECISIONS.iter().find(|(word, _)| *word == name);
    let blank = || Failure::from(Error::Blank { field: "result" });
    known.map(|(_, decision)| *decision).ok_or_else(blank)
}

/// What was chosen or filled in, which it must be.
fn chosen(value: &str, field: &'static str) -> Result<String, Failure> {
    match value.trim() {
        "" => Err(Error::Blank { field }.into()),
        value => Ok(value.to_owned()),
    }
}

pub(super) async fn form_page(
    member: Member,
    Path((_, id)): Path<(CommunityId, CaseId)>,
    Query(mut typed): Query<Typed>,
) -> Result<Markup, Failure> {
    member.context()?.require(HANDLE).map_err(Failure::from)?;
    typed.key = fresh_key(&member)?;
    if !Act::NAMES.contains(&typed.act.as_str()) {
        return Err(Error::NoSuchPart { what: "act" }.into());
    }
    page(&member, id, &typed, None).await
}

pub(super) async fn act(
    member: Member,
    Path((_, id)): Path<(CommunityId, CaseId)>,
    Form(typed): Form<Typed>,
) -> Result<Response, Failure> {
    let sent = match (typed.act(), instant(&typed.at)) {
        (Ok(act), Ok(at)) => {
            let command = HandleCase {
                case: id,
                seen: typed.seen,
                act,
                at,
                entered_late: typed.entered_late.clone(),
            };
            execute_once(&member, &typed.key, command).await
        }
        (Err(failure), _) | (_, Err(failure)) => Err(failure),
    };
    match sent {
        Ok(_) => flash_to(
            &path_of(&member, id),
            FlashKey(Tone::Success, "approvals-flash-done"),
        ),
        // What was typed is kept, whether it was wrong or somebody else was faster.
        Err(failure) if failure.is_correctable() => {
            let page = page(&member, id, &typed, Some(failure.clone())).await?;
            Ok(failure.again(page))
        }
        Err(failure) => Err(failure),
    }
}

async fn page(
    member: &Member,
    id: CaseId,
    typed: &Typed,
    failure: Option<Failure>,
) -> Result<Markup, Failure> {
    let view = view_of(member, id).await?;
    not_own(&view)?;
    let ui = member.ui();
    // Whoever was too late has now been told, and may look again; others keep what they had read.
    let too_late = failure
        .as_ref()
        .is_some_and(|failure| failure.kind == Kind::Conflict);
    let seen = if too_late || typed.seen == 0 {
        view.seen()
    } else {
        typed.seen
    };
    let errors = failure
        .map(|failure| failure.form_errors(&ui, "approvals", main_field(&typed.act)))
        .unwrap_or_default();
    let title = ui.t(&format!("approvals-act-{}", typed.act.replace('_', "-")));
    let place = place(&ui, &view, typed);
    let heading = Heading::new(title.clone())
        .crumb(member.path("approvals"), ui.t("approvals-title"))
        .crumb(path_of(member, id), view.row.title.clone())
        .lead(place);
    let fields = fields(&ui, &view, typed, &errors);
    Ok(ui.page(heading, html! {
        (form(&ui, format!("{}/acts", path_of(member, id)), html! {
            (fields)
            @for (name, value) in [("act", &typed.act), ("stage", &typed.stage), ("step", &typed.step), ("of", &typed.of), ("key", &typed.key)] {
                (hidden(name, value))
            }
            @if typed.act == "reply" { (hidden("unit", &typed.unit)) }
            (hidden("seen", seen))
            (disclosure(ui.t("approvals-entered-late"), html! {
                (field(&ui, "at", ui.t("approvals-field-at")).input(Input::DateTime).value(&typed.at).error(errors.of("at")))
                (textarea(&ui, "entered_late", ui.t("approvals-field-entered-late")).value(&typed.entered_late).lines(2)
                    .error(errors.of("entered_late")))
            }))
        })
        .errors(&ui, &errors)
        .button(button(title).icon(Icon::Check))
        .button(link_button(path_of(member, id), ui.t("approvals-back")).secondary()))
    }))
}

/// Where an error that belongs to no field is shown.
fn main_field(act: &str) -> &'static str {
    match act {
        "ask_correction" => "missing",
        "suspend" => "ground",
        "finish" => "outcome",
        "ask" => "unit",
        "decide" | "refuse" | "reply" | "hand_over" | "retract" | "extend" => "reason",
        _ => "at",
    }
}

/// The stage, step or event that it is about.
fn place(ui: &Ui, view: &FileView, typed: &Typed) -> String {
    let stage = view
        .definition
        .stage(&typed.stage)
        .map(|stage| &stage.title);
    let step = view
        .definition
        .step(&typed.step)
        .map(|(_, step)| &step.title);
    stage
        .or(step)
        .map(|title| said(ui, title))
        .unwrap_or_default()
}

fn fields(ui: &Ui, view: &FileView, typed: &Typed, errors: &FormErrors) -> Markup {
    let reason = |key: &str| {
        textarea(ui, "reason", ui.t(key))
            .value(&typed.reason)
            .lines(4)
            .error(errors.of("reason"))
            .required()
    };
    html! {
        p { (ui.t(&format!("approvals-act-{}-text", typed.act.replace('_', "-")))) }
        @match typed.act.as_str() {
            "ask_correction" => (textarea(ui, "missing", ui.t("approvals-field-missing")).value(&typed.missing).lines(6)
                .hint(ui.t("approvals-field-missing-hint")).error(errors.of("missing")).required()),
            "suspend" => (grounds(ui, view, typed, errors)),
            "extend" => { (extension(ui, view, typed, errors)) (reason("approvals-field-reason")) }
            "ask" | "hand_over" => {
                (units(ui, view, typed, errors))
                @if typed.act == "hand_over" { (reason("approvals-field-reason")) }
            }
            "reply" => (reason("approvals-field-reply")),
            "finish" => (outcomes(ui, view, typed, errors)),
            "decide" => {
                (results(ui, typed, errors))
                (reason("approvals-field-reason"))
            }
            "refuse" | "retract" => (reason("approvals-field-reason")),
            _ => {}
        }
    }
}

fn grounds(ui: &Ui, view: &FileView, typed: &Typed, errors: &FormErrors) -> Markup {
    let mut choice = choices(ui, "ground", ui.t("approvals-field-ground"))
        .selected(&typed.ground)
        .error(errors.of("ground"))
        .required();
    let stage = view.definition.stage(&typed.stage);
    for one in stage.into_iter().flat_map(|stage| &stage.suspensions) {
        let clause = said(ui, &one.source.clause);
        let status = said(ui, &one.source.status.text());
        choice = choice.choice(
            Choice::new(&one.ground, said(ui, &one.title)).text(format!("{clause} · {status}")),
        );
    }
    html! { (choice) }
}

fn extension(ui: &Ui, view: &FileView, typed: &Typed, errors: &FormErrors) -> Markup {
    let stage = view.definition.stage(&typed.stage);
    let extension = stage.and_then(|stage| stage.extension.as_ref());
    let Some(extension) = extension else {
        return html! {};
    };
    html! {
        (citation(ui, said(ui, &extension.source.clause), extension.source.status == policy::Status::Verified))
        (field(ui, "days", ui.t("approvals-field-days")).input(Input::Number).value(&typed.days)
            .between("1", extension.days.to_string()).error(errors.of("days")).required())
        (field(ui, "approved_by", ui.t("approvals-field-approved-by")).value(&typed.approved_by)
            .error(errors.of("approved_by")).required())
    }
}

fn units(ui: &Ui, view: &FileView, typed: &Typed, errors: &FormErrors) -> Markup {
    let stage = view.definition.stage(&typed.stage);
    let supports =
        |unit: &str| stage.is_some_and(|stage| stage.supporting.iter().any(|one| one.unit == unit));
    let mut which = select(ui, "unit", ui.t("approvals-field-unit"))
        .selected(&typed.unit)
        .error(errors.of("unit"))
        .required();
    let mut known: Vec<_> = view.definition.units.iter().collect();
    known.sort_by_key(|unit| !supports(&unit.id));
    for unit in known {
        which = which.option(&unit.id, said(ui, &unit.title));
    }
    html! { (which) }
}

fn outcomes(ui: &Ui, view: &FileView, typed: &Typed, errors: &FormErrors) -> Markup {
    let Some((_, step)) = view.definition.step(&typed.step) else {
        return html! {};
    };
    if step.outcomes.is_empty() {
        return html! {};
    }
    let mut choice = choices(ui, "outcome", ui.t("approvals-field-outcome"))
        .selected(&typed.outcome)
        .error(errors.of("outcome"))
        .required();
    for outcome in &step.outcomes {
        let follows = view.definition.steps.iter().filter(|next| {
            let comes_after = |(_, on): &(usize, Option<String>)| on.as_ref() == Some(&outcome.id);
            next.after.iter().any(comes_after)
        });
        let next: Vec<String> = follows.map(|next| said(ui, &next.title)).collect();
        let next = [("steps", next.join("、").into())];
        choice = choice.choice(
            Choice::new(&outcome.id, said(ui, &outcome.title))
                .text(ui.t_with("approvals-outcome-next", &next)),
        );
    }
    html! { (choice) }
}

fn results(ui: &Ui, typed: &Typed, errors: &FormErrors) -> Markup {
    let mut choice = choices(ui, "result", ui.t("approvals-field-result"))
        .selected(&typed.result)
        .error(errors.of("result"))
        .required();
    for (name, _) in DECISIONS {
        let key = format!("approvals-event-{}", name.replace('_', "-"));
        choice = choice.choice(Choice::new(name, ui.t(&key)));
    }
    html! { (choice) }
}
