//! The rows of participatory budgets that entries tell, and whether every picture is the one that was sent.

use db::{Read, Value};
use journal::{Entry, Findings};
use kernel::CommunityId;
use serde::Deserialize;
use sha2::{Digest, Sha256};

use super::{Audit, public, unhex};
use crate::Error;
use crate::model::{CommentId, ProposalId, ProposalText, Report, ReportId, RoundId, RoundTerms};
use crate::store;

#[derive(Deserialize)]
struct Opened {
    terms: RoundTerms,
}

#[derive(Deserialize)]
struct Proposed {
    proposal: ProposalId,
    text: ProposalText,
}

#[derive(Deserialize)]
struct Withdrawn {
    proposal: ProposalId,
    reason: String,
}

#[derive(Deserialize)]
struct Commented {
    proposal: ProposalId,
    comment: CommentId,
    text: String,
}

#[derive(Deserialize)]
struct Checked {
    proposal: ProposalId,
    revision: u32,
    feasible: bool,
    cost_fen: i64,
    reason: String,
}

#[derive(Deserialize)]
struct Reported {
    proposal: ProposalId,
    id: ReportId,
    report: Report,
    picture: Option<Shown>,
}

#[derive(Deserialize)]
struct Shown {
    shows: String,
    media_type: String,
    sha256: String,
}

impl Audit {
    /// Expects the row that an entry about a budget tells; `None` if it can't be read.
    pub(super) fn tell_budget(&mut self, kind: &str, entry: &Entry) -> Option<()> {
        let round: RoundId = entry.subject.split('/').nth(1)?.parse().ok()?;
        let (table, row): (&str, Vec<Value>) = match kind {
            "round.opened" => {
                let RoundTerms {
                    title,
                    body,
                    budget_fen,
                    closes,
                } = public::<Opened>(entry)?.terms;
                let row = vec![
                    round.into(),
                    title.into(),
                    body.into(),
                    budget_fen.into(),
                    closes.into(),
                    entry.actor.into(),
                    entry.at.into(),
                ];
                ("budget_round", row)
            }
            "proposal.made" => ("budget_proposal", proposed(round, entry)?),
            "proposal.withdrawn" => {
                let told = public::<Withdrawn>(entry)?;
                let row = vec![
                    told.proposal.into(),
                    round.into(),
                    told.reason.into(),
                    entry.at.into(),
                ];
                ("budget_withdrawal", row)
            }
            "proposal.commented" => {
                let told = public::<Commented>(entry)?;
                let row = vec![
                    told.proposal.into(),
                    told.comment.into(),
                    told.text.into(),
                    entry.actor.into(),
                    entry.at.into(),
                ];
                ("budget_comment", row)
            }
            "proposal.checked" => ("budget_check", checked(round, entry)?),
            "proposal.reported" => ("budget_report", reported(entry)?),
            _ => return Some(()),
        };
        self.expected.row(table, entry.position, &row);
        Some(())
    }
}

fn proposed(round: RoundId, entry: &Entry) -> Option<Vec<Value>> {
    let Proposed { proposal, text } = public(entry)?;
    Some(vec![
        proposal.into(),
        round.into(),
        text.title.into(),
        text.body.into(),
        text.place.into(),
        text.category.into(),
        text.cost_fen.into(),
        entry.actor.into(),
        entry.at.into(),
    ])
}

fn checked(round: RoundId, entry: &Entry) -> Option<Vec<Value>> {
    let told = public::<Checked>(entry)?;
    Some(vec![
        told.proposal.into(),
        told.revision.into(),
        round.into(),
        told.feasible.into(),
        told.cost_fen.into(),
        told.reason.into(),
        entry.actor.into(),
        entry.at.into(),
    ])
}

fn reported(entry: &Entry) -> Option<Vec<Value>> {
    let told = public::<Reported>(entry)?;
    let (shows, media_type, sha256) = match told.picture {
        Some(picture) => (
            picture.shows.into(),
            picture.media_type.into(),
            unhex(&picture.sha256)?.into(),
        ),
        None => (Value::Null, Value::Null, Value::Null),
    };
    Some(vec![
        told.proposal.into(),
        told.id.into(),
        told.report.state.name().into(),
        told.report.spent_fen.into(),
        told.report.text.into(),
        entry.actor.into(),
        entry.at.into(),
        shows,
        media_type,
        sha256,
    ])
}

/// A report with a picture, and the picture's hash as its row has it.
pub(super) type Pictured = (ProposalId, ReportId, Vec<u8>);

/// Whether every picture has the hash that its row has.
pub(super) fn check_pictures(
    read: &mut dyn Read,
    community: CommunityId,
    pictured: &[Pictured],
    findings: &mut Findings,
) -> Result<(), Error> {
    for (proposal, report, sha256) in pictured {
        let content = store::picture(read, community, *proposal, *report)?;
        let is_it = content.is_some_and(|(_, content)| Sha256::digest(&content)[..] == **sha256);
        if !is_it {
            findings.add(
                "budget_report",
                format!("the picture of report {report} is not the one that was sent"),
            );
        }
    }
    Ok(())
}
