//! Communities, their buildings, and the roll page by page.

use db::Read;
use kernel::{CommunityId, Context};
use serde::Serialize;

use super::OwnerView;
use crate::model::{
    Building, BuildingId, Community, OwnerId, UnitFacts, UnitId, UnitLabel, natural_order,
};
use crate::store::{self, PageOf, Place};
use crate::{Error, ROLL_READ};

/// Units that one page shows at most.
const PAGE_MAX: u32 = 200;

/// Which part of the roll to show.
#[derive(Clone, Debug, Default)]
pub struct RollFilter {
    /// Units of this building only.
    pub building: Option<BuildingId>,
    /// Units whose number contains this.
    pub number_contains: String,
    /// Units after this one: the [`RollPage::next`] of the page before.
    pub after: Option<UnitId>,
    /// How many, at most 200; 0 is 50.
    pub limit: u32,
}

/// A page of the roll.
#[derive(Clone, Debug, Serialize)]
pub struct RollPage {
    /// The units in the order of the roll.
    pub rows: Vec<RollRow>,
    /// After which unit the next page starts; `None` on the last.
    pub next: Option<UnitId>,
}

/// A unit on a page of the roll.
#[derive(Clone, Debug, Serialize)]
pub struct RollRow {
    /// The unit.
    pub unit: UnitId,
    /// Where it is.
    pub label: UnitLabel,
    /// What it is.
    pub facts: UnitFacts,
    /// Who owns it, sorted by id.
    pub owners: Vec<OwnerView>,
    /// Who speaks for it: the only owner or the one appointed.
    pub voice: Option<OwnerId>,
}

/// Every community of the installation, oldest first: names and places, which are public.
pub fn communities(read: &mut dyn Read) -> Result<Vec<Community>, Error> {
    Ok(store::communities(read)?)
}

/// A community's name and place.
pub fn community(read: &mut dyn Read, id: CommunityId) -> Result<Community, Error> {
    store::community(read, id)?.ok_or(Error::NoSuchCommunity { community: id })
}

/// A community's buildings in the order of the roll.
pub fn buildings(read: &mut dyn Read, community: CommunityId) -> Result<Vec<Building>, Error> {
    Ok(store::buildings(read, community)?)
}

/// A page of the roll, persons masked.
pub fn roll(read: &mut dyn Read, ctx: &Context, filter: &RollFilter) -> Result<RollPage, Error> {
    ctx.require(ROLL_READ)?;
    let limit = if filter.limit == 0 {
        50
    } else {
        filter.limit.min(PAGE_MAX)
    };
    let after = match filter.after {
        Some(unit) => place_of(read, ctx, unit)?,
        None => Place::START,
    };
    let page = PageOf {
        building: filter.building,
        number_contains: filter.number_contains.trim(),
        after,
        limit: limit + 1,
    };
    let mut units = store::roll_page(read, ctx.community, page)?;
    let has_more = units.len() > usize::try_from(limit).unwrap_or(usize::MAX);
    if has_more {
        units.pop();
    }
    let (Some((_, first)), Some((last_unit, last))) = (units.first(), units.last()) else {
        return Ok(RollPage {
            rows: Vec::new(),
            next: None,
        });
    };
    let next = has_more.then_some(last_unit.id);
    let owners = store::owners_between(read, &ctx.vault, ctx.community, first, last)?;
    let voices = store::voices_between(read, ctx.community, first, last)?;
    let rows = units
        .into_iter()
        .map(|(unit, _)| {
            let owners: Vec<OwnerView> = owners
                .get(&unit.id)
                .map_or(&[][..], Vec::as_slice)
                .iter()
                .map(OwnerView::from)
                .collect();
            let voice = super::electorate::voice(
                owners.iter().map(|owner| owner.id),
                voices.get(&unit.id).copied(),
            );
            RollRow {
                unit: unit.id,
                label: unit.label,
                facts: unit.facts,
                owners,
                voice,
            }
        })
        .collect();
    Ok(RollPage { rows, next })
}

fn place_of(read: &mut dyn Read, ctx: &Context, unit: UnitId) -> Result<Place, Error> {
    let found = store::unit_now(read, ctx.community, unit)?.ok_or(Error::NoSuchUnit { unit })?;
    Ok(Place {
        sort_key: natural_order(&found.label),
        unit: unit.to_bytes(),
    })
}
