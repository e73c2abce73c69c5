//! Ranges with open or closed ends, and the edges that cut a line into points and gaps between them.

use jiff::civil::Date;

use crate::Number;

/// Values between two ends; `true` means that the end itself is inside.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Range<T> {
    pub(crate) low: Option<(T, bool)>,
    pub(crate) high: Option<(T, bool)>,
}

/// A type whose values lie on a line.
pub(crate) trait OnALine: Ord + Copy {
    /// Whether no value of a discrete type lies between two neighbours.
    fn adjoins(self, next: Self) -> bool;
}

impl OnALine for Number {
    fn adjoins(self, next: Self) -> bool {
        next.checked_sub(self)
            .is_some_and(|gap| gap.numerator() <= gap.denominator())
    }
}

impl OnALine for Date {
    fn adjoins(self, next: Self) -> bool {
        self.tomorrow().is_ok_and(|tomorrow| tomorrow >= next)
    }
}

impl<T: OnALine> Range<T> {
    pub(crate) const ALL: Range<T> = Range {
        low: None,
        high: None,
    };

    pub(crate) fn closed(low: Option<T>, high: Option<T>) -> Self {
        Self {
            low: low.map(|low| (low, true)),
            high: high.map(|high| (high, true)),
        }
    }

    pub(crate) fn is_empty(&self) -> bool {
        match (&self.low, &self.high) {
            (Some((low, low_in)), Some((high, high_in))) => {
                low > high || (low == high && !(*low_in && *high_in))
            }
            _ => false,
        }
    }

    pub(crate) fn edges(&self) -> impl Iterator<Item = T> + '_ {
        self.low.iter().chain(&self.high).map(|(edge, _)| *edge)
    }
}

/// Sorted edges. Atom `2i` is the gap before edge `i`, atom `2i + 1` is edge `i` itself; the last atom is
/// the gap after all edges.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Edges<T> {
    edges: Vec<T>,
    discrete: bool,
}

impl<T: OnALine> Edges<T> {
    pub(crate) fn new(mut edges: Vec<T>, discrete: bool) -> Self {
        edges.sort_unstable();
        edges.dedup();
        Self { edges, discrete }
    }

    pub(crate) fn len(&self) -> usize {
        2 * self.edges.len() + 1
    }

    pub(crate) fn atom(&self, value: T) -> usize {
        match self.edges.binary_search(&value) {
            Ok(index) => 2 * index + 1,
            Err(index) => 2 * index,
        }
    }

    /// The edges around a gap, or the edge itself twice.
    pub(crate) fn around(&self, atom: usize) -> (Option<T>, Option<T>) {
        let index = atom / 2;
        if atom % 2 == 1 {
            let edge = self.edges.get(index).copied();
            return (edge, edge);
        }
        let before = index.checked_sub(1).and_then(|index| self.edges.get(index));
        (before.copied(), self.edges.get(index).copied())
    }

    /// Whether a range, whose ends are among the edges, holds the atom.
    pub(crate) fn covers(&self, range: &Range<T>, atom: usize) -> bool {
        let (before, after) = self.around(atom);
        let is_point = atom % 2 == 1;
        let above = match (&range.low, before) {
            (None, _) => true,
            (Some(_), None) => false,
            (Some((low, inside)), Some(edge)) => {
                edge > *low || (edge == *low && (*inside || !is_point))
            }
        };
        let below = match (&range.high, after) {
            (None, _) => true,
            (Some(_), None) => false,
            (Some((high, inside)), Some(edge)) => {
                edge < *high || (edge == *high && (*inside || !is_point))
            }
        };
        above && below
    }

    /// Whether any value can lie in the atom.
    pub(crate) fn holds_values(&self, atom: usize) -> bool {
        match self.around(atom) {
            (Some(before), Some(after)) if atom.is_multiple_of(2) => {
                !(self.discrete && before.adjoins(after))
            }
            _ => true,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn number(value: i64) -> Number {
        Number::integer(value).unwrap()
    }

    fn contains(range: &Range<Number>, value: Number) -> bool {
        let above = range
            .low
            .is_none_or(|(low, inside)| value > low || (inside && value == low));
        let below = range
            .high
            .is_none_or(|(high, inside)| value < high || (inside && value == high));
        above && below
    }

    proptest! {
        #[test]
        fn an_atom_is_covered_exactly_when_its_values_are_in_the_range(
            low in proptest::option::of((-5_i64..5, any::<bool>())),
            high in proptest::option::of((-5_i64..5, any::<bool>())),
            others in proptest::collection::vec(-5_i64..5, 0..4),
            halves in -12_i64..12,
        ) {
            let range = Range {
                low: low.map(|(low, inside)| (number(low), inside)),
                high: high.map(|(high, inside)| (number(high), inside)),
            };
            let edges: Vec<Number> = range.edges().chain(others.into_iter().map(number)).collect();
            let edges = Edges::new(edges, false);
            let value = Number::ratio(halves, 2).unwrap();
            let atom = edges.atom(value);
            prop_assert_eq!(edges.covers(&range, atom), contains(&range, value));
            prop_assert!(edges.holds_values(atom));
        }
    }

    #[test]
    fn no_whole_number_lies_between_two_neighbours() {
        let edges = Edges::new(vec![number(1), number(2), number(5)], true);
        assert!(!edges.holds_values(2));
        assert!(edges.holds_values(4));
    }
}
