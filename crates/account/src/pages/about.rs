//! What this installation is, and the key with which anyone checks its record.

use maud::{Markup, html};
use shell::Visitor;
use web_ui::{Heading, Icon, facts, prose, section};

/// `GET /about`.
pub(super) async fn page(visitor: Visitor) -> Markup {
    let ui = visitor.ui();
    let key = visitor.app.journal().signer().verifying_key().to_string();
    let engine = visitor.app.database().engine().to_string();
    let heading = Heading::new(ui.t("account-about")).lead(ui.t("account-about-lead"));
    ui.page(heading, html! {
        (section(ui.t("account-about-here"), facts([
            (ui.t("account-about-version"), html! { (env!("CARGO_PKG_VERSION")) }),
            (ui.t("account-about-address"), html! { (visitor.app.settings().public_url) }),
            (ui.t("account-about-database"), html! { (engine) }),
        ])))
        (section(ui.t("account-about-verify"), html! {
            (prose(html! {
                p { (ui.t("account-about-verify-text")) }
                pre { code { "linli verify RECEIPT.json --head HEAD.json" } }
                p { (ui.t("account-about-key")) }
                pre { code { (key) } }
            }))
            div.actions {
                button.button.secondary type="button" hidden data-copy=(key) data-copied=(ui.t("ui-copied")) {
                    (Icon::Copy) span { (ui.t("account-about-copy")) }
                }
            }
        }))
        (section(ui.t("account-about-open"), prose(html! {
            p { (ui.t("account-about-open-text")) " " a href="/api/v1" { "/api/v1" } }
        })))
    })
}
