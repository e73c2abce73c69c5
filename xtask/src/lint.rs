//! `cargo xtask lint`: formatting, clippy, documentation, licences.

use anyhow::bail;

use crate::program::{Program, installed};
use crate::report::{Counts, Report};

/// Runs every linter; whether all are content.
pub(crate) fn run(arguments: &[String]) -> anyhow::Result<bool> {
    let install = match arguments {
        [] => false,
        [flag] if flag == "--install" => true,
        _ => bail!("lint takes --install or nothing"),
    };
    let mut report = Report::default();
    let mut one = |name, program: Program| report.step(name, || program.runs().map(Counts::one));
    one("fmt", Program::cargo(["fmt", "--all", "--check"]));
    one(
        "clippy",
        Program::cargo([
            "clippy",
            "--workspace",
            "--all-targets",
            "--",
            "--deny",
            "warnings",
        ]),
    );
    let doc = Program::cargo(["doc", "--workspace", "--no-deps"]);
    one("doc", doc.variable("RUSTDOCFLAGS", "--deny warnings"));
    if install && !installed("cargo-deny") {
        one(
            "install",
            Program::cargo(["install", "--locked", "cargo-deny"]),
        );
    }
    if installed("cargo-deny") {
        one(
            "deny",
            Program::cargo(["deny", "check", "licenses", "bans", "sources"]),
        );
    } else {
        eprintln!(
            "\ncargo-deny is not installed, so licences are not checked: cargo xtask lint --install"
        );
    }
    Ok(report.close())
}
