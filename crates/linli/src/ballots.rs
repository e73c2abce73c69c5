//! `linli ballot`: counts owners' votes and tallies participatory budgets from files.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Context as _;
use ballot::choosing::{self, Method};
use ballot::pabulib::{self, Rule};
use ballot::resolution::{self, Matter, SilenceRule};
use clap::{Subcommand, ValueEnum};
use jiff::civil::Date;

use crate::compose::system_clock;
use crate::out;

/// What to count.
#[derive(Subcommand)]
pub(crate) enum Command {
    /// Count an owners' vote from a CSV file with the columns unit, owner, area_m2, choice.
    Resolution {
        /// The file. `choice` is for, against, abstain, follow, silent (served, no answer) or unserved.
        file: PathBuf,
        /// The matter of Civil Code Art. 278, such as use_repair_fund.
        #[arg(long)]
        matter: Matter,
        /// What silence means: not-counted, participates or follows-majority.
        #[arg(long)]
        silence: SilenceRule,
        /// The day whose law holds, YYYY-MM-DD; today if not given.
        #[arg(long)]
        on: Option<Date>,
        /// How to print the result.
        #[arg(long, value_enum, default_value_t)]
        format: Format,
    },
    /// Tally a participatory budget in the Pabulib format.
    Tally {
        /// The .pb file.
        file: PathBuf,
        /// The rule: greedy, greedy-threshold, greedy-no-skip, equal-shares, equal-shares-add1, phragmen; the
        /// file's own if not given.
        #[arg(long)]
        rule: Option<Rule>,
        /// How to print the result.
        #[arg(long, value_enum, default_value_t)]
        format: Format,
    },
    /// Choose one option from rankings in PrefLib's format (.soc, .soi, .toc, .toi).
    Choose {
        /// The file.
        file: PathBuf,
        /// The method: single, approval, instant-runoff or schulze.
        #[arg(long)]
        method: Method,
        /// How to print the result.
        #[arg(long, value_enum, default_value_t)]
        format: Format,
    },
}

/// How to print.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// For people.
    #[default]
    Text,
    /// For programs.
    Json,
}

/// `linli ballot`.
pub(crate) fn run(command: &Command) -> anyhow::Result<ExitCode> {
    match command {
        Command::Resolution {
            file,
            matter,
            silence,
            on,
            format,
        } => {
            let on = on.unwrap_or_else(|| system_clock().date());
            count(file, *matter, *silence, on, *format)
        }
        Command::Tally { file, rule, format } => tally(file, *rule, *format),
        Command::Choose {
            file,
            method,
            format,
        } => choose(file, *method, *format),
    }
}

fn count(
    file: &Path,
    matter: Matter,
    silence: SilenceRule,
    on: Date,
    format: Format,
) -> anyhow::Result<ExitCode> {
    let thresholds = decisions::law::majorities(matter, on)?;
    let roll = resolution::parse_csv(&read(file)?)?;
    for warning in &roll.warnings {
        eprintln!("warning: line {}: {}", warning.line, warning.reason);
    }
    let outcome = resolution::count(&roll.units, &thresholds, silence)?;
    match format {
        Format::Text => out::text(resolution::render_text(&outcome))?,
        Format::Json => out::line(serde_json::to_string_pretty(&outcome)?)?,
    }
    Ok(ExitCode::SUCCESS)
}

fn tally(file: &Path, rule: Option<Rule>, format: Format) -> anyhow::Result<ExitCode> {
    let election = pabulib::parse(&read(file)?)?;
    let tally = pabulib::tally(&election, rule)?;
    match format {
        Format::Text => out::text(pabulib::render_text(&tally))?,
        Format::Json => out::line(serde_json::to_string_pretty(&tally)?)?,
    }
    Ok(ExitCode::SUCCESS)
}

fn choose(file: &Path, method: Method, format: Format) -> anyhow::Result<ExitCode> {
    let faulty = || format!("can't choose by {}", file.display());
    let profile = choosing::parse(&read(file)?).with_context(faulty)?;
    let chosen =
        choosing::choose(method, profile.options.len(), &profile.casts).with_context(faulty)?;
    match format {
        Format::Text => out::text(choosing::render_text(&chosen, &profile.options))?,
        Format::Json => {
            let both = serde_json::json!({ "options": profile.options, "chosen": chosen });
            out::line(serde_json::to_string_pretty(&both)?)?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// A file's bytes.
pub(crate) fn read(file: &Path) -> anyhow::Result<Vec<u8>> {
    std::fs::read(file).with_context(|| format!("can't read {}", file.display()))
}
