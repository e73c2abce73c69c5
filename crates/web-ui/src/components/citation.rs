//! A clause of law quoted where it decides, with whether its text was checked.

use maud::{Markup, Render, html};

use super::badge::{Shade, badge};
use crate::{Icon, Ui};

/// A clause; made by [`citation`].
#[derive(Clone, Debug)]
#[must_use]
pub struct Citation {
    source: String,
    quote: Option<String>,
    applies: Option<String>,
    href: Option<String>,
    verified: bool,
    status_word: String,
}

/// A clause named by `source` ("《民法典》第二百七十八条"). `verified` says whether the text was
/// compared with the official one; an unverified clause is shown as such.
pub fn citation(ui: &Ui, source: impl Into<String>, verified: bool) -> Citation {
    let word = if verified {
        ui.t("ui-verified")
    } else {
        ui.t("ui-unverified")
    };
    Citation {
        source: source.into(),
        quote: None,
        applies: None,
        href: None,
        verified,
        status_word: word.into_owned(),
    }
}

impl Citation {
    /// The clause's words.
    pub fn quote(mut self, quote: impl Into<String>) -> Self {
        self.quote = Some(quote.into());
        self
    }

    /// Why it applies here.
    pub fn applies(mut self, sentence: impl Into<String>) -> Self {
        self.applies = Some(sentence.into());
        self
    }

    /// Where the full text stands.
    pub fn href(mut self, href: impl Into<String>) -> Self {
        self.href = Some(href.into());
        self
    }
}

impl Render for Citation {
    fn render(&self) -> Markup {
        let shade = if self.verified {
            Shade::Jade
        } else {
            Shade::Mist
        };
        html! {
            figure.citation .unverified[!self.verified] {
                figcaption {
                    (Icon::Law)
                    span {
                        @if let Some(href) = &self.href { a.standalone href=(href) { (self.source) } }
                        @else { (self.source) }
                        " " (badge(shade, &self.status_word))
                    }
                }
                @if let Some(quote) = &self.quote { blockquote lang="zh-CN" { (quote) } }
                @if let Some(applies) = &self.applies { p { (applies) } }
            }
        }
    }
}
