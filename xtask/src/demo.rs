//! `cargo xtask demo`: from a clone to a running city in one command.

use crate::program::{Program, root, target};
use crate::tools;

/// Builds `linli` in the profile that builds soonest and still runs fast, and serves the demo.
pub(crate) fn run(arguments: &[String]) -> anyhow::Result<bool> {
    tools::ensure(&[tools::C_COMPILER], true)?;
    let built = Program::cargo(["build", "--package", "linli", "--profile", "quick"]).runs()?;
    if !built {
        return Ok(false);
    }
    let binary = target().join("quick").join("linli");
    let mut all = vec!["demo".to_owned()];
    if !arguments
        .iter()
        .any(|argument| argument.starts_with("--data"))
    {
        all.extend([
            "--data".to_owned(),
            root().join("data/demo").display().to_string(),
        ]);
    }
    all.extend(arguments.iter().cloned());
    Program::new(binary).arguments(all).runs()
}
