//! `cargo xtask CHORE`: every chore of the workspace, the same on a developer's machine and in CI.

mod demo;
mod lint;
mod program;
mod report;
mod test;
mod tidy;
mod tools;

use std::process::ExitCode;

use program::Program;

const HELP: &str = "\
cargo xtask CHORE

  demo [ARGUMENTS]   build linli and serve a made-up city on http://127.0.0.1:8080;
                     ARGUMENTS go to `linli demo` (--data, --listen, --database, …)
  test [--no-install] [STEP…]
                     everything that CI checks; ends with `N passed, N failed`. Steps:
                     fmt, tidy, clippy, cargo, browser, api; all of them without STEP.
                     `highs` runs only when named: it compiles HiGHS, which takes minutes.
                     Missing system packages are installed by apt-get as root or by sudo,
                     unless --no-install
  tidy               the promises of ARCHITECTURE.md, checked in the sources
  lint [--install]   fmt, clippy, rustdoc and cargo deny; --install builds cargo-deny
                     first where it is missing, which takes minutes
  bench [--json] [--highs] [NAME…]
                     the table of what is fast, measured here and now; --highs compiles
                     HiGHS first, so that plans are measured against it
  crash [--rounds N] kill -9 under load, N times (10) on each database: no acknowledged
                     vote is missing, none counted twice, the record holds
";

fn main() -> ExitCode {
    let mut arguments = std::env::args().skip(1);
    let chore = arguments.next().unwrap_or_default();
    let rest: Vec<String> = arguments.collect();
    if rest
        .iter()
        .any(|argument| argument == "--help" || argument == "-h")
        && chore != "demo"
    {
        print!("{HELP}");
        return ExitCode::SUCCESS;
    }
    let done = match chore.as_str() {
        "demo" => demo::run(&rest),
        "test" => test::run(&rest),
        "tidy" => tidy::run(),
        "lint" => lint::run(&rest),
        "bench" => bench(&rest),
        "crash" => crash(&rest),
        "" | "help" | "--help" | "-h" => {
            print!("{HELP}");
            return ExitCode::SUCCESS;
        }
        unknown => {
            eprint!("xtask: there is no chore {unknown}.\n\n{HELP}");
            return ExitCode::from(2);
        }
    };
    match done {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("xtask: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn bench(arguments: &[String]) -> anyhow::Result<bool> {
    let (highs, rest): (Vec<&String>, Vec<&String>) = arguments
        .iter()
        .partition(|argument| argument.as_str() == "--highs");
    let mut program = Program::cargo(["run", "--quiet", "--release", "--package", "benches"]);
    if !highs.is_empty() {
        tools::ensure(tools::FOR_HIGHS, true)?;
        program = program.arguments(["--features", "highs"]);
    }
    program.arguments(["--"]).arguments(rest).runs()
}

fn crash(arguments: &[String]) -> anyhow::Result<bool> {
    let rounds = match arguments {
        [] => "10",
        [flag, rounds]
            if flag == "--rounds" && rounds.parse::<u32>().is_ok_and(|rounds| rounds > 0) =>
        {
            rounds
        }
        _ => anyhow::bail!("crash takes --rounds N, N from 1"),
    };
    Program::cargo([
        "test",
        "--package",
        "linli",
        "--test",
        "crash",
        "--",
        "--nocapture",
    ])
    .variable("LINLI_CRASH_ROUNDS", rounds)
    .runs()
}
