//! Communities and their buildings.

use db::{Read, Row, Tx, Value};
use journal::wrote;
use kernel::CommunityId;

use super::{BUILDINGS, COMMUNITIES, COMMUNITY, INSERT_BUILDINGS, INSERT_COMMUNITY, audit};
use crate::model::{Building, BuildingId, Community, UnitLabel, natural_order};

pub(crate) fn insert_community(tx: &mut dyn Tx, community: &Community) -> Result<(), db::Error> {
    let row: Vec<Value> = vec![
        community.id.into(),
        community.name.as_str().into(),
        community.place.as_str().into(),
        community.address.as_str().into(),
        community.is_demo.into(),
        community.created_at.into(),
    ];
    tx.execute(INSERT_COMMUNITY, &row)?;
    wrote(tx, &audit::COMMUNITY, &[row]);
    Ok(())
}

pub(crate) fn community(
    read: &mut dyn Read,
    id: CommunityId,
) -> Result<Option<Community>, db::Error> {
    read.query_one(COMMUNITY, &[id.into()])?
        .as_ref()
        .map(community_of)
        .transpose()
}

pub(crate) fn communities(read: &mut dyn Read) -> Result<Vec<Community>, db::Error> {
    read.query(COMMUNITIES, &[])?
        .iter()
        .map(community_of)
        .collect()
}

fn community_of(row: &Row) -> Result<Community, db::Error> {
    Ok(Community {
        id: row.get(0)?,
        name: row.get(1)?,
        place: row.get(2)?,
        address: row.get(3)?,
        is_demo: row.get(4)?,
        created_at: row.get(5)?,
    })
}

pub(crate) fn insert_buildings(
    tx: &mut dyn Tx,
    community: CommunityId,
    new: &[Building],
) -> Result<(), db::Error> {
    let rows: Vec<_> = new
        .iter()
        .map(|building| {
            let label = UnitLabel {
                building: building.name.clone(),
                number: String::new(),
            };
            vec![
                community.into(),
                building.id.into(),
                building.name.as_str().into(),
                natural_order(&label).into(),
            ]
        })
        .collect();
    tx.insert_many(INSERT_BUILDINGS, &rows)?;
    wrote(tx, &audit::BUILDING, &rows);
    Ok(())
}

/// The community's buildings in the order of the roll.
pub(crate) fn buildings(
    read: &mut dyn Read,
    community: CommunityId,
) -> Result<Vec<Building>, db::Error> {
    read.query(BUILDINGS, &[community.into()])?
        .iter()
        .map(|row| {
            Ok(Building {
                id: row.get::<BuildingId>(0)?,
                name: row.get(1)?,
            })
        })
        .collect()
}
