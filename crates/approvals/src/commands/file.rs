//! A file while something is done to it: read whole, extended by events, replayed, and only then written.

use std::sync::Arc;

use db::{Read, Tx};
use flow::{Case, Days, Decision, Definition, Event, Moment, StepState, What};
use journal::{Change, record};
use kernel::{Context, Timestamp};
use policy::Text;
use serde_json::json;

use super::subject;
use crate::model::{CaseId, Form, MAX_TEXT, check_length, moment};
use crate::office::{Office, acting_for, involved};
use crate::store::{self, CaseRow, Logged};
use crate::tasks::{is_closed, steps_of};
use crate::{Error, Words, calendar, definitions};

/// A submitted file with everything that it is derived from.
pub(crate) struct File {
    pub(crate) row: CaseRow,
    pub(crate) form: Form,
    pub(crate) definition: Arc<Definition>,
    pub(crate) days: Arc<Days>,
    pub(crate) events: Vec<Logged>,
    pub(crate) case: Case,
    pub(crate) office: Office,
}

/// What is to be added to a file.
pub(crate) struct Addition<'a> {
    pub(crate) seen: u32,
    pub(crate) what: Vec<What>,
    pub(crate) unit: &'a str,
    pub(crate) at: Option<Timestamp>,
    pub(crate) entered_late: &'a str,
    /// What is written beside the event that has no place in it: a reply.
    pub(crate) aside: &'a str,
}

impl File {
    /// The file, whoever asks.
    pub(crate) fn open(read: &mut dyn Read, ctx: &Context, id: CaseId) -> Result<Self, Error> {
        let (row, form) = store::case(read, ctx, id)?;
        let version = row.version.as_deref().ok_or(Error::StillADraft)?;
        let definition = definitions::definition(read, ctx.community, &row.process, version)?;
        let events = store::events(read, ctx, id)?;
        let case = replayed(&definition, &events)?;
        Ok(Self {
            days: calendar::days(read, ctx.community)?,
            office: Office::of(read, ctx.community)?,
            row,
            form,
            definition,
            events,
            case,
        })
    }

    /// The file, if the actor's unit has a part in it.
    pub(crate) fn of_clerk(read: &mut dyn Read, ctx: &Context, id: CaseId) -> Result<Self, Error> {
        let file = match Self::open(read, ctx, id) {
            // A draft is the applicant's alone.
            Err(Error::StillADraft) => return Err(Error::NoSuchCase),
            other => other?,
        };
        let own = acting_for(ctx);
        let mut units = involved(&file.definition, &file.case).into_iter();
        if units.any(|unit| file.office.holds(own, &unit)) {
            Ok(file)
        } else {
            Err(Error::NoSuchCase)
        }
    }

    /// The file, if it is the actor's own application.
    pub(crate) fn of_applicant(
        read: &mut dyn Read,
        ctx: &Context,
        id: CaseId,
    ) -> Result<Self, Error> {
        let (row, _) = store::case(read, ctx, id)?;
        if is_own(ctx, &row) {
            Self::open(read, ctx, id)
        } else {
            Err(Error::NoSuchCase)
        }
    }

    /// The last event.
    pub(crate) fn seq(&self) -> u32 {
        self.events.last().map_or(0, |logged| logged.seq)
    }

    /// Adds events that the process allows, with one entry in the journal; where that stands.
    pub(crate) fn add(
        &mut self,
        tx: &mut dyn Tx,
        ctx: &Context,
        kind: &'static str,
        addition: &Addition<'_>,
    ) -> Result<u64, Error> {
        let before = self.seq();
        if addition.seen != before {
            return Err(Error::Clash {
                seen: addition.seen,
                now: before,
            });
        }
        check_length("entered_late", addition.entered_late, MAX_TEXT)?;
        let at = effective(ctx, addition)?;
        for (what, seq) in addition.what.iter().zip(before + 1..) {
            let logged = logged(ctx, what, at, seq, addition);
            self.events.push(logged);
        }
        self.case = replayed(&self.definition, &self.events)?;
        self.check()?;
        let fresh = self.events.iter_mut().filter(|logged| logged.seq > before);
        let mut fresh: Vec<&mut Logged> = fresh.collect();
        let mut rows = Vec::new();
        for logged in &fresh {
            rows.push(store::sealed_event(tx, ctx, self.row.id, logged)?);
        }
        let closed = is_closed(&self.definition, &self.case);
        store::close(tx, ctx.community, self.row.id, closed)?;
        let position = record(tx, ctx, self.row.change(kind, &fresh))?.position;
        for (logged, row) in fresh.iter_mut().zip(rows) {
            logged.position = position;
            store::insert_event(tx, row, position)?;
        }
        store::advance(tx, ctx.community, self.row.id, position)?;
        Ok(position)
    }

    /// What the process leaves to the house: a stage passes when its steps are done, and they are done after it was taken in.
    fn check(&self) -> Result<(), Error> {
        for (place, (_, state)) in self
            .definition
            .stages
            .iter()
            .zip(&self.case.stages)
            .enumerate()
        {
            let of = |wanted| steps_of(&self.definition, &self.case, place, wanted);
            if state.accepted.is_none() && of(StepState::Done).next().is_some() {
                return Err(Error::NotTakenIn);
            }
            let passed = matches!(
                state.decided,
                Some((_, Decision::Passed | Decision::PassedWithGaps))
            );
            let open: Vec<&flow::Step> =
                of(StepState::Open).chain(of(StepState::Waiting)).collect();
            if passed && !open.is_empty() {
                let titles = |title: fn(&Text) -> &String| -> Vec<String> {
                    open.iter().map(|step| title(&step.title).clone()).collect()
                };
                return Err(Error::StepsOpen {
                    steps: Text::new(
                        titles(|text| &text.zh).join("、"),
                        titles(|text| &text.en).join(", "),
                    ),
                });
            }
        }
        Ok(())
    }
}

/// Whether an application is the actor's own: of the organisation acted for, or of the account itself.
pub(crate) fn is_own(ctx: &Context, row: &CaseRow) -> bool {
    match acting_for(ctx) {
        Some(organisation) => row.organisation == Some(organisation),
        None => row.organisation.is_none() && ctx.actor.account_id() == Some(row.account),
    }
}

/// The case as its events make it.
pub(crate) fn replayed(definition: &Definition, events: &[Logged]) -> Result<Case, Error> {
    let events: Vec<Event> = events.iter().map(|logged| logged.event.clone()).collect();
    Ok(Case::replay(definition, &events)?)
}

/// When it takes effect: now, or earlier with a reason, and never in the future.
fn effective(ctx: &Context, addition: &Addition<'_>) -> Result<Moment, Error> {
    let at = addition.at.unwrap_or(ctx.now);
    if at > ctx.now {
        return Err(Error::InFuture);
    }
    if at < ctx.now && addition.entered_late.trim().is_empty() {
        return Err(Error::LateWithoutReason);
    }
    Ok(moment(at))
}

fn logged(ctx: &Context, what: &What, at: Moment, seq: u32, addition: &Addition<'_>) -> Logged {
    let event = Event {
        id: ctx.new_uuid().to_string(),
        at,
        what: what.clone(),
        by: (!addition.unit.is_empty()).then(|| addition.unit.to_owned()),
    };
    let mut words = Words::take(&mut event.clone());
    if !addition.aside.trim().is_empty() {
        addition.aside.trim().clone_into(&mut words.reason);
    }
    addition
        .entered_late
        .trim()
        .clone_into(&mut words.entered_late);
    Logged {
        seq,
        event,
        words,
        unit: addition.unit.to_owned(),
        received_at: ctx.now,
        account: kernel::AccountId::from_uuid(ctx.actor.uuid()),
        organisation: acting_for(ctx),
        position: 0,
    }
}

impl CaseRow {
    /// The journal's entry of new events: what can be replayed in public, the words sealed.
    pub(crate) fn change(&self, kind: &'static str, fresh: &[&mut Logged]) -> Change {
        let (mut events, mut words) = (Vec::new(), Vec::new());
        for logged in fresh {
            let mut bare = logged.event.clone();
            Words::take(&mut bare);
            events.push(json!({ "seq": logged.seq, "event": bare, "unit": logged.unit }));
            if !logged.words.is_empty() {
                words.push(json!({ "seq": logged.seq, "words": logged.words }));
            }
        }
        let change = Change::new(kind, subject(self.id)).public(json!({
            "number": self.number,
            "process": self.process,
            "version": self.version,
            "events": events,
        }));
        if words.is_empty() {
            change
        } else {
            change.private(json!({ "words": words }))
        }
    }
}
