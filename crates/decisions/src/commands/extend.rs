//! Extending a vote in which too few have taken part: once, announced, and never after the close.

use db::Tx;
use journal::{Change, Command, record};
use kernel::{Context, Timestamp, Window};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::agenda::of_one_window;
use super::{assembly_subject, at_stage, subject};
use crate::model::{PUBLISH, ResolutionId, Stage, Terms, check_text};
use crate::store::{self, Extension, Resolution};
use crate::{Error, law};

/// The longest reason, in characters.
const MAX_REASON: usize = 1000;

/// Lets an open vote close later, with every matter of its ballot. Votes that were cast stand, and so do their receipts.
#[derive(Serialize, Deserialize)]
pub struct ExtendWindow {
    /// The resolution.
    pub resolution: ResolutionId,
    /// When the vote closes from now on.
    pub closes: Timestamp,
    /// Why, for everyone to read.
    pub reason: String,
}

impl Command for ExtendWindow {
    const NAME: &'static str = "decisions.window.extend";
    type Outcome = ();
    type Error = Error;

    fn run(&self, tx: &mut dyn Tx, ctx: &Context) -> Result<(), Error> {
        ctx.require(PUBLISH)?;
        check_text("reason", &self.reason, MAX_REASON)?;
        at_stage(tx, ctx, self.resolution, &[Stage::Voting], "an open vote")?;
        let (assembly, matters) = of_one_window(tx, ctx, self.resolution)?;
        let first = matters.first().ok_or(Error::NoSuchResolution)?;
        let closes_before = first.draft.window.closes;
        let mut is_short = false;
        for matter in &matters {
            let publication = matter.publication.as_ref();
            let terms = &publication.ok_or(Error::NoSuchResolution)?.terms;
            check_extension(tx, ctx, matter, terms, self.closes)?;
            is_short |= !enough_take_part(tx, ctx, matter.id, terms)?;
        }
        if !is_short {
            return Err(Error::EnoughTakePart);
        }
        let extension = Extension {
            closes_before,
            closes: self.closes,
            reason: self.reason.clone(),
            extended_at: ctx.now,
        };
        let mut resolutions = Vec::new();
        for matter in matters {
            store::insert_extension(tx, ctx, matter.id, &extension)?;
            resolutions.push(matter.id);
        }
        let subject = assembly.map_or_else(|| subject(self.resolution), assembly_subject);
        let change = Change::new("decisions.window.extended", subject).public(json!({
            "resolutions": resolutions,
            "closes_before": extension.closes_before,
            "closes": extension.closes,
            "reason": extension.reason,
        }));
        record(tx, ctx, change)?;
        Ok(())
    }
}

/// Whether a vote may close then: not yet extended, allowed by the rules it was published under, and within what rules and
/// law let it last.
fn check_extension(
    tx: &mut dyn Tx,
    ctx: &Context,
    resolution: &Resolution,
    terms: &Terms,
    closes: Timestamp,
) -> Result<(), Error> {
    if resolution.extension.is_some() {
        return Err(Error::AlreadyExtended);
    }
    let days = terms.rules.extension_days;
    if days == 0 {
        return Err(Error::ExtensionNotProvided);
    }
    let latest = terms.window.closes.plus_days(i64::from(days));
    if closes <= terms.window.closes || closes > latest {
        return Err(Error::ExtensionLength { days, latest });
    }
    let published_at = resolution
        .publication
        .as_ref()
        .map_or(ctx.now, |publication| publication.published_at);
    let place = people::queries::community(tx, ctx.community)?.place;
    let draft = &resolution.draft;
    let asked = law::requirements(draft.matter, draft.meeting, &place, published_at.date())?;
    let opens = terms.window.opens;
    law::check_window(Window { opens, closes }, &asked)
}

/// Whether participation would be reached if the vote closed now.
pub(crate) fn enough_take_part(
    read: &mut dyn db::Read,
    ctx: &Context,
    resolution: ResolutionId,
    terms: &Terms,
) -> Result<bool, Error> {
    let rows = store::counted(read, ctx.community, resolution)?;
    let outcome = crate::record::count(&rows, terms)?;
    Ok(outcome.tally.participation_met)
}
