//! The working-day calendar that due dates are counted by: the built-in years, and those that the city's staff brought.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, OnceLock};

use db::Read;
use flow::Days;
use kernel::CommunityId;
use policy::Library;

use crate::{Error, store};

/// The most calendars that are remembered.
const REMEMBERED: usize = 16;

/// Calendars that were laid out already, by the years that they were made of.
type Known = HashMap<Vec<u8>, Arc<Days>>;

/// The calendar as it stands now.
///
/// # Errors
/// [`Error::Calendar`] if a stored year can't be read.
pub fn days(read: &mut dyn Read, community: CommunityId) -> Result<Arc<Days>, Error> {
    static KNOWN: OnceLock<Mutex<Known>> = OnceLock::new();
    let marks = store::calendar_marks(read, community)?;
    let key: Vec<u8> = marks.concat();
    let known = KNOWN.get_or_init(Mutex::default);
    if let Some(days) = known.lock().ok().and_then(|known| known.get(&key).cloned()) {
        return Ok(days);
    }
    let years = store::calendar_years(read, community)?;
    let added: Vec<(i16, &str)> = years
        .iter()
        .map(|year| (year.year, year.content.as_str()))
        .collect();
    let days = Arc::new(Days::of(library(&added)?.calendar()));
    if let Ok(mut known) = known.lock() {
        if known.len() >= REMEMBERED {
            known.clear();
        }
        known.insert(key, days.clone());
    }
    Ok(days)
}

/// The library with these calendar years in place of its own.
pub(crate) fn library(added: &[(i16, &str)]) -> Result<Library, Error> {
    let names: Vec<String> = added
        .iter()
        .map(|(year, _)| format!("working_days/{year}.toml"))
        .collect();
    let kept = policy::builtin_sources()
        .iter()
        .filter(|(name, _)| {
            name.starts_with("working_days/") && names.iter().all(|own| own != name)
        })
        .copied();
    let own = names
        .iter()
        .zip(added)
        .map(|(name, (_, text))| (name.as_str(), *text));
    let sources: Vec<(&str, &str)> = kept.chain(own).collect();
    Library::from_sources(&sources).map_err(|error| Error::Calendar {
        reason: error.message(policy::Lang::En),
    })
}

/// The year that a file is for, if it is a year's notice at all and the whole calendar holds together with it.
pub(crate) fn check(content: &str) -> Result<i16, Error> {
    let refuse = |reason: String| Error::Calendar { reason };
    if content.len() > 100_000 {
        return Err(refuse("the file is larger than a year's notice".to_owned()));
    }
    let alone = Library::from_sources(&[("working_days/new.toml", content)])
        .map_err(|error| refuse(error.message(policy::Lang::En)))?;
    let mut years = alone.calendar().published_years();
    match (years.next(), years.next()) {
        (Some(year), None) => {
            library(&[(year, content)])?;
            Ok(year)
        }
        _ => Err(refuse("bring one year, kind = \"working_days\"".to_owned())),
    }
}
