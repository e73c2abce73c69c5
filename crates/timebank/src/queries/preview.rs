//! What another scheme would change.

use db::Read;
use kernel::Context;

use crate::Error;
use crate::commands::balance;
use crate::law::{Law, Standing, law};
use crate::model::{MANAGE, Scheme, age};
use crate::store;

/// What another scheme would change.
#[derive(Debug)]
pub struct Preview {
    /// The one in force.
    pub now: Option<Law>,
    /// The one looked at.
    pub then: Law,
    /// Volunteers who hold more than its cap: what they earn next goes to the pool.
    pub above_cap: usize,
    /// Volunteers whom it finds too young.
    pub too_young: usize,
    /// Elders whose hours would not buy care any more.
    pub shut_out: usize,
    /// Elders whose hours would buy care from then on.
    pub let_in: usize,
}

/// What choosing a scheme would change today; nothing that was posted changes.
pub fn preview(read: &mut dyn Read, ctx: &Context, other: Scheme) -> Result<Preview, Error> {
    ctx.require(MANAGE)?;
    let today = ctx.now.date();
    let chosen = store::chosen(read, ctx.community)?;
    let then = law(other, Standing::Ordinary, today)?;
    let (mut above_cap, mut too_young) = (0, 0);
    for volunteer in store::volunteers(read, ctx)? {
        let held = balance(read, ctx, volunteer.account.uuid())?;
        above_cap += usize::from(then.cap_minutes.is_some_and(|cap| held > cap));
        let years = age(volunteer.profile.birth, today);
        too_young += usize::from(then.volunteer_from_age.is_some_and(|least| years < least));
    }
    let (mut shut_out, mut let_in) = (0, 0);
    for elder in store::elders(read, ctx)? {
        let years = age(elder.profile.birth, today);
        let buys = |scheme| -> Result<bool, Error> {
            let law = law(scheme, elder.standing(), today)?;
            Ok(law.redeem_from_age.is_none_or(|least| years >= least))
        };
        let before = chosen.map_or(Ok(false), |chosen| buys(chosen.scheme))?;
        let after = buys(other)?;
        shut_out += usize::from(before && !after);
        let_in += usize::from(after && !before);
    }
    let now = chosen
        .map(|chosen| law(chosen.scheme, Standing::Ordinary, today))
        .transpose()?;
    Ok(Preview {
        now,
        then,
        above_cap,
        too_young,
        shut_out,
        let_in,
    })
}
