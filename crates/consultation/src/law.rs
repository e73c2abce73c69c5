//! How long the law asks for comments to be taken: asks the policy, and checks a draft against its answer.

use jiff::civil::Date;
use kernel::Timestamp;
use policy::{Inputs, Status, builtin};

use crate::Error;
use crate::model::{Draft, TextKind};

/// The clause that sets the period.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ground {
    /// The law and article.
    pub citation: String,
    /// Whether the clause was read in the law's text.
    pub verified: bool,
}

/// What the law asks of a text's period.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Period {
    /// The first instant at which comments may end, where the law says.
    pub earliest: Option<Timestamp>,
    /// The clauses applied.
    pub grounds: Vec<Ground>,
}

/// The period of a text that is published on a day. The day of publication does not count (Civil Code Art. 201).
///
/// # Errors
/// [`Error::Policy`] if the policy or the calendar has no answer for that day.
pub fn period(kind: TextKind, from: Date) -> Result<Period, Error> {
    let edition = builtin().get("consultation.period")?.on(from)?;
    let decision = edition.decide(&Inputs::new().text("kind", kind.name()))?;
    let after = |days: i64| Timestamp::start_of(from).plus_days(days.saturating_add(1));
    let by_days = decision.optional_integer("min_days")?.map(after);
    let by_working_days = match decision.optional_integer("min_working_days")? {
        Some(days) => {
            let days = u32::try_from(days).unwrap_or(u32::MAX);
            let due = builtin().calendar().add_working_days(from, days)?;
            Some(Timestamp::start_of(due.date).plus_days(1))
        }
        None => None,
    };
    let record = decision.record();
    let cited = record
        .steps
        .iter()
        .filter_map(|step| step.citation.as_ref());
    Ok(Period {
        earliest: by_days.max(by_working_days),
        grounds: cited
            .map(|citation| Ground {
                citation: format!("{}{}", citation.instrument.title.zh, citation.article),
                verified: citation.status == Status::Verified,
            })
            .collect(),
    })
}

/// Refuses a period that is over, or shorter than the law's without a reason that everyone can read.
pub(crate) fn check(draft: &Draft, now: Timestamp) -> Result<(), Error> {
    if draft.closes <= now {
        return Err(Error::Over);
    }
    let asked = period(draft.kind, now.date())?;
    match asked.earliest {
        Some(earliest) if draft.closes < earliest && draft.shortened.trim().is_empty() => {
            let citations = asked.grounds.iter().map(|ground| ground.citation.as_str());
            Err(Error::TooShort {
                citation: citations.collect::<Vec<_>>().join("、"),
                earliest: earliest.date().to_string(),
            })
        }
        _ => Ok(()),
    }
}
