//! Open cases go over to another version of their process, after a look at what that changes for each.

use db::Tx;
use journal::{Change, Command, record};
use kernel::Context;
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::model::{CaseId, ORGANISE};
use crate::{Error, queries, store};

/// Takes open cases over to a version. Those that its rules would refuse stay where they are.
#[derive(Serialize, Deserialize)]
pub struct MigrateCases {
    /// The process.
    pub process: String,
    /// The version to go to.
    pub to: String,
    /// Which cases; none for all that can.
    #[serde(default)]
    pub cases: Vec<CaseId>,
}

/// What came of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Migrated {
    /// The cases that went over.
    pub cases: Vec<CaseId>,
    /// How many stay, because an event of theirs would be refused.
    pub refused: usize,
}

impl Command for MigrateCases {
    const NAME: &'static str = "approvals.case.migrate";
    type Outcome = Migrated;
    type Error = Error;

    fn run(&self, tx: &mut dyn Tx, ctx: &Context) -> Result<Migrated, Error> {
        ctx.require(ORGANISE)?;
        let preview = queries::migration(tx, ctx, &self.process, &self.to)?;
        let chosen = |id: &CaseId| self.cases.is_empty() || self.cases.contains(id);
        let (able, unable): (Vec<_>, Vec<_>) = preview
            .into_iter()
            .filter(|one| chosen(&one.row.id))
            .partition(|one| one.refused.is_none());
        if able.is_empty() {
            return Err(Error::NothingToMigrate);
        }
        let moved: Vec<_> = able
            .iter()
            .map(|one| json!({ "case": one.row.id, "from": one.row.version }))
            .collect();
        let subject = format!("process/{}/{}", self.process, self.to);
        let change = Change::new("approvals.case.migrated", subject)
            .public(json!({ "cases": moved, "refused": unable.len() }));
        for one in &able {
            let from = one.row.version.as_deref().unwrap_or_default();
            store::set_version(tx, ctx.community, one.row.id, &self.to)?;
            store::insert_migration(tx, ctx, one.row.id, from, &self.to)?;
            store::close(tx, ctx.community, one.row.id, one.closes)?;
        }
        let position = record(tx, ctx, change)?.position;
        for one in &able {
            store::advance(tx, ctx.community, one.row.id, position)?;
        }
        Ok(Migrated {
            cases: able.iter().map(|one| one.row.id).collect(),
            refused: unable.len(),
        })
    }
}
