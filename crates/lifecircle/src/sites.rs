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
    let wrong = |fault: walk::WalkError| Error::Analysis {
        reason: fault.to_string(),
    };
    let limit_m = found.types.types.get(kind).map_or(0, |one| one.limit_m);
    let everyone = found.everyone();
    let unmet = |building: usize| {
        everyone.is_some_and(|group| {
            let answer = group.answer(kind, building);
            answer == Answer::Unmet || (answer == Answer::Unknown && nothing_known(found, kind))
        })
    };
    let weights: Vec<u64> = (0..found.map.buildings.len())
        .map(|building| {
            if unmet(building) {
                found.weight(building)
            } else {
                0
            }
        })
        .collect();
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
    let walker = Question::default().walker;
    let streets = found.analysis.network.for_walker(walker).map_err(wrong)?;
    let mut settings = found.analysis.settings();
    settings.limit_ds = walker.time_ds(limit_m.saturating_mul(10));
    let mut what_if = WhatIf::new(&streets, &found.analysis.doors, settings).map_err(wrong)?;
    let mut reached = Vec::with_capacity(candidates.len());
    for (_, place) in &candidates {
        let doors = what_if.reached(place).map_err(wrong)?;
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

/// Whether no facility of a type is known at all: then everyone who stands at a way lacks it for this question.
fn nothing_known(found: &Found, kind: usize) -> bool {
    found.map.facilities.get(kind).is_none_or(Vec::is_empty)
}
