//! `linli`: runs a community's platform, and checks its votes, policies and receipts from the command line.

mod admin;
mod audits;
mod backup;
mod ballots;
mod circles;
mod compose;
mod config;
mod demo;
mod flows;
mod home;
#[cfg(test)]
mod isolation;
mod keys;
mod logs;
mod opening;
mod out;
mod plans;
mod policies;
mod programmes;
mod serve;
mod verify;
mod watch;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// A tenth more votes a second than with the system's (`cargo xtask bench votes`).
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Linli (邻里): software for a future community.
#[derive(Parser)]
#[command(version, about)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Make a demo city in a folder and serve it.
    Demo(demo::Arguments),
    /// Serve a database.
    Serve(serve::Arguments),
    /// Bring a database's tables up to date.
    Migrate(config::Store),
    /// Set up and look after an installation.
    #[command(subcommand)]
    Admin(admin::Command),
    /// Count votes from files.
    #[command(subcommand)]
    Ballot(ballots::Command),
    /// Analyse life circles: who reaches what on foot.
    #[command(subcommand)]
    Circle(circles::Command),
    /// Analyse event logs of any process.
    #[command(subcommand)]
    Log(logs::Command),
    /// Check approval processes, and tell when cases are due.
    #[command(subcommand)]
    Flow(flows::Command),
    /// Check and explain policies.
    #[command(subcommand)]
    Policy(policies::Command),
    /// Check building programmes against plans and rules.
    #[command(subcommand)]
    Planning(programmes::Command),
    /// Make rolling plans from files.
    #[command(subcommand)]
    Plan(plans::Command),
    /// Prove a receipt, or the whole record of every community in a database, offline.
    Verify(verify::Arguments),
}

fn main() -> ExitCode {
    let done = match Arguments::parse().command {
        Command::Demo(arguments) => demo::run(&arguments),
        Command::Serve(arguments) => serve::run(&arguments),
        Command::Migrate(store) => compose::migrate(&store),
        Command::Admin(command) => admin::run(command),
        Command::Ballot(command) => ballots::run(&command),
        Command::Circle(command) => circles::run(&command),
        Command::Log(command) => logs::run(&command),
        Command::Flow(command) => flows::run(&command),
        Command::Policy(command) => policies::run(&command),
        Command::Planning(command) => programmes::run(&command),
        Command::Plan(command) => plans::run(&command),
        Command::Verify(arguments) => verify::run(&arguments),
    };
    match done {
        Ok(code) => code,
        Err(error) => {
            eprintln!("linli: {error:#}");
            ExitCode::FAILURE
        }
    }
}
