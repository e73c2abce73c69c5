//! What changed between two versions of a text, clause by clause, and within a clause character by character.

use std::collections::HashMap;

use similar::{Algorithm, DiffOp, capture_diff_slices};

/// A clause of either version with what became of it. Places count from 1.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// It stands as it stood.
    Same {
        /// Its place before.
        before: u32,
        /// Its place after.
        after: u32,
    },
    /// It reads otherwise.
    Changed {
        /// Its place before.
        before: u32,
        /// Its place after.
        after: u32,
        /// Its text in pieces: kept, taken out, put in.
        pieces: Vec<Piece>,
    },
    /// It was taken out.
    Removed {
        /// Its place before.
        before: u32,
    },
    /// It was put in.
    Added {
        /// Its place after.
        after: u32,
    },
}

/// A piece of a changed clause.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Piece {
    /// What became of it.
    pub fate: Fate,
    /// Its text.
    pub text: String,
}

/// What became of a piece.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// It stands in both versions.
    Kept,
    /// It stood only before.
    Removed,
    /// It stands only after.
    Added,
}

impl Fate {
    /// The name in JSON.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Kept => "kept",
            Self::Removed => "removed",
            Self::Added => "added",
        }
    }
}

/// Clauses alike in this many percent of their pairs of neighbouring characters are taken as one clause that changed.
const ALIKE_PERCENT: usize = 40;
/// Clauses are compared by no more than this many characters of their beginning.
const COMPARED: usize = 400;
/// A gap with more pairs of clauses than this is matched by place alone.
const MOST_PAIRS: usize = 10_000;
/// Clauses longer than this together are compared by sentence and not by character.
const BY_CHARACTER: usize = 4_000;

/// What changed, in the order of the later version; what was taken out stands where it stood.
pub fn changes(before: &[String], after: &[String]) -> Vec<Change> {
    let mut all = Vec::new();
    for op in capture_diff_slices(Algorithm::Myers, before, after) {
        let (old, new) = (op.old_range(), op.new_range());
        match op {
            DiffOp::Equal { .. } => {
                let pairs = old.zip(new);
                all.extend(pairs.map(|(old, new)| Change::Same {
                    before: place(old),
                    after: place(new),
                }));
            }
            _ => gap(before, after, (old, new), &mut all),
        }
    }
    all
}

/// Clauses between two that stand unchanged: like ones are paired in order, the rest was taken out or put in.
fn gap(
    before: &[String],
    after: &[String],
    (old, new): (std::ops::Range<usize>, std::ops::Range<usize>),
    all: &mut Vec<Change>,
) {
    let (olds, news) = (
        before.get(old.clone()).unwrap_or_default(),
        after.get(new.clone()).unwrap_or_default(),
    );
    let (mut at_old, mut at_new) = (0, 0);
    let end = (olds.len(), news.len());
    for (left, right) in pairs(olds, news).into_iter().chain([end]) {
        all.extend((at_old..left).map(|at| Change::Removed {
            before: place(old.start + at),
        }));
        all.extend((at_new..right).map(|at| Change::Added {
            after: place(new.start + at),
        }));
        if let (Some(one), Some(other)) = (olds.get(left), news.get(right)) {
            all.push(Change::Changed {
                before: place(old.start + left),
                after: place(new.start + right),
                pieces: pieces(one, other),
            });
        }
        (at_old, at_new) = (left + 1, right + 1);
    }
}

/// The pairs of like clauses in order that have most in common, by dynamic programming.
fn pairs(olds: &[String], news: &[String]) -> Vec<(usize, usize)> {
    if olds.len().saturating_mul(news.len()) > MOST_PAIRS {
        return (0..olds.len().min(news.len())).map(|at| (at, at)).collect();
    }
    let news: Vec<Neighbours> = news.iter().map(|text| neighbours(text)).collect();
    let width = news.len() + 1;
    // Row by row: the most that the first clauses have in common, and whether the last two of them are a pair.
    let mut rows: Vec<Vec<(usize, bool)>> = vec![vec![(0, false); width]];
    let olds: Vec<Neighbours> = olds.iter().map(|text| neighbours(text)).collect();
    for (row, old) in olds.iter().enumerate() {
        let above = rows.get(row).cloned().unwrap_or_default();
        let mut line = vec![(0, false)];
        for (column, new) in news.iter().enumerate() {
            let best_of = |row: &[(usize, bool)], at: usize| row.get(at).map_or(0, |cell| cell.0);
            let without = best_of(&above, column + 1).max(best_of(&line, column));
            let with = best_of(&above, column) + likeness(old, new);
            line.push((without.max(with), with > without));
        }
        rows.push(line);
    }
    let mut found = Vec::new();
    let (mut row, mut column) = (olds.len(), news.len());
    while row > 0 && column > 0 {
        let cell = |row: usize, column: usize| {
            let line = rows.get(row);
            line.and_then(|line| line.get(column))
                .copied()
                .unwrap_or_default()
        };
        let (best, is_pair) = cell(row, column);
        if is_pair {
            (row, column) = (row - 1, column - 1);
            found.push((row, column));
        } else if cell(row - 1, column).0 == best {
            row -= 1;
        } else {
            column -= 1;
        }
    }
    found.reverse();
    found
}

/// Pairs of neighbouring characters with how often each stands, and how many there are.
type Neighbours = (HashMap<(char, char), usize>, usize);

fn neighbours(text: &str) -> Neighbours {
    let mut counts = HashMap::new();
    let characters = || text.chars().take(COMPARED);
    let mut many = 0;
    for pair in characters().zip(characters().skip(1)) {
        *counts.entry(pair).or_insert(0) += 1;
        many += 1;
    }
    (counts, many)
}

/// How many pairs two clauses have in common; none if they are not alike.
fn likeness((one, many): &Neighbours, (other, more): &Neighbours) -> usize {
    let common: usize = one
        .iter()
        .map(|(pair, times)| other.get(pair).map_or(0, |others| *times.min(others)))
        .sum();
    if common > 0 && common.saturating_mul(200) >= ALIKE_PERCENT.saturating_mul(many + more) {
        common
    } else {
        0
    }
}

/// A clause in pieces. One character kept between two changes is not worth a piece of its own.
fn pieces(before: &str, after: &str) -> Vec<Piece> {
    let (old, new) = (units(before, after), units(after, before));
    let mut all: Vec<(Fate, String)> = Vec::new();
    let ops = capture_diff_slices(Algorithm::Myers, &old, &new);
    let last = ops.len().saturating_sub(1);
    let text = |units: &[&str], range: std::ops::Range<usize>| {
        units.get(range).unwrap_or_default().concat()
    };
    for (at, op) in ops.iter().enumerate() {
        let (removed, added) = (text(&old, op.old_range()), text(&new, op.new_range()));
        let is_equal = matches!(op, DiffOp::Equal { .. });
        let is_crumb = removed.chars().count() == 1 && at > 0 && at < last;
        if is_equal && !is_crumb {
            all.push((Fate::Kept, removed));
        } else {
            all.push((Fate::Removed, removed));
            all.push((Fate::Added, added));
        }
    }
    joined(all)
}

/// Changes that touch become one: first all that was taken out, then all that was put in.
fn joined(all: Vec<(Fate, String)>) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let (mut removed, mut added) = (String::new(), String::new());
    let flush = |removed: &mut String, added: &mut String, pieces: &mut Vec<Piece>| {
        for (fate, text) in [(Fate::Removed, removed), (Fate::Added, added)] {
            if !text.is_empty() {
                let text = std::mem::take(text);
                pieces.push(Piece { fate, text });
            }
        }
    };
    for (fate, text) in all {
        match fate {
            Fate::Removed => removed.push_str(&text),
            Fate::Added => added.push_str(&text),
            Fate::Kept => {
                flush(&mut removed, &mut added, &mut pieces);
                pieces.push(Piece { fate, text });
            }
        }
    }
    flush(&mut removed, &mut added, &mut pieces);
    pieces
}

/// What a clause is compared by: characters, or sentences where both together are long.
fn units<'t>(text: &'t str, other: &str) -> Vec<&'t str> {
    if text.chars().count() + other.chars().count() > BY_CHARACTER {
        return text.split_inclusive(['。', '；', '\n']).collect();
    }
    let ends = text
        .char_indices()
        .map(|(at, one)| (at, at + one.len_utf8()));
    ends.filter_map(|(start, end)| text.get(start..end))
        .collect()
}

/// A place counted from 1.
fn place(index: usize) -> u32 {
    u32::try_from(index + 1).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{Change, Fate, Piece, changes};

    fn clauses(of: &[&str]) -> Vec<String> {
        of.iter().map(|one| (*one).to_owned()).collect()
    }

    #[test]
    fn a_clause_that_reads_otherwise_is_told_from_one_put_in() {
        let before = clauses(&[
            "前言",
            "第一条　车辆停放在东侧停放点。",
            "第二条　夜间不巡查。",
        ]);
        let after = clauses(&[
            "前言",
            "第一条　车辆停放在东侧、西侧停放点。",
            "第二条　充电按用量计费。",
            "附则",
        ]);
        let piece = |fate, text: &str| Piece {
            fate,
            text: text.to_owned(),
        };
        assert_eq!(
            changes(&before, &after),
            [
                Change::Same {
                    before: 1,
                    after: 1
                },
                Change::Changed {
                    before: 2,
                    after: 2,
                    pieces: vec![
                        piece(Fate::Kept, "第一条　车辆停放在东侧"),
                        piece(Fate::Added, "、西侧"),
                        piece(Fate::Kept, "停放点。"),
                    ],
                },
                Change::Removed { before: 3 },
                Change::Added { after: 3 },
                Change::Added { after: 4 },
            ]
        );
    }

    #[test]
    fn a_long_clause_is_compared_by_sentence() {
        let long = |word: &str| format!("{}请{word}。{}", "甲乙丙丁戊己庚辛。".repeat(300), "完。");
        let (before, after) = (vec![long("早")], vec![long("晚")]);
        let Some(Change::Changed { pieces, .. }) = changes(&before, &after).pop() else {
            panic!("a like clause is one clause that changed");
        };
        let texts: Vec<&str> = pieces
            .iter()
            .skip(1)
            .map(|piece| piece.text.as_str())
            .collect();
        assert_eq!(texts, ["请早。", "请晚。", "完。"]);
    }

    proptest! {
        #[test]
        fn both_versions_can_be_read_from_the_changes(
            before in prop::collection::vec("[甲乙丙丁a\n]{0,12}", 0..9),
            after in prop::collection::vec("[甲乙丙丁a\n]{0,12}", 0..9),
        ) {
            let (mut old, mut new) = (Vec::new(), Vec::new());
            let at = |place: u32| usize::try_from(place).unwrap() - 1;
            for change in changes(&before, &after) {
                match change {
                    Change::Same { before: left, after: right } => {
                        prop_assert_eq!(&before[at(left)], &after[at(right)]);
                        old.push((left, before[at(left)].clone()));
                        new.push((right, after[at(right)].clone()));
                    }
                    Change::Changed { before: left, after: right, pieces } => {
                        let of = |fate| pieces.iter().filter(move |one| one.fate != fate).map(|one| one.text.as_str());
                        old.push((left, of(Fate::Added).collect()));
                        new.push((right, of(Fate::Removed).collect()));
                    }
                    Change::Removed { before: left } => old.push((left, before[at(left)].clone())),
                    Change::Added { after: right } => new.push((right, after[at(right)].clone())),
                }
            }
            prop_assert_eq!(old, (1..).zip(before).collect::<Vec<_>>());
            prop_assert_eq!(new, (1..).zip(after).collect::<Vec<_>>());
        }
    }
}
