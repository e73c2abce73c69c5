//! The module's one public face.

use std::sync::Arc;

use axum::Extension;
use identity::{PERMISSIONS as RULES, VIEW_MEMBERS, commands};
use journal::Command;
use kernel::{CommunityId, Context, Permission, Role, Timestamp};
use shell::{App, Failure, Job, Module, NavEntry, Place};
use web_ui::{Icon, Language, MessageSource};

use crate::door::{Door, Options};
use crate::{api, pages};

/// Routes, tables, permissions and navigation, with the usual costs and limits.
pub fn module() -> Module {
    module_with(Options::default())
}

/// The same with other costs and limits: for tests, and for operators of small machines.
pub fn module_with(options: Options) -> Module {
    let door = Arc::new(Door::new(options));
    Module {
        name: "account",
        place: Place::Everywhere,
        migrations: identity::MIGRATIONS,
        statements: vec![identity::STATEMENTS],
        messages: [
            MessageSource::new(Language::Zh, "account", CHINESE),
            MessageSource::new(Language::En, "account", ENGLISH),
        ],
        permissions: &PERMISSIONS,
        commands: COMMANDS,
        pages: pages::routes().layer(Extension(Arc::clone(&door))),
        api: api::routes().layer(Extension(door)),
        navigation: vec![NavEntry {
            path: "members",
            label: "account-nav-members",
            icon: Icon::People,
            permission: VIEW_MEMBERS,
            order: 90,
        }],
        followers: Vec::new(),
        jobs: vec![Job {
            name: "account.prune",
            run: prune,
        }],
        home: None,
    }
}

/// Identity's words and this module's.
const CHINESE: &str = concat!(
    include_str!("../../identity/messages/zh-CN.ftl"),
    "\n",
    include_str!("../messages/zh-CN.ftl")
);
const ENGLISH: &str = concat!(
    include_str!("../../identity/messages/en.ftl"),
    "\n",
    include_str!("../messages/en.ftl")
);

/// Identity's rules as the shell takes them.
static PERMISSIONS: [(Permission, &[Role]); RULES.len()] = permissions();

#[expect(
    clippy::indexing_slicing,
    reason = "evaluated by the compiler, within the length both share"
)]
const fn permissions() -> [(Permission, &'static [Role]); RULES.len()] {
    let mut all: [(Permission, &'static [Role]); RULES.len()] = [(VIEW_MEMBERS, &[]); RULES.len()];
    let mut at = 0;
    while at < RULES.len() {
        all[at] = (RULES[at].permission, RULES[at].roles);
        at += 1;
    }
    all
}

/// Commands that need a permission. Giving and ending a role needs the one of
/// [`identity::appointing`]; named here is the one that the most roles hold. Commands on one's own account and
/// session need none.
const COMMANDS: &[(&str, Permission)] = &[
    (commands::Invite::NAME, identity::INVITE),
    (commands::WithdrawCode::NAME, identity::INVITE),
    (commands::IssueReset::NAME, identity::RESET),
    (commands::GrantRole::NAME, identity::INVITE),
    (commands::EndRole::NAME, identity::INVITE),
    (
        commands::RegisterOrganisation::NAME,
        identity::REGISTER_ORGANISATION,
    ),
];

/// Once an hour, in the city: forgets old failures, passkey ceremonies and sessions.
#[expect(clippy::needless_pass_by_value, reason = "the shape of every job")]
fn prune(app: &App, ctx: Context, now: Timestamp) -> Result<u64, Failure> {
    let minute_of_hour = now.micros().div_euclid(60_000_000).rem_euclid(60);
    if ctx.community != CommunityId::CITY || minute_of_hour != 17 {
        return Ok(0);
    }
    app.database().write_blocking(CommunityId::CITY, move |tx| {
        identity::prune(tx, now, identity::Lockout::default()).map_err(Failure::from)
    })
}
