//! A choice as plain text for a terminal.

use std::fmt::Write as _;

use super::{Chosen, EliminatedBy, Pairwise, Runoff};

/// The choice in plain English, with how it came about.
pub fn render_text(chosen: &Chosen, options: &[String]) -> String {
    let mut out = String::new();
    // Writing to a string cannot fail.
    let _ = write_text(&mut out, chosen, options);
    out
}

fn write_text(out: &mut String, chosen: &Chosen, options: &[String]) -> std::fmt::Result {
    let name = |option: usize| options.get(option).map_or("?", String::as_str);
    let names = |group: &[usize]| {
        group
            .iter()
            .map(|&o| name(o))
            .collect::<Vec<_>>()
            .join(", ")
    };
    match chosen.winners.as_slice() {
        [] => writeln!(out, "{}: no option was chosen", chosen.method)?,
        [only] => writeln!(out, "{}: {}", chosen.method, name(*only))?,
        tied => writeln!(out, "{}: a tie between {}", chosen.method, names(tied))?,
    }
    writeln!(
        out,
        "{} ballots, {} of them blank\n",
        chosen.ballots, chosen.blank
    )?;
    match (&chosen.runoff, &chosen.pairwise) {
        (Some(runoff), _) => write_rounds(out, runoff, &name, &names),
        (None, Some(pairwise)) => write_pairwise(out, pairwise, &name, &names),
        (None, None) => {
            let mut order: Vec<usize> = (0..options.len()).collect();
            order.sort_by_key(|&o| std::cmp::Reverse(chosen.scores.get(o).copied().unwrap_or(0)));
            for option in order {
                let score = chosen.scores.get(option).copied().unwrap_or(0);
                writeln!(out, "{score:>9}  {}", name(option))?;
            }
            Ok(())
        }
    }
}

fn write_rounds<'n>(
    out: &mut String,
    runoff: &Runoff,
    name: &impl Fn(usize) -> &'n str,
    names: &impl Fn(&[usize]) -> String,
) -> std::fmt::Result {
    for (place, round) in runoff.rounds.iter().enumerate() {
        writeln!(out, "round {}", place + 1)?;
        for (option, votes) in round.votes.iter().enumerate() {
            if let Some(votes) = votes {
                writeln!(out, "{votes:>9}  {}", name(option))?;
            }
        }
        if round.exhausted > 0 {
            writeln!(out, "{:>9}  no option left", round.exhausted)?;
        }
        if let Some(gone) = &round.eliminated {
            let why = match gone.decided_by {
                EliminatedBy::FewestVotes => "the fewest ballots".to_owned(),
                EliminatedBy::EarlierRounds => {
                    format!("as few as {}; fewer before", names(&gone.tied))
                }
                EliminatedBy::ListOrder => format!(
                    "as few as {} in every round; last in the list",
                    names(&gone.tied)
                ),
            };
            writeln!(out, "  eliminated: {} ({why})", name(gone.option))?;
        }
    }
    Ok(())
}

fn write_pairwise<'n>(
    out: &mut String,
    pairwise: &Pairwise,
    name: &impl Fn(usize) -> &'n str,
    names: &impl Fn(&[usize]) -> String,
) -> std::fmt::Result {
    match pairwise.beats_all {
        Some(option) => writeln!(out, "{} wins every comparison", name(option))?,
        None => writeln!(
            out,
            "nobody wins every comparison; the strongest chains decide"
        )?,
    }
    for (a, row) in pairwise.prefer.iter().enumerate() {
        for (b, for_a) in row.iter().enumerate().skip(a + 1) {
            let for_b = pairwise
                .prefer
                .get(b)
                .and_then(|row| row.get(a))
                .copied()
                .unwrap_or(0);
            writeln!(
                out,
                "{for_a:>9} : {for_b:<9} {} against {}",
                name(a),
                name(b)
            )?;
        }
    }
    for (place, group) in pairwise.order.iter().enumerate() {
        writeln!(out, "{:>3}. {}", place + 1, names(group))?;
    }
    Ok(())
}
