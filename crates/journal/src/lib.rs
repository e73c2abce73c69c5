//! The journal: every change to a community is a command, run in one transaction, that writes one entry.
//!
//! The entries of a community form a Merkle log ([`proof`]). It is the audit trail, the outbox that followers read by
//! position, and the proof behind every receipt. Personal data goes into an entry's private part only, which the
//! entry commits to by a salted hash: it is stored sealed, and erasing it breaks no proof.
//!
//! ```
//! use db::Tx;
//! use journal::{Change, Command, Error, record};
//! use kernel::Context;
//! use serde::{Deserialize, Serialize};
//! use serde_json::json;
//!
//! /// Someone plants a tree.
//! #[derive(Serialize, Deserialize)]
//! struct PlantTree {
//!     kind: String,
//! }
//!
//! impl Command for PlantTree {
//!     const NAME: &'static str = "trees.plant";
//!     type Outcome = u64;
//!     type Error = Error;
//!
//!     fn run(&self, tx: &mut dyn Tx, ctx: &Context) -> Result<u64, Error> {
//!         let change = Change::new("trees.planted", "garden").public(json!({ "kind": self.kind }));
//!         Ok(record(tx, ctx, change)?.position)
//!     }
//! }
//! ```

mod audit;
mod command;
mod entries;
mod error;
mod expected;
mod findings;
mod follow;
mod heads;
mod keys;
mod record;
mod rows;
mod store;

use std::sync::Arc;

use db::{Database, Migration, Statement};
use kernel::{CommunityId, Context};
use tokio::sync::broadcast;

use command::Sent;

pub use audit::{Audit, Audited, Visit, audit};
pub use command::{Command, SetAnswers, SetCommand, perform};
pub use entries::{Entry, entries, entry, erase_private, history, private_part};
pub use error::Error;
pub use expected::{Compared, Expected, Names};
pub use findings::{Finding, Findings};
pub use follow::{Follower, Handle, follow_community};
pub use heads::{head_file, publish_head, receipt};
pub use keys::{SignedBy, check_keys, mark_keys, signed_by};
pub use record::{Change, Recorded, record, record_all};
pub use rows::{KeyType, RowPrint, Table, rewrote, wrote};

/// The journal's tables.
pub const MIGRATIONS: &[Migration] = &[
    Migration {
        module: "journal",
        version: 1,
        sql: include_str!("../migrations/0001_journal.sql"),
    },
    Migration {
        module: "journal",
        version: 2,
        sql: include_str!("../migrations/0002_rows.sql"),
    },
    Migration {
        module: "journal",
        version: 3,
        sql: include_str!("../migrations/0003_keys.sql"),
    },
];

/// Every statement of this crate.
pub const STATEMENTS: &[Statement] = store::STATEMENTS;

/// The journal's texts: language tag and Fluent source.
pub const MESSAGES: &[(&str, &str)] = &[
    ("zh-CN", include_str!("../messages/zh-CN.ftl")),
    ("en", include_str!("../messages/en.ftl")),
];

/// The journal of every community of one database, and the key that signs its heads.
#[derive(Clone)]
pub struct Journal {
    database: Database,
    signer: Arc<proof::SigningKey>,
    written: broadcast::Sender<CommunityId>,
}

impl Journal {
    /// The journal kept in this database.
    pub fn new(database: Database, signer: proof::SigningKey) -> Self {
        Self {
            database,
            signer: Arc::new(signer),
            written: broadcast::channel(1024).0,
        }
    }

    /// The database underneath.
    pub fn database(&self) -> &Database {
        &self.database
    }

    /// The key that signs heads.
    pub fn signer(&self) -> &proof::SigningKey {
        &self.signer
    }

    /// Runs a command in its community's lane; on `Ok` its entry is durable.
    pub async fn execute<C: Command>(
        &self,
        ctx: Context,
        command: C,
    ) -> Result<C::Outcome, C::Error> {
        let community = ctx.community;
        let outcome = self
            .database
            .write(community, move |tx| perform(tx, &ctx, &command))
            .await?;
        // Nobody listening is fine: followers look for themselves at start and once a while.
        let _ = self.written.send(community);
        Ok(outcome)
    }

    /// The same for a command of which many come in at once; one with an idempotency key runs alone.
    pub async fn execute_together<C: SetCommand>(
        &self,
        ctx: Context,
        command: C,
    ) -> Result<C::Outcome, C::Error> {
        if ctx.idempotency_key.is_some() {
            return self.execute(ctx, command).await;
        }
        let community = ctx.community;
        let outcome = self
            .database
            .write_together(community, Sent { ctx, command })
            .await?;
        let _ = self.written.send(community);
        Ok(outcome)
    }

    /// [`Self::execute`] for callers outside the async runtime: the command line, demo data, tests.
    pub fn execute_blocking<C: Command>(
        &self,
        ctx: Context,
        command: C,
    ) -> Result<C::Outcome, C::Error> {
        let community = ctx.community;
        let outcome = self
            .database
            .write_blocking(community, move |tx| perform(tx, &ctx, &command))?;
        let _ = self.written.send(community);
        Ok(outcome)
    }

    /// The communities in which something was written, as it happens.
    pub fn watch(&self) -> broadcast::Receiver<CommunityId> {
        self.written.subscribe()
    }
}
