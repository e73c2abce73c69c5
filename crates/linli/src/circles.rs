//! `linli circle`: who reaches what on foot, from a street map.

mod report;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Context as _;
use clap::{Subcommand, ValueEnum};
use street_map::{FacilityTypes, Question, analyse};
use walk::Walker;

use crate::ballots::read;
use crate::out;

/// What to do with a map.
#[derive(Subcommand)]
pub(crate) enum Command {
    /// Find the nearest facilities of every building, and the share of buildings that are served.
    Analyse {
        /// An OpenStreetMap extract, FILE.osm.pbf.
        file: PathBuf,
        /// Facility types in TOML; those of GB 50180-2018 if not given.
        #[arg(long)]
        types: Option<PathBuf>,
        /// How many facilities of a type to keep for a building, 1 to 64.
        #[arg(long, default_value_t = 5, value_name = "K")]
        nearest: usize,
        /// How far to look, in metres; a type's own limit holds where it is shorter.
        #[arg(long, default_value_t = 1000, value_name = "M")]
        max_walk: u32,
        /// Walking speed in millimetres a second.
        #[arg(long, default_value_t = 1000, value_name = "MM")]
        speed: u32,
        /// How to print: a summary, or a row or feature a building.
        #[arg(long, value_enum, default_value_t)]
        format: Format,
        /// How many threads to use; the answer is the same with any number.
        #[arg(long)]
        threads: Option<usize>,
    },
}

/// How to print.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// A summary for programs.
    #[default]
    Json,
    /// A row for each building and type.
    Csv,
    /// A feature for each building and each facility.
    Geojson,
}

/// `linli circle`.
pub(crate) fn run(command: &Command) -> anyhow::Result<ExitCode> {
    let Command::Analyse {
        file,
        types,
        nearest,
        max_walk,
        speed,
        format,
        threads,
    } = command;
    let types = read_types(types.as_deref())?;
    let map = street_map::read(&read(file)?, &types)
        .with_context(|| format!("can't read the map {}", file.display()))?;
    let cores = || std::thread::available_parallelism().map_or(1, usize::from);
    let question = Question {
        keep: *nearest,
        max_walk_m: *max_walk,
        walker: Walker {
            mm_per_s: *speed,
            ..Walker::default()
        },
        threads: threads.unwrap_or_else(cores),
        ..Question::default()
    };
    let analysis = analyse(&map, question)?;
    if map.segments.is_empty() {
        eprintln!("warning: {} has no way that is walked", file.display());
    }
    let found = report::Found {
        map: &map,
        types: &types,
        analysis: &analysis,
    };
    match format {
        Format::Json => out::line(serde_json::to_string_pretty(&found.summary())?)?,
        Format::Csv => out::text(found.table()?)?,
        Format::Geojson => out::line(serde_json::to_string(&found.features())?)?,
    }
    Ok(ExitCode::SUCCESS)
}

fn read_types(file: Option<&Path>) -> anyhow::Result<FacilityTypes> {
    let Some(file) = file else {
        return Ok(FacilityTypes::builtin()?);
    };
    let text =
        std::fs::read_to_string(file).with_context(|| format!("can't read {}", file.display()))?;
    FacilityTypes::parse(&text).with_context(|| format!("can't use {}", file.display()))
}
