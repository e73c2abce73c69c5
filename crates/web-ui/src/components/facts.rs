//! Facts about one thing: a term and what it is, one under the other on phones.

use maud::{Markup, Render, html};

/// A definition list: `facts([("面积", ui.area(8953))])`.
pub fn facts<T: Render, V: Render>(pairs: impl IntoIterator<Item = (T, V)>) -> Markup {
    html! {
        dl.facts {
            @for (term, value) in pairs { div { dt { (term) } dd { (value) } } }
        }
    }
}
