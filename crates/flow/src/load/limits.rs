//! Limits with their clauses, and what stands on them: supporting units, suspensions, extensions.

use policy::{Status, Text};

use super::Loading;
use super::file::{RawLimit, RawStatus, RawSupporting, RawSuspension};
use crate::definition::{Limit, Source, Supporting, Suspension, Unit};

/// The longest limit, in days.
const MOST_DAYS: u32 = 3_650;

impl Loading<'_> {
    /// The units that a stage may ask, each once and none of them its lead.
    pub(super) fn supporting(
        &mut self,
        place: &str,
        lead: &str,
        raw: Vec<RawSupporting>,
        units: &[Unit],
    ) -> Vec<Supporting> {
        self.unique("supporting unit", raw.iter().map(|one| one.unit.as_str()));
        let mut supporting = Vec::new();
        for one in raw {
            self.unit(place, &one.unit, units);
            if one.unit == lead {
                let message = format!("`{}` leads and supports; one lead a stage", one.unit);
                self.refuse(place, message);
            }
            supporting.push(Supporting {
                unit: one.unit,
                reply: self.limit(place, one.reply),
            });
        }
        supporting
    }

    /// The grounds on which a stage's clock may stop.
    pub(super) fn suspensions(&mut self, place: &str, raw: Vec<RawSuspension>) -> Vec<Suspension> {
        self.unique("suspension", raw.iter().map(|one| one.ground.as_str()));
        let source = |one: RawSuspension| Suspension {
            ground: one.ground,
            title: one.title,
            source: self.source(place, one.instrument, one.clause, one.status),
        };
        raw.into_iter().map(source).collect()
    }

    /// A promise is no longer than the law allows, and counted in the same days, so that it can be compared.
    pub(super) fn within(
        &mut self,
        place: &str,
        promised: Option<&Limit>,
        statutory: Option<&Limit>,
    ) {
        let (Some(promised), Some(statutory)) = (promised, statutory) else {
            return;
        };
        if promised.count != statutory.count {
            self.refuse(
                place,
                "the promised limit counts other days than the statutory one; count the same",
            );
        } else if promised.days > statutory.days {
            self.refuse(
                place,
                format!(
                    "{} days are promised, the law allows {}",
                    promised.days, statutory.days
                ),
            );
        }
    }

    pub(super) fn extension_fits(
        &mut self,
        place: &str,
        extension: Option<&Limit>,
        statutory: Option<&Limit>,
    ) {
        let Some(extension) = extension else { return };
        if statutory.is_none_or(|statutory| statutory.count != extension.count) {
            self.refuse(
                place,
                "an extension needs a statutory limit that counts the same days",
            );
        }
    }

    pub(super) fn limit(&mut self, place: &str, raw: RawLimit) -> Limit {
        if raw.days == 0 || raw.days > MOST_DAYS {
            self.refuse(
                place,
                format!("a limit has 1 to {MOST_DAYS} days, not {}", raw.days),
            );
        }
        Limit {
            days: raw.days,
            count: raw.count,
            source: self.source(place, raw.instrument, raw.clause, raw.status),
        }
    }

    pub(super) fn source(
        &mut self,
        place: &str,
        instrument: String,
        clause: Text,
        raw: RawStatus,
    ) -> Source {
        if clause.zh.trim().is_empty() || clause.en.trim().is_empty() {
            self.refuse(
                place,
                "a clause is blank; say where the number stands, in both languages",
            );
        }
        match self.library.instrument(&instrument) {
            None => self.refuse(
                place,
                format!("there is no instrument `{instrument}` in policy/instruments.toml"),
            ),
            Some(known)
                if known.status == Status::Unverified
                    && matches!(raw, RawStatus::Verified)
                    && known.text.is_none() =>
            {
                self.refuse(
                    place,
                    format!("verified, though the text of `{instrument}` is not held"),
                );
            }
            Some(_) => {}
        }
        Source {
            instrument,
            clause,
            status: raw.into(),
        }
    }
}
