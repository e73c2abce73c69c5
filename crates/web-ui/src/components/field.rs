//! One input with its label, hint and error, tied together for assistive technology.

use maud::{Markup, Render, html};

use crate::Ui;

/// What an input takes; it sets the input's type, keyboard and defaults.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Input {
    /// One line of text.
    #[default]
    Text,
    /// A whole or decimal number, typed as text with a number keyboard (no spinner to slip on).
    Number,
    /// A phone number.
    Phone,
    /// An e-mail address.
    Email,
    /// A password.
    Password,
    /// A code that came by message.
    Code,
    /// A day.
    Date,
    /// A day and a minute, local time.
    DateTime,
}

impl Input {
    const fn kind(self) -> &'static str {
        match self {
            Self::Text | Self::Number | Self::Code => "text",
            Self::Phone => "tel",
            Self::Email => "email",
            Self::Password => "password",
            Self::Date => "date",
            Self::DateTime => "datetime-local",
        }
    }

    const fn keyboard(self) -> Option<&'static str> {
        match self {
            Self::Number => Some("decimal"),
            Self::Code => Some("numeric"),
            _ => None,
        }
    }
}

#[derive(Clone, Copy, Debug)]
enum Control {
    Input(Input),
    Lines(u8),
    File,
}

/// An input with its label; made by [`field`], [`textarea`] or [`file_upload`].
#[derive(Clone, Debug)]
#[must_use]
pub struct Field {
    control: Control,
    pub(crate) label: Label,
    value: String,
    autocomplete: Option<String>,
    accept: Option<String>,
    suffix: Option<String>,
    max_length: Option<u32>,
    min: Option<String>,
    max: Option<String>,
    multiple: bool,
    spellcheck_off: bool,
}

/// One line of input called `name` in the form.
pub fn field(ui: &Ui, name: impl Into<String>, label: impl Into<String>) -> Field {
    Field::new(ui, Control::Input(Input::Text), name, label)
}

/// Several lines of text.
pub fn textarea(ui: &Ui, name: impl Into<String>, label: impl Into<String>) -> Field {
    Field::new(ui, Control::Lines(5), name, label)
}

/// A file to send; the form must be [`crate::Form::multipart`].
pub fn file_upload(ui: &Ui, name: impl Into<String>, label: impl Into<String>) -> Field {
    Field::new(ui, Control::File, name, label)
}

impl Field {
    fn new(ui: &Ui, control: Control, name: impl Into<String>, label: impl Into<String>) -> Self {
        Self {
            control,
            label: Label::new(ui, name.into(), label.into()),
            value: String::new(),
            autocomplete: None,
            accept: None,
            suffix: None,
            max_length: None,
            min: None,
            max: None,
            multiple: false,
            spellcheck_off: false,
        }
    }

    /// What the input takes.
    pub fn input(mut self, input: Input) -> Self {
        self.control = Control::Input(input);
        self.spellcheck_off = matches!(input, Input::Code | Input::Phone | Input::Email);
        if input == Input::Code {
            self.autocomplete = Some("one-time-code".to_owned());
        }
        self
    }

    /// What stands in it: what was typed before an error, or what is being edited.
    pub fn value(mut self, value: impl Into<String>) -> Self {
        self.value = value.into();
        self
    }

    /// One sentence of help under the label.
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.label.hint = Some(hint.into());
        self
    }

    /// What is wrong with it and how to put it right; from [`crate::FormErrors::of`].
    pub fn error(mut self, error: Option<&str>) -> Self {
        self.label.error = error.map(str::to_owned);
        self
    }

    /// Must be filled in; others are marked as optional.
    pub fn required(mut self) -> Self {
        self.label.required = true;
        self
    }

    /// The browser's autofill token, e.g. `username`, `tel`, `current-password`.
    pub fn autocomplete(mut self, token: impl Into<String>) -> Self {
        self.autocomplete = Some(token.into());
        self
    }

    /// The unit after the input, e.g. `㎡`.
    pub fn suffix(mut self, suffix: impl Into<String>) -> Self {
        self.suffix = Some(suffix.into());
        self
    }

    /// The longest text, in characters.
    pub fn max_length(mut self, characters: u32) -> Self {
        self.max_length = Some(characters);
        self
    }

    /// Earliest and latest date, as the input writes them (`2026-11-23` or `2026-11-23T16:00`).
    pub fn between(mut self, min: impl Into<String>, max: impl Into<String>) -> Self {
        self.min = Some(min.into());
        self.max = Some(max.into());
        self
    }

    /// The number of lines of a [`textarea`].
    pub fn lines(mut self, lines: u8) -> Self {
        self.control = Control::Lines(lines);
        self
    }

    /// The kinds of file that an upload takes, e.g. `.xlsx,.csv`.
    pub fn accept(mut self, kinds: impl Into<String>) -> Self {
        self.accept = Some(kinds.into());
        self
    }

    /// Lets an upload take several files.
    pub fn multiple(mut self) -> Self {
        self.multiple = true;
        self
    }

    fn line_input(&self, input: Input) -> Markup {
        let label = &self.label;
        let element = html! {
            input #(label.id()) type=(input.kind()) name=(label.name) value=(self.value)
                inputmode=[input.keyboard()] autocomplete=[self.autocomplete.as_ref()]
                spellcheck=[self.spellcheck_off.then_some("false")]
                maxlength=[self.max_length] min=[self.min.as_ref()] max=[self.max.as_ref()]
                required[label.required] aria-invalid=[label.invalid()]
                aria-describedby=[label.described_by()];
        };
        match &self.suffix {
            Some(suffix) => html! { span.with-suffix { (element) span.suffix { (suffix) } } },
            None => element,
        }
    }
}

impl Render for Field {
    fn render(&self) -> Markup {
        let label = &self.label;
        let control = match self.control {
            Control::Input(input) => self.line_input(input),
            Control::Lines(lines) => html! {
                textarea #(label.id()) name=(label.name) rows=(lines) maxlength=[self.max_length]
                    required[label.required] aria-invalid=[label.invalid()]
                    aria-describedby=[label.described_by()] { (self.value) }
            },
            Control::File => html! {
                input.file #(label.id()) type="file" name=(label.name) accept=[self.accept.as_ref()]
                    multiple[self.multiple] required[label.required]
                    aria-invalid=[label.invalid()] aria-describedby=[label.described_by()];
            },
        };
        label.around(&control)
    }
}

/// What surrounds a control: its label, hint and error.
#[derive(Clone, Debug)]
pub(crate) struct Label {
    pub(crate) name: String,
    pub(crate) text: String,
    pub(crate) hint: Option<String>,
    pub(crate) error: Option<String>,
    pub(crate) required: bool,
    optional_mark: String,
    error_mark: String,
}

impl Label {
    pub(crate) fn new(ui: &Ui, name: String, text: String) -> Self {
        Self {
            name,
            text,
            hint: None,
            error: None,
            required: false,
            optional_mark: ui.t("ui-optional").into_owned(),
            error_mark: ui.t("ui-error").into_owned(),
        }
    }

    pub(crate) fn id(&self) -> String {
        field_id(&self.name)
    }

    pub(crate) fn invalid(&self) -> Option<&'static str> {
        self.error.as_ref().map(|_| "true")
    }

    pub(crate) fn described_by(&self) -> Option<String> {
        let id = self.id();
        match (&self.hint, &self.error) {
            (None, None) => None,
            (Some(_), None) => Some(format!("{id}-hint")),
            (None, Some(_)) => Some(format!("{id}-error")),
            (Some(_), Some(_)) => Some(format!("{id}-hint {id}-error")),
        }
    }

    /// The mark of a control that may stay empty.
    pub(crate) fn optional(&self) -> Markup {
        html! { @if !self.required { " " small.optional { (self.optional_mark) } } }
    }

    pub(crate) fn help(&self) -> Markup {
        html! {
            @if let Some(hint) = &self.hint { p.hint #{ (self.id()) "-hint" } { (hint) } }
            @if let Some(error) = &self.error {
                p.field-error #{ (self.id()) "-error" } {
                    span.hidden { (self.error_mark) ": " } (error)
                }
            }
        }
    }

    pub(crate) fn around(&self, control: &Markup) -> Markup {
        html! {
            div.field .invalid[self.error.is_some()] {
                label for=(self.id()) { (self.text) (self.optional()) }
                (self.help())
                (control)
            }
        }
    }
}

/// The id of the control called `name`; an error summary links to it.
pub(crate) fn field_id(name: &str) -> String {
    let safe: String = name
        .chars()
        .map(|character| {
            if character.is_ascii_alphanumeric() {
                character
            } else {
                '-'
            }
        })
        .collect();
    format!("f-{safe}")
}
