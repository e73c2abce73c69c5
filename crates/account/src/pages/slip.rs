//! The slip of paper with a one-time code: shown once, printed, handed over.

use identity::OneTimeCode;
use kernel::Timestamp;
use maud::{Markup, html};
use shell::Member;
use web_ui::{Heading, Icon, Tone, facts, link_button, notice, qr_code};

/// A code on its way to paper.
pub(super) struct Slip<'a> {
    /// The heading's message.
    pub(super) title: &'static str,
    /// Whom it is for, as far as the desk may know.
    pub(super) name: &'a str,
    /// The code.
    pub(super) code: &'a OneTimeCode,
    /// Where its bearer goes: `/join` or `/reset`.
    pub(super) path: &'static str,
    /// What its bearer does with it.
    pub(super) steps: &'static str,
    /// When it stops working.
    pub(super) expires_at: Timestamp,
    /// Where the desk goes on.
    pub(super) back: String,
}

impl Slip<'_> {
    /// The page with the slip.
    pub(super) fn page(&self, member: &Member) -> Markup {
        let ui = member.ui();
        let code = self.code.expose();
        let site = member.app().settings().public_url.trim_end_matches('/');
        let address = format!("{site}{}", self.path);
        let link = format!("{address}?code={code}");
        let heading = Heading::new(ui.t(self.title)).screen_only();
        ui.page(heading, html! {
            div.no-print { (notice(&ui, Tone::Warning, html! { (ui.t("account-slip-once")) })) }
            section.receipt {
                h2 { (Icon::Document) (ui.t(self.title)) }
                div.receipt-body {
                    div {
                        p.receipt-label { (ui.t("account-code")) }
                        p.receipt-code { code { (code) } }
                        (facts([
                            (ui.t("account-slip-for"), html! { (self.name) }),
                            (ui.t("account-community"), html! { (member.face.name) }),
                            (ui.t("account-slip-until"), ui.moment(self.expires_at.micros())),
                            (ui.t("account-slip-address"), html! { (address) }),
                        ]))
                        p { (ui.t(self.steps)) }
                        p.hint { (ui.t("account-slip-secret")) }
                    }
                    (qr_code(&link, &ui.t("account-slip-qr")))
                }
            }
            div.actions {
                button.button type="button" hidden data-print { (Icon::Print) span { (ui.t("ui-print")) } }
                (link_button(self.back.as_str(), ui.t("account-back")).secondary())
            }
        })
    }
}
