//! `linli serve`: the web, the followers, the jobs; stops gracefully.

use std::net::SocketAddr;
use std::process::ExitCode;
use std::time::Duration;

use anyhow::Context as _;
use clap::Args;
use kernel::CommunityId;
use shell::{App, Job, Module};
use tokio::net::TcpListener;
use tracing_subscriber::EnvFilter;

use crate::compose;
use crate::config::{Config, Store, Web};
use crate::home;
use crate::opening::Opened;
use crate::watch;

/// Flags of `serve`.
#[derive(Args)]
pub(crate) struct Arguments {
    #[command(flatten)]
    store: Store,
    #[command(flatten)]
    web: Web,
}

/// How often jobs look for what is due, in seconds.
const JOBS_EVERY_SECONDS: u64 = 60;
/// How often followers look for what other processes wrote, in seconds.
const FOLLOW_EVERY_SECONDS: u64 = 5;

/// `linli serve`.
pub(crate) fn run(arguments: &Arguments) -> anyhow::Result<ExitCode> {
    let config = Config::decide(&arguments.store, &arguments.web)?;
    log(&config)?;
    let (app, modules) = compose::app(&config, Opened::or_made(&config)?, false)?;
    prove_books(&app)?;
    serve(&config, &app, modules, || {})
}

/// No transfer is taken on top of a book that does not hold.
fn prove_books(app: &App) -> anyhow::Result<()> {
    let database = app.database();
    for community in database.read_blocking(|read| people::queries::communities(read))? {
        let records = book::prove_since_last(database, community.id)
            .context("a book does not hold; `linli verify --database` says where")?;
        if records > 0 {
            tracing::info!(community = %community.id, records, "balances are as replayed");
        }
    }
    Ok(())
}

/// Serves until asked to stop; `ready` is called once the address answers.
pub(crate) fn serve(
    config: &Config,
    app: &App,
    modules: Vec<Module>,
    ready: impl FnOnce(),
) -> anyhow::Result<ExitCode> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()?;
    runtime.block_on(async {
        let listener = TcpListener::bind(config.listen)
            .await
            .with_context(|| format!("can't listen on {}", config.listen))?;
        let followers = modules
            .iter()
            .flat_map(|module| module.followers.clone())
            .collect();
        let jobs: Vec<Job> = modules
            .iter()
            .flat_map(|module| module.jobs.clone())
            .collect();
        let homes = home::homes(&modules);
        let journal = app.journal().clone();
        let following = tokio::spawn(async move {
            journal
                .run_followers(followers, Duration::from_secs(FOLLOW_EVERY_SECONDS))
                .await;
        });
        let working = tokio::spawn(run_jobs(app.clone(), jobs));
        let sending = tokio::spawn(webhooks::run(app.clone()));
        let router = shell::router(app.clone(), modules, home::routes(homes));
        let router = watch::guarded(router, config.metrics_token.clone());
        tracing::info!(address = %config.listen, database = ?app.database().engine(), "serving");
        ready();
        let service = router.into_make_service_with_connect_info::<SocketAddr>();
        axum::serve(listener, service)
            .with_graceful_shutdown(asked_to_stop())
            .await?;
        tracing::info!("stopping");
        following.abort();
        working.abort();
        sending.abort();
        anyhow::Ok(())
    })?;
    runtime.shutdown_timeout(Duration::from_secs(10));
    app_closed(app);
    Ok(ExitCode::SUCCESS)
}

/// Lanes finish what they have taken, then stop.
fn app_closed(app: &App) {
    app.database().close();
}

async fn run_jobs(app: App, jobs: Vec<Job>) {
    loop {
        for community in app.journal().communities().await.unwrap_or_default() {
            for job in &jobs {
                run_job(&app, *job, community).await;
            }
        }
        tokio::time::sleep(Duration::from_secs(JOBS_EVERY_SECONDS)).await;
    }
}

async fn run_job(app: &App, job: Job, community: CommunityId) {
    let working = app.clone();
    let done = tokio::task::spawn_blocking(move || {
        let ctx = working.system_context(community)?;
        (job.run)(&working, ctx, working.now())
    });
    match done.await {
        Ok(Ok(0)) => {}
        Ok(Ok(done)) => tracing::info!(job = job.name, %community, done, "did what was due"),
        Ok(Err(failure)) => tracing::error!(job = job.name, %community, "{}", failure.english),
        Err(error) => tracing::error!(job = job.name, %community, %error, "a job broke off"),
    }
}

/// Waits for Ctrl-C or SIGTERM.
async fn asked_to_stop() {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        if let Ok(mut terminate) = signal(SignalKind::terminate()) {
            tokio::select! {
                _ = tokio::signal::ctrl_c() => {}
                _ = terminate.recv() => {}
            }
            return;
        }
    }
    let _ = tokio::signal::ctrl_c().await;
}

/// Starts logging to the standard error.
pub(crate) fn log(config: &Config) -> anyhow::Result<()> {
    let filter = EnvFilter::try_new(&config.log)
        .with_context(|| format!("can't read the log filter {}", config.log))?;
    let builder = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr);
    let started = if config.log_json {
        builder.json().try_init()
    } else {
        builder.compact().try_init()
    };
    started.map_err(|error| anyhow::anyhow!("logging can't start: {error}"))
}
