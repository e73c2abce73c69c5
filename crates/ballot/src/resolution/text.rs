//! An outcome as plain text for a terminal.

use std::fmt::Write as _;

use units::percent_floor;

use super::outcome::{Outcome, Reading, Tally, ThresholdCheck};
use super::{Choice, Side};

/// The outcome in a page of plain English text, with every number.
pub fn render_text(outcome: &Outcome) -> String {
    let mut out = String::new();
    let reading = &outcome.tally;
    let passed = if reading.passed {
        "PASSED"
    } else {
        "NOT PASSED"
    };
    line(
        &mut out,
        format_args!("{passed} (silence: {})\n", reading.silence),
    );

    line(
        &mut out,
        format_args!("{:<22}{:>9}{:>9}{:>17}", "", "units", "heads", "area m²"),
    );
    let rows = [
        ("electorate", outcome.total),
        ("participating", reading.participating),
        ("  for", reading.in_favour),
        ("  against", reading.against),
        ("  abstain", reading.abstain),
        ("as cast: follow", reading.follow),
        ("as cast: silent", reading.silent),
        ("as cast: unserved", reading.unserved),
    ];
    for (name, Tally { units, heads, area }) in rows {
        line(
            &mut out,
            format_args!("{name:<22}{units:>9}{heads:>9}{area:>17}"),
        );
    }

    out.push('\n');
    for check in &reading.thresholds {
        line(&mut out, format_args!("{}", in_words(check)));
    }
    out.push('\n');
    describe_following(&mut out, outcome);
    describe_other_rules(&mut out, outcome);
    describe_conflicts(&mut out, outcome);
    describe_merged_heads(&mut out, outcome);
    out
}

fn in_words(check: &ThresholdCheck) -> String {
    let ThresholdCheck {
        of,
        kind,
        required,
        strict,
        part,
        whole,
        met,
        citation,
        ..
    } = check;
    let mark = if *met { "met    " } else { "NOT MET" };
    let how = if *strict { "more than" } else { "at least" };
    let share = percent_floor(part.smallest_parts(), whole.smallest_parts());
    let name = format!("{kind} by {of}");
    let least = check
        .least
        .map_or(String::new(), |least| format!(", so {least}"));
    format!("{mark} {name:<23} {part} of {whole} = {share}; {how} {required}{least} [{citation}]")
}

fn describe_following(out: &mut String, outcome: &Outcome) {
    if outcome.cast.follow.units == 0 && outcome.cast.silent.units == 0 {
        return;
    }
    let majority = match outcome.majority {
        Some(Side::For) => "for",
        Some(Side::Against) => "against",
        None => "none, so followers abstain (heads and area disagree or are tied)",
    };
    line(out, format_args!("majority to follow: {majority}"));
}

fn describe_other_rules(out: &mut String, outcome: &Outcome) {
    for Reading {
        silence,
        passed,
        in_favour,
        participating,
        ..
    } in &outcome.under_other_rules
    {
        let passed = if *passed { "passed" } else { "not passed" };
        line(
            out,
            format_args!(
                "if silence {}: {passed}; for {} of {} heads, {} of {} m²",
                silence.name().replace('_', " "),
                in_favour.heads,
                participating.heads,
                in_favour.area,
                participating.area,
            ),
        );
    }
    if outcome.silence_decides {
        line(out, format_args!("the rule of silence decides this result"));
    }
}

fn describe_conflicts(out: &mut String, outcome: &Outcome) {
    for conflict in &outcome.conflicts {
        let marks: Vec<String> = conflict
            .units
            .iter()
            .map(|mark| format!("{} {}", mark.unit, Choice::name(mark.choice)))
            .collect();
        let owner = &conflict.owner;
        line(
            out,
            format_args!(
                "one head, different marks, counted as abstaining: {owner} ({})",
                marks.join(", ")
            ),
        );
    }
}

fn describe_merged_heads(out: &mut String, outcome: &Outcome) {
    let several = outcome.heads_of_several_units;
    if several > 0 {
        let text = "heads hold several units each; namesakes must be told apart in the roll";
        line(out, format_args!("{several} {text}"));
    }
}

fn line(out: &mut String, text: std::fmt::Arguments<'_>) {
    // Writing to a string cannot fail.
    let _ = writeln!(out, "{text}");
}
