//! Notices: something to know, something that worked, something that needs you.

use maud::{Markup, Render, html};

use crate::{Tone, Ui};

/// A notice; made by [`notice`] or [`needs_you`].
#[derive(Clone, Debug)]
#[must_use]
pub struct Notice {
    tone: Tone,
    tone_name: String,
    title: Option<String>,
    body: Markup,
    action: Option<Markup>,
}

/// A notice of a tone. The tone's name is said to screen readers and shown by sign and colour.
pub fn notice(ui: &Ui, tone: Tone, body: impl Render) -> Notice {
    let tone_name = match tone {
        Tone::Info => ui.t("ui-tone-info"),
        Tone::Success => ui.t("ui-tone-success"),
        Tone::Warning => ui.t("ui-tone-warning"),
        Tone::Danger => ui.t("ui-tone-danger"),
    };
    Notice {
        tone,
        tone_name: tone_name.into_owned(),
        title: None,
        body: body.render(),
        action: None,
    }
}

/// What waits for the reader: a vote to cast, a question to answer; with the button to do it.
pub fn needs_you(
    ui: &Ui,
    title: impl Into<String>,
    body: impl Render,
    action: impl Render,
) -> Notice {
    notice(ui, Tone::Danger, body).title(title).action(action)
}

impl Notice {
    /// A bold first line.
    pub fn title(mut self, title: impl Into<String>) -> Self {
        self.title = Some(title.into());
        self
    }

    /// A button below.
    pub fn action(mut self, action: impl Render) -> Self {
        self.action = Some(action.render());
        self
    }
}

impl Render for Notice {
    fn render(&self) -> Markup {
        html! {
            div class={ "notice " (self.tone.class()) } {
                (self.tone.icon())
                div {
                    p.notice-title .hidden[self.title.is_none()] {
                        span.hidden { (self.tone_name) ": " }
                        @if let Some(title) = &self.title { (title) }
                    }
                    div.notice-body { (self.body) }
                    @if let Some(action) = &self.action { div.actions { (action) } }
                }
            }
        }
    }
}
