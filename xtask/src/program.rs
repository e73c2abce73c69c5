//! Programs that chores run, with their output shown as it comes.

use std::ffi::{OsStr, OsString};
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::Context as _;

/// A program to run in the workspace's folder.
pub(crate) struct Program {
    command: Command,
    shown: String,
}

impl Program {
    /// A program by name.
    pub(crate) fn new(name: impl AsRef<OsStr>) -> Self {
        let mut command = Command::new(&name);
        command.current_dir(root());
        Self {
            command,
            shown: name.as_ref().to_string_lossy().into_owned(),
        }
    }

    /// The cargo that runs this chore.
    pub(crate) fn cargo<const N: usize>(arguments: [&str; N]) -> Self {
        let cargo = std::env::var_os("CARGO").unwrap_or_else(|| OsString::from("cargo"));
        let mut program = Self::new(cargo);
        "cargo".clone_into(&mut program.shown);
        program.arguments(arguments)
    }

    /// Adds arguments.
    pub(crate) fn arguments<A: AsRef<OsStr>>(
        mut self,
        arguments: impl IntoIterator<Item = A>,
    ) -> Self {
        for argument in arguments {
            self.shown.push(' ');
            self.shown.push_str(&argument.as_ref().to_string_lossy());
            self.command.arg(argument);
        }
        self
    }

    /// Sets a variable of the environment.
    pub(crate) fn variable(mut self, name: &str, value: impl AsRef<OsStr>) -> Self {
        self.command.env(name, value);
        self
    }

    /// Runs it to its end and says whether it succeeded.
    pub(crate) fn runs(mut self) -> anyhow::Result<bool> {
        eprintln!("$ {}", self.shown);
        let status = self
            .command
            .status()
            .with_context(|| format!("can't run {}", self.shown))?;
        Ok(status.success())
    }

    /// Runs it to its end; each line of its standard output is shown and given to `see`.
    pub(crate) fn runs_seen(mut self, mut see: impl FnMut(&str)) -> anyhow::Result<bool> {
        eprintln!("$ {}", self.shown);
        self.command.stdout(Stdio::piped());
        let mut child = self
            .command
            .spawn()
            .with_context(|| format!("can't run {}", self.shown))?;
        if let Some(output) = child.stdout.take() {
            for line in BufReader::new(output).split(b'\n') {
                let line = line.with_context(|| format!("can't read what {} says", self.shown))?;
                let line = String::from_utf8_lossy(&line);
                println!("{line}");
                see(&line);
            }
        }
        Ok(child.wait()?.success())
    }

    /// Whether it runs and succeeds; shows nothing.
    pub(crate) fn succeeds(mut self) -> bool {
        let status = self
            .command
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status();
        status.is_ok_and(|status| status.success())
    }

    /// What it writes to its standard output; empty if it can't be run.
    pub(crate) fn output(mut self) -> String {
        let output = self
            .command
            .stdin(Stdio::null())
            .stderr(Stdio::null())
            .output();
        output.map_or_else(
            |_| String::new(),
            |output| String::from_utf8_lossy(&output.stdout).into_owned(),
        )
    }
}

/// The workspace's folder.
pub(crate) fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.parent().unwrap_or(here).to_owned()
}

/// Where cargo puts what it builds.
pub(crate) fn target() -> PathBuf {
    match std::env::var_os("CARGO_TARGET_DIR") {
        Some(folder) => root().join(folder),
        None => root().join("target"),
    }
}

/// Whether a program of this name stands on the path.
pub(crate) fn installed(name: &str) -> bool {
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path).any(|folder| folder.join(name).is_file())
}
