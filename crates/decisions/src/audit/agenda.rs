//! The rows that meetings and their agendas tell.

use journal::Entry;
use serde::Deserialize;

use super::entries::{Electorate, public, resolution};
use super::{Audit, Called};
use crate::model::{AssemblyId, Call, Draft, ResolutionId, Terms};

#[derive(Deserialize)]
struct CalledPart {
    call: Call,
    #[serde(default)]
    resolutions: Vec<ResolutionId>,
}

#[derive(Deserialize)]
struct OnAgenda {
    assembly: AssemblyId,
    place: u32,
}

#[derive(Deserialize)]
struct PublishedTogether {
    resolutions: Vec<PublishedMatter>,
    electorate: Electorate,
}

#[derive(Deserialize)]
struct PublishedMatter {
    resolution: ResolutionId,
    number: String,
    terms: Terms,
}

impl Audit {
    pub(super) fn called(&mut self, entry: &Entry) -> Option<()> {
        let called = Called {
            by: entry.actor,
            at: entry.at,
        };
        let id = assembly(entry)?;
        self.assemblies.insert(id, called);
        self.expect_call(entry, id, &public::<CalledPart>(entry)?.call, called);
        Some(())
    }

    fn expect_call(&mut self, entry: &Entry, id: AssemblyId, call: &Call, called: Called) {
        let row = [
            id.into(),
            call.title.as_str().into(),
            call.meeting.name().into(),
            call.window.opens.into(),
            call.window.closes.into(),
            called.by.into(),
            called.at.into(),
        ];
        self.expected.row("assembly", entry.position, &row);
    }

    /// Kind and window of every matter follow.
    pub(super) fn call_changed(&mut self, entry: &Entry) -> Option<()> {
        let id = assembly(entry)?;
        let part = public::<CalledPart>(entry)?;
        let called = *self.assemblies.get(&id)?;
        self.expect_call(entry, id, &part.call, called);
        for resolution in part.resolutions {
            let mut told = self.resolutions.remove(&resolution)?;
            let draft = Draft {
                meeting: part.call.meeting,
                window: part.call.window,
                ..told.draft.clone()
            };
            told.draft.clone_from(&draft);
            self.expect_draft(resolution, draft, &told, entry);
            self.resolutions.insert(resolution, told);
        }
        Some(())
    }

    pub(super) fn put_on_agenda(&mut self, entry: &Entry) -> Option<()> {
        self.drafted(entry)?;
        let part = public::<OnAgenda>(entry)?;
        let row = [
            resolution(entry)?.into(),
            part.assembly.into(),
            part.place.into(),
        ];
        self.expected.row("agenda_item", entry.position, &row);
        Some(())
    }

    pub(super) fn taken_off_agenda(&mut self, entry: &Entry) -> Option<()> {
        self.expected
            .gone("agenda_item", &[resolution(entry)?.into()]);
        Some(())
    }

    pub(super) fn assembly_published(&mut self, entry: &Entry) -> Option<()> {
        let part = public::<PublishedTogether>(entry)?;
        for matter in part.resolutions {
            self.expect_publication(
                entry,
                matter.resolution,
                matter.number,
                &matter.terms,
                &part.electorate,
            )?;
        }
        Some(())
    }
}

/// The meeting of the subject `assembly/ID`.
fn assembly(entry: &Entry) -> Option<AssemblyId> {
    entry.subject.strip_prefix("assembly/")?.parse().ok()
}
