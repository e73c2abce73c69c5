//! The page of one file: where it lies, who leads, when it is due and why, what is missing, what happened.

use axum::extract::Path;
use flow::{Clock, StageReport, StepState};
use kernel::CommunityId;
use maud::{Markup, html};
use shell::{Failure, Member};
use web_ui::{
    Button, Heading, Icon, Shade, Tone, Ui, actions, badge, button, checkbox, facts, form, hidden,
    link_button, needs_you, notice, section, textarea,
};

use super::clock::stage_clock;
use super::list::card_badge;
use super::papers::papers_part;
use super::past::{history_part, readings_part};
use super::{day, due_badge, fresh_key, path_of, reading, said};
use crate::error::NOT_OPENED;
use crate::office::{lead, unit_text};
use crate::tasks::steps_of;
use crate::{CaseId, Error, FileView, TaskKind, queries};

pub(super) async fn page(
    member: Member,
    Path((_, id)): Path<(CommunityId, CaseId)>,
) -> Result<Markup, Failure> {
    let view = match view_of(&member, id).await {
        Err(failure) if failure.code == NOT_OPENED => return Ok(reading::ask(&member, id, None)),
        other => other?,
    };
    let ui = member.ui();
    let key = fresh_key(&member)?;
    let mut heading = Heading::new(view.row.title.clone())
        .crumb(member.path("approvals"), ui.t("approvals-title"))
        .status(state_badge(&ui, &view));
    if let Some(number) = &view.row.number {
        heading = heading.lead(html! { (number) " · " (said(&ui, &view.definition.title)) });
    }
    Ok(ui.page(
        heading,
        html! {
            @if view.row.number.is_none() { (draft_part(&member, &ui, &view, &key)) }
            (corrections(&member, &ui, &view, &key))
            (to_submit(&member, &ui, &view, &key))
            @for report in &view.report.stages { (stage_part(&member, &ui, &view, report)) }
            (papers_part(&member, &ui, &view))
            (form_part(&ui, &view))
            (cards_part(&ui, &view))
            (readings_part(&ui, &view))
            (history_part(&member, &ui, &view))
            (last_part(&member, &ui, &view))
        },
    ))
}

fn state_badge(ui: &Ui, view: &FileView) -> Markup {
    let (shade, key) = match () {
        () if view.row.number.is_none() => (Shade::Wall, "approvals-state-draft"),
        () if view.case.withdrawn.is_some() => (Shade::Tile, "approvals-state-withdrawn"),
        () if view.row.closed => (Shade::Tile, "approvals-state-closed"),
        () => (Shade::Jade, "approvals-state-running"),
    };
    badge(shade, ui.t(key))
}

/// A draft: what is missing, and the way to submit.
fn draft_part(member: &Member, ui: &Ui, view: &FileView, key: &str) -> Markup {
    let base = path_of(member, view.row.id);
    let stages = view.definition.stages.iter();
    let chosen: Vec<String> = stages
        .filter(|stage| view.form.stages.contains(&stage.id))
        .map(|stage| said(ui, &stage.title))
        .collect();
    section(
        ui.t("approvals-draft"),
        html! {
            p { (ui.t("approvals-draft-text")) }
            (facts([(ui.t("approvals-field-stages"), chosen.join("、"))]))
            (actions(html! {
                (link_button(format!("{base}/edit"), ui.t("approvals-edit")).secondary().icon(Icon::Edit))
            }))
            (form(ui, format!("{base}/submission"), html! { (hidden("key", key)) })
                .button(button(ui.t("approvals-submit")).icon(Icon::Check)))
        },
    )
}

/// What the applicant was told is missing.
fn corrections(member: &Member, ui: &Ui, view: &FileView, key: &str) -> Markup {
    let base = path_of(member, view.row.id);
    html! {
        @for report in view.report.stages.iter().filter(|report| !report.missing.is_empty() && !view.report.withdrawn) {
            (notice(ui, Tone::Warning, html! {
                ul { @for thing in &report.missing { li { (thing) } } }
            }).title(ui.t_with("approvals-missing-in", &[("stage", said(ui, &report.title).into())])))
            @if view.own {
                (form(ui, format!("{base}/correction"), html! {
                    p { (ui.t("approvals-correct-text")) }
                    (hidden("key", key)) (hidden("seen", view.seen())) (hidden("stage", &report.stage))
                    (textarea(ui, "note", ui.t("approvals-correct-note")).lines(3))
                }).button(button(ui.t("approvals-correct")).icon(Icon::Check)))
            }
        }
    }
}

/// Stages that have come to be open.
fn to_submit(member: &Member, ui: &Ui, view: &FileView, key: &str) -> Markup {
    let open = view
        .tasks
        .iter()
        .filter(|task| task.kind == TaskKind::Submit);
    let open: Vec<_> = open
        .filter_map(|task| view.definition.stage(&task.stage))
        .collect();
    if !view.own || view.row.number.is_none() || open.is_empty() {
        return html! {};
    }
    let base = path_of(member, view.row.id);
    section(ui.t("approvals-next-stages"), form(ui, format!("{base}/stages"), html! {
        p { (ui.t("approvals-next-stages-text")) }
        (hidden("key", key)) (hidden("seen", view.seen()))
        @for stage in &open {
            (checkbox(ui, format!("stage-{}", stage.id), said(ui, &stage.title)).checked(open.len() == 1))
        }
    }).button(button(ui.t("approvals-submit-stages")).icon(Icon::Check)))
}

/// A submitted stage: clock, lead, who is waited for, steps, and what this clerk can do.
fn stage_part(member: &Member, ui: &Ui, view: &FileView, report: &StageReport) -> Markup {
    let holder = view.office.holder(&report.lead);
    let lead = unit_text(&view.definition, &view.office, &report.lead);
    let acts = possible_acts(member, ui, view, report);
    let code = report.exchange_code.map_or_else(
        || "–".to_owned(),
        |code| {
            format!(
                "{code}（{}）",
                said(ui, &view.definition.exchange_status.text())
            )
        },
    );
    section(
        said(ui, &report.title),
        html! {
            (stage_clock(ui, view, report))
            (facts([
                (ui.t("approvals-lead-unit"), said(ui, &lead)),
                (ui.t("approvals-held-by"), holder.map_or_else(|| ui.t("approvals-held-by-nobody").into_owned(), |one| one.name.clone())),
                (ui.t("approvals-exchange-code"), code),
            ]))
            (waiting_part(ui, view, report))
            (steps_part(member, ui, view, report))
            @if !acts.is_empty() { (actions(html! { @for act in &acts { (act) } })) }
        },
    )
}

fn waiting_part(ui: &Ui, view: &FileView, report: &StageReport) -> Markup {
    html! {
        @for (unit, last) in &report.waiting_for {
            @let unit = said(ui, &unit_text(&view.definition, &view.office, unit));
            @let last = last.map(|last| day(ui, last)).unwrap_or_default();
            p { (ui.t_with("approvals-waits-for", &[("unit", unit.into()), ("date", last.into())])) }
        }
    }
}

/// The stage's steps: done, open with its unit, waiting.
fn steps_part(member: &Member, ui: &Ui, view: &FileView, report: &StageReport) -> Markup {
    let place = report.due.stage;
    let running = report.due.clock != Clock::Ended;
    let of = |wanted| steps_of(&view.definition, &view.case, place, wanted);
    // A step that could be done, but whose stage is not taken in yet, is nobody's task.
    let in_hand = |id: &str| {
        view.tasks
            .iter()
            .any(|task| task.step.as_deref() == Some(id))
    };
    html! {
        ul {
            @for step in of(StepState::Done) { li { (badge(Shade::Jade, ui.t("approvals-step-done"))) " " (said(ui, &step.title)) } }
            @for task in view.tasks.iter().filter(|task| task.kind == TaskKind::Step && task.stage == report.stage) {
                @if let Some((_, step)) = task.step.as_deref().and_then(|step| view.definition.step(step)) {
                    li {
                        (badge(Shade::Mist, ui.t("approvals-step-open"))) " " (said(ui, &step.title)) " · "
                        (said(ui, &unit_text(&view.definition, &view.office, &task.unit))) " "
                        @if view.holds(&task.unit) && member.may(crate::HANDLE) && running {
                            a href=(act_path(member, view, "finish", &[("step", &step.id)])) { (ui.t("approvals-act-finish")) }
                        }
                    }
                }
            }
            @for step in of(StepState::Open).filter(|step| !in_hand(&step.id)) {
                li { (badge(Shade::Wall, ui.t("approvals-step-waiting"))) " " (said(ui, &step.title)) }
            }
            @for step in of(StepState::Waiting) { li { (badge(Shade::Wall, ui.t("approvals-step-waiting"))) " " (said(ui, &step.title)) } }
        }
    }
}

/// What this clerk's unit can do to the stage now, as links to the forms.
fn possible_acts(member: &Member, ui: &Ui, view: &FileView, report: &StageReport) -> Vec<Button> {
    let (Some(state), Some(stage)) = (
        view.case.stages.get(report.due.stage),
        report.due.stage_of(&view.definition),
    ) else {
        return Vec::new();
    };
    let over = state.decided.is_some() || state.refused.is_some() || view.report.withdrawn;
    if over || !member.may(crate::HANDLE) || view.own {
        return Vec::new();
    }
    let mut names: Vec<&str> = Vec::new();
    let leads =
        lead(&view.definition, &view.case, &report.stage).is_ok_and(|unit| view.holds(&unit));
    match (leads, state.accepted.is_some()) {
        (true, false) => {
            let waits = state.correction_asked.is_some() && state.corrected.is_none();
            names.extend((!waits).then_some("accept"));
            names.extend(state.correction_asked.is_none().then_some("ask_correction"));
            names.push("refuse");
        }
        (true, true) => {
            let stopped = state.is_stopped();
            names.extend((!stopped).then_some("decide"));
            names.extend(stopped.then_some("resume"));
            names.extend((!stopped && !stage.suspensions.is_empty()).then_some("suspend"));
            names.push("ask");
            let extends = stage.extension.is_some() && state.extended.is_none();
            names.extend(extends.then_some("extend"));
            names.push("hand_over");
        }
        (false, _) => {}
    }
    let mut buttons: Vec<Button> = Vec::new();
    for asked in state.asked.iter().filter(|asked| asked.replied.is_none()) {
        if view.holds(&asked.unit) {
            let path = act_path(
                member,
                view,
                "reply",
                &[("stage", &report.stage), ("unit", &asked.unit)],
            );
            buttons.push(link_button(path, ui.t("approvals-act-reply")).icon(Icon::Edit));
        }
    }
    for name in names {
        let path = act_path(member, view, name, &[("stage", &report.stage)]);
        let label = ui.t(&format!("approvals-act-{}", name.replace('_', "-")));
        let first = matches!(name, "accept" | "decide" | "resume");
        let link = link_button(path, label);
        buttons.push(if first { link } else { link.secondary() });
    }
    buttons
}

pub(super) fn act_path(
    member: &Member,
    view: &FileView,
    act: &str,
    with: &[(&str, &str)],
) -> String {
    let (base, seen) = (path_of(member, view.row.id), view.seen());
    let mut path = format!("{base}/acts?act={act}&seen={seen}");
    for (name, value) in with {
        path.extend(["&", name, "=", value]);
    }
    path
}

fn form_part(ui: &Ui, view: &FileView) -> Markup {
    let form = &view.form;
    let pairs = [
        ("approvals-field-code", &form.code),
        ("approvals-field-place", &form.place),
        ("approvals-field-applicant", &form.applicant),
        ("approvals-field-contact", &form.contact),
        ("approvals-field-phone", &form.phone),
        ("approvals-field-note", &form.note),
    ];
    let filled = pairs.into_iter().filter(|(_, text)| !text.is_empty());
    section(
        ui.t("approvals-form"),
        facts(filled.map(|(key, text)| (ui.t(key), text.clone()))),
    )
}

fn cards_part(ui: &Ui, view: &FileView) -> Markup {
    html! {
        @if !view.cards.is_empty() {
            (section(ui.t("approvals-cards"), html! { ul {
                @for one in &view.cards {
                    @let unit = said(ui, &unit_text(&view.definition, &view.office, &one.card.unit));
                    li {
                        (card_badge(ui, one)) " " (unit)
                        @if !one.card.escalated_to.is_empty() {
                            " → " (said(ui, &view.definition.unit_title(&one.card.escalated_to)))
                        }
                        " · " (ui.date_time(one.issued_at.micros()))
                    }
                }
            } }))
        }
    }
}

fn last_part(member: &Member, ui: &Ui, view: &FileView) -> Markup {
    html! {
        @if view.own && view.row.number.is_some() && !view.row.closed {
            (actions(link_button(format!("{}/withdrawal", path_of(member, view.row.id)), ui.t("approvals-withdraw")).danger()))
        }
        @if let Some(task) = view.tasks.iter().find(|task| !task.kind.is_applicants() && view.holds(&task.unit) && task.late) {
            (needs_you(ui, ui.t("approvals-late-here"), html! { (due_badge(ui, task)) }, link_button(member.path("approvals"), ui.t("approvals-queue"))))
        }
    }
}

/// The file, for forms that need it whole.
pub(super) async fn view_of(member: &Member, id: CaseId) -> Result<FileView, Failure> {
    member
        .read(move |read, ctx| queries::file(read, ctx, id))
        .await
}

/// For forms of clerks: an applicant has nothing to do there.
pub(super) fn not_own(view: &FileView) -> Result<(), Failure> {
    if view.own {
        return Err(Error::NoSuchCase.into());
    }
    Ok(())
}
