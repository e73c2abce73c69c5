//! SQL of the readings for supervision.

use db::{Read, Tx};
use kernel::{AccountId, CommunityId, Context, OrganisationId, Timestamp, Uuid};

use crate::Error;
use crate::model::CaseId;
use crate::office::acting_for;

db::statements! {
    INSERT_READING = "insert into approval_reading (community_id, case_id, account_id, read_at, organisation_id, position) \
        values ($1, $2, $3, $4, $5, $6)";
    READINGS = "select account_id, read_at, organisation_id, position from approval_reading \
        where community_id = $1 and case_id = $2 order by position desc limit 100";
}

/// Somebody without a part in a file opened it for supervision.
#[derive(Clone, Debug)]
pub struct Reading {
    /// Who.
    pub account: AccountId,
    /// When.
    pub read_at: Timestamp,
    /// For which organisation.
    pub organisation: Option<OrganisationId>,
    /// The journal's position of its entry, where the reason stands.
    pub position: u64,
}

pub(crate) fn insert_reading(
    tx: &mut dyn Tx,
    ctx: &Context,
    case: CaseId,
    position: u64,
) -> Result<(), Error> {
    let values = [
        ctx.community.into(),
        case.into(),
        ctx.actor.uuid().into(),
        ctx.now.into(),
        acting_for(ctx)
            .map_or(Uuid::nil(), OrganisationId::uuid)
            .into(),
        i64::try_from(position).unwrap_or(i64::MAX).into(),
    ];
    tx.execute(INSERT_READING, &values)?;
    Ok(())
}

/// Who opened a file for supervision, the last first, at most 100.
pub(crate) fn readings(
    read: &mut dyn Read,
    community: CommunityId,
    case: CaseId,
) -> Result<Vec<Reading>, Error> {
    let rows = read.query(READINGS, &[community.into(), case.into()])?;
    rows.iter()
        .map(|row| {
            let organisation: Uuid = row.get(2)?;
            Ok(Reading {
                account: row.get(0)?,
                read_at: row.get(1)?,
                organisation: (!organisation.is_nil())
                    .then(|| OrganisationId::from_uuid(organisation)),
                position: row.get(3)?,
            })
        })
        .collect()
}
