//! The sections of a file: where each begins and ends, META as keys and values, and PROJECTS.

use std::collections::{BTreeMap, HashMap, HashSet};

use super::super::Amount;
use super::super::election::Project;
use super::{fault, shortened};
use crate::BallotError;
use crate::rows::{Row, Rows};

/// The most projects that one file may hold.
const MOST_PROJECTS: usize = 100_000;

/// Rows that know where a section ends.
pub(super) struct Reader<'t> {
    rows: Rows<'t>,
    pub(super) row: Row<'t>,
}

const SECTIONS: [&str; 3] = ["META", "PROJECTS", "VOTES"];

impl<'t> Reader<'t> {
    pub(super) fn new(text: &'t str) -> Self {
        let row = Row {
            line: 1,
            fields: Vec::new(),
        };
        Self {
            rows: Rows::new(text, b';').lenient(),
            row,
        }
    }

    fn read(&mut self) -> Result<bool, BallotError> {
        loop {
            match self.rows.read(&mut self.row) {
                Err((line, broken)) => return Err(fault(line, broken.reason())),
                Ok(true) if self.row.fields.iter().all(|cell| cell.trim().is_empty()) => {}
                Ok(more) => return Ok(more),
            }
        }
    }

    /// The name of a section, if the row is one.
    fn marker(&self) -> Option<&'static str> {
        let (first, rest) = self.row.fields.split_first()?;
        let alone = rest.iter().all(|cell| cell.trim().is_empty());
        let is_named = |name: &&str| alone && name.eq_ignore_ascii_case(first.trim());
        SECTIONS.into_iter().find(is_named)
    }

    /// Takes the row that opens a section.
    pub(super) fn section(&mut self, name: &str) -> Result<(), BallotError> {
        if self.read()? && self.marker() == Some(name) {
            return Ok(());
        }
        let line = self.row.line;
        Err(fault(
            line,
            format!("the section {name} must stand here, in a line of its own"),
        ))
    }

    /// Takes a row of the section; false where the next section (`Some`) or the file ends it.
    pub(super) fn row_before(&mut self, next: Option<&str>) -> Result<bool, BallotError> {
        let line = self.row.line;
        if !self.read()? {
            return match next {
                None => Ok(false),
                Some(next) => Err(fault(
                    line,
                    format!("the file ends before the section {next}"),
                )),
            };
        }
        match self.marker() {
            None => Ok(true),
            Some(found) if Some(found) == next => Ok(false),
            Some(found) => Err(fault(
                self.row.line,
                format!(
                    "the section {found} stands here: sections are META, PROJECTS, VOTES, once each, in this order"
                ),
            )),
        }
    }

    /// The header of a section: its columns by name.
    pub(super) fn header(&mut self, first: &str) -> Result<HashMap<String, usize>, BallotError> {
        let line = self.row.line;
        if !self.read()? || self.marker().is_some() {
            return Err(fault(
                line,
                format!("a header that begins with {first} must follow"),
            ));
        }
        let mut columns = HashMap::new();
        for (index, cell) in self.row.fields.iter().enumerate() {
            let name = cell.trim().to_lowercase();
            if index == 0 && name != first {
                let found = shortened(&name);
                return Err(fault(
                    self.row.line,
                    format!("the first column must be {first}, not `{found}`"),
                ));
            }
            if !name.is_empty() && columns.insert(name, index).is_some() {
                let name = shortened(cell.trim());
                return Err(fault(
                    self.row.line,
                    format!("the column {name} stands twice"),
                ));
            }
        }
        Ok(columns)
    }

    pub(super) fn cell(&self, column: Option<usize>) -> &str {
        let cell = column.and_then(|column| self.row.fields.get(column));
        cell.map_or("", |cell| cell.trim())
    }

    pub(super) fn fault(&self, reason: impl Into<String>) -> BallotError {
        fault(self.row.line, reason)
    }
}

/// META as it stands, with the lines on which the keys stand.
pub(super) struct RawMeta {
    pub(super) entries: BTreeMap<String, String>,
    lines: HashMap<String, usize>,
    pub(super) end: usize,
}

impl RawMeta {
    pub(super) fn get(&self, key: &str) -> Option<&str> {
        self.entries
            .get(key)
            .map(String::as_str)
            .filter(|value| !value.is_empty())
    }

    pub(super) fn line(&self, key: &str) -> usize {
        self.lines.get(key).copied().unwrap_or(self.end)
    }

    pub(super) fn amount(&self, key: &str) -> Result<Option<Amount>, BallotError> {
        let Some(text) = self.get(key) else {
            return Ok(None);
        };
        Amount::parse(text).map(Some).ok_or_else(|| {
            let reason = format!("{key} is `{}`: {}", shortened(text), Amount::fault(text));
            fault(self.line(key), reason)
        })
    }

    pub(super) fn whole(&self, key: &str) -> Result<Option<usize>, BallotError> {
        let Some(text) = self.get(key) else {
            return Ok(None);
        };
        text.parse().map(Some).map_err(|_| {
            fault(
                self.line(key),
                format!("{key} is `{}`: write a whole number", shortened(text)),
            )
        })
    }
}

pub(super) fn read_meta(rows: &mut Reader<'_>) -> Result<RawMeta, BallotError> {
    rows.header("key")?;
    let mut meta = RawMeta {
        entries: BTreeMap::new(),
        lines: HashMap::new(),
        end: 0,
    };
    while rows.row_before(Some("PROJECTS"))? {
        let (key, value) = (rows.cell(Some(0)).to_owned(), rows.cell(Some(1)).to_owned());
        if meta.entries.insert(key.clone(), value).is_some() {
            return Err(rows.fault(format!("the key {} stands twice", shortened(&key))));
        }
        meta.lines.insert(key, rows.row.line);
    }
    meta.end = rows.row.line;
    Ok(meta)
}

/// A project before all amounts have one scale.
pub(super) struct RawProject {
    pub(super) project: Project,
    pub(super) cost: Amount,
    pub(super) line: usize,
    pub(super) votes: Option<i64>,
    pub(super) score: Option<Amount>,
}

pub(super) fn read_projects(
    rows: &mut Reader<'_>,
    meta: RawMeta,
) -> Result<(RawMeta, Vec<RawProject>), BallotError> {
    let columns = rows.header("project_id")?;
    let column = |name: &str| columns.get(name).copied();
    if column("cost").is_none() {
        return Err(rows.fault("the column cost is missing from PROJECTS"));
    }
    let mut projects = Vec::new();
    let mut ids = HashSet::new();
    while rows.row_before(Some("VOTES"))? {
        let id = rows.cell(Some(0)).to_owned();
        if id.is_empty() || id.contains(',') {
            return Err(rows.fault("a project's id must not be empty or contain a comma"));
        }
        if !ids.insert(id.clone()) {
            return Err(rows.fault(format!("the project {} stands twice", shortened(&id))));
        }
        let cost = Amount::parse(rows.cell(column("cost"))).ok_or_else(|| {
            let found = rows.cell(column("cost"));
            let why = Amount::fault(found);
            rows.fault(format!("the cost is `{}`: {why}", shortened(found)))
        })?;
        let selected = match rows.cell(column("selected")) {
            "" => None,
            text => Some(text.parse().ok().filter(|&n| n <= 3).ok_or_else(|| {
                rows.fault(format!(
                    "selected is `{}`: write 0, 1, 2 or 3",
                    shortened(text)
                ))
            })?),
        };
        let name = rows.cell(column("name")).to_owned();
        projects.push(RawProject {
            project: Project {
                id,
                name,
                cost: 0,
                votes: 0,
                score: 0,
                selected,
            },
            cost,
            line: rows.row.line,
            votes: rows.cell(column("votes")).parse().ok(),
            score: Amount::parse(rows.cell(column("score"))),
        });
        if projects.len() > MOST_PROJECTS {
            return Err(rows.fault(format!("there are more than {MOST_PROJECTS} projects")));
        }
    }
    if projects.is_empty() {
        return Err(rows.fault("there is no project to vote on"));
    }
    Ok((meta, projects))
}
