//! Nothing here yet, not here yet, and are you sure.

use maud::{Markup, Render, html};

use super::{button::Button, form::form};
use crate::{Icon, Ui};

/// An empty state; made by [`empty`].
#[derive(Clone, Debug)]
#[must_use]
pub struct Empty {
    icon: Icon,
    title: String,
    text: Option<String>,
    action: Option<Markup>,
}

/// Says kindly that there is nothing yet, and what would make it appear.
pub fn empty(icon: Icon, title: impl Into<String>) -> Empty {
    Empty {
        icon,
        title: title.into(),
        text: None,
        action: None,
    }
}

impl Empty {
    /// What will stand here, or how it comes about.
    pub fn text(mut self, text: impl Into<String>) -> Self {
        self.text = Some(text.into());
        self
    }

    /// The button that makes the first one.
    pub fn action(mut self, action: impl Render) -> Self {
        self.action = Some(action.render());
        self
    }
}

impl Render for Empty {
    fn render(&self) -> Markup {
        html! {
            div.empty {
                (self.icon)
                p.empty-title { (self.title) }
                @if let Some(text) = &self.text { p { (text) } }
                @if let Some(action) = &self.action { div.actions { (action) } }
            }
        }
    }
}

/// Shown while htmx waits for an answer; give its id to `hx-indicator`.
pub fn loading(ui: &Ui, id: &str) -> Markup {
    html! {
        p.loading.htmx-indicator #(id) role="status" {
            span.ripple aria-hidden="true" {}
            (ui.t("ui-loading"))
        }
    }
}

/// A part of the page called `id` that fetches itself from `url` every `seconds` while the page
/// is open (by htmx). `url` is the page's own address: the server answers the full page and htmx
/// takes the part with this id from it, so without scripts a reload shows the same.
pub fn live(id: &str, url: &str, seconds: u32, body: impl Render) -> Markup {
    html! {
        div #(id) hx-get=(url) hx-trigger={ "every " (seconds) "s" } hx-select={ "#" (id) }
            hx-swap="outerHTML" { (body) }
    }
}

/// A page's question before something that counts; made by [`confirm`].
#[derive(Clone, Debug)]
#[must_use]
pub struct Confirm {
    body: Markup,
}

/// Repeats what is about to happen and asks: yes (`yes` posts to `action`, with `hidden` values)
/// or back to `back`.
pub fn confirm(
    ui: &Ui,
    action: impl Into<String>,
    summary: impl Render,
    hidden: &[(&str, &str)],
    yes: Button,
    back: impl Into<String>,
) -> Confirm {
    let fields = html! {
        div.confirm-summary { (summary) }
        @for (name, value) in hidden { (super::hidden(name, value)) }
    };
    let no = super::link_button(back, ui.t("ui-go-back")).secondary();
    Confirm {
        body: form(ui, action, fields).button(yes).button(no).render(),
    }
}

impl Render for Confirm {
    fn render(&self) -> Markup {
        html! { div.confirm { (self.body) } }
    }
}
