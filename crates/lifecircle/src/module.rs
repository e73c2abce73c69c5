//! The module's one public face.

use axum::Extension;
use shell::{Module, NavEntry, Place};
use web_ui::{Icon, Language, MessageSource};

use crate::model::READ;
use crate::{Analyses, COMMANDS, MIGRATIONS, PERMISSIONS, STATEMENTS, api, pages};

/// Routes, tables, permissions, navigation. Pages and API share the analyses in memory.
pub fn module() -> Module {
    let analyses = Analyses::default();
    Module {
        name: "lifecircle",
        place: Place::Everywhere,
        migrations: MIGRATIONS,
        statements: STATEMENTS.to_vec(),
        messages: [
            MessageSource::new(
                Language::Zh,
                "lifecircle",
                include_str!("../messages/zh-CN.ftl"),
            ),
            MessageSource::new(
                Language::En,
                "lifecircle",
                include_str!("../messages/en.ftl"),
            ),
        ],
        permissions: PERMISSIONS,
        commands: COMMANDS,
        pages: pages::routes().layer(Extension(analyses.clone())),
        api: api::routes().layer(Extension(analyses)),
        navigation: vec![NavEntry {
            path: "circles",
            label: "nav-circles",
            icon: Icon::Map,
            permission: READ,
            order: 45,
        }],
        followers: Vec::new(),
        jobs: Vec::new(),
        home: None,
    }
}
