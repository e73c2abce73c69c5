//! Multi-row VALUES: which statements insert a number of rows, and their text.

use std::fmt::Write;

use crate::{Error, Value};

/// Parameters that one statement may have on both engines.
pub(crate) const PARAMETERS_MAX: usize = 32_766;

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
pub(crate) fn columns(insert: &str, rows: &[Vec<Value>]) -> Result<usize, Error> {
    let columns = rows.first().map_or(0, Vec::len);
    let refused = |reason: &str| Error::Statement {
        reason: reason.to_owned(),
        sql: insert.to_owned(),
    };
    if columns == 0 || columns > PARAMETERS_MAX {
        return Err(refused("a row to insert has no values, or too many"));
    }
    if rows.iter().any(|row| row.len() != columns) {
        return Err(refused("rows to insert differ in their number of values"));
    }
    Ok(columns)
}

/// `insert into t (a, b) values ($1, $2), ($3, $4)`; `sign` is `$` or `?`.
pub(crate) fn text(insert: &str, columns: usize, rows: usize, sign: char) -> String {
    let mut text = String::with_capacity(insert.len() + 8 + rows * columns * 7);
    text.push_str(insert);
    text.push_str(" values ");
    let mut number = 0;
    for row in 0..rows {
        text.push_str(if row == 0 { "(" } else { ", (" });
        for column in 0..columns {
            number += 1;
            let comma = if column == 0 { "" } else { ", " };
            // Writing to a String can't fail.
            let _ = write!(text, "{comma}{sign}{number}");
        }
        text.push(')');
    }
    text
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
