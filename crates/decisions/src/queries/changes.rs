//! What an actor may see of extensions and corrections.

use db::Read;
use kernel::{Context, Timestamp};

use super::visible;
use crate::Error;
use crate::commands::enough_take_part;
use crate::model::{CORRECT, PUBLISH, ResolutionId, Stage};
use crate::store::{self, Correction, Resolution};

/// What whoever may extend a vote needs to know.
pub struct ExtensionView {
    /// The resolution.
    pub resolution: Resolution,
    /// Until when the rules let it be extended; none where they don't, or it was extended.
    pub latest: Option<Timestamp>,
    /// Whether participation would be reached if the vote closed now: then it is not extended.
    pub enough_take_part: bool,
}

/// Whether a running vote can be extended, and until when.
pub fn extension(
    read: &mut dyn Read,
    ctx: &Context,
    id: ResolutionId,
) -> Result<ExtensionView, Error> {
    ctx.require(PUBLISH)?;
    let resolution = visible(read, ctx, id)?;
    let stage = resolution.progress().stage(ctx.now);
    let (Stage::Voting, Some(publication)) = (stage, &resolution.publication) else {
        let needed = "an open vote";
        return Err(Error::WrongStage { stage, needed });
    };
    let terms = &publication.terms;
    let days = terms.rules.extension_days;
    let latest = (days > 0 && resolution.extension.is_none())
        .then(|| terms.window.closes.plus_days(i64::from(days)));
    let enough_take_part = enough_take_part(read, ctx, id, terms)?;
    Ok(ExtensionView {
        resolution,
        latest,
        enough_take_part,
    })
}

/// Every correction of a resolution, the newest first.
pub fn corrections(
    read: &mut dyn Read,
    ctx: &Context,
    id: ResolutionId,
) -> Result<(Resolution, Vec<Correction>), Error> {
    ctx.require(CORRECT)?;
    let resolution = visible(read, ctx, id)?;
    let mut corrections = store::corrections(read, ctx.community, id)?;
    corrections.reverse();
    Ok((resolution, corrections))
}

/// The counts that corrections replaced: their entries, and when they were made.
pub fn counts_before(
    read: &mut dyn Read,
    ctx: &Context,
    id: ResolutionId,
) -> Result<Vec<(u64, Timestamp)>, Error> {
    visible(read, ctx, id)?;
    Ok(store::counts_before(read, ctx.community, id)?)
}

/// The record that an earlier count published, byte for byte.
pub fn earlier_record(
    read: &mut dyn Read,
    ctx: &Context,
    id: ResolutionId,
    position: u64,
) -> Result<String, Error> {
    visible(read, ctx, id)?;
    store::record_before(read, ctx.community, id, position)?
        .map(|(record, _)| record)
        .ok_or(Error::NoSuchPart {
            what: "earlier record",
        })
}
