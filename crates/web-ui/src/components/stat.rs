//! Figures that lead to what they are made of.

use maud::{Markup, Render, html};

/// A figure; made by [`stat`].
#[derive(Clone, Debug)]
#[must_use]
pub struct Stat {
    href: String,
    figure: String,
    label: String,
    note: Option<Markup>,
}

/// A figure with its label; `href` shows the rows it was counted from.
pub fn stat(href: impl Into<String>, figure: impl Into<String>, label: impl Into<String>) -> Stat {
    Stat {
        href: href.into(),
        figure: figure.into(),
        label: label.into(),
        note: None,
    }
}

impl Stat {
    /// A line below: of what, since when.
    pub fn note(mut self, note: impl Render) -> Self {
        self.note = Some(note.render());
        self
    }
}

impl Render for Stat {
    fn render(&self) -> Markup {
        html! {
            li.stat {
                a href=(self.href) {
                    span.stat-label { (self.label) }
                    b.stat-figure .long[self.figure.chars().count() > 8] { (self.figure) }
                }
                @if let Some(note) = &self.note { p { (note) } }
            }
        }
    }
}

/// Figures side by side.
pub fn stats(stats: impl IntoIterator<Item = Stat>) -> Markup {
    html! { ul.stats { @for stat in stats { (stat) } } }
}
