//! `linli flow`: checks approval processes, tells when cases are due and why, exports processes.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Context as _;
use clap::{Subcommand, ValueEnum};
use flow::{Case, Days, Definition, bpmn, parse_events};
use jiff::civil::Date;
use policy::{Lang, builtin};

use crate::compose::system_clock;
use crate::out;

/// What to do with a process.
#[derive(Subcommand)]
pub(crate) enum Command {
    /// Check a process: every step reachable, no dead end, one lead a stage, limits within the law's.
    Check {
        /// The definition, a TOML file.
        file: PathBuf,
    },
    /// Say when a case is due, stage by stage, and why on that very day.
    Due {
        /// The definition, a TOML file.
        file: PathBuf,
        /// The case's events: a JSON array of objects with id, at, event and what the event needs.
        #[arg(long)]
        events: PathBuf,
        /// The day from which the case is looked at, YYYY-MM-DD; today if not given.
        #[arg(long)]
        on: Option<Date>,
        /// A file of the working days of another year, such as one whose notice has just come.
        #[arg(long)]
        year: Vec<PathBuf>,
        /// How to print.
        #[arg(long, value_enum, default_value_t)]
        format: Format,
    },
    /// Write a process as BPMN 2.0 XML.
    Export {
        /// The definition, a TOML file.
        file: PathBuf,
        /// The language of the titles.
        #[arg(long, value_enum, default_value_t)]
        lang: Language,
    },
}

/// How to print.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// English.
    #[default]
    Text,
    /// Chinese.
    Zh,
    /// For programs, explanations in both languages.
    Json,
}

/// A language of titles.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum Language {
    /// Chinese.
    #[default]
    Zh,
    /// English.
    En,
}

/// `linli flow`.
pub(crate) fn run(command: &Command) -> anyhow::Result<ExitCode> {
    match command {
        Command::Check { file } => check(file),
        Command::Due {
            file,
            events,
            on,
            year,
            format,
        } => due(file, events, *on, year, *format),
        Command::Export { file, lang } => {
            let lang = match lang {
                Language::Zh => Lang::Zh,
                Language::En => Lang::En,
            };
            out::text(bpmn(&definition(file)?, lang))?;
            Ok(ExitCode::SUCCESS)
        }
    }
}

fn check(file: &Path) -> anyhow::Result<ExitCode> {
    let findings = flow::check(&read(file)?, builtin());
    for finding in &findings {
        out::line(format!("{}: {finding}", file.display()))?;
    }
    if findings.is_empty() {
        let definition = definition(file)?;
        out::line(format!(
            "{} ({}) holds together: {} stages, {} steps, {} units.",
            definition.id,
            definition.version,
            definition.stages.len(),
            definition.steps.len(),
            definition.units.len()
        ))?;
        return Ok(ExitCode::SUCCESS);
    }
    Ok(ExitCode::FAILURE)
}

fn due(
    file: &Path,
    events: &Path,
    on: Option<Date>,
    years: &[PathBuf],
    format: Format,
) -> anyhow::Result<ExitCode> {
    let definition = definition(file)?;
    let mut library = builtin().clone();
    for year in years {
        let text = read(year)?;
        library.extend(&[(&year.display().to_string(), &text)])?;
    }
    let days = Days::of(library.calendar());
    let on = on.unwrap_or_else(|| system_clock().date());
    let named = || events.display().to_string();
    let happened = parse_events(&read(events)?).with_context(named)?;
    let case = Case::replay(&definition, &happened).with_context(named)?;
    let report = case.report(&definition, &days, on)?;
    match format {
        Format::Text => out::line(report.render(Lang::En))?,
        Format::Zh => out::line(report.render(Lang::Zh))?,
        Format::Json => out::line(serde_json::to_string_pretty(&report)?)?,
    }
    Ok(ExitCode::SUCCESS)
}

/// A definition from a file.
pub(crate) fn definition(file: &Path) -> anyhow::Result<Definition> {
    Definition::parse(&read(file)?, builtin()).with_context(|| file.display().to_string())
}

fn read(file: &Path) -> anyhow::Result<String> {
    std::fs::read_to_string(file).with_context(|| format!("can't read {}", file.display()))
}
