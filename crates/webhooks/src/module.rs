//! The module's one public face.

use kernel::{Context, Timestamp};
use shell::{App, Failure, Job, Module, NavEntry, Place};
use web_ui::{Icon, Language, MessageSource};

use crate::{
    COMMANDS, KEPT_DAYS, MIGRATIONS, PERMISSIONS, READ, STATEMENTS, api, follower, pages, store,
};

/// Routes, tables, permissions, navigation, the follower and the job. Deliveries are sent by [`crate::run`].
pub fn module() -> Module {
    Module {
        name: "webhooks",
        place: Place::Communities,
        migrations: MIGRATIONS,
        statements: STATEMENTS.to_vec(),
        messages: [
            MessageSource::new(
                Language::Zh,
                "webhooks",
                include_str!("../messages/zh-CN.ftl"),
            ),
            MessageSource::new(Language::En, "webhooks", include_str!("../messages/en.ftl")),
        ],
        permissions: PERMISSIONS,
        commands: COMMANDS,
        pages: pages::routes(),
        api: api::routes(),
        navigation: vec![NavEntry {
            path: "record",
            label: "nav-record",
            icon: Icon::Proof,
            permission: READ,
            order: 60,
        }],
        followers: vec![follower()],
        jobs: vec![Job {
            name: "webhooks.forget",
            run: forget_what_is_old,
        }],
        home: None,
    }
}

/// Forgets deliveries that were settled long ago: the journal keeps the entries themselves.
#[expect(clippy::needless_pass_by_value, reason = "every job has this form")]
fn forget_what_is_old(app: &App, ctx: Context, now: Timestamp) -> Result<u64, Failure> {
    let (community, before) = (ctx.community, now.plus_days(-KEPT_DAYS));
    if !app
        .database()
        .read_blocking(move |read| store::has_old(read, community, before))?
    {
        return Ok(0);
    }
    Ok(app.database().write_blocking(community, move |tx| {
        store::delete_old(tx, community, before)
    })?)
}
