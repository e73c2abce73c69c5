//! The module's one public face.

use db::Read;
use kernel::{Context, Timestamp};
use maud::html;
use shell::{App, Failure, HomeCard, Job, Module, NavEntry, Place};
use web_ui::{Icon, Language, MessageSource, Ui, link_button, needs_you};

use crate::{
    COMMANDS, MIGRATIONS, PERMISSIONS, READ, RaiseSignals, STATEMENTS, SettleVisit, api, deliver,
    pages, queries,
};

/// Routes, tables, permissions, navigation, jobs.
pub fn module() -> Module {
    Module {
        name: "timebank",
        place: Place::Communities,
        migrations: MIGRATIONS,
        statements: STATEMENTS.to_vec(),
        messages: [
            MessageSource::new(
                Language::Zh,
                "timebank",
                include_str!("../messages/zh-CN.ftl"),
            ),
            MessageSource::new(Language::En, "timebank", include_str!("../messages/en.ftl")),
        ],
        permissions: PERMISSIONS,
        commands: COMMANDS,
        pages: pages::routes(),
        api: api::routes(),
        navigation: vec![NavEntry {
            path: "timebank",
            label: "nav-timebank",
            icon: Icon::Clock,
            permission: READ,
            order: 31,
        }],
        followers: vec![],
        jobs: vec![
            Job {
                name: "timebank.settle",
                run: settle,
            },
            Job {
                name: "timebank.signals",
                run: raise_signals,
            },
            Job {
                name: "timebank.courier",
                run: |app, ctx, _now| {
                    deliver(app.journal(), ctx.community, &|community| {
                        app.system_context(community)
                    })
                },
            },
        ],
        home: Some(home),
    }
}

/// Settles the visits that nobody settled in time, each by itself: one that can't be settled stands in nobody's way, and is
/// told at the end.
fn settle(app: &App, ctx: Context, _now: Timestamp) -> Result<u64, Failure> {
    let community = ctx.community;
    let due = app
        .database()
        .read_blocking(move |read| queries::due_visits(read, &ctx))?;
    let mut settled = 0;
    let mut failures = Vec::new();
    for visit in due {
        let ctx = app.system_context(community)?;
        match app.journal().execute_blocking(ctx, SettleVisit { visit }) {
            Ok(_) => settled += 1,
            Err(error) => failures.push(format!("visit {visit}: {error}")),
        }
    }
    if failures.is_empty() {
        return Ok(settled);
    }
    let told = format!("{} (settled: {settled})", failures.join("; "));
    Err(Failure::internal("settling visits that are due", &told))
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
    let ctx = app.system_context(community)?;
    let raised = app.journal().execute_blocking(ctx, RaiseSignals)?;
    Ok(u64::try_from(raised).unwrap_or(u64::MAX))
}

/// Visits that wait for this person to confirm them.
fn home(read: &mut dyn Read, ctx: &Context) -> Result<Vec<HomeCard>, Failure> {
    if !ctx.may(READ) || ctx.actor.account_id().is_none() {
        return Ok(Vec::new());
    }
    let ended = queries::to_confirm(read, ctx)?;
    if ended == 0 {
        return Ok(Vec::new());
    }
    let href = format!("/c/{}/timebank", ctx.community);
    let render = move |ui: &Ui| {
        let text = ui.t_with("timebank-home-confirm", &[("count", ended.into())]);
        let button = link_button(href, ui.t("timebank-title")).icon(Icon::Clock);
        html! { (needs_you(ui, ui.t("timebank-title"), html! { (text) }, button)) }
    };
    Ok(vec![HomeCard {
        needs_you: true,
        render: Box::new(render),
    }])
}
