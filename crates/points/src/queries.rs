//! What an actor may see of points.

use std::collections::HashMap;

use book::{AccountLine, Due, LotLine, StatementLine, chart};
use db::Read;
use kernel::{Context, Timestamp};
use people::queries::FamilyMember;

use crate::Error;
use crate::commands::SEALED_FOR;
use crate::model::{
    CONFIRM, Claim, Item, MANAGE, PROVIDE, READ, REVIEW, Redemption, Rule, RuleId, Session, Sign,
    TAKE_PART, clashes, rings,
};
use crate::store::{self, ClosedYear, Signal, actor};

/// How many days back the search for what is odd looks.
const LOOKED_AT_DAYS: i64 = 90;

/// How many movements a statement shows.
pub const STATEMENT_LINES: u32 = 5_000;
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
    /// One's family with a login, who may be given points.
    pub family: Vec<FamilyMember>,
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
        family: people::queries::own_family(read, ctx)?,
        rules: rules
            .into_iter()
            .filter(|rule| rule.ended_at.is_none())
            .collect(),
        items: items.into_iter().filter(open).collect(),
    })
}

/// The actor's own statement as of a time: each movement before it, newest first, with what it was for.
pub fn statement(
    read: &mut dyn Read,
    ctx: &Context,
    until: Option<Timestamp>,
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
    let before = |line: &StatementLine| until.is_none_or(|until| line.at < until);
    Ok(lines
        .into_iter()
        .filter(before)
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
    /// The sessions, the latest first.
    pub sessions: Vec<Session>,
    /// Closed years, the latest first.
    pub years: Vec<ClosedYear>,
    /// What this year would be closed with today: the preview of its end.
    pub this_year: ClosedYear,
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
        sessions: store::sessions(read, ctx.community)?,
        years: store::years(read, ctx.community)?,
        this_year: year_so_far(read, ctx)?,
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

/// The session of a code, for whoever scanned it, with its rule.
pub fn session_of_code(
    read: &mut dyn Read,
    ctx: &Context,
    code: &str,
) -> Result<(Session, Rule), Error> {
    ctx.require(TAKE_PART)?;
    let session = store::session_by_code(read, ctx.community, code)?;
    let rule = store::rule(read, ctx.community, session.terms.rule)?;
    Ok((session, rule))
}

/// The signals, newest first, each with what its reviewer found.
pub fn signals(read: &mut dyn Read, ctx: &Context) -> Result<Vec<(Signal, Option<String>)>, Error> {
    ctx.require(REVIEW)?;
    let mut told = Vec::new();
    for signal in store::signals(read, ctx.community)? {
        let open = |note: &Vec<u8>| ctx.vault.open(ctx.community, SEALED_FOR, note);
        let note = signal.note.as_ref().map(open).transpose()?;
        told.push((signal, note));
    }
    Ok(told)
}

/// What is odd in the last months and was not raised before.
pub fn new_signs(read: &mut dyn Read, ctx: &Context) -> Result<Vec<Sign>, Error> {
    ctx.require(REVIEW)?;
    let since = ctx.now.plus_days(-LOOKED_AT_DAYS);
    let known = store::known_signs(read, ctx.community)?;
    let mut signs = rings(&store::confirmations(read, ctx.community, since)?);
    signs.extend(clashes(&store::attendances(read, ctx.community, since)?));
    signs.retain(|sign| !known.contains(&sign.key));
    Ok(signs)
}

/// The year before this one, if points moved and it is not closed.
pub fn year_to_close(read: &mut dyn Read, ctx: &Context) -> Result<Option<ClosedYear>, Error> {
    ctx.require(MANAGE)?;
    let last = i64::from(ctx.now.date().year()) - 1;
    let years = store::years(read, ctx.community)?;
    if years.first().is_some_and(|closed| closed.year >= last) {
        return Ok(None);
    }
    let end = Timestamp::start_of(ctx.now.date().first_of_year());
    let moved = book::moved_before(read, ctx.community, end)?;
    let sum = |code| moved.get(&code).copied().unwrap_or(0);
    let [issued, redeemed, expired] = [
        chart::POINTS_EARN,
        chart::POINTS_REDEEM,
        chart::POINTS_EXPIRE,
    ]
    .map(sum);
    let year = since_closed(&years, last, [issued, redeemed, expired], ctx.now);
    let has_moved = year.issued != 0 || year.redeemed != 0 || year.expired != 0;
    Ok(has_moved.then_some(year))
}

/// What the running year would be closed with now.
fn year_so_far(read: &mut dyn Read, ctx: &Context) -> Result<ClosedYear, Error> {
    let years = store::years(read, ctx.community)?;
    let trial = book::trial_balance(read, ctx.community)?;
    let holds = |kind| {
        let line = trial.iter().find(|line| line.kind == kind);
        line.map_or(0, |line| line.received - line.given)
    };
    let sums = [
        -holds(chart::POINTS_ISSUER),
        holds(chart::POINTS_PROVIDER),
        holds(chart::POINTS_EXPIRED),
    ];
    let year = i64::from(ctx.now.date().year());
    Ok(since_closed(&years, year, sums, ctx.now))
}

/// Sums from the beginning less those of the closed years; what was given out and neither redeemed nor expired is held.
fn since_closed(
    closed: &[ClosedYear],
    year: i64,
    [issued, redeemed, expired]: [i64; 3],
    now: Timestamp,
) -> ClosedYear {
    let before = |of: fn(&ClosedYear) -> i64| closed.iter().map(of).sum::<i64>();
    ClosedYear {
        year,
        issued: issued - before(|year| year.issued),
        redeemed: redeemed - before(|year| year.redeemed),
        expired: expired - before(|year| year.expired),
        outstanding: issued - redeemed - expired,
        closed_at: now,
    }
}

/// Whether something that the record tells waits to be paid.
pub fn has_due_events(read: &mut dyn Read, ctx: &Context) -> Result<bool, Error> {
    ctx.require(MANAGE)?;
    Ok(store::has_due_events(read, ctx.community)?)
}

/// Whether something has expired and waits for the job.
pub fn has_expired(read: &mut dyn Read, ctx: &Context) -> Result<bool, Error> {
    ctx.require(MANAGE)?;
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
