//! The module's one public face.

use db::Read;
use kernel::{CommunityId, Context, Timestamp};
use maud::html;
use shell::{App, Failure, HomeCard, Job, Module, NavEntry, Place};
use web_ui::{Icon, Language, MessageSource, Ui, link_button, needs_you};

use crate::model::{APPLY, HANDLE, PERMISSIONS, READ, SUPERVISE};
use crate::supervision::{Live, overview};
use crate::{COMMANDS, IssueCard, MIGRATIONS, STATEMENTS, api, pages, queries};

/// Routes, tables, permissions, navigation, jobs. Approvals are the city's.
pub fn module() -> Module {
    Module {
        name: "approvals",
        place: Place::City,
        migrations: MIGRATIONS,
        statements: STATEMENTS.to_vec(),
        messages: [
            MessageSource::new(
                Language::Zh,
                "approvals",
                include_str!("../messages/zh-CN.ftl"),
            ),
            MessageSource::new(
                Language::En,
                "approvals",
                include_str!("../messages/en.ftl"),
            ),
        ],
        permissions: PERMISSIONS,
        commands: COMMANDS,
        pages: pages::routes(),
        api: api::routes(),
        navigation: vec![NavEntry {
            path: "approvals",
            label: "nav-approvals",
            icon: Icon::Document,
            permission: READ,
            order: 12,
        }],
        followers: Vec::new(),
        jobs: vec![Job {
            name: "approvals.cards",
            run: send_cards,
        }],
        home: Some(home),
    }
}

/// Sends the cards that are due and have not gone out.
fn send_cards(app: &App, ctx: Context, _now: Timestamp) -> Result<u64, Failure> {
    if ctx.community != CommunityId::CITY {
        return Ok(0);
    }
    let due = app
        .database()
        .read_blocking(move |read| queries::cards_to_send(read, &ctx))?;
    for card in &due {
        let command = IssueCard {
            case: card.case,
            stage: card.stage.clone(),
            colour: card.colour,
        };
        let ctx = app.system_context(CommunityId::CITY)?;
        match app.journal().execute_blocking(ctx, command) {
            // Another process was faster, or the file has moved on.
            Ok(_) | Err(crate::Error::CardNotDue) => {}
            Err(other) => return Err(other.into()),
        }
    }
    Ok(u64::try_from(due.len()).unwrap_or(u64::MAX))
}

/// How many files of each list the supervisor's start page shows.
const ON_HOME: usize = 5;

/// The notices that wait for this applicant, how much waits for this clerk's unit, the overview of one who only supervises.
fn home(read: &mut dyn Read, ctx: &Context) -> Result<Vec<HomeCard>, Failure> {
    let mut cards = Vec::new();
    let base = format!("/c/{}/approvals", ctx.community);
    if ctx.may(APPLY) {
        let own = queries::own_applications(read, ctx)?;
        for line in own.into_iter().filter(queries::OwnLine::needs_you) {
            let href = format!("{base}/{}", line.row.id);
            cards.push(card(href, line.row.title, "approvals-home-correct", 0));
        }
    }
    if ctx.may(HANDLE) {
        let queue = queries::queue(read, ctx, 0)?;
        let (key, count) = if queue.late > 0 {
            ("approvals-home-late", queue.late)
        } else {
            ("approvals-home-queue", queue.all)
        };
        if count > 0 {
            cards.push(card(base, String::new(), key, count));
        }
    } else if ctx.may(SUPERVISE) {
        let live = Live::of(read);
        let view = overview(read, ctx, &live, None, ON_HOME)?;
        cards.push(HomeCard {
            needs_you: view.late > 0,
            render: Box::new(move |ui| pages::supervise::on_home(ui, &base, &view)),
        });
    }
    Ok(cards)
}

fn card(href: String, title: String, key: &'static str, count: usize) -> HomeCard {
    let render = move |ui: &Ui| {
        let text = ui.t_with(key, &[("count", count.into())]).into_owned();
        let title = if title.is_empty() {
            ui.t("approvals-title").into_owned()
        } else {
            title
        };
        let button = link_button(href, ui.t("approvals-open")).icon(Icon::Forward);
        html! { (needs_you(ui, title, html! { (text) }, button)) }
    };
    HomeCard {
        needs_you: true,
        render: Box::new(render),
    }
}
