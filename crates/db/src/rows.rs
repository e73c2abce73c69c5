//! Statements over many rows: how rows are cut into pieces, and the text that takes a piece.

use std::fmt::Write;

use crate::{Error, Value};

/// Parameters that one statement may have on both engines.
pub(crate) const PARAMETERS_MAX: usize = 32_766;

/// Where the rows go in a text. `$rows(bytea, bigint)` says of what types they are, where the engine can't tell.
const PLACE: &str = "$rows";

/// Cuts rows into pieces whose lengths are powers of two, largest first, so that few texts need preparing.
pub(crate) fn pieces(rows: &[Vec<Value>], columns: usize) -> Vec<&[Vec<Value>]> {
    let limit = (PARAMETERS_MAX / columns.max(1)).max(1);
    let mut largest = 1;
    while largest * 2 <= limit {
        largest *= 2;
    }
    let mut rest = rows;
    let mut pieces = Vec::new();
    while !rest.is_empty() {
        while largest > rest.len() {
            largest /= 2;
        }
        let (piece, others) = rest.split_at(largest);
        pieces.push(piece);
        rest = others;
    }
    pieces
}

/// The number of columns of rows that all have as many.
pub(crate) fn columns(sql: &str, rows: &[Vec<Value>]) -> Result<usize, Error> {
    let columns = rows.first().map_or(0, Vec::len);
    let refused = |reason: &str| Error::Statement {
        reason: reason.to_owned(),
        sql: sql.to_owned(),
    };
    if columns == 0 || columns > PARAMETERS_MAX {
        return Err(refused("a row has no values, or too many"));
    }
    if rows.iter().any(|row| row.len() != columns) {
        return Err(refused("rows differ in their number of values"));
    }
    Ok(columns)
}

/// `insert into t (a, b) values ($1, $2), ($3, $4)`: the text with its rows in it, at their place or else at its
/// end; `sign` is `$` or `?`.
pub(crate) fn text(sql: &str, columns: usize, rows: usize, sign: char) -> String {
    let place = Place::of(sql);
    let mut text = String::with_capacity(sql.len() + 8 + rows * columns * 7);
    text.push_str(place.before);
    text.push_str(place.link);
    let mut number = 0;
    for row in 0..rows {
        text.push_str(if row == 0 { "(" } else { ", (" });
        for column in 0..columns {
            number += 1;
            let comma = if column == 0 { "" } else { ", " };
            // Writing to a String can't fail.
            let _ = match place.types.get(column) {
                Some(name) => write!(text, "{comma}cast({sign}{number} as {name})"),
                None => write!(text, "{comma}{sign}{number}"),
            };
        }
        text.push(')');
    }
    text.push_str(place.after);
    text
}

/// The text that a statement is tried with: over one row, if it says of what types its rows are.
pub(crate) fn sample(sql: &str, sign: char) -> Option<String> {
    let columns = Place::of(sql).types.len();
    (columns > 0).then(|| text(sql, columns, 1, sign))
}

/// A text, parted where its rows go.
struct Place<'sql> {
    before: &'sql str,
    link: &'static str,
    types: Vec<&'sql str>,
    after: &'sql str,
}

impl<'sql> Place<'sql> {
    fn of(sql: &'sql str) -> Self {
        let Some((before, rest)) = sql.split_once(PLACE) else {
            return Self {
                before: sql,
                link: " values ",
                types: Vec::new(),
                after: "",
            };
        };
        let typed = rest.strip_prefix('(').and_then(|rest| rest.split_once(')'));
        let (types, after) = match typed {
            Some((types, after)) => (types.split(',').map(str::trim).collect(), after),
            None => (Vec::new(), rest),
        };
        Self {
            before,
            link: "",
            types,
            after,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_numbers_its_parameters_through() {
        assert_eq!(
            text("insert into t (a, b)", 2, 2, '$'),
            "insert into t (a, b) values ($1, $2), ($3, $4)"
        );
    }

    #[test]
    fn rows_go_to_their_place_and_are_of_its_types() {
        assert_eq!(
            text(
                "insert into t (a) values $rows on conflict do nothing",
                1,
                2,
                '?'
            ),
            "insert into t (a) values (?1), (?2) on conflict do nothing"
        );
        let asked = "with asked (a, b) as (values $rows(bytea, bigint)) select a from asked";
        assert_eq!(
            text(asked, 2, 1, '$'),
            "with asked (a, b) as (values (cast($1 as bytea), cast($2 as bigint))) select a from asked"
        );
        assert_eq!(sample(asked, '$'), Some(text(asked, 2, 1, '$')));
        assert_eq!(sample("select $1", '$'), None);
    }

    #[test]
    fn pieces_cover_every_row_once_within_the_limit() {
        for (rows, columns) in [
            (1, 1),
            (7, 3),
            (1_000, 5),
            (40_000, 1),
            (40_000, 9),
            (3, 32_766),
        ] {
            let all = vec![vec![Value::Null; columns]; rows];
            let cut = pieces(&all, columns);
            assert_eq!(cut.iter().map(|piece| piece.len()).sum::<usize>(), rows);
            assert!(
                cut.iter()
                    .all(|piece| piece.len() * columns <= PARAMETERS_MAX)
            );
            assert!(cut.iter().all(|piece| piece.len().is_power_of_two()));
        }
        assert!(pieces(&[], 3).is_empty());
    }
}
