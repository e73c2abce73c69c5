//! The audit of the polls: every row compared with what the journal tells of it, every ballot in the box checked, every
//! board counted again. Entries tell how many ballots came and never which, so ballots are proved by their credentials.

mod budget;

use std::collections::HashMap;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use credential::PublicKey;
use db::{Read, Value};
use journal::{Audited, Entry, Expected, Findings};
use kernel::{CommunityId, Timestamp, Uuid};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use sha2::{Digest, Sha256};

use crate::Error;
use crate::board::Board;
use crate::model::{Draft, PaperId, PollId, name_of};
use crate::store;

/// The polls of a community as its journal tells them, gathered while the journal is audited.
pub struct Audit {
    expected: Expected,
    polls: HashMap<PollId, Told>,
    papers: HashMap<PaperId, Box<[Value]>>,
    findings: Findings,
}

/// What the journal tells of a poll, beside its rows.
struct Told {
    title: String,
    drafted_by: Uuid,
    drafted_at: Timestamp,
    /// Credentials given to devices.
    collected: u64,
    /// Paper ballots handed out.
    handed_out: u64,
    /// Ballots that came from devices.
    cast: u64,
    counted: Option<Counted>,
}

#[derive(Deserialize)]
struct Counted {
    winners: Vec<usize>,
    board_sha256: String,
}

#[derive(Deserialize)]
struct Drafted {
    #[serde(alias = "after")]
    draft: Draft,
}

#[derive(Deserialize)]
struct Published {
    electors: u32,
    left_out: u32,
    public_key: String,
}

#[derive(Deserialize)]
struct Channel {
    channel: String,
}

#[derive(Deserialize)]
struct OfPaper {
    paper: PaperId,
}

#[derive(Deserialize)]
struct Choices {
    choices: Vec<String>,
}

#[derive(Deserialize)]
struct Withdrawn {
    reason: String,
}

/// What the comparison came to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Proved {
    /// Secret ballots that are genuine, in boxes and on boards.
    pub ballots: u64,
    /// Rows of all tables that stand as the journal tells them.
    pub rows: u64,
    /// What does not hold.
    pub findings: Findings,
}

impl Default for Audit {
    fn default() -> Self {
        Self::new()
    }
}

impl Audit {
    /// Nothing gathered yet.
    pub fn new() -> Self {
        Self {
            expected: Expected::new(store::audit::TABLES),
            polls: HashMap::new(),
            papers: HashMap::new(),
            findings: Findings::default(),
        }
    }

    /// Takes note of an entry; entries come in the journal's order.
    pub fn see(&mut self, seen: &Audited<'_>) {
        if self.tell(seen).is_none() {
            let what = format!(
                "entry {} ({}) can't be read",
                seen.entry.position, seen.entry.kind
            );
            self.findings.add("journal_entry", what);
        }
    }

    /// Expects the rows that an entry tells; `None` if it can't be read.
    fn tell(&mut self, seen: &Audited<'_>) -> Option<()> {
        let entry = seen.entry;
        let Some(kind) = entry.kind.strip_prefix("polls.") else {
            return Some(());
        };
        match kind {
            "poll.drafted" | "poll.changed" => self.drafted(entry),
            "poll.published" => self.published(seen),
            "poll.withdrawn" => self.withdrawn(entry),
            "credential.collected" => self.collected(seen),
            "ballot.cast" => {
                self.polls.get_mut(&poll(entry)?)?.cast += 1;
                Some(())
            }
            "paper.entered" => self.entered(entry, seen.private),
            "paper.confirmed" => self.confirmed(entry),
            "poll.counted" => self.counted(entry),
            other => self.tell_budget(other, entry),
        }
    }

    fn drafted(&mut self, entry: &Entry) -> Option<()> {
        let id = poll(entry)?;
        let draft = public::<Drafted>(entry)?.draft;
        if let Some(funding) = &draft.funding {
            let row = [funding.round.into(), id.into()];
            self.expected.row("budget_ballot", entry.position, &row);
        }
        let told = self.polls.entry(id).or_insert_with(|| Told {
            title: String::new(),
            drafted_by: entry.actor,
            drafted_at: entry.at,
            collected: 0,
            handed_out: 0,
            cast: 0,
            counted: None,
        });
        told.title.clone_from(&draft.title);
        let row = [
            id.into(),
            draft.title.as_str().into(),
            serde_json::to_string(&draft).ok()?.into(),
            draft.window.opens.into(),
            draft.window.closes.into(),
            told.drafted_by.into(),
            told.drafted_at.into(),
            entry.at.into(),
        ];
        self.expected.row("poll", entry.position, &row);
        Some(())
    }

    fn published(&mut self, seen: &Audited<'_>) -> Option<()> {
        let entry = seen.entry;
        let part = public::<Published>(entry)?;
        let row = [
            poll(entry)?.into(),
            entry.actor.into(),
            entry.at.into(),
            part.electors.into(),
            part.left_out.into(),
            STANDARD.decode(part.public_key).ok()?.into(),
        ];
        self.expected.row("poll_publication", entry.position, &row);
        self.expected.prints(entry.position, seen.rows);
        Some(())
    }

    fn withdrawn(&mut self, entry: &Entry) -> Option<()> {
        let row = [
            poll(entry)?.into(),
            entry.actor.into(),
            entry.at.into(),
            public::<Withdrawn>(entry)?.reason.into(),
        ];
        self.expected.row("poll_withdrawal", entry.position, &row);
        Some(())
    }

    fn collected(&mut self, seen: &Audited<'_>) -> Option<()> {
        let entry = seen.entry;
        let told = self.polls.get_mut(&poll(entry)?)?;
        match public::<Channel>(entry)?.channel.as_str() {
            "paper" => told.handed_out += 1,
            _ => told.collected += 1,
        }
        self.expected.prints(entry.position, seen.rows);
        Some(())
    }

    fn entered(&mut self, entry: &Entry, opened: Option<&str>) -> Option<()> {
        let paper = public::<OfPaper>(entry)?.paper;
        let choices: Choices = serde_json::from_str(opened?).ok()?;
        let row: [Value; 8] = [
            poll(entry)?.into(),
            paper.into(),
            serde_json::to_string(&choices.choices).ok()?.into(),
            i64::try_from(choices.choices.len()).ok()?.into(),
            entry.actor.into(),
            entry.at.into(),
            Value::Null,
            Value::Null,
        ];
        self.expected.row("poll_paper", entry.position, &row);
        self.papers.insert(paper, row.into());
        Some(())
    }

    fn confirmed(&mut self, entry: &Entry) -> Option<()> {
        let paper = public::<OfPaper>(entry)?.paper;
        let mut row = self.papers.remove(&paper)?;
        let [.., by, at] = &mut *row else {
            return None;
        };
        *by = entry.actor.into();
        *at = entry.at.into();
        self.expected.row("poll_paper", entry.position, &row);
        Some(())
    }

    fn counted(&mut self, entry: &Entry) -> Option<()> {
        let id = poll(entry)?;
        let counted = public::<Counted>(entry)?;
        let row = [
            id.into(),
            entry.at.into(),
            unhex(&counted.board_sha256)?.into(),
            i64::try_from(entry.position).ok()?.into(),
        ];
        self.expected.row("poll_count", entry.position, &row);
        self.polls.get_mut(&id)?.counted = Some(counted);
        Some(())
    }

    /// Compares the tables with what was gathered.
    pub fn compare(self, read: &mut dyn Read, community: CommunityId) -> Result<Proved, Error> {
        let Self {
            expected,
            polls,
            mut findings,
            ..
        } = self;
        let titles = |_: &mut dyn Read, column: &'static str, value: &Value| {
            Ok(match (column, value) {
                ("poll_id", Value::Bytes(bytes)) => PollId::from_bytes(bytes)
                    .and_then(|id| polls.get(&id))
                    .map(|told| format!("“{}”", told.title)),
                _ => None,
            })
        };
        let mut pictured: Vec<budget::Pictured> = Vec::new();
        let compared = expected.compare(
            read,
            community,
            &mut { titles },
            &mut |table, row, _| {
                if table.name == "budget_report"
                    && let (Ok(proposal), Ok(report), Ok(Some(sha256))) =
                        (row.get(0), row.get(1), row.get::<Option<Vec<u8>>>(9))
                {
                    pictured.push((proposal, report, sha256));
                }
            },
            &mut findings,
        )?;
        budget::check_pictures(read, community, &pictured, &mut findings)?;
        let mut ballots = 0;
        let boxes: HashMap<PollId, u64> =
            store::audit::boxes(read, community)?.into_iter().collect();
        for (id, told) in &polls {
            let lie = boxes.get(id).copied().unwrap_or(0);
            match genuine(read, community, *id, told, lie) {
                Ok(number) => ballots += number,
                Err(Error::Database(error)) if !matches!(error, db::Error::Column { .. }) => {
                    return Err(error.into());
                }
                Err(error) => findings.add("poll_ballot", format!("“{}”: {error}", told.title)),
            }
        }
        Ok(Proved {
            ballots,
            rows: compared.rows,
            findings,
        })
    }
}

/// How many ballots of a poll there are, if each is genuine and there are as many as came.
fn genuine(
    read: &mut dyn Read,
    community: CommunityId,
    id: PollId,
    told: &Told,
    lie_in_box: u64,
) -> Result<u64, Error> {
    let unlike = |what: &'static str| Err(Error::Unlike { what });
    let kept = store::poll(read, community, id)?;
    let Some(counted) = &told.counted else {
        if lie_in_box != told.cast {
            return unlike("the box holds another number of ballots than came");
        }
        let ballots = store::ballots(read, community, id)?;
        for ballot in &ballots {
            let issuer = PublicKey::from_der(&kept.published()?.public_key)?;
            ballot.check(&issuer, &name_of(id))?;
        }
        return Ok(lie_in_box);
    };
    let Some(text) = store::board(read, community, id)? else {
        // The comparison of the tables has told that the row is missing.
        return Ok(0);
    };
    if crate::hex(&Sha256::digest(&text)) != counted.board_sha256 {
        return unlike("the board is not the one that the count published");
    }
    let board = Board::parse(&text)?;
    board.check()?;
    let many = u64::try_from(board.ballots.len()).unwrap_or(u64::MAX);
    if many != told.cast || lie_in_box != 0 {
        return unlike("the board holds another number of ballots than came");
    }
    if (board.collected, board.handed_out) != (told.collected, told.handed_out) {
        return unlike("the board names other numbers than were given out");
    }
    let again = board.count()?;
    if kept
        .counted
        .as_ref()
        .is_none_or(|(result, _)| !is_same(result, &again))
    {
        return unlike("counted again, the result is another");
    }
    if again.winners() != counted.winners {
        return unlike("counted again, somebody else wins");
    }
    Ok(many)
}

/// Whether two results say the same; compared as they are stored.
fn is_same(one: &crate::board::Counted, other: &crate::board::Counted) -> bool {
    serde_json::to_value(one).ok() == serde_json::to_value(other).ok()
}

fn public<T: DeserializeOwned>(entry: &Entry) -> Option<T> {
    serde_json::from_str(&entry.public).ok()
}

/// The poll of the subject `poll/ID` or `poll/ID/ballots`.
fn poll(entry: &Entry) -> Option<PollId> {
    entry.subject.split('/').nth(1)?.parse().ok()
}

fn unhex(text: &str) -> Option<Vec<u8>> {
    let digits = text.as_bytes().chunks(2);
    digits
        .map(|pair| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok())
        .collect()
}
