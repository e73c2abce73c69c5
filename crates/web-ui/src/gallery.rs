//! Every component with its states on one page: what designers look at and browser tests measure.

use maud::{Markup, Render, html};

use crate::*;

/// The component page, in the reader's language and mode; shown at `/components`.
pub fn component_page(ui: &Ui) -> Markup {
    let body = html! { (section("x", notice(ui, Tone::Info, "y").render())) };
    ui.page("x", body)
}
