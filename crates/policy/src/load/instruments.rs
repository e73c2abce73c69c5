//! Instruments: the laws and notices that rows cite.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::day;
use crate::error::Report;
use crate::instrument::{Instrument, Status};
use crate::source::{InstrumentsFile, RawInstrument, RawStatus};

pub(super) fn add(
    file: InstrumentsFile,
    known: &mut BTreeMap<String, Arc<Instrument>>,
    report: &mut Report,
) {
    for raw in file.instrument {
        let place = format!("instrument {}", raw.id);
        if known.contains_key(&raw.id) {
            report.refuse(&place, "this id exists already; choose another");
        }
        if let Some(instrument) = build(raw, &place, report) {
            known.insert(instrument.id.clone(), Arc::new(instrument));
        }
    }
}

fn build(raw: RawInstrument, place: &str, report: &mut Report) -> Option<Instrument> {
    let from = day(&raw.from, place, report)?;
    let to = match &raw.to {
        Some(to) => Some(day(to, place, report)?),
        None => None,
    };
    let blank =
        raw.id.trim().is_empty() || raw.number.trim().is_empty() || raw.source.trim().is_empty();
    if blank || raw.title.is_blank() || raw.authority.is_blank() {
        report.refuse(
            place,
            "id, title, authority, number and source must not be blank",
        );
    }
    if to.is_some_and(|to| to < from) {
        report.refuse(place, "it ends before it starts");
    }
    Some(Instrument {
        id: raw.id,
        title: raw.title,
        authority: raw.authority,
        number: raw.number,
        from,
        to,
        status: status(raw.status),
        source: raw.source,
        text: raw.text,
        note: raw.note,
    })
}

pub(crate) fn status(raw: RawStatus) -> Status {
    match raw {
        RawStatus::Verified => Status::Verified,
        RawStatus::Unverified => Status::Unverified,
    }
}
