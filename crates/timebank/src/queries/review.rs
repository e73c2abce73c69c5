//! What seems odd, for a reviewer.

use db::Read;
use kernel::{Context, Timestamp};

use crate::Error;
use crate::model::{REVIEW, Sign, SignKind, SignalId, signs};
use crate::store;

/// How far back visits are compared, in days.
const LOOKED_AT_DAYS: i64 = 90;

/// Something odd, with names and the reviewer's note.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignalView {
    /// Its id.
    pub id: SignalId,
    /// What it is.
    pub kind: SignKind,
    /// The names of those concerned, as far as they volunteer.
    pub names: Vec<String>,
    /// How often, or when.
    pub detail: String,
    /// When it was raised.
    pub raised_at: Timestamp,
    /// What the reviewer found, once settled.
    pub note: Option<String>,
}

/// The signals, newest first.
pub fn signals(read: &mut dyn Read, ctx: &Context) -> Result<Vec<SignalView>, Error> {
    ctx.require(REVIEW)?;
    let mut views = Vec::new();
    for signal in store::signals(read, ctx.community)? {
        let mut names = Vec::new();
        for account in signal.accounts {
            let volunteer = store::volunteer(read, ctx, account)?;
            names.extend(volunteer.map(|one| one.profile.name));
        }
        let open = |note: &Vec<u8>| store::unseal(ctx, note);
        views.push(SignalView {
            id: signal.id,
            kind: signal.kind,
            names,
            detail: signal.detail,
            raised_at: signal.raised_at,
            note: signal.note.as_ref().map(open).transpose()?,
        });
    }
    Ok(views)
}

/// What is odd in the visits of the last months and was not raised before.
pub fn new_signs(read: &mut dyn Read, ctx: &Context) -> Result<Vec<Sign>, Error> {
    ctx.require(REVIEW)?;
    let since = ctx.now.plus_days(-LOOKED_AT_DAYS);
    let known = store::known_signs(read, ctx.community)?;
    let mut new = signs(&store::seen(read, ctx, since)?);
    new.retain(|sign| !known.contains(&sign.key));
    Ok(new)
}
