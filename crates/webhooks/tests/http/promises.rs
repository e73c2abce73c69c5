//! What every module promises: statements on both engines, texts in both languages, a permission for every command.

use db::{Database, Tx};
use journal::Command;
use kernel::{Actor, Grants, Kind, Problem as _};
use webhooks::{
    AddWebhook, COMMANDS, Endpoint, Error, Kinds, PERMISSIONS, PauseWebhook, RemoveWebhook,
    RepeatDelivery, ResumeWebhook, RotateSecret, STATEMENTS, StopGoneWebhook, TestWebhook,
    WebhookId,
};

use crate::site::{HERE, Site, engines};

#[test]
fn every_statement_is_understood_by_both_engines() {
    for url in engines("webhooks_statements") {
        let database = Database::open(&url, db::Options::default()).unwrap();
        let migrations = [journal::MIGRATIONS, webhooks::MIGRATIONS].concat();
        database.migrate(&migrations).unwrap();
        for statements in STATEMENTS {
            assert_eq!(database.prepare_all(statements), Ok(()), "{url}");
        }
    }
}

#[test]
fn every_text_exists_in_both_languages() {
    let site = Site::demo();
    assert!(
        site.app.messages().missing_keys().is_empty(),
        "{:?}",
        site.app.messages().missing_keys()
    );
}

#[test]
fn nobody_commands_without_the_permission() {
    let site = Site::demo();
    let webhook = WebhookId::from_uuid(kernel::Uuid::from_u128(9));
    let endpoint = Endpoint::parse("https://hooks.example.cn/", false).unwrap();
    let add = AddWebhook {
        endpoint,
        kinds: Kinds::default(),
        description: String::new(),
    };
    let mut tried = vec![
        denied(&site, add),
        denied(&site, PauseWebhook { webhook }),
        denied(&site, ResumeWebhook { webhook }),
        denied(&site, RemoveWebhook { webhook }),
        denied(&site, RotateSecret { webhook }),
        denied(&site, TestWebhook { webhook }),
        denied(
            &site,
            RepeatDelivery {
                webhook,
                position: 0,
            },
        ),
        denied(
            &site,
            StopGoneWebhook {
                webhook,
                position: 0,
            },
        ),
    ];
    let mut listed: Vec<_> = COMMANDS.iter().map(|(name, _)| *name).collect();
    tried.sort_unstable();
    listed.sort_unstable();
    assert_eq!(tried, listed);
    for (name, permission) in COMMANDS {
        assert!(
            PERMISSIONS
                .iter()
                .any(|(held, roles)| held == permission && !roles.is_empty()),
            "{name}"
        );
    }
}

fn denied<C: Command<Error = Error>>(site: &Site, command: C) -> &'static str {
    let mut ctx = site.app.system_context(HERE).unwrap();
    ctx.actor = Actor::Anonymous;
    ctx.grants = Grants::default();
    let run = move |tx: &mut dyn Tx| command.run(tx, &ctx).map(drop);
    let refused = site.app.database().write_blocking(HERE, run).unwrap_err();
    assert_eq!(refused.kind(), Kind::Denied, "{}", C::NAME);
    C::NAME
}
