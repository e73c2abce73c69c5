//! `cargo xtask tidy`: what the house promises (ARCHITECTURE.md), checked in the sources. Each finding names the place
//! and what to do.

mod floors;
mod messages;
mod size;
mod source;
mod sql;
mod words;

use std::path::{Path, PathBuf};

use anyhow::Context as _;

use crate::program::root;
use source::Source;

/// A promise broken at a place.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Finding {
    /// The file, from the workspace's folder.
    file: String,
    /// The line, from 1.
    line: usize,
    /// What is wrong and what to do.
    what: String,
}

impl Finding {
    fn new(file: impl Into<String>, line: usize, what: impl Into<String>) -> Self {
        Self {
            file: file.into(),
            line,
            what: what.into(),
        }
    }
}

/// A crate of the workspace, read into memory.
struct Package {
    name: String,
    manifest: String,
    /// What stands under `src/`.
    sources: Vec<Source>,
    /// File name and text of what stands under `migrations/`.
    migrations: Vec<(String, String)>,
    /// Language tag, path and text of what stands under `messages/`.
    messages: Vec<(String, String, String)>,
}

/// Checks the workspace; whether every promise is kept.
pub(crate) fn run() -> anyhow::Result<bool> {
    let packages = packages(&root())?;
    let mut findings = Vec::new();
    findings.extend(sql::check(&packages));
    findings.extend(floors::check(&packages));
    findings.extend(messages::check(&packages));
    findings.extend(words::check(&root())?);
    findings.extend(architecture(
        &packages,
        &std::fs::read_to_string(root().join("ARCHITECTURE.md")).unwrap_or_default(),
    ));
    findings.sort();
    let large = size::warnings(&packages);
    for warning in &large {
        println!(
            "warning: {}:{}: {}",
            warning.file, warning.line, warning.what
        );
    }
    for finding in &findings {
        println!("{}:{}: {}", finding.file, finding.line, finding.what);
    }
    println!(
        "tidy: {} findings, {} warnings",
        findings.len(),
        large.len()
    );
    Ok(findings.is_empty())
}

/// Every crate is named in ARCHITECTURE.md.
fn architecture(packages: &[Package], text: &str) -> Vec<Finding> {
    let unnamed = packages
        .iter()
        .filter(|package| !names(text, &package.name));
    unnamed
        .map(|package| {
            let what = format!(
                "crate {} is not named: say in a sentence what it is for",
                package.name
            );
            Finding::new("ARCHITECTURE.md", 1, what)
        })
        .collect()
}

/// Whether a word stands in a text, not as a part of another.
fn names(text: &str, word: &str) -> bool {
    let part_of_word = |letter: char| letter.is_alphanumeric() || letter == '-' || letter == '_';
    text.split(|letter| !part_of_word(letter))
        .any(|found| found == word)
}

fn packages(root: &Path) -> anyhow::Result<Vec<Package>> {
    let crates = root.join("crates");
    let mut folders: Vec<PathBuf> = std::fs::read_dir(&crates)
        .with_context(|| format!("can't read {}", crates.display()))?
        .filter_map(|entry| entry.ok().map(|entry| entry.path()))
        .filter(|folder| folder.join("Cargo.toml").exists())
        .collect();
    folders.sort();
    folders.iter().map(|folder| package(root, folder)).collect()
}

fn package(root: &Path, folder: &Path) -> anyhow::Result<Package> {
    let read = |path: &Path| {
        std::fs::read_to_string(path).with_context(|| format!("can't read {}", path.display()))
    };
    let mut sources = Vec::new();
    for path in files(&folder.join("src"), &["rs"]) {
        sources.push(Source::parse(shown(root, &path), &read(&path)?));
    }
    let mut migrations = Vec::new();
    for path in files(&folder.join("migrations"), &["sql"]) {
        migrations.push((shown(root, &path), read(&path)?));
    }
    let mut messages = Vec::new();
    for path in files(&folder.join("messages"), &["ftl"]) {
        let language = path
            .file_stem()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        messages.push((language, shown(root, &path), read(&path)?));
    }
    let name = folder
        .file_name()
        .unwrap_or_default()
        .to_string_lossy()
        .into_owned();
    Ok(Package {
        name,
        manifest: read(&folder.join("Cargo.toml"))?,
        sources,
        migrations,
        messages,
    })
}

/// Every file below a folder with one of these endings, in order; none if there is no such folder.
fn files(folder: &Path, endings: &[&str]) -> Vec<PathBuf> {
    let mut entries: Vec<PathBuf> = std::fs::read_dir(folder)
        .into_iter()
        .flatten()
        .flatten()
        .map(|entry| entry.path())
        .collect();
    entries.sort();
    let mut found = Vec::new();
    for entry in entries {
        if entry.is_dir() {
            found.extend(files(&entry, endings));
        } else if entry
            .extension()
            .is_some_and(|ending| endings.iter().any(|one| ending == *one))
        {
            found.push(entry);
        }
    }
    found
}

fn shown(root: &Path, path: &Path) -> String {
    path.strip_prefix(root)
        .unwrap_or(path)
        .display()
        .to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_within_another_word_names_nothing() {
        assert!(names("- `web-ui`: pages.", "web-ui"));
        assert!(!names("the web-ui crate", "web"));
        assert!(!names("database", "db"));
        assert!(names("`db`", "db"));
    }
}
