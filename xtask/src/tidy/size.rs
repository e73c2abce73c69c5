//! Long files and functions, told as warnings: most functions fit in a screen, most files in ten.

use super::source::Source;
use super::{Finding, Package};

const LONG_FILE: usize = 600;
const LONG_FUNCTION: usize = 70;

pub(super) fn warnings(packages: &[Package]) -> Vec<Finding> {
    packages
        .iter()
        .flat_map(|package| &package.sources)
        .flat_map(warnings_of)
        .collect()
}

fn warnings_of(source: &Source) -> Vec<Finding> {
    let mut found = Vec::new();
    let lines = source.code.lines().count();
    if lines > LONG_FILE {
        found.push(Finding::new(
            &source.path,
            1,
            format!("{lines} lines: make it a folder, split by verb"),
        ));
    }
    for (name, line, length) in functions(source) {
        if length > LONG_FUNCTION {
            found.push(Finding::new(
                &source.path,
                line,
                format!("fn {name} has {length} lines: it does not fit in a screen"),
            ));
        }
    }
    found
}

/// Name, first line and length of every function.
fn functions(source: &Source) -> Vec<(String, usize, usize)> {
    let code = &source.code;
    let mut found = Vec::new();
    for (at, _) in code.match_indices("fn ") {
        let before = code.get(..at).unwrap_or_default();
        if before.ends_with(|letter: char| letter.is_alphanumeric() || letter == '_') {
            continue;
        }
        let rest = code.get(at + 3..).unwrap_or_default();
        let name: String = rest
            .chars()
            .take_while(|letter| letter.is_alphanumeric() || *letter == '_')
            .collect();
        let body = rest
            .find(['{', ';'])
            .filter(|end| rest.get(*end..).is_some_and(|rest| rest.starts_with('{')));
        if let (false, Some(body)) = (name.is_empty(), body) {
            let length = closing(rest.get(body..).unwrap_or_default());
            let lines = rest
                .get(..body + length)
                .unwrap_or_default()
                .matches('\n')
                .count()
                + 1;
            found.push((name, source.line_at(at), lines));
        }
    }
    found
}

/// How far it is to the brace that closes the first one.
fn closing(code: &str) -> usize {
    let mut depth = 0_usize;
    for (at, letter) in code.char_indices() {
        match letter {
            '{' => depth += 1,
            '}' if depth <= 1 => return at,
            '}' => depth -= 1,
            _ => {}
        }
    }
    code.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn functions_are_measured_from_their_name_to_their_brace() {
        let code = "trait T { fn sign(&self); }\nfn a() {\n    if x { \"}\" } else { '}' }\n}\nfn b() -> u8 { 1 }\n";
        let source = Source::parse("a.rs".to_owned(), code);
        assert_eq!(
            functions(&source),
            [("a".to_owned(), 2, 3), ("b".to_owned(), 5, 1)]
        );
    }

    #[test]
    fn a_long_function_is_told() {
        let code = format!("fn long() {{\n{}}}\n", "    f();\n".repeat(80));
        let found = warnings_of(&Source::parse("a.rs".to_owned(), &code));
        assert_eq!(found.len(), 1);
        assert!(found[0].what.contains("fn long has 82 lines"));
    }
}
