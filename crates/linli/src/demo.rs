//! `linli demo`: a made-up city with a past, a running and an announced decision, served on this machine.

use std::io::IsTerminal as _;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use anyhow::Context as _;
use clap::Args;
use indicatif::{ProgressBar, ProgressStyle};
use shell::App;

use crate::compose;
use crate::config::{Config, Store, Web};
use crate::opening::Opened;
use crate::serve;

mod accounts;
mod approvals;
mod budgets;
mod city;
mod consultation;
mod decisions;
mod fund;
mod lifecircle;
mod maker;
mod meetings;
mod points;
mod polls;
mod timebank;
mod votes;

/// Flags of `demo`.
#[derive(Args)]
pub(crate) struct Arguments {
    /// The folder for the demo's database and keys; made if it is missing.
    #[arg(long, default_value = "data/demo")]
    data: PathBuf,
    /// The address to listen on.
    #[arg(long, default_value = "127.0.0.1:8080")]
    listen: SocketAddr,
    /// Another database than SQLite in the folder, such as postgres://…
    #[arg(long)]
    database: Option<String>,
    /// Make the data and stop.
    #[arg(long)]
    prepare_only: bool,
    /// What to log.
    #[arg(long, default_value = "warn")]
    log: String,
}

/// `linli demo`.
pub(crate) fn run(arguments: &Arguments) -> anyhow::Result<ExitCode> {
    std::fs::create_dir_all(&arguments.data)
        .with_context(|| format!("can't make the folder {}", arguments.data.display()))?;
    let file = arguments.data.join("linli.db");
    let store = Store {
        config: None,
        database: Some(
            arguments
                .database
                .clone()
                .unwrap_or_else(|| format!("sqlite:{}", file.display())),
        ),
        keys: Some(arguments.data.join("linli.keys")),
    };
    let web = Web {
        listen: Some(arguments.listen),
        log: Some(arguments.log.clone()),
        city_name: Some("绍兴市".to_owned()),
        ..Web::default()
    };
    let config = Config::decide(&store, &web)?;
    serve::log(&config)?;
    let (app, modules) = compose::app(&config, Opened::or_made(&config)?, true)?;
    populate(&app)?;
    if arguments.prepare_only {
        app.database().close();
        return Ok(ExitCode::SUCCESS);
    }
    serve::serve(&config, &app, modules, || announce(&config))
}

fn populate(app: &App) -> anyhow::Result<()> {
    if city::exists(app)? {
        return Ok(());
    }
    let bar = if std::io::stderr().is_terminal() {
        ProgressBar::new(0)
    } else {
        ProgressBar::hidden()
    };
    bar.set_style(ProgressStyle::with_template(
        "{msg:32} [{bar:30}] {pos}/{len}",
    )?);
    bar.enable_steady_tick(Duration::from_millis(200));
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()?;
    runtime.block_on(city::make(app, &bar))?;
    bar.finish_and_clear();
    Ok(())
}

fn announce(config: &Config) {
    println!("邻里 Linli, demo data: {}", config.public_url);
    println!();
    println!("Sign in with (password {}):", accounts::PASSWORD);
    for (login, who) in accounts::LOGINS {
        println!("  {login:<12} {who}");
    }
    println!();
    println!("Stop with Ctrl-C.");
}
