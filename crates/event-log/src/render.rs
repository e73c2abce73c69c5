//! An analysis as text for people.

use std::fmt::Write as _;

use jiff::Timestamp;

use crate::{Analysis, OnTime};

/// How many lines of each list are printed.
const LISTED: usize = 10;

/// The analysis as lines.
pub fn render_text(analysis: &Analysis) -> String {
    let mut text = String::new();
    let _ = writeln!(
        text,
        "{} cases, {} events, {} activities, {} variants, {} edges; {} to {}",
        analysis.cases,
        analysis.events,
        analysis.activities,
        analysis.variants,
        analysis.dfg_edges,
        shown_instant(analysis.first_us),
        shown_instant(analysis.last_us)
    );
    let throughput = &analysis.throughput;
    let _ = writeln!(
        text,
        "Throughput: median {}, 90 % within {}, longest {}",
        shown_duration(throughput.median_us),
        shown_duration(throughput.p90_us),
        shown_duration(throughput.max_us)
    );
    if let Some(on_time) = &analysis.on_time_with_open {
        push_on_time(&mut text, on_time, &analysis.warnings.end_from);
    }
    push_bottlenecks(&mut text, analysis);
    push_rework(&mut text, analysis);
    push_activities(&mut text, analysis);
    for conformance in &analysis.conformance {
        let _ = writeln!(
            text,
            "\nAgainst {}: fitness {:.3}; {} of {} cases fit ({}); {} tokens missing, {} left over, {} events unknown to it",
            conformance.process,
            conformance.fitness,
            conformance.fitting_cases,
            analysis.cases,
            percent(conformance.fitting_share),
            conformance.tokens.missing,
            conformance.tokens.remaining,
            conformance.tokens.unknown
        );
    }
    push_warnings(&mut text, analysis);
    text
}

fn push_on_time(text: &mut String, on_time: &OnTime, end_from: &str) {
    let rate = on_time.closed_rate.map_or("none".to_owned(), percent);
    let _ = writeln!(
        text,
        "On time: {rate} of closed cases ({} of {}; closed by {end_from})",
        on_time.closed_on_time, on_time.closed
    );
    if let (Some(estimate), Some((low, high))) = (on_time.kaplan_meier, on_time.interval) {
        let _ = writeln!(
            text,
            "  with open cases: {} (Kaplan-Meier over lateness, 95 %: {} to {}); {} open are overdue, {} not due yet",
            percent(estimate),
            percent(low),
            percent(high),
            on_time.open_overdue,
            on_time.open_not_due
        );
    }
    if let Some((low, high)) = on_time.bounds {
        let _ = writeln!(
            text,
            "  whatever becomes of the open ones: between {} and {}",
            percent(low),
            percent(high)
        );
    }
    if on_time.without_due > 0 {
        let _ = writeln!(
            text,
            "  {} cases have no due time and are left out",
            on_time.without_due
        );
    }
}

fn push_bottlenecks(text: &mut String, analysis: &Analysis) {
    text.push_str("\nWhere time goes\n");
    for edge in analysis.bottlenecks.iter().take(LISTED) {
        let _ = writeln!(
            text,
            "  {:>6}  {} → {}: {}×, median {}, 90 % within {}",
            percent(edge.share_of_time),
            edge.from,
            edge.to,
            edge.count,
            shown_duration(edge.wait.median_us),
            shown_duration(edge.wait.p90_us)
        );
    }
}

fn push_rework(text: &mut String, analysis: &Analysis) {
    let rework = &analysis.rework;
    let _ = writeln!(
        text,
        "\nDone again: {} events in {} cases ({}); {} activities follow themselves",
        rework.events,
        rework.cases,
        percent(rework.share_of_cases),
        rework.self_loops
    );
    let mut again: Vec<_> = analysis
        .activity_list
        .iter()
        .filter(|one| one.repeats > 0)
        .collect();
    again.sort_by_key(|activity| std::cmp::Reverse(activity.repeats));
    for activity in again.into_iter().take(LISTED) {
        let _ = writeln!(
            text,
            "  {:>6}  {} in {} cases",
            activity.repeats, activity.name, activity.repeating_cases
        );
    }
}

fn push_activities(text: &mut String, analysis: &Analysis) {
    text.push_str("\nMost frequent activities\n");
    for activity in analysis.activity_list.iter().take(LISTED) {
        let _ = writeln!(text, "  {:>6}  {}", activity.events, activity.name);
    }
    text.push_str("\nMost frequent variants\n");
    for variant in analysis.variant_list.iter().take(LISTED) {
        let _ = writeln!(
            text,
            "  {:>6}  {}",
            variant.cases,
            variant.activities.join(" → ")
        );
    }
}

fn push_warnings(text: &mut String, analysis: &Analysis) {
    let warnings = &analysis.warnings;
    for (count, what) in [
        (
            warnings.events_without_time,
            "events have no time that can be read; they count, but not for durations",
        ),
        (
            warnings.events_without_activity,
            "events have no activity and are left out",
        ),
        (
            warnings.events_without_case,
            "rows have no case and are left out",
        ),
        (warnings.empty_cases, "cases have no event and are left out"),
        (
            warnings.cases_out_of_order,
            "cases had their events put in the order of their times",
        ),
        (
            warnings.unreadable_dates,
            "due or closing times can't be read",
        ),
    ] {
        if count > 0 {
            let _ = writeln!(text, "\nNote: {count} {what}.");
        }
    }
}

/// A duration in days, hours, minutes or seconds, whichever fits.
pub fn shown_duration(us: i64) -> String {
    let seconds = us / 1_000_000;
    let tenths = |unit: i64| {
        let tenths = seconds * 10 / unit;
        let sign = if tenths < 0 { "-" } else { "" };
        format!("{sign}{}.{}", tenths.abs() / 10, tenths.abs() % 10)
    };
    match seconds.abs() {
        0..120 => format!("{seconds} s"),
        120..7_200 => format!("{} min", tenths(60)),
        7_200..172_800 => format!("{} h", tenths(3_600)),
        _ => format!("{} d", tenths(86_400)),
    }
}

fn shown_instant(us: Option<i64>) -> String {
    let instant = us.and_then(|us| Timestamp::from_microsecond(us).ok());
    instant.map_or("no time".to_owned(), |instant| {
        instant.strftime("%Y-%m-%d").to_string()
    })
}

fn percent(share: f64) -> String {
    format!("{:.1} %", share * 100.0)
}
