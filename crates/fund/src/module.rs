//! The module's one public face.

use crate::{COMMANDS, MIGRATIONS, PERMISSIONS, READ, STATEMENTS, api, pages, queries};

use db::Read;
use kernel::Context;
use maud::html;
use shell::{Failure, HomeCard, Module, NavEntry, Place};
use web_ui::{Icon, Language, MessageSource, Ui, link_button, needs_you};

/// Routes, tables, permissions, navigation.
pub fn module() -> Module {
    Module {
        name: "fund",
        place: Place::Communities,
        migrations: MIGRATIONS,
        statements: STATEMENTS.to_vec(),
        messages: [
            MessageSource::new(Language::Zh, "fund", include_str!("../messages/zh-CN.ftl")),
            MessageSource::new(Language::En, "fund", include_str!("../messages/en.ftl")),
        ],
        permissions: PERMISSIONS,
        commands: COMMANDS,
        pages: pages::routes(),
        api: api::routes(),
        navigation: vec![NavEntry {
            path: "fund",
            label: "nav-fund",
            icon: Icon::Overview,
            permission: READ,
            order: 32,
        }],
        followers: vec![],
        jobs: vec![],
        home: Some(home),
    }
}

/// What waits for who keeps the book.
fn home(read: &mut dyn Read, ctx: &Context) -> Result<Vec<HomeCard>, Failure> {
    if !ctx.may(crate::CONFIRM) {
        return Ok(Vec::new());
    }
    let desk = queries::desk(read, ctx)?;
    let others = desk.waiting.iter().filter(|(_, _, is_own)| !is_own).count();
    let shown = desk.tranches.iter();
    let unchecked = shown.filter(|one| one.tranche.checked_at.is_none()).count();
    let count = others + unchecked + desk.applications.len();
    if count == 0 {
        return Ok(Vec::new());
    }
    let href = format!("/c/{}/fund/desk", ctx.community);
    let render = move |ui: &Ui| {
        let text = ui.t_with("fund-home-waiting", &[("count", count.into())]);
        let button = link_button(href, ui.t("fund-desk")).icon(Icon::Receipt);
        html! { (needs_you(ui, ui.t("fund-title"), html! { (text) }, button)) }
    };
    Ok(vec![HomeCard {
        needs_you: true,
        render: Box::new(render),
    }])
}
