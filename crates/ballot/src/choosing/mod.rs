//! Residents choose one of several options: which canteen, which nursery, which supplier of energy.
//!
//! | method | a ballot | who wins |
//! |---|---|---|
//! | `single` | one option | the option on most ballots |
//! | `approval` | any options | the option on most ballots |
//! | `instant-runoff` | options in order, the best first | round by round the last is eliminated and its ballots go to their next option, until one has more than half of those that still count |
//! | `schulze` | options in order, ties allowed | whoever wins every comparison of two; where comparisons run in a circle, whoever has the strongest chain of victories (Schulze 2011, "A new monotonic, clone-independent, reversal symmetric, and condorcet-consistent single-winner election method", Social Choice and Welfare 36) |
//!
//! **Ties** are told and never decided in silence: [`Chosen::winners`] has every option that the method puts first. Only
//! an elimination needs an order; it goes by the rounds before, the latest first, then by the order of the options,
//! and every such step stands in the result ([`Eliminated::decided_by`]).
//!
//! ```
//! use ballot::choosing::{choose, Cast, Method};
//!
//! // Tennessee's capital: Memphis, Nashville, Chattanooga, Knoxville, in per cent of the voters.
//! let votes = [
//!     (42, vec![0, 1, 2, 3]),
//!     (26, vec![1, 2, 3, 0]),
//!     (15, vec![2, 3, 1, 0]),
//!     (17, vec![3, 2, 1, 0]),
//! ];
//! let votes = votes.map(|(times, order)| Cast::ranking(times, order));
//! assert_eq!(choose(Method::Schulze, 4, &votes)?.winners, [1]);
//! assert_eq!(choose(Method::InstantRunoff, 4, &votes)?.winners, [3]);
//! assert_eq!(choose(Method::Single, 4, &votes)?.winners, [0]);
//! # Ok::<(), ballot::BallotError>(())
//! ```

mod preflib;
mod runoff;
mod schulze;
mod text;

use serde::{Deserialize, Serialize};

use crate::BallotError;
use crate::names::named;

pub use preflib::{Profile, parse};
pub use runoff::{Eliminated, EliminatedBy, Round, Runoff};
pub use schulze::Pairwise;
pub use text::render_text;

/// The most options of a choice: nobody ranks more, and comparisons grow with the cube.
pub const MAX_OPTIONS: usize = 200;

named! {
    /// How a choice is made; see the module for what each does.
    pub enum Method("method") {
        /// One option a ballot.
        Single = "single",
        /// Any number of options a ballot.
        Approval = "approval",
        /// Ranking, eliminating the last round by round.
        InstantRunoff = "instant-runoff",
        /// Ranking, by comparing two at a time.
        Schulze = "schulze",
    }
}

impl Method {
    /// Whether a ballot puts options in order.
    pub const fn is_ranking(self) -> bool {
        matches!(self, Self::InstantRunoff | Self::Schulze)
    }
}

/// Equal ballots and how many of them there are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cast {
    /// How many voters cast this.
    pub times: u64,
    /// Groups of options from the best down, options of one group equally good. Options that are left out stand behind
    /// all others. A single or approved choice has one group; a blank ballot has none.
    pub groups: Vec<Vec<usize>>,
}

impl Cast {
    /// A strict order, the best first.
    pub fn ranking(times: u64, order: impl IntoIterator<Item = usize>) -> Self {
        let groups = order.into_iter().map(|option| vec![option]).collect();
        Self { times, groups }
    }

    /// Options that are all approved.
    pub fn approving(times: u64, options: impl IntoIterator<Item = usize>) -> Self {
        let group: Vec<usize> = options.into_iter().collect();
        let groups = if group.is_empty() {
            Vec::new()
        } else {
            vec![group]
        };
        Self { times, groups }
    }

    /// The best group; empty on a blank ballot.
    fn first(&self) -> &[usize] {
        self.groups.first().map_or(&[], Vec::as_slice)
    }
}

/// What was chosen, and how it came about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Chosen {
    /// The method.
    pub method: Method,
    /// Ballots counted, blank ones too.
    pub ballots: u64,
    /// Ballots without any option.
    pub blank: u64,
    /// Every option that the method puts first, by its index: one, or several that are tied; none where every ballot is
    /// blank.
    pub winners: Vec<usize>,
    /// On how many ballots each option is approved or chosen; under a ranking, on how many it stands first alone.
    pub scores: Vec<u64>,
    /// The rounds of an instant run-off.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub runoff: Option<Runoff>,
    /// The comparisons of Schulze's method.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pairwise: Option<Pairwise>,
}

/// Makes the choice.
///
/// A ranking counted as `single` counts the best option; one counted as `approval` approves the best group.
///
/// # Errors
/// [`BallotError::Choice`] for a ballot that names an option twice or one that does not exist, that ties options where the
/// method needs an order, or where there are no options, too many, or more than 2^53 ballots.
pub fn choose(method: Method, options: usize, casts: &[Cast]) -> Result<Chosen, BallotError> {
    if options == 0 || options > MAX_OPTIONS {
        return Err(fault(
            0,
            format!("a choice has 1 to {MAX_OPTIONS} options, not {options}"),
        ));
    }
    let mut ballots = 0_u64;
    for (place, cast) in casts.iter().enumerate() {
        check(method, options, cast).map_err(|reason| fault(place + 1, reason))?;
        ballots = ballots
            .checked_add(cast.times)
            .filter(|sum| *sum <= MOST_BALLOTS)
            .ok_or_else(|| fault(place + 1, "there are more than 2^53 ballots".to_owned()))?;
    }
    let blank = casts
        .iter()
        .filter(|cast| cast.groups.is_empty())
        .map(|cast| cast.times)
        .sum();
    let scores = first_choices(options, casts);
    let mut chosen = Chosen {
        method,
        ballots,
        blank,
        winners: Vec::new(),
        scores,
        runoff: None,
        pairwise: None,
    };
    if ballots == blank {
        return Ok(chosen);
    }
    match method {
        Method::Single | Method::Approval => chosen.winners = highest(&chosen.scores),
        Method::InstantRunoff => {
            let runoff = runoff::run(options, casts);
            chosen.winners.clone_from(&runoff.winners);
            chosen.runoff = Some(runoff);
        }
        Method::Schulze => {
            let (pairwise, winners) = schulze::compare(options, casts);
            chosen.winners = winners;
            chosen.pairwise = Some(pairwise);
        }
    }
    Ok(chosen)
}

/// Sums of ballots stay exact in every program that may recount, also where numbers are floats.
const MOST_BALLOTS: u64 = 1 << 53;

fn fault(ballot: usize, reason: String) -> BallotError {
    BallotError::Choice { ballot, reason }
}

fn check(method: Method, options: usize, cast: &Cast) -> Result<(), String> {
    let mut seen = vec![false; options];
    for option in cast.groups.iter().flatten() {
        match seen.get_mut(*option) {
            None => {
                return Err(format!(
                    "there is no option {}: they are 1 to {options}",
                    option + 1
                ));
            }
            Some(true) => return Err(format!("option {} is named twice", option + 1)),
            Some(place) => *place = true,
        }
    }
    if cast.groups.iter().any(Vec::is_empty) {
        return Err("a place of the order is empty".to_owned());
    }
    let tied = cast.groups.iter().any(|group| group.len() > 1);
    match method {
        Method::InstantRunoff if tied => {
            Err("an instant run-off needs an order: no two options in one place".to_owned())
        }
        Method::Single if cast.first().len() > 1 => Err("only one option can be chosen".to_owned()),
        _ => Ok(()),
    }
}

/// On how many ballots each option stands in the best group.
fn first_choices(options: usize, casts: &[Cast]) -> Vec<u64> {
    let mut scores = vec![0; options];
    for cast in casts {
        for option in cast.first() {
            if let Some(score) = scores.get_mut(*option) {
                *score += cast.times;
            }
        }
    }
    scores
}

/// The options with the highest score.
fn highest(scores: &[u64]) -> Vec<usize> {
    let best = scores.iter().copied().max().unwrap_or(0);
    let wins = |(option, score): (usize, &u64)| (*score == best).then_some(option);
    scores.iter().enumerate().filter_map(wins).collect()
}
