//! The staircase: engines know only engines and do no I/O, the platform knows no module, and a module doesn't know the
//! binary.

use super::source::Source;
use super::{Finding, Package};

/// The crates from the ground up; a crate may use what stands on its own floor or below.
const FLOORS: [(&str, &[&str]); 4] = [
    (
        "ground floor",
        &[
            "units",
            "policy",
            "proof",
            "ballot",
            "ledger",
            "walk",
            "street-map",
            "event-log",
            "flow",
            "portfolio",
            "planning",
            "credential",
        ],
    ),
    (
        "first floor",
        &[
            "kernel",
            "db",
            "journal",
            "book",
            "identity",
            "documents",
            "web-ui",
            "shell",
            "test-kit",
        ],
    ),
    (
        "second floor",
        &[
            "account",
            "people",
            "decisions",
            "polls",
            "consultation",
            "approvals",
            "points",
            "timebank",
            "fund",
            "webhooks",
            "lifecircle",
        ],
    ),
    ("roof", &["linli"]),
];

/// What an engine never names: I/O, clocks, randomness, the floors above.
const NOT_IN_ENGINES: [&str; 12] = [
    "tokio",
    "axum",
    "db::",
    "kernel::",
    "journal::",
    "rusqlite",
    "getrandom",
    "std::fs",
    "std::net",
    "std::env",
    "std::time",
    "std::process",
];

pub(super) fn check(packages: &[Package]) -> Vec<Finding> {
    packages.iter().flat_map(check_package).collect()
}

fn check_package(package: &Package) -> Vec<Finding> {
    let manifest = format!("crates/{}/Cargo.toml", package.name);
    let Some(own) = floor(&package.name) else {
        let what = format!(
            "crate {} has no floor: add it to FLOORS in xtask/src/tidy/floors.rs",
            package.name
        );
        return vec![Finding::new(manifest, 1, what)];
    };
    let mut findings = Vec::new();
    for (line, dependency) in dependencies(&package.manifest) {
        let above = floor(dependency).is_some_and(|floor| floor > own);
        if above {
            let what = format!(
                "{} uses {dependency}, which stands above it: turn the dependency round",
                package.name
            );
            findings.push(Finding::new(&manifest, line, what));
        }
        if own == 0 && ["tokio", "axum", "rusqlite", "getrandom"].contains(&dependency) {
            let what = format!(
                "the engine {} uses {dependency}: engines do no I/O and draw no lots",
                package.name
            );
            findings.push(Finding::new(&manifest, line, what));
        }
    }
    if own == 0 {
        findings.extend(package.sources.iter().flat_map(engine));
    }
    findings
}

fn floor(name: &str) -> Option<usize> {
    FLOORS.iter().position(|(_, crates)| crates.contains(&name))
}

/// The crate's own dependencies, without those of its tests.
fn dependencies(manifest: &str) -> Vec<(usize, &str)> {
    let mut inside = false;
    let mut found = Vec::new();
    for (line, text) in (1..).zip(manifest.lines()) {
        if text.starts_with('[') {
            inside = text.trim() == "[dependencies]";
        } else if inside && let Some((name, _)) = text.split_once(['.', '=', ' ']) {
            found.push((line, name.trim()));
        }
    }
    found
}

fn engine(source: &Source) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (line, code) in source.lines() {
        let code = code
            .replace("std::{fs", "std::fs")
            .replace("std::{env", "std::env")
            .replace("std::{time", "std::time");
        if let Some(word) = NOT_IN_ENGINES.iter().find(|word| names_path(&code, word)) {
            let what = format!(
                "an engine names {}: give it what it needs as an argument",
                word.trim_end_matches("::")
            );
            findings.push(Finding::new(&source.path, line, what));
        }
    }
    findings
}

/// Whether a path stands in a line, not as the end of another name.
fn names_path(code: &str, path: &str) -> bool {
    code.match_indices(path).any(|(at, _)| {
        let before = code.get(..at).and_then(|before| before.chars().next_back());
        let after = code
            .get(at + path.len()..)
            .and_then(|after| after.chars().next());
        let word = |letter: Option<char>| {
            letter.is_some_and(|letter| letter.is_alphanumeric() || letter == '_')
        };
        !word(before) && (path.ends_with("::") || !word(after))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn package(name: &str, manifest: &str, code: &str) -> Package {
        Package {
            name: name.to_owned(),
            manifest: manifest.to_owned(),
            sources: vec![Source::parse("lib.rs".to_owned(), code)],
            migrations: Vec::new(),
            messages: Vec::new(),
        }
    }

    fn found(name: &str, manifest: &str, code: &str) -> Vec<(String, usize)> {
        let findings = check(&[package(name, manifest, code)]);
        findings
            .into_iter()
            .map(|finding| (finding.file, finding.line))
            .collect()
    }

    #[test]
    fn a_crate_that_looks_upstairs_is_found() {
        let manifest = "[package]\n[dependencies]\nunits.workspace = true\npeople.workspace = true\n\n[dev-dependencies]\nlinli.workspace = true\n";
        assert_eq!(
            found("kernel", manifest, ""),
            [("crates/kernel/Cargo.toml".to_owned(), 4)]
        );
        assert!(found("decisions", manifest, "").is_empty());
        assert_eq!(found("parking", manifest, "").len(), 1);
    }

    #[test]
    fn an_engine_that_looks_at_the_clock_is_found() {
        let code = "use std::time::SystemTime;\n// std::fs in a comment\nfn f() { std::fs::read(\"a\"); }\nuse thumb::x;";
        assert_eq!(
            found("ballot", "", code),
            [("lib.rs".to_owned(), 1), ("lib.rs".to_owned(), 3)]
        );
        assert!(found("db", "", code).is_empty());
    }
}
