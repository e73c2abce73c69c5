//! The rows that extensions and corrections tell; and that the records of counts which a correction replaced are those
//! that were published.

use ballot::resolution::Choice;
use journal::Entry;
use kernel::Timestamp;
use people::model::UnitId;
use serde::Deserialize;

use super::entries::{number, private, public, resolution};
use super::{Audit, Counted};
use crate::model::{AttachmentId, Channel, CorrectionId, ResolutionId};
use crate::trace::{BallotPart, CastPart};

#[derive(Deserialize)]
struct Extended {
    resolutions: Vec<ResolutionId>,
    closes_before: Timestamp,
    closes: Timestamp,
    reason: String,
}

#[derive(Deserialize)]
struct Proposed {
    correction: CorrectionId,
    scan: AttachmentId,
}

#[derive(Deserialize)]
struct ProposedPart {
    unit: UnitId,
    vote_position: u64,
    code: String,
    choice: Option<Choice>,
    reason: String,
}

#[derive(Deserialize)]
struct Refused {
    correction: CorrectionId,
}

#[derive(Deserialize)]
struct RefusedPart {
    remark: String,
}

#[derive(Deserialize)]
struct Corrected {
    correction: CorrectionId,
    code: String,
    recount: Option<Recount>,
}

#[derive(Deserialize)]
struct Recount {
    passed: bool,
    record_sha256: String,
    objections_until: Timestamp,
}

impl Audit {
    pub(super) fn extended(&mut self, entry: &Entry) -> Option<()> {
        let part = public::<Extended>(entry)?;
        for id in part.resolutions {
            let row = [
                id.into(),
                part.closes_before.into(),
                part.closes.into(),
                part.reason.as_str().into(),
                entry.actor.into(),
                entry.at.into(),
            ];
            self.expected
                .row("resolution_extension", entry.position, &row);
        }
        Some(())
    }

    pub(super) fn correction_proposed(
        &mut self,
        entry: &Entry,
        opened: Option<&str>,
    ) -> Option<()> {
        let proposed = public::<Proposed>(entry)?;
        let part = private::<ProposedPart>(opened)?;
        let row = [
            resolution(entry)?.into(),
            proposed.correction.into(),
            part.unit.into(),
            number(part.vote_position),
            part.code.into(),
            part.choice.map(Choice::name).into(),
            part.reason.into(),
            proposed.scan.into(),
            entry.actor.into(),
            entry.at.into(),
        ];
        self.expected.row("vote_correction", entry.position, &row);
        Some(())
    }

    pub(super) fn correction_refused(&mut self, entry: &Entry, opened: Option<&str>) -> Option<()> {
        let refused = public::<Refused>(entry)?.correction;
        let remark = private::<RefusedPart>(opened)?.remark;
        self.correction_ended(entry, refused, false, remark)
    }

    fn correction_ended(
        &mut self,
        entry: &Entry,
        correction: CorrectionId,
        is_confirmed: bool,
        remark: String,
    ) -> Option<()> {
        let row = [
            resolution(entry)?.into(),
            correction.into(),
            is_confirmed.into(),
            remark.into(),
            entry.actor.into(),
            entry.at.into(),
            number(entry.position),
        ];
        self.expected
            .row("vote_correction_end", entry.position, &row);
        Some(())
    }

    pub(super) fn corrected(&mut self, entry: &Entry, opened: Option<&str>) -> Option<()> {
        let id = resolution(entry)?;
        let part = public::<Corrected>(entry)?;
        let cast = public::<CastPart>(entry)?;
        let ballot = private::<BallotPart>(opened)?;
        match ballot.choice {
            None => self.expected.gone("vote", &[id.into(), ballot.unit.into()]),
            Some(choice) => {
                let row = [
                    id.into(),
                    ballot.unit.into(),
                    choice.name().into(),
                    cast.channel.name().into(),
                    cast.cast_at.into(),
                    entry.actor.into(),
                    ballot.evidence.into(),
                    number(entry.position),
                    part.code.into(),
                    cast.revision.into(),
                    cast.replaced_channel.map(Channel::name).into(),
                    db::Value::Null,
                ];
                self.expected.row("vote", entry.position, &row);
            }
        }
        if let Some(recount) = part.recount {
            self.recounted(id, entry, recount)?;
        }
        self.correction_ended(entry, part.correction, true, String::new())
    }

    /// The count before stands beside the new one.
    fn recounted(&mut self, id: ResolutionId, entry: &Entry, recount: Recount) -> Option<()> {
        let told = self.resolutions.get_mut(&id)?;
        let before = told.counted.take()?;
        let row = [
            id.into(),
            number(before.position),
            before.at.into(),
            before.passed.into(),
            crate::unhex(&before.record_sha256)?.into(),
        ];
        self.expected
            .row("resolution_count_before", entry.position, &row);
        let row = [
            id.into(),
            entry.at.into(),
            entry.actor.into(),
            recount.objections_until.into(),
            recount.passed.into(),
            crate::unhex(&recount.record_sha256)?.into(),
            number(entry.position),
        ];
        self.expected.row("resolution_count", entry.position, &row);
        told.counted = Some(Counted {
            position: entry.position,
            at: entry.at,
            passed: recount.passed,
            record_sha256: recount.record_sha256,
        });
        Some(())
    }
}
