//! Receipts: proof in the resident's hand that something was recorded.

use maud::{Markup, Render, html};
use qrcode::{Color, EcLevel, QrCode};

use super::{actions, facts, link_button};
use crate::{Icon, Ui};

/// A receipt; made by [`receipt`].
#[derive(Clone, Debug)]
#[must_use]
pub struct Receipt {
    title: String,
    code: String,
    facts: Vec<(String, Markup)>,
    download: Option<String>,
    check: Option<String>,
    qr_text: Option<String>,
    note: Option<String>,
    words: Words,
}

#[derive(Clone, Debug)]
struct Words {
    code: String,
    copy: String,
    copied: String,
    download: String,
    check: String,
    qr: String,
}

/// A receipt with its code. The code is shown in groups of four that copy without spaces.
pub fn receipt(ui: &Ui, title: impl Into<String>, code: impl Into<String>) -> Receipt {
    let word = |key| ui.t(key).into_owned();
    Receipt {
        title: title.into(),
        code: code.into(),
        facts: Vec::new(),
        download: None,
        check: None,
        qr_text: None,
        note: None,
        words: Words {
            code: word("ui-receipt-code"),
            copy: word("ui-copy"),
            copied: word("ui-copied"),
            download: word("ui-receipt-download"),
            check: word("ui-receipt-check"),
            qr: word("ui-receipt-qr"),
        },
    }
}

impl Receipt {
    /// What was recorded, line by line.
    pub fn fact(mut self, term: impl Into<String>, value: impl Render) -> Self {
        self.facts.push((term.into(), value.render()));
        self
    }

    /// Where the receipt is saved as a file.
    pub fn download(mut self, href: impl Into<String>) -> Self {
        self.download = Some(href.into());
        self
    }

    /// Where it is checked against the published record.
    pub fn check(mut self, href: impl Into<String>) -> Self {
        self.check = Some(href.into());
        self
    }

    /// Draws a QR code of this text, usually the full address of the check.
    pub fn qr(mut self, text: impl Into<String>) -> Self {
        self.qr_text = Some(text.into());
        self
    }

    /// A sentence on what the receipt proves.
    pub fn note(mut self, note: impl Into<String>) -> Self {
        self.note = Some(note.into());
        self
    }
}

impl Render for Receipt {
    fn render(&self) -> Markup {
        let words = &self.words;
        html! {
            section.receipt {
                h2 { (Icon::Receipt) (self.title) }
                div.receipt-body {
                    div {
                        p.receipt-label { (words.code) }
                        p.receipt-code {
                            code { @for group in groups_of_four(&self.code) { span { (group) } } }
                        }
                        (facts(self.facts.iter().map(|(term, value)| (term, value))))
                        @if let Some(note) = &self.note { p.hint { (note) } }
                    }
                    @if let Some(text) = &self.qr_text { (qr_code(text, &words.qr)) }
                }
                (actions(html! {
                    @if let Some(href) = &self.download {
                        (link_button(href.as_str(), words.download.as_str()).icon(Icon::Download).download())
                    }
                    // Only the page's script can copy; it shows the button.
                    button.button.secondary type="button" hidden data-copy=(self.code) data-copied=(words.copied) {
                        (Icon::Copy) span { (words.copy) }
                    }
                    @if let Some(href) = &self.check {
                        (link_button(href.as_str(), words.check.as_str()).icon(Icon::Proof).secondary())
                    }
                }))
            }
        }
    }
}

fn groups_of_four(code: &str) -> Vec<String> {
    let characters: Vec<char> = code.chars().collect();
    characters
        .chunks(4)
        .map(|group| group.iter().collect())
        .collect()
}

/// `text` as a QR code in SVG; says `label` to screen readers. Text that is too long for a QR
/// code (about 2,300 bytes) gives nothing: the code stands beside it anyway.
pub fn qr_code(text: &str, label: &str) -> Markup {
    let Ok(code) = QrCode::with_error_correction_level(text, EcLevel::M) else {
        return html! {};
    };
    let width = code.width();
    let colors = code.to_colors();
    let mut path = String::new();
    for (y, line) in colors.chunks(width).enumerate() {
        for (x, color) in line.iter().enumerate() {
            if *color == Color::Dark {
                use std::fmt::Write as _;
                // Writing to a String cannot fail.
                let _ = write!(path, "M{} {}h1v1h-1z", x + 4, y + 4);
            }
        }
    }
    // Four modules of white on each side: the quiet zone that scanners need.
    let side = width + 8;
    html! {
        svg.qr viewBox={ "0 0 " (side) " " (side) } role="img" aria-label=(label) focusable="false"
            shape-rendering="crispEdges" {
            rect.qr-light width="100%" height="100%" {}
            path.qr-dark d=(path) {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_split_for_reading_without_losing_a_character() {
        assert_eq!(groups_of_four("abcdefghij"), ["abcd", "efgh", "ij"]);
        assert_eq!(groups_of_four("邻里收据号"), ["邻里收据", "号"]);
        assert!(groups_of_four("").is_empty());
    }

    #[test]
    fn a_qr_code_too_long_to_draw_is_left_out() {
        assert_eq!(qr_code(&"x".repeat(5000), "code").into_string(), "");
        assert!(
            qr_code("https://linli.example/verify", "code")
                .into_string()
                .contains("M4 4h1")
        );
    }
}
