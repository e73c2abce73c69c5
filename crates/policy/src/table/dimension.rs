//! A dimension of a table: one field, cut into the atoms between which the table's rows tell apart.

use jiff::civil::Date;

use super::range::{Edges, Range};
use super::{Case, Condition, Fields};
use crate::value::{Field, Kind, Value};
use crate::{Number, Place, Text};

/// Where a dimension takes its value from; tables look at inputs first, at the day last.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Source {
    /// An input of the policy, by position.
    Input(usize),
    /// An output of an earlier table, by position.
    Output(usize),
    /// The day of the decision.
    Day,
}

/// One field that the rows of a table look at.
#[derive(Debug)]
pub(crate) struct Dimension {
    pub(crate) source: Source,
    pub(crate) atoms: Atoms,
    /// Distance in the lookup array between two neighbouring atoms.
    pub(crate) stride: usize,
    possible: Vec<bool>,
}

/// Classes of values that no row tells apart.
#[derive(Debug)]
pub(crate) enum Atoms {
    /// One for each declared value; for a flag no and yes.
    Values(usize),
    Numbers(Edges<Number>),
    Days(Edges<Date>),
    /// One for each place that a row names, without the named places inside it; the last is elsewhere.
    Places(Vec<Place>),
    /// One for each text that a row names; the last is any other.
    Words(Vec<String>),
}

impl Dimension {
    /// Cuts a field by the conditions that rows put on it. `days` are the days of the version.
    pub(crate) fn new(
        source: Source,
        field: Option<&Field>,
        conditions: &[&Condition],
        days: &Range<Date>,
    ) -> Self {
        let atoms = match field.map(|field| field.kind) {
            None | Some(Kind::Date) => {
                let domain = if field.is_none() { days } else { &Range::ALL };
                let edges = conditions
                    .iter()
                    .flat_map(|condition| condition.days())
                    .chain(domain.edges());
                Atoms::Days(Edges::new(edges.collect(), true))
            }
            Some(kind @ (Kind::Integer | Kind::Decimal | Kind::Ratio)) => {
                let edges = conditions.iter().flat_map(|condition| condition.numbers());
                let domain = field
                    .into_iter()
                    .flat_map(|field| field.min.into_iter().chain(field.max));
                Atoms::Numbers(Edges::new(
                    edges.chain(domain).collect(),
                    kind == Kind::Integer,
                ))
            }
            Some(Kind::Flag) => Atoms::Values(2),
            Some(Kind::Choice | Kind::Choices | Kind::Threshold) => {
                Atoms::Values(field.map_or(0, |field| field.labels.len()))
            }
            Some(Kind::Place) => Atoms::Places(sorted(
                conditions.iter().flat_map(|condition| condition.places()),
            )),
            Some(Kind::Text) => Atoms::Words(sorted(
                conditions.iter().flat_map(|condition| condition.words()),
            )),
        };
        let mut dimension = Self {
            source,
            atoms,
            stride: 1,
            possible: Vec::new(),
        };
        let possible = (0..dimension.len())
            .map(|atom| dimension.could_be(atom, field, days))
            .collect();
        dimension.possible = possible;
        dimension
    }

    fn could_be(&self, atom: usize, field: Option<&Field>, days: &Range<Date>) -> bool {
        match &self.atoms {
            Atoms::Numbers(edges) => {
                let domain = Range::closed(
                    field.and_then(|field| field.min),
                    field.and_then(|field| field.max),
                );
                edges.holds_values(atom) && edges.covers(&domain, atom)
            }
            Atoms::Days(edges) if field.is_none() => {
                edges.holds_values(atom) && edges.covers(days, atom)
            }
            Atoms::Days(edges) => edges.holds_values(atom),
            Atoms::Places(places) => {
                let country = |place: &Place| place.to_string() == "CN";
                atom < places.len() || !places.iter().any(country)
            }
            Atoms::Values(_) | Atoms::Words(_) => true,
        }
    }

    pub(crate) fn len(&self) -> usize {
        match &self.atoms {
            Atoms::Values(count) => *count,
            Atoms::Numbers(edges) => edges.len(),
            Atoms::Days(edges) => edges.len(),
            Atoms::Places(places) => places.len() + 1,
            Atoms::Words(words) => words.len() + 1,
        }
    }

    /// Whether a value that inputs may have lies in the atom.
    pub(crate) fn is_possible(&self, atom: usize) -> bool {
        self.possible.get(atom).copied().unwrap_or_default()
    }

    /// The offsets of all possible atoms, from an offset whose atom here is 0.
    pub(crate) fn spread(&self, at: usize) -> impl Iterator<Item = usize> + '_ {
        let possible = (0..self.len()).filter(|atom| self.is_possible(*atom));
        possible.map(move |atom| at + atom * self.stride)
    }

    /// The same case with the first possible atom here.
    pub(crate) fn first_like(&self, at: usize) -> usize {
        let atom = at / self.stride % self.len();
        let first = (0..self.len())
            .find(|atom| self.is_possible(*atom))
            .unwrap_or(atom);
        at - atom * self.stride + first * self.stride
    }

    /// The atom of a case; `None` where the value is missing.
    pub(crate) fn atom(&self, case: &Case<'_, '_>) -> Option<usize> {
        if let (Source::Day, Atoms::Days(edges)) = (self.source, &self.atoms) {
            return Some(edges.atom(case.on));
        }
        match (&self.atoms, case.value(self.source)?) {
            (Atoms::Values(_), Value::Choice(index)) => Some(*index),
            (Atoms::Values(_), Value::Flag(flag)) => Some(usize::from(*flag)),
            (Atoms::Numbers(edges), Value::Number(number)) => Some(edges.atom(*number)),
            (Atoms::Days(edges), Value::Date(date)) => Some(edges.atom(*date)),
            (Atoms::Places(places), Value::Place(place)) => Some(narrowest(places, place)),
            (Atoms::Words(words), Value::Words(word)) => Some(
                words
                    .binary_search_by(|known| known.as_str().cmp(word))
                    .unwrap_or(words.len()),
            ),
            _ => None,
        }
    }

    /// The atom in words, for a finding.
    pub(crate) fn describe(&self, atom: usize, fields: Fields<'_>) -> String {
        let field = fields.get(self.source);
        let name = field.map_or("day", |field| field.name.as_str());
        let value = match &self.atoms {
            Atoms::Values(_) => match field {
                Some(field) if field.kind == Kind::Flag => (atom == 1).to_string(),
                Some(field) => field
                    .labels
                    .get(atom)
                    .map_or_else(String::new, |label| label.code.clone()),
                None => String::new(),
            },
            Atoms::Numbers(edges) => describe_gap(edges.around(atom)),
            Atoms::Days(edges) => describe_gap(edges.around(atom)),
            Atoms::Places(places) => places
                .get(atom)
                .map_or_else(|| "elsewhere".to_owned(), ToString::to_string),
            Atoms::Words(words) => words
                .get(atom)
                .map_or_else(|| "any other".to_owned(), Clone::clone),
        };
        format!("{name} = {value}")
    }

    /// The field's title, for an explanation.
    pub(crate) fn title(&self, fields: Fields<'_>) -> Text {
        match fields.get(self.source) {
            Some(field) => field.title.clone(),
            None => Text::new("日期", "day"),
        }
    }
}

fn sorted<T: Ord>(values: impl Iterator<Item = T>) -> Vec<T> {
    let mut values: Vec<T> = values.collect();
    values.sort_unstable();
    values.dedup();
    values
}

/// The named place that holds the given one most closely; the number of places if none does. A wider
/// place sorts before those inside it, so the last that holds it is the narrowest.
fn narrowest(places: &[Place], place: &Place) -> usize {
    places
        .iter()
        .rposition(|candidate| candidate.contains(place))
        .unwrap_or(places.len())
}

fn describe_gap<T: PartialEq + ToString>(around: (Option<T>, Option<T>)) -> String {
    match around {
        (Some(low), Some(high)) if low == high => low.to_string(),
        (Some(low), Some(high)) => format!("between {} and {}", low.to_string(), high.to_string()),
        (Some(low), None) => format!("above {}", low.to_string()),
        (None, Some(high)) => format!("below {}", high.to_string()),
        (None, None) => "any".to_owned(),
    }
}
