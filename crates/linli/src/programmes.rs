//! `linli planning`: holds a building programme against its plan and the rules of a day.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Context as _;
use clap::Subcommand;
use planning::Check;
use policy::{Kind, builtin, parse_date};

use crate::ballots::{Format, read};
use crate::compose::system_clock;
use crate::out;

/// What to check.
#[derive(Subcommand)]
pub(crate) enum Command {
    /// Measure a programme: areas, floor area ratio, density, green, height, parking; every figure explained.
    Check {
        /// The programme, TOML.
        file: PathBuf,
        /// The city whose rules hold, by name or division code, such as hangzhou or 3301; the programme's place if not given.
        #[arg(long)]
        city: Option<String>,
        /// The day whose rules hold, YYYY-MM-DD; the programme's if not given, else today.
        #[arg(long)]
        on: Option<String>,
        /// How to print the result.
        #[arg(long, value_enum, default_value_t)]
        format: Format,
    },
}

/// `linli planning`.
pub(crate) fn run(command: &Command) -> anyhow::Result<ExitCode> {
    let Command::Check {
        file,
        city,
        on,
        format,
    } = command;
    let text = String::from_utf8(read(file)?)
        .with_context(|| format!("{} is no UTF-8 text: save it as UTF-8", file.display()))?;
    let named = || file.display().to_string();
    let programme = planning::parse(&text).with_context(named)?;
    let city = city.as_deref().map(division).transpose()?;
    let on = on.as_deref().map(parse_date).transpose()?;
    let asked = Check {
        place: city.as_deref(),
        on: on.or(programme.on).or_else(|| Some(system_clock().date())),
    };
    let report = planning::check(&programme, asked, builtin()).with_context(named)?;
    match format {
        Format::Text => out::text(planning::render_text(&report))?,
        Format::Json => out::line(serde_json::to_string_pretty(&report)?)?,
    }
    Ok(ExitCode::SUCCESS)
}

/// The division code of a city that is named in either language, or by its code.
fn division(city: &str) -> anyhow::Result<String> {
    if city.bytes().all(|byte| byte.is_ascii_digit()) {
        return Ok(city.to_owned());
    }
    let mut names = Vec::new();
    for field in builtin().get("plot_ratio.share")?.inputs() {
        for label in field.labels.iter().filter(|_| field.kind == Kind::Place) {
            let zh = label.title.zh.trim_end_matches(['市', '省']);
            let is_it = label.title.en.eq_ignore_ascii_case(city)
                || [zh, label.title.zh.as_str(), label.code.as_str()].contains(&city);
            if is_it {
                return Ok(label.code.clone());
            }
            names.push(label.title.en.to_lowercase());
        }
    }
    anyhow::bail!(
        "no rules are held for a city called {city}: give one of {}, or a division code such as 330602",
        names.join(", ")
    )
}
