//! Rows that lead somewhere: the phone's table.

use maud::{Markup, Render, html};

use crate::Icon;

/// One row; made by [`row`].
#[derive(Clone, Debug)]
#[must_use]
pub struct Row {
    href: String,
    title: String,
    detail: Option<Markup>,
    status: Option<Markup>,
    icon: Option<Icon>,
    needs_you: bool,
}

/// A row that leads to `href`.
pub fn row(href: impl Into<String>, title: impl Into<String>) -> Row {
    Row {
        href: href.into(),
        title: title.into(),
        detail: None,
        status: None,
        icon: None,
        needs_you: false,
    }
}

/// Rows under each other.
pub fn rows(rows: impl IntoIterator<Item = Row>) -> Markup {
    html! { ul.rows { @for row in rows { (row) } } }
}

impl Row {
    /// A second line.
    pub fn detail(mut self, detail: impl Render) -> Self {
        self.detail = Some(detail.render());
        self
    }

    /// A [`crate::badge`] at the end.
    pub fn status(mut self, status: impl Render) -> Self {
        self.status = Some(status.render());
        self
    }

    /// A sign at the start.
    pub fn icon(mut self, icon: Icon) -> Self {
        self.icon = Some(icon);
        self
    }

    /// Marks the row in vermilion: it waits for the reader.
    pub fn needs_you(mut self) -> Self {
        self.needs_you = true;
        self
    }
}

impl Render for Row {
    fn render(&self) -> Markup {
        html! {
            li.row .waiting[self.needs_you] {
                @if let Some(icon) = self.icon { (icon) }
                div.row-words {
                    a href=(self.href) { (self.title) }
                    @if let Some(detail) = &self.detail { p { (detail) } }
                    @if let Some(status) = &self.status { div.row-status { (status) } }
                }
                span.row-go { (Icon::Forward) }
            }
        }
    }
}
