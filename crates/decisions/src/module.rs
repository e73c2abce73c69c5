//! The module's one public face.

use db::Read;
use kernel::{CommunityId, Context, Timestamp};
use maud::{Markup, html};
use shell::{App, Failure, HomeCard, Job, Module, NavEntry, Place};
use web_ui::{Icon, Language, MessageSource, Tone, Ui, link_button, needs_you, notice};

use crate::{
    COMMANDS, CountVotes, MIGRATIONS, PERMISSIONS, READ, STATEMENTS, Why, api, pages, queries,
    queries::Waiting,
};

/// How long after the close Linli counts by itself where nobody did: time to enter the paper votes, in seconds.
const COUNT_GRACE_SECONDS: i64 = 3 * 86_400;

/// Routes, tables, permissions, navigation, jobs.
pub fn module() -> Module {
    Module {
        name: "decisions",
        place: Place::Communities,
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

/// The votes that wait for this owner, and those announced to everyone.
fn home(read: &mut dyn Read, ctx: &Context) -> Result<Vec<HomeCard>, Failure> {
    if !ctx.may(READ) {
        return Ok(Vec::new());
    }
    let community = ctx.community;
    let waiting = queries::waiting(read, ctx)?;
    Ok(waiting
        .into_iter()
        .map(|one| home_card(community, one))
        .collect())
}

fn home_card(community: CommunityId, one: Waiting) -> HomeCard {
    let href = match one.assembly {
        Some(assembly) => format!("/c/{community}/decisions/meetings/{assembly}"),
        None => format!("/c/{community}/decisions/{}", one.id),
    };
    let needs_you_too = matches!(one.why, Why::ToVote | Why::Reminded | Why::Replaced);
    let render = move |ui: &Ui| {
        let until = [("date", ui.date_time(one.window.closes.micros()).into())];
        let (text, button) = match one.why {
            Why::Announced | Why::Withdrawn | Why::Extended => return to_read(ui, one, href),
            Why::Reminded => (
                ui.t_with("decisions-home-reminded", &until),
                link_button(href, ui.t("decisions-vote-now")).icon(Icon::Vote),
            ),
            Why::ToVote => (
                ui.t_with("decisions-home-until", &until),
                link_button(href, ui.t("decisions-vote-now")).icon(Icon::Vote),
            ),
            Why::Replaced => (
                ui.t("decisions-home-replaced"),
                link_button(href, ui.t("decisions-home-check")).icon(Icon::Proof),
            ),
        };
        html! { (needs_you(ui, one.title, html! { (text) }, button)) }
    };
    HomeCard {
        needs_you: needs_you_too,
        render: Box::new(render),
    }
}

/// A resolution to be read: before its vote opens, or after it was withdrawn.
fn to_read(ui: &Ui, one: Waiting, href: String) -> Markup {
    let from = [("date", ui.date_time(one.window.opens.micros()).into())];
    let until = [("date", ui.date_time(one.window.closes.micros()).into())];
    let from = match one.why {
        Why::Withdrawn => ui.t("decisions-home-withdrawn"),
        Why::Extended => ui.t_with("decisions-home-extended", &until),
        _ => ui.t_with("decisions-home-from", &from),
    };
    let button = link_button(href, ui.t("decisions-read-notice")).secondary();
    html! { (notice(ui, Tone::Info, html! { (from) }).title(one.title).action(button)) }
}
