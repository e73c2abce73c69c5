//! A tally as plain text for a terminal.

use std::fmt::Write as _;

use super::tally::{Fate, Tally};

/// The tally in a page of plain English text: the funded in order, then the others, with reasons.
pub fn render_text(tally: &Tally) -> String {
    let mut out = String::new();
    // Writing to a string cannot fail.
    let _ = write_text(&mut out, tally);
    out
}

fn write_text(out: &mut String, tally: &Tally) -> std::fmt::Result {
    let Tally {
        rule,
        ballots,
        budget,
        cost,
        vote_type,
        ..
    } = tally;
    writeln!(
        out,
        "{rule}: {} of {} projects, {cost} of {budget}",
        tally.selected.len(),
        tally.projects.len()
    )?;
    write!(out, "{ballots} {vote_type} ballots")?;
    if let Some(per_voter) = tally.per_voter {
        write!(out, "; each voter had {per_voter} to spend")?;
    }
    writeln!(out, "\n")?;
    if let Some(comparison) = tally.comparison {
        let stands = if comparison.greedy_stands {
            "greedy stands"
        } else {
            "equal shares stands"
        };
        let (shares, greedy) = (comparison.prefer_equal_shares, comparison.prefer_greedy);
        writeln!(
            out,
            "{shares} voters prefer equal shares, {greedy} greedy: {stands}\n"
        )?;
    }
    let funded = tally
        .selected
        .iter()
        .filter_map(|id| tally.projects.iter().find(|p| p.id == *id));
    let others = tally.projects.iter().filter(|project| !project.funded);
    for project in funded.chain(others) {
        let mark = if project.funded { "+" } else { " " };
        let (id, name) = (&project.id, &project.name);
        writeln!(
            out,
            "{mark} {id:<14} {:>12} {:>9}  {name}\n    {}",
            project.cost,
            project.score,
            in_words(&project.why),
        )?;
    }
    for tie in &tally.ties {
        let (projects, chosen) = (tie.projects.join(", "), tie.chosen.join(", "));
        let how = tie.decided_by.name().replace('_', " ");
        writeln!(out, "tie between {projects}: {chosen} first, by {how}")?;
    }
    for warning in &tally.warnings {
        writeln!(out, "warning: {warning}")?;
    }
    Ok(())
}

fn in_words(fate: &Fate) -> String {
    match fate {
        Fate::Funded { left } => format!("funded; {left} left"),
        Fate::Bought {
            price,
            paid_in_full,
            paid_the_rest: 0,
        } => {
            format!("bought: {paid_in_full} supporters paid {price} each")
        }
        Fate::Bought {
            price,
            paid_in_full,
            paid_the_rest,
        } => format!(
            "bought: {paid_in_full} supporters paid {price} each, {paid_the_rest} the less they had left"
        ),
        Fate::Loaded {
            left,
            load,
            supporters,
        } => {
            format!("funded by {supporters} supporters, who now carry {load} each; {left} left")
        }
        Fate::DoesNotFit { left } => format!("does not fit: {left} left"),
        Fate::BelowThreshold => "below the threshold of votes".to_owned(),
        Fate::Withdrawn => "marked as withdrawn".to_owned(),
        Fate::Stopped => "the rule had ended before it".to_owned(),
        Fate::NoSupport => "nobody supports or pays for it".to_owned(),
        Fate::TooLittleMoney { have } => format!("its supporters have {have} left together"),
        Fate::ByComparison { greedy } => format!("by comparison with greedy: {}", in_words(greedy)),
    }
}
