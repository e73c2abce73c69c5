//! A community comes to Linli.

use db::Tx;
use journal::{Change, Command, record};
use kernel::{CommunityId, Context};
use serde::Serialize;
use serde_json::json;

use super::{required_name, required_text};
use crate::model::{Community, is_place};
use crate::{COMMUNITY_CREATE, Error, FieldFault, store};

/// Creates the community whose id the context carries: a new one, so that it runs in the new community's own lane.
#[derive(Clone, Debug, Serialize)]
pub struct CreateCommunity {
    /// Its name.
    pub name: String,
    /// The six digits of its district, such as `330602`; rules of law are chosen by it.
    pub place: String,
    /// Where it is; may be blank.
    pub address: String,
    /// Whether its people are made up.
    pub is_demo: bool,
}

impl Command for CreateCommunity {
    const NAME: &'static str = "people.community.create";
    type Outcome = CommunityId;
    type Error = Error;

    fn run(&self, tx: &mut dyn Tx, ctx: &Context) -> Result<CommunityId, Error> {
        ctx.require(COMMUNITY_CREATE)?;
        let community = self.community(ctx)?;
        if ctx.community == CommunityId::CITY || store::community(tx, ctx.community)?.is_some() {
            return Err(Error::CommunityExists {
                community: ctx.community,
            });
        }
        store::insert_community(tx, &community)?;
        let change = Change::new(
            "people.community.created",
            format!("community/{}", community.id),
        )
        .public(json!({
            "name": community.name,
            "place": community.place,
            "address": community.address,
            "demo": community.is_demo,
        }));
        record(tx, ctx, change)?;
        Ok(community.id)
    }
}

impl CreateCommunity {
    fn community(&self, ctx: &Context) -> Result<Community, Error> {
        if !is_place(&self.place) {
            return Err(Error::Field {
                field: "place",
                reason: FieldFault::Malformed,
            });
        }
        let address = if self.address.trim().is_empty() {
            String::new()
        } else {
            required_text("address", &self.address, super::NAME_MAX)?
        };
        Ok(Community {
            id: ctx.community,
            name: required_name("name", &self.name)?,
            place: self.place.clone(),
            address,
            is_demo: self.is_demo,
            created_at: ctx.now,
        })
    }
}
