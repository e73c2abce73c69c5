//! A plan as text for people.

use std::fmt::Write as _;

use units::Fen;

use crate::model::Plan;
use crate::outcome::{Blocker, Limit, Outcome, Placed, Proof, Use, Waiting};

/// The plan, what is proven, what binds, why projects wait, and the greedy plan beside it.
pub fn render_text(plan: &Plan, outcome: &Outcome, greedy: Option<&Outcome>) -> String {
    let mut text = String::new();
    head(&mut text, plan, outcome, greedy);
    text.push_str("\nPlan\n");
    for placed in &outcome.placed {
        line(&mut text, &place(placed));
    }
    text.push_str("\nSpending\n");
    for (quarter, fen) in &outcome.spend {
        line(&mut text, &format!("{quarter}  {fen} yuan"));
    }
    let binding: Vec<&Use> = outcome.limits.iter().filter(|it| it.binds).collect();
    text.push_str(if binding.is_empty() {
        "\nNothing binds\n"
    } else {
        "\nWhat binds\n"
    });
    for limit in binding {
        line(&mut text, &usage(limit));
    }
    if !outcome.waiting.is_empty() {
        text.push_str("\nWhat waits, and why\n");
    }
    for waiting in &outcome.waiting {
        line(&mut text, &wait(waiting));
    }
    text
}

fn line(text: &mut String, line: &str) {
    text.push_str("  ");
    text.push_str(line);
    text.push('\n');
}

fn head(text: &mut String, plan: &Plan, outcome: &Outcome, greedy: Option<&Outcome>) {
    let started = outcome.placed.iter().filter(|it| it.started).count();
    let chosen = outcome.placed.len() - started;
    let open = plan.projects.len() - started;
    let last = plan
        .first
        .plus(i32::try_from(plan.quarters).unwrap_or(1) - 1);
    let mut add = |args: std::fmt::Arguments<'_>| {
        // Writing into a text can't fail.
        let _ = text.write_fmt(args);
    };
    add(format_args!(
        "{} to {last}: {chosen} of {open} projects planned, {started} under way\n",
        plan.first
    ));
    add(format_args!("value {} points", points(outcome.value)));
    match (outcome.bound, outcome.gap_ppm, outcome.proof) {
        (Some(bound), _, _) if bound == outcome.value => add(format_args!(": no plan is better")),
        (Some(bound), Some(gap), _) => add(format_args!(
            "; no plan exceeds {}: proven gap {}%",
            points(bound),
            percent(gap)
        )),
        (Some(bound), None, _) => add(format_args!("; no plan exceeds {}", points(bound))),
        (None, ..) => add(format_args!("; nothing is proven")),
    }
    if outcome.proof == Proof::Highs {
        add(format_args!(" (by HiGHS, in floating point)"));
    }
    add(format_args!("\n"));
    if let Some(greedy) = greedy {
        let more = outcome.value.saturating_sub(greedy.value);
        add(format_args!(
            "a greedy plan is worth {} points with {} projects; this one is worth {} more\n",
            points(greedy.value),
            greedy.placed.len() - started,
            points(more)
        ));
    }
}

fn place(placed: &Placed) -> String {
    let mut parts = vec![
        format!("{}–{}", placed.start, placed.end),
        title(&placed.project, &placed.name),
        format!("{} yuan", placed.cost),
    ];
    parts.extend(placed.unit.clone());
    if placed.started {
        parts.push("(under way)".to_owned());
    }
    match placed.moved {
        Some(moved) if moved > 0 => parts.push(format!("({moved} quarters later than planned)")),
        Some(moved) if moved < 0 => {
            parts.push(format!("({} quarters earlier than planned)", -moved));
        }
        _ => {}
    }
    parts.join("  ")
}

fn title(id: &str, name: &str) -> String {
    let title = format!("{id} {name}");
    title.trim_end().to_owned()
}

fn usage(limit: &Use) -> String {
    let amount = |amount: i64| match &limit.limit {
        Limit::Unit { .. } => amount.to_string(),
        _ => format!("{} yuan", Fen::new(amount)),
    };
    let more = match &limit.limit {
        Limit::Unit { .. } => "one more",
        _ => "a million more",
    };
    format!(
        "{}: {} of {} used; {more} is worth about {} points",
        name(&limit.limit),
        amount(limit.used),
        amount(limit.available),
        points(limit.price)
    )
}

fn name(limit: &Limit) -> String {
    match limit {
        Limit::Quarter { quarter } => format!("budget of {quarter}"),
        Limit::Year { year } => format!("budget of {year}"),
        Limit::Unit { unit, quarter } => format!("capacity of {unit} in {quarter}"),
    }
}

fn wait(waiting: &Waiting) -> String {
    let place = match (waiting.start, waiting.best) {
        (Some(start), Some(best)) => format!("starts {start}, not {best}"),
        (None, Some(best)) => format!("left out; best start {best}"),
        _ => "left out".to_owned(),
    };
    let reasons: Vec<String> = waiting.blockers.iter().map(reason).collect();
    let instead = if waiting.instead.is_empty() {
        String::new()
    } else {
        format!(" (there instead: {})", waiting.instead.join(", "))
    };
    format!(
        "{}: {place}: {}{instead}",
        title(&waiting.project, &waiting.name),
        reasons.join("; ")
    )
}

fn reason(blocker: &Blocker) -> String {
    match blocker {
        Blocker::Lacks { limit, lacking } => match limit {
            Limit::Unit { .. } => format!("{} lacks {lacking}", name(limit)),
            _ => format!("{} lacks {} yuan", name(limit), Fen::new(*lacking)),
        },
        Blocker::Prerequisite {
            project,
            ends: Some(ends),
        } => format!("{project} ends only in {ends}"),
        Blocker::Prerequisite {
            project,
            ends: None,
        } => format!("{project} is not in the plan"),
        Blocker::Never { reason } => reason.clone(),
        Blocker::NoGain => "room is there, but it would add nothing to the plan's value".to_owned(),
    }
}

/// Thousandths of a point as points.
fn points(value: i64) -> String {
    let sign = if value < 0 { "-" } else { "" };
    let size = value.unsigned_abs();
    format!("{sign}{}.{:03}", size / 1000, size % 1000)
}

/// Millionths as percent.
fn percent(ppm: u64) -> String {
    format!("{}.{:04}", ppm / 10_000, ppm % 10_000)
}
