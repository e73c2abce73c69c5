//! SQL of the frozen electors: who may vote, and whether their ballot was handed over.

use db::{Read, Row, Tx, Value};
use kernel::{CommunityId, Context};
use people::model::UnitId;

use super::audit;
use crate::Error;
use crate::model::{ElectorId, Group, PollId};

const INSERT_ELECTORS: &str = "insert into poll_elector (community_id, poll_id, elector_id, unit_id, building, label, age_band)";

db::statements! {
    ELECTOR = "select elector_id, unit_id, building, label, age_band, channel from poll_elector \
        where community_id = $1 and poll_id = $2 and elector_id = $3";
    ELECTORS_OF_UNIT = "select elector_id, unit_id, building, label, age_band, channel from poll_elector \
        where community_id = $1 and poll_id = $2 and unit_id = $3 order by elector_id";
    FIND_ELECTORS = "select elector_id, unit_id, building, label, age_band, channel from poll_elector \
        where community_id = $1 and poll_id = $2 and building = $3 and label = $4 order by elector_id";
    COLLECT = "update poll_elector set channel = $4, blinded_sha256 = $5 \
        where community_id = $1 and poll_id = $2 and elector_id = $3 and channel is null";
    COLLECTED_WITH = "select blinded_sha256 from poll_elector \
        where community_id = $1 and poll_id = $2 and elector_id = $3 and channel = 'device'";
    PROGRESS = "select channel, count(*) from poll_elector where community_id = $1 and poll_id = $2 group by channel";
    BY_BUILDING = "select building, count(*), count(channel) from poll_elector \
        where community_id = $1 and poll_id = $2 group by building order by building";
    BY_AGE = "select age_band, count(*), count(channel) from poll_elector \
        where community_id = $1 and poll_id = $2 group by age_band order by age_band";
    CAST = "select count(*) from poll_ballot where community_id = $1 and poll_id = $2";
}

/// Someone who has a vote.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Elector {
    /// The resident's or the unit's id.
    pub id: ElectorId,
    /// Where they live.
    pub unit: UnitId,
    /// Its building.
    pub building: String,
    /// Its number.
    pub label: String,
    /// Which age band they are in by their year of birth; empty where households vote.
    pub age_band: String,
    /// How they got their ballot: `device` or `paper`; not yet if `None`.
    pub channel: Option<String>,
}

/// How far a poll has come, in numbers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Progress {
    /// Credentials collected by devices.
    pub collected: u64,
    /// Paper ballots handed out.
    pub handed_out: u64,
    /// Ballots cast from devices.
    pub cast: u64,
}

pub(crate) fn insert_electors(
    tx: &mut dyn Tx,
    community: CommunityId,
    poll: PollId,
    electors: &[Elector],
) -> Result<(), Error> {
    let mut rows: Vec<Vec<Value>> = electors
        .iter()
        .map(|elector| {
            vec![
                community.into(),
                poll.into(),
                elector.id.into(),
                elector.unit.into(),
                elector.building.as_str().into(),
                elector.label.as_str().into(),
                elector.age_band.as_str().into(),
            ]
        })
        .collect();
    tx.insert_many(INSERT_ELECTORS, &rows)?;
    // The columns after the label are empty until the ballot is given out.
    for row in &mut rows {
        row.extend([Value::Null, Value::Null]);
    }
    journal::wrote(tx, &audit::ELECTORS, &rows);
    Ok(())
}

fn elector_of(row: &Row) -> Result<Elector, Error> {
    Ok(Elector {
        id: row.get(0)?,
        unit: row.get(1)?,
        building: row.get(2)?,
        label: row.get(3)?,
        age_band: row.get(4)?,
        channel: row.get(5)?,
    })
}

pub(crate) fn elector(
    read: &mut dyn Read,
    community: CommunityId,
    poll: PollId,
    id: ElectorId,
) -> Result<Option<Elector>, Error> {
    read.query_one(ELECTOR, &[community.into(), poll.into(), id.into()])?
        .map(|row| elector_of(&row))
        .transpose()
}

pub(crate) fn electors_of_unit(
    read: &mut dyn Read,
    community: CommunityId,
    poll: PollId,
    unit: UnitId,
) -> Result<Vec<Elector>, Error> {
    read.query(
        ELECTORS_OF_UNIT,
        &[community.into(), poll.into(), unit.into()],
    )?
    .iter()
    .map(elector_of)
    .collect()
}

/// The electors of the unit with a building's name and a number.
pub(crate) fn find_electors(
    read: &mut dyn Read,
    community: CommunityId,
    poll: PollId,
    building: &str,
    label: &str,
) -> Result<Vec<Elector>, Error> {
    read.query(
        FIND_ELECTORS,
        &[community.into(), poll.into(), building.into(), label.into()],
    )?
    .iter()
    .map(elector_of)
    .collect()
}

/// Notes that an elector got their ballot; 0 where they had it before.
pub(crate) fn collect(
    tx: &mut dyn Tx,
    ctx: &Context,
    poll: PollId,
    elector: ElectorId,
    channel: &'static str,
    blinded_sha256: Option<[u8; 32]>,
) -> Result<u64, db::Error> {
    let changed = tx.execute(
        COLLECT,
        &[
            ctx.community.into(),
            poll.into(),
            elector.into(),
            channel.into(),
            blinded_sha256.map(Vec::from).into(),
        ],
    )?;
    if changed > 0 {
        let key = [poll.into(), elector.into()];
        journal::rewrote(tx, &audit::ELECTORS, ctx.community, &key)?;
    }
    Ok(changed)
}

/// The hash of the blinded message that was signed for an elector's device.
pub(crate) fn collected_with(
    read: &mut dyn Read,
    community: CommunityId,
    poll: PollId,
    elector: ElectorId,
) -> Result<Option<[u8; 32]>, db::Error> {
    let row = read.query_one(
        COLLECTED_WITH,
        &[community.into(), poll.into(), elector.into()],
    )?;
    row.map(|row| row.get(0)).transpose()
}

/// How far the poll has come.
pub(crate) fn progress(
    read: &mut dyn Read,
    community: CommunityId,
    poll: PollId,
) -> Result<Progress, Error> {
    let mut progress = Progress::default();
    for row in read.query(PROGRESS, &[community.into(), poll.into()])? {
        let channel: Option<String> = row.get(0)?;
        match channel.as_deref() {
            Some("device") => progress.collected = row.get(1)?,
            Some("paper") => progress.handed_out = row.get(1)?,
            _ => {}
        }
    }
    if let Some(row) = read.query_one(CAST, &[community.into(), poll.into()])? {
        progress.cast = row.get(0)?;
    }
    Ok(progress)
}

/// How many of each building, or of each age band, have a vote and got their ballot.
pub(crate) fn groups(
    read: &mut dyn Read,
    community: CommunityId,
    poll: PollId,
    by_age: bool,
) -> Result<Vec<Group>, db::Error> {
    let statement = if by_age { BY_AGE } else { BY_BUILDING };
    read.query(statement, &[community.into(), poll.into()])?
        .iter()
        .map(|row| {
            Ok(Group {
                name: row.get(0)?,
                electors: row.get(1)?,
                given: row.get(2)?,
            })
        })
        .collect()
}
