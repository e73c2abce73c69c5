//! SQL of the frozen electorate, of deliveries and of votes.

use db::{Read, Row, Tx, Value};
use kernel::{AccountId, CommunityId, Context, Timestamp};
use people::model::{OwnerId, UnitId};

use super::{area, named};
use crate::Error;
use crate::model::{
    Channel, CountedUnit, DeliveryChannel, DeliveryId, ResolutionId, picks_from_text,
};

const INSERT_ELECTORS: &str = "insert into elector (community_id, resolution_id, unit_id, building, label, area, head, developer, owners)";
const INSERT_ELECTOR_OWNERS: &str =
    "insert into elector_owner (community_id, resolution_id, owner_id, unit_id)";
const PUT_VOTES: &str = "insert into vote (community_id, resolution_id, unit_id, choice, channel, cast_at, cast_by, \
    evidence, position, code, revision, replaced_channel, picks) values $rows \
    on conflict (community_id, resolution_id, unit_id) do update set choice = excluded.choice, \
    channel = excluded.channel, cast_at = excluded.cast_at, cast_by = excluded.cast_by, \
    evidence = excluded.evidence, position = excluded.position, code = excluded.code, revision = excluded.revision, \
    replaced_channel = excluded.replaced_channel, picks = excluded.picks";

db::statements! {
    ELECTOR = "select building, label, area, head, developer, owners from elector \
        where community_id = $1 and resolution_id = $2 and unit_id = $3";
    ELECTORS_OF_OWNER = "select e.unit_id, e.building, e.label, e.area, e.owners, v.choice, v.channel, v.cast_at, \
        v.position, v.code, v.revision, v.replaced_channel, v.picks from elector_owner o \
        join elector e on e.community_id = o.community_id and e.resolution_id = o.resolution_id \
        and e.unit_id = o.unit_id \
        left join vote v on v.community_id = e.community_id and v.resolution_id = e.resolution_id \
        and v.unit_id = e.unit_id \
        where o.community_id = $1 and o.resolution_id = $2 and o.owner_id = $3 order by e.building, e.label";
    FIND_ELECTOR = "select unit_id from elector \
        where community_id = $1 and resolution_id = $2 and building = $3 and label = $4";
    VOTE_OF_UNIT = "select revision, position, channel, cast_at from vote \
        where community_id = $1 and resolution_id = $2 and unit_id = $3";
    BALLOTS = "with asked (place, community_id, resolution_id, unit_id, owner_id) \
        as (values $rows(bigint, bytea, bytea, bytea, bytea)) \
        select a.place, e.owners, o.owner_id, v.revision, v.position, v.channel, v.cast_at \
        from asked a left join elector e on e.community_id = a.community_id and e.resolution_id = a.resolution_id \
        and e.unit_id = a.unit_id \
        left join elector_owner o on o.community_id = a.community_id and o.resolution_id = a.resolution_id \
        and o.owner_id = a.owner_id and o.unit_id = a.unit_id \
        left join vote v on v.community_id = a.community_id and v.resolution_id = a.resolution_id \
        and v.unit_id = a.unit_id";
    INSERT_DELIVERY = "insert into delivery (community_id, resolution_id, unit_id, delivery_id, channel, delivered_at, \
        recorded_by, recorded_at, evidence, warned_of_silence) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";
    DELIVERED = "select count(*) from delivery \
        where community_id = $1 and resolution_id = $2 and unit_id = $3 and channel = $4";
    COUNTED = "select e.label, e.area, e.head, e.developer, v.choice, v.code, v.channel, \
        (select count(*) from delivery d where d.community_id = e.community_id \
        and d.resolution_id = e.resolution_id and d.unit_id = e.unit_id and d.warned_of_silence = true), e.building, v.picks \
        from elector e left join vote v on v.community_id = e.community_id \
        and v.resolution_id = e.resolution_id and v.unit_id = e.unit_id \
        where e.community_id = $1 and e.resolution_id = $2 order by e.building, e.label";
    PROGRESS_OF_UNITS = "select e.unit_id, e.building, e.label, e.owners, v.channel, v.cast_at, v.revision, \
        (select max(d.delivered_at) from delivery d where d.community_id = e.community_id \
        and d.resolution_id = e.resolution_id and d.unit_id = e.unit_id) \
        from elector e left join vote v on v.community_id = e.community_id \
        and v.resolution_id = e.resolution_id and v.unit_id = e.unit_id \
        where e.community_id = $1 and e.resolution_id = $2 order by e.building, e.label";
    DELIVERIES_OF_UNIT = "select channel, delivered_at, evidence, warned_of_silence from delivery \
        where community_id = $1 and resolution_id = $2 and unit_id = $3 order by delivery_id";
    TURNOUT = "select count(*), cast(coalesce(sum(e.area), 0) as bigint), count(distinct e.head) \
        from vote v join elector e on e.community_id = v.community_id and e.resolution_id = v.resolution_id \
        and e.unit_id = v.unit_id where v.community_id = $1 and v.resolution_id = $2";
}

/// A unit of the frozen electorate.
#[derive(Clone, Debug)]
pub(crate) struct Elector {
    /// The unit.
    pub unit: UnitId,
    /// Its building's name.
    pub building: String,
    /// Its number.
    pub label: String,
    /// Its exclusive area.
    pub area: units::Area,
    /// Which head it belongs to, from 1; 0 is the developer.
    pub head: u32,
    /// Whether it is the developer's.
    pub developer: bool,
    /// Its owners at publication.
    pub owners: Vec<OwnerId>,
}

/// What was cast for a unit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Vote {
    /// The choice's name.
    pub choice: String,
    /// How it came in.
    pub channel: Channel,
    /// When.
    pub cast_at: Timestamp,
    /// By whom: the owner, or who recorded it.
    pub cast_by: AccountId,
    /// Its entry in the journal.
    pub position: u64,
    /// Its receipt's code.
    pub code: String,
    /// 1 for the first vote of the unit, 2 for a changed one…
    pub revision: u32,
    /// How the vote came in that this one replaces.
    pub replaced: Option<Channel>,
    /// The candidates picked, as the column has them.
    pub picks: Option<String>,
}

/// What decides whether an owner's vote for a unit is taken, but the resolution's terms and stage.
#[derive(Default)]
pub(crate) struct Ballot {
    /// How many owners the unit has; 0 if it is not in the electorate.
    pub(crate) owners: u32,
    /// Whether the owner asked for is one of them.
    pub(crate) is_owner: bool,
    /// What was cast before.
    pub(crate) before: Option<VoteBefore>,
}

/// A vote that a new one replaces.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct VoteBefore {
    pub(crate) revision: u32,
    pub(crate) position: u64,
    pub(crate) channel: Channel,
    /// When it was cast, or received where it came in beside the platform.
    pub(crate) cast_at: Timestamp,
}

/// One of an owner's units in a resolution, with its vote.
#[derive(Clone, Debug)]
pub struct OwnUnit {
    /// The unit.
    pub unit: UnitId,
    /// Its building's name.
    pub building: String,
    /// Its number.
    pub label: String,
    /// Its exclusive area.
    pub area: units::Area,
    /// How many owners it has; above one, only its voice votes.
    pub owners: u32,
    /// Its vote: choice, channel, when, place in the journal, code, revision.
    pub vote: Option<OwnVote>,
}

/// What an owner sees of the own unit's vote.
#[derive(Clone, Debug)]
pub struct OwnVote {
    /// The choice's name.
    pub choice: String,
    /// How it came in.
    pub channel: Channel,
    /// When.
    pub cast_at: Timestamp,
    /// Its entry in the journal.
    pub position: u64,
    /// Its receipt's code.
    pub code: String,
    /// 1 for the first, 2 for a changed one…
    pub revision: u32,
    /// Whether it took the place of a vote cast on the platform, without having been cast there itself.
    pub replaced_electronic: bool,
    /// The numbers of the candidates picked, in an election by name.
    pub picks: Option<Vec<u32>>,
}

/// How far a unit has come, without how it voted.
#[derive(Clone, Debug)]
pub struct UnitProgress {
    /// The unit.
    pub unit: UnitId,
    /// Its building's name.
    pub building: String,
    /// Its number.
    pub label: String,
    /// How many owners it has.
    pub owners: u32,
    /// How and when its vote came in, and how often it was changed.
    pub voted: Option<(Channel, Timestamp, u32)>,
    /// When the ballot was last delivered.
    pub delivered_at: Option<Timestamp>,
}

/// A unit of the count, with what the published record shows of its vote.
#[derive(Clone, Debug)]
pub(crate) struct CountedRow {
    /// For the counting engine.
    pub unit: CountedUnit,
    /// The vote's code and channel.
    pub vote: Option<(String, Channel)>,
    /// The candidates picked, in an election by name.
    pub picks: Option<Vec<u32>>,
}

pub(crate) fn insert_electors(
    tx: &mut dyn Tx,
    community: CommunityId,
    resolution: ResolutionId,
    electors: &[Elector],
) -> Result<(), db::Error> {
    let rows: Vec<Vec<Value>> = electors
        .iter()
        .map(|elector| {
            vec![
                community.into(),
                resolution.into(),
                elector.unit.into(),
                elector.building.as_str().into(),
                elector.label.as_str().into(),
                elector.area.get().into(),
                elector.head.into(),
                elector.developer.into(),
                u32::try_from(elector.owners.len())
                    .unwrap_or(u32::MAX)
                    .into(),
            ]
        })
        .collect();
    tx.insert_many(INSERT_ELECTORS, &rows)?;
    let owners: Vec<Vec<Value>> = electors
        .iter()
        .flat_map(|elector| elector.owners.iter().map(|owner| (*owner, elector.unit)))
        .map(|(owner, unit)| {
            vec![
                community.into(),
                resolution.into(),
                owner.into(),
                unit.into(),
            ]
        })
        .collect();
    tx.insert_many(INSERT_ELECTOR_OWNERS, &owners)?;
    Ok(())
}

/// A unit of the electorate without its owners, and how many they are.
pub(crate) fn elector(
    read: &mut dyn Read,
    community: CommunityId,
    resolution: ResolutionId,
    unit: UnitId,
) -> Result<Option<(Elector, u32)>, Error> {
    let Some(row) = read.query_one(ELECTOR, &[community.into(), resolution.into(), unit.into()])?
    else {
        return Ok(None);
    };
    let elector = Elector {
        unit,
        building: row.get(0)?,
        label: row.get(1)?,
        area: area(&row, 2)?,
        head: row.get(3)?,
        developer: row.get(4)?,
        owners: Vec::new(),
    };
    Ok(Some((elector, row.get(5)?)))
}

pub(crate) fn units_of_owner(
    read: &mut dyn Read,
    community: CommunityId,
    resolution: ResolutionId,
    owner: OwnerId,
) -> Result<Vec<OwnUnit>, Error> {
    read.query(
        ELECTORS_OF_OWNER,
        &[community.into(), resolution.into(), owner.into()],
    )?
    .iter()
    .map(|row| {
        Ok(OwnUnit {
            unit: row.get(0)?,
            building: row.get(1)?,
            label: row.get(2)?,
            area: area(row, 3)?,
            owners: row.get(4)?,
            vote: own_vote(row)?,
        })
    })
    .collect()
}

fn own_vote(row: &Row) -> Result<Option<OwnVote>, Error> {
    let Some(choice) = row.get::<Option<String>>(5)? else {
        return Ok(None);
    };
    let channel = named(row, 6, "a channel", Channel::from_name)?;
    let replaced = row.get::<Option<String>>(11)?;
    Ok(Some(OwnVote {
        choice,
        channel,
        replaced_electronic: channel != Channel::Electronic
            && replaced.as_deref() == Some(Channel::Electronic.name()),
        cast_at: row.get(7)?,
        position: row.get(8)?,
        code: row.get(9)?,
        revision: row.get(10)?,
        picks: picks(row, 12)?,
    }))
}

fn picks(row: &Row, column: usize) -> Result<Option<Vec<u32>>, db::Error> {
    let text: Option<String> = row.get(column)?;
    Ok(text.as_deref().map(picks_from_text))
}

/// The unit of a building's name and a number.
pub(crate) fn find_elector(
    read: &mut dyn Read,
    community: CommunityId,
    resolution: ResolutionId,
    building: &str,
    label: &str,
) -> Result<Option<UnitId>, db::Error> {
    read.query_one(
        FIND_ELECTOR,
        &[
            community.into(),
            resolution.into(),
            building.into(),
            label.into(),
        ],
    )?
    .map(|row| row.get(0))
    .transpose()
}

pub(crate) fn vote_before(
    read: &mut dyn Read,
    community: CommunityId,
    resolution: ResolutionId,
    unit: UnitId,
) -> Result<Option<VoteBefore>, Error> {
    read.query_one(
        VOTE_OF_UNIT,
        &[community.into(), resolution.into(), unit.into()],
    )?
    .map(|row| {
        Ok(VoteBefore {
            revision: row.get(0)?,
            position: row.get(1)?,
            channel: named(&row, 2, "a channel", Channel::from_name)?,
            cast_at: row.get(3)?,
        })
    })
    .transpose()
}

/// The ballots of units as these owners find them, in order.
pub(crate) fn ballots(
    read: &mut dyn Read,
    community: CommunityId,
    asked: &[(ResolutionId, UnitId, OwnerId)],
) -> Result<Vec<Ballot>, Error> {
    let questions: Vec<Vec<Value>> = (0_u32..)
        .zip(asked)
        .map(|(place, (resolution, unit, owner))| {
            vec![
                place.into(),
                community.into(),
                (*resolution).into(),
                (*unit).into(),
                (*owner).into(),
            ]
        })
        .collect();
    let mut ballots: Vec<Ballot> = asked.iter().map(|_| Ballot::default()).collect();
    for row in read.query_many(BALLOTS, &questions)? {
        let place: usize = row.get(0)?;
        if let Some(found) = ballots.get_mut(place) {
            *found = ballot(&row)?;
        }
    }
    Ok(ballots)
}

fn ballot(row: &Row) -> Result<Ballot, Error> {
    let before = match row.get::<Option<u32>>(3)? {
        None => None,
        Some(revision) => Some(VoteBefore {
            revision,
            position: row.get(4)?,
            channel: named(row, 5, "a channel", Channel::from_name)?,
            cast_at: row.get(6)?,
        }),
    };
    Ok(Ballot {
        owners: row.get::<Option<u32>>(1)?.unwrap_or(0),
        is_owner: row.get::<Option<OwnerId>>(2)?.is_some(),
        before,
    })
}

/// A vote for a unit, on its way into the table.
pub(crate) struct VoteOfUnit<'a> {
    pub(crate) resolution: ResolutionId,
    pub(crate) unit: UnitId,
    pub(crate) vote: Vote,
    pub(crate) evidence: &'a str,
}

/// Puts the votes of different units in place of what stood for them.
pub(crate) fn put_votes(
    tx: &mut dyn Tx,
    community: CommunityId,
    votes: Vec<VoteOfUnit<'_>>,
) -> Result<(), db::Error> {
    let row = |of: VoteOfUnit<'_>| {
        vec![
            community.into(),
            of.resolution.into(),
            of.unit.into(),
            of.vote.choice.into(),
            of.vote.channel.name().into(),
            of.vote.cast_at.into(),
            of.vote.cast_by.into(),
            of.evidence.into(),
            i64::try_from(of.vote.position).unwrap_or(i64::MAX).into(),
            of.vote.code.into(),
            of.vote.revision.into(),
            of.vote.replaced.map(Channel::name).into(),
            of.vote.picks.into(),
        ]
    };
    let rows: Vec<Vec<Value>> = votes.into_iter().map(row).collect();
    tx.insert_many(PUT_VOTES, &rows)?;
    Ok(())
}

/// A delivery as recorded.
#[derive(Clone, Debug)]
pub struct Delivery {
    /// How.
    pub channel: DeliveryChannel,
    /// When.
    pub delivered_at: Timestamp,
    /// By whom, and where the proof lies.
    pub evidence: String,
    /// Whether the ballot said what silence means.
    pub warned_of_silence: bool,
}

pub(crate) fn insert_delivery(
    tx: &mut dyn Tx,
    ctx: &Context,
    resolution: ResolutionId,
    unit: UnitId,
    id: DeliveryId,
    delivery: &Delivery,
) -> Result<(), db::Error> {
    tx.execute(
        INSERT_DELIVERY,
        &[
            ctx.community.into(),
            resolution.into(),
            unit.into(),
            id.into(),
            delivery.channel.name().into(),
            delivery.delivered_at.into(),
            ctx.actor.uuid().into(),
            ctx.now.into(),
            delivery.evidence.as_str().into(),
            delivery.warned_of_silence.into(),
        ],
    )?;
    Ok(())
}

pub(crate) fn delivered_by(
    read: &mut dyn Read,
    community: CommunityId,
    resolution: ResolutionId,
    unit: UnitId,
    channel: DeliveryChannel,
) -> Result<bool, db::Error> {
    let row = read.query_one(
        DELIVERED,
        &[
            community.into(),
            resolution.into(),
            unit.into(),
            channel.name().into(),
        ],
    )?;
    Ok(row.map_or(Ok(0_u64), |row| row.get(0))? > 0)
}

pub(crate) fn deliveries_of(
    read: &mut dyn Read,
    community: CommunityId,
    resolution: ResolutionId,
    unit: UnitId,
) -> Result<Vec<Delivery>, Error> {
    read.query(
        DELIVERIES_OF_UNIT,
        &[community.into(), resolution.into(), unit.into()],
    )?
    .iter()
    .map(|row| {
        Ok(Delivery {
            channel: named(row, 0, "a delivery channel", DeliveryChannel::from_name)?,
            delivered_at: row.get(1)?,
            evidence: row.get(2)?,
            warned_of_silence: row.get(3)?,
        })
    })
    .collect()
}

/// The whole electorate with what stands for each unit.
pub(crate) fn counted(
    read: &mut dyn Read,
    community: CommunityId,
    resolution: ResolutionId,
) -> Result<Vec<CountedRow>, Error> {
    read.query(COUNTED, &[community.into(), resolution.into()])?
        .iter()
        .map(counted_row)
        .collect()
}

fn counted_row(row: &Row) -> Result<CountedRow, Error> {
    let delivered: u64 = row.get(7)?;
    let choice = match row.get::<Option<String>>(4)? {
        Some(name) => name.parse()?,
        None if delivered > 0 => ballot::resolution::Choice::Silent,
        None => ballot::resolution::Choice::Unserved,
    };
    let vote = match row.get::<Option<String>>(5)? {
        Some(code) => Some((code, named(row, 6, "a channel", Channel::from_name)?)),
        None => None,
    };
    let unit = CountedUnit {
        label: format!("{} {}", row.get::<String>(8)?, row.get::<String>(0)?),
        area: area(row, 1)?,
        head: row.get(2)?,
        developer: row.get(3)?,
        choice,
    };
    let picks = picks(row, 9)?;
    Ok(CountedRow { unit, vote, picks })
}

pub(crate) fn unit_progress(
    read: &mut dyn Read,
    community: CommunityId,
    resolution: ResolutionId,
) -> Result<Vec<UnitProgress>, Error> {
    read.query(PROGRESS_OF_UNITS, &[community.into(), resolution.into()])?
        .iter()
        .map(|row| {
            let voted = match row.get::<Option<Timestamp>>(5)? {
                Some(at) => Some((
                    named(row, 4, "a channel", Channel::from_name)?,
                    at,
                    row.get(6)?,
                )),
                None => None,
            };
            Ok(UnitProgress {
                unit: row.get(0)?,
                building: row.get(1)?,
                label: row.get(2)?,
                owners: row.get(3)?,
                voted,
                delivered_at: row.get(7)?,
            })
        })
        .collect()
}

/// Units, area and heads for which something was cast.
pub(crate) fn turnout(
    read: &mut dyn Read,
    community: CommunityId,
    resolution: ResolutionId,
) -> Result<(u32, units::Area, u32), Error> {
    match read.query_one(TURNOUT, &[community.into(), resolution.into()])? {
        Some(row) => Ok((row.get(0)?, area(&row, 1)?, row.get(2)?)),
        None => Ok((0, units::Area::default(), 0)),
    }
}
