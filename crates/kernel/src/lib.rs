//! What every module stands on: ids, time, who asks and what they may do, and how an error speaks.
//!
//! The kernel does no I/O and stays small, because everything rebuilds when it changes. It knows no
//! module, no database and no web.

mod context;
mod id;
mod permission;
mod problem;
mod random;
mod time;
mod vault;

pub use context::{Actor, Context};
pub use id::{AccountId, CommunityId, InvalidId, OrganisationId};
pub use permission::{Denied, Grants, Permission, Role};
pub use problem::{Finding, Kind, Problem};
pub use random::Randomness;
pub use time::{Timestamp, Window};
pub use uuid::Uuid;
pub use vault::{Unsealable, Vault};
