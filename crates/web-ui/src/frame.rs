//! The frame around every page: header, navigation, heading, footer. Works without scripts.

use maud::{DOCTYPE, Markup, PreEscaped, html};

use crate::{Acting, Flash, Icon, Language, NavItem, Ui, asset_url, notice};

/// How many places stand in a phone's tab bar before "more"; large letters leave room for three.
const fn tab_bar_places(elder: bool) -> usize {
    if elder { 3 } else { 4 }
}

/// The policy that these pages keep: everything from here, nothing inline, no frames.
/// Send it as the `Content-Security-Policy` header.
pub const CONTENT_SECURITY_POLICY: &str = "default-src 'none'; script-src 'self'; \
style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; manifest-src 'self'; \
form-action 'self'; frame-ancestors 'none'; base-uri 'none'";

/// htmx without `eval` and without the `<style>` element that it would inject.
const HTMX_CONFIG: &str = r#"{"includeIndicatorStyles":false,"allowEval":false,"allowScriptTags":false,"selfRequestsOnly":true,"historyCacheSize":0}"#;

/// What stands at the head of a page: title, the way back, a lead sentence, actions.
#[derive(Clone, Debug, Default)]
#[must_use]
pub struct Heading {
    title: String,
    crumbs: Vec<(String, String)>,
    lead: Option<Markup>,
    status: Option<Markup>,
    actions: Option<Markup>,
    wide: bool,
    screen_only: bool,
}

impl Heading {
    /// A page called `title`.
    pub fn new(title: impl Into<String>) -> Self {
        Self {
            title: title.into(),
            ..Self::default()
        }
    }

    /// A step of the way back, outermost first.
    pub fn crumb(mut self, href: impl Into<String>, label: impl Into<String>) -> Self {
        self.crumbs.push((href.into(), label.into()));
        self
    }

    /// One sentence under the title.
    pub fn lead(mut self, lead: impl maud::Render) -> Self {
        self.lead = Some(lead.render());
        self
    }

    /// A [`crate::badge`] above the title: where the thing stands.
    pub fn status(mut self, status: impl maud::Render) -> Self {
        self.status = Some(status.render());
        self
    }

    /// Buttons beside the title.
    pub fn actions(mut self, actions: impl maud::Render) -> Self {
        self.actions = Some(actions.render());
        self
    }

    /// Leaves the heading out on paper, where the body has one of its own: an
    /// [`crate::announcement`].
    pub fn screen_only(mut self) -> Self {
        self.screen_only = true;
        self
    }

    /// Uses the whole width of a desk, for tables.
    pub fn wide(mut self) -> Self {
        self.wide = true;
        self
    }
}

impl From<&str> for Heading {
    fn from(title: &str) -> Self {
        Self::new(title)
    }
}

impl From<String> for Heading {
    fn from(title: String) -> Self {
        Self::new(title)
    }
}

impl From<std::borrow::Cow<'_, str>> for Heading {
    fn from(title: std::borrow::Cow<'_, str>) -> Self {
        Self::new(title)
    }
}

/// The document; called by [`Ui::page`].
pub(crate) fn page(ui: &Ui, heading: &Heading, body: &Markup) -> Markup {
    let mode = if ui.elder { "elder" } else { "standard" };
    html! {
        (DOCTYPE)
        html lang=(ui.language.tag()) data-mode=(mode) {
            (head(ui, heading))
            body .tabbed[!ui.navigation.is_empty()] {
                a.skip href="#main" { (ui.t("ui-skip")) }
                (header(ui))
                div.shell {
                    (navigation(ui))
                    main #main tabindex="-1" .wide[heading.wide] {
                        (breadcrumbs(ui, heading))
                        @for flash in &ui.flashes { (flash_notice(ui, flash)) }
                        (page_head(heading))
                        (body)
                    }
                }
                (footer(ui))
            }
        }
    }
}

fn head(ui: &Ui, heading: &Heading) -> Markup {
    let product = ui.t("ui-product");
    let place = if ui.community_name.is_empty() {
        &*product
    } else {
        &ui.community_name
    };
    html! {
        head {
            meta charset="utf-8";
            meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover";
            meta name="color-scheme" content="light";
            meta name="theme-color" content="#27323a";
            meta name="htmx-config" content=(HTMX_CONFIG);
            title { (heading.title) " · " (place) }
            link rel="stylesheet" href=(asset_url("app.css"));
            link rel="icon" href=(asset_url("favicon.svg")) type="image/svg+xml";
            link rel="manifest" href=(asset_url("manifest.webmanifest"));
            script src=(asset_url("htmx.js")) defer {}
            script src=(asset_url("app.js")) defer {}
        }
    }
}

fn header(ui: &Ui) -> Markup {
    let product = ui.t("ui-product");
    let name = if ui.community_name.is_empty() {
        &*product
    } else {
        &ui.community_name
    };
    html! {
        header.top {
            @if ui.demo {
                p.ribbon { (Icon::Info) span { (ui.t("ui-demo")) } }
            }
            div.top-inner {
                a.brand href=(ui.home_href) { (mark()) span { (name) } }
                div.top-tools {
                    (language_switch(ui))
                    (mode_switch(ui))
                    (user_chip(ui))
                }
            }
            @if let Some(acting) = &ui.acting { (acting_form(ui, acting)) }
            div.eaves {}
        }
    }
}

/// The sign of the house: a gable wall and its tiles.
fn mark() -> Markup {
    html! {
        svg.mark viewBox="0 0 32 32" aria-hidden="true" focusable="false" {
            (PreEscaped(concat!(
                r#"<path class="mark-wall" d="M3 28V14h4v-4h5V6h8v4h5v4h4v14z"/>"#,
                r#"<path class="mark-tile" d="M2 14.500V12h4V8h5V4h10v4h5v4h4v2.500M13 28v-6a3 3 0 0 1 6 0v6"/>"#,
            )))
        }
    }
}

fn language_switch(ui: &Ui) -> Markup {
    let other = ui.language.other();
    let short = match other {
        Language::Zh => "中文",
        Language::En => "EN",
    };
    html! {
        form method="post" action="/preferences" {
            (preference_inputs(ui))
            // Whoever says what they see must be understood: the short word stands in the name.
            button.tool name="language" value=(other.tag()) type="submit" lang=(other.tag()) {
                (short) @if short != other.own_name() { span.hidden { " " (other.own_name()) } }
            }
        }
    }
}

fn mode_switch(ui: &Ui) -> Markup {
    let (value, key) = if ui.elder {
        ("standard", "ui-mode-standard")
    } else {
        ("elder", "ui-mode-elder")
    };
    html! {
        form method="post" action="/preferences" {
            (preference_inputs(ui))
            button.tool name="mode" value=(value) type="submit" { (ui.t(key)) }
        }
    }
}

/// The hidden inputs that bring a preference form back to this page.
pub(crate) fn preference_inputs(ui: &Ui) -> Markup {
    html! {
        input type="hidden" name="next" value=(ui.path);
        @if let Some(token) = &ui.csrf_token { input type="hidden" name="csrf_token" value=(token); }
    }
}

/// For whom the reader acts: the record will name the organisation.
fn acting_form(ui: &Ui, acting: &Acting) -> Markup {
    html! {
        form.acting method="post" action=(acting.action) {
            (preference_inputs(ui))
            label for="acting-for" { (ui.t("ui-acting-for")) }
            select #acting-for name="organisation" {
                option value="" selected[acting.chosen.is_empty()] { (ui.t("ui-acting-self")) }
                @for (id, name) in &acting.choices {
                    option value=(id) selected[*id == acting.chosen] { (name) }
                }
            }
            button.tool type="submit" { (ui.t("ui-acting-change")) }
        }
    }
}

fn user_chip(ui: &Ui) -> Markup {
    html! {
        @match &ui.user {
            Some(user) => {
                a.chip href=(user.href) aria-label={ (user.name) " · " (user.role_label) } {
                    span.seal aria-hidden="true" { (user.name.chars().next().unwrap_or('·')) }
                    span.chip-text { span { (user.name) } small { (user.role_label) } }
                }
            }
            None => a.tool href={ "/sign-in?next=" (query_value(&ui.path)) } { (ui.t("ui-sign-in")) }
        }
    }
}

/// Percent-encodes what may not stand in a query value.
pub(crate) fn query_value(text: &str) -> String {
    use std::fmt::Write as _;
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' | b'/' => {
                encoded.push(char::from(byte));
            }
            // Writing to a String cannot fail.
            _ => drop(write!(encoded, "%{byte:02X}")),
        }
    }
    encoded
}

fn navigation(ui: &Ui) -> Markup {
    let places = &ui.navigation;
    let most = tab_bar_places(ui.elder);
    let in_bar = if places.len() <= most + 1 {
        places.len()
    } else {
        most
    };
    let (bar, rest) = places.split_at(in_bar);
    html! {
        @if !places.is_empty() {
            nav.nav aria-label=(ui.t("ui-main-navigation")) {
                ul {
                    @for place in bar { li { (nav_link(ui, place)) } }
                    // A desk shows them all; a phone folds them into "more".
                    @for place in rest { li.desk-only { (nav_link(ui, place)) } }
                    @if !rest.is_empty() { li.phone-only { (more(ui, rest)) } }
                }
            }
        }
    }
}

fn more(ui: &Ui, rest: &[NavItem]) -> Markup {
    let waiting = rest
        .iter()
        .map(|place| place.badge)
        .fold(0, u32::saturating_add);
    html! {
        details.more {
            summary .current[rest.iter().any(|place| place.current)] {
                (Icon::More) span { (ui.t("ui-more")) } (count(ui, waiting))
            }
            ul { @for place in rest { li { (nav_link(ui, place)) } } }
        }
    }
}

fn nav_link(ui: &Ui, place: &NavItem) -> Markup {
    html! {
        a href=(place.href) aria-current=[place.current.then_some("page")] {
            (place.icon) span { (place.label) } (count(ui, place.badge))
        }
    }
}

fn count(ui: &Ui, waiting: u32) -> Markup {
    html! {
        @if waiting > 0 {
            b.count { @if waiting > 99 { "99+" } @else { (waiting) }
                span.hidden { " " (ui.t_with("ui-waiting", &[("n", waiting.into())])) } }
        }
    }
}

fn breadcrumbs(ui: &Ui, heading: &Heading) -> Markup {
    html! {
        @if !heading.crumbs.is_empty() {
            nav.crumbs aria-label=(ui.t("ui-breadcrumbs")) {
                ol {
                    @for (href, label) in &heading.crumbs { li { a href=(href) { (label) } } }
                    li { span aria-current="page" { (heading.title) } }
                }
            }
        }
    }
}

fn flash_notice(ui: &Ui, flash: &Flash) -> Markup {
    html! { div.flash role="status" { (notice(ui, flash.tone, flash.text.as_str())) } }
}

fn page_head(heading: &Heading) -> Markup {
    html! {
        div.page-head .no-print[heading.screen_only] {
            div {
                @if let Some(status) = &heading.status { p.page-status { (status) } }
                h1 { (heading.title) }
                @if let Some(lead) = &heading.lead { p.lead { (lead) } }
            }
            @if let Some(actions) = &heading.actions { div.actions { (actions) } }
        }
    }
}

fn footer(ui: &Ui) -> Markup {
    html! {
        footer.foot {
            (roofline())
            div.foot-inner {
                @if !ui.footer.is_empty() {
                    ul { @for link in &ui.footer { li { a href=(link.href) { (link.label) } } } }
                }
                p { (ui.t("ui-footer")) }
            }
        }
    }
}

/// A row of white gables with dark caps, as along a canal.
fn roofline() -> Markup {
    html! {
        svg.roofline viewBox="0 0 480 72" aria-hidden="true" focusable="false" {
            (PreEscaped(concat!(
                r#"<path class="roof-wall" d="M42 72V46H86V72zM26 72V54H42V72zM86 72V54H102V72zM148 72V18H208V72zM130 72V27H148V72zM208 72V27H226V72zM112 72V36H130V72zM226 72V36H244V72zM94 72V45H112V72zM244 72V45H262V72zM286 72V44H334V72zM268 72V52H286V72zM334 72V52H352V72zM380 72V30H428V72zM364 72V39H380V72zM428 72V39H444V72zM348 72V48H364V72zM444 72V48H460V72z"/>"#,
                r#"<path class="roof-tile" d="M39 44q1.5 2 4 2H85q2.5 0 4-2M23 52q1.5 2 4 2H41q2.5 0 4-2M83 52q1.5 2 4 2H101q2.5 0 4-2M145 16q1.5 2 4 2H207q2.5 0 4-2M127 25q1.5 2 4 2H147q2.5 0 4-2M205 25q1.5 2 4 2H225q2.5 0 4-2M109 34q1.5 2 4 2H129q2.5 0 4-2M223 34q1.5 2 4 2H243q2.5 0 4-2M91 43q1.5 2 4 2H111q2.5 0 4-2M241 43q1.5 2 4 2H261q2.5 0 4-2M283 42q1.5 2 4 2H333q2.5 0 4-2M265 50q1.5 2 4 2H285q2.5 0 4-2M331 50q1.5 2 4 2H351q2.5 0 4-2M377 28q1.5 2 4 2H427q2.5 0 4-2M361 37q1.5 2 4 2H379q2.5 0 4-2M425 37q1.5 2 4 2H443q2.5 0 4-2M345 46q1.5 2 4 2H363q2.5 0 4-2M441 46q1.5 2 4 2H459q2.5 0 4-2"/>"#,
                r#"<path class="roof-window" d="M58 54h12v9H58zM170 34h16v14h-16zM134 50h9v9h-9zM213 50h9v9h-9zM304 53h12v9h-12zM398 42h12v11h-12z"/>"#,
            )))
        }
    }
}
