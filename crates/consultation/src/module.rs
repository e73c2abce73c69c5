//! The module's one public face.

use axum::Extension;
use db::Read;
use kernel::Context;
use maud::html;
use shell::{Failure, HomeCard, Module, NavEntry, Place, Throttle};
use web_ui::{Icon, Language, MessageSource, Tone, Ui, link_button, notice};

use crate::model::{READ, Stage};
use crate::{COMMANDS, MIGRATIONS, PERMISSIONS, STATEMENTS, api, pages, queries};

/// Routes, tables, permissions, navigation.
pub fn module() -> Module {
    // Many households may share an address.
    let throttle = Throttle::new("nameless_comments", 30, 10);
    Module {
        name: "consultation",
        place: Place::Everywhere,
        migrations: MIGRATIONS,
        statements: STATEMENTS.to_vec(),
        messages: [
            MessageSource::new(
                Language::Zh,
                "consultation",
                include_str!("../messages/zh-CN.ftl"),
            ),
            MessageSource::new(
                Language::En,
                "consultation",
                include_str!("../messages/en.ftl"),
            ),
        ],
        permissions: PERMISSIONS,
        commands: COMMANDS,
        pages: pages::routes().layer(Extension(throttle.clone())),
        api: api::routes().layer(Extension(throttle)),
        navigation: vec![NavEntry {
            path: "consultations",
            label: "nav-consultations",
            icon: Icon::Document,
            permission: READ,
            order: 16,
        }],
        followers: Vec::new(),
        jobs: Vec::new(),
        home: Some(home),
    }
}

/// Texts that are open for comment.
fn home(read: &mut dyn Read, ctx: &Context) -> Result<Vec<HomeCard>, Failure> {
    if !ctx.may(READ) {
        return Ok(Vec::new());
    }
    let community = ctx.community;
    let lines = queries::consultations(read, ctx, None)?;
    let open = lines
        .into_iter()
        .filter(|line| line.stage(ctx.now) == Stage::Open);
    let card = |line: crate::Line| {
        let href = format!("/c/{community}/consultations/{}", line.id);
        HomeCard {
            needs_you: false,
            render: Box::new(move |ui: &Ui| {
                let until = [("date", ui.date_time(line.closes.micros()).into())];
                let until = ui.t_with("consultation-until", &until);
                let button = link_button(href, ui.t("consultation-look")).secondary();
                html! { (notice(ui, Tone::Info, html! { (until) }).title(line.title).action(button)) }
            }),
        }
    };
    Ok(open.map(card).collect())
}
