//! `linli log`: analyses event logs.

use std::fs::File;
use std::io::BufReader;
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Context as _;
use clap::{Args, Subcommand, ValueEnum};
use event_log::{Analyser, Analysis, Columns, Kind, draw_analysis, parse_instant, render_text};

use crate::out;

/// What to do with a log.
#[derive(Subcommand)]
pub(crate) enum Command {
    /// Say how the cases of a log went: variants, directly-follows graph, throughput, on time, where time goes.
    Analyse(Analyse),
}

/// A log and what its columns mean. For XES the names are keys of attributes.
#[derive(Args)]
pub(crate) struct Analyse {
    /// The log: .xes, .xes.gz or .csv.
    file: PathBuf,
    /// The column of the case's id; found under its usual names if not given.
    #[arg(long)]
    case: Option<String>,
    /// The column of the activity.
    #[arg(long)]
    activity: Option<String>,
    /// The column of the time.
    #[arg(long)]
    time: Option<String>,
    /// The column of the time when the case is due; with it the share on time is told.
    #[arg(long)]
    due: Option<String>,
    /// The column of the time when the case was closed, empty while open. In CSV `case:enddate` or `enddate`, if there
    /// is one; else a case is closed by its last event.
    #[arg(long)]
    end: Option<String>,
    /// An activity that closes a case, where no column says so; cases ending with another are open. May be repeated.
    #[arg(long = "final")]
    final_activities: Vec<String>,
    /// The instant at which open cases are looked at; the log's last event if not given.
    #[arg(long)]
    at: Option<String>,
    /// A process to replay the cases on; activities are the names of its steps. A TOML file as `linli flow` reads it.
    #[arg(long)]
    process: Option<PathBuf>,
    /// How to print.
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

/// How to print.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// For people.
    #[default]
    Text,
    /// For programs.
    Json,
    /// The directly-follows graph as a picture.
    Svg,
}

/// `linli log`.
pub(crate) fn run(command: &Command) -> anyhow::Result<ExitCode> {
    let Command::Analyse(arguments) = command;
    let name = arguments.file.display();
    let analysis = analyse(arguments).with_context(|| name.to_string())?;
    match arguments.format {
        Format::Text => out::text(render_text(&analysis))?,
        Format::Json => out::line(serde_json::to_string_pretty(&analysis)?)?,
        Format::Svg => out::text(draw_analysis(&analysis))?,
    }
    Ok(ExitCode::SUCCESS)
}

fn analyse(arguments: &Analyse) -> anyhow::Result<Analysis> {
    let kind = Kind::of_name(&arguments.file.to_string_lossy())?;
    let at = match &arguments.at {
        Some(text) => Some(parse_instant(text).with_context(|| {
            format!("--at {text} is no time; write it as 2026-03-02T09:00:00+08:00")
        })?),
        None => None,
    };
    let columns = Columns {
        case: arguments.case.clone(),
        activity: arguments.activity.clone(),
        time: arguments.time.clone(),
        due: arguments.due.clone(),
        end: arguments.end.clone(),
    };
    let file = File::open(&arguments.file).context("can't be read")?;
    let mut analyser = Analyser::new()
        .with_final_activities(arguments.final_activities.clone())
        .observed_at(at);
    if let Some(process) = &arguments.process {
        analyser = analyser.against(flow::net(&crate::flows::definition(process)?));
    }
    event_log::read(
        BufReader::with_capacity(256 * 1024, file),
        kind,
        &columns,
        &mut analyser,
    )?;
    Ok(analyser.finish()?)
}
