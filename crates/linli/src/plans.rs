//! `linli plan`: makes a rolling plan from a file and says how good it is proven to be.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Instant;

use anyhow::Context as _;
use clap::Subcommand;
use portfolio::{Gap, Limits, Move, MoveCost, Outcome, Plan, Quarter, Solver};

use crate::ballots::{Format, read};
use crate::out;

/// What to plan.
#[derive(Subcommand)]
pub(crate) enum Command {
    /// Choose which projects start in which quarter, under budgets and capacities.
    Solve {
        /// The plan's data, TOML.
        file: PathBuf,
        /// Stop when the plan is proven to be this near to the best.
        #[arg(long, default_value = "1%")]
        gap: Gap,
        /// Stop after this long, such as 10s, 500ms or 2m.
        #[arg(long, default_value = "10s", value_parser = milliseconds)]
        time: u64,
        /// Who searches: best (our own search, then HiGHS where it was compiled in), own or highs.
        #[arg(long, default_value = "best")]
        solver: Solver,
        /// What it would cost to start a project in a quarter (ID=2026Q3), or to leave it out (ID=out).
        #[arg(long = "move", value_name = "ID=QUARTER", value_parser = wanted)]
        moves: Option<(String, Move)>,
        /// How to print the result.
        #[arg(long, value_enum, default_value_t)]
        format: Format,
    },
}

/// `linli plan`.
pub(crate) fn run(command: &Command) -> anyhow::Result<ExitCode> {
    let Command::Solve {
        file,
        gap,
        time,
        solver,
        moves,
        format,
    } = command;
    let plan = plan_of(file)?;
    let named = || file.display().to_string();
    let search = |plan: &Plan, from: Option<(&Outcome, &(String, Move))>| {
        let started = Instant::now();
        let clock = || u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX);
        let limits = Limits {
            gap: *gap,
            time_ms: Some(*time),
            clock: &clock,
            nodes: u32::MAX,
            solver: *solver,
        };
        match from {
            None => portfolio::solve(plan, &limits).map(Found::Plan),
            Some((outcome, (project, to))) => {
                portfolio::move_cost(plan, outcome, project, *to, &limits).map(Found::Move)
            }
        }
    };
    let Found::Plan(outcome) = search(&plan, None).with_context(named)? else {
        anyhow::bail!("a plan was asked for");
    };
    let greedy = portfolio::greedy(&plan).ok();
    let moved = match moves {
        None => None,
        Some(moves) => match search(&plan, Some((&outcome, moves))).with_context(named)? {
            Found::Move(cost) => Some(cost),
            Found::Plan(_) => None,
        },
    };
    match format {
        Format::Text => {
            out::text(portfolio::render_text(&plan, &outcome, greedy.as_ref()))?;
            if let (Some(cost), Some((project, _))) = (&moved, moves) {
                out::text(render_move(project, cost))?;
            }
        }
        Format::Json => {
            let answer = serde_json::json!({ "plan": outcome, "greedy": greedy, "move": moved });
            out::line(serde_json::to_string_pretty(&answer)?)?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

enum Found {
    Plan(Outcome),
    Move(MoveCost),
}

fn plan_of(file: &Path) -> anyhow::Result<Plan> {
    let text = String::from_utf8(read(file)?)
        .with_context(|| format!("{} is no UTF-8 text: save it as UTF-8", file.display()))?;
    portfolio::parse(&text).with_context(|| file.display().to_string())
}

fn render_move(project: &str, cost: &MoveCost) -> String {
    let at = |quarter: Option<Quarter>| quarter.map_or("out".to_owned(), |it| it.to_string());
    let sign = if cost.loses < 0 { "-" } else { "" };
    let size = cost.loses.unsigned_abs();
    let mut text = format!(
        "\nThe move of {project} costs {sign}{}.{:03} points",
        size / 1000,
        size % 1000
    );
    text += match cost.outcome.gap_ppm {
        Some(0) => "; with it, no plan is better\n",
        _ => ", as far as both plans are proven\n",
    };
    for shift in &cost.shifts {
        let (from, to) = (at(shift.from), at(shift.to));
        // Writing to a String can't fail.
        let _ = writeln!(text, "  {}: {from} → {to}", shift.project);
    }
    text
}

/// A span of time in milliseconds.
fn milliseconds(text: &str) -> Result<u64, String> {
    let wrong = || format!("`{text}` is no time: write 500ms, 10s or 2m");
    let (digits, each) = if let Some(digits) = text.strip_suffix("ms") {
        (digits, 1)
    } else if let Some(digits) = text.strip_suffix('s') {
        (digits, 1000)
    } else if let Some(digits) = text.strip_suffix('m') {
        (digits, 60_000)
    } else {
        return Err(wrong());
    };
    let plain = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    let number: u64 = if plain { digits.parse().ok() } else { None }.ok_or_else(wrong)?;
    number
        .checked_mul(each)
        .filter(|time| *time > 0)
        .ok_or_else(wrong)
}

/// A wish such as `P7=2026Q3` or `P7=out`.
fn wanted(text: &str) -> Result<(String, Move), String> {
    let (project, to) = text
        .rsplit_once('=')
        .ok_or_else(|| format!("`{text}` is no move: write PROJECT=2026Q3 or PROJECT=out"))?;
    let to = match to {
        "out" => Move::Out,
        quarter => Move::To(
            quarter
                .parse()
                .map_err(|error: portfolio::Error| error.to_string())?,
        ),
    };
    Ok((project.to_owned(), to))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_read_with_its_unit() {
        assert_eq!(milliseconds("500ms"), Ok(500));
        assert_eq!(milliseconds("10s"), Ok(10_000));
        assert_eq!(milliseconds("2m"), Ok(120_000));
        for wrong in [
            "",
            "10",
            "0s",
            "-1s",
            "1.5s",
            "s",
            "99999999999999999999s",
            "1h",
        ] {
            assert!(milliseconds(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_wish_names_a_project_and_a_quarter() {
        assert_eq!(wanted("a=b=out"), Ok(("a=b".to_owned(), Move::Out)));
        assert!(wanted("a=2026Q5").is_err());
        assert!(wanted("a").is_err());
    }
}
