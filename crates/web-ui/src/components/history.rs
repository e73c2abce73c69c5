//! Who did what and when, from the journal.

use maud::{Markup, Render, html};

use super::states::empty;
use crate::{Icon, Ui};

/// One entry of the record.
#[derive(Clone, Debug)]
#[must_use]
pub struct HistoryEntry {
    at: i64,
    actor: String,
    action: Markup,
    changes: Vec<(String, String, String)>,
    position: Option<u64>,
}

impl HistoryEntry {
    /// At `at` (microseconds UTC), `actor` did `action`.
    pub fn new(at: i64, actor: impl Into<String>, action: impl Render) -> Self {
        Self {
            at,
            actor: actor.into(),
            action: action.render(),
            changes: Vec::new(),
            position: None,
        }
    }

    /// A value that changed: what it is, before, after.
    pub fn change(
        mut self,
        what: impl Into<String>,
        before: impl Into<String>,
        after: impl Into<String>,
    ) -> Self {
        self.changes
            .push((what.into(), before.into(), after.into()));
        self
    }

    /// The entry's number in the community's journal.
    pub fn position(mut self, position: u64) -> Self {
        self.position = Some(position);
        self
    }
}

/// Entries, newest first as given.
pub fn history(ui: &Ui, entries: impl IntoIterator<Item = HistoryEntry>) -> Markup {
    let mut entries = entries.into_iter().peekable();
    if entries.peek().is_none() {
        return empty(Icon::History, ui.t("ui-no-history")).render();
    }
    html! { ol.history { @for entry in entries { (entry_item(ui, &entry)) } } }
}

fn entry_item(ui: &Ui, entry: &HistoryEntry) -> Markup {
    html! {
        li {
            p.history-head {
                (ui.moment(entry.at))
                @if let Some(position) = entry.position { span.dim { " · #" (position) } }
            }
            p { b { (entry.actor) } " " (entry.action) }
            @for (what, before, after) in &entry.changes {
                p.change {
                    (what) ": "
                    del { span.hidden { (ui.t("ui-before")) " " } (before) } " → "
                    ins { span.hidden { (ui.t("ui-after")) " " } (after) }
                }
            }
        }
    }
}
