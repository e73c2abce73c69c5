//! The journal as it lies in the database, read past the server.

use std::collections::{BTreeMap, BTreeSet};
use std::time::{SystemTime, UNIX_EPOCH};

use db::{Database, Options};
use decisions::ResolutionId;
use kernel::{CommunityId, Context, Grants, Randomness, Timestamp, Vault};

use crate::load::Vote;
use crate::server::City;

/// How many entries are read at once.
const PAGE: u32 = 1000;

/// The votes of a community's journal from a position on.
pub(crate) struct Record {
    database: String,
    community: CommunityId,
    from: u64,
}

impl Record {
    /// What is written from now on.
    pub(crate) fn before(city: &City, community: &str) -> Self {
        let record = Self {
            database: city.database().to_owned(),
            community: community.parse().unwrap(),
            from: 0,
        };
        let from = record
            .entries()
            .last()
            .map_or(0, |entry| entry.position + 1);
        Self { from, ..record }
    }

    /// Every acknowledged vote stands where its answer said, under the code it said, and no two in one place.
    pub(crate) fn holds_each_once(&self, votes: &[Vote]) {
        let written = self.votes();
        for vote in votes {
            let found = written.get(&vote.position);
            assert_eq!(
                found,
                Some(&vote.code),
                "{} at {}",
                vote.request.key,
                vote.position
            );
        }
        let places: BTreeSet<u64> = votes.iter().map(|vote| vote.position).collect();
        assert_eq!(
            places.len(),
            votes.len(),
            "two acknowledged votes stand in one place"
        );
    }

    /// Every vote that was written was acknowledged, and none is there twice.
    pub(crate) fn holds_nothing_but(&self, votes: &[Vote]) {
        let written = self.votes();
        assert_eq!(
            written.len(),
            votes.len(),
            "votes written and votes acknowledged"
        );
        let codes: BTreeSet<&String> = written.values().collect();
        assert_eq!(codes.len(), written.len(), "a code stands twice");
    }

    /// Position and code of every vote.
    fn votes(&self) -> BTreeMap<u64, String> {
        let votes = self
            .entries()
            .into_iter()
            .filter(|entry| entry.kind == "decisions.vote.cast");
        votes
            .map(|entry| {
                (
                    entry.position,
                    decisions::receipt_code(entry.commitment.unwrap()),
                )
            })
            .collect()
    }

    fn entries(&self) -> Vec<journal::Entry> {
        let (community, mut from) = (self.community, self.from);
        opened(&self.database)
            .read_blocking(move |read| {
                let mut all = Vec::new();
                loop {
                    let page = journal::entries(read, community, from, PAGE)?;
                    let Some(last) = page.last() else {
                        return Ok::<_, journal::Error>(all);
                    };
                    from = last.position + 1;
                    all.extend(page);
                }
            })
            .unwrap()
    }
}

/// The units of a resolution's electorate for which nothing was cast yet.
pub(crate) fn units_without_vote(city: &City, community: &str, resolution: &str) -> Vec<String> {
    let (community, resolution): (CommunityId, ResolutionId) =
        (community.parse().unwrap(), resolution.parse().unwrap());
    let (_, units) = opened(city.database())
        .read_blocking(move |read| {
            decisions::unit_progress(read, &organiser(community), resolution)
        })
        .unwrap();
    units
        .iter()
        .filter(|unit| unit.voted.is_none())
        .map(|unit| unit.unit.to_string())
        .collect()
}

fn opened(database: &str) -> Database {
    Database::open(
        database,
        Options {
            lanes: 1,
            readers: 1,
            ..Options::default()
        },
    )
    .unwrap()
}

/// Someone who may see how far every unit has come; nothing sealed is read.
fn organiser(community: CommunityId) -> Context {
    let now = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap()
        .as_micros();
    Context::system(
        community,
        Timestamp::from_micros(i64::try_from(now).unwrap()),
        Randomness::from_number(1),
        Grants::of([decisions::READ, decisions::DELIVER]),
        Vault::new(&[[0; 32]]),
    )
}
