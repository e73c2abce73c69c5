//! Rust sources taken apart into code, strings and comments, as far as the checks need it.

/// A file of Rust.
pub(super) struct Source {
    /// Its path from the workspace's folder.
    pub(super) path: String,
    /// Its text with the content of strings and all comments blanked; lines stand where they stood.
    pub(super) code: String,
    /// Its strings, each with the line it begins on and its place in `code`.
    pub(super) strings: Vec<Literal>,
    /// The line from which on there is nothing but unit tests.
    pub(super) tests_from: usize,
}

/// A string literal.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Literal {
    /// The line it begins on, from 1.
    pub(super) line: usize,
    /// Where its opening quote stands in the code, in bytes.
    pub(super) at: usize,
    /// Its content; a line continued with `\` is one line.
    pub(super) text: String,
}

impl Source {
    /// Takes a file apart.
    pub(super) fn parse(path: String, text: &str) -> Self {
        let mut scanner = Scanner {
            rest: text,
            code: String::with_capacity(text.len()),
            strings: Vec::new(),
            line: 1,
        };
        scanner.run();
        let Scanner { code, strings, .. } = scanner;
        let tests = code.find("#[cfg(test)]\nmod ").map(|at| line_of(&code, at));
        Self {
            path,
            tests_from: tests.unwrap_or(usize::MAX),
            code,
            strings,
        }
    }

    /// The line of a place in the code.
    pub(super) fn line_at(&self, at: usize) -> usize {
        line_of(&self.code, at)
    }

    /// The lines of code with their numbers, without the unit tests at the end.
    pub(super) fn lines(&self) -> impl Iterator<Item = (usize, &str)> {
        (1..)
            .zip(self.code.lines())
            .take_while(|(line, _)| *line < self.tests_from)
    }
}

fn line_of(code: &str, at: usize) -> usize {
    code.bytes().take(at).filter(|byte| *byte == b'\n').count() + 1
}

struct Scanner<'a> {
    rest: &'a str,
    code: String,
    strings: Vec<Literal>,
    line: usize,
}

impl Scanner<'_> {
    fn run(&mut self) {
        while let Some(letter) = self.rest.chars().next() {
            if self.rest.starts_with("//") {
                self.blank(self.rest.find('\n').unwrap_or(self.rest.len()));
            } else if self.rest.starts_with("/*") {
                self.blank(block_comment(self.rest));
            } else if let Some(hashes) = raw_string(self.rest) {
                self.raw(hashes);
            } else if letter == '"' {
                self.string();
            } else if letter == '\'' {
                self.quote();
            } else if letter.is_alphanumeric() || letter == '_' {
                // A whole word, so that the r of `for"…"` is no raw string's.
                let end = self
                    .rest
                    .find(|one: char| !(one.is_alphanumeric() || one == '_'));
                self.keep(end.unwrap_or(self.rest.len()));
            } else {
                self.keep(letter.len_utf8());
            }
        }
    }

    fn keep(&mut self, length: usize) {
        let (kept, rest) = self.rest.split_at(length);
        self.line += kept.matches('\n').count();
        self.code.push_str(kept);
        self.rest = rest;
    }

    fn blank(&mut self, length: usize) {
        let (blanked, rest) = self.rest.split_at(length);
        self.line += blanked.matches('\n').count();
        self.code.extend(
            blanked
                .chars()
                .map(|letter| if letter == '\n' { '\n' } else { ' ' }),
        );
        self.rest = rest;
    }

    fn string(&mut self) {
        let mut escaped = false;
        let end = self.rest.char_indices().skip(1).find(|(_, letter)| {
            let ends = *letter == '"' && !escaped;
            escaped = *letter == '\\' && !escaped;
            ends
        });
        let end = end.map_or(self.rest.len(), |(at, _)| at);
        let content = self.rest.get(1..end).unwrap_or_default();
        self.literal(joined(content), 1, end);
    }

    fn raw(&mut self, hashes: usize) {
        let opening = 2 + hashes;
        let closing = format!("\"{}", "#".repeat(hashes));
        let inside = self.rest.get(opening..).unwrap_or_default();
        let end = opening + inside.find(&closing).unwrap_or(inside.len());
        let content = self.rest.get(opening..end).unwrap_or_default().to_owned();
        self.literal(content, opening, end);
        self.keep(hashes.min(self.rest.len()));
    }

    /// Keeps the opening, blanks the content, keeps the closing quote.
    fn literal(&mut self, text: String, opening: usize, end: usize) {
        self.strings.push(Literal {
            line: self.line,
            at: self.code.len() + opening - 1,
            text,
        });
        self.keep(opening.min(end));
        self.blank(end.saturating_sub(opening));
        self.keep(usize::from(!self.rest.is_empty()));
    }

    /// A character, a lifetime or a label.
    fn quote(&mut self) {
        let mut letters = self.rest.char_indices().skip(1);
        let (first, second) = (letters.next(), letters.next());
        match (first, second) {
            (Some((_, '\\')), _) => {
                let end = self
                    .rest
                    .char_indices()
                    .skip(3)
                    .find(|(_, letter)| *letter == '\'');
                self.blank(end.map_or(self.rest.len(), |(at, _)| at + 1));
            }
            (Some(_), Some((at, '\''))) => self.blank(at + 1),
            _ => self.keep(1),
        }
    }
}

fn block_comment(text: &str) -> usize {
    let mut depth = 0_usize;
    let mut at = 0;
    while let Some(rest) = text.get(at..).filter(|rest| !rest.is_empty()) {
        if rest.starts_with("/*") {
            depth += 1;
            at += 2;
        } else if rest.starts_with("*/") {
            depth -= 1;
            at += 2;
            if depth == 0 {
                return at;
            }
        } else {
            at += rest.chars().next().map_or(1, char::len_utf8);
        }
    }
    text.len()
}

/// How many hashes open a raw string here, if one opens.
fn raw_string(text: &str) -> Option<usize> {
    let rest = text.strip_prefix('r')?;
    let hashes = rest.bytes().take_while(|byte| *byte == b'#').count();
    rest.get(hashes..)?.starts_with('"').then_some(hashes)
}

/// A string's content with its continued lines joined as the compiler joins them.
fn joined(content: &str) -> String {
    let mut lines = content.split("\\\n");
    let mut text = lines.next().unwrap_or_default().to_owned();
    for line in lines {
        text.push_str(line.trim_start());
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(text: &str) -> Source {
        Source::parse("a.rs".to_owned(), text)
    }

    fn texts(source: &Source) -> Vec<(usize, &str)> {
        source
            .strings
            .iter()
            .map(|literal| (literal.line, literal.text.as_str()))
            .collect()
    }

    #[test]
    fn strings_are_found_whatever_their_form() {
        let source = parsed(
            "a(\"x \\\" y\");\nb(r#\"raw \"q\" \\\"#);\nc(b\"bytes\", \"one \\\n    two\");\nd(\"\");",
        );
        let expected = [
            (1, "x \\\" y"),
            (2, "raw \"q\" \\"),
            (3, "bytes"),
            (3, "one two"),
            (5, ""),
        ];
        assert_eq!(texts(&source), expected);
        assert_eq!(source.code.lines().count(), 5);
        assert!(source.code.ends_with("d(\"\");"));
    }

    #[test]
    fn comments_characters_and_lifetimes_are_no_strings() {
        let source = parsed(
            "// \"no\"\n/* \"no /* no */ \" */ let q = '\"'; let e = '\\''; fn f<'a>(x: &'a str) { \"yes\" }",
        );
        assert_eq!(texts(&source), [(2, "yes")]);
        assert!(!source.code.contains("no"));
        assert!(source.code.contains("fn f<'a>(x: &'a str)"));
    }

    #[test]
    fn a_place_in_the_code_is_the_place_in_the_file() {
        let text = "let 甲 = \"乙\"; // 丙\nlet b = \"c\";";
        let source = parsed(text);
        let second = source.strings.last().unwrap();
        assert_eq!(source.line_at(second.at), 2);
        assert_eq!(&source.code[second.at..=second.at], "\"");
    }

    #[test]
    fn unit_tests_are_left_out() {
        let source = parsed("fn a() {}\n\n#[cfg(test)]\nmod tests {\n    fn b() {}\n}\n");
        assert_eq!(source.tests_from, 3);
        assert_eq!(source.lines().count(), 2);
    }
}
