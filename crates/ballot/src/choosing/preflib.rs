//! Ballots in PrefLib's text format (preflib.org/format, `.soc`, `.soi`, `.toc`, `.toi`, `.cat` left out): a header of
//! `# KEY: value` lines, then `count: 1,{2,3},4`, the best first, options numbered from 1.

use super::{Cast, MAX_OPTIONS};
use crate::BallotError;
use crate::resolution::decode;

/// A file of ballots.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Profile {
    /// What the file is called in it; may be empty.
    pub title: String,
    /// The options' names in order.
    pub options: Vec<String>,
    /// The ballots.
    pub casts: Vec<Cast>,
}

/// Reads a file of ballots.
///
/// # Errors
/// [`BallotError::Encoding`] and [`BallotError::Line`], which names the line and what to do.
pub fn parse(bytes: &[u8]) -> Result<Profile, BallotError> {
    let text = decode(bytes)?;
    let mut head = Head::default();
    let mut casts = Vec::new();
    for (place, line) in text.lines().enumerate() {
        let line = line.trim();
        let read = match line.strip_prefix('#') {
            _ if line.is_empty() => Ok(()),
            Some(entry) => head.read(entry),
            None => ballot(line, head.options.len()).map(|cast| casts.push(cast)),
        };
        read.map_err(|reason| BallotError::Line {
            line: place + 1,
            reason,
        })?;
    }
    let missing = head.options.iter().position(String::is_empty);
    if head.options.is_empty() || missing.is_some() {
        let reason = match missing {
            None => {
                "no option is named: write `# NUMBER ALTERNATIVES: 3` and `# ALTERNATIVE NAME 1: …`"
                    .to_owned()
            }
            Some(place) => format!(
                "option {} has no name: write `# ALTERNATIVE NAME {}: …`",
                place + 1,
                place + 1
            ),
        };
        return Err(BallotError::Line { line: 1, reason });
    }
    Ok(Profile {
        title: head.title,
        options: head.options,
        casts,
    })
}

#[derive(Default)]
struct Head {
    title: String,
    options: Vec<String>,
}

impl Head {
    fn read(&mut self, entry: &str) -> Result<(), String> {
        let Some((key, value)) = entry.split_once(':') else {
            return Ok(());
        };
        let (key, value) = (key.trim(), value.trim());
        if key == "TITLE" {
            value.clone_into(&mut self.title);
        } else if key == "NUMBER ALTERNATIVES" {
            let number: usize = value.parse().unwrap_or(0);
            if number == 0 || number > MAX_OPTIONS {
                return Err(format!(
                    "`{}` is no number of options from 1 to {MAX_OPTIONS}",
                    short(value)
                ));
            }
            self.options.resize(number, String::new());
        } else if let Some(number) = key.strip_prefix("ALTERNATIVE NAME ") {
            let place = number
                .trim()
                .parse::<usize>()
                .ok()
                .and_then(|n| n.checked_sub(1));
            let Some(name) = place.and_then(|place| self.options.get_mut(place)) else {
                return Err(format!(
                    "there is no option {}: write NUMBER ALTERNATIVES above, and number from 1",
                    short(number)
                ));
            };
            value.clone_into(name);
        }
        Ok(())
    }
}

fn ballot(line: &str, options: usize) -> Result<Cast, String> {
    let (times, order) = line
        .split_once(':')
        .ok_or("a ballot is written `count: 1,2,3`".to_owned())?;
    let times = times
        .trim()
        .parse()
        .map_err(|_| format!("`{}` is no number of ballots", short(times)))?;
    let mut groups: Vec<Vec<usize>> = Vec::new();
    let mut open = false;
    for part in order
        .split(',')
        .map(str::trim)
        .filter(|part| !part.is_empty())
    {
        let opens = part.starts_with('{');
        if opens && open {
            return Err("a brace opens within braces: close the first".to_owned());
        }
        let closes = part.ends_with('}');
        let number = part.trim_start_matches('{').trim_end_matches('}').trim();
        if number.is_empty() && opens && closes {
            continue;
        }
        let option = number
            .parse::<usize>()
            .ok()
            .filter(|n| (1..=options).contains(n));
        let Some(option) = option else {
            return Err(format!(
                "`{}` is no option from 1 to {options}",
                short(number)
            ));
        };
        match groups.last_mut() {
            Some(group) if open => group.push(option - 1),
            _ => groups.push(vec![option - 1]),
        }
        open = (open || opens) && !closes;
    }
    if open {
        return Err("a brace opens and is never closed".to_owned());
    }
    Ok(Cast { times, groups })
}

fn short(text: &str) -> String {
    text.trim().chars().take(40).collect()
}
