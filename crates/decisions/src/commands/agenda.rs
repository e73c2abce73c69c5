//! Meetings of the owners: several matters with one notice, one frozen electorate and one ballot. Each matter keeps its
//! own law, thresholds, count, result and objections.

use db::{Read, Tx};
use journal::{Change, Command, record};
use kernel::{Context, Window};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::publish::{Frozen, publish};
use super::{assembly_subject, at_stage, subject};
use crate::Error;
use crate::model::{
    AssemblyId, Call, DRAFT, Draft, MAX_AGENDA, PUBLISH, ResolutionId, Stage, is_unusual,
};
use crate::store::{self, Resolution};

/// What a draft needs to stand on an agenda, be changed or taken off.
const BEFORE_PUBLICATION: &str = "the stage before publication";

/// Calls a meeting; its agenda is filled next.
#[derive(Serialize, Deserialize)]
pub struct CallAssembly {
    /// What it is, and when votes are taken.
    pub call: Call,
}

impl Command for CallAssembly {
    const NAME: &'static str = "decisions.assembly.call";
    type Outcome = AssemblyId;
    type Error = Error;

    fn run(&self, tx: &mut dyn Tx, ctx: &Context) -> Result<AssemblyId, Error> {
        ctx.require(DRAFT)?;
        self.call.check()?;
        let id = AssemblyId::from_uuid(ctx.new_uuid());
        store::insert_assembly(tx, ctx, id, &self.call)?;
        let change = Change::new("decisions.assembly.called", assembly_subject(id))
            .public(json!({ "call": self.call }));
        record(tx, ctx, change)?;
        Ok(id)
    }
}

/// Changes a meeting before its publication; kind and window of every matter follow.
#[derive(Serialize, Deserialize)]
pub struct ChangeAssembly {
    /// The meeting.
    pub assembly: AssemblyId,
    /// What it says from now on.
    pub call: Call,
}

impl Command for ChangeAssembly {
    const NAME: &'static str = "decisions.assembly.change";
    type Outcome = ();
    type Error = Error;

    fn run(&self, tx: &mut dyn Tx, ctx: &Context) -> Result<(), Error> {
        ctx.require(DRAFT)?;
        self.call.check()?;
        let before = store::assembly(tx, ctx.community, self.assembly)?.call;
        let matters = drafted(tx, ctx, self.assembly)?;
        store::update_assembly(tx, ctx, self.assembly, &self.call)?;
        let mut resolutions = Vec::new();
        for matter in matters {
            let draft = Draft {
                meeting: self.call.meeting,
                window: self.call.window,
                ..matter.draft
            };
            store::update_resolution(tx, ctx, matter.id, &draft)?;
            resolutions.push(matter.id);
        }
        let change = Change::new(
            "decisions.assembly.changed",
            assembly_subject(self.assembly),
        )
        .public(json!({ "before": before, "call": self.call, "resolutions": resolutions }));
        record(tx, ctx, change)?;
        Ok(())
    }
}

/// Drafts a matter on a meeting's agenda.
#[derive(Serialize, Deserialize)]
pub struct PutOnAgenda {
    /// The meeting.
    pub assembly: AssemblyId,
    /// What is drafted; kind and window are the meeting's.
    pub draft: Draft,
}

impl Command for PutOnAgenda {
    const NAME: &'static str = "decisions.agenda.put";
    type Outcome = ResolutionId;
    type Error = Error;

    fn run(&self, tx: &mut dyn Tx, ctx: &Context) -> Result<ResolutionId, Error> {
        ctx.require(DRAFT)?;
        let call = store::assembly(tx, ctx.community, self.assembly)?.call;
        let draft = Draft {
            meeting: call.meeting,
            window: call.window,
            ..self.draft.clone()
        };
        draft.check()?;
        drafted(tx, ctx, self.assembly)?;
        let items = store::items(tx, ctx.community, self.assembly)?;
        if items.len() >= MAX_AGENDA {
            return Err(Error::AgendaFull { max: MAX_AGENDA });
        }
        let place = items.last().map_or(0, |(_, place)| *place) + 1;
        let id = ResolutionId::from_uuid(ctx.new_uuid());
        store::insert_resolution(tx, ctx, id, &draft)?;
        store::put_item(tx, ctx.community, self.assembly, id, place)?;
        let change = Change::new("decisions.agenda.put", subject(id))
            .public(json!({ "assembly": self.assembly, "place": place, "draft": draft }));
        record(tx, ctx, change)?;
        Ok(id)
    }
}

/// Takes a matter off a meeting's agenda; it stays a draft of its own.
#[derive(Serialize, Deserialize)]
pub struct TakeOffAgenda {
    /// The matter.
    pub resolution: ResolutionId,
}

impl Command for TakeOffAgenda {
    const NAME: &'static str = "decisions.agenda.take-off";
    type Outcome = ();
    type Error = Error;

    fn run(&self, tx: &mut dyn Tx, ctx: &Context) -> Result<(), Error> {
        ctx.require(DRAFT)?;
        at_stage(
            tx,
            ctx,
            self.resolution,
            &[Stage::Draft],
            BEFORE_PUBLICATION,
        )?;
        let assembly = store::assembly_of(tx, ctx.community, self.resolution)?;
        let assembly = assembly.ok_or(Error::NoSuchAssembly)?;
        store::delete_item(tx, ctx.community, self.resolution)?;
        let change = Change::new("decisions.agenda.taken-off", subject(self.resolution))
            .public(json!({ "assembly": assembly }));
        record(tx, ctx, change)?;
        Ok(())
    }
}

/// Publishes every matter of a meeting together: one notice, one frozen electorate, one ballot.
#[derive(Serialize, Deserialize)]
pub struct PublishAssembly {
    /// The meeting.
    pub assembly: AssemblyId,
    /// Whether a window that may be a slip is meant.
    #[serde(default)]
    pub is_confirmed: bool,
}

impl Command for PublishAssembly {
    const NAME: &'static str = "decisions.assembly.publish";
    type Outcome = Vec<String>;
    type Error = Error;

    fn run(&self, tx: &mut dyn Tx, ctx: &Context) -> Result<Vec<String>, Error> {
        ctx.require(PUBLISH)?;
        let call = store::assembly(tx, ctx.community, self.assembly)?.call;
        let matters = drafted(tx, ctx, self.assembly)?;
        if matters.is_empty() {
            return Err(Error::EmptyAgenda);
        }
        let Window { opens, closes } = call.window;
        if is_unusual(call.window, ctx.now) && !self.is_confirmed {
            return Err(Error::UnusualWindow { opens, closes });
        }
        let frozen = Frozen::now(tx, ctx)?;
        let (mut numbers, mut told) = (Vec::new(), Vec::new());
        for matter in &matters {
            let publication = publish(tx, ctx, matter, &frozen)?;
            told.push(json!({
                "resolution": matter.id,
                "number": publication.number,
                "draft": matter.draft,
                "terms": publication.terms,
            }));
            numbers.push(publication.number);
        }
        let change = Change::new(
            "decisions.assembly.published",
            assembly_subject(self.assembly),
        )
        .public(json!({
            "title": call.title,
            "resolutions": Value::Array(told),
            "electorate": frozen.told(),
        }));
        record(tx, ctx, change)?;
        Ok(numbers)
    }
}

/// The matters of a meeting that is not published: withdrawn drafts are left out.
fn drafted(
    read: &mut dyn Read,
    ctx: &Context,
    assembly: AssemblyId,
) -> Result<Vec<Resolution>, Error> {
    let mut drafts = Vec::new();
    for (id, _) in store::items(read, ctx.community, assembly)? {
        let matter = store::resolution(read, ctx.community, id)?;
        match matter.progress().stage(ctx.now) {
            Stage::Draft => drafts.push(matter),
            Stage::Withdrawn if matter.publication.is_none() => {}
            stage => {
                let needed = BEFORE_PUBLICATION;
                return Err(Error::WrongStage { stage, needed });
            }
        }
    }
    Ok(drafts)
}

/// The matters that share the window of this one: those of its meeting that are neither withdrawn nor counted, or itself.
pub(super) fn of_one_window(
    read: &mut dyn Read,
    ctx: &Context,
    resolution: ResolutionId,
) -> Result<(Option<AssemblyId>, Vec<Resolution>), Error> {
    let assembly = store::assembly_of(read, ctx.community, resolution)?;
    let ids = match assembly {
        Some(assembly) => store::items(read, ctx.community, assembly)?
            .into_iter()
            .map(|(id, _)| id)
            .collect(),
        None => vec![resolution],
    };
    let mut open = Vec::new();
    for id in ids {
        let matter = store::resolution(read, ctx.community, id)?;
        if matter.progress().stage(ctx.now) == Stage::Voting {
            open.push(matter);
        }
    }
    Ok((assembly, open))
}
