//! Blocks of a page: sections, cards, and what is folded away.

use maud::{Markup, Render, html};

use crate::Icon;

/// A white card; made by [`card`].
#[derive(Clone, Debug)]
#[must_use]
pub struct Card {
    title: String,
    body: Markup,
    href: Option<String>,
    status: Option<Markup>,
    footer: Option<Markup>,
    needs_you: bool,
}

/// A card with a title (`h2`) and a body.
pub fn card(title: impl Into<String>, body: impl Render) -> Card {
    Card {
        title: title.into(),
        body: body.render(),
        href: None,
        status: None,
        footer: None,
        needs_you: false,
    }
}

impl Card {
    /// Makes the title a link; the whole card reacts to the pointer.
    pub fn href(mut self, href: impl Into<String>) -> Self {
        self.href = Some(href.into());
        self
    }

    /// A [`crate::badge`] above the title.
    pub fn status(mut self, status: impl Render) -> Self {
        self.status = Some(status.render());
        self
    }

    /// Actions or a note below the body.
    pub fn footer(mut self, footer: impl Render) -> Self {
        self.footer = Some(footer.render());
        self
    }

    /// Marks the card in vermilion: it waits for the reader.
    pub fn needs_you(mut self) -> Self {
        self.needs_you = true;
        self
    }
}

impl Render for Card {
    fn render(&self) -> Markup {
        html! {
            article.card .waiting[self.needs_you] .linked[self.href.is_some()] {
                @if let Some(status) = &self.status { p.card-status { (status) } }
                h2 {
                    @if let Some(href) = &self.href { a href=(href) { (self.title) } }
                    @else { (self.title) }
                }
                (self.body)
                @if let Some(footer) = &self.footer { div.card-foot { (footer) } }
            }
        }
    }
}

/// Cards side by side where there is room.
pub fn cards(cards: impl IntoIterator<Item = Card>) -> Markup {
    html! { div.cards { @for card in cards { (card) } } }
}

/// Running text with space between its paragraphs and marks before its list items.
pub fn prose(text: impl Render) -> Markup {
    html! { div.prose { (text) } }
}

/// A part of a page under its own `h2`.
pub fn section(title: impl Render, body: impl Render) -> Markup {
    html! { section.section { h2 { (title) } (body) } }
}

/// Something folded away under `summary`; opens without scripts.
pub fn disclosure(summary: impl Render, body: impl Render) -> Markup {
    html! {
        details.fold {
            summary { (Icon::Forward) span { (summary) } }
            div.fold-body { (body) }
        }
    }
}
