//! Official announcements: read on a screen, printed and pinned to the notice board.

use maud::{Markup, Render, html};

use crate::{Icon, Ui};

/// An announcement; made by [`announcement`].
#[derive(Clone, Debug)]
#[must_use]
pub struct Announcement {
    title: String,
    body: Markup,
    number: Option<String>,
    signed: Option<(String, String)>,
    print: String,
}

/// An announcement with its title and text (paragraphs, lists, tables).
pub fn announcement(ui: &Ui, title: impl Into<String>, body: impl Render) -> Announcement {
    Announcement {
        title: title.into(),
        body: body.render(),
        number: None,
        signed: None,
        print: ui.t("ui-print").into_owned(),
    }
}

impl Announcement {
    /// The document number under the title.
    pub fn number(mut self, number: impl Into<String>) -> Self {
        self.number = Some(number.into());
        self
    }

    /// Who signs, and the day as [`Ui::date`] writes it.
    pub fn signed(mut self, issuer: impl Into<String>, date: impl Into<String>) -> Self {
        self.signed = Some((issuer.into(), date.into()));
        self
    }
}

impl Render for Announcement {
    fn render(&self) -> Markup {
        html! {
            article.announcement {
                header {
                    h2 { (self.title) }
                    @if let Some(number) = &self.number { p.dim { (number) } }
                }
                div.prose { (self.body) }
                @if let Some((issuer, date)) = &self.signed {
                    footer { p { (issuer) } p { (date) } }
                }
            }
            // Only the page's script can print; it shows the button.
            div.actions {
                button.button.secondary type="button" hidden data-print {
                    (Icon::Print) span { (self.print) }
                }
            }
        }
    }
}
