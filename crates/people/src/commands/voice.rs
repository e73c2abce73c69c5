//! Co-owners of a unit appoint one of them to vote for all (建房〔2009〕274号 Art. 25; Ningbo Art. 18).

use db::{Read, Tx};
use journal::{Change, Command, record};
use kernel::{Context, Denied};
use serde::Serialize;
use serde_json::json;

use super::{existing_unit, required_reason, unit_subject};
use crate::model::{OwnerId, UnitId, VoiceId};
use crate::store::{self, OwnershipNow};
use crate::{Error, ROLL_CHANGE, VOICE_APPOINT};

/// Appoints a co-owner as the unit's one voice: by a co-owner who states the others' consent, or by the committee
/// with evidence of it. An earlier appointment ends.
#[derive(Clone, Debug, Serialize)]
pub struct AppointVoice {
    /// The unit.
    pub unit: UnitId,
    /// The co-owner who speaks.
    pub owner: OwnerId,
    /// Who consented and how it is shown; goes into the entry's private part.
    pub consent: String,
}

impl Command for AppointVoice {
    const NAME: &'static str = "people.voice.appoint";
    type Outcome = ();
    type Error = Error;

    fn run(&self, tx: &mut dyn Tx, ctx: &Context) -> Result<(), Error> {
        ctx.require(VOICE_APPOINT)?;
        let consent = required_reason("consent", &self.consent)?;
        let unit = existing_unit(tx, ctx, self.unit)?.id;
        let owners = store::ownership_of_unit(tx, ctx.community, unit)?.0;
        require_own_or_committee(tx, ctx, &owners)?;
        let Some(ownership) = owners
            .iter()
            .find(|ownership| ownership.owner == self.owner)
        else {
            return Err(Error::NotAnOwner {
                owner: self.owner,
                unit,
            });
        };
        if owners.len() == 1 {
            return Err(Error::SingleOwner { unit });
        }
        let before = store::voice_of_unit(tx, ctx.community, unit)?;
        if let Some(voice) = before {
            if voice.owner == self.owner {
                return Err(Error::SameVoice {
                    owner: self.owner,
                    unit,
                });
            }
            store::end_voice(tx, ctx, voice.id)?;
        }
        let id = VoiceId::from_uuid(ctx.new_uuid());
        store::insert_voice(tx, ctx, id, unit, self.owner, ownership.revision)?;
        let change = Change::new("people.voice.appointed", unit_subject(unit))
            .public(json!({ "voice_before": before.map(|voice| voice.owner), "voice_after": self.owner }))
            .private(json!({ "consent": consent }));
        record(tx, ctx, change)?;
        Ok(())
    }
}

/// Ends an appointment; the co-owners then have no voice until they appoint another.
#[derive(Clone, Debug, Serialize)]
pub struct EndVoice {
    /// The unit.
    pub unit: UnitId,
    /// Why; goes into the entry's private part.
    pub reason: String,
}

impl Command for EndVoice {
    const NAME: &'static str = "people.voice.end";
    type Outcome = ();
    type Error = Error;

    fn run(&self, tx: &mut dyn Tx, ctx: &Context) -> Result<(), Error> {
        ctx.require(VOICE_APPOINT)?;
        let reason = required_reason("reason", &self.reason)?;
        let unit = existing_unit(tx, ctx, self.unit)?.id;
        let owners = store::ownership_of_unit(tx, ctx.community, unit)?.0;
        require_own_or_committee(tx, ctx, &owners)?;
        let voice =
            store::voice_of_unit(tx, ctx.community, unit)?.ok_or(Error::NoVoice { unit })?;
        store::end_voice(tx, ctx, voice.id)?;
        let change = Change::new("people.voice.ended", unit_subject(unit))
            .public(json!({ "voice_before": voice.owner }))
            .private(json!({ "reason": reason }));
        record(tx, ctx, change)?;
        Ok(())
    }
}

/// An owner appoints for a unit of their own only; for others it takes whoever keeps the roll.
fn require_own_or_committee(
    read: &mut dyn Read,
    ctx: &Context,
    owners: &[OwnershipNow],
) -> Result<(), Error> {
    if ctx.may(ROLL_CHANGE) {
        return Ok(());
    }
    let Some(account) = ctx.actor.account_id() else {
        return Err(Denied {
            permission: ROLL_CHANGE,
        }
        .into());
    };
    let unit = owners.first().map(|ownership| ownership.unit);
    let own = store::units_owned_by(read, ctx.community, account)?;
    if own.iter().any(|(owned, _)| Some(*owned) == unit) {
        return Ok(());
    }
    Err(Denied {
        permission: ROLL_CHANGE,
    }
    .into())
}
