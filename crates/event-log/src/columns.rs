//! Which column, or attribute of XES, holds what.

use crate::Error;

/// Names of columns as the caller gave them; what is not given is found under its usual names.
#[derive(Debug, Clone, Default)]
pub struct Columns {
    /// The case's id.
    pub case: Option<String>,
    /// What happened.
    pub activity: Option<String>,
    /// When it happened.
    pub time: Option<String>,
    /// When the case is due.
    pub due: Option<String>,
    /// When the case was closed; empty while it is open.
    pub end: Option<String>,
}

const CASES: &[&str] = &["case:concept:name", "case_id", "case id", "caseid", "case"];
const ACTIVITIES: &[&str] = &["concept:name", "activity", "activity name", "event"];
const TIMES: &[&str] = &["time:timestamp", "timestamp", "time", "complete timestamp"];
const ENDS: &[&str] = &["case:enddate", "enddate", "case:end", "closed_at"];

/// Positions in a CSV's row.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Positions {
    pub(crate) case: usize,
    pub(crate) activity: usize,
    pub(crate) time: usize,
    pub(crate) due: Option<usize>,
    pub(crate) end: Option<usize>,
}

impl Columns {
    /// Where each stands in a CSV's header.
    pub(crate) fn positions(&self, header: &[String]) -> Result<Positions, Error> {
        Ok(Positions {
            case: must(header, self.case.as_deref(), CASES, "case")?,
            activity: must(header, self.activity.as_deref(), ACTIVITIES, "activity")?,
            time: must(header, self.time.as_deref(), TIMES, "time")?,
            due: may(header, self.due.as_deref(), &[], "due")?,
            end: may(header, self.end.as_deref(), ENDS, "end")?,
        })
    }
}

fn must(
    header: &[String],
    asked: Option<&str>,
    usual: &[&str],
    role: &'static str,
) -> Result<usize, Error> {
    may(header, asked, usual, role)?.ok_or_else(|| Error::WhichColumn {
        role,
        known: header.join(", "),
    })
}

fn may(
    header: &[String],
    asked: Option<&str>,
    usual: &[&str],
    role: &'static str,
) -> Result<Option<usize>, Error> {
    let Some(asked) = asked else {
        return Ok(usual.iter().find_map(|name| position(header, name)));
    };
    match position(header, asked) {
        Some(found) => Ok(Some(found)),
        None => Err(Error::NoColumn {
            column: asked.to_owned(),
            role,
            known: header.join(", "),
        }),
    }
}

fn position(header: &[String], name: &str) -> Option<usize> {
    let exact = header.iter().position(|column| column == name);
    exact.or_else(|| {
        header
            .iter()
            .position(|column| column.eq_ignore_ascii_case(name))
    })
}
