//! Tables that become cards on a phone and Excel on demand.

use maud::{Markup, Render, html};

use crate::{Icon, Ui};

/// One column of a [`Table`].
#[derive(Clone, Debug)]
#[must_use]
pub struct Column {
    label: String,
    number: bool,
}

impl Column {
    /// A column of words, aligned at the start.
    pub fn text(label: impl Into<String>) -> Self {
        Self {
            label: label.into(),
            number: false,
        }
    }

    /// A column of numbers, aligned at the end with figures of one width.
    pub fn number(label: impl Into<String>) -> Self {
        Self {
            label: label.into(),
            number: true,
        }
    }
}

/// A table; made by [`table`].
#[derive(Clone, Debug)]
#[must_use]
pub struct Table {
    caption: String,
    columns: Vec<Column>,
    rows: Vec<Vec<Markup>>,
    total: Option<Vec<Markup>>,
    export: Option<(String, String)>,
    nothing: String,
}

/// A table whose caption says what the rows are. The first cell of a row names the row.
pub fn table(ui: &Ui, caption: impl Into<String>, columns: impl Into<Vec<Column>>) -> Table {
    Table {
        caption: caption.into(),
        columns: columns.into(),
        rows: Vec::new(),
        total: None,
        export: None,
        nothing: ui.t("ui-nothing-here").into_owned(),
    }
}

impl Table {
    /// Adds a row, one cell a column.
    pub fn row(mut self, cells: impl IntoIterator<Item = impl Render>) -> Self {
        self.rows
            .push(cells.into_iter().map(|cell| cell.render()).collect());
        self
    }

    /// Adds many rows.
    pub fn rows(mut self, rows: impl IntoIterator<Item = Vec<Markup>>) -> Self {
        self.rows.extend(rows);
        self
    }

    /// The sum line at the foot.
    pub fn total(mut self, cells: impl IntoIterator<Item = impl Render>) -> Self {
        self.total = Some(cells.into_iter().map(|cell| cell.render()).collect());
        self
    }

    /// A link that saves the same rows for Excel.
    pub fn export(mut self, ui: &Ui, href: impl Into<String>) -> Self {
        self.export = Some((href.into(), ui.t("ui-export-excel").into_owned()));
        self
    }

    fn grid(&self) -> Markup {
        html! {
            table role="table" {
                caption { (self.caption) }
                thead role="rowgroup" {
                    tr role="row" {
                        @for column in &self.columns {
                            th scope="col" role="columnheader" .number[column.number] {
                                (column.label)
                            }
                        }
                    }
                }
                tbody role="rowgroup" { @for cells in &self.rows { (self.line(cells)) } }
                @if let Some(cells) = &self.total {
                    tfoot role="rowgroup" { (self.line(cells)) }
                }
            }
        }
    }

    fn line(&self, cells: &[Markup]) -> Markup {
        html! {
            // The explicit roles keep it a table for screen readers where it is laid out as cards.
            tr role="row" {
                @for (place, (column, cell)) in self.columns.iter().zip(cells).enumerate() {
                    @if place == 0 {
                        th scope="row" role="rowheader" .number[column.number] { (cell) }
                    } @else {
                        td role="cell" data-label=(column.label) .number[column.number] { (cell) }
                    }
                }
            }
        }
    }
}

impl Render for Table {
    fn render(&self) -> Markup {
        html! {
            div.table-frame tabindex="0" role="group" aria-label=(self.caption) {
                @if self.rows.is_empty() {
                    p.table-name { (self.caption) }
                    p.table-empty { (self.nothing) }
                } @else {
                    (self.grid())
                }
                @if let Some((href, label)) = &self.export {
                    p.table-export {
                        a.standalone href=(href) download { (Icon::Download) span { (label) } }
                    }
                }
            }
        }
    }
}
