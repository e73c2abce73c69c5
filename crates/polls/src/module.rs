//! The module's one public face.

use axum::Extension;
use db::Read;
use kernel::{Context, Timestamp};
use maud::html;
use shell::{App, Failure, HomeCard, Job, Module, NavEntry, Place, Throttle};
use web_ui::{Icon, Language, MessageSource, Tone, Ui, link_button, notice};

use crate::model::{READ, Stage};
use crate::{COMMANDS, CountPoll, Error, MIGRATIONS, PERMISSIONS, STATEMENTS, api, pages, queries};

/// How long after the close Linli counts by itself where nobody did: time to enter the paper ballots, in seconds.
const COUNT_GRACE_SECONDS: i64 = 3 * 86_400;

/// Routes, tables, permissions, navigation, jobs.
pub fn module() -> Module {
    // A ballot comes without an account. A whole compound may vote from one address, or from the desk's device.
    let throttle = Throttle::new("ballots", 600, 600);
    Module {
        name: "polls",
        place: Place::Communities,
        migrations: MIGRATIONS,
        statements: STATEMENTS.to_vec(),
        messages: [
            MessageSource::new(Language::Zh, "polls", include_str!("../messages/zh-CN.ftl")),
            MessageSource::new(Language::En, "polls", include_str!("../messages/en.ftl")),
        ],
        permissions: PERMISSIONS,
        commands: COMMANDS,
        pages: pages::routes(),
        api: api::routes().layer(Extension(throttle)),
        navigation: vec![
            NavEntry {
                path: "polls",
                label: "nav-polls",
                icon: Icon::Check,
                permission: READ,
                order: 12,
            },
            NavEntry {
                path: "budgets",
                label: "nav-budgets",
                icon: Icon::Document,
                permission: READ,
                order: 14,
            },
        ],
        followers: Vec::new(),
        jobs: vec![Job {
            name: "polls.count",
            run: count_what_is_due,
        }],
        home: Some(home),
    }
}

/// Counts what closed long enough ago and nobody counted; a poll whose paper waits for its second entry waits on.
fn count_what_is_due(app: &App, ctx: Context, _now: Timestamp) -> Result<u64, Failure> {
    let community = ctx.community;
    let due = app
        .database()
        .read_blocking(move |read| queries::due_for_count(read, &ctx, COUNT_GRACE_SECONDS))?;
    let mut counted = 0;
    for poll in due {
        let ctx = app.system_context(community)?;
        match app.journal().execute_blocking(ctx, CountPoll { poll }) {
            Ok(_) => counted += 1,
            Err(Error::PaperWaits) => {}
            Err(error) => return Err(error.into()),
        }
    }
    Ok(counted)
}

/// Polls that are open or announced.
fn home(read: &mut dyn Read, ctx: &Context) -> Result<Vec<HomeCard>, Failure> {
    if !ctx.may(READ) {
        return Ok(Vec::new());
    }
    let community = ctx.community;
    let lines = queries::polls(read, ctx, None)?;
    let open = lines
        .into_iter()
        .filter(|line| matches!(line.done.stage(ctx.now), Stage::Notice | Stage::Voting));
    let card = |line: crate::PollLine| {
        let href = format!("/c/{community}/polls/{}", line.id);
        HomeCard {
            needs_you: false,
            render: Box::new(move |ui: &Ui| {
                let until = [(
                    "date",
                    ui.date_time(line.done.window.closes.micros()).into(),
                )];
                let until = ui.t_with("polls-closes-on", &until);
                let button = link_button(href, ui.t("polls-look")).secondary();
                let body = html! { (until) };
                html! { (notice(ui, Tone::Info, body).title(line.title).action(button)) }
            }),
        }
    };
    Ok(open.map(card).collect())
}
