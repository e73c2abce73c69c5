//! `linli policy`: checks policy files, and explains what they decide.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Context as _;
use clap::{Subcommand, ValueEnum};
use policy::{Format, Lang, builtin, builtin_sources};

use crate::compose::system_clock;
use crate::out;

/// What to do with policies.
#[derive(Subcommand)]
pub(crate) enum Command {
    /// Check policy files together with the built-in ones: syntax, gaps, overlaps, citations, golden cases.
    Check {
        /// TOML files or folders of them.
        files: Vec<PathBuf>,
    },
    /// Decide by a policy on a day and say why.
    Explain {
        /// The policy's id, such as owners_resolution.thresholds.
        policy: String,
        /// The day, YYYY-MM-DD; today if not given.
        #[arg(long)]
        on: Option<String>,
        /// What the policy asks for, as field=value.
        inputs: Vec<String>,
        /// How to print the explanation.
        #[arg(long, value_enum, default_value_t)]
        format: Output,
    },
}

/// How to print.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum Output {
    /// Chinese.
    Zh,
    /// English.
    #[default]
    Text,
    /// For programs, in both languages.
    Json,
}

/// `linli policy`.
pub(crate) fn run(command: &Command) -> anyhow::Result<ExitCode> {
    match command {
        Command::Check { files } => check(files),
        Command::Explain {
            policy,
            on,
            inputs,
            format,
        } => {
            let on = on
                .clone()
                .unwrap_or_else(|| system_clock().date().to_string());
            let format = match format {
                Output::Zh => Format::Text(Lang::Zh),
                Output::Text => Format::Text(Lang::En),
                Output::Json => Format::Json,
            };
            out::line(policy::explain(builtin(), policy, &on, inputs, format)?)?;
            Ok(ExitCode::SUCCESS)
        }
    }
}

fn check(files: &[PathBuf]) -> anyhow::Result<ExitCode> {
    let mut read = Vec::new();
    for file in files {
        gather(file, &mut read)?;
    }
    let added = read
        .iter()
        .map(|(name, text)| (name.as_str(), text.as_str()));
    let sources: Vec<(&str, &str)> = builtin_sources().iter().copied().chain(added).collect();
    let findings = policy::check(&sources);
    for finding in &findings {
        out::line(format!(
            "{}: {}: {}",
            finding.file, finding.place, finding.message
        ))?;
    }
    let mut sound = findings.is_empty();
    for (name, text) in read.iter().filter(|(_, text)| is_process(text)) {
        for finding in flow::check(text, builtin()) {
            out::line(format!("{name}: {finding}"))?;
            sound = false;
        }
    }
    if sound {
        out::line(format!("{} files hold together.", sources.len()))?;
        return Ok(ExitCode::SUCCESS);
    }
    Ok(ExitCode::FAILURE)
}

/// Whether a file is a process, which `flow` checks.
fn is_process(text: &str) -> bool {
    text.parse::<toml::Table>()
        .is_ok_and(|file| file.get("kind").and_then(toml::Value::as_str) == Some("process"))
}

fn gather(path: &Path, read: &mut Vec<(String, String)>) -> anyhow::Result<()> {
    if path.is_dir() {
        let mut inside: Vec<PathBuf> = std::fs::read_dir(path)
            .with_context(|| format!("can't read {}", path.display()))?
            .filter_map(|entry| entry.ok().map(|entry| entry.path()))
            .filter(|path| {
                path.is_dir()
                    || path
                        .extension()
                        .is_some_and(|extension| extension == "toml")
            })
            .collect();
        inside.sort();
        return inside.iter().try_for_each(|path| gather(path, read));
    }
    let text =
        std::fs::read_to_string(path).with_context(|| format!("can't read {}", path.display()))?;
    read.push((path.display().to_string(), text));
    Ok(())
}
