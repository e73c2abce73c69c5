//! The processes of this repository's `policy/processes`, built into the program.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use policy::Library;

use crate::{Definition, Error};

/// Name and text of every built-in file.
pub fn builtin_sources() -> &'static [(&'static str, &'static str)] {
    &[
        (
            "processes/zhejiang_construction_approval.toml",
            include_str!("../../../policy/processes/zhejiang_construction_approval.toml"),
        ),
        (
            "processes/zhejiang_future_community.toml",
            include_str!("../../../policy/processes/zhejiang_future_community.toml"),
        ),
    ]
}

/// Processes by their ids.
#[derive(Debug, Clone, Default)]
pub struct Processes {
    known: BTreeMap<String, Definition>,
}

impl Processes {
    /// Reads definitions, given as name and text.
    ///
    /// # Errors
    /// [`Error::Definition`] of the first file that is refused.
    pub fn from_sources(sources: &[(&str, &str)], library: &Library) -> Result<Self, Error> {
        let mut known = BTreeMap::new();
        for (_, text) in sources {
            let definition = Definition::parse(text, library)?;
            known.insert(definition.id.clone(), definition);
        }
        Ok(Self { known })
    }

    /// The process with this id.
    pub fn get(&self, id: &str) -> Option<&Definition> {
        self.known.get(id)
    }

    /// All, by id.
    pub fn all(&self) -> impl Iterator<Item = &Definition> {
        self.known.values()
    }
}

/// The built-in processes; read once, on first use. A test proves that they load.
pub fn builtin() -> &'static Processes {
    static PROCESSES: OnceLock<Processes> = OnceLock::new();
    PROCESSES.get_or_init(|| {
        let processes = Processes::from_sources(builtin_sources(), policy::builtin());
        debug_assert!(
            processes.is_ok(),
            "the built-in processes load: {processes:?}"
        );
        processes.unwrap_or_default()
    })
}
