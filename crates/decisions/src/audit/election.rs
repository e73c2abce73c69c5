//! The rows that elections and candidates tell.

use journal::Entry;
use people::model::OwnerId;
use serde::Deserialize;

use super::Audit;
use super::entries::{private, public, resolution};
use crate::model::{CandidateId, Condition, ElectionPlan, Route};
use crate::store::declared_text;

#[derive(Deserialize)]
struct Planned {
    plan: ElectionPlan,
}

#[derive(Deserialize)]
struct Nominated {
    candidate: CandidateId,
    route: Route,
    supporters: u32,
    declared: Vec<Condition>,
}

#[derive(Deserialize)]
struct NominatedPart {
    owner: OwnerId,
    name: String,
    statement: String,
    evidence: String,
}

#[derive(Deserialize)]
struct Checked {
    candidate: CandidateId,
    is_accepted: bool,
}

#[derive(Deserialize)]
struct OfCandidate {
    candidate: CandidateId,
}

#[derive(Deserialize)]
struct Reason {
    reason: String,
}

impl Audit {
    pub(super) fn election_planned(&mut self, entry: &Entry) -> Option<()> {
        let plan = public::<Planned>(entry)?.plan;
        let row = [
            resolution(entry)?.into(),
            plan.seats.into(),
            plan.reserve.into(),
            plan.whole_committee.into(),
            plan.nominations_until.into(),
            entry.actor.into(),
            entry.at.into(),
        ];
        self.expected.row("election", entry.position, &row);
        Some(())
    }

    pub(super) fn nominated(&mut self, entry: &Entry, opened: Option<&str>) -> Option<()> {
        let nominated = public::<Nominated>(entry)?;
        let part = private::<NominatedPart>(opened)?;
        let row = [
            resolution(entry)?.into(),
            nominated.candidate.into(),
            part.owner.into(),
            part.name.into(),
            nominated.route.name().into(),
            nominated.supporters.into(),
            part.statement.into(),
            declared_text(&nominated.declared).into(),
            part.evidence.into(),
            entry.actor.into(),
            entry.at.into(),
        ];
        self.expected.row("candidate", entry.position, &row);
        Some(())
    }

    pub(super) fn candidate_checked(&mut self, entry: &Entry, opened: Option<&str>) -> Option<()> {
        let checked = public::<Checked>(entry)?;
        let row = [
            resolution(entry)?.into(),
            checked.candidate.into(),
            checked.is_accepted.into(),
            private::<Reason>(opened)?.reason.into(),
            entry.actor.into(),
            entry.at.into(),
        ];
        self.expected.row("candidate_check", entry.position, &row);
        Some(())
    }

    pub(super) fn candidate_withdrawn(
        &mut self,
        entry: &Entry,
        opened: Option<&str>,
    ) -> Option<()> {
        let row = [
            resolution(entry)?.into(),
            public::<OfCandidate>(entry)?.candidate.into(),
            private::<Reason>(opened)?.reason.into(),
            entry.actor.into(),
            entry.at.into(),
        ];
        self.expected
            .row("candidate_withdrawal", entry.position, &row);
        Some(())
    }
}
