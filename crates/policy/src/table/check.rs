//! Compiles a table and refuses gaps, overlaps and rows that can never decide.

use std::collections::BTreeSet;

use jiff::civil::Date;

use super::{
    Condition, Dimension, Fields, Hit, MOST_COMBINATIONS, NO_ROW, Range, Row, Source, Table,
};
use crate::Text;

/// How many examples of a fault a message shows.
const MOST_EXAMPLES: usize = 3;

impl Table {
    /// Builds the lookup array. `when` holds each row's conditions by where the value comes from.
    pub(crate) fn compile(
        id: String,
        title: Text,
        hit: Hit,
        rows: Vec<(Row, Vec<(Source, Condition)>)>,
        fields: Fields<'_>,
        days: &Range<Date>,
    ) -> Result<Table, Vec<String>> {
        let (dimensions, combinations) = dimensions(&rows, fields, days);
        let Some(combinations) = combinations else {
            return Err(vec![format!(
                "more than {MOST_COMBINATIONS} combinations of conditions; split it into several tables"
            )]);
        };
        let rows = rows
            .into_iter()
            .map(|(row, when)| place_conditions(row, when, &dimensions))
            .collect();
        let mut table = Table {
            id,
            title,
            hit,
            rows,
            dimensions,
            lookup: vec![NO_ROW; combinations],
        };
        let faults = table.fill(fields);
        if faults.is_empty() {
            Ok(table)
        } else {
            Err(faults)
        }
    }

    fn fill(&mut self, fields: Fields<'_>) -> Vec<String> {
        let covered = self
            .rows
            .iter()
            .map(|row| Covered::new(row, &self.dimensions))
            .collect::<Vec<_>>();
        let mut decides = vec![false; self.rows.len()];
        let (mut gaps, mut overlaps) = (Faults::default(), Faults::default());
        let mut lookup = std::mem::take(&mut self.lookup);
        for (offset, slot) in lookup.iter_mut().enumerate() {
            let atoms: Vec<usize> = self
                .dimensions
                .iter()
                .map(|it| offset / it.stride % it.len())
                .collect();
            let possible = self
                .dimensions
                .iter()
                .zip(&atoms)
                .all(|(it, atom)| it.is_possible(*atom));
            if !possible {
                continue;
            }
            let mut hits = (0..covered.len())
                .filter(|row| covered.get(*row).is_some_and(|it| it.holds(&atoms)));
            let Some(first) = hits.next() else {
                gaps.add(|| self.describe_case(&atoms, fields));
                continue;
            };
            if let (Hit::Unique, Some(second)) = (self.hit, hits.next()) {
                let names =
                    [first, second].map(|row| self.rows.get(row).map_or("?", |row| &row.id));
                overlaps.add(|| {
                    format!(
                        "{} (rows {})",
                        self.describe_case(&atoms, fields),
                        names.join(", ")
                    )
                });
            }
            if let Some(decides) = decides.get_mut(first) {
                *decides = true;
            }
            *slot = u16::try_from(first).unwrap_or(NO_ROW);
        }
        self.lookup = lookup;
        let mut faults = Vec::new();
        faults.extend(gaps.message("no row decides"));
        faults.extend(overlaps.message("more than one row decides"));
        let idle = self
            .rows
            .iter()
            .zip(&decides)
            .filter(|(_, decides)| !**decides);
        faults.extend(idle.map(|(row, _)| {
            format!(
                "row `{}` can never decide: earlier rows or its dates leave it no case",
                row.id
            )
        }));
        faults
    }

    fn describe_case(&self, atoms: &[usize], fields: Fields<'_>) -> String {
        let parts: Vec<String> = self
            .dimensions
            .iter()
            .zip(atoms)
            .map(|(dimension, atom)| dimension.describe(*atom, fields))
            .collect();
        if parts.is_empty() {
            "any case".to_owned()
        } else {
            parts.join(", ")
        }
    }
}

/// Which atoms of each dimension a row takes.
struct Covered(Vec<Vec<bool>>);

impl Covered {
    fn new(row: &Row, dimensions: &[Dimension]) -> Self {
        let of = |(index, dimension): (usize, &Dimension)| -> Vec<bool> {
            let conditions = row
                .when
                .iter()
                .filter(|(at, _)| *at == index)
                .collect::<Vec<_>>();
            let covers = |atom| {
                conditions
                    .iter()
                    .all(|(_, it)| it.covers(&dimension.atoms, atom))
            };
            (0..dimension.len()).map(covers).collect()
        };
        Self(dimensions.iter().enumerate().map(of).collect())
    }

    fn holds(&self, atoms: &[usize]) -> bool {
        self.0
            .iter()
            .zip(atoms)
            .all(|(covered, atom)| covered.get(*atom).copied().unwrap_or_default())
    }
}

fn dimensions(
    rows: &[(Row, Vec<(Source, Condition)>)],
    fields: Fields<'_>,
    days: &Range<Date>,
) -> (Vec<Dimension>, Option<usize>) {
    let all = || rows.iter().flat_map(|(_, when)| when);
    let sources: BTreeSet<Source> = all().map(|(source, _)| *source).collect();
    let mut combinations = Some(1_usize);
    let mut dimensions = Vec::new();
    for source in sources {
        let conditions: Vec<&Condition> = all()
            .filter(|(from, _)| *from == source)
            .map(|(_, it)| it)
            .collect();
        let mut dimension = Dimension::new(source, fields.get(source), &conditions, days);
        dimension.stride = combinations.unwrap_or(1);
        combinations = combinations
            .and_then(|count| count.checked_mul(dimension.len()))
            .filter(|count| *count <= MOST_COMBINATIONS);
        dimensions.push(dimension);
    }
    (dimensions, combinations)
}

/// Puts a row's conditions on the table's dimensions, in their order.
fn place_conditions(mut row: Row, when: Vec<(Source, Condition)>, dimensions: &[Dimension]) -> Row {
    let at = |source: Source| {
        dimensions
            .iter()
            .position(|dimension| dimension.source == source)
    };
    row.when = when
        .into_iter()
        .filter_map(|(source, condition)| Some((at(source)?, condition)))
        .collect();
    row.when.sort_by_key(|(index, _)| *index);
    row
}

#[derive(Default)]
struct Faults {
    examples: Vec<String>,
    count: usize,
}

impl Faults {
    fn add(&mut self, example: impl FnOnce() -> String) {
        self.count += 1;
        if self.examples.len() < MOST_EXAMPLES {
            self.examples.push(example());
        }
    }

    fn message(self, what: &str) -> Option<String> {
        let more = self.count.saturating_sub(self.examples.len());
        let rest = if more > 0 {
            format!("; and {more} more")
        } else {
            String::new()
        };
        (self.count > 0).then(|| format!("{what}: {}{rest}", self.examples.join("; ")))
    }
}
