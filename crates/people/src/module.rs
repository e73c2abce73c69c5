//! The module's one public face.

use db::Read;
use kernel::{Context, Timestamp};
use shell::{App, Failure, HomeCard, Job, Module, NavEntry, Place};
use web_ui::{Icon, Language, MessageSource};

use crate::commands::{COMMANDS, KEPT_SECONDS};
use crate::{MIGRATIONS, PERMISSIONS, ROLL_READ, STATEMENTS, api, pages, queries, store};

/// Routes, tables, permissions, navigation, jobs.
pub fn module() -> Module {
    Module {
        name: "people",
        place: Place::Communities,
        migrations: MIGRATIONS,
        statements: STATEMENTS.to_vec(),
        messages: [
            MessageSource::new(
                Language::Zh,
                "people",
                include_str!("../messages/zh-CN.ftl"),
            ),
            MessageSource::new(Language::En, "people", include_str!("../messages/en.ftl")),
        ],
        permissions: PERMISSIONS,
        commands: COMMANDS,
        pages: pages::routes(),
        api: api::routes(),
        navigation: vec![NavEntry {
            path: "people",
            label: "nav-people",
            icon: Icon::Building,
            permission: ROLL_READ,
            order: 20,
        }],
        followers: Vec::new(),
        jobs: vec![Job {
            name: "people.uploads",
            run: forget_old_uploads,
        }],
        home: Some(home),
    }
}

/// Forgets files that nobody imported within a day.
fn forget_old_uploads(app: &App, ctx: Context, now: Timestamp) -> Result<u64, Failure> {
    let oldest = now.plus_seconds(-KEPT_SECONDS);
    app.database().write_blocking(ctx.community, move |tx| {
        store::delete_uploads_before(tx, &ctx, oldest).map_err(Failure::from)
    })
}

/// One's own units, so that an owner finds them without the roll.
fn home(read: &mut dyn Read, ctx: &Context) -> Result<Vec<HomeCard>, Failure> {
    let own = queries::own_units(read, ctx)?;
    if own.is_empty() {
        return Ok(Vec::new());
    }
    let community = ctx.community;
    Ok(vec![HomeCard {
        needs_you: false,
        render: Box::new(move |ui| pages::own_units_part(ui, community, &own)),
    }])
}
