//! A search field, with filters that show what they narrow to.

use maud::{Markup, Render, html};

use crate::{Icon, Ui};

/// A search; made by [`search`].
#[derive(Clone, Debug)]
#[must_use]
pub struct Search {
    action: String,
    label: String,
    query: String,
    filters: Vec<(String, String, bool)>,
    filter_label: String,
    button: String,
    results: Option<String>,
}

/// A search that asks `action` by GET with `q`; `query` is what was asked.
pub fn search(ui: &Ui, action: impl Into<String>, query: impl Into<String>) -> Search {
    Search {
        action: action.into(),
        label: ui.t("ui-search").into_owned(),
        query: query.into(),
        filters: Vec::new(),
        filter_label: ui.t("ui-filters").into_owned(),
        button: ui.t("ui-search").into_owned(),
        results: None,
    }
}

impl Search {
    /// Says what is searched: "楼栋、户室或姓名".
    pub fn label(mut self, label: impl Into<String>) -> Self {
        self.label = label.into();
        self
    }

    /// A filter: its address, its name, whether it is on (its address then takes it off).
    pub fn filter(mut self, href: impl Into<String>, label: impl Into<String>, on: bool) -> Self {
        self.filters.push((href.into(), label.into(), on));
        self
    }

    /// The id of the element that results go into as one types (by htmx; the button does the
    /// same without scripts). The server answers the full page; htmx takes that element from it.
    pub fn live(mut self, results_id: impl Into<String>) -> Self {
        self.results = Some(format!("#{}", results_id.into()));
        self
    }
}

impl Render for Search {
    fn render(&self) -> Markup {
        let live = self.results.as_ref();
        html! {
            div.search {
                form role="search" action=(self.action) method="get"
                    hx-get=[live.map(|_| &self.action)] hx-target=[live] hx-select=[live]
                    hx-swap=[live.map(|_| "outerHTML")] hx-push-url=[live.map(|_| "true")]
                    hx-trigger=[live.map(|_| "input changed delay:300ms from:find input, submit")] {
                    label for="f-q" { (self.label) }
                    div.search-line {
                        input #f-q type="search" name="q" value=(self.query) autocomplete="off";
                        button.button type="submit" { (Icon::Search) span { (self.button) } }
                    }
                }
                @if !self.filters.is_empty() {
                    ul.filters aria-label=(self.filter_label) {
                        @for (href, label, on) in &self.filters {
                            li { a.filter href=(href) aria-current=[on.then_some("true")] { (label) } }
                        }
                    }
                }
            }
        }
    }
}
