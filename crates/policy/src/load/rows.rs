//! Rows: conditions, outputs, and the clause that each row must stand on.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::civil::Date;

use super::instruments::status;
use super::outputs::Scope;
use super::{conditions, day, outputs};
use crate::error::Report;
use crate::expression::Then;
use crate::instrument::{Instrument, Status};
use crate::source::RawRow;
use crate::table::{Condition, Ground, Range, Row, Source};

/// A row, and its conditions by where the value comes from.
pub(super) type BuiltRow = (Row, Vec<(Source, Condition)>);

/// What a row needs to know of its surroundings.
pub(super) struct Surroundings<'a> {
    pub(super) instruments: &'a BTreeMap<String, Arc<Instrument>>,
    pub(super) version: &'a Arc<Instrument>,
    pub(super) scope: Scope<'a>,
}

pub(super) fn build(
    raw: RawRow,
    around: &Surroundings<'_>,
    place: &str,
    report: &mut Report,
) -> Option<BuiltRow> {
    let before = report.count();
    let instrument = instrument(&raw, around, place, report)?;
    let window = window(&raw, &instrument, place, report)?;
    let mut when = when(&raw, around, place, report);
    let then = then(&raw, around, place, report);
    let ground = ground(&raw, instrument, place, report)?;
    if window != Range::ALL {
        when.push((Source::Day, Condition::Days(window.clone())));
    }
    match (&ground, then.is_empty()) {
        (Ground::Refusal(_), false) => report.refuse(place, "a row that refuses gives no outputs"),
        (Ground::Clause { .. }, true) => {
            report.refuse(place, "a clause without outputs decides nothing");
        }
        _ => {}
    }
    let row = Row {
        id: raw.id,
        when: Vec::new(),
        then,
        ground,
        note: raw.note,
        window,
    };
    (report.count() == before).then_some((row, when))
}

fn instrument(
    raw: &RawRow,
    around: &Surroundings<'_>,
    place: &str,
    report: &mut Report,
) -> Option<Arc<Instrument>> {
    let Some(id) = &raw.instrument else {
        return Some(around.version.clone());
    };
    let instrument = around.instruments.get(id).cloned();
    if instrument.is_none() {
        report.refuse(
            place,
            format!("no instrument `{id}`; declare it in a file of kind \"instruments\""),
        );
    }
    instrument
}

/// The days on which the row can apply: its own, else those of the instrument that it names.
fn window(
    raw: &RawRow,
    instrument: &Instrument,
    place: &str,
    report: &mut Report,
) -> Option<Range<Date>> {
    let named = raw.instrument.is_some();
    let from = match &raw.from {
        Some(from) => Some(day(from, place, report)?),
        None => named.then_some(instrument.from),
    };
    let to = match &raw.to {
        Some(to) => Some(day(to, place, report)?),
        None => instrument.to.filter(|_| named),
    };
    let window = Range::closed(from, to);
    if window.is_empty() {
        report.refuse(place, "the row ends before it starts");
    }
    Some(window)
}

fn when(
    raw: &RawRow,
    around: &Surroundings<'_>,
    place: &str,
    report: &mut Report,
) -> Vec<(Source, Condition)> {
    let scope = around.scope;
    let mut when = Vec::new();
    for (name, value) in &raw.when {
        let input = scope.inputs.iter().position(|field| field.name == *name);
        let settled = |index: &usize| scope.settled.get(*index).copied().unwrap_or_default();
        let output = scope
            .outputs
            .iter()
            .position(|field| field.name == *name)
            .filter(settled);
        let (source, field) = match (input, output) {
            (Some(index), _) => (Source::Input(index), scope.inputs.get(index)),
            (None, Some(index)) => (Source::Output(index), scope.outputs.get(index)),
            (None, None) => (Source::Day, None),
        };
        match field.map(|field| conditions::read(field, value)) {
            Some(Ok(condition)) => when.push((source, condition)),
            Some(Err(fault)) => report.refuse(place, fault),
            None => report.refuse(
                place,
                format!("`{name}` is neither an input nor an output of an earlier table"),
            ),
        }
    }
    when
}

fn then(
    raw: &RawRow,
    around: &Surroundings<'_>,
    place: &str,
    report: &mut Report,
) -> Vec<(usize, Then)> {
    let scope = around.scope;
    let mut then = Vec::new();
    for (name, value) in &raw.then {
        let index = scope.outputs.iter().position(|field| field.name == *name);
        let Some((index, field)) = index.and_then(|index| Some((index, scope.outputs.get(index)?)))
        else {
            report.refuse(place, format!("no output `{name}` is declared"));
            continue;
        };
        match outputs::read(field, value, scope) {
            Ok(value) => then.push((index, value)),
            Err(fault) => report.refuse(place, fault),
        }
    }
    then
}

fn ground(
    raw: &RawRow,
    instrument: Arc<Instrument>,
    place: &str,
    report: &mut Report,
) -> Option<Ground> {
    let given = [
        raw.cite.is_some(),
        raw.silent.is_some(),
        raw.refuse.is_some(),
    ];
    if given.iter().filter(|given| **given).count() != 1 {
        report.refuse(
            place,
            "a row needs a citation: exactly one of `cite`, `silent` and `refuse`",
        );
        return None;
    }
    if raw.cite.is_none() && (raw.quote.is_some() || raw.status.is_some()) {
        report.refuse(place, "`quote` and `status` belong to a `cite`");
    }
    if raw
        .silent
        .as_ref()
        .or(raw.refuse.as_ref())
        .is_some_and(crate::Text::is_blank)
    {
        report.refuse(place, "the reason is blank");
    }
    if let Some(article) = &raw.cite {
        return clause(raw, instrument, article, place, report);
    }
    let silence = raw.silent.clone().map(Ground::Silence);
    silence.or_else(|| raw.refuse.clone().map(Ground::Refusal))
}

fn clause(
    raw: &RawRow,
    instrument: Arc<Instrument>,
    article: &str,
    place: &str,
    report: &mut Report,
) -> Option<Ground> {
    if article.trim().is_empty() {
        report.refuse(place, "the citation is blank; name the article");
    }
    let Some(raw_status) = raw.status else {
        report.refuse(place, "say status = \"verified\" or \"unverified\"");
        return None;
    };
    let quote = raw.quote.clone().filter(|quote| !quote.trim().is_empty());
    let status = status(raw_status);
    if status == Status::Verified && quote.is_none() {
        report.refuse(place, "a verified row quotes the clause");
    }
    Some(Ground::Clause {
        instrument,
        article: article.to_owned(),
        quote,
        status,
    })
}
