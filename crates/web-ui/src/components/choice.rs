//! Choices as large cards, as on a ballot, and check boxes.

use maud::{Markup, Render, html};

use super::field::Label;
use crate::{Icon, Ui};

/// One card of [`Choices`].
#[derive(Clone, Debug)]
#[must_use]
pub struct Choice {
    value: String,
    title: String,
    text: Option<String>,
    icon: Option<Icon>,
    disabled: bool,
}

impl Choice {
    /// A card that sends `value`.
    pub fn new(value: impl Into<String>, title: impl Into<String>) -> Self {
        Self {
            value: value.into(),
            title: title.into(),
            text: None,
            icon: None,
            disabled: false,
        }
    }

    /// One sentence on what choosing it means.
    pub fn text(mut self, text: impl Into<String>) -> Self {
        self.text = Some(text.into());
        self
    }

    /// A sign.
    pub fn icon(mut self, icon: Icon) -> Self {
        self.icon = Some(icon);
        self
    }

    /// Cannot be chosen; let the text say why.
    pub fn disabled(mut self) -> Self {
        self.disabled = true;
        self
    }
}

/// A group of cards of which one is chosen; made by [`choices`].
#[derive(Clone, Debug)]
#[must_use]
pub struct Choices {
    label: Label,
    cards: Vec<Choice>,
    selected: Option<String>,
}

/// A radio group called `name` under the question `legend`. Nothing is chosen beforehand unless
/// [`Choices::selected`] says so: a ballot must not lean.
pub fn choices(ui: &Ui, name: impl Into<String>, legend: impl Into<String>) -> Choices {
    Choices {
        label: Label::new(ui, name.into(), legend.into()),
        cards: Vec::new(),
        selected: None,
    }
}

impl Choices {
    /// Adds a card.
    pub fn choice(mut self, choice: Choice) -> Self {
        self.cards.push(choice);
        self
    }

    /// The value chosen before.
    pub fn selected(mut self, value: impl Into<String>) -> Self {
        self.selected = Some(value.into());
        self
    }

    /// One sentence of help under the question.
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.label.hint = Some(hint.into());
        self
    }

    /// What is wrong and how to put it right.
    pub fn error(mut self, error: Option<&str>) -> Self {
        self.label.error = error.map(str::to_owned);
        self
    }

    /// One must be chosen.
    pub fn required(mut self) -> Self {
        self.label.required = true;
        self
    }

    fn card(&self, place: usize, choice: &Choice) -> Markup {
        // The first card carries the group's id, so that an error summary leads to it.
        let id = if place == 0 {
            self.label.id()
        } else {
            format!("{}-{place}", self.label.id())
        };
        html! {
            div.choice {
                input #(id) type="radio" name=(self.label.name) value=(choice.value)
                    checked[self.selected.as_ref() == Some(&choice.value)]
                    required[self.label.required] disabled[choice.disabled]
                    aria-describedby=[choice.text.as_ref().map(|_| format!("{id}-text"))];
                label for=(id) {
                    @if let Some(icon) = choice.icon { (icon) }
                    span.choice-words {
                        span.choice-title { (choice.title) }
                        @if let Some(text) = &choice.text {
                            span.choice-text #{ (id) "-text" } { (text) }
                        }
                    }
                }
            }
        }
    }
}

impl Render for Choices {
    fn render(&self) -> Markup {
        html! {
            fieldset.field.choices .invalid[self.label.error.is_some()]
                aria-describedby=[self.label.described_by()] {
                legend { (self.label.text) (self.label.optional()) }
                (self.label.help())
                @for (place, choice) in self.cards.iter().enumerate() {
                    (self.card(place, choice))
                }
            }
        }
    }
}

/// A check box; made by [`checkbox`].
#[derive(Clone, Debug)]
#[must_use]
pub struct Checkbox {
    label: Label,
    checked: bool,
    value: String,
}

/// A check box called `name` in the form; sends `on` when ticked, nothing when not.
pub fn checkbox(ui: &Ui, name: impl Into<String>, label: impl Into<String>) -> Checkbox {
    Checkbox {
        label: Label::new(ui, name.into(), label.into()),
        checked: false,
        value: "on".to_owned(),
    }
}

impl Checkbox {
    /// Whether it is ticked.
    pub fn checked(mut self, checked: bool) -> Self {
        self.checked = checked;
        self
    }

    /// What it sends instead of `on`; several boxes of one name need it.
    pub fn value(mut self, value: impl Into<String>) -> Self {
        self.value = value.into();
        self
    }

    /// One sentence of help.
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.label.hint = Some(hint.into());
        self
    }

    /// What is wrong and how to put it right.
    pub fn error(mut self, error: Option<&str>) -> Self {
        self.label.error = error.map(str::to_owned);
        self
    }

    /// Must be ticked to go on.
    pub fn required(mut self) -> Self {
        self.label.required = true;
        self
    }

    /// Boxes of one name need different ids: the value makes them so.
    fn id(&self) -> String {
        if self.value == "on" {
            self.label.id()
        } else {
            super::field::field_id(&format!("{}-{}", self.label.name, self.value))
        }
    }
}

impl Render for Checkbox {
    fn render(&self) -> Markup {
        let label = &self.label;
        html! {
            div.field.tick .invalid[label.error.is_some()] {
                div.choice {
                    input #(self.id()) type="checkbox" name=(label.name) value=(self.value)
                        checked[self.checked] required[label.required]
                        aria-invalid=[label.invalid()] aria-describedby=[label.described_by()];
                    label for=(self.id()) { span { (label.text) } }
                }
                (label.help())
            }
        }
    }
}
