//! The one voice of a co-owned unit.

use db::{Read, Tx};
use journal::{rewrote, wrote};
use kernel::{CommunityId, Context, Timestamp};

use super::{
    END_VOICE, END_VOICES_OF_FORMER_OWNERS, INSERT_VOICE, VOICE_HISTORY, VOICE_OF_UNIT, VOICES_NOW,
    VOICES_OF_FORMER_OWNERS, audit, with_nulls,
};
use crate::model::{OwnerId, UnitId, VoiceId};

/// A standing appointment.
#[derive(Clone, Copy, Debug)]
pub(crate) struct VoiceNow {
    pub(crate) id: VoiceId,
    pub(crate) owner: OwnerId,
}

/// Who was appointed to speak for a unit, and when.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Appointment {
    /// The owner.
    pub owner: OwnerId,
    /// From when on.
    pub since: Timestamp,
    /// Until when, if it ended.
    pub until: Option<Timestamp>,
}

pub(crate) fn insert_voice(
    tx: &mut dyn Tx,
    ctx: &Context,
    id: VoiceId,
    unit: UnitId,
    owner: OwnerId,
    ownership_revision: i64,
) -> Result<(), db::Error> {
    let row = vec![
        ctx.community.into(),
        id.into(),
        unit.into(),
        owner.into(),
        ownership_revision.into(),
        ctx.now.into(),
        ctx.actor.uuid().into(),
    ];
    tx.execute(INSERT_VOICE, &row)?;
    wrote(tx, &audit::VOICES, &[with_nulls(row, 2)]);
    Ok(())
}

pub(crate) fn end_voice(tx: &mut dyn Tx, ctx: &Context, id: VoiceId) -> Result<u64, db::Error> {
    let ended = tx.execute(
        END_VOICE,
        &[
            ctx.community.into(),
            id.into(),
            ctx.now.into(),
            ctx.actor.uuid().into(),
        ],
    )?;
    rewrote(tx, &audit::VOICES, ctx.community, &[id.into()])?;
    Ok(ended)
}

/// Ends every appointment made by owners who have sold since; says how many.
pub(crate) fn end_voices_of_former_owners(
    tx: &mut dyn Tx,
    ctx: &Context,
) -> Result<u64, db::Error> {
    let ending: Vec<VoiceId> = tx
        .query(VOICES_OF_FORMER_OWNERS, &[ctx.community.into()])?
        .iter()
        .map(|row| row.get(0))
        .collect::<Result<_, _>>()?;
    let ended = tx.execute(
        END_VOICES_OF_FORMER_OWNERS,
        &[
            ctx.community.into(),
            ctx.now.into(),
            ctx.actor.uuid().into(),
        ],
    )?;
    for id in ending {
        rewrote(tx, &audit::VOICES, ctx.community, &[id.into()])?;
    }
    Ok(ended)
}

pub(crate) fn voices_now(
    read: &mut dyn Read,
    community: CommunityId,
) -> Result<Vec<(UnitId, OwnerId)>, db::Error> {
    read.query(VOICES_NOW, &[community.into()])?
        .iter()
        .map(|row| Ok((row.get(0)?, row.get(1)?)))
        .collect()
}

pub(crate) fn voice_of_unit(
    read: &mut dyn Read,
    community: CommunityId,
    unit: UnitId,
) -> Result<Option<VoiceNow>, db::Error> {
    read.query_one(VOICE_OF_UNIT, &[community.into(), unit.into()])?
        .map(|row| {
            Ok(VoiceNow {
                id: row.get(0)?,
                owner: row.get(1)?,
            })
        })
        .transpose()
}

/// Every appointment of a unit, newest first.
pub(crate) fn voice_history(
    read: &mut dyn Read,
    community: CommunityId,
    unit: UnitId,
) -> Result<Vec<Appointment>, db::Error> {
    read.query(VOICE_HISTORY, &[community.into(), unit.into()])?
        .iter()
        .map(|row| {
            Ok(Appointment {
                owner: row.get(0)?,
                since: row.get(1)?,
                until: row.get(2)?,
            })
        })
        .collect()
}
