//! Fewer steps: choose changes of a process, and see what the files of the past would have taken.

use axum::extract::Query;
use axum::response::Response;
use documents::Cell;
use flow::{Change, Definition, Refused, Spans, Taken, Takes, WhatIf};
use maud::{Markup, html};
use serde::Deserialize;
use shell::{Failure, Member};
use web_ui::{
    Column, Heading, Icon, Input, Tone, Ui, button, disclosure, empty, field, form, notice,
    section, select, table,
};

use super::export::{file, sheet};
use super::said;
use crate::supervision::{PastOf, fewer_steps};

/// How many changes a form has room for.
const CHANGES: usize = 3;

/// How many files the page shows; the export has all.
const SHOWN: usize = 50;

/// The form as typed: fields `change-1`, `first-1` and so on.
#[derive(Clone, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Asked {
    process: String,
    #[serde(flatten)]
    rest: std::collections::BTreeMap<String, String>,
}

impl Asked {
    fn of(&self, name: &str, number: usize) -> &str {
        self.rest
            .get(&format!("{name}-{number}"))
            .map_or("", String::as_str)
    }

    fn changes(&self) -> Vec<Change> {
        let text = |name: &str, number| self.of(name, number).to_owned();
        let each = (1..=CHANGES).filter_map(|number| {
            let (first, second) = (text("first", number), text("second", number));
            match self.of("change", number) {
                "merge" | "merge_sum" => Some(Change::Merge {
                    first,
                    second,
                    takes: if self.of("change", number) == "merge" {
                        Takes::Longer
                    } else {
                        Takes::Sum
                    },
                }),
                "parallel" => Some(Change::Parallel { first, second }),
                "limit" => Some(Change::Limit {
                    stage: text("stage", number),
                    days: self.of("days", number).trim().parse().unwrap_or(0),
                }),
                _ => None,
            }
        });
        each.collect()
    }

    fn query(&self) -> String {
        let fields = self.rest.iter().filter(|(_, value)| !value.is_empty());
        let encoded = |text: &str| -> String {
            text.bytes()
                .map(|byte| match byte {
                    b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' | b'.' => {
                        char::from(byte).to_string()
                    }
                    other => format!("%{other:02X}"),
                })
                .collect()
        };
        let fields = fields.map(|(name, value)| format!("&{}={}", encoded(name), encoded(value)));
        format!(
            "process={}{}",
            encoded(&self.process),
            fields.collect::<String>()
        )
    }
}

async fn ask(
    member: &Member,
    asked: &Asked,
) -> Result<PastOf<Result<WhatIf, flow::Error>>, Failure> {
    let (process, changes) = (asked.process.clone(), asked.changes());
    member
        .read(move |read, ctx| fewer_steps(read, ctx, &process, &changes))
        .await
}

pub(super) async fn page(member: Member, Query(asked): Query<Asked>) -> Result<Markup, Failure> {
    let past = ask(&member, &asked).await?;
    let ui = member.ui();
    let heading = Heading::new(ui.t("approvals-steps"))
        .crumb(member.path("approvals"), ui.t("approvals-title"))
        .crumb(
            member.path("approvals/supervision"),
            ui.t("approvals-supervision"),
        )
        .lead(ui.t("approvals-steps-lead"));
    Ok(ui.page(heading, html! {
        (choose(&member, &ui, &asked, &past))
        @match &past.answer {
            Err(error) => (notice(&ui, Tone::Warning, html! { (refused(&ui, &past.definition, error)) })),
            Ok(found) => (answer(&member, &ui, &asked, &past, found)),
        }
        (disclosure(ui.t("approvals-steps-how"), html! {
            @for number in 1..=6 { p { (ui.t(&format!("approvals-steps-how-{number}"))) } }
        }))
    }))
}

fn choose(
    member: &Member,
    ui: &Ui,
    asked: &Asked,
    past: &PastOf<Result<WhatIf, flow::Error>>,
) -> Markup {
    let mut process =
        select(ui, "process", ui.t("approvals-column-process")).selected(&past.definition.id);
    for (id, title) in &past.processes {
        process = process.option(id, said(ui, title));
    }
    let fields = html! {
        (process)
        @for number in 1..=CHANGES {
            @let fields = change_fields(ui, asked, &past.definition, number);
            @if number == 1 { (fields) } @else {
                (disclosure(ui.t_with("approvals-steps-change", &[("number", number.into())]), fields))
            }
        }
    };
    let action = member.path("approvals/steps");
    html! { (form(ui, action, fields).get().button(button(ui.t("approvals-steps-ask")).icon(Icon::Forward))) }
}

fn change_fields(ui: &Ui, asked: &Asked, definition: &Definition, number: usize) -> Markup {
    let name = |name: &str| format!("{name}-{number}");
    let mut change = select(ui, name("change"), ui.t("approvals-steps-kind"))
        .selected(asked.of("change", number))
        .option("", ui.t("approvals-steps-nothing"));
    for kind in ["merge", "merge_sum", "parallel", "limit"] {
        let key = format!("approvals-steps-{}", kind.replace('_', "-"));
        change = change.option(kind, ui.t(&key));
    }
    let step = |field: &str, key: &str| {
        let mut step = select(ui, name(field), ui.t(key))
            .selected(asked.of(field, number))
            .option("", "–");
        for one in &definition.steps {
            step = step.option(&one.id, said(ui, &one.title));
        }
        step
    };
    let mut stage = select(ui, name("stage"), ui.t("approvals-steps-stage"))
        .selected(asked.of("stage", number))
        .option("", "–");
    for one in &definition.stages {
        let days = one.limit().map(|limit| limit.days);
        let days = days.map_or(String::new(), |days| format!(" ({days})"));
        stage = stage.option(&one.id, format!("{}{days}", said(ui, &one.title)));
    }
    html! {
        (change)
        (step("first", "approvals-steps-first"))
        (step("second", "approvals-steps-second"))
        (stage)
        (field(ui, name("days"), ui.t("approvals-steps-days")).input(Input::Number).value(asked.of("days", number)))
    }
}

/// Why a change makes no sense, in the reader's language.
fn refused(ui: &Ui, definition: &Definition, error: &flow::Error) -> String {
    let flow::Error::Change { refused, .. } = error else {
        return error.to_string();
    };
    let step = |id: &str| {
        let known = definition.step(id).map(|(_, step)| said(ui, &step.title));
        known.unwrap_or_else(|| id.to_owned())
    };
    let (key, what) = match refused {
        Refused::NoStep(_) => ("no-step", String::new()),
        Refused::NoStage(_) => ("no-stage", String::new()),
        Refused::Same(id) => ("same", step(id)),
        Refused::Between(id) => ("between", step(id)),
        Refused::BesideAlready => ("beside", String::new()),
        Refused::Chosen(id) => ("chosen", step(id)),
        Refused::NoCut(days) => ("no-cut", days.to_string()),
        Refused::TooMany(count) => ("too-many", count.to_string()),
    };
    let key = format!("approvals-steps-refused-{key}");
    ui.t_with(&key, &[("what", what.into())]).into_owned()
}

fn taken(ui: &Ui, taken: Option<Taken>) -> String {
    let Some(taken) = taken else {
        return "–".to_owned();
    };
    let days = [
        ("working", i64::from(taken.working_days).into()),
        ("calendar", i64::from(taken.calendar_days).into()),
    ];
    ui.t_with("approvals-steps-taken", &days).into_owned()
}

fn answer(
    member: &Member,
    ui: &Ui,
    asked: &Asked,
    past: &PastOf<Result<WhatIf, flow::Error>>,
    found: &WhatIf,
) -> Markup {
    if found.cases.is_empty() {
        return html! {
            (empty(Icon::History, ui.t("approvals-steps-no-past")))
            (left_out(ui, past, found))
        };
    }
    let columns = [
        "approvals-steps-what",
        "approvals-steps-before",
        "approvals-steps-after",
    ];
    let columns = columns.map(|key| Column::text(ui.t(key)));
    let line = |key: &str, of: fn(&Spans) -> Option<Taken>| {
        vec![
            html! { (ui.t(key)) },
            html! { (taken(ui, of(&found.before))) },
            html! { (taken(ui, of(&found.after))) },
        ]
    };
    let whole = [
        line("approvals-steps-median", |spans| spans.median),
        line("approvals-steps-p90", |spans| spans.p90),
    ];
    let counts = [
        ("all", found.cases.len().into()),
        ("shorter", found.shorter.into()),
        ("same", found.same.into()),
        ("longer", found.longer.into()),
    ];
    let export = member.path(&format!("approvals/steps/export?{}", asked.query()));
    let cases = found.cases.iter().take(SHOWN).map(|case| {
        vec![
            html! { (case.id) },
            html! { (taken(ui, Some(case.before))) },
            html! { (taken(ui, Some(case.after))) },
        ]
    });
    let of_cases = [
        "approvals-column-number",
        "approvals-steps-before",
        "approvals-steps-after",
    ];
    let of_cases = of_cases.map(|key| Column::text(ui.t(key)));
    section(
        ui.t("approvals-steps-answer"),
        html! {
            (table(ui, ui.t("approvals-steps-whole"), columns).rows(whole))
            p { (ui.t_with("approvals-steps-counts", &counts)) }
            (left_out(ui, past, found))
            (steps_table(ui, &past.definition, found))
            (table(ui, ui.t("approvals-steps-cases"), of_cases).rows(cases).export(ui, export))
        },
    )
}

/// What could not be told, said plainly.
fn left_out(ui: &Ui, past: &PastOf<Result<WhatIf, flow::Error>>, found: &WhatIf) -> Markup {
    let counts = [
        ("open", found.open),
        ("withdrawn", found.withdrawn),
        ("unread", found.unread.len()),
        ("versions", past.other_versions),
    ];
    html! {
        @for (key, count) in counts {
            @if count > 0 {
                p { (ui.t_with(&format!("approvals-steps-out-{key}"), &[("count", count.into())])) }
            }
        }
        @for (stage, count) in &found.without_clock {
            @let title = past.definition.stage(stage).map(|stage| said(ui, &stage.title)).unwrap_or_default();
            p { (ui.t_with("approvals-steps-out-clock", &[("stage", title.into()), ("count", (*count).into())])) }
        }
        @if past.is_cut { p { (ui.t("approvals-steps-out-cut")) } }
    }
}

fn steps_table(ui: &Ui, definition: &Definition, found: &WhatIf) -> Markup {
    let columns = [
        Column::text(ui.t("approvals-column-step")),
        Column::number(ui.t("approvals-steps-done")),
        Column::text(ui.t("approvals-steps-median")),
        Column::text(ui.t("approvals-steps-p90")),
        Column::number(ui.t("approvals-steps-decisive")),
    ];
    let cells = definition
        .steps
        .iter()
        .zip(&found.steps)
        .map(|(step, times)| {
            let number = |count: usize| ui.number(i64::try_from(count).unwrap_or(i64::MAX));
            vec![
                html! { (said(ui, &step.title)) },
                html! { (number(times.cases)) },
                html! { (taken(ui, times.own.median)) },
                html! { (taken(ui, times.own.p90)) },
                html! { (number(times.decisive)) },
            ]
        });
    html! { (table(ui, ui.t("approvals-steps-own"), columns).rows(cells)) }
}

/// Every file before and after, as Excel.
pub(super) async fn export(
    member: Member,
    Query(asked): Query<Asked>,
) -> Result<Response, Failure> {
    let past = ask(&member, &asked).await?;
    let ui = member.ui();
    let mut sheet = sheet(
        &ui,
        "approvals-steps-cases",
        &[
            "approvals-column-number",
            "approvals-steps-before-working",
            "approvals-steps-before-calendar",
            "approvals-steps-after-working",
            "approvals-steps-after-calendar",
        ],
    );
    let cases = past
        .answer
        .as_ref()
        .map(|found| found.cases.as_slice())
        .unwrap_or_default();
    let days = |days: u32| Cell::Integer(i64::from(days));
    sheet.rows = cases
        .iter()
        .map(|case| {
            vec![
                Cell::Text(case.id.clone()),
                days(case.before.working_days),
                days(case.before.calendar_days),
                days(case.after.working_days),
                days(case.after.calendar_days),
            ]
        })
        .collect();
    file("fewer-steps.xlsx", sheet)
}
