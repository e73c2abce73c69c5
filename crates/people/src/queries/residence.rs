//! Who lives where, as modules ask that give every resident or every household a voice. No names: modules ask behind their
//! own permissions.

use db::Read;
use kernel::CommunityId;

use crate::{Error, store};

pub use crate::store::Residence;

/// Everyone who lives in the community now, in the order of their ids.
pub fn residences(read: &mut dyn Read, community: CommunityId) -> Result<Vec<Residence>, Error> {
    Ok(store::residences(read, community)?)
}
