//! What an actor may see of life circles.

use db::Read;
use kernel::{CommunityId, Context};
use street_map::{FacilityTypes, Reading};

use crate::Error;
use crate::found::{Inputs, OwnList};
use crate::lists::List;
use crate::model::{CircleId, OwnId, READ, ScenarioId};
use crate::store::{self, Circle, Line, ScenarioRow};

/// The circles here.
pub fn circles(read: &mut dyn Read, ctx: &Context) -> Result<Vec<Line>, Error> {
    ctx.require(READ)?;
    store::circles(read, ctx.community)
}

/// A circle with its maps and lists.
pub fn circle(read: &mut dyn Read, ctx: &Context, id: CircleId) -> Result<Circle, Error> {
    ctx.require(READ)?;
    store::circle(read, ctx.community, id)
}

/// The types of facilities of a circle.
pub fn types(read: &mut dyn Read, ctx: &Context, id: CircleId) -> Result<FacilityTypes, Error> {
    ctx.require(READ)?;
    store::circle(read, ctx.community, id)?;
    types_of(read, ctx.community, id)
}

/// A list with all its rows.
pub fn list(
    read: &mut dyn Read,
    ctx: &Context,
    circle: CircleId,
    own: OwnId,
) -> Result<List, Error> {
    ctx.require(READ)?;
    store::own_content(read, ctx.community, circle, own)
}

/// A map's file: its name and content.
pub fn map_file(
    read: &mut dyn Read,
    ctx: &Context,
    circle: CircleId,
    number: u32,
) -> Result<(String, Vec<u8>), Error> {
    ctx.require(READ)?;
    store::map_content(read, ctx.community, circle, number)
}

/// A circle's scenarios.
pub fn scenarios(
    read: &mut dyn Read,
    ctx: &Context,
    circle: CircleId,
) -> Result<Vec<ScenarioRow>, Error> {
    ctx.require(READ)?;
    store::circle(read, ctx.community, circle)?;
    store::scenarios(read, ctx.community, circle)
}

/// A scenario.
pub fn scenario(
    read: &mut dyn Read,
    ctx: &Context,
    circle: CircleId,
    id: ScenarioId,
) -> Result<ScenarioRow, Error> {
    let all = scenarios(read, ctx, circle)?;
    let found = all.into_iter().find(|one| one.id == id);
    found.ok_or(Error::NoSuchPart { what: "scenario" })
}

/// Everything that a circle's analysis is made of.
pub(crate) fn inputs(
    read: &mut dyn Read,
    community: CommunityId,
    id: CircleId,
) -> Result<Inputs, Error> {
    let circle = store::circle(read, community, id)?;
    let number = circle.map_in_use().ok_or(Error::NoMap)?.number;
    let (_, map) = store::map_content(read, community, id, number)?;
    let mut lists = Vec::new();
    for row in circle.lists.iter().filter(|list| list.withdrawn.is_none()) {
        let list: List = store::own_content(read, community, id, row.id)?;
        lists.push(OwnList {
            kind: row.kind,
            file_name: row.file_name.clone(),
            reading: Reading {
                datum: row.datum,
                swapped: row.swapped,
            },
            features: list.features,
        });
    }
    Ok(Inputs {
        map,
        types: types_of(read, community, id)?,
        lists,
    })
}

fn types_of(
    read: &mut dyn Read,
    community: CommunityId,
    id: CircleId,
) -> Result<FacilityTypes, Error> {
    let wrong = |fault: street_map::StreetMapError| Error::Types {
        reason: fault.to_string(),
    };
    let builtin = FacilityTypes::builtin().map_err(wrong)?;
    match store::types(read, community, id)? {
        Some((_, own)) => builtin.with(own).map_err(wrong),
        None => Ok(builtin),
    }
}
