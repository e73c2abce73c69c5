//! Who fits what: open requests for a volunteer, volunteers for a request.

use std::collections::BTreeMap;

use db::Read;
use kernel::{AccountId, CommunityId, Context};

use super::views::{RequestView, Side, view};
use crate::Error;
use crate::model::{ASSIST, Fit, Helper, RequestId, Slot, TAKE_PART, Wanted, fit};
use crate::store::{self, Elder, Request, Volunteer, actor};

/// A request as matching needs it.
pub(crate) fn wanted(request: &Request, elder: &Elder) -> Wanted {
    Wanted {
        service: request.service,
        slot: Slot::of(request.begins),
        building: elder.profile.building.clone(),
        languages: elder.profile.languages.clone(),
        gender: request.gender_wish,
    }
}

/// A volunteer as matching needs them.
pub(crate) fn helper(
    read: &mut dyn Read,
    community: CommunityId,
    volunteer: &Volunteer,
    visits: u32,
) -> Result<Helper, Error> {
    let units = people::queries::units_of_account(read, community, volunteer.account)?;
    let profile = &volunteer.profile;
    Ok(Helper {
        account: volunteer.account,
        gender: profile.gender,
        languages: profile.languages.clone(),
        skills: profile.skills.clone(),
        slots: profile.slots.clone(),
        buildings: units.into_iter().map(|unit| unit.label.building).collect(),
        visits,
    })
}

/// The open requests that fit the actor as a volunteer, each with the reasons, best first.
pub fn open_requests(read: &mut dyn Read, ctx: &Context) -> Result<Vec<(RequestView, Fit)>, Error> {
    ctx.require(TAKE_PART)?;
    let account = actor(ctx)?;
    let Some(volunteer) = store::volunteer(read, ctx, account)? else {
        return Ok(Vec::new());
    };
    let helper = helper(read, ctx.community, &volunteer, 0)?;
    let mut fitting = Vec::new();
    for request in waiting(read, ctx)? {
        let elder = store::elder(read, ctx, request.elder)?;
        if elder.account == Some(account) || request.requested_by == account {
            continue;
        }
        let known = store::known_by(read, ctx.community, elder.id)?;
        let visits = known.iter().find(|(who, _)| *who == account);
        let helper = Helper {
            visits: visits.map_or(0, |(_, visits)| *visits),
            ..helper.clone()
        };
        if let Ok(fit) = fit(&wanted(&request, &elder), &helper) {
            fitting.push((view(read, ctx, &request, &elder, Side::Looking)?, fit));
        }
    }
    fitting.sort_by_key(|(view, fit)| (std::cmp::Reverse(fit.weight()), view.begins));
    Ok(fitting)
}

/// Requests to come that nobody has accepted.
pub(super) fn waiting(read: &mut dyn Read, ctx: &Context) -> Result<Vec<Request>, Error> {
    let mut waiting = Vec::new();
    for request in store::open_requests(read, ctx.community)? {
        let is_ahead = request.begins > ctx.now;
        if is_ahead && store::visit_of_request(read, ctx.community, request.id)?.is_none() {
            waiting.push(request);
        }
    }
    Ok(waiting)
}

/// The volunteers who fit a request, best first, for staff who call them.
pub fn matches(
    read: &mut dyn Read,
    ctx: &Context,
    request: RequestId,
) -> Result<(RequestView, Vec<(Volunteer, Fit)>), Error> {
    ctx.require(ASSIST)?;
    let request = store::request(read, ctx.community, request)?;
    let elder = store::elder(read, ctx, request.elder)?;
    let known: BTreeMap<AccountId, u32> = store::known_by(read, ctx.community, elder.id)?
        .into_iter()
        .collect();
    let mut fitting = Vec::new();
    for volunteer in store::volunteers(read, ctx)? {
        let is_self = elder.account == Some(volunteer.account);
        if volunteer.is_fit != Some(true) || is_self {
            continue;
        }
        let visits = known.get(&volunteer.account).copied().unwrap_or(0);
        let helper = helper(read, ctx.community, &volunteer, visits)?;
        if let Ok(fit) = fit(&wanted(&request, &elder), &helper) {
            fitting.push((volunteer, fit));
        }
    }
    fitting.sort_by_key(|(volunteer, fit)| (std::cmp::Reverse(fit.weight()), volunteer.number));
    Ok((view(read, ctx, &request, &elder, Side::Staff)?, fitting))
}
