//! Where the next facilities of a type serve most of those who have none.

use street_map::{Answer, Question};
use walk::{Position, Snapper, WhatIf, cover};

use crate::Error;
use crate::found::Found;
use crate::model::SNAP_CAP_DM;

/// The most sites that are tried.
const MAX_CANDIDATES: usize = 1500;
/// The most sites that are chosen.
pub(crate) const MAX_SITES: usize = 20;

/// A site that was chosen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Site {
    /// Where it is.
    pub at: Position,
    /// Who is served by it and by none before: people where lists tell them, else buildings.
    pub gain: u64,
}

/// A choice of sites.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sites {
    /// In the order of their choice.
    pub sites: Vec<Site>,
    /// Who is served by them together.
    pub served: u64,
    /// No choice of as many of the sites that were tried serves more.
    pub bound: u64,
    /// Who has none now.
    pub open: u64,
    /// How many sites were tried.
    pub tried: usize,
}

/// Chooses sites for a type among places beside the buildings that lack it, spread evenly where they are many.
///
/// # Errors
/// [`Error::Analysis`] if the network can't be searched.
pub fn best_sites(found: &Found, kind: usize, count: usize) -> Result<Sites, Error> {
    let weights = lacking_weights(found, kind);
    let snapper = Snapper::new(&found.analysis.network);
    let lacking: Vec<Position> = weights
        .iter()
        .zip(&found.map.buildings)
        .filter(|(weight, _)| **weight > 0)
        .map(|(_, building)| building.position)
        .collect();
    let step = lacking.len().div_ceil(MAX_CANDIDATES).max(1);
    let candidates: Vec<(Position, walk::Place)> = lacking
        .into_iter()
        .step_by(step)
        .filter_map(|at| Some((at, vec![snapper.snap(at, SNAP_CAP_DM)?])))
        .collect();
    let streets = streets(found)?;
    let settings = within_limit(found, kind);
    let mut what_if =
        WhatIf::new(&streets, &found.analysis.doors, settings).map_err(|fault| wrong(&fault))?;
    let mut reached = Vec::with_capacity(candidates.len());
    for (_, place) in &candidates {
        let doors = what_if.reached(place).map_err(|fault| wrong(&fault))?;
        reached.push(doors.into_iter().map(|(door, _)| door).collect());
    }
    let chosen = cover(&weights, &reached, count.min(MAX_SITES));
    let sites = chosen.picks.iter().filter_map(|pick| {
        let (at, _) = candidates.get(pick.candidate)?;
        Some(Site {
            at: *at,
            gain: pick.gain,
        })
    });
    Ok(Sites {
        sites: sites.collect(),
        served: chosen.served,
        bound: chosen.bound.min(weights.iter().sum()),
        open: weights.iter().sum(),
        tried: candidates.len(),
    })
}

/// How many buildings, and what they count, would have a type that they lack, if a facility stood at a place; `None` if no way is
/// near it.
///
/// # Errors
/// [`Error::Analysis`] if the network can't be searched.
pub(crate) fn gain_of(
    found: &Found,
    kind: usize,
    at: Position,
) -> Result<Option<(u64, u64)>, Error> {
    let snapper = Snapper::new(&found.analysis.network);
    let Some(snap) = snapper.snap(at, SNAP_CAP_DM) else {
        return Ok(None);
    };
    let weights = lacking_weights(found, kind);
    let streets = streets(found)?;
    let settings = within_limit(found, kind);
    let mut what_if =
        WhatIf::new(&streets, &found.analysis.doors, settings).map_err(|fault| wrong(&fault))?;
    let reached = what_if
        .reached(&vec![snap])
        .map_err(|fault| wrong(&fault))?;
    let gained = reached.iter().filter_map(|(door, _)| {
        let weight = weights.get(usize::try_from(*door).ok()?).copied()?;
        (weight > 0).then_some(weight)
    });
    Ok(Some(gained.fold((0, 0), |(buildings, sum), weight| {
        (buildings + 1, sum + weight)
    })))
}

fn wrong(fault: &walk::WalkError) -> Error {
    Error::Analysis {
        reason: fault.to_string(),
    }
}

/// What each building counts if it lacks a type; nothing if it has it.
fn lacking_weights(found: &Found, kind: usize) -> Vec<u64> {
    let everyone = found.everyone();
    let nothing = nothing_known(found, kind);
    let lacks = |building: usize| {
        everyone.is_some_and(|group| match group.answer(kind, building) {
            Answer::Unmet => true,
            Answer::Unknown => nothing,
            Answer::Met => false,
        })
    };
    let weight = |building| {
        if lacks(building) {
            found.weight(building)
        } else {
            0
        }
    };
    (0..found.map.buildings.len()).map(weight).collect()
}

fn streets(found: &Found) -> Result<walk::Streets<'_>, Error> {
    let walker = Question::default().walker;
    found
        .analysis
        .network
        .for_walker(walker)
        .map_err(|fault| wrong(&fault))
}

/// As far as a type may be.
fn within_limit(found: &Found, kind: usize) -> walk::Settings {
    let limit_m = found.types.types.get(kind).map_or(0, |one| one.limit_m);
    walk::Settings {
        limit_ds: Question::default()
            .walker
            .time_ds(limit_m.saturating_mul(10)),
        ..found.analysis.settings()
    }
}

/// Whether no facility of a type is known at all: then everyone who stands at a way lacks it for this question.
fn nothing_known(found: &Found, kind: usize) -> bool {
    found.map.facilities.get(kind).is_none_or(Vec::is_empty)
}
