//! The public book: every purse, a year's figures and ratios, a purse's statement, the trial balance of a day.

use std::collections::BTreeMap;

use book::{AccountLine, Balance, StatementLine, chart};
use db::Read;
use jiff::civil::Date;
use kernel::{CommunityId, Context, Timestamp};
use ledger::AccountId;

use super::entries::{self, Asked, Line};
use crate::Error;
use crate::law::{self, Ground};
use crate::model::{Figures, GrantId, Purse, READ, VoucherKind, Watch, watched, year_of};
use crate::store::{self, Charter, Grant, Purpose};

/// How many of the newest lines the overview shows.
const RECENT: usize = 8;
/// How many movements a purse's statement shows.
const MOVEMENTS: u32 = 500;

/// A purse with what it holds.
#[derive(Clone, Debug)]
pub struct PurseView {
    /// Which.
    pub purse: Purse,
    /// The purpose, where it is one.
    pub purpose: Option<Purpose>,
    /// What it holds.
    pub balance: Balance,
}

/// Everything the first page shows.
pub struct Overview {
    /// What the fund is; `None` before it began.
    pub charter: Option<Charter>,
    /// Every purse, general money first.
    pub purses: Vec<PurseView>,
    /// This year's ratios.
    pub watching: Watching,
    /// Every grant, the newest first.
    pub grants: Vec<Grant>,
    /// The newest lines.
    pub recent: Vec<Line>,
    /// By which clause the operation fund gets its share.
    pub surplus_grounds: Vec<Ground>,
}

impl Overview {
    /// What all purses hold together.
    pub fn total(&self) -> Balance {
        let add = |sum: Balance, view: &PurseView| Balance {
            received: sum.received.saturating_add(view.balance.received),
            given: sum.given.saturating_add(view.balance.given),
            held: sum.held.saturating_add(view.balance.held),
        };
        self.purses.iter().fold(Balance::default(), add)
    }
}

/// The fund at a glance.
pub fn overview(read: &mut dyn Read, ctx: &Context) -> Result<Overview, Error> {
    ctx.require(READ)?;
    let today = ctx.now.date();
    let year = Asked {
        year: today.year(),
        purse: None,
    };
    let mut recent = entries::lines(read, ctx, year)?;
    recent.truncate(RECENT);
    Ok(Overview {
        charter: store::charter(read, ctx.community)?,
        purses: purses(read, ctx.community)?,
        watching: watch(read, ctx, today.year())?,
        grants: store::grants(read, ctx.community)?,
        recent,
        surplus_grounds: law::surplus(today)?,
    })
}

/// Every purse with what it holds.
pub(crate) fn purses(read: &mut dyn Read, community: CommunityId) -> Result<Vec<PurseView>, Error> {
    let mut purses = vec![(Purse::General, None), (Purse::Operation, None)];
    for purpose in store::purposes(read, community)? {
        purses.push((Purse::Purpose(purpose.id), Some(purpose)));
    }
    let accounts: Vec<AccountId> = purses.iter().map(|(purse, _)| purse.account()).collect();
    let balances = book::balances(read, community, &accounts)?;
    let view = |(purse, purpose): (Purse, Option<Purpose>)| PurseView {
        purse,
        purpose,
        balance: balances.get(&purse.account()).copied().unwrap_or_default(),
    };
    Ok(purses.into_iter().map(view).collect())
}

/// What the fund is; `None` before it began.
pub fn fund_charter(read: &mut dyn Read, ctx: &Context) -> Result<Option<Charter>, Error> {
    ctx.require(READ)?;
    Ok(store::charter(read, ctx.community)?)
}

/// Every purse, general money first.
pub fn purse_list(read: &mut dyn Read, ctx: &Context) -> Result<Vec<PurseView>, Error> {
    ctx.require(READ)?;
    purses(read, ctx.community)
}

/// What money can be given for.
pub fn purposes(read: &mut dyn Read, ctx: &Context) -> Result<Vec<Purpose>, Error> {
    ctx.require(READ)?;
    Ok(store::purposes(read, ctx.community)?)
}

/// A year's figures, and how the ratios stand that the law sets for them.
#[derive(Clone, Debug)]
pub struct Watching {
    /// The year.
    pub year: i16,
    /// What came and went.
    pub figures: Figures,
    /// The ratios.
    pub watches: Vec<Watch>,
    /// The clauses.
    pub grounds: Vec<Ground>,
}

/// A year's figures and ratios; none before the fund has a charter.
pub fn watch(read: &mut dyn Read, ctx: &Context, year: i16) -> Result<Watching, Error> {
    ctx.require(READ)?;
    let own = figures(read, ctx.community, year)?;
    let nothing = Watching {
        year,
        figures: own,
        watches: Vec::new(),
        grounds: Vec::new(),
    };
    let charter = store::charter(read, ctx.community)?;
    let first = store::first_charter(read, ctx.community)?;
    let (Some(charter), Some(first)) = (charter, first) else {
        return Ok(nothing);
    };
    let last = if year <= first.made_at.date().year() {
        (charter.terms.prior_income, charter.terms.prior_net)
    } else {
        let before = figures(read, ctx.community, year.saturating_sub(1))?;
        let (begins, _) = year_of(year);
        (before.income(), net_assets(read, ctx.community, begins)?)
    };
    let today = ctx.now.date();
    let (begins, _) = year_of(year);
    let limits = law::limits(charter.terms.standing, last.1, begins.date().min(today))?;
    Ok(Watching {
        watches: watched(&limits, year, today, &own, last),
        grounds: limits.grounds,
        ..nothing
    })
}

fn figures(read: &mut dyn Read, community: CommunityId, year: i16) -> Result<Figures, Error> {
    let within = year_of(year);
    let mut figures = Figures {
        returned: store::undone_sum(read, community, within)?,
        grants: store::paid_sum(read, community, within)?,
        ..Figures::default()
    };
    for (kind, sum) in store::sums_between(read, community, within)? {
        match kind {
            VoucherKind::Donation => figures.donations = sum,
            VoucherKind::Income => figures.other_income = sum,
            VoucherKind::Surplus => figures.surplus = sum,
            VoucherKind::Activity => figures.activities = sum,
            VoucherKind::Administration => figures.administration = sum,
            VoucherKind::Fundraising => figures.fundraising = sum,
            VoucherKind::Opening | VoucherKind::SetAside => {}
        }
    }
    Ok(figures)
}

/// What all purses held before a time.
fn net_assets(read: &mut dyn Read, community: CommunityId, until: Timestamp) -> Result<i64, Error> {
    let purses = [
        chart::FUND_GENERAL,
        chart::FUND_PURPOSE,
        chart::FUND_OPERATION,
    ];
    let lines = book::trial_balance_on(read, community, until)?;
    let own = lines.iter().filter(|line| purses.contains(&line.kind));
    Ok(own.map(|line| line.received - line.given).sum())
}

/// A movement of a purse and what it belongs to.
#[derive(Clone, Debug)]
pub struct StatementRow {
    /// The movement.
    pub line: StatementLine,
    /// The grant on its other side.
    pub grant: Option<(GrantId, String)>,
}

/// A purse's movements.
pub struct PurseStatement {
    /// The purse.
    pub view: PurseView,
    /// Its movements, the newest first.
    pub rows: Vec<StatementRow>,
    /// Its grants.
    pub grants: Vec<Grant>,
}

/// A purse with every movement of its money.
pub fn purse(read: &mut dyn Read, ctx: &Context, purse: Purse) -> Result<PurseStatement, Error> {
    ctx.require(READ)?;
    let all = purses(read, ctx.community)?;
    let mut found = all.into_iter().filter(|view| view.purse == purse);
    let view = found.next().ok_or(Error::NotFound { what: "purpose" })?;
    let mut grants = store::grants(read, ctx.community)?;
    grants.retain(|grant| grant.purse == purse);
    let accounts: BTreeMap<AccountId, &Grant> = grants
        .iter()
        .map(|grant| {
            let account = book::account_id(chart::FUND_GRANTEE, grant.id.uuid());
            (account, grant)
        })
        .collect();
    let lines = book::movements(read, ctx.community, purse.account(), MOVEMENTS)?;
    let rows = lines
        .into_iter()
        .map(|line| StatementRow {
            grant: accounts
                .get(&line.other)
                .map(|grant| (grant.id, grant.title.clone())),
            line,
        })
        .collect();
    Ok(PurseStatement { view, rows, grants })
}

/// The community's whole book at the end of a day: points, hours and money, every kind of account with its sums.
pub fn trial(read: &mut dyn Read, ctx: &Context, day: Date) -> Result<Vec<AccountLine>, Error> {
    ctx.require(READ)?;
    let midnight = Timestamp::start_of(day).plus_days(1);
    Ok(book::trial_balance_on(read, ctx.community, midnight)?)
}
