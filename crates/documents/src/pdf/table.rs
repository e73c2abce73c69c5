//! Tables: columns as wide as they need, rows that break over pages, headers on every page.

use super::line::break_lines;
use super::page::{
    BOTTOM, CELL, Composer, LEFT, MIDDLE, Mark, PartKind, Role, TOP, Type, WIDTH, points,
};
use super::{Align, TableBlock};

/// Space between a cell's text and its sides.
const PADDING: f32 = 5.0;
/// Space between a cell's text and its upper and lower line.
const LEADING: f32 = 3.5;
/// How thick the lines are.
const RULE: f32 = 0.6;
/// Behind headers.
const SHADE: u8 = 238;

/// Makes the header's cells, which each page repeats.
type Header<'a> = &'a dyn Fn(&Composer) -> Vec<SetCell>;

/// A cell with its text broken into lines.
struct SetCell {
    lines: Vec<String>,
    align: Align,
    head: bool,
    part: PartKind,
}

/// Sets names and values as a table of two columns.
pub(super) fn key_facts(to: &mut Composer, facts: &[(String, String)]) {
    let rows: Vec<[&str; 2]> = facts
        .iter()
        .map(|(name, value)| [name.as_str(), value.as_str()])
        .collect();
    let widths = widths(
        to,
        &rows.iter().map(|row| row.to_vec()).collect::<Vec<_>>(),
        2,
    );
    let table = to.part(PartKind::Table, None);
    to.y += 6.0;
    for [name, value] in rows {
        let cells = vec![
            set_cell(to, name, &widths, 0, Align::Start, PartKind::RowHeader),
            set_cell(to, value, &widths, 1, Align::Start, PartKind::Cell),
        ];
        row(to, Some(table), cells, &widths, None);
    }
    to.y += 8.0;
}

/// Sets a table.
pub(super) fn table(to: &mut Composer, block: &TableBlock) {
    let titles: Vec<&str> = block
        .columns
        .iter()
        .map(|(title, _)| title.as_str())
        .collect();
    let mut texts = vec![titles.clone()];
    texts.extend(
        block
            .rows
            .iter()
            .map(|row| row.iter().map(String::as_str).collect()),
    );
    let widths = widths(to, &texts, titles.len());
    let table = to.part(PartKind::Table, None);
    to.y += 6.0;
    if !block.caption.is_empty() {
        to.keep(MIDDLE.pitch + 4.0 * CELL.pitch);
        let part = to.part(PartKind::Caption, Some(table));
        to.centred(
            part,
            &block.caption,
            Type {
                size: 12.0,
                bold: true,
                ..MIDDLE
            },
            30.0,
        );
    }
    let header = |to: &Composer| -> Vec<SetCell> {
        (0..titles.len())
            .map(|column| {
                let title = titles.get(column).copied().unwrap_or_default();
                set_cell(
                    to,
                    title,
                    &widths,
                    column,
                    Align::Center,
                    PartKind::ColumnHeader,
                )
            })
            .collect()
    };
    let cells = header(to);
    // The header stays with at least one line of the first row.
    to.keep(height(&cells) + CELL.pitch + 2.0 * LEADING);
    row(to, Some(table), cells, &widths, None);
    for texts in &block.rows {
        let cells = block
            .columns
            .iter()
            .enumerate()
            .map(|(column, (_, align))| {
                let text = texts.get(column).map_or("", String::as_str);
                set_cell(to, text, &widths, column, *align, PartKind::Cell)
            })
            .collect();
        row(to, Some(table), cells, &widths, Some(&header));
    }
    to.y += 8.0;
}

/// Column widths in points that fill the measure: what each needs, and where that is too much,
/// narrow columns in full and the rest for the wide ones.
fn widths(to: &Composer, rows: &[Vec<&str>], columns: usize) -> Vec<f32> {
    let mut wanted = vec![4.0 * PADDING; columns];
    for texts in rows {
        for (width, text) in wanted.iter_mut().zip(texts) {
            let widest = text
                .split('\n')
                .map(|line| to.fonts.width(line))
                .fold(0.0, f32::max);
            *width = width.max(widest * CELL.size + 2.0 * PADDING + 1.0);
        }
    }
    let total: f32 = wanted.iter().sum();
    if total <= WIDTH {
        return wanted.iter().map(|width| width * WIDTH / total).collect();
    }
    let share = fair_share(&wanted);
    wanted.iter().map(|width| width.min(share)).collect()
}

/// The width that the wide columns get, so that all together fill the measure.
fn fair_share(wanted: &[f32]) -> f32 {
    let mut ascending = wanted.to_vec();
    ascending.sort_by(f32::total_cmp);
    let mut left = WIDTH;
    for (place, width) in ascending.iter().enumerate() {
        let share = left / points(ascending.len() - place);
        if *width >= share {
            return share;
        }
        left -= width;
    }
    left
}

fn set_cell(
    to: &Composer,
    text: &str,
    widths: &[f32],
    column: usize,
    align: Align,
    part: PartKind,
) -> SetCell {
    let width = widths.get(column).copied().unwrap_or_default() - 2.0 * PADDING;
    let measure = (width / CELL.size).max(1.0);
    let lines = break_lines(to.fonts, text, measure, 0.0)
        .into_iter()
        .map(|line| line.text);
    let head = !matches!(part, PartKind::Cell);
    SetCell {
        lines: lines.collect(),
        align,
        head,
        part,
    }
}

fn height(cells: &[SetCell]) -> f32 {
    points(cells.iter().map(|cell| cell.lines.len()).max().unwrap_or(1)) * CELL.pitch
        + 2.0 * LEADING
}

/// Sets a row, on the next page if it doesn't fit, and over several if it fits none. `header`
/// makes the cells that are repeated on each new page.
fn row(
    to: &mut Composer,
    table: Option<usize>,
    cells: Vec<SetCell>,
    widths: &[f32],
    header: Option<Header>,
) {
    let whole = height(&cells);
    let repeated = header.map_or(0.0, |header| height(&header(to)));
    let fits_a_page = whole + repeated <= BOTTOM - TOP;
    if to.y + whole > BOTTOM && (fits_a_page || to.y + 3.0 * CELL.pitch > BOTTOM) {
        next_page(to, widths, header);
    }
    let part = to.part(PartKind::Row, table);
    let parts: Vec<usize> = cells
        .iter()
        .map(|cell| to.part(cell.part.clone(), Some(part)))
        .collect();
    let mut rest = cells;
    loop {
        let taken = strip(to, &mut rest);
        let roles: Vec<Role> = parts.iter().map(|part| Role::Content(*part)).collect();
        draw_row(to, &taken, widths, &roles);
        if rest.iter().all(|cell| cell.lines.is_empty()) {
            return;
        }
        next_page(to, widths, header);
    }
}

/// Takes as many lines of each cell as the page has room for; at least one.
fn strip(to: &Composer, cells: &mut [SetCell]) -> Vec<SetCell> {
    let mut room = BOTTOM - to.y - 2.0 * LEADING - CELL.pitch;
    let mut lines = 1;
    while room >= CELL.pitch - 0.01 {
        room -= CELL.pitch;
        lines += 1;
    }
    cells
        .iter_mut()
        .map(|cell| {
            let after = cell.lines.split_off(lines.min(cell.lines.len()));
            let taken = std::mem::replace(&mut cell.lines, after);
            SetCell {
                lines: taken,
                align: cell.align,
                head: cell.head,
                part: cell.part.clone(),
            }
        })
        .collect()
}

fn next_page(to: &mut Composer, widths: &[f32], header: Option<Header>) {
    to.new_page();
    if let Some(header) = header {
        let cells = header(to);
        let roles = vec![Role::Decoration; cells.len()];
        draw_row(to, &cells, widths, &roles);
    }
}

fn draw_row(to: &mut Composer, cells: &[SetCell], widths: &[f32], roles: &[Role]) {
    let (top, height) = (to.y, height(cells));
    let mut x = LEFT;
    for ((cell, width), role) in cells.iter().zip(widths).zip(roles) {
        if cell.head {
            to.draw(
                Role::Decoration,
                Mark::Fill {
                    x,
                    y: top,
                    width: *width,
                    height,
                    grey: SHADE,
                },
            );
        }
        outline(to, x, top, *width, height);
        let kind = Type {
            bold: cell.head,
            ..CELL
        };
        let mut y = top + (height - points(cell.lines.len()) * kind.pitch) / 2.0;
        for line in &cell.lines {
            let free = width - 2.0 * PADDING - to.fonts.width(line) * kind.size;
            let shift = match cell.align {
                Align::Start => 0.0,
                Align::Center => free / 2.0,
                Align::End => free,
            };
            to.text(*role, line, x + PADDING + shift.max(0.0), y, kind, 0.0);
            y += kind.pitch;
        }
        x += width;
    }
    to.y += height;
}

fn outline(to: &mut Composer, x: f32, y: f32, width: f32, height: f32) {
    let mut line = |x: f32, y: f32, width: f32, height: f32| {
        to.draw(
            Role::Decoration,
            Mark::Fill {
                x,
                y,
                width,
                height,
                grey: 0,
            },
        );
    };
    line(x, y, width, RULE);
    line(x, y + height, width + RULE, RULE);
    line(x, y, RULE, height);
    line(x + width, y, RULE, height);
}
