//! Forms and what they say when something is not right.

use maud::{Markup, Render, html};

use super::{button::Button, field::field_id};
use crate::{Icon, Ui};

/// What is wrong in a form: sentences by field, in the reader's language.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FormErrors {
    by_field: Vec<(String, String)>,
}

impl FormErrors {
    /// Nothing is wrong yet.
    pub const fn new() -> Self {
        Self {
            by_field: Vec::new(),
        }
    }

    /// Adds what is wrong with a field; an empty name means the form as a whole.
    pub fn add(&mut self, field: impl Into<String>, sentence: impl Into<String>) {
        self.by_field.push((field.into(), sentence.into()));
    }

    /// The first thing wrong with a field, for its `.error(…)`.
    pub fn of(&self, field: &str) -> Option<&str> {
        self.by_field
            .iter()
            .find(|(name, _)| name == field)
            .map(|(_, sentence)| sentence.as_str())
    }

    /// Field names and sentences, in the order they were added.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.by_field
            .iter()
            .map(|(field, sentence)| (field.as_str(), sentence.as_str()))
    }

    /// Whether all is right.
    pub fn is_empty(&self) -> bool {
        self.by_field.is_empty()
    }
}

/// A form; made by [`form`]. Its last children are the submit button and a way out.
#[derive(Clone, Debug)]
#[must_use]
pub struct Form {
    action: String,
    csrf_token: Option<String>,
    body: Markup,
    buttons: Vec<Button>,
    get: bool,
    multipart: bool,
    guard: Option<String>,
    errors: Option<Markup>,
}

/// A form that posts to `action`; carries [`Ui::csrf_token`] where there is one.
pub fn form(ui: &Ui, action: impl Into<String>, body: impl Render) -> Form {
    Form {
        action: action.into(),
        csrf_token: ui.csrf_token.clone(),
        body: body.render(),
        buttons: Vec::new(),
        get: false,
        multipart: false,
        guard: None,
        errors: None,
    }
}

impl Form {
    /// Adds a button, the main one first.
    pub fn button(mut self, button: Button) -> Self {
        self.buttons.push(button);
        self
    }

    /// Asks by GET: for searches, which change nothing.
    pub fn get(mut self) -> Self {
        self.get = true;
        self
    }

    /// Sends files.
    pub fn multipart(mut self) -> Self {
        self.multipart = true;
        self
    }

    /// Warns before what was typed is lost (needs the page's script).
    pub fn guard_unsaved(mut self, ui: &Ui) -> Self {
        self.guard = Some(ui.t("ui-unsaved").into_owned());
        self
    }

    /// Puts an [`error_summary`] at the form's head, if something is wrong.
    pub fn errors(mut self, ui: &Ui, errors: &FormErrors) -> Self {
        self.errors = (!errors.is_empty()).then(|| error_summary(ui, errors));
        self
    }
}

impl Render for Form {
    fn render(&self) -> Markup {
        let token = self.csrf_token.as_ref().filter(|_| !self.get);
        html! {
            form.form action=(self.action) method=(if self.get { "get" } else { "post" })
                enctype=[self.multipart.then_some("multipart/form-data")]
                data-guard=[self.guard.as_ref()] {
                @if let Some(token) = token { input type="hidden" name="csrf_token" value=(token); }
                @if let Some(errors) = &self.errors { (errors) }
                (self.body)
                @if !self.buttons.is_empty() {
                    div.actions { @for button in &self.buttons { (button) } }
                }
            }
        }
    }
}

/// A value that the form sends and nobody types.
pub fn hidden(name: &str, value: impl Render) -> Markup {
    html! { input type="hidden" name=(name) value=(value); }
}

/// All that is wrong, at the top, each a link to its field; takes the focus when the page opens.
pub fn error_summary(ui: &Ui, errors: &FormErrors) -> Markup {
    html! {
        @if !errors.is_empty() {
            div.notice.danger.error-summary role="alert" tabindex="-1" autofocus {
                (Icon::NeedsYou)
                div {
                    p.notice-title { (ui.t("ui-error-summary")) }
                    ul {
                        @for (field, sentence) in &errors.by_field {
                            li {
                                @if field.is_empty() { (sentence) }
                                @else { a href={ "#" (field_id(field)) } { (sentence) } }
                            }
                        }
                    }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{field, test_ui};

    #[test]
    fn an_error_stands_in_the_summary_and_at_its_field() {
        let ui = test_ui();
        let mut errors = FormErrors::new();
        errors.add("owner[0]", "请填写<姓名>");
        let page = form(
            &ui,
            "/save",
            field(&ui, "owner[0]", "姓名").error(errors.of("owner[0]")),
        )
        .errors(&ui, &errors)
        .render()
        .into_string();
        assert!(page.contains(r##"<a href="#f-owner-0-">请填写&lt;姓名&gt;</a>"##));
        assert!(page.contains(r#"id="f-owner-0-""#));
        assert!(page.contains(r#"aria-invalid="true" aria-describedby="f-owner-0--error""#));
    }

    #[test]
    fn a_form_carries_the_token_only_when_it_posts() {
        let mut ui = test_ui();
        ui.csrf_token = Some("secret".to_owned());
        let post = form(&ui, "/save", "").render().into_string();
        let get = form(&ui, "/find", "").get().render().into_string();
        assert!(post.contains(r#"name="csrf_token" value="secret""#));
        assert!(!get.contains("secret"));
    }
}
