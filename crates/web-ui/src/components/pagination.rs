//! To newer and older entries; by key, so that nothing is skipped when new ones come in.

use maud::{Markup, html};

use crate::{Icon, Ui};

/// Links to the neighbouring pages; shows nothing where there are none.
pub fn pagination(ui: &Ui, newer: Option<&str>, older: Option<&str>) -> Markup {
    html! {
        @if newer.is_some() || older.is_some() {
            nav.pages aria-label=(ui.t("ui-pagination")) {
                @if let Some(href) = newer {
                    a.button.secondary href=(href) rel="prev" { (Icon::Back) span { (ui.t("ui-newer")) } }
                }
                @if let Some(href) = older {
                    a.button.secondary.older href=(href) rel="next" { span { (ui.t("ui-older")) } (Icon::Forward) }
                }
            }
        }
    }
}
