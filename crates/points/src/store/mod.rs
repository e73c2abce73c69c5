//! The module's SQL.

mod events;
mod review;
mod sessions;

use db::{Read, Row, Statement, Tx};
use kernel::{AccountId, CommunityId, Context, Timestamp, Uuid};

use crate::Error;
use crate::model::{
    Claim, ClaimId, Confirmer, Earner, Event, Item, ItemId, ItemKind, ItemTerms, Redemption,
    RedemptionId, Rule, RuleId, RuleTerms,
};

pub(crate) use events::{
    DueEvent, count_event, due_events, has_due_events, put_event, settle_events,
};
pub use review::{ClosedYear, Signal};
pub(crate) use review::{
    close_year, confirmations, insert_signals, known_signs, settle_signal, signals, years,
};
pub(crate) use sessions::{
    attendances, has_attended, insert_attended, insert_session, session_by_code, sessions,
};

/// Every statement of this module, room by room.
pub(crate) const ROOMS: &[&[Statement]] = &[
    STATEMENTS,
    sessions::STATEMENTS,
    events::STATEMENTS,
    review::STATEMENTS,
];

/// The most lines of any list.
pub(crate) const LIST_MAX: u32 = 200;

db::statements! {
    INSERT_RULE = "insert into points_rule (community_id, rule_id, title, evidence, points, daily_cap, yearly_cap, \
        valid_days, made_at, made_by, earned_by, confirmed_by, event) \
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)";
    RULES = "select rule_id, title, evidence, points, daily_cap, yearly_cap, valid_days, ended_at, earned_by, confirmed_by, event \
        from points_rule \
        where community_id = $1 order by rule_id limit $2";
    RULE = "select rule_id, title, evidence, points, daily_cap, yearly_cap, valid_days, ended_at, earned_by, confirmed_by, event \
        from points_rule \
        where community_id = $1 and rule_id = $2";
    END_RULE = "update points_rule set ended_at = $3 where community_id = $1 and rule_id = $2 and ended_at is null";
    INSERT_CLAIM = "insert into points_claim (community_id, claim_id, rule_id, account_id, evidence, claimed_at) \
        values ($1, $2, $3, $4, $5, $6)";
    CLAIM = "select claim_id, rule_id, account_id, evidence, claimed_at, is_confirmed, reason from points_claim \
        where community_id = $1 and claim_id = $2";
    CLAIMS_WAITING = "select claim_id, rule_id, account_id, evidence, claimed_at, is_confirmed, reason from points_claim \
        where community_id = $1 and decided_at is null order by claim_id limit $2";
    CLAIMS_OF = "select claim_id, rule_id, account_id, evidence, claimed_at, is_confirmed, reason from points_claim \
        where community_id = $1 and account_id = $2 order by claim_id desc limit $3";
    CLAIMS_SINCE = "select count(*) from points_claim where community_id = $1 and account_id = $2 and rule_id = $3 \
        and claimed_at >= $4 and (is_confirmed is null or is_confirmed)";
    DECIDE_CLAIM = "update points_claim set decided_at = $3, decided_by = $4, is_confirmed = $5, reason = $6 \
        where community_id = $1 and claim_id = $2 and decided_at is null";
    INSERT_ITEM = "insert into points_item (community_id, item_id, title, price, stock, provider_id, offered_at, kind, per_year, \
        offset_fen) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";
    ITEMS = "select i.item_id, i.title, i.price, i.stock, i.provider_id, i.approved_at, i.ended_at, \
        (select count(*) from points_redemption r where r.community_id = i.community_id and r.item_id = i.item_id \
        and (r.is_handed_over or (r.is_handed_over is null and r.deadline > $2))), \
        i.kind, i.per_year, i.offset_fen from points_item i where i.community_id = $1 order by i.item_id limit $3";
    ITEM = "select i.item_id, i.title, i.price, i.stock, i.provider_id, i.approved_at, i.ended_at, \
        (select count(*) from points_redemption r where r.community_id = i.community_id and r.item_id = i.item_id \
        and (r.is_handed_over or (r.is_handed_over is null and r.deadline > $3))), \
        i.kind, i.per_year, i.offset_fen from points_item i where i.community_id = $1 and i.item_id = $2";
    APPROVE_ITEM = "update points_item set approved_at = $3, approved_by = $4 \
        where community_id = $1 and item_id = $2 and approved_at is null and ended_at is null";
    END_ITEM = "update points_item set ended_at = $3 where community_id = $1 and item_id = $2 and ended_at is null";
    INSERT_REDEMPTION = "insert into points_redemption (community_id, redemption_id, item_id, account_id, price, code, \
        redeemed_at, deadline) values ($1, $2, $3, $4, $5, $6, $7, $8)";
    REDEMPTIONS_OF = "select r.redemption_id, r.item_id, i.title, i.provider_id, r.account_id, r.price, r.code, \
        r.redeemed_at, r.deadline, r.is_handed_over from points_redemption r \
        join points_item i on i.community_id = r.community_id and i.item_id = r.item_id \
        where r.community_id = $1 and r.account_id = $2 order by r.redemption_id desc limit $3";
    REDEMPTION = "select r.redemption_id, r.item_id, i.title, i.provider_id, r.account_id, r.price, r.code, \
        r.redeemed_at, r.deadline, r.is_handed_over from points_redemption r \
        join points_item i on i.community_id = r.community_id and i.item_id = r.item_id \
        where r.community_id = $1 and r.redemption_id = $2";
    REDEMPTION_BY_CODE = "select r.redemption_id, r.item_id, i.title, i.provider_id, r.account_id, r.price, r.code, \
        r.redeemed_at, r.deadline, r.is_handed_over from points_redemption r \
        join points_item i on i.community_id = r.community_id and i.item_id = r.item_id \
        where r.community_id = $1 and r.code = $2";
    REDEEMED_SINCE = "select count(*) from points_redemption where community_id = $1 and account_id = $2 and item_id = $3 \
        and redeemed_at >= $4 and (is_handed_over or (is_handed_over is null and deadline > $5))";
    CLOSE_REDEMPTION = "update points_redemption set closed_at = $3, is_handed_over = $4 \
        where community_id = $1 and redemption_id = $2 and closed_at is null";
}

/// Who acts, as a person.
pub(crate) fn actor(ctx: &Context) -> Result<AccountId, Error> {
    ctx.actor.account_id().ok_or(Error::NotSignedIn)
}

pub(crate) fn insert_rule(
    tx: &mut dyn Tx,
    ctx: &Context,
    id: RuleId,
    terms: &RuleTerms,
) -> Result<(), db::Error> {
    tx.execute(
        INSERT_RULE,
        &[
            ctx.community.into(),
            id.into(),
            terms.title.as_str().into(),
            terms.evidence.as_str().into(),
            terms.points.into(),
            terms.daily_cap.into(),
            terms.yearly_cap.into(),
            terms.valid_days.into(),
            ctx.now.into(),
            ctx.actor.uuid().into(),
            terms.earned_by.name().into(),
            terms.confirmed_by.name().into(),
            terms.event.map(Event::name).into(),
        ],
    )?;
    Ok(())
}

pub(crate) fn rules(read: &mut dyn Read, community: CommunityId) -> Result<Vec<Rule>, db::Error> {
    let rows = read.query(RULES, &[community.into(), LIST_MAX.into()])?;
    rows.iter().map(rule_of).collect()
}

pub(crate) fn rule(read: &mut dyn Read, community: CommunityId, id: RuleId) -> Result<Rule, Error> {
    let row = read.query_one(RULE, &[community.into(), id.into()])?;
    let row = row.ok_or(Error::NotFound { what: "rule" })?;
    Ok(rule_of(&row)?)
}

fn rule_of(row: &Row) -> Result<Rule, db::Error> {
    Ok(Rule {
        id: row.get(0)?,
        terms: RuleTerms {
            title: row.get(1)?,
            evidence: row.get(2)?,
            points: row.get(3)?,
            daily_cap: row.get(4)?,
            yearly_cap: row.get(5)?,
            valid_days: row.get(6)?,
            earned_by: named(row, 8, Earner::from_name)?,
            confirmed_by: named(row, 9, Confirmer::from_name)?,
            event: row
                .get::<Option<String>>(10)?
                .map(|_| named(row, 10, Event::from_name))
                .transpose()?,
        },
        ended_at: row.get(7)?,
    })
}

/// A column that holds one of an enum's names.
fn named<T>(
    row: &Row,
    column: usize,
    from_name: impl Fn(&str) -> Option<T>,
) -> Result<T, db::Error> {
    from_name(&row.get::<String>(column)?).ok_or(db::Error::Column {
        column,
        expected: "a known name",
    })
}

pub(crate) fn end_rule(tx: &mut dyn Tx, ctx: &Context, id: RuleId) -> Result<u64, db::Error> {
    tx.execute(END_RULE, &[ctx.community.into(), id.into(), ctx.now.into()])
}

pub(crate) fn insert_claim(tx: &mut dyn Tx, ctx: &Context, claim: &Claim) -> Result<(), db::Error> {
    tx.execute(
        INSERT_CLAIM,
        &[
            ctx.community.into(),
            claim.id.into(),
            claim.rule.into(),
            claim.account.into(),
            claim.evidence.clone().into(),
            claim.claimed_at.into(),
        ],
    )?;
    Ok(())
}

pub(crate) fn claim(
    read: &mut dyn Read,
    community: CommunityId,
    id: ClaimId,
) -> Result<Claim, Error> {
    let row = read.query_one(CLAIM, &[community.into(), id.into()])?;
    let row = row.ok_or(Error::NotFound { what: "claim" })?;
    Ok(claim_of(&row)?)
}

pub(crate) fn claims_waiting(
    read: &mut dyn Read,
    community: CommunityId,
) -> Result<Vec<Claim>, db::Error> {
    let rows = read.query(CLAIMS_WAITING, &[community.into(), LIST_MAX.into()])?;
    rows.iter().map(claim_of).collect()
}

pub(crate) fn claims_of(
    read: &mut dyn Read,
    community: CommunityId,
    account: AccountId,
) -> Result<Vec<Claim>, db::Error> {
    let rows = read.query(
        CLAIMS_OF,
        &[community.into(), account.into(), LIST_MAX.into()],
    )?;
    rows.iter().map(claim_of).collect()
}

fn claim_of(row: &Row) -> Result<Claim, db::Error> {
    Ok(Claim {
        id: row.get(0)?,
        rule: row.get(1)?,
        account: row.get(2)?,
        evidence: row.get(3)?,
        claimed_at: row.get(4)?,
        is_confirmed: row.get(5)?,
        reason: row.get(6)?,
    })
}

/// How many claims by a rule a person has made since a time, those refused left out.
pub(crate) fn claims_since(
    read: &mut dyn Read,
    community: CommunityId,
    account: AccountId,
    rule: RuleId,
    since: Timestamp,
) -> Result<u64, db::Error> {
    let parameters = [community.into(), account.into(), rule.into(), since.into()];
    let row = read.query_one(CLAIMS_SINCE, &parameters)?;
    row.map_or(Ok(0), |row| row.get(0))
}

pub(crate) fn decide_claim(
    tx: &mut dyn Tx,
    ctx: &Context,
    id: ClaimId,
    is_confirmed: bool,
    reason: Option<&str>,
) -> Result<u64, db::Error> {
    tx.execute(
        DECIDE_CLAIM,
        &[
            ctx.community.into(),
            id.into(),
            ctx.now.into(),
            ctx.actor.uuid().into(),
            is_confirmed.into(),
            reason.into(),
        ],
    )
}

pub(crate) fn insert_item(
    tx: &mut dyn Tx,
    ctx: &Context,
    id: ItemId,
    terms: &ItemTerms,
    provider: AccountId,
) -> Result<(), db::Error> {
    tx.execute(
        INSERT_ITEM,
        &[
            ctx.community.into(),
            id.into(),
            terms.title.as_str().into(),
            terms.price.into(),
            terms.stock.into(),
            provider.into(),
            ctx.now.into(),
            terms.kind.name().into(),
            terms.per_year.into(),
            terms.offset_fen.into(),
        ],
    )?;
    Ok(())
}

pub(crate) fn items(
    read: &mut dyn Read,
    community: CommunityId,
    now: Timestamp,
) -> Result<Vec<Item>, db::Error> {
    let rows = read.query(ITEMS, &[community.into(), now.into(), LIST_MAX.into()])?;
    rows.iter().map(item_of).collect()
}

pub(crate) fn item(
    read: &mut dyn Read,
    community: CommunityId,
    id: ItemId,
    now: Timestamp,
) -> Result<Item, Error> {
    let row = read.query_one(ITEM, &[community.into(), id.into(), now.into()])?;
    let row = row.ok_or(Error::NotFound { what: "item" })?;
    Ok(item_of(&row)?)
}

fn item_of(row: &Row) -> Result<Item, db::Error> {
    let terms = ItemTerms {
        title: row.get(1)?,
        kind: named(row, 8, ItemKind::from_name)?,
        price: row.get(2)?,
        stock: row.get(3)?,
        per_year: row.get(9)?,
        offset_fen: row.get(10)?,
    };
    let taken: i64 = row.get(7)?;
    Ok(Item {
        id: row.get(0)?,
        left: i64::from(terms.stock) - taken,
        terms,
        provider: row.get(4)?,
        approved_at: row.get(5)?,
        ended_at: row.get(6)?,
    })
}

pub(crate) fn approve_item(tx: &mut dyn Tx, ctx: &Context, id: ItemId) -> Result<u64, db::Error> {
    tx.execute(
        APPROVE_ITEM,
        &[
            ctx.community.into(),
            id.into(),
            ctx.now.into(),
            ctx.actor.uuid().into(),
        ],
    )
}

pub(crate) fn end_item(tx: &mut dyn Tx, ctx: &Context, id: ItemId) -> Result<u64, db::Error> {
    tx.execute(END_ITEM, &[ctx.community.into(), id.into(), ctx.now.into()])
}

pub(crate) fn insert_redemption(
    tx: &mut dyn Tx,
    ctx: &Context,
    redemption: &Redemption,
) -> Result<(), db::Error> {
    tx.execute(
        INSERT_REDEMPTION,
        &[
            ctx.community.into(),
            redemption.id.into(),
            redemption.item.into(),
            redemption.account.into(),
            redemption.price.into(),
            redemption.code.as_str().into(),
            redemption.redeemed_at.into(),
            redemption.deadline.into(),
        ],
    )?;
    Ok(())
}

pub(crate) fn redemptions_of(
    read: &mut dyn Read,
    community: CommunityId,
    account: AccountId,
) -> Result<Vec<Redemption>, db::Error> {
    let rows = read.query(
        REDEMPTIONS_OF,
        &[community.into(), account.into(), LIST_MAX.into()],
    )?;
    rows.iter().map(redemption_of).collect()
}

pub(crate) fn redemption(
    read: &mut dyn Read,
    community: CommunityId,
    id: RedemptionId,
) -> Result<Redemption, Error> {
    let row = read.query_one(REDEMPTION, &[community.into(), id.into()])?;
    let row = row.ok_or(Error::NotFound { what: "redemption" })?;
    Ok(redemption_of(&row)?)
}

pub(crate) fn redemption_by_code(
    read: &mut dyn Read,
    community: CommunityId,
    code: &str,
) -> Result<Redemption, Error> {
    let row = read.query_one(REDEMPTION_BY_CODE, &[community.into(), code.into()])?;
    let row = row.ok_or(Error::NotFound { what: "code" })?;
    Ok(redemption_of(&row)?)
}

fn redemption_of(row: &Row) -> Result<Redemption, db::Error> {
    Ok(Redemption {
        id: row.get(0)?,
        item: row.get(1)?,
        title: row.get(2)?,
        provider: row.get(3)?,
        account: row.get(4)?,
        price: row.get(5)?,
        code: row.get(6)?,
        redeemed_at: row.get(7)?,
        deadline: row.get(8)?,
        is_handed_over: row.get(9)?,
    })
}

/// How many of an item a person has or holds since a time.
pub(crate) fn redeemed_since(
    read: &mut dyn Read,
    ctx: &Context,
    account: AccountId,
    item: ItemId,
    since: Timestamp,
) -> Result<u64, db::Error> {
    let parameters = [
        ctx.community.into(),
        account.into(),
        item.into(),
        since.into(),
        ctx.now.into(),
    ];
    let row = read.query_one(REDEEMED_SINCE, &parameters)?;
    row.map_or(Ok(0), |row| row.get(0))
}

pub(crate) fn close_redemption(
    tx: &mut dyn Tx,
    ctx: &Context,
    id: RedemptionId,
    is_handed_over: bool,
) -> Result<u64, db::Error> {
    tx.execute(
        CLOSE_REDEMPTION,
        &[
            ctx.community.into(),
            id.into(),
            ctx.now.into(),
            is_handed_over.into(),
        ],
    )
}

/// The community's own accounts belong to nobody else.
pub(crate) const COMMUNITY_ITSELF: Uuid = Uuid::nil();
