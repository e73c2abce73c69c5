//! The module's one public face.

use db::Read;
use kernel::{Context, Timestamp};
use maud::html;
use shell::{App, Failure, HomeCard, Job, Module, NavEntry, Place};
use web_ui::{Icon, Language, MessageSource, Ui, link_button, needs_you};

use crate::{
    COMMANDS, CONFIRM, CloseYear, ExpirePoints, MIGRATIONS, PERMISSIONS, PayEvents, READ,
    RaiseSignals, STATEMENTS, api, follow::follower, pages, queries,
};

/// Routes, tables, permissions, navigation, jobs.
pub fn module() -> Module {
    Module {
        name: "points",
        place: Place::Communities,
        migrations: MIGRATIONS,
        statements: [STATEMENTS, &[book::STATEMENTS]].concat(),
        messages: [
            MessageSource::new(
                Language::Zh,
                "points",
                include_str!("../messages/zh-CN.ftl"),
            ),
            MessageSource::new(Language::En, "points", include_str!("../messages/en.ftl")),
        ],
        permissions: PERMISSIONS,
        commands: COMMANDS,
        pages: pages::routes(),
        api: api::routes(),
        navigation: vec![NavEntry {
            path: "points",
            label: "nav-points",
            icon: Icon::Receipt,
            permission: READ,
            order: 30,
        }],
        followers: vec![follower()],
        jobs: vec![
            Job {
                name: "points.expire",
                run: expire,
            },
            Job {
                name: "points.events",
                run: pay_events,
            },
            Job {
                name: "points.signals",
                run: raise_signals,
            },
            Job {
                name: "points.year",
                run: close_year,
            },
            Job {
                name: "book.give-back",
                run: give_back,
            },
        ],
        home: Some(home),
    }
}

/// Takes what has expired, as the preview said.
fn expire(app: &App, ctx: Context, _now: Timestamp) -> Result<u64, Failure> {
    let community = ctx.community;
    let has_expired = app
        .database()
        .read_blocking(move |read| queries::has_expired(read, &ctx))?;
    if !has_expired {
        return Ok(0);
    }
    let taken = app
        .journal()
        .execute_blocking(app.system_context(community)?, ExpirePoints)?;
    Ok(u64::try_from(taken).unwrap_or(0))
}

/// Pays for what other modules' entries told.
fn pay_events(app: &App, ctx: Context, _now: Timestamp) -> Result<u64, Failure> {
    let community = ctx.community;
    let is_due = app
        .database()
        .read_blocking(move |read| queries::has_due_events(read, &ctx))?;
    if !is_due {
        return Ok(0);
    }
    let paid = app
        .journal()
        .execute_blocking(app.system_context(community)?, PayEvents)?;
    Ok(u64::try_from(paid).unwrap_or(u64::MAX))
}

/// Raises what seems odd to the reviewers.
fn raise_signals(app: &App, ctx: Context, _now: Timestamp) -> Result<u64, Failure> {
    let community = ctx.community;
    let new = app
        .database()
        .read_blocking(move |read| queries::new_signs(read, &ctx))?;
    if new.is_empty() {
        return Ok(0);
    }
    let raised = app
        .journal()
        .execute_blocking(app.system_context(community)?, RaiseSignals)?;
    Ok(u64::try_from(raised).unwrap_or(u64::MAX))
}

/// Closes the year that has ended.
fn close_year(app: &App, ctx: Context, _now: Timestamp) -> Result<u64, Failure> {
    let community = ctx.community;
    let year = app
        .database()
        .read_blocking(move |read| queries::year_to_close(read, &ctx))?;
    if year.is_none() {
        return Ok(0);
    }
    app.journal()
        .execute_blocking(app.system_context(community)?, CloseYear)?;
    Ok(1)
}

/// Gives back what is held past its deadline.
#[expect(clippy::needless_pass_by_value, reason = "every job has this form")]
fn give_back(app: &App, ctx: Context, now: Timestamp) -> Result<u64, Failure> {
    let community = ctx.community;
    let is_overdue = app
        .database()
        .read_blocking(move |read| book::has_overdue(read, community, now))?;
    if !is_overdue {
        return Ok(0);
    }
    let given_back = app
        .journal()
        .execute_blocking(app.system_context(community)?, book::GiveBackOverdue)?;
    Ok(u64::try_from(given_back).unwrap_or(u64::MAX))
}

/// Claims that wait for this member of the committee.
fn home(read: &mut dyn Read, ctx: &Context) -> Result<Vec<HomeCard>, Failure> {
    if !ctx.may(CONFIRM) {
        return Ok(Vec::new());
    }
    let waiting = queries::waiting_claims(read, ctx)?;
    let count = waiting.iter().filter(|claim| !claim.is_own).count();
    if count == 0 {
        return Ok(Vec::new());
    }
    let href = format!("/c/{}/points/desk", ctx.community);
    let render = move |ui: &Ui| {
        let text = ui.t_with("points-home-waiting", &[("count", count.into())]);
        let button = link_button(href, ui.t("points-desk")).icon(Icon::Receipt);
        html! { (needs_you(ui, ui.t("points-title"), html! { (text) }, button)) }
    };
    Ok(vec![HomeCard {
        needs_you: true,
        render: Box::new(render),
    }])
}
