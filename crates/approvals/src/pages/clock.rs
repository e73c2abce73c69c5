//! A stage's clock, drawn: how much of the limit is used, what happened on the way, and why it is due on that very day.

use flow::{Clock, StageReport};
use maud::{Markup, html};
use web_ui::{Shade, Step, StepState, Ui, badge, disclosure, share_bar, timeline};

use super::{day, lang, said};
use crate::FileView;

/// One submitted stage.
pub(super) fn stage_clock(ui: &Ui, view: &FileView, report: &StageReport) -> Markup {
    let due = &report.due;
    html! {
        p { (badges(ui, report)) }
        @if let Some((limit, _)) = due.limit {
            @let shade = match (due.late, due.clock) {
                (true, _) => Shade::Vermilion,
                (false, Clock::Stopped) => Shade::Mist,
                (false, _) => Shade::Jade,
            };
            @let whole = u64::from(limit.max(due.used));
            (share_bar(ui.t("approvals-limit-used"), whole.max(1))
                .part(shade, ui.t("approvals-used"), u64::from(due.used), ui.number(i64::from(due.used)))
                .rest(ui.t("approvals-left")))
        }
        (timeline(ui, steps(ui, view, report)))
        (disclosure(ui.t("approvals-why-that-day"), html! {
            @for line in report.explanation.get(lang(ui)).lines() { p { (line) } }
        }))
    }
}

/// Where the clock stands, in words.
fn badges(ui: &Ui, report: &StageReport) -> Markup {
    let due = &report.due;
    let (shade, key) = match due.clock {
        Clock::NotStarted => (Shade::Wall, "approvals-clock-not-started"),
        Clock::Running if due.late => (Shade::Vermilion, "approvals-clock-late"),
        Clock::Running => (Shade::Jade, "approvals-clock-running"),
        Clock::Stopped => (Shade::Mist, "approvals-clock-stopped"),
        Clock::Ended => (Shade::Tile, "approvals-clock-ended"),
        Clock::NoLimit => (Shade::Wall, "approvals-clock-no-limit"),
    };
    html! {
        (badge(shade, ui.t(key)))
        @if let Some(date) = due.date {
            " " strong { (ui.t_with("approvals-due", &[("date", day(ui, date).into())])) }
        }
        @if due.provisional { " " (badge(Shade::Wall, ui.t("approvals-provisional"))) }
    }
}

/// What happened on the way, and what is to come.
fn steps(ui: &Ui, view: &FileView, report: &StageReport) -> Vec<Step> {
    let Some(state) = view.case.stages.get(report.due.stage) else {
        return Vec::new();
    };
    let done = |key: &str, on: jiff::civil::Date| {
        Step::new(ui.t(key), StepState::Done).detail(html! { (day(ui, on)) })
    };
    let mut steps = Vec::new();
    steps.extend(
        state
            .submitted
            .map(|on| done("approvals-event-submitted", on)),
    );
    let asked = state.correction_asked;
    steps.extend(asked.map(|on| done("approvals-event-correction-asked", on)));
    steps.extend(
        state
            .corrected
            .map(|on| done("approvals-event-corrected", on)),
    );
    steps.extend(
        state
            .accepted
            .map(|on| done("approvals-event-accepted", on)),
    );
    for stop in &state.stops {
        let ground = report.due.stage_of(&view.definition).and_then(|stage| {
            let mut known = stage.suspensions.iter();
            known.find(|one| one.ground == stop.ground)
        });
        let ground = ground
            .map(|ground| said(ui, &ground.title))
            .unwrap_or_default();
        let state = if stop.to.is_some() {
            StepState::Done
        } else {
            StepState::Current
        };
        let until = stop.to.map_or_else(String::new, |to| day(ui, to));
        let detail = html! { (day(ui, stop.from)) " – " (until) };
        let title = ui.t_with("approvals-stopped-for", &[("ground", ground.into())]);
        steps.push(Step::new(title, state).detail(detail));
    }
    steps.extend(
        state
            .extended
            .map(|(on, _)| done("approvals-event-extended", on)),
    );
    steps.extend(state.refused.map(|on| done("approvals-event-refused", on)));
    if let Some((on, _)) = state.decided {
        steps.push(done("approvals-event-decided", on));
    } else if let Some(date) = report.due.date {
        let place = if report.due.late {
            StepState::Stopped
        } else {
            StepState::Upcoming
        };
        steps.push(Step::new(ui.t("approvals-last-day"), place).detail(html! { (day(ui, date)) }));
    }
    steps
}
