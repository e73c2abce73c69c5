//! A list to pick one value from, for many values; few are better as [`crate::choices`].

use maud::{Markup, Render, html};

use super::field::Label;
use crate::Ui;

/// A select; made by [`select`].
#[derive(Clone, Debug)]
#[must_use]
pub struct Select {
    label: Label,
    options: Vec<(String, String)>,
    selected: Option<String>,
    please_choose: String,
}

/// A select called `name` in the form.
pub fn select(ui: &Ui, name: impl Into<String>, label: impl Into<String>) -> Select {
    Select {
        label: Label::new(ui, name.into(), label.into()),
        options: Vec::new(),
        selected: None,
        please_choose: ui.t("ui-please-choose").into_owned(),
    }
}

impl Select {
    /// One value and how it reads.
    pub fn option(mut self, value: impl Into<String>, label: impl Into<String>) -> Self {
        self.options.push((value.into(), label.into()));
        self
    }

    /// The value that is chosen; without one the list starts with "please choose".
    pub fn selected(mut self, value: impl Into<String>) -> Self {
        self.selected = Some(value.into());
        self
    }

    /// One sentence of help under the label.
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.label.hint = Some(hint.into());
        self
    }

    /// What is wrong and how to put it right.
    pub fn error(mut self, error: Option<&str>) -> Self {
        self.label.error = error.map(str::to_owned);
        self
    }

    /// Must be chosen.
    pub fn required(mut self) -> Self {
        self.label.required = true;
        self
    }
}

impl Render for Select {
    fn render(&self) -> Markup {
        let label = &self.label;
        label.around(&html! {
            select #(label.id()) name=(label.name) required[label.required]
                aria-invalid=[label.invalid()] aria-describedby=[label.described_by()] {
                @if self.selected.is_none() { option value="" { (self.please_choose) } }
                @for (value, text) in &self.options {
                    option value=(value) selected[self.selected.as_ref() == Some(value)] { (text) }
                }
            }
        })
    }
}
