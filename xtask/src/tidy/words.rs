//! Nothing is left for later: no unfinished code, no notes to oneself.

use std::path::Path;

use super::{Finding, files, shown};

/// Where people write, with the endings of what they write there.
const PLACES: [(&str, &[&str]); 8] = [
    ("crates", &["rs", "ftl", "sql", "toml"]),
    ("xtask/src", &["rs"]),
    ("benches", &["rs", "toml"]),
    ("fuzz/fuzz_targets", &["rs"]),
    ("policy", &["toml", "md"]),
    ("web/styles", &["css"]),
    ("web/scripts", &["js"]),
    ("docs", &["md"]),
];

/// Put together here, so that this file doesn't find itself.
const UNFINISHED: [&str; 5] = [
    concat!("to", "do!("),
    concat!("unimple", "mented!("),
    concat!("FIX", "ME"),
    concat!("TO", "DO"),
    concat!("XX", "X"),
];

pub(super) fn check(root: &Path) -> anyhow::Result<Vec<Finding>> {
    let mut findings = Vec::new();
    for (folder, endings) in PLACES {
        for path in files(&root.join(folder), endings) {
            let text = String::from_utf8_lossy(&std::fs::read(&path)?).into_owned();
            findings.extend(unfinished(&shown(root, &path), &text));
        }
    }
    Ok(findings)
}

fn unfinished(path: &str, text: &str) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (line, text) in (1..).zip(text.lines()) {
        if let Some(word) = UNFINISHED.iter().find(|word| stands_alone(text, word)) {
            findings.push(Finding::new(
                path,
                line,
                format!("{word}: finish it, or open an issue"),
            ));
        }
    }
    findings
}

/// Whether a word stands in a line, not within another.
fn stands_alone(line: &str, word: &str) -> bool {
    line.match_indices(word).any(|(at, _)| {
        let letter = |letter: Option<char>| letter.is_some_and(char::is_alphanumeric);
        let before = line.get(..at).and_then(|before| before.chars().next_back());
        let after = line
            .get(at + word.len()..)
            .and_then(|after| after.chars().next());
        !letter(before) && (word.ends_with('(') || !letter(after))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn notes_to_oneself_are_found_and_other_words_left() {
        let note = concat!(
            "// FIX",
            "ME: later\nlet a = 1;\nfn f() { to",
            "do!() }\n// TO",
            "DOS are fine\n"
        );
        let lines: Vec<usize> = unfinished("a.rs", note)
            .iter()
            .map(|finding| finding.line)
            .collect();
        assert_eq!(lines, [1, 3]);
    }
}
