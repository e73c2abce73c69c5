//! What stands behind `linli policy check` and `linli policy explain`.

use jiff::civil::Date;

use crate::{Error, Finding, Inputs, Lang, Library};

/// How an explanation is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Format {
    /// Lines of text in one language.
    Text(Lang),
    /// JSON in both languages.
    Json,
}

/// Everything that is wrong with the files taken together, golden cases included; empty if nothing is.
pub fn check(sources: &[(&str, &str)]) -> Vec<Finding> {
    match Library::from_sources(sources) {
        Ok(_) => Vec::new(),
        Err(Error::Refused(findings)) => findings,
        Err(other) => vec![Finding {
            file: String::new(),
            place: String::new(),
            message: other.to_string(),
        }],
    }
}

/// Decides by `field=value` pairs on a day (`YYYY-MM-DD`) and prints the decision with its explanation.
pub fn explain(
    library: &Library,
    policy: &str,
    on: &str,
    pairs: &[String],
    format: Format,
) -> Result<String, Error> {
    let edition = library.get(policy)?.on(parse_date(on)?)?;
    let record = edition.decide(&Inputs::from_pairs(pairs)?)?.record();
    match format {
        Format::Text(lang) => Ok(record.render(lang)),
        Format::Json => serde_json::to_string_pretty(&record).map_err(|fault| Error::NotWritable {
            why: fault.to_string(),
        }),
    }
}

/// A day as people write it: `YYYY-MM-DD`.
pub fn parse_date(text: &str) -> Result<Date, Error> {
    let plain = text.len() == 10
        && text
            .bytes()
            .all(|byte| byte.is_ascii_digit() || byte == b'-');
    let date = if plain { text.parse().ok() } else { None };
    date.ok_or_else(|| Error::NotADate {
        given: text.to_owned(),
    })
}
