//! What stands between this community and others.

use std::collections::BTreeMap;

use db::Read;
use kernel::{CommunityId, Context, Timestamp};

use super::views::cut_at;
use crate::Error;
use crate::commands::owed;
use crate::model::{ASSIST, Crossing, CrossingId, CrossingKind, CrossingState, READ, Turned};
use crate::store::{self, actor};

/// What stands between this community and others.
#[derive(Debug)]
pub struct Clearing {
    /// With whom there is an agreement.
    pub pairs: Vec<PairView>,
    /// Offers of other committees that wait for this one.
    pub offers: Vec<CrossingView>,
    /// Everything that crossed, newest first.
    pub crossings: Vec<CrossingView>,
    /// Every other community of the city.
    pub others: Vec<(CommunityId, String)>,
    /// Where the list of crossings ends though there is more: after so many lines.
    pub cut_at: Option<u32>,
}

/// An agreement and what stands under it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PairView {
    /// The other community.
    pub partner: CommunityId,
    /// Its name.
    pub name: String,
    /// The most minutes that one may owe the other.
    pub limit_minutes: i64,
    /// What is owed to the other in minutes; below zero, what the other owes.
    pub owes: i64,
    /// Whether this side has ended it.
    pub is_ended: bool,
}

/// Something that crossed or is on its way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CrossingView {
    /// Its id.
    pub id: CrossingId,
    /// The other community's name.
    pub partner: String,
    /// Whether it goes out from here.
    pub is_out: bool,
    /// What it is.
    pub kind: CrossingKind,
    /// How many minutes.
    pub minutes: i64,
    /// On what ground, for an offer between committees.
    pub ground: Option<String>,
    /// When it was made or came in.
    pub made_at: Timestamp,
    /// Where it stands.
    pub state: CrossingState,
    /// Why it was refused.
    pub refusal: Option<Turned>,
}

/// The whole, for staff.
pub fn clearing(read: &mut dyn Read, ctx: &Context) -> Result<Clearing, Error> {
    ctx.require(ASSIST)?;
    let names = names(read)?;
    let kept = store::crossings(read, ctx.community)?;
    let crossings: Vec<CrossingView> = kept.into_iter().map(|one| view(one, &names)).collect();
    let waits = |one: &&CrossingView| !one.is_out && one.state == CrossingState::Waiting;
    let offers = crossings.iter().filter(waits).cloned().collect();
    let others = names
        .iter()
        .filter(|(id, _)| **id != ctx.community)
        .map(|(id, name)| (*id, name.clone()));
    Ok(Clearing {
        pairs: pairs(read, ctx, &names)?,
        offers,
        cut_at: cut_at([crossings.len()]),
        others: others.collect(),
        crossings,
    })
}

/// One's own hours that crossed, and where one may send some.
pub(super) fn own(
    read: &mut dyn Read,
    ctx: &Context,
) -> Result<(Vec<PairView>, Vec<CrossingView>), Error> {
    ctx.require(READ)?;
    let names = names(read)?;
    let mut open = pairs(read, ctx, &names)?;
    open.retain(|pair| !pair.is_ended);
    let kept = store::crossings_of(read, ctx.community, actor(ctx)?)?;
    Ok((
        open,
        kept.into_iter().map(|one| view(one, &names)).collect(),
    ))
}

fn pairs(
    read: &mut dyn Read,
    ctx: &Context,
    names: &BTreeMap<CommunityId, String>,
) -> Result<Vec<PairView>, Error> {
    let mut views = Vec::new();
    for pair in store::pairs(read, ctx.community)? {
        let (owes, _) = owed(read, ctx.community, &pair)?;
        views.push(PairView {
            partner: pair.partner,
            name: name(names, pair.partner),
            limit_minutes: pair.limit_minutes,
            owes,
            is_ended: pair.ended_at.is_some(),
        });
    }
    Ok(views)
}

fn view(one: Crossing, names: &BTreeMap<CommunityId, String>) -> CrossingView {
    CrossingView {
        id: one.id,
        partner: name(names, one.partner),
        is_out: one.is_out,
        kind: one.kind,
        minutes: one.minutes,
        ground: one.ground,
        made_at: one.made_at,
        state: one.state,
        refusal: one.refusal,
    }
}

fn names(read: &mut dyn Read) -> Result<BTreeMap<CommunityId, String>, Error> {
    let communities = people::queries::communities(read)?.into_iter();
    Ok(communities.map(|one| (one.id, one.name)).collect())
}

fn name(names: &BTreeMap<CommunityId, String>, id: CommunityId) -> String {
    names.get(&id).cloned().unwrap_or_else(|| id.to_string())
}
