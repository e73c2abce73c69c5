//! The page frame, components, forms and messages in two languages.
//!
//! Everything a page is made of, as functions that give [`maud::Markup`] or builders that render
//! inside `html!`. Pages work without scripts; htmx and `app.js` only make them quicker. The look
//! lives in `web/styles`: white wall, dark tile, one jade accent, and vermilion for what needs
//! the reader. Nothing here knows a module.
//!
//! # A page
//!
//! ```
//! use std::sync::Arc;
//!
//! use maud::html;
//! use web_ui::{
//!     Choice, FormErrors, Heading, Icon, Input, Language, MESSAGES, MessageSource, Messages,
//!     Shade, Ui, badge, button, choices, field, form, link_button,
//! };
//!
//! // Once, when the program starts: every module's files and the components' own.
//! const MODULE: [MessageSource; 2] = [
//!     MessageSource::new(Language::Zh, "votes", "vote-title = 投票\nvote-for = 赞成\nvote-cast = 提交"),
//!     MessageSource::new(Language::En, "votes", "vote-title = Vote\nvote-for = For\nvote-cast = Cast"),
//! ];
//! let messages = Arc::new(Messages::build(MESSAGES.into_iter().chain(MODULE))?);
//! assert!(messages.missing_keys().is_empty());
//!
//! // Per request: who reads it and where they are.
//! let mut ui = Ui::new(messages, Language::En);
//! ui.community_name = "Cangqiao".to_owned();
//!
//! // Per page.
//! let mut errors = FormErrors::new();
//! errors.add("choice", "Please choose one");
//! let body = html! {
//!     (form(&ui, "/decisions/7/ballot", html! {
//!         (choices(&ui, "choice", ui.t("vote-title")).required().error(errors.of("choice"))
//!             .choice(Choice::new("for", ui.t("vote-for")).icon(Icon::Check)))
//!         (field(&ui, "phone", "Phone").input(Input::Phone).autocomplete("tel"))
//!     })
//!     .errors(&ui, &errors)
//!     .button(button(ui.t("vote-cast")).icon(Icon::Vote))
//!     .button(link_button("/decisions/7", "Back").secondary()))
//! };
//! let heading = Heading::new(ui.t("vote-title"))
//!     .crumb("/", "Home")
//!     .status(badge(Shade::Jade, "open"))
//!     .lead(html! { "Closes on " (ui.date(1_795_453_500_000_000)) });
//! let page = ui.page(heading, body).into_string();
//! assert!(page.starts_with("<!DOCTYPE html>"));
//! # Ok::<(), web_ui::MessagesError>(())
//! ```
//!
//! # Which component
//!
//! | for | take |
//! |---|---|
//! | the frame | [`Ui::page`] with a [`Heading`]; [`error_page`] with a [`Problem`] |
//! | to do something | [`button`], [`link_button`], [`actions`], [`form`], [`confirm`], [`hidden`] |
//! | to type | [`field`] with an [`Input`], [`textarea`], [`select`], [`file_upload`], [`search`] |
//! | to choose | [`choices`] of [`Choice`] cards (a ballot), [`checkbox`], [`preferences_form`] |
//! | what went wrong in a form | [`FormErrors`]: `.error(errors.of("name"))` and [`Form::errors`] |
//! | to tell | [`notice`], [`needs_you`], [`badge`], [`Flash`], [`empty`], [`loading`] |
//! | to show one thing | [`card`], [`cards`], [`facts`], [`section`], [`prose`], [`disclosure`], [`announcement`] |
//! | to show many things | [`rows`] of [`row`], [`table`] of [`Column`], [`tabs`], [`pagination`] |
//! | shares and figures | [`share_bar`], [`progress`], [`stats`] of [`stat`] |
//! | a course of events | [`timeline`] of [`Step`], [`history`] of [`HistoryEntry`], [`Ui::countdown`] |
//! | proof | [`receipt`], [`qr_code`], [`citation`] |
//! | to stay current | [`live`], [`Search::live`] (by htmx; a reload shows the same) |
//!
//! [`component_page`] shows them all; `cargo run -p web-ui --example gallery -- DIR` writes it,
//! and the error pages, to files in both languages and modes. `e2e/elder.mjs` measures the sizes
//! that elder mode promises.
//!
//! # What the server around it does
//!
//! - answers `/assets/{name}` from [`asset`] with its three headers (packed where the browser
//!   takes gzip), and `/favicon.ico` from
//!   `asset("favicon.svg")`;
//! - sends [`CONTENT_SECURITY_POLICY`];
//! - takes `POST /preferences` with `next` and either or both of `language` (a [`Language`] tag)
//!   and `mode` (`elder` or `standard`), keeps them in a cookie and answers 303 to
//!   [`local_path`]`(next)`;
//! - has `/sign-in?next=…`, and a way to sign out on [`UserChip::href`].

mod assets;
mod components;
mod format;
mod frame;
mod gallery;
mod icon;
mod language;
mod messages;
mod ui;

pub use assets::{Asset, asset, asset_url, assets};
pub use components::{
    Announcement, Button, Card, Checkbox, Choice, Choices, Citation, Column, Confirm, Empty, Field,
    Form, FormErrors, HistoryEntry, Input, Notice, Problem, Receipt, Row, Search, Select, Shade,
    ShareBar, Stat, Step, StepState, Tab, Table, actions, announcement, badge, button, card, cards,
    checkbox, choices, citation, confirm, disclosure, empty, error_page, error_summary, facts,
    field, file_upload, form, hidden, history, link_button, live, loading, needs_you, notice,
    pagination, preferences_form, progress, prose, qr_code, receipt, row, rows, search, section,
    select, share_bar, stat, stats, table, tabs, textarea, timeline,
};
pub use format::{
    area, civil_date, date, date_time, local, machine_time, money, number, share, time,
};
pub use frame::{CONTENT_SECURITY_POLICY, Heading};
pub use gallery::component_page;
pub use icon::{Icon, icon};
pub use language::Language;
pub use messages::{Arg, MessageSource, Messages, MessagesError, MissingKey};
pub use ui::{Acting, Flash, FooterLink, NavItem, Tone, Ui, UserChip};

/// The components' own messages; every [`Messages::build`] needs them.
pub const MESSAGES: [MessageSource; 2] = [
    MessageSource::new(
        Language::Zh,
        "web-ui",
        include_str!("../messages/zh-CN.ftl"),
    ),
    MessageSource::new(Language::En, "web-ui", include_str!("../messages/en.ftl")),
];

/// `next` if it is a path on this very site, else `/`: keeps a redirect from leading elsewhere.
pub fn local_path(next: &str) -> &str {
    let local = next.starts_with('/')
        && !next.starts_with("//")
        && !next.contains(['\\', '\r', '\n', '\t', '\0'])
        && next.len() <= 2048;
    if local { next } else { "/" }
}

#[cfg(test)]
pub(crate) fn test_ui() -> Ui {
    Ui::new(
        std::sync::Arc::new(Messages::build(MESSAGES).unwrap()),
        Language::Zh,
    )
}

#[cfg(test)]
mod tests {
    use maud::html;

    use super::*;

    #[test]
    fn a_redirect_never_leaves_the_site() {
        assert_eq!(local_path("/decisions/7?x=1"), "/decisions/7?x=1");
        for evil in [
            "",
            "https://evil.example",
            "//evil.example",
            "/\\evil.example",
            "/\t/evil",
        ] {
            assert_eq!(local_path(evil), "/", "{evil}");
        }
    }

    #[test]
    fn what_people_type_is_escaped_everywhere() {
        let evil = "<script>alert('x')</script>\"'>";
        let mut ui = test_ui();
        ui.community_name = evil.to_owned();
        ui.path = evil.to_owned();
        ui.user = Some(UserChip {
            name: evil.to_owned(),
            role_label: evil.to_owned(),
            href: "/me".to_owned(),
        });
        let page = ui
            .page(
                Heading::new(evil).crumb("/", evil).lead(evil),
                html! {
                    (field(&ui, evil, evil).value(evil).hint(evil).error(Some(evil)))
                    (choices(&ui, evil, evil).choice(Choice::new(evil, evil).text(evil)))
                    (table(&ui, evil, [Column::text(evil), Column::number(evil)]).row([evil, evil]))
                    (receipt(&ui, evil, evil).fact(evil, evil))
                    (share_bar(evil, 3).part(Shade::Jade, evil, 1, evil))
                    (notice(&ui, Tone::Danger, evil))
                },
            )
            .into_string();
        assert!(!page.contains("<script>alert"));
        assert!(!page.contains("\"'>"));
    }

    #[test]
    fn no_element_carries_an_attribute_twice() {
        let page = component_page(&test_ui()).into_string();
        for tag in page.split('<').filter_map(|rest| rest.split('>').next()) {
            assert!(tag.matches(" class=").count() <= 1, "{tag}");
            assert!(tag.matches(" id=").count() <= 1, "{tag}");
        }
    }

    #[test]
    fn no_component_needs_more_than_the_policy_allows() {
        for elder in [false, true] {
            let mut ui = test_ui();
            ui.elder = elder;
            let page = component_page(&ui).into_string();
            for forbidden in [
                " style=",
                "<style",
                " onclick=",
                " onload=",
                "javascript:",
                "hx-on",
            ] {
                assert!(
                    !page.contains(forbidden),
                    "{forbidden} in the component page"
                );
            }
        }
    }
}
