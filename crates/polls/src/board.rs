//! The board of a counted poll: every ballot with its credential, so that whoever holds it can count again.

use ballot::choosing::{Cast, Chosen, choose};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use credential::{Ballot, PublicKey};
use serde::{Deserialize, Serialize};

use crate::Error;
use crate::funded::{self, Funded};
use crate::model::{Draft, code_of, name_of};
use crate::store::{Paper, Poll, Progress};

/// What was counted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Counted {
    /// One of several options was chosen.
    Chosen(Chosen),
    /// A participatory budget funds projects.
    Funded(Funded),
}

impl Counted {
    /// The options that won, by index: several where tied, or where a budget pays several.
    pub fn winners(&self) -> &[usize] {
        match self {
            Self::Chosen(chosen) => &chosen.winners,
            Self::Funded(funded) => &funded.winners,
        }
    }
}

/// The board as published, in JSON. `e2e/recount.mjs` checks and counts it without any code of Linli.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Board {
    /// What this is: `linli board 1`.
    pub format: String,
    /// The poll's id, as ballots name it.
    pub poll: String,
    /// What was put to the vote.
    pub draft: Draft,
    /// The key of the credentials: SubjectPublicKeyInfo in Base64.
    pub public_key: String,
    /// How many had a vote.
    pub electors: u32,
    /// How many credentials were collected by devices.
    pub collected: u64,
    /// How many paper ballots were handed out.
    pub handed_out: u64,
    /// The ballots from devices, by code.
    pub ballots: Vec<BoardBallot>,
    /// What stands on the paper ballots, sorted.
    pub paper: Vec<String>,
}

/// A ballot on the board.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BoardBallot {
    /// The code on the voter's receipt.
    pub code: String,
    /// What was chosen: option numbers from 1.
    pub choice: String,
    /// The voter key in Base64.
    pub voter_key: String,
    /// The credential in Base64.
    pub credential: String,
    /// The seal in Base64.
    pub seal: String,
}

impl Board {
    /// The board of a closed poll.
    pub(crate) fn new(
        poll: &Poll,
        ballots: &[Ballot],
        papers: &[Paper],
        progress: Progress,
    ) -> Result<Self, Error> {
        let published = poll.published()?;
        let mut paper: Vec<String> = papers.iter().flat_map(|p| p.choices.clone()).collect();
        paper.sort();
        let mut ballots: Vec<BoardBallot> = ballots.iter().map(BoardBallot::of).collect();
        ballots.sort_by(|a, b| (&a.code, &a.voter_key).cmp(&(&b.code, &b.voter_key)));
        Ok(Self {
            format: "linli board 1".to_owned(),
            poll: name_of(poll.id),
            draft: poll.draft.clone(),
            public_key: STANDARD.encode(&published.public_key),
            electors: published.electors,
            collected: progress.collected,
            handed_out: progress.handed_out,
            ballots,
            paper,
        })
    }

    /// The board of a participatory budget as a Pabulib file that tallies to the same result.
    pub fn pabulib_file(&self) -> Result<String, Error> {
        funded::pabulib_file(self)
    }

    /// Reads a published board.
    pub(crate) fn parse(text: &str) -> Result<Self, Error> {
        serde_json::from_str(text).map_err(|_| Error::Unreadable {
            what: "the board of a poll",
        })
    }

    /// Counts the board by the poll's method, or by the budget's rule.
    pub fn count(&self) -> Result<Counted, Error> {
        if let Some(funding) = &self.draft.funding {
            return Ok(Counted::Funded(funded::tally(self, funding)?));
        }
        let choices = self.ballots.iter().map(|ballot| &ballot.choice);
        let casts: Vec<Cast> = choices
            .chain(&self.paper)
            .map(|choice| self.draft.cast(choice))
            .collect::<Result<_, _>>()?;
        let options = self.draft.options.len();
        Ok(Counted::Chosen(choose(self.draft.method, options, &casts)?))
    }

    /// Checks every ballot's credential and seal, that each was used once, and that there are no more than were given out.
    pub fn check(&self) -> Result<(), Error> {
        let key = decoded(&self.public_key)?;
        let issuer = PublicKey::from_der(&key)?;
        let mut serials = std::collections::HashSet::new();
        for one in &self.ballots {
            let ballot = one.ballot()?;
            ballot.check(&issuer, &self.poll)?;
            if !serials.insert(ballot.serial()) {
                return Err(Error::AlreadyUsed);
            }
        }
        let many = |count: usize| u64::try_from(count).unwrap_or(u64::MAX);
        let given = self.collected + self.handed_out;
        if many(self.ballots.len()) > self.collected
            || many(self.paper.len()) > self.handed_out
            || given > u64::from(self.electors)
        {
            return Err(Error::Unreadable {
                what: "more ballots than were given out",
            });
        }
        Ok(())
    }
}

impl BoardBallot {
    fn of(ballot: &Ballot) -> Self {
        Self {
            code: code_of(&ballot.serial()),
            choice: ballot.choice.clone(),
            voter_key: STANDARD.encode(&ballot.voter_key),
            credential: STANDARD.encode(&ballot.credential),
            seal: STANDARD.encode(&ballot.seal),
        }
    }

    fn ballot(&self) -> Result<Ballot, Error> {
        Ok(Ballot {
            voter_key: decoded(&self.voter_key)?,
            credential: decoded(&self.credential)?,
            choice: self.choice.clone(),
            seal: decoded(&self.seal)?,
        })
    }
}

fn decoded(text: &str) -> Result<Vec<u8>, Error> {
    STANDARD.decode(text).map_err(|_| Error::Unreadable {
        what: "text that is not Base64",
    })
}
