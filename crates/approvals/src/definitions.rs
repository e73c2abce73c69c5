//! Definitions in their versions: those built in, those that the city's staff brought, and those that cases keep.
//!
//! The text of a version is kept as a row as soon as a case is begun under it, so that a new release of Linli can't
//! change what an old case is counted by.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, OnceLock};

use db::Read;
use flow::Definition;
use jiff::civil::Date;
use kernel::CommunityId;
use sha2::{Digest, Sha256};

use crate::{Error, store};

/// The most definitions that are remembered.
const REMEMBERED: usize = 256;

/// A definition, and where it comes from.
#[derive(Clone, Debug)]
pub struct KnownDefinition {
    /// The definition.
    pub definition: Arc<Definition>,
    /// Whether it is a part of Linli, and not a row.
    pub builtin: bool,
}

/// The version that a case keeps.
///
/// # Errors
/// [`Error::NoSuchPart`] if there is none.
pub fn definition(
    read: &mut dyn Read,
    community: CommunityId,
    process: &str,
    version: &str,
) -> Result<Arc<Definition>, Error> {
    if let Some(mark) = store::definition_mark(read, community, process, version)? {
        if let Some(known) = remembered(mark) {
            return Ok(known);
        }
        let text = store::definition_text(read, community, process, version)?;
        return parsed(&text);
    }
    builtin(process)
        .filter(|(definition, _)| definition.version == version)
        .map(|(definition, _)| definition)
        .ok_or(Error::NoSuchPart { what: "definition" })
}

/// Every version there is, the newest of each process first.
///
/// # Errors
/// Those of the database.
pub fn known_definitions(
    read: &mut dyn Read,
    community: CommunityId,
) -> Result<Vec<KnownDefinition>, Error> {
    let mut known = Vec::new();
    for (process, version) in store::definition_versions(read, community)? {
        known.push(KnownDefinition {
            definition: definition(read, community, &process, &version)?,
            builtin: false,
        });
    }
    for one in flow::builtin().all() {
        let is_row = known.iter().any(|row: &KnownDefinition| {
            row.definition.id == one.id && row.definition.version == one.version
        });
        if let (false, Some((definition, _))) = (is_row, builtin(&one.id)) {
            known.push(KnownDefinition {
                definition,
                builtin: true,
            });
        }
    }
    known.sort_by(|a, b| {
        let key = |one: &KnownDefinition| one.definition.id.clone();
        let age = |one: &KnownDefinition| (one.definition.from, one.definition.version.clone());
        key(a).cmp(&key(b)).then(age(b).cmp(&age(a)))
    });
    Ok(known)
}

/// The version of a process under which a case begins on a day.
pub(crate) fn in_force(
    read: &mut dyn Read,
    community: CommunityId,
    process: &str,
    on: Date,
) -> Result<Arc<Definition>, Error> {
    let mut known = known_definitions(read, community)?.into_iter();
    known
        .find(|one| one.definition.id == process && one.definition.from <= on)
        .map(|one| one.definition)
        .ok_or(Error::NoSuchPart { what: "process" })
}

/// The text of a built-in process.
pub(crate) fn builtin_text(process: &str) -> Option<&'static str> {
    builtin(process).map(|(_, text)| text)
}

/// Reads a definition, or says everything that is wrong with it.
pub(crate) fn parsed(text: &str) -> Result<Arc<Definition>, Error> {
    let mark: [u8; 32] = Sha256::digest(text.as_bytes()).into();
    if let Some(known) = remembered(mark) {
        return Ok(known);
    }
    let definition = Definition::parse(text, policy::builtin()).map_err(|error| match error {
        flow::Error::Definition(findings) => Error::Definition {
            findings: findings.iter().map(ToString::to_string).collect(),
        },
        other => Error::Flow(other),
    })?;
    let definition = Arc::new(definition);
    if let Ok(mut known) = memory().lock() {
        if known.len() >= REMEMBERED {
            known.clear();
        }
        known.insert(mark, definition.clone());
    }
    Ok(definition)
}

fn remembered(mark: [u8; 32]) -> Option<Arc<Definition>> {
    memory().lock().ok()?.get(&mark).cloned()
}

fn memory() -> &'static Mutex<HashMap<[u8; 32], Arc<Definition>>> {
    static KNOWN: OnceLock<Mutex<HashMap<[u8; 32], Arc<Definition>>>> = OnceLock::new();
    KNOWN.get_or_init(Mutex::default)
}

fn builtin(process: &str) -> Option<(Arc<Definition>, &'static str)> {
    flow::builtin_sources()
        .iter()
        .filter_map(|(_, text)| Some((parsed(text).ok()?, *text)))
        .find(|(definition, _)| definition.id == process)
}
