//! What an actor may see of points.

use std::collections::HashMap;

use book::{AccountLine, Due, LotLine, StatementLine, chart};
use db::Read;
use kernel::{Context, Timestamp};

use crate::Error;
use crate::commands::SEALED_FOR;
use crate::model::{CONFIRM, Claim, Item, MANAGE, PROVIDE, READ, Redemption, Rule, RuleId};
use crate::store::{self, actor};

/// How many movements a statement shows.
pub const STATEMENT_LINES: u32 = 500;
/// How many lots the preview of the expiry shows.
pub const PREVIEW_LINES: u32 = 500;
/// How many days ahead the preview looks.
pub const PREVIEW_DAYS: i64 = 30;

/// A person's own points.
#[derive(Debug)]
pub struct Mine {
    /// What can be spent now.
    pub available: i64,
    /// The lots, oldest first.
    pub lots: Vec<LotLine>,
    /// The rules that are open.
    pub rules: Vec<Rule>,
    /// What can be had.
    pub items: Vec<Item>,
    /// One's claims, newest first, with the rule's title.
    pub claims: Vec<(Claim, String)>,
    /// One's redemptions, newest first.
    pub redemptions: Vec<Redemption>,
}

/// The actor's own points, the rules and the catalogue.
pub fn mine(read: &mut dyn Read, ctx: &Context) -> Result<Mine, Error> {
    ctx.require(READ)?;
    let account = actor(ctx)?;
    let id = book::account_id(chart::POINTS_MEMBER, account.uuid());
    let rules = store::rules(read, ctx.community)?;
    let titles = titles(&rules);
    let claims = store::claims_of(read, ctx.community, account)?;
    let items = store::items(read, ctx.community, ctx.now)?;
    let open = |item: &Item| item.approved_at.is_some() && item.ended_at.is_none();
    Ok(Mine {
        available: book::available(read, ctx.community, id, ctx.now)?,
        lots: book::lots(read, ctx.community, id)?,
        claims: claims
            .into_iter()
            .map(|claim| titled(&titles, claim))
            .collect(),
        redemptions: store::redemptions_of(read, ctx.community, account)?,
        rules: rules
            .into_iter()
            .filter(|rule| rule.ended_at.is_none())
            .collect(),
        items: items.into_iter().filter(open).collect(),
    })
}

/// The actor's own statement: each movement, newest first, with what it was for.
pub fn statement(
    read: &mut dyn Read,
    ctx: &Context,
) -> Result<Vec<(StatementLine, Option<String>)>, Error> {
    ctx.require(READ)?;
    let account = actor(ctx)?;
    let id = book::account_id(chart::POINTS_MEMBER, account.uuid());
    let titles = titles(&store::rules(read, ctx.community)?);
    let mut what: HashMap<kernel::Uuid, String> = HashMap::new();
    for claim in store::claims_of(read, ctx.community, account)? {
        let (claim, title) = titled(&titles, claim);
        what.insert(claim.id.uuid(), title);
    }
    for redemption in store::redemptions_of(read, ctx.community, account)? {
        what.insert(redemption.id.uuid(), redemption.title);
    }
    let lines = book::movements(read, ctx.community, id, STATEMENT_LINES)?;
    Ok(lines
        .into_iter()
        .map(|line| {
            let title = what.get(&line.request).cloned();
            (line, title)
        })
        .collect())
}

/// What the committee sees.
#[derive(Debug)]
pub struct Desk {
    /// Every rule.
    pub rules: Vec<Rule>,
    /// Every item.
    pub items: Vec<Item>,
    /// What expires within the coming days, the earliest first.
    pub preview: Vec<Due>,
    /// Every kind of account with its sums.
    pub trial: Vec<AccountLine>,
}

/// The whole, for the committee.
pub fn desk(read: &mut dyn Read, ctx: &Context) -> Result<Desk, Error> {
    ctx.require(MANAGE)?;
    let ahead: Timestamp = ctx.now.plus_days(PREVIEW_DAYS);
    Ok(Desk {
        rules: store::rules(read, ctx.community)?,
        items: store::items(read, ctx.community, ctx.now)?,
        preview: book::due(read, ctx.community, ahead, PREVIEW_LINES)?,
        trial: book::trial_balance(read, ctx.community)?,
    })
}

/// A claim that waits, with its evidence opened.
#[derive(Debug)]
pub struct WaitingClaim {
    /// The claim.
    pub claim: Claim,
    /// Its rule's title.
    pub title: String,
    /// What shows that it was done.
    pub evidence: String,
    /// Whether it is the actor's own, which somebody else decides.
    pub is_own: bool,
}

/// The claims that wait for somebody to confirm them.
pub fn waiting_claims(read: &mut dyn Read, ctx: &Context) -> Result<Vec<WaitingClaim>, Error> {
    ctx.require(CONFIRM)?;
    let titles = titles(&store::rules(read, ctx.community)?);
    let mut waiting = Vec::new();
    for claim in store::claims_waiting(read, ctx.community)? {
        let evidence = ctx.vault.open(ctx.community, SEALED_FOR, &claim.evidence)?;
        let is_own = ctx.actor.account_id() == Some(claim.account);
        let (claim, title) = titled(&titles, claim);
        waiting.push(WaitingClaim {
            claim,
            title,
            evidence,
            is_own,
        });
    }
    Ok(waiting)
}

/// The actor's own offers and what they have earned, for a provider.
pub fn counter(read: &mut dyn Read, ctx: &Context) -> Result<(Vec<Item>, i64), Error> {
    ctx.require(PROVIDE)?;
    let provider = actor(ctx)?;
    let mut items = store::items(read, ctx.community, ctx.now)?;
    items.retain(|item| item.provider == provider);
    let account = book::account_id(chart::POINTS_PROVIDER, provider.uuid());
    let earned = book::available(read, ctx.community, account, ctx.now)?;
    Ok((items, earned))
}

/// Whether something has expired and waits for the job.
pub fn has_expired(read: &mut dyn Read, ctx: &Context) -> Result<bool, Error> {
    Ok(!book::due(read, ctx.community, ctx.now, 1)?.is_empty())
}

fn titles(rules: &[Rule]) -> HashMap<RuleId, String> {
    let titles = rules.iter().map(|rule| (rule.id, rule.terms.title.clone()));
    titles.collect()
}

fn titled(titles: &HashMap<RuleId, String>, claim: Claim) -> (Claim, String) {
    let title = titles.get(&claim.rule).cloned().unwrap_or_default();
    (claim, title)
}
