//! The reader's own settings: language and text size.

use maud::{Markup, html};

use super::{Choice, button, choices, form};
use crate::{Language, Ui};

/// The settings form; posts `language`, `mode` and `next` to `/preferences`, as the two switches
/// in the header do.
pub fn preferences_form(ui: &Ui) -> Markup {
    let language = Language::ALL.into_iter().fold(
        choices(ui, "language", ui.t("ui-language"))
            .required()
            .selected(ui.language.tag()),
        |group, language| group.choice(Choice::new(language.tag(), language.own_name())),
    );
    let mode = choices(ui, "mode", ui.t("ui-mode"))
        .required()
        .selected(if ui.elder { "elder" } else { "standard" })
        .choice(
            Choice::new("standard", ui.t("ui-mode-standard")).text(ui.t("ui-mode-standard-text")),
        )
        .choice(Choice::new("elder", ui.t("ui-mode-elder")).text(ui.t("ui-mode-elder-text")));
    let fields = html! {
        input type="hidden" name="next" value=(ui.path);
        (language)
        (mode)
    };
    html! { (form(ui, "/preferences", fields).button(button(ui.t("ui-save")))) }
}
