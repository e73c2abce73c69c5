//! Versions and their tables: no day without a version unless the file says why, no output from two tables.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::day;
use super::fields::{self, Side};
use super::outputs::Scope;
use super::rows::{self, BuiltRow, Surroundings};
use crate::Instrument;
use crate::error::Report;
use crate::policy::{Policy, Version};
use crate::source::{PolicyFile, RawGolden, RawHit, RawTable, RawVersion};
use crate::table::{Fields, Ground, Hit, Range, Table};
use crate::value::Field;

/// Tables with more rows than this are refused.
const MOST_ROWS: usize = 1_000;

pub(super) fn build(
    file: PolicyFile,
    instruments: &BTreeMap<String, Arc<Instrument>>,
    report: &mut Report,
) -> (Policy, Vec<RawGolden>) {
    let mut policy = Policy {
        id: file.id,
        title: file.title,
        about: file.about,
        inputs: fields::build(file.input, Side::Input, report),
        outputs: fields::build(file.output, Side::Output, report),
        versions: Vec::new(),
    };
    check_head(&policy, report);
    for raw in file.version {
        if let Some(version) = version(raw, &policy, instruments, report) {
            policy.versions.push(version);
        }
    }
    check_dates(&policy.versions, report);
    (policy, file.golden)
}

fn check_head(policy: &Policy, report: &mut Report) {
    if policy.id.trim().is_empty() || policy.title.is_blank() {
        report.refuse("", "the policy has no id or no title");
    }
    if policy.outputs.is_empty() {
        report.refuse("", "the policy declares no output");
    }
    let inputs: BTreeSet<&str> = policy
        .inputs
        .iter()
        .map(|field| field.name.as_str())
        .collect();
    for field in policy
        .outputs
        .iter()
        .filter(|field| inputs.contains(field.name.as_str()))
    {
        report.refuse("", format!("`{}` is both input and output", field.name));
    }
}

fn check_dates(versions: &[Version], report: &mut Report) {
    if versions.is_empty() && report.is_clean() {
        report.refuse("", "the policy has no version");
    }
    for (before, after) in versions.iter().zip(versions.iter().skip(1)) {
        let place = format!("version {}", after.from);
        let Some(ended) = before.to else {
            report.refuse(
                &place,
                format!(
                    "versions overlap: the one from {} does not end before",
                    before.from
                ),
            );
            continue;
        };
        let follows = ended.tomorrow().is_ok_and(|next| next == after.from);
        if ended >= after.from {
            report.refuse(
                &place,
                format!("versions overlap, or are not in order: {ended} is in both"),
            );
        } else if follows == after.gap_before.is_some() {
            report.refuse(&place, format!("days between {ended} and {} have no version, or `gap_before` says so wrongly; declare `gap_before` with the reason, only if there is a gap", after.from));
        }
    }
    if versions
        .first()
        .is_some_and(|first| first.gap_before.is_some())
    {
        report.refuse(
            "first version",
            "nothing comes before it; remove `gap_before`",
        );
    }
}

fn version(
    raw: RawVersion,
    policy: &Policy,
    instruments: &BTreeMap<String, Arc<Instrument>>,
    report: &mut Report,
) -> Option<Version> {
    let place = format!("version {}", raw.from);
    let from = day(&raw.from, &place, report)?;
    let to = match &raw.to {
        Some(to) => Some(day(to, &place, report)?),
        None => None,
    };
    if to.is_some_and(|to| to < from) {
        report.refuse(&place, "the version ends before it starts");
        return None;
    }
    let Some(instrument) = instruments.get(&raw.instrument).cloned() else {
        report.refuse(
            &place,
            format!(
                "no instrument `{}`; declare it in a file of kind \"instruments\"",
                raw.instrument
            ),
        );
        return None;
    };
    let mut builder = Builder {
        policy,
        instruments,
        instrument: &instrument,
        days: Range::closed(Some(from), to),
        settled: vec![false; policy.outputs.len()],
        given: vec![false; policy.outputs.len()],
        place: place.clone(),
    };
    let tables = raw
        .table
        .into_iter()
        .filter_map(|table| builder.table(table, report))
        .collect();
    builder.refuse_unanswered(report);
    Some(Version {
        from,
        to,
        instrument,
        gap_before: raw.gap_before,
        note: raw.note,
        tables,
    })
}

/// Builds the tables of one version in order, knowing which outputs are settled already.
struct Builder<'a> {
    policy: &'a Policy,
    instruments: &'a BTreeMap<String, Arc<Instrument>>,
    instrument: &'a Arc<Instrument>,
    days: Range<jiff::civil::Date>,
    /// Outputs that every decided case has from earlier tables.
    settled: Vec<bool>,
    /// Outputs that some earlier table may give.
    given: Vec<bool>,
    place: String,
}

impl Builder<'_> {
    fn table(&mut self, raw: RawTable, report: &mut Report) -> Option<Table> {
        let place = format!("{}, table {}", self.place, raw.id);
        if raw.row.is_empty() || raw.row.len() > MOST_ROWS {
            report.refuse(&place, format!("a table has 1 to {MOST_ROWS} rows"));
            return None;
        }
        let before = report.count();
        let rows = self.rows(raw.row, &place, report);
        self.settle(&rows, &place, report);
        if report.count() > before {
            return None;
        }
        let hit = match raw.hit {
            RawHit::First => Hit::First,
            RawHit::Unique => Hit::Unique,
        };
        let fields = Fields {
            inputs: &self.policy.inputs,
            outputs: &self.policy.outputs,
        };
        match Table::compile(raw.id, raw.title, hit, rows, fields, &self.days) {
            Ok(table) => Some(table),
            Err(faults) => {
                for fault in faults {
                    report.refuse(&place, fault);
                }
                None
            }
        }
    }

    fn rows(
        &self,
        raw: Vec<crate::source::RawRow>,
        place: &str,
        report: &mut Report,
    ) -> Vec<BuiltRow> {
        let scope = Scope {
            inputs: &self.policy.inputs,
            outputs: &self.policy.outputs,
            settled: &self.settled,
        };
        let around = Surroundings {
            instruments: self.instruments,
            version: self.instrument,
            scope,
        };
        let mut seen = BTreeSet::new();
        let mut rows = Vec::new();
        for raw in raw {
            let place = format!("{place}, row {}", raw.id);
            if raw.id.trim().is_empty() || !seen.insert(raw.id.clone()) {
                report.refuse(&place, "every row has an id of its own in the table");
            }
            rows.extend(rows::build(raw, &around, &place, report));
        }
        rows
    }

    /// An output comes from one table, and from each of its rows unless it is optional.
    fn settle(&mut self, rows: &[BuiltRow], place: &str, report: &mut Report) {
        let answering = || {
            rows.iter()
                .map(|(row, _)| row)
                .filter(|row| !matches!(row.ground, Ground::Refusal(_)))
        };
        let slots = self
            .policy
            .outputs
            .iter()
            .zip(self.settled.iter_mut().zip(&mut self.given));
        for (index, (field, (settled, given))) in slots.enumerate() {
            let gives =
                |row: &crate::table::Row| row.then.iter().any(|(output, _)| *output == index);
            if !answering().any(gives) {
                continue;
            }
            if *given {
                report.refuse(
                    place,
                    format!(
                        "output `{}` is given by an earlier table already",
                        field.name
                    ),
                );
            }
            *given = true;
            let without = answering().find(|row| !gives(row));
            *settled = without.is_none();
            if let Some(row) = without.filter(|_| !field.optional) {
                report.refuse(
                    place,
                    format!(
                        "row `{}` gives no `{}`, which is not optional",
                        row.id, field.name
                    ),
                );
            }
        }
    }

    fn refuse_unanswered(&self, report: &mut Report) {
        let unanswered = |(field, given): &(&Field, &bool)| !field.optional && !**given;
        for (field, _) in self
            .policy
            .outputs
            .iter()
            .zip(&self.given)
            .filter(unanswered)
        {
            report.refuse(
                &self.place,
                format!("no table gives the output `{}`", field.name),
            );
        }
    }
}
