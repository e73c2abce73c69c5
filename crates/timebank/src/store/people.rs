//! SQL of who takes part: schemes, services, volunteers, elders, relations.

use db::{Read, Row, Tx, Value};
use kernel::{AccountId, CommunityId, Context, Timestamp, Uuid};
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::audit::{self, vouch};
use super::{LIST_MAX, named};
use crate::Error;
use crate::law::Standing;
use crate::model::{
    Bond, Consent, ElderId, ElderProfile, RelationId, Scheme, ServiceId, VolunteerProfile,
};

db::statements! {
    LAST_SCHEME = "select revision, scheme, confirm_after_days, chosen_at, chosen_by from timebank_scheme where community_id \
        = $1 order by revision desc limit 1";
    INSERT_SCHEME = "insert into timebank_scheme (community_id, revision, scheme, confirm_after_days, chosen_at, chosen_by) \
        values ($1, $2, $3, $4, $5, $6)";
    SERVICES = "select service_id, title, minutes, made_at, made_by, ended_at from timebank_service where community_id = \
        $1 order by service_id limit $2";
    INSERT_SERVICE = "insert into timebank_service (community_id, service_id, title, minutes, made_at, made_by, ended_at) \
        values ($1, $2, $3, $4, $5, $6, $7)";
    END_SERVICE = "update timebank_service set ended_at = $3 where community_id = $1 and service_id = $2 and ended_at is null";
    VOLUNTEERS = "select account_id, number, profile, enrolled_at, vetted_at, vetted_by, is_fit, note from \
        timebank_volunteer where community_id = $1 order by number limit $2";
    VOLUNTEER_OF_NUMBER = "select account_id, number, profile, enrolled_at, vetted_at, vetted_by, is_fit, note from \
        timebank_volunteer where community_id = $1 and number = $2";
    LAST_NUMBER = "select coalesce(max(number), 0) from timebank_volunteer where community_id = $1";
    INSERT_VOLUNTEER = "insert into timebank_volunteer (community_id, account_id, number, profile, enrolled_at, vetted_at, \
        vetted_by, is_fit, note) values ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
    CHANGE_VOLUNTEER = "update timebank_volunteer set profile = $3, vetted_at = null, vetted_by = null, is_fit = null, note = null \
        where community_id = $1 and account_id = $2";
    VET = "update timebank_volunteer set vetted_at = $3, vetted_by = $4, is_fit = $5, note = $6 \
        where community_id = $1 and account_id = $2";
    ELDERS = "select elder_id, account_id, profile, consent, evidence, enrolled_at, enrolled_by, withdrawn_at, \
        withdrawn_by, is_hardship, entitled_at, entitled_by from timebank_elder where community_id = $1 order by \
        elder_id limit $2";
    ELDER_OF_ACCOUNT = "select elder_id, account_id, profile, consent, evidence, enrolled_at, enrolled_by, withdrawn_at, \
        withdrawn_by, is_hardship, entitled_at, entitled_by from timebank_elder where community_id = $1 and \
        account_id = $2";
    INSERT_ELDER = "insert into timebank_elder (community_id, elder_id, account_id, profile, consent, evidence, enrolled_at, \
        enrolled_by, withdrawn_at, withdrawn_by, is_hardship, entitled_at, entitled_by) values ($1, $2, $3, $4, \
        $5, $6, $7, $8, $9, $10, $11, $12, $13)";
    WITHDRAW = "update timebank_elder set withdrawn_at = $3, withdrawn_by = $4 \
        where community_id = $1 and elder_id = $2 and withdrawn_at is null";
    RENEW_CONSENT = "update timebank_elder set profile = $3, consent = $4, evidence = $5, withdrawn_at = null, \
        withdrawn_by = null where community_id = $1 and elder_id = $2 and withdrawn_at is not null";
    ENTITLE = "update timebank_elder set is_hardship = $3, entitled_at = $4, entitled_by = $5 \
        where community_id = $1 and elder_id = $2";
    RELATIONS = "select relation_id, elder_id, account_id, bond, evidence, confirmed_at, confirmed_by from \
        timebank_relation where community_id = $1 order by relation_id limit $2";
    RELATIONS_OF = "select relation_id, elder_id, account_id, bond, evidence, confirmed_at, confirmed_by from \
        timebank_relation where community_id = $1 and account_id = $2 order by relation_id limit $3";
    INSERT_RELATION = "insert into timebank_relation (community_id, relation_id, elder_id, account_id, bond, evidence, \
        confirmed_at, confirmed_by) values ($1, $2, $3, $4, $5, $6, $7, $8)";
}

/// The scheme that a community has chosen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Chosen {
    /// How often one was chosen.
    pub revision: i64,
    /// Which.
    pub scheme: Scheme,
    /// After how many days Linli itself confirms a visit.
    pub confirm_after_days: i64,
    /// Since when.
    pub since: Timestamp,
}

/// Something that may be asked for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Service {
    /// Its id.
    pub id: ServiceId,
    /// What it is.
    pub title: String,
    /// How long it takes.
    pub minutes: i64,
    /// When it ended.
    pub ended_at: Option<Timestamp>,
}

/// Somebody who volunteers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Volunteer {
    /// Their login.
    pub account: AccountId,
    /// Their number, which stands for them where the law spares the identity card.
    pub number: i64,
    /// What they say of themselves.
    pub profile: VolunteerProfile,
    /// What vetting came to; `None` before.
    pub is_fit: Option<bool>,
}

/// Somebody who is cared for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Elder {
    /// Their id.
    pub id: ElderId,
    /// Their login, if they have one.
    pub account: Option<AccountId>,
    /// What whoever visits needs to know.
    pub profile: ElderProfile,
    /// How they agreed that others act for them.
    pub consent: Consent,
    /// When they took that back.
    pub withdrawn_at: Option<Timestamp>,
    /// Whether the community found them in hardship.
    pub is_hardship: bool,
    /// Since when the pool pays for them.
    pub entitled_at: Option<Timestamp>,
}

impl Elder {
    /// Whose the elder's hours are in the book: the login's, so that hours earned before count, or the elder's own.
    pub fn holder(&self) -> Uuid {
        self.account.map_or(self.id.uuid(), AccountId::uuid)
    }

    /// As the scheme asks.
    pub const fn standing(&self) -> Standing {
        if self.is_hardship {
            Standing::Hardship
        } else {
            Standing::Ordinary
        }
    }
}

/// That somebody is an elder's family, as staff confirmed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Relation {
    /// Whose.
    pub elder: ElderId,
    /// Who.
    pub account: AccountId,
    /// How.
    pub bond: Bond,
}

const SEALED_FOR: &str = "timebank";

/// Seals a text.
pub(crate) fn seal(ctx: &Context, text: &str) -> Result<Vec<u8>, Error> {
    Ok(ctx
        .vault
        .seal(&ctx.random, ctx.community, SEALED_FOR, text.trim())?)
}

/// Opens a sealed text.
pub(crate) fn unseal(ctx: &Context, sealed: &[u8]) -> Result<String, Error> {
    Ok(ctx.vault.open(ctx.community, SEALED_FOR, sealed)?)
}

fn seal_profile(ctx: &Context, profile: &impl Serialize) -> Result<Vec<u8>, Error> {
    let text = serde_json::to_string(profile).map_err(|_| Error::Sealed)?;
    seal(ctx, &text)
}

fn unseal_profile<T: DeserializeOwned>(ctx: &Context, sealed: &[u8]) -> Result<T, Error> {
    serde_json::from_str(&unseal(ctx, sealed)?).map_err(|_| Error::Sealed)
}

pub(crate) fn chosen(
    read: &mut dyn Read,
    community: CommunityId,
) -> Result<Option<Chosen>, db::Error> {
    let Some(row) = read.query_one(LAST_SCHEME, &[community.into()])? else {
        return Ok(None);
    };
    Ok(Some(Chosen {
        revision: row.get(0)?,
        scheme: named(&row, 1, Scheme::from_name)?,
        confirm_after_days: row.get(2)?,
        since: row.get(3)?,
    }))
}

pub(crate) fn insert_scheme(
    tx: &mut dyn Tx,
    ctx: &Context,
    revision: i64,
    scheme: Scheme,
    confirm_after_days: i64,
) -> Result<(), db::Error> {
    let row = [
        ctx.community.into(),
        revision.into(),
        scheme.name().into(),
        confirm_after_days.into(),
        ctx.now.into(),
        ctx.actor.uuid().into(),
    ];
    tx.execute(INSERT_SCHEME, &row)?;
    vouch(tx, &audit::SCHEME, ctx.community, revision)
}

pub(crate) fn services(
    read: &mut dyn Read,
    community: CommunityId,
) -> Result<Vec<Service>, db::Error> {
    let rows = read.query(SERVICES, &[community.into(), LIST_MAX.into()])?;
    rows.iter().map(service_of).collect()
}

pub(crate) fn service(
    read: &mut dyn Read,
    community: CommunityId,
    id: ServiceId,
) -> Result<Service, Error> {
    let row = read.query_one(audit::SERVICE.one, &[community.into(), id.into()])?;
    let row = row.ok_or(Error::NotFound { what: "service" })?;
    Ok(service_of(&row)?)
}

fn service_of(row: &Row) -> Result<Service, db::Error> {
    Ok(Service {
        id: row.get(0)?,
        title: row.get(1)?,
        minutes: row.get(2)?,
        ended_at: row.get(5)?,
    })
}

pub(crate) fn insert_service(
    tx: &mut dyn Tx,
    ctx: &Context,
    id: ServiceId,
    title: &str,
    minutes: i64,
) -> Result<(), db::Error> {
    let row = [
        ctx.community.into(),
        id.into(),
        title.trim().into(),
        minutes.into(),
        ctx.now.into(),
        ctx.actor.uuid().into(),
        Value::Null,
    ];
    tx.execute(INSERT_SERVICE, &row)?;
    vouch(tx, &audit::SERVICE, ctx.community, id)
}

pub(crate) fn end_service(tx: &mut dyn Tx, ctx: &Context, id: ServiceId) -> Result<u64, db::Error> {
    let ended = tx.execute(
        END_SERVICE,
        &[ctx.community.into(), id.into(), ctx.now.into()],
    )?;
    vouch(tx, &audit::SERVICE, ctx.community, id)?;
    Ok(ended)
}

pub(crate) fn volunteers(read: &mut dyn Read, ctx: &Context) -> Result<Vec<Volunteer>, Error> {
    let rows = read.query(VOLUNTEERS, &[ctx.community.into(), LIST_MAX.into()])?;
    rows.iter().map(|row| volunteer_of(ctx, row)).collect()
}

pub(crate) fn volunteer(
    read: &mut dyn Read,
    ctx: &Context,
    account: AccountId,
) -> Result<Option<Volunteer>, Error> {
    let row = read.query_one(
        audit::VOLUNTEER.one,
        &[ctx.community.into(), account.into()],
    )?;
    row.map(|row| volunteer_of(ctx, &row)).transpose()
}

pub(crate) fn volunteer_of_number(
    read: &mut dyn Read,
    ctx: &Context,
    number: i64,
) -> Result<Volunteer, Error> {
    let row = read.query_one(VOLUNTEER_OF_NUMBER, &[ctx.community.into(), number.into()])?;
    volunteer_of(ctx, &row.ok_or(Error::NotFound { what: "volunteer" })?)
}

fn volunteer_of(ctx: &Context, row: &Row) -> Result<Volunteer, Error> {
    Ok(Volunteer {
        account: row.get(0)?,
        number: row.get(1)?,
        profile: unseal_profile(ctx, &row.get::<Vec<u8>>(2)?)?,
        is_fit: row.get(6)?,
    })
}

/// Enrols a volunteer, or changes what they say of themselves; then they are vetted anew. Gives their number.
pub(crate) fn put_volunteer(
    tx: &mut dyn Tx,
    ctx: &Context,
    account: AccountId,
    profile: &VolunteerProfile,
) -> Result<i64, Error> {
    let sealed = seal_profile(ctx, profile)?;
    let known = volunteer(tx, ctx, account)?;
    let number = if let Some(known) = known {
        let changed = [ctx.community.into(), account.into(), sealed.into()];
        tx.execute(CHANGE_VOLUNTEER, &changed)?;
        known.number
    } else {
        let last = tx.query_one(LAST_NUMBER, &[ctx.community.into()])?;
        let number = last.map_or(Ok(0), |row| row.get::<i64>(0))? + 1;
        let row = [
            ctx.community.into(),
            account.into(),
            number.into(),
            sealed.into(),
            ctx.now.into(),
            Value::Null,
            Value::Null,
            Value::Null,
            Value::Null,
        ];
        tx.execute(INSERT_VOLUNTEER, &row)?;
        number
    };
    vouch(tx, &audit::VOLUNTEER, ctx.community, account)?;
    Ok(number)
}

pub(crate) fn vet(
    tx: &mut dyn Tx,
    ctx: &Context,
    account: AccountId,
    is_fit: bool,
    note: &str,
) -> Result<(), Error> {
    let row = [
        ctx.community.into(),
        account.into(),
        ctx.now.into(),
        ctx.actor.uuid().into(),
        is_fit.into(),
        seal(ctx, note)?.into(),
    ];
    tx.execute(VET, &row)?;
    Ok(vouch(tx, &audit::VOLUNTEER, ctx.community, account)?)
}

pub(crate) fn elders(read: &mut dyn Read, ctx: &Context) -> Result<Vec<Elder>, Error> {
    let rows = read.query(ELDERS, &[ctx.community.into(), LIST_MAX.into()])?;
    rows.iter().map(|row| elder_of(ctx, row)).collect()
}

pub(crate) fn elder(read: &mut dyn Read, ctx: &Context, id: ElderId) -> Result<Elder, Error> {
    let row = read.query_one(audit::ELDER.one, &[ctx.community.into(), id.into()])?;
    elder_of(ctx, &row.ok_or(Error::NotFound { what: "elder" })?)
}

pub(crate) fn elder_of_account(
    read: &mut dyn Read,
    ctx: &Context,
    account: AccountId,
) -> Result<Option<Elder>, Error> {
    let row = read.query_one(ELDER_OF_ACCOUNT, &[ctx.community.into(), account.into()])?;
    row.map(|row| elder_of(ctx, &row)).transpose()
}

/// The elder of the same name, born on the same day. Profiles are sealed, so that each is opened; enrolling is rare.
pub(crate) fn elder_like(
    read: &mut dyn Read,
    ctx: &Context,
    profile: &ElderProfile,
) -> Result<Option<Elder>, Error> {
    let mut after = Uuid::nil();
    loop {
        let parameters = [ctx.community.into(), after.into(), LIST_MAX.into()];
        let rows = read.query(audit::ELDER.page, &parameters)?;
        let Some(last) = rows.last() else {
            return Ok(None);
        };
        after = last.get(0)?;
        for row in &rows {
            let elder = elder_of(ctx, row)?;
            let is_same_name = elder.profile.name.trim() == profile.name.trim();
            if is_same_name && elder.profile.birth == profile.birth {
                return Ok(Some(elder));
            }
        }
    }
}

fn elder_of(ctx: &Context, row: &Row) -> Result<Elder, Error> {
    Ok(Elder {
        id: row.get(0)?,
        account: row.get(1)?,
        profile: unseal_profile(ctx, &row.get::<Vec<u8>>(2)?)?,
        consent: named(row, 3, Consent::from_name)?,
        withdrawn_at: row.get(7)?,
        is_hardship: row.get(9)?,
        entitled_at: row.get(10)?,
    })
}

pub(crate) fn insert_elder(
    tx: &mut dyn Tx,
    ctx: &Context,
    elder: &Elder,
    evidence: Option<&str>,
) -> Result<(), Error> {
    let evidence = evidence.map(|text| seal(ctx, text)).transpose()?;
    let row = [
        ctx.community.into(),
        elder.id.into(),
        elder.account.into(),
        seal_profile(ctx, &elder.profile)?.into(),
        elder.consent.name().into(),
        evidence.into(),
        ctx.now.into(),
        ctx.actor.uuid().into(),
        Value::Null,
        Value::Null,
        elder.is_hardship.into(),
        Value::Null,
        Value::Null,
    ];
    tx.execute(INSERT_ELDER, &row)?;
    Ok(vouch(tx, &audit::ELDER, ctx.community, elder.id)?)
}

/// An elder who had taken their consent back gives it anew.
pub(crate) fn renew_consent(
    tx: &mut dyn Tx,
    ctx: &Context,
    elder: &Elder,
    evidence: Option<&str>,
) -> Result<(), Error> {
    let evidence = evidence.map(|text| seal(ctx, text)).transpose()?;
    let row = [
        ctx.community.into(),
        elder.id.into(),
        seal_profile(ctx, &elder.profile)?.into(),
        elder.consent.name().into(),
        evidence.into(),
    ];
    tx.execute(RENEW_CONSENT, &row)?;
    Ok(vouch(tx, &audit::ELDER, ctx.community, elder.id)?)
}

pub(crate) fn withdraw(tx: &mut dyn Tx, ctx: &Context, id: ElderId) -> Result<u64, db::Error> {
    let row = [
        ctx.community.into(),
        id.into(),
        ctx.now.into(),
        ctx.actor.uuid().into(),
    ];
    let changed = tx.execute(WITHDRAW, &row)?;
    vouch(tx, &audit::ELDER, ctx.community, id)?;
    Ok(changed)
}

pub(crate) fn entitle(
    tx: &mut dyn Tx,
    ctx: &Context,
    id: ElderId,
    is_hardship: bool,
) -> Result<(), db::Error> {
    let row = [
        ctx.community.into(),
        id.into(),
        is_hardship.into(),
        ctx.now.into(),
        ctx.actor.uuid().into(),
    ];
    tx.execute(ENTITLE, &row)?;
    vouch(tx, &audit::ELDER, ctx.community, id)
}

pub(crate) fn relations(
    read: &mut dyn Read,
    community: CommunityId,
) -> Result<Vec<Relation>, db::Error> {
    let rows = read.query(RELATIONS, &[community.into(), LIST_MAX.into()])?;
    rows.iter().map(relation_of).collect()
}

pub(crate) fn relations_of(
    read: &mut dyn Read,
    community: CommunityId,
    account: AccountId,
) -> Result<Vec<Relation>, db::Error> {
    let parameters = [community.into(), account.into(), LIST_MAX.into()];
    let rows = read.query(RELATIONS_OF, &parameters)?;
    rows.iter().map(relation_of).collect()
}

fn relation_of(row: &Row) -> Result<Relation, db::Error> {
    Ok(Relation {
        elder: row.get(1)?,
        account: row.get(2)?,
        bond: named(row, 3, Bond::from_name)?,
    })
}

pub(crate) fn insert_relation(
    tx: &mut dyn Tx,
    ctx: &Context,
    id: RelationId,
    relation: Relation,
    evidence: &str,
) -> Result<(), Error> {
    let row = [
        ctx.community.into(),
        id.into(),
        relation.elder.into(),
        relation.account.into(),
        relation.bond.name().into(),
        seal(ctx, evidence)?.into(),
        ctx.now.into(),
        ctx.actor.uuid().into(),
    ];
    tx.execute(INSERT_RELATION, &row)?;
    Ok(vouch(tx, &audit::RELATION, ctx.community, id)?)
}
