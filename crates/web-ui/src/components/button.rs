//! Buttons and links that look like buttons.

use maud::{Markup, Render, html};

use crate::Icon;

/// A button; made by [`button`] or [`link_button`].
#[derive(Clone, Debug, Default)]
#[must_use]
pub struct Button {
    label: String,
    href: Option<String>,
    look: Look,
    icon: Option<Icon>,
    name_value: Option<(String, String)>,
    action: Option<String>,
    disabled: bool,
    wide: bool,
    download: bool,
}

#[derive(Clone, Copy, Debug, Default)]
enum Look {
    #[default]
    Primary,
    Secondary,
    Danger,
    Quiet,
}

impl Look {
    const fn class(self) -> &'static str {
        match self {
            Self::Primary => "button",
            Self::Secondary => "button secondary",
            Self::Danger => "button danger",
            Self::Quiet => "button quiet",
        }
    }
}

/// A submit button; primary unless told otherwise. One primary button a page.
pub fn button(label: impl Into<String>) -> Button {
    Button {
        label: label.into(),
        ..Button::default()
    }
}

/// A link that looks like a button.
pub fn link_button(href: impl Into<String>, label: impl Into<String>) -> Button {
    Button {
        label: label.into(),
        href: Some(href.into()),
        ..Button::default()
    }
}

/// Buttons in a row, the main one first; stacked on phones.
pub fn actions(buttons: impl Render) -> Markup {
    html! { div.actions { (buttons) } }
}

impl Button {
    /// Outlined: the other thing one may do here.
    pub fn secondary(mut self) -> Self {
        self.look = Look::Secondary;
        self
    }

    /// Vermilion: it withdraws, deletes, or cannot be taken back.
    pub fn danger(mut self) -> Self {
        self.look = Look::Danger;
        self
    }

    /// Without a border: cancel, show more.
    pub fn quiet(mut self) -> Self {
        self.look = Look::Quiet;
        self
    }

    /// A sign before the label.
    pub fn icon(mut self, icon: Icon) -> Self {
        self.icon = Some(icon);
        self
    }

    /// What the form receives when this button sends it.
    pub fn value(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.name_value = Some((name.into(), value.into()));
        self
    }

    /// Sends the form to another address than the form's own.
    pub fn form_action(mut self, action: impl Into<String>) -> Self {
        self.action = Some(action.into());
        self
    }

    /// Cannot be pressed now; say beside it why. A disabled link loses its address.
    pub fn disabled(mut self, disabled: bool) -> Self {
        self.disabled = disabled;
        self
    }

    /// Fills the width.
    pub fn wide(mut self) -> Self {
        self.wide = true;
        self
    }

    /// A link that saves a file.
    pub fn download(mut self) -> Self {
        self.download = true;
        self
    }

    fn content(&self) -> Markup {
        html! {
            @if let Some(icon) = self.icon { (icon) }
            span { (self.label) }
        }
    }
}

impl Render for Button {
    fn render(&self) -> Markup {
        let fill = if self.wide { " fill" } else { "" };
        let class = format!("{}{fill}", self.look.class());
        html! {
            @if let Some(href) = &self.href {
                @if self.disabled {
                    a class=(class) role="link" aria-disabled="true" { (self.content()) }
                } @else {
                    a class=(class) href=(href) download[self.download] {
                        (self.content())
                    }
                }
            } @else {
                button class=(class) type="submit"
                    name=[self.name_value.as_ref().map(|(name, _)| name)]
                    value=[self.name_value.as_ref().map(|(_, value)| value)]
                    formaction=[self.action.as_ref()]
                    disabled[self.disabled] { (self.content()) }
            }
        }
    }
}
