//! The modules in one list, and the program made of them.

use std::process::ExitCode;
use std::sync::Arc;

use anyhow::Context as _;
use db::{Migration, Read};
use identity::{Directory, PermissionRule, SessionPolicy, Sessions};
use journal::Journal;
use kernel::{CommunityId, Kind, Problem as _, Timestamp};
use shell::{App, CommunityFace, Failure, Module, Navigation, Parts, Settings};
use web_ui::{Language, MessageSource, Messages};

use crate::config::{Config, Store, Web};
use crate::opening::{Opened, database};
use crate::out;

/// How many sessions are remembered in memory.
const SESSIONS_REMEMBERED: usize = 100_000;

/// Every module, in the order of their tables.
pub(crate) fn modules() -> Vec<Module> {
    vec![
        account::module(),
        people::module(),
        decisions::module(),
        polls::module(),
        consultation::module(),
        points::module(),
        timebank::module(),
        fund::module(),
        approvals::module(),
        lifecircle::module(),
        webhooks::module(),
    ]
}

/// Every migration: the journal's and the book's first, then each module's.
pub(crate) fn migrations(modules: &[Module]) -> Vec<Migration> {
    let of_modules = modules.iter().flat_map(|module| module.migrations);
    journal::MIGRATIONS
        .iter()
        .chain(book::MIGRATIONS)
        .chain(of_modules)
        .copied()
        .collect()
}

/// The program over an open database, its tables up to date.
pub(crate) fn app(
    config: &Config,
    opened: Opened,
    demo: bool,
) -> anyhow::Result<(App, Vec<Module>)> {
    let modules = modules();
    let vault = opened.vault;
    let parts = Parts {
        journal: Journal::new(opened.database, opened.keys.signer()?),
        vault: vault.clone(),
        directory: directory(&modules),
        sessions: Sessions::new(policy(config), vault, SESSIONS_REMEMBERED),
        messages: Arc::new(messages(&modules)?),
        navigation: Navigation::of(&modules),
        clock: Arc::new(system_clock),
        settings: Settings {
            public_url: config.public_url.clone(),
            city_name: config.city_name.clone(),
            secure: config.public_url.starts_with("https://"),
            demo,
            trust_proxy: config.trust_proxy,
        },
        find_community,
    };
    Ok((App::new(parts), modules))
}

/// How long sessions last, and whether staff need a passkey, as the operator wants it.
fn policy(config: &Config) -> SessionPolicy {
    SessionPolicy {
        staff_need_passkey: config.staff_need_passkey,
        ..SessionPolicy::default()
    }
}

/// Who may do what by the modules' rules.
pub(crate) fn directory(modules: &[Module]) -> Directory {
    let rules = modules
        .iter()
        .flat_map(|module| module.permissions)
        .map(|(permission, roles)| PermissionRule {
            permission: *permission,
            roles,
        });
    Directory::new(rules, consultation::OPEN_TO_ANYONE.iter().copied())
}

/// All texts of all modules.
pub(crate) fn messages(modules: &[Module]) -> anyhow::Result<Messages> {
    let of = |name: &'static str, texts: &'static [(&'static str, &'static str)]| {
        texts.iter().filter_map(move |(tag, text)| {
            Language::from_tag(tag).map(|language| MessageSource::new(language, name, text))
        })
    };
    let platform = of("journal", journal::MESSAGES).chain(of("book", book::MESSAGES));
    let own = [
        MessageSource::new(Language::Zh, "linli", include_str!("../messages/zh-CN.ftl")),
        MessageSource::new(Language::En, "linli", include_str!("../messages/en.ftl")),
    ];
    let sources = web_ui::MESSAGES
        .into_iter()
        .chain(shell::MESSAGES)
        .chain(platform)
        .chain(own)
        .chain(modules.iter().flat_map(|module| module.messages));
    Messages::build(sources).context("the messages don't fit together")
}

fn find_community(read: &mut dyn Read, id: CommunityId) -> Result<Option<CommunityFace>, Failure> {
    match people::queries::community(read, id) {
        Ok(community) => Ok(Some(CommunityFace {
            name: community.name,
            demo: community.is_demo,
        })),
        Err(error) if error.kind() == Kind::NotFound => Ok(None),
        Err(error) => Err(error.into()),
    }
}

/// The system's time.
pub(crate) fn system_clock() -> Timestamp {
    Timestamp::from_micros(jiff::Timestamp::now().as_microsecond())
}

/// `linli migrate`.
pub(crate) fn migrate(store: &Store) -> anyhow::Result<ExitCode> {
    let config = Config::decide(store, &Web::default())?;
    let database = database(&config, false)?;
    let applied = database.migrate(&migrations(&modules()))?;
    if applied.is_empty() {
        out::line("The tables are up to date.")?;
    }
    for one in &applied {
        out::line(format!("applied {}/{}", one.module, one.version))?;
    }
    database.close();
    Ok(ExitCode::SUCCESS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_message_exists_in_both_languages() {
        let missing = messages(&modules()).unwrap().missing_keys();
        assert!(missing.is_empty(), "{missing:?}");
    }

    /// One description holds them all: of two schemas with one name the later would stand for both.
    #[test]
    fn no_two_modules_describe_different_things_by_one_name() {
        let mut described = std::collections::HashMap::new();
        for module in modules() {
            let (_, description) = module.api.split_for_parts();
            for (name, schema) in description.components.unwrap_or_default().schemas {
                let text = serde_json::to_string(&schema).unwrap();
                let (of, same) = described
                    .entry(name.clone())
                    .or_insert_with(|| (module.name, text.clone()));
                assert_eq!(*same, text, "{name} of {of} and of {}", module.name);
            }
        }
    }

    #[test]
    fn every_group_of_the_api_has_a_name() {
        let messages = messages(&modules()).unwrap();
        for module in modules() {
            let (_, description) = module.api.split_for_parts();
            for path in description.paths.paths.into_values() {
                let operations = [path.get, path.put, path.post, path.delete, path.patch];
                for tag in operations
                    .into_iter()
                    .flatten()
                    .filter_map(|one| one.tags)
                    .flatten()
                {
                    let key = format!("reference-tag-{tag}");
                    assert!(messages.has(&key), "{key} has no text");
                }
            }
        }
    }

    #[test]
    fn every_place_of_the_navigation_is_named_and_explained() {
        let modules = modules();
        let messages = messages(&modules).unwrap();
        for entry in modules.iter().flat_map(|module| &module.navigation) {
            for key in [entry.label.to_owned(), format!("{}-text", entry.label)] {
                assert!(messages.has(&key), "{key} has no text");
            }
        }
    }

    #[test]
    fn every_permission_has_a_name_for_those_who_lack_it() {
        let modules = modules();
        let messages = messages(&modules).unwrap();
        for (permission, _) in modules.iter().flat_map(|module| module.permissions) {
            let key = shell::permission_message(permission.0);
            assert!(messages.has(&key), "{key} has no text");
        }
    }

    #[test]
    fn staff_wait_for_a_passkey_where_the_operator_says_so() {
        let decided = |staff_need_passkey| {
            let web = Web {
                staff_need_passkey,
                ..Web::default()
            };
            policy(&Config::decide(&Store::default(), &web).unwrap()).staff_need_passkey
        };
        assert!(decided(true) && !decided(false));
    }

    #[test]
    fn every_command_needs_a_permission_that_some_role_holds() {
        let modules = modules();
        let held: Vec<_> = modules
            .iter()
            .flat_map(|module| module.permissions)
            .collect();
        for (command, permission) in modules.iter().flat_map(|module| module.commands) {
            // Secret ballots are taken in Linli's own name, so that nobody knows whose they are; and what is due by the
            // clock nobody settles but Linli.
            if [polls::CAST, timebank::SETTLE].contains(permission) {
                continue;
            }
            let roles = held
                .iter()
                .find(|(one, _)| one == permission)
                .map(|(_, roles)| roles.len());
            assert!(
                roles.is_some_and(|roles| roles > 0),
                "{command} needs {}, which nobody holds",
                permission.0
            );
        }
    }
}
