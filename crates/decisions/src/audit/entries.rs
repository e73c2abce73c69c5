//! The rows that each kind of entry tells, column by column as the store wrote them.

use db::Value;
use journal::{Audited, Entry};
use kernel::Timestamp;
use people::model::UnitId;
use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::{Audit, Counted, Published, Told};
use crate::model::{
    AttachmentId, Channel, DeliveryChannel, DeliveryId, Draft, ObjectionId, ResolutionId, Rules,
    Terms, picks_to_text, receipt_code,
};
use crate::trace::{BallotPart, CastPart};

#[derive(Deserialize)]
struct Adopted {
    rules: Rules,
}

#[derive(Deserialize)]
struct Drafted {
    #[serde(alias = "after")]
    draft: Draft,
}

#[derive(Deserialize)]
struct Attached {
    attachment: AttachmentId,
    purpose: String,
    /// Missing in entries of older versions.
    media_type: Option<String>,
    sha256: String,
    size: u64,
}

#[derive(Deserialize)]
struct Name {
    name: String,
}

#[derive(Deserialize)]
struct Detached {
    attachment: AttachmentId,
}

#[derive(Deserialize)]
struct PublishedPart {
    number: String,
    terms: Terms,
    electorate: Electorate,
}

#[derive(Deserialize)]
pub(super) struct Electorate {
    units: i64,
    heads: i64,
    area_hundredths: i64,
    electors_sha256: Option<String>,
}

#[derive(Deserialize)]
struct Withdrawn {
    reason: String,
}

#[derive(Deserialize)]
#[expect(clippy::struct_field_names, reason = "the names are the entry's")]
struct Delivered {
    /// Missing in entries of older versions.
    delivery: Option<DeliveryId>,
    channel: DeliveryChannel,
    delivered_at: Option<Timestamp>,
    warned_of_silence: bool,
}

#[derive(Deserialize)]
struct ToUnit {
    unit: UnitId,
    #[serde(default)]
    evidence: String,
}

#[derive(Deserialize)]
struct CountedPart {
    passed: bool,
    record_sha256: String,
    objections_until: Timestamp,
}

#[derive(Deserialize)]
struct Objected {
    objection: ObjectionId,
}

#[derive(Deserialize)]
struct Text {
    text: String,
}

#[derive(Deserialize)]
struct Announced {
    remark: String,
}

impl Audit {
    /// Expects the rows that an entry tells; `None` if it can't be read.
    pub(super) fn tell(&mut self, seen: &Audited<'_>) -> Option<()> {
        let entry = seen.entry;
        let Some(kind) = entry.kind.strip_prefix("decisions.") else {
            return Some(());
        };
        match kind {
            "rules.adopted" => self.adopted(entry),
            "resolution.drafted" => self.drafted(entry),
            "resolution.changed" => self.changed(entry),
            "attachment.added" => self.attached(entry, seen.private),
            "attachment.removed" => self.detached(entry),
            "resolution.published" => self.published(entry),
            "resolution.withdrawn" => self.withdrawn(entry),
            "ballot.delivered" => self.delivered(entry, seen.private),
            "vote.cast" => self.cast(entry, seen.private),
            "votes.counted" => self.counted(entry),
            "election.planned" => self.election_planned(entry),
            "candidate.nominated" => self.nominated(entry, seen.private),
            "candidate.checked" => self.candidate_checked(entry, seen.private),
            "candidate.withdrawn" => self.candidate_withdrawn(entry, seen.private),
            "assembly.called" => self.called(entry),
            "assembly.changed" => self.call_changed(entry),
            "assembly.published" => self.assembly_published(entry),
            "agenda.put" => self.put_on_agenda(entry),
            "agenda.taken-off" => self.taken_off_agenda(entry),
            "reminders.chosen" => self.reminders_chosen(entry, seen.private),
            "reminders.sent" => self.reminders_sent(entry, seen.private),
            "visit.recorded" => self.visited(entry, seen.private),
            "window.extended" => self.extended(entry),
            "correction.proposed" => self.correction_proposed(entry, seen.private),
            "correction.refused" => self.correction_refused(entry, seen.private),
            "vote.corrected" => self.corrected(entry, seen.private),
            "objection.raised" => self.objected(entry, seen.private),
            "objection.answered" => self.answered(entry),
            "result.announced" => self.announced(entry),
            _ => Some(()),
        }
    }

    fn adopted(&mut self, entry: &Entry) -> Option<()> {
        let Rules {
            version,
            source,
            silence,
            vote_may_change,
            follow_allowed,
            turnout_while_open,
            objection_days,
            extension_days,
        } = public::<Adopted>(entry)?.rules;
        let row = [
            version.into(),
            entry.at.into(),
            entry.actor.into(),
            source.into(),
            silence.name().into(),
            vote_may_change.into(),
            follow_allowed.into(),
            turnout_while_open.into(),
            objection_days.into(),
            extension_days.into(),
        ];
        self.expected.row("decision_rules", entry.position, &row);
        Some(())
    }

    pub(super) fn drafted(&mut self, entry: &Entry) -> Option<()> {
        let id = resolution(entry)?;
        let draft = public::<Drafted>(entry)?.draft;
        let told = Told {
            draft: draft.clone(),
            title: draft.title.clone(),
            drafted_by: entry.actor,
            drafted_at: entry.at,
            published: None,
            counted: None,
        };
        self.expect_draft(id, draft, &told, entry);
        self.resolutions.insert(id, told);
        Some(())
    }

    fn changed(&mut self, entry: &Entry) -> Option<()> {
        let id = resolution(entry)?;
        let draft = public::<Drafted>(entry)?.draft;
        let mut told = self.resolutions.remove(&id)?;
        told.title.clone_from(&draft.title);
        told.draft.clone_from(&draft);
        self.expect_draft(id, draft, &told, entry);
        self.resolutions.insert(id, told);
        Some(())
    }

    pub(super) fn expect_draft(
        &mut self,
        id: ResolutionId,
        draft: Draft,
        told: &Told,
        entry: &Entry,
    ) {
        let row = [
            id.into(),
            draft.title.into(),
            draft.body.into(),
            draft.matter.name().into(),
            draft.meeting.name().into(),
            draft.window.opens.into(),
            draft.window.closes.into(),
            told.drafted_by.into(),
            told.drafted_at.into(),
            entry.at.into(),
        ];
        self.expected.row("resolution", entry.position, &row);
    }

    fn attached(&mut self, entry: &Entry, opened: Option<&str>) -> Option<()> {
        let id = resolution(entry)?;
        let attached = public::<Attached>(entry)?;
        let Some(media_type) = attached.media_type else {
            self.expected.untold("resolution_attachment");
            return Some(());
        };
        let row = [
            id.into(),
            attached.attachment.into(),
            attached.purpose.into(),
            private::<Name>(opened)?.name.into(),
            media_type.into(),
            crate::unhex(&attached.sha256)?.into(),
            number(attached.size),
            entry.at.into(),
        ];
        self.expected
            .row("resolution_attachment", entry.position, &row);
        Some(())
    }

    fn detached(&mut self, entry: &Entry) -> Option<()> {
        let id = resolution(entry)?;
        let attachment = public::<Detached>(entry)?.attachment;
        self.expected
            .gone("resolution_attachment", &[id.into(), attachment.into()]);
        Some(())
    }

    fn published(&mut self, entry: &Entry) -> Option<()> {
        let id = resolution(entry)?;
        let PublishedPart {
            number,
            terms,
            electorate,
        } = public::<PublishedPart>(entry)?;
        self.expect_publication(entry, id, number, &terms, &electorate)
    }

    pub(super) fn expect_publication(
        &mut self,
        entry: &Entry,
        id: ResolutionId,
        number: String,
        terms: &Terms,
        electorate: &Electorate,
    ) -> Option<()> {
        let row = [
            id.into(),
            number.as_str().into(),
            entry.at.into(),
            entry.actor.into(),
            serde_json::to_string(terms).ok()?.into(),
            electorate.units.into(),
            electorate.heads.into(),
            electorate.area_hundredths.into(),
        ];
        self.expected
            .row("resolution_publication", entry.position, &row);
        self.resolutions.get_mut(&id)?.published = Some(Published {
            position: entry.position,
            number,
            electors_sha256: electorate.electors_sha256.clone(),
        });
        Some(())
    }

    fn withdrawn(&mut self, entry: &Entry) -> Option<()> {
        let row = [
            resolution(entry)?.into(),
            entry.actor.into(),
            entry.at.into(),
            public::<Withdrawn>(entry)?.reason.into(),
        ];
        self.expected
            .row("resolution_withdrawal", entry.position, &row);
        Some(())
    }

    fn delivered(&mut self, entry: &Entry, opened: Option<&str>) -> Option<()> {
        let delivered = public::<Delivered>(entry)?;
        let Some(delivery) = delivered.delivery else {
            self.expected.untold("delivery");
            return Some(());
        };
        let to = private::<ToUnit>(opened)?;
        let row = [
            resolution(entry)?.into(),
            to.unit.into(),
            delivery.into(),
            delivered.channel.name().into(),
            delivered.delivered_at.unwrap_or(entry.at).into(),
            entry.actor.into(),
            entry.at.into(),
            to.evidence.into(),
            delivered.warned_of_silence.into(),
        ];
        self.expected.row("delivery", entry.position, &row);
        Some(())
    }

    fn cast(&mut self, entry: &Entry, opened: Option<&str>) -> Option<()> {
        let cast = public::<CastPart>(entry)?;
        let ballot = private::<BallotPart>(opened)?;
        let id = resolution(entry)?;
        let row = [
            id.into(),
            ballot.unit.into(),
            ballot.choice?.name().into(),
            cast.channel.name().into(),
            cast.cast_at.into(),
            entry.actor.into(),
            ballot.evidence.into(),
            number(entry.position),
            receipt_code(entry.commitment?).into(),
            cast.revision.into(),
            cast.replaced_channel.map(Channel::name).into(),
            ballot.picks.as_deref().map(picks_to_text).into(),
        ];
        self.expected.row("vote", entry.position, &row);
        Some(())
    }

    fn counted(&mut self, entry: &Entry) -> Option<()> {
        let id = resolution(entry)?;
        let part = public::<CountedPart>(entry)?;
        let row = [
            id.into(),
            entry.at.into(),
            entry.actor.into(),
            part.objections_until.into(),
            part.passed.into(),
            crate::unhex(&part.record_sha256)?.into(),
            number(entry.position),
        ];
        self.expected.row("resolution_count", entry.position, &row);
        self.resolutions.get_mut(&id)?.counted = Some(Counted {
            position: entry.position,
            at: entry.at,
            passed: part.passed,
            record_sha256: part.record_sha256,
        });
        Some(())
    }

    fn objected(&mut self, entry: &Entry, opened: Option<&str>) -> Option<()> {
        let row = [
            resolution(entry)?.into(),
            public::<Objected>(entry)?.objection.into(),
            entry.actor.into(),
            entry.at.into(),
            private::<Text>(opened)?.text.into(),
        ];
        self.expected.row("objection", entry.position, &row);
        Some(())
    }

    fn answered(&mut self, entry: &Entry) -> Option<()> {
        let row = [
            resolution(entry)?.into(),
            public::<Objected>(entry)?.objection.into(),
            entry.actor.into(),
            entry.at.into(),
            public::<Text>(entry)?.text.into(),
        ];
        self.expected.row("objection_answer", entry.position, &row);
        Some(())
    }

    fn announced(&mut self, entry: &Entry) -> Option<()> {
        let row = [
            resolution(entry)?.into(),
            entry.actor.into(),
            entry.at.into(),
            public::<Announced>(entry)?.remark.into(),
            number(entry.position),
        ];
        self.expected.row("announcement", entry.position, &row);
        Some(())
    }
}

pub(super) fn public<T: DeserializeOwned>(entry: &Entry) -> Option<T> {
    serde_json::from_str(&entry.public).ok()
}

pub(super) fn private<T: DeserializeOwned>(opened: Option<&str>) -> Option<T> {
    serde_json::from_str(opened?).ok()
}

/// The resolution of the subject `resolution/ID` or `resolution/ID/ballots`.
pub(super) fn resolution(entry: &Entry) -> Option<ResolutionId> {
    entry.subject.split('/').nth(1)?.parse().ok()
}

/// A position or size as a column; none reaches 2⁶³.
pub(super) fn number(number: u64) -> Value {
    Value::Integer(i64::try_from(number).unwrap_or(i64::MAX))
}
