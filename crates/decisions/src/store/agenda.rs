//! SQL of meetings and their agendas.

use db::{Read, Row, Tx};
use kernel::{CommunityId, Context, Uuid, Window};

use super::named;
use crate::Error;
use crate::model::{AssemblyId, Call, Meeting, ResolutionId};

db::statements! {
    INSERT_ASSEMBLY = "insert into assembly (community_id, assembly_id, title, meeting, opens, closes, called_by, \
        called_at) values ($1, $2, $3, $4, $5, $6, $7, $8)";
    UPDATE_ASSEMBLY = "update assembly set title = $3, meeting = $4, opens = $5, closes = $6 \
        where community_id = $1 and assembly_id = $2";
    ASSEMBLY = "select assembly_id, title, meeting, opens, closes from assembly \
        where community_id = $1 and assembly_id = $2";
    ASSEMBLIES = "select assembly_id, title, meeting, opens, closes from assembly \
        where community_id = $1 and assembly_id < $2 order by assembly_id desc limit $3";
    PUT_ITEM = "insert into agenda_item (community_id, resolution_id, assembly_id, place) values ($1, $2, $3, $4)";
    DELETE_ITEM = "delete from agenda_item where community_id = $1 and resolution_id = $2";
    ITEMS = "select resolution_id, place from agenda_item where community_id = $1 and assembly_id = $2 order by place";
    ASSEMBLY_OF = "select assembly_id from agenda_item where community_id = $1 and resolution_id = $2";
}

/// A meeting of the owners.
#[derive(Clone, Debug)]
pub struct Assembly {
    /// Its id.
    pub id: AssemblyId,
    /// What it is, of which kind, and when votes are taken.
    pub call: Call,
}

pub(crate) fn insert_assembly(
    tx: &mut dyn Tx,
    ctx: &Context,
    id: AssemblyId,
    call: &Call,
) -> Result<(), db::Error> {
    tx.execute(
        INSERT_ASSEMBLY,
        &[
            ctx.community.into(),
            id.into(),
            call.title.as_str().into(),
            call.meeting.name().into(),
            call.window.opens.into(),
            call.window.closes.into(),
            ctx.actor.uuid().into(),
            ctx.now.into(),
        ],
    )?;
    Ok(())
}

pub(crate) fn update_assembly(
    tx: &mut dyn Tx,
    ctx: &Context,
    id: AssemblyId,
    call: &Call,
) -> Result<(), db::Error> {
    tx.execute(
        UPDATE_ASSEMBLY,
        &[
            ctx.community.into(),
            id.into(),
            call.title.as_str().into(),
            call.meeting.name().into(),
            call.window.opens.into(),
            call.window.closes.into(),
        ],
    )?;
    Ok(())
}

pub(crate) fn assembly(
    read: &mut dyn Read,
    community: CommunityId,
    id: AssemblyId,
) -> Result<Assembly, Error> {
    let row = read.query_one(ASSEMBLY, &[community.into(), id.into()])?;
    assembly_row(&row.ok_or(Error::NoSuchAssembly)?)
}

/// The newest meetings, those before one of them.
pub(crate) fn assemblies(
    read: &mut dyn Read,
    community: CommunityId,
    before: Option<AssemblyId>,
    limit: u32,
) -> Result<Vec<Assembly>, Error> {
    let before = before.unwrap_or_else(|| AssemblyId::from_uuid(Uuid::max()));
    read.query(ASSEMBLIES, &[community.into(), before.into(), limit.into()])?
        .iter()
        .map(assembly_row)
        .collect()
}

fn assembly_row(row: &Row) -> Result<Assembly, Error> {
    Ok(Assembly {
        id: row.get(0)?,
        call: Call {
            title: row.get(1)?,
            meeting: named(row, 2, "a kind of meeting", Meeting::from_name)?,
            window: Window {
                opens: row.get(3)?,
                closes: row.get(4)?,
            },
        },
    })
}

pub(crate) fn put_item(
    tx: &mut dyn Tx,
    community: CommunityId,
    assembly: AssemblyId,
    resolution: ResolutionId,
    place: u32,
) -> Result<(), db::Error> {
    let parameters = [
        community.into(),
        resolution.into(),
        assembly.into(),
        place.into(),
    ];
    tx.execute(PUT_ITEM, &parameters)?;
    Ok(())
}

pub(crate) fn delete_item(
    tx: &mut dyn Tx,
    community: CommunityId,
    resolution: ResolutionId,
) -> Result<(), db::Error> {
    tx.execute(DELETE_ITEM, &[community.into(), resolution.into()])?;
    Ok(())
}

/// The matters of a meeting with their places, in order.
pub(crate) fn items(
    read: &mut dyn Read,
    community: CommunityId,
    assembly: AssemblyId,
) -> Result<Vec<(ResolutionId, u32)>, db::Error> {
    read.query(ITEMS, &[community.into(), assembly.into()])?
        .iter()
        .map(|row| Ok((row.get(0)?, row.get(1)?)))
        .collect()
}

/// The meeting on whose agenda a matter stands.
pub(crate) fn assembly_of(
    read: &mut dyn Read,
    community: CommunityId,
    resolution: ResolutionId,
) -> Result<Option<AssemblyId>, db::Error> {
    read.query_one(ASSEMBLY_OF, &[community.into(), resolution.into()])?
        .map(|row| row.get(0))
        .transpose()
}
