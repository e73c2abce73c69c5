//! `cargo xtask test`: everything that CI checks, each thing compiled once.

use anyhow::bail;

use crate::program::{Program, root, target};
use crate::report::{Counts, Report};
use crate::{tidy, tools};

/// A part of the tests that can be run alone.
type Step = fn() -> anyhow::Result<Counts>;

/// The steps in their order. `cargo` builds the binary that `browser` and `api` drive.
const STEPS: [(&str, Step); 6] = [
    ("fmt", fmt),
    ("tidy", tidy),
    ("clippy", clippy),
    ("cargo", cargo_test),
    ("browser", browser),
    ("api", api),
];

/// Steps that run only where they are named, because they take long.
const EXTRA: [(&str, Step); 1] = [("highs", highs)];

/// Runs the chosen steps, or all; one that fails doesn't stop the next.
pub(crate) fn run(arguments: &[String]) -> anyhow::Result<bool> {
    let (flags, chosen): (Vec<&String>, Vec<&String>) = arguments
        .iter()
        .partition(|argument| argument.starts_with('-'));
    if let Some(flag) = flags.iter().find(|flag| **flag != "--no-install") {
        bail!("test takes --no-install, not {flag}");
    }
    if let Some(unknown) = chosen.iter().find(|one| {
        let mut known = STEPS.iter().chain(&EXTRA);
        !known.any(|(name, _)| *name == one.as_str())
    }) {
        bail!(
            "there is no step {unknown}; there are fmt, tidy, clippy, cargo, browser, api, highs"
        );
    }
    let mut report = Report::default();
    let needs_tools = chosen.is_empty()
        || chosen
            .iter()
            .any(|one| ["cargo", "browser", "api"].contains(&one.as_str()));
    if needs_tools {
        report.step("tools", || {
            tools::ensure(tools::FOR_TESTS, flags.is_empty()).map(|()| Counts::default())
        });
    }
    if chosen.iter().any(|one| one.as_str() == "highs") {
        report.step("tools for HiGHS", || {
            tools::ensure(tools::FOR_HIGHS, flags.is_empty()).map(|()| Counts::default())
        });
    }
    for (name, work) in STEPS.into_iter().chain(EXTRA) {
        let usual = !EXTRA.iter().any(|(extra, _)| *extra == name);
        if (chosen.is_empty() && usual) || chosen.iter().any(|one| one.as_str() == name) {
            report.step(name, work);
        }
    }
    Ok(report.close())
}

fn fmt() -> anyhow::Result<Counts> {
    Program::cargo(["fmt", "--all", "--check"])
        .runs()
        .map(Counts::one)
}

fn tidy() -> anyhow::Result<Counts> {
    tidy::run().map(Counts::one)
}

fn clippy() -> anyhow::Result<Counts> {
    let arguments = [
        "clippy",
        "--quiet",
        "--workspace",
        "--all-targets",
        "--",
        "--deny",
        "warnings",
    ];
    Program::cargo(arguments).runs().map(Counts::one)
}

fn cargo_test() -> anyhow::Result<Counts> {
    let mut counts = Counts::default();
    let held = Program::cargo(["test", "--workspace", "--no-fail-fast"])
        .runs_seen(|line| counts.add_line(line))?;
    Ok(counts.ended(held))
}

/// Plans by HiGHS and by our own search, which must agree; compiling HiGHS takes a quarter of an hour of one core.
fn highs() -> anyhow::Result<Counts> {
    let mut counts = Counts::default();
    let held = Program::cargo(["test", "--package", "portfolio", "--features", "highs"])
        .runs_seen(|line| counts.add_line(line))?;
    Ok(counts.ended(held))
}

/// The built binary under the browser, as owners and committee members meet it.
fn browser() -> anyhow::Result<Counts> {
    let folder = root().join("e2e");
    if !is_installed(&folder) {
        let installed = Program::new("npm")
            .arguments(["ci", "--no-audit", "--no-fund", "--prefix"])
            .arguments([&folder])
            .runs()?;
        if !installed {
            bail!("npm ci in e2e/ did not end well");
        }
    }
    node("browser.mjs", &[])
}

/// Whether the packages of a folder are there, and no older than the list of them.
fn is_installed(folder: &std::path::Path) -> bool {
    let age = |name: &str| {
        folder
            .join(name)
            .metadata()
            .and_then(|file| file.modified())
    };
    match (
        age("node_modules/.package-lock.json"),
        age("package-lock.json"),
    ) {
        (Ok(installed), Ok(listed)) => installed >= listed,
        _ => false,
    }
}

/// The running API against its own description.
fn api() -> anyhow::Result<Counts> {
    let environment = target().join("schemathesis");
    let program = environment.join("bin/schemathesis");
    if !program.exists() {
        let made = Program::new("python3")
            .arguments(["-m", "venv"])
            .arguments([&environment])
            .runs()?
            && Program::new(environment.join("bin/pip"))
                .arguments([
                    "install",
                    "--quiet",
                    "--disable-pip-version-check",
                    "--requirement",
                    "e2e/requirements.txt",
                ])
                .runs()?;
        if !made {
            bail!("schemathesis can't be installed from e2e/requirements.txt");
        }
    }
    node(
        "api.mjs",
        &[("SCHEMATHESIS", program.display().to_string())],
    )
}

fn node(script: &str, variables: &[(&str, String)]) -> anyhow::Result<Counts> {
    let binary = target().join("debug/linli");
    if !binary.exists() {
        bail!(
            "{} is not built: run the step cargo first",
            binary.display()
        );
    }
    let mut program = Program::new("node")
        .arguments([root().join("e2e").join(script)])
        .variable("LINLI_BINARY", binary)
        .variable("LINLI_E2E_OUTPUT", target().join("e2e"));
    for (name, value) in variables {
        program = program.variable(name, value);
    }
    let mut counts = Counts::default();
    let held = program.runs_seen(|line| counts.add_line(line))?;
    Ok(counts.ended(held))
}
