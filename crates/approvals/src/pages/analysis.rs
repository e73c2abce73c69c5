//! How the files of a process really went: the figures of its event log, the process drawn, and both to take along.

use axum::extract::Query;
use axum::response::Response;
use event_log::{Analyser, Analysis, Kind, LoggedCase, LoggedEvent, draw_analysis, write_xes};
use flow::Definition;
use maud::{Markup, PreEscaped, html};
use serde::Deserialize;
use shell::{Failure, Member, download};
use web_ui::{
    Column, Heading, Icon, Ui, actions, button, disclosure, empty, facts, form, link_button,
    section, select, table,
};

use super::{lang, outcome_title, said};
use crate::supervision::{PastOf, log_of};

/// How many edges and variants are listed.
const LISTED: usize = 20;
const DAY_US: i64 = 86_400_000_000;

/// Which process.
#[derive(Deserialize)]
pub(super) struct Asked {
    #[serde(default)]
    process: String,
}

pub(super) async fn page(
    member: Member,
    Query(Asked { process }): Query<Asked>,
) -> Result<Markup, Failure> {
    let ui = member.ui();
    let mut past = member
        .read(move |read, ctx| log_of(read, ctx, &process))
        .await?;
    let titled = |event: &mut LoggedEvent| {
        event.activity = titled(&ui, &past.definition, &event.activity);
    };
    past.answer
        .iter_mut()
        .flat_map(|case| &mut case.events)
        .for_each(titled);
    let heading = Heading::new(ui.t("approvals-analysis"))
        .crumb(member.path("approvals"), ui.t("approvals-title"))
        .crumb(
            member.path("approvals/supervision"),
            ui.t("approvals-supervision"),
        )
        .lead(ui.t("approvals-analysis-lead"));
    let mut which =
        select(&ui, "process", ui.t("approvals-column-process")).selected(&past.definition.id);
    for (id, title) in &past.processes {
        which = which.option(id, said(&ui, title));
    }
    let chosen = |rest: &str| {
        member.path(&format!(
            "approvals/analysis/{rest}?process={}",
            past.definition.id
        ))
    };
    let found = analysed(&past.answer)?;
    Ok(ui.page(heading, html! {
        (form(&ui, member.path("approvals/analysis"), html! { (which) }).get()
            .button(button(ui.t("approvals-analysis-ask")).icon(Icon::Forward)))
        (actions(html! {
            (link_button(chosen("log.xes"), ui.t("approvals-analysis-xes")).secondary().icon(Icon::Download))
            (link_button(chosen("process.bpmn"), ui.t("approvals-analysis-bpmn")).secondary().icon(Icon::Download))
        }))
        @match &found {
            None => (empty(Icon::History, ui.t("approvals-analysis-none"))),
            Some(found) => (figures(&ui, &past, found)),
        }
    }))
}

/// An activity in the reader's words: a step by its title, what happened to a stage or to the whole file by its message.
fn titled(ui: &Ui, definition: &Definition, activity: &str) -> String {
    let event = |name: &str| ui.t(&format!("approvals-event-{}", name.replace('_', "-")));
    if let Some((stage, name)) = activity.split_once(": ") {
        let title = definition.stage(stage);
        let title = title.map_or_else(|| stage.to_owned(), |stage| said(ui, &stage.title));
        return format!("{title}: {}", event(name));
    }
    let (step, outcome) = match activity.split_once('=') {
        Some((step, outcome)) => (step, Some(outcome)),
        None => (activity, None),
    };
    let Some((_, step)) = definition.step(step) else {
        return event(step).into_owned();
    };
    let title = said(ui, &step.title);
    match outcome {
        Some(outcome) => format!("{title}：{}", outcome_title(ui, step, outcome)),
        None => title,
    }
}

/// The log read as any other, through the XES that also goes out; none if it is empty.
fn analysed(log: &[LoggedCase]) -> Result<Option<Analysis>, Failure> {
    if log.iter().all(|case| case.events.is_empty()) {
        return Ok(None);
    }
    let failed = |error: event_log::Error| Failure::internal("the analysis", &error);
    let mut analyser = Analyser::new();
    // A column that no file has yet would be refused as a wrong one: nothing was taken in, or nothing was closed.
    let column = |known: fn(&LoggedCase) -> Option<i64>, name: &str| {
        let is_there = log.iter().any(|case| known(case).is_some());
        is_there.then(|| name.to_owned())
    };
    let columns = event_log::Columns {
        due: column(|case| case.due, "due"),
        end: column(|case| case.end, "end"),
        ..event_log::Columns::default()
    };
    event_log::read(
        write_xes(log).as_bytes(),
        Kind::Xes,
        &columns,
        &mut analyser,
    )
    .map_err(failed)?;
    Ok(Some(analyser.finish().map_err(failed)?))
}

fn figures(ui: &Ui, past: &PastOf<Vec<LoggedCase>>, found: &Analysis) -> Markup {
    let number = |count: u64| ui.number(i64::try_from(count).unwrap_or(i64::MAX));
    let size = |count: usize| ui.number(i64::try_from(count).unwrap_or(i64::MAX));
    let mut pairs = vec![
        (ui.t("approvals-analysis-cases"), number(found.cases)),
        (ui.t("approvals-analysis-events"), number(found.events)),
        (ui.t("approvals-analysis-variants"), size(found.variants)),
        (ui.t("approvals-analysis-edges"), size(found.dfg_edges)),
        (
            ui.t("approvals-analysis-median"),
            days(ui, found.throughput.median_us),
        ),
        (
            ui.t("approvals-analysis-p90"),
            days(ui, found.throughput.p90_us),
        ),
        (
            ui.t("approvals-analysis-rework"),
            number(found.rework.cases),
        ),
    ];
    if let Some(on_time) = &found.on_time_with_open {
        pairs.push((
            ui.t("approvals-analysis-on-time"),
            on_time_said(ui, on_time),
        ));
    }
    html! {
        (section(ui.t("approvals-analysis-figures"), html! {
            (facts(pairs))
            @if past.is_cut { p { (ui.t("approvals-steps-out-cut")) } }
        }))
        (section(ui.t("approvals-analysis-drawn"), html! {
            div.table-frame tabindex="0" role="group" aria-label=(ui.t("approvals-analysis-drawn")) { (PreEscaped(draw_analysis(found))) }
        }))
        (section(ui.t("approvals-analysis-bottlenecks"), edges(ui, found)))
        (section(ui.t("approvals-analysis-variants"), variants(ui, found)))
    }
}

fn days(ui: &Ui, microseconds: i64) -> String {
    let days = microseconds / DAY_US;
    ui.t_with("approvals-analysis-days", &[("days", days.into())])
        .into_owned()
}

/// On time among the closed; those open past their day are late for certain, the others can't be told yet.
fn on_time_said(ui: &Ui, on_time: &event_log::OnTime) -> String {
    let share = match on_time.closed {
        0 => "–".to_owned(),
        closed => ui.share(on_time.closed_on_time, closed),
    };
    let values = [
        ("share", share.into()),
        ("closed", on_time.closed.into()),
        ("overdue", on_time.open_overdue.into()),
        ("open", on_time.open_not_due.into()),
    ];
    ui.t_with("approvals-analysis-on-time-said", &values)
        .into_owned()
}

fn edges(ui: &Ui, found: &Analysis) -> Markup {
    let columns = [
        Column::text(ui.t("approvals-analysis-from")),
        Column::text(ui.t("approvals-analysis-to")),
        Column::number(ui.t("approvals-column-times")),
        Column::text(ui.t("approvals-analysis-median")),
    ];
    let cells = found.bottlenecks.iter().take(LISTED).map(|edge| {
        vec![
            html! { (edge.from) },
            html! { (edge.to) },
            html! { (ui.number(i64::try_from(edge.count).unwrap_or(i64::MAX))) },
            html! { (days(ui, edge.wait.median_us)) },
        ]
    });
    html! { (table(ui, ui.t("approvals-analysis-bottlenecks"), columns).rows(cells)) }
}

fn variants(ui: &Ui, found: &Analysis) -> Markup {
    html! {
        @for variant in found.variant_list.iter().take(LISTED) {
            @let cases = [("count", variant.cases.into())];
            (disclosure(ui.t_with("approvals-analysis-variant", &cases), html! { p { (variant.activities.join(" → ")) } }))
        }
    }
}

/// The log as XES; activities bear the names that the process has for them.
pub(super) async fn xes(
    member: Member,
    Query(Asked { process }): Query<Asked>,
) -> Result<Response, Failure> {
    let past = member
        .read(move |read, ctx| log_of(read, ctx, &process))
        .await?;
    let name = format!("{}.xes", past.definition.id);
    Ok(download(&name, "application/xml", write_xes(&past.answer)))
}

/// The process as BPMN 2.0.
pub(super) async fn bpmn(
    member: Member,
    Query(Asked { process }): Query<Asked>,
) -> Result<Response, Failure> {
    let titles = lang(&member.ui());
    let past = member
        .read(move |read, ctx| log_of(read, ctx, &process))
        .await?;
    let name = format!("{}.bpmn", past.definition.id);
    Ok(download(
        &name,
        "application/xml",
        flow::bpmn(&past.definition, titles),
    ))
}
