//! The module's one public face.

use db::Read;
use kernel::{Context, Timestamp};
use shell::{App, Failure, HomeCard, Job, Module, NavEntry};
use web_ui::{Icon, Language, MessageSource, link_button, needs_you};

use crate::{COMMANDS, CountVotes, MIGRATIONS, PERMISSIONS, READ, STATEMENTS, api, pages, queries};

/// How long after the close Linli counts by itself where nobody did: time to enter the paper votes, in seconds.
const COUNT_GRACE_SECONDS: i64 = 3 * 86_400;

/// Routes, tables, permissions, navigation, jobs.
pub fn module() -> Module {
    Module {
        name: "decisions",
        migrations: MIGRATIONS,
        statements: STATEMENTS.to_vec(),
        messages: [
            MessageSource::new(
                Language::Zh,
                "decisions",
                include_str!("../messages/zh-CN.ftl"),
            ),
            MessageSource::new(
                Language::En,
                "decisions",
                include_str!("../messages/en.ftl"),
            ),
        ],
        permissions: PERMISSIONS,
        commands: COMMANDS,
        pages: pages::routes(),
        api: api::routes(),
        navigation: vec![NavEntry {
            path: "decisions",
            label: "nav-decisions",
            icon: Icon::Vote,
            permission: READ,
            order: 10,
        }],
        followers: Vec::new(),
        jobs: vec![Job {
            name: "decisions.count",
            run: count_what_is_due,
        }],
        home: Some(home),
    }
}

/// Counts what closed long enough ago and nobody counted.
fn count_what_is_due(app: &App, ctx: Context, _now: Timestamp) -> Result<u64, Failure> {
    let community = ctx.community;
    let due = app
        .database()
        .read_blocking(move |read| queries::due_for_count(read, &ctx, COUNT_GRACE_SECONDS))?;
    for resolution in &due {
        let ctx = app.system_context(community)?;
        app.journal().execute_blocking(
            ctx,
            CountVotes {
                resolution: *resolution,
            },
        )?;
    }
    Ok(u64::try_from(due.len()).unwrap_or(u64::MAX))
}

/// The votes that wait for this owner.
fn home(read: &mut dyn Read, ctx: &Context) -> Result<Vec<HomeCard>, Failure> {
    if !ctx.may(READ) {
        return Ok(Vec::new());
    }
    let community = ctx.community;
    let waiting = queries::waiting(read, ctx)?;
    Ok(waiting
        .into_iter()
        .map(|(id, title, closes)| HomeCard {
            needs_you: true,
            render: Box::new(move |ui| {
                let href = format!("/c/{community}/decisions/{id}");
                let until = ui.t_with(
                    "decisions-home-until",
                    &[("date", ui.date_time(closes.micros()).into())],
                );
                let button = link_button(href, ui.t("decisions-vote-now")).icon(Icon::Vote);
                maud::Render::render(&needs_you(ui, title, maud::html! { (until) }, button))
            }),
        })
        .collect())
}
