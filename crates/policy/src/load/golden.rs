//! Golden cases: every version proves on examples in its own file that it decides as intended.

use toml::Value;

use super::outputs::{self, Scope};
use super::{conditions, day};
use crate::decide::Decision;
use crate::error::Report;
use crate::policy::Policy;
use crate::source::RawGolden;
use crate::table::Case;
use crate::{Error, Inputs, Number};

pub(super) fn run(policy: &Policy, cases: &[RawGolden], report: &mut Report) {
    let mut proven = vec![false; policy.versions.len()];
    for case in cases {
        let place = format!("golden {}", case.name);
        let Some(on) = day(&case.on, &place, report) else {
            continue;
        };
        let in_force =
            |version: &crate::Version| version.from <= on && version.to.is_none_or(|to| on <= to);
        for (proven, version) in proven.iter_mut().zip(&policy.versions) {
            *proven |= in_force(version);
        }
        let answer = inputs(case).and_then(|inputs| {
            policy
                .on(on)
                .and_then(|edition| edition.decide(&inputs))
                .map_err(|error| error.verdict(case))
        });
        match answer {
            Ok(decision) => compare(case, policy, &decision, &place, report),
            Err(Verdict::AsExpected) => {}
            Err(Verdict::Wrong(fault)) => report.refuse(&place, fault),
        }
    }
    for (version, _) in policy
        .versions
        .iter()
        .zip(proven)
        .filter(|(_, proven)| !proven)
    {
        report.refuse(
            format!("version {}", version.from),
            "no golden case proves it; add one",
        );
    }
}

enum Verdict {
    AsExpected,
    Wrong(String),
}

impl Error {
    /// Whether a golden case expects this error.
    fn verdict(self, case: &RawGolden) -> Verdict {
        let expected = match &self {
            Error::Missing { field, .. } => case.missing.as_ref() == Some(field),
            Error::Undecidable { row, .. } => case.refused.as_ref() == Some(row),
            _ => false,
        };
        if expected {
            Verdict::AsExpected
        } else {
            Verdict::Wrong(self.to_string())
        }
    }
}

fn inputs(case: &RawGolden) -> Result<Inputs<'_>, Verdict> {
    case.given
        .iter()
        .try_fold(Inputs::new(), |inputs, (name, value)| match value {
            Value::String(text) => Ok(inputs.text(name, text)),
            Value::Integer(number) => Ok(match Number::integer(*number) {
                Some(number) => inputs.number(name, number),
                None => inputs.integer(name, *number),
            }),
            Value::Boolean(flag) => Ok(inputs.flag(name, *flag)),
            Value::Datetime(_) => match conditions::date(value) {
                Some(date) => Ok(inputs.date(name, date)),
                None => Err(Verdict::Wrong(format!("`{value}` is no date"))),
            },
            _ => Err(Verdict::Wrong(format!(
                "input `{name}` is `{value}`; write decimals as text"
            ))),
        })
}

fn compare(
    case: &RawGolden,
    policy: &Policy,
    decision: &Decision<'_>,
    place: &str,
    report: &mut Report,
) {
    let (Some(expect), None, None) = (&case.expect, &case.missing, &case.refused) else {
        report.refuse(
            place,
            "give one of `expect`, `missing` and `refused`; the case is decided",
        );
        return;
    };
    for (name, expected) in expect {
        if let Err(fault) = compare_output(policy, decision, name, expected) {
            report.refuse(place, fault);
        }
    }
    if let Some(name) = case.absent.iter().find(|name| decision.has(name)) {
        report.refuse(
            place,
            format!("output `{name}` is given, the case says that it is absent"),
        );
    }
    let steps = decision.explanation.record().steps;
    for (table, row) in &case.rows {
        let decided = steps
            .iter()
            .find(|step| step.table == *table)
            .map(|step| step.row.as_str());
        if decided != Some(row) {
            let decided = decided.unwrap_or("none");
            report.refuse(
                place,
                format!("table `{table}` is decided by row `{decided}`, expected `{row}`"),
            );
        }
    }
}

fn compare_output(
    policy: &Policy,
    decision: &Decision<'_>,
    name: &str,
    expected: &Value,
) -> Result<(), String> {
    let field = policy.outputs.iter().find(|field| field.name == name);
    let field = field.ok_or_else(|| format!("no output `{name}` is declared"))?;
    let scope = Scope {
        inputs: &[],
        outputs: &[],
        settled: &[],
    };
    let expected = outputs::read(field, expected, scope)?;
    let case = Case {
        on: decision.explanation.on,
        given: &[],
        outputs: &[],
    };
    let wanted = expected
        .value(&case, 0, &mut Vec::new())
        .map_err(|_| format!("`{name}` cannot be calculated"))?;
    let found = decision
        .outputs()
        .find(|(given, _)| given.name == name)
        .map(|(_, value)| value);
    if found == Some(&wanted) {
        return Ok(());
    }
    let found = found.map_or_else(|| "nothing".to_owned(), |value| field.describe(value).en);
    Err(format!(
        "`{name}` is {found}, expected {}",
        field.describe(&wanted).en
    ))
}
