//! Electing several members at once: each owner picks as many candidates as there are seats at most, and each candidate
//! needs the majority that the matter demands of those who take part, by heads and by area (Civil Code 278).
//!
//! **A head's pick.** All units of one buyer are one head. The head is for a candidate if every unit of it for which
//! something was cast picks that candidate: an owner who marked two ballots differently is not for anybody on one of them
//! only. Area counts unit by unit, as cast.
//!
//! **Rank.** Candidates who reach the majority are ranked by heads, then by area. Equal in both is a tie. A tie decides
//! nothing that it need not: where all who tie fit into the seats that are left, all are elected; where they don't, none
//! of them is, the seats stay open for another vote among them, and nobody below is placed before that vote.
//!
//! **Reserve.** Those who reached the majority and won no seat stand in reserve in their order, up to its size.

use std::collections::HashMap;

use serde::Serialize;
use units::Area;

use crate::BallotError;
use crate::names::named;
use crate::resolution::{Owner, Requirement, Tally};

/// The most candidates of one election.
pub const MAX_CANDIDATES: usize = 100;

/// A unit and the candidates that were picked for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Picks {
    /// Whose it is.
    pub owner: Owner,
    /// Its exclusive area.
    pub area: Area,
    /// The candidates' numbers; `None` where nothing was cast.
    pub picked: Option<Vec<u32>>,
}

/// What is to be filled, and what a candidate must reach.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Contest {
    /// The candidates' numbers, each once.
    pub candidates: Vec<u32>,
    /// Those of them who withdrew; they win nothing, and what else is on a ballot counts.
    pub withdrawn: Vec<u32>,
    /// Seats to fill.
    pub seats: u32,
    /// Reserve members at most.
    pub reserve: u32,
    /// Heads for a candidate, of heads that take part.
    pub heads: Requirement,
    /// Area for a candidate, of area that takes part.
    pub area: Requirement,
}

named! {
    /// What became of a candidate.
    pub enum Fate("fate") {
        /// Won a seat.
        Elected = "elected",
        /// Stands in reserve.
        Reserve = "reserve",
        /// Ties with others for the last seats: another vote decides among them.
        TiedForSeat = "tied_for_seat",
        /// Ties with others for the last places in reserve.
        TiedForReserve = "tied_for_reserve",
        /// Reached the majority, and waits for a tie above to be decided.
        Waits = "waits",
        /// Reached the majority, and there was no place left.
        NoPlace = "no_place",
        /// Did not reach the majority.
        NotReached = "not_reached",
        /// Withdrew.
        Withdrawn = "withdrawn",
    }
}

/// A candidate with what was cast for them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Standing {
    /// The candidate's number.
    pub candidate: u32,
    /// Units, heads and area that picked them.
    pub votes: Tally,
    /// Whether the majority by heads and by area is reached.
    pub reached: bool,
    /// The place among those who reached it, from 1; those who tie share one.
    pub place: Option<u32>,
    /// What became of them.
    pub fate: Fate,
}

/// The result: every candidate, those who reached the majority first, in their order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Election {
    /// The candidates.
    pub standings: Vec<Standing>,
    /// Seats to fill.
    pub seats: u32,
    /// Seats that were filled.
    pub filled: u32,
    /// Whether a tie leaves seats or places in reserve to another vote.
    pub is_tied: bool,
}

/// Counts an election among those who take part.
///
/// # Errors
/// [`BallotError::Choice`] for a contest or a ballot that is none, and [`BallotError::Units`] where areas overflow.
pub fn elect(
    contest: &Contest,
    units: &[Picks],
    participating: Tally,
) -> Result<Election, BallotError> {
    check_contest(contest)?;
    for (place, unit) in (1..).zip(units) {
        if let Some(picked) = &unit.picked {
            check_picks(contest, picked).map_err(|reason| BallotError::Choice {
                ballot: place,
                reason,
            })?;
        }
    }
    let votes = votes(contest, units)?;
    let reached = |votes: Tally| {
        contest.heads.required.holds(
            i64::from(votes.heads),
            i64::from(participating.heads),
            contest.heads.comparison(),
        ) && contest.area.required.holds(
            votes.area.get(),
            participating.area.get(),
            contest.area.comparison(),
        )
    };
    let mut standings: Vec<Standing> = contest
        .candidates
        .iter()
        .map(|candidate| {
            let votes = votes.get(candidate).copied().unwrap_or_default();
            let withdrew = contest.withdrawn.contains(candidate);
            Standing {
                candidate: *candidate,
                votes,
                reached: !withdrew && reached(votes),
                place: None,
                fate: if withdrew {
                    Fate::Withdrawn
                } else {
                    Fate::NotReached
                },
            }
        })
        .collect();
    let rank = |one: &Standing| {
        (
            !one.reached,
            one.fate == Fate::Withdrawn,
            std::cmp::Reverse((one.votes.heads, one.votes.area)),
            one.candidate,
        )
    };
    standings.sort_by_key(rank);
    let is_tied = place(&mut standings, contest.seats, contest.reserve);
    let filled = standings
        .iter()
        .filter(|one| one.fate == Fate::Elected)
        .count();
    Ok(Election {
        standings,
        seats: contest.seats,
        filled: u32::try_from(filled).unwrap_or(u32::MAX),
        is_tied,
    })
}

fn check_contest(contest: &Contest) -> Result<(), BallotError> {
    let mut numbers = contest.candidates.clone();
    numbers.sort_unstable();
    numbers.dedup();
    let reason = if contest.seats == 0 {
        "there is no seat to fill: say how many there are"
    } else if contest.candidates.is_empty() {
        "there is no candidate: name those who stand"
    } else if contest.candidates.len() > MAX_CANDIDATES {
        "there are more candidates than one ballot can name: at most 100"
    } else if numbers.len() != contest.candidates.len() {
        "a candidate stands twice: name each once"
    } else {
        return Ok(());
    };
    Err(BallotError::Choice {
        ballot: 0,
        reason: reason.to_owned(),
    })
}

/// Whether these may be picked on one ballot; a candidate who withdrew later may stand on it.
///
/// # Errors
/// What is wrong with them, and what to do.
pub fn check_picks(contest: &Contest, picked: &[u32]) -> Result<(), String> {
    let seats = usize::try_from(contest.seats).unwrap_or(usize::MAX);
    if picked.len() > seats {
        return Err(format!(
            "{} candidates are picked and there are {seats} seats: pick at most {seats}",
            picked.len()
        ));
    }
    for (place, number) in picked.iter().enumerate() {
        if !contest.candidates.contains(number) {
            return Err(format!("no candidate has the number {number}"));
        }
        if picked.iter().take(place).any(|other| other == number) {
            return Err(format!(
                "candidate {number} is picked twice: pick each once"
            ));
        }
    }
    Ok(())
}

/// What was cast for each candidate.
fn votes(contest: &Contest, units: &[Picks]) -> Result<HashMap<u32, Tally>, BallotError> {
    let mut votes: HashMap<u32, Tally> = HashMap::new();
    // For each head: ballots cast, and for each candidate how many of them pick that one.
    let mut heads: HashMap<&Owner, (u32, HashMap<u32, u32>)> = HashMap::new();
    for unit in units {
        let Some(picked) = &unit.picked else { continue };
        let (cast, of) = heads.entry(&unit.owner).or_default();
        *cast = cast.saturating_add(1);
        for number in picked {
            let tally = votes.entry(*number).or_default();
            tally.units = tally.units.saturating_add(1);
            tally.area = tally.area.checked_add(unit.area)?;
            let of_one = of.entry(*number).or_default();
            *of_one = of_one.saturating_add(1);
        }
    }
    for (cast, of) in heads.into_values() {
        for (number, picked) in of {
            if picked == cast
                && let Some(tally) = votes.get_mut(&number)
            {
                tally.heads = tally.heads.saturating_add(1);
            }
        }
    }
    votes.retain(|number, _| contest.candidates.contains(number));
    Ok(votes)
}

/// Places those who reached the majority, group by group of those who tie; whether a tie leaves something open.
fn place(standings: &mut [Standing], seats: u32, reserve: u32) -> bool {
    let (mut seats_left, mut reserve_left) = (seats, reserve);
    let (mut next_place, mut is_tied) = (1_u32, false);
    let reached = standings.iter().take_while(|one| one.reached).count();
    let ranked = standings.get_mut(..reached).unwrap_or_default();
    for group in ranked.chunk_by_mut(|one, other| {
        (one.votes.heads, one.votes.area) == (other.votes.heads, other.votes.area)
    }) {
        let size = u32::try_from(group.len()).unwrap_or(u32::MAX);
        let fate = if is_tied {
            Fate::Waits
        } else if size <= seats_left {
            seats_left -= size;
            Fate::Elected
        } else if seats_left > 0 {
            is_tied = true;
            Fate::TiedForSeat
        } else if size <= reserve_left {
            reserve_left -= size;
            Fate::Reserve
        } else if reserve_left > 0 {
            is_tied = true;
            Fate::TiedForReserve
        } else {
            Fate::NoPlace
        };
        for one in group.iter_mut() {
            one.place = Some(next_place);
            one.fate = fate;
        }
        next_place = next_place.saturating_add(size);
    }
    is_tied
}
