//! Certificates of service, as the journal keeps them.

use db::Read;
use kernel::{Context, Timestamp};

use crate::Error;
use crate::commands::{CERTIFIED, Certificate, certificate_subject};
use crate::model::READ;
use crate::store::{self, actor};

/// The most certificates of a list.
const LISTED: u32 = 50;

/// One's own certificates, newest first: where each stands in the journal, and since when.
pub fn certificates(read: &mut dyn Read, ctx: &Context) -> Result<Vec<(u64, Timestamp)>, Error> {
    ctx.require(READ)?;
    let Some(volunteer) = store::volunteer(read, ctx, actor(ctx)?)? else {
        return Ok(Vec::new());
    };
    let subject = certificate_subject(volunteer.number);
    let issued = journal::history(read, ctx.community, &subject, u64::MAX, LISTED)?;
    Ok(issued
        .iter()
        .map(|entry| (entry.position, entry.at))
        .collect())
}

/// One's own certificate, and when it was issued.
pub fn certificate(
    read: &mut dyn Read,
    ctx: &Context,
    position: u64,
) -> Result<(Certificate, Timestamp), Error> {
    ctx.require(READ)?;
    let missing = Error::NotFound {
        what: "certificate",
    };
    let entry = journal::entry(read, ctx.community, position);
    let Ok(entry) = entry else {
        return Err(missing);
    };
    if entry.kind != CERTIFIED || entry.actor != actor(ctx)?.uuid() {
        return Err(missing);
    }
    let private = journal::private_part(read, &ctx.vault, ctx.community, position)?;
    let told = private.and_then(|opening| serde_json::from_str(&opening.value).ok());
    Ok((told.ok_or(missing)?, entry.at))
}
