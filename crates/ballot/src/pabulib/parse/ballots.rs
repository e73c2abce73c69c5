//! The ballots of a file, one by one, and what they add up to.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};

use super::super::Amount;
use super::super::election::VoteType;
use super::sections::{RawMeta, RawProject};
use super::{fault, shortened};
use crate::BallotError;

/// Room made at once for the ballots that META announces.
const FIRST_ROOM: usize = 100_000;
/// The most ballots that one file may hold.
const MOST_BALLOTS: usize = 20_000_000;

/// The ballots cast so far, and what they add up to.
pub(super) struct BallotBox<'p, 't> {
    vote_type: VoteType,
    by_id: HashMap<&'p [u8], u32>,
    voters: HashSet<Cow<'t, str>>,
    pub(super) choices: Vec<u32>,
    pub(super) ends: Vec<usize>,
    votes: Vec<u32>,
    /// Points by project and number of decimals, added up once the finest is known.
    points: Vec<(u32, Vec<i64>)>,
    pub(super) point_scale: u32,
    pub(super) lengths: Lengths,
    /// The projects named by the ballot at hand.
    seen: Vec<u32>,
}

impl<'p, 't> BallotBox<'p, 't> {
    pub(super) fn new(
        ids: &'p [String],
        vote_type: VoteType,
        raw: &RawMeta,
    ) -> Result<Self, BallotError> {
        Ok(Self {
            vote_type,
            by_id: (0..)
                .zip(ids)
                .map(|(index, id)| (id.as_bytes(), index))
                .collect(),
            voters: HashSet::with_capacity(raw.whole("num_votes")?.unwrap_or(0).min(FIRST_ROOM)),
            choices: Vec::new(),
            ends: Vec::new(),
            votes: vec![0; ids.len()],
            points: Vec::new(),
            point_scale: 0,
            lengths: Lengths {
                least: raw.whole("min_length")?,
                most: raw.whole("max_length")?,
                ..Lengths::default()
            },
            seen: Vec::new(),
        })
    }

    pub(super) fn cast(
        &mut self,
        voter: Cow<'t, str>,
        vote: &str,
        points: &str,
        line: usize,
    ) -> Result<(), String> {
        if voter.is_empty() {
            return Err("the voter_id is empty".to_owned());
        }
        if self.ends.len() >= MOST_BALLOTS {
            return Err(format!("there are more than {MOST_BALLOTS} ballots"));
        }
        if let Some(again) = self.voters.replace(voter) {
            let voter = shortened(&again);
            return Err(format!("the voter {voter} stands twice: leave one ballot"));
        }
        let start = self.choices.len();
        self.seen.clear();
        let named = listed(vote).count();
        let mut given = listed(points);
        let has_points = !points.is_empty();
        let wants_points = matches!(self.vote_type, VoteType::Cumulative | VoteType::Scoring);
        if wants_points && !has_points && named > 0 {
            return Err(format!(
                "the ballot has no points, but the vote type is {}",
                self.vote_type
            ));
        }
        let reads_points = wants_points || (has_points && self.vote_type == VoteType::Ordinal);
        if reads_points && given.clone().count() != named {
            return Err(format!(
                "the ballot names {named} projects but gives {} points",
                given.count()
            ));
        }
        if self.vote_type == VoteType::Choose1 && named != 1 {
            return Err(format!(
                "the ballot names {named} projects, but the vote type is choose-1"
            ));
        }
        self.lengths.see(named, line);
        for (rank, id) in listed(vote).enumerate() {
            let index = *self.by_id.get(id).ok_or_else(|| {
                format!(
                    "the ballot names the project {}, which is not among PROJECTS",
                    shortened(&String::from_utf8_lossy(id))
                )
            })?;
            let points = given.next();
            if self.seen.contains(&index) {
                // One ballot is one vote: it counts once, with what it gave first.
                self.lengths.repeat(line);
                continue;
            }
            self.seen.push(index);
            let worth = match self.vote_type {
                _ if reads_points => read_points(points.unwrap_or_default(), self.vote_type)?,
                VoteType::Ordinal => whole(named - rank),
                _ => Amount { value: 1, scale: 0 },
            };
            self.add(index, worth)?;
        }
        if let Some(ballot) = self.choices.get_mut(start..) {
            ballot.sort_unstable();
        }
        self.ends.push(self.choices.len());
        Ok(())
    }

    fn add(&mut self, index: u32, worth: Amount) -> Result<(), String> {
        let slot = usize::try_from(index).unwrap_or(usize::MAX);
        if let Some(votes) = self.votes.get_mut(slot) {
            *votes = votes.saturating_add(1);
        }
        self.point_scale = self.point_scale.max(worth.scale);
        let known = self
            .points
            .iter()
            .position(|&(scale, _)| scale == worth.scale);
        let place = known.unwrap_or_else(|| {
            self.points.push((worth.scale, vec![0; self.votes.len()]));
            self.points.len() - 1
        });
        let score = self
            .points
            .get_mut(place)
            .and_then(|(_, scores)| scores.get_mut(slot));
        if let Some(score) = score {
            *score = score
                .checked_add(worth.value)
                .ok_or("the points are too large")?;
        }
        // Only what a voter gives something to is supported.
        if worth.value > 0 || self.vote_type == VoteType::Ordinal {
            self.choices.push(index);
        }
        Ok(())
    }

    pub(super) fn score(&self, projects: &mut [RawProject]) -> Result<(), BallotError> {
        let too_large = |raw: &RawProject| fault(raw.line, "the project's points are too large");
        for (index, raw) in projects.iter_mut().enumerate() {
            raw.project.votes = self.votes.get(index).copied().unwrap_or(0);
            for &(scale, ref scores) in &self.points {
                let part = Amount {
                    value: scores.get(index).copied().unwrap_or(0),
                    scale,
                };
                let part = part
                    .with_scale(self.point_scale)
                    .ok_or_else(|| too_large(raw))?;
                let score = raw.project.score.checked_add(part.value);
                raw.project.score = score.ok_or_else(|| too_large(raw))?;
            }
        }
        Ok(())
    }
}

pub(super) fn trimmed(cell: Cow<'_, str>) -> Cow<'_, str> {
    match cell {
        Cow::Borrowed(text) => Cow::Borrowed(text.trim()),
        Cow::Owned(text) => Cow::Owned(text.trim().to_owned()),
    }
}

/// The items of a list, as bytes: ids are compared far more often than shown.
fn listed(cell: &str) -> impl Iterator<Item = &[u8]> + Clone {
    let items = cell
        .as_bytes()
        .split(|&b| b == b',')
        .map(<[u8]>::trim_ascii);
    items.filter(|item| !item.is_empty())
}

fn whole(number: usize) -> Amount {
    Amount {
        value: i64::try_from(number).unwrap_or(i64::MAX),
        scale: 0,
    }
}

fn read_points(item: &[u8], vote_type: VoteType) -> Result<Amount, String> {
    let text = String::from_utf8_lossy(item);
    let (sign, size) = match text.strip_prefix('-') {
        Some(size) if vote_type == VoteType::Scoring => (-1, size),
        _ => (1, &*text),
    };
    let amount = Amount::parse(size).ok_or_else(|| {
        format!(
            "`{}` is no number of points: write one such as 3",
            shortened(&text)
        )
    })?;
    Ok(Amount {
        value: sign * amount.value,
        scale: amount.scale,
    })
}

/// Ballots that name fewer or more projects than META allows, or one twice: they count, with a
/// warning.
#[derive(Default)]
pub(super) struct Lengths {
    least: Option<usize>,
    most: Option<usize>,
    outside: Noticed,
    repeated: Noticed,
}

/// How often something was noticed, and where first.
#[derive(Default)]
struct Noticed {
    times: usize,
    first_line: usize,
}

impl Noticed {
    fn at(&mut self, line: usize) {
        self.first_line = if self.times == 0 {
            line
        } else {
            self.first_line
        };
        self.times += 1;
    }
}

impl Lengths {
    fn see(&mut self, named: usize, line: usize) {
        let too_few = self.least.is_some_and(|least| named < least);
        let too_many = self.most.is_some_and(|most| named > most);
        if too_few || too_many {
            self.outside.at(line);
        }
    }

    fn repeat(&mut self, line: usize) {
        self.repeated.at(line);
    }

    pub(super) fn warnings(&self) -> Vec<String> {
        let texts = [
            (
                &self.outside,
                "ballots with fewer or more projects than META allows; they were counted",
            ),
            (
                &self.repeated,
                "repetitions of a project on one ballot; each was counted once",
            ),
        ];
        let noticed = texts.into_iter().filter(|(noticed, _)| noticed.times > 0);
        noticed
            .map(|(Noticed { times, first_line }, what)| {
                format!("{times} {what} (line {first_line} first)")
            })
            .collect()
    }
}
