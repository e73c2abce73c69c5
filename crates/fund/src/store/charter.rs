//! SQL of what the fund is and what money can be given for.

use db::{Read, Row, Tx};
use kernel::{CommunityId, Context, Timestamp};
use serde::Serialize;

use super::audit::{self, vouch};
use super::{LIST_MAX, named};
use crate::Error;
use crate::model::{CharterTerms, PurposeId, PurposeTerms, Standing};

db::statements! {
    LAST_CHARTER = "select revision, name, standing, how, surplus_share, surplus_ground, prior_income, prior_net, made_at, \
        made_by from fund_charter where community_id = $1 order by revision desc limit 1";
    FIRST_CHARTER = "select revision, name, standing, how, surplus_share, surplus_ground, prior_income, prior_net, made_at, \
        made_by from fund_charter where community_id = $1 order by revision limit 1";
    INSERT_CHARTER = "insert into fund_charter (community_id, revision, name, standing, how, surplus_share, surplus_ground, \
        prior_income, prior_net, made_at, made_by) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)";
    PURPOSES = "select purpose_id, title, about, made_at, made_by, ended_at, ended_by from fund_purpose \
        where community_id = $1 order by purpose_id limit $2";
    INSERT_PURPOSE = "insert into fund_purpose (community_id, purpose_id, title, about, made_at, made_by) \
        values ($1, $2, $3, $4, $5, $6)";
    END_PURPOSE = "update fund_purpose set ended_at = $3, ended_by = $4 \
        where community_id = $1 and purpose_id = $2 and ended_at is null";
}

/// What a fund is, as last said.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Charter {
    /// The how-manieth word on it, from 1.
    pub revision: i64,
    /// What was said.
    pub terms: CharterTerms,
    /// When.
    pub made_at: Timestamp,
}

/// A purpose as kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Purpose {
    /// Its id.
    pub id: PurposeId,
    /// What it is.
    pub terms: PurposeTerms,
    /// When no more was taken for it.
    pub ended_at: Option<Timestamp>,
}

/// What the fund is now.
pub(crate) fn charter(
    read: &mut dyn Read,
    community: CommunityId,
) -> Result<Option<Charter>, db::Error> {
    let row = read.query_one(LAST_CHARTER, &[community.into()])?;
    row.as_ref().map(charter_of).transpose()
}

/// What the fund was when it began.
pub(crate) fn first_charter(
    read: &mut dyn Read,
    community: CommunityId,
) -> Result<Option<Charter>, db::Error> {
    let row = read.query_one(FIRST_CHARTER, &[community.into()])?;
    row.as_ref().map(charter_of).transpose()
}

fn charter_of(row: &Row) -> Result<Charter, db::Error> {
    Ok(Charter {
        revision: row.get(0)?,
        terms: CharterTerms {
            name: row.get(1)?,
            standing: named(row, 2, Standing::from_name)?,
            how: row.get(3)?,
            surplus_share: row.get(4)?,
            surplus_ground: row.get(5)?,
            prior_income: row.get(6)?,
            prior_net: row.get(7)?,
        },
        made_at: row.get(8)?,
    })
}

pub(crate) fn insert_charter(
    tx: &mut dyn Tx,
    ctx: &Context,
    revision: i64,
    terms: &CharterTerms,
) -> Result<(), db::Error> {
    let row = [
        ctx.community.into(),
        revision.into(),
        terms.name.as_str().into(),
        terms.standing.name().into(),
        terms.how.as_str().into(),
        terms.surplus_share.into(),
        terms.surplus_ground.as_str().into(),
        terms.prior_income.into(),
        terms.prior_net.into(),
        ctx.now.into(),
        ctx.actor.uuid().into(),
    ];
    tx.execute(INSERT_CHARTER, &row)?;
    vouch(tx, &audit::CHARTER, ctx.community, revision)
}

pub(crate) fn purposes(
    read: &mut dyn Read,
    community: CommunityId,
) -> Result<Vec<Purpose>, db::Error> {
    let rows = read.query(PURPOSES, &[community.into(), LIST_MAX.into()])?;
    rows.iter().map(purpose_of).collect()
}

pub(crate) fn purpose(
    read: &mut dyn Read,
    community: CommunityId,
    id: PurposeId,
) -> Result<Purpose, Error> {
    let row = read.query_one(audit::PURPOSE.one, &[community.into(), id.into()])?;
    let row = row.ok_or(Error::NotFound { what: "purpose" })?;
    Ok(purpose_of(&row)?)
}

fn purpose_of(row: &Row) -> Result<Purpose, db::Error> {
    Ok(Purpose {
        id: row.get(0)?,
        terms: PurposeTerms {
            title: row.get(1)?,
            about: row.get(2)?,
        },
        ended_at: row.get(5)?,
    })
}

pub(crate) fn insert_purpose(
    tx: &mut dyn Tx,
    ctx: &Context,
    id: PurposeId,
    terms: &PurposeTerms,
) -> Result<(), db::Error> {
    let row = [
        ctx.community.into(),
        id.into(),
        terms.title.as_str().into(),
        terms.about.as_str().into(),
        ctx.now.into(),
        ctx.actor.uuid().into(),
    ];
    tx.execute(INSERT_PURPOSE, &row)?;
    vouch(tx, &audit::PURPOSE, ctx.community, id)
}

pub(crate) fn end_purpose(tx: &mut dyn Tx, ctx: &Context, id: PurposeId) -> Result<u64, db::Error> {
    let row = [
        ctx.community.into(),
        id.into(),
        ctx.now.into(),
        ctx.actor.uuid().into(),
    ];
    let ended = tx.execute(END_PURPOSE, &row)?;
    vouch(tx, &audit::PURPOSE, ctx.community, id)?;
    Ok(ended)
}
