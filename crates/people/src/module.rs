//! The module's one public face.

use db::Read;
use journal::Command;
use kernel::{Context, Permission};
use shell::{Failure, HomeCard, Module, NavEntry};
use web_ui::{Icon, Language, MessageSource};

use crate::commands::{
    AppointVoice, CorrectUnit, CreateCommunity, EndResidence, EndVoice, ExportRoll, ImportRoll,
    LinkAccount, ReadPersonalData, TransferUnit, UnlinkAccount,
};
use crate::queries;
use crate::{
    ACCOUNT_LINK, COMMUNITY_CREATE, MIGRATIONS, PERMISSIONS, PERSONAL_DATA_READ, ROLL_CHANGE,
    ROLL_IMPORT, ROLL_READ, STATEMENTS, VOICE_APPOINT, api, pages,
};

/// Each command and the permission it needs. [`ExportRoll`] needs [`ROLL_IMPORT`] besides.
const COMMANDS: &[(&str, Permission)] = &[
    (CreateCommunity::NAME, COMMUNITY_CREATE),
    (ImportRoll::NAME, ROLL_IMPORT),
    (TransferUnit::NAME, ROLL_CHANGE),
    (CorrectUnit::NAME, ROLL_CHANGE),
    (EndResidence::NAME, ROLL_CHANGE),
    (AppointVoice::NAME, VOICE_APPOINT),
    (EndVoice::NAME, VOICE_APPOINT),
    (LinkAccount::NAME, ACCOUNT_LINK),
    (UnlinkAccount::NAME, ACCOUNT_LINK),
    (ReadPersonalData::NAME, PERSONAL_DATA_READ),
    (ExportRoll::NAME, PERSONAL_DATA_READ),
];

/// Routes, tables, permissions, navigation, jobs.
pub fn module() -> Module {
    Module {
        name: "people",
        migrations: MIGRATIONS,
        statements: vec![STATEMENTS],
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
        jobs: Vec::new(),
        home: Some(home),
    }
}

/// One's own units, so that an owner finds them without the roll.
fn home(read: &mut dyn Read, ctx: &Context) -> Result<Vec<HomeCard>, Failure> {
    let own = queries::own_units(read, ctx)?;
    if own.is_empty() {
        return Ok(Vec::new());
    }
    let community = ctx.community;
    let card = HomeCard {
        needs_you: false,
        render: Box::new(move |ui| pages::own_units_part(ui, community, &own)),
    };
    Ok(vec![card])
}
