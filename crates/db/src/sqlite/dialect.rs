//! From the portable text to SQLite's: `$1` is `?1`, BIGINT is INTEGER, and every table is STRICT and kept
//! by its primary key.

/// A statement as SQLite wants it.
///
/// Type names are mapped in queries too: SQLite takes `cast(x as bytea)` for a cast to a number.
pub(crate) fn statement(sql: &str) -> String {
    let mut out = String::with_capacity(sql.len());
    for token in Tokens(sql) {
        match token {
            Token::Word(word) => out.push_str(type_name(word).unwrap_or(word)),
            Token::Parameter(number) => {
                out.push('?');
                out.push_str(number);
            }
            Token::Other(text) | Token::Quoted(text) | Token::Comment(text) => out.push_str(text),
        }
    }
    out
}

/// The statements of a migration, each as SQLite wants it.
pub(crate) fn script(sql: &str) -> Vec<String> {
    let mut statements = Vec::new();
    let mut current = String::new();
    for token in Tokens(sql) {
        match token {
            Token::Comment(_) => current.push(' '),
            Token::Other(text) if text.contains(';') => {
                for (index, part) in text.split(';').enumerate() {
                    if index > 0 {
                        push_statement(&mut statements, &current);
                        current.clear();
                    }
                    current.push_str(part);
                }
            }
            Token::Word(text) | Token::Other(text) | Token::Quoted(text) => current.push_str(text),
            Token::Parameter(number) => {
                current.push('$');
                current.push_str(number);
            }
        }
    }
    push_statement(&mut statements, &current);
    statements
}

fn push_statement(statements: &mut Vec<String>, portable: &str) {
    let portable = portable.trim();
    if portable.is_empty() {
        return;
    }
    let mut text = statement(portable);
    if creates_table(portable) {
        text.push_str(" STRICT");
        // Keyed by what it is found by: one tree for a row, not two.
        if text.to_ascii_lowercase().contains("primary key") {
            text.push_str(", WITHOUT ROWID");
        }
    }
    statements.push(text);
}

fn creates_table(sql: &str) -> bool {
    let mut words = sql.split_whitespace().map(str::to_ascii_lowercase);
    words.next().as_deref() == Some("create") && words.next().as_deref() == Some("table")
}

fn type_name(word: &str) -> Option<&'static str> {
    const NAMES: [(&str, &str); 4] = [
        ("bigint", "INTEGER"),
        ("boolean", "INTEGER"),
        ("bytea", "BLOB"),
        ("double precision", "REAL"),
    ];
    let portable = word.split_whitespace().collect::<Vec<_>>().join(" ");
    NAMES
        .iter()
        .find(|(name, _)| portable.eq_ignore_ascii_case(name))
        .map(|(_, sqlite)| *sqlite)
}

/// A piece of SQL, as far as the dialects differ in it.
enum Token<'sql> {
    /// A word or number; `double precision` is one.
    Word(&'sql str),
    /// `$7`, without the sign.
    Parameter(&'sql str),
    /// `'text'` or `"name"`.
    Quoted(&'sql str),
    /// `-- to the line's end` or `/* … */`.
    Comment(&'sql str),
    /// Space and signs.
    Other(&'sql str),
}

/// Cuts SQL into tokens; what they hold, put together, is the text.
struct Tokens<'sql>(&'sql str);

impl<'sql> Iterator for Tokens<'sql> {
    type Item = Token<'sql>;

    fn next(&mut self) -> Option<Self::Item> {
        let text = self.0;
        let first = text.chars().next()?;
        let token = if is_word(first) {
            Token::Word(self.take(word_length(text)))
        } else if first == '$' && digits(text.get(1..).unwrap_or_default()) > 0 {
            let _sign = self.take(1);
            Token::Parameter(self.take(digits(self.0)))
        } else if first == '\'' || first == '"' {
            Token::Quoted(self.take(quoted_length(text, first)))
        } else if text.starts_with("--") {
            Token::Comment(self.take(text.find('\n').unwrap_or(text.len())))
        } else if text.starts_with("/*") {
            Token::Comment(self.take(text.find("*/").map_or(text.len(), |end| end + 2)))
        } else {
            Token::Other(self.take(first.len_utf8()))
        };
        Some(token)
    }
}

impl<'sql> Tokens<'sql> {
    fn take(&mut self, length: usize) -> &'sql str {
        let (taken, rest) = self.0.split_at_checked(length).unwrap_or((self.0, ""));
        self.0 = rest;
        taken
    }
}

fn is_word(sign: char) -> bool {
    sign.is_alphanumeric() || sign == '_'
}

fn word_length(text: &str) -> usize {
    let end = |text: &str| text.find(|sign| !is_word(sign)).unwrap_or(text.len());
    let length = end(text);
    let (word, rest) = text.split_at(length);
    let second = rest.trim_start();
    let pair = word.eq_ignore_ascii_case("double")
        && second.len() < rest.len()
        && second
            .get(..end(second))
            .is_some_and(|second| second.eq_ignore_ascii_case("precision"));
    if pair {
        text.len() - second.len() + end(second)
    } else {
        length
    }
}

fn digits(text: &str) -> usize {
    text.find(|sign: char| !sign.is_ascii_digit())
        .unwrap_or(text.len())
}

/// A doubled quote needs no care: it ends one quoted text and begins the next.
fn quoted_length(text: &str, quote: char) -> usize {
    text.get(1..)
        .and_then(|rest| rest.find(quote))
        .map_or(text.len(), |end| end + 2)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_and_types_are_translated_outside_quotes_and_comments_only() {
        assert_eq!(
            statement(
                "select cast($1 as bytea), '$2 bigint', \"boolean\" -- $3\nfrom t where b = $10"
            ),
            "select cast(?1 as BLOB), '$2 bigint', \"boolean\" -- $3\nfrom t where b = ?10"
        );
        assert_eq!(
            statement("a double  precision, precision"),
            "a REAL, precision"
        );
        assert_eq!(
            statement("'it''s $1' || $1 /* $2"),
            "'it''s $1' || ?1 /* $2"
        );
        assert_eq!(statement("价格 = $1 and x = '"), "价格 = ?1 and x = '");
    }

    #[test]
    fn a_script_is_cut_at_its_semicolons_and_its_tables_are_strict() {
        let sql = "-- units; and more\ncreate table unit (\n  id bytea not null, -- the id;\n  n boolean\n);\n\
                   create table key (id bytea primary key);\n\
                   create index i on unit (n);insert into unit values (';', 1)";
        assert_eq!(
            script(sql),
            [
                "create table unit (\n  id BLOB not null,  \n  n INTEGER\n) STRICT",
                "create table key (id BLOB primary key) STRICT, WITHOUT ROWID",
                "create index i on unit (n)",
                "insert into unit values (';', 1)",
            ]
        );
    }
}
