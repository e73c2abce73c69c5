//! The rows that tables should have by the journal, and the comparison with those that they have.

use std::collections::HashMap;

use db::{Read, Row, Value};
use kernel::CommunityId;

use crate::rows::unpacked;
use crate::{Findings, KeyType, RowPrint, Table};

/// How many rows are read at once.
const PAGE: u32 = 1000;

/// The rows of some tables as the entries of one community tell them; entries are told in the journal's order, and a
/// later one replaces what an earlier one said of the same row.
pub struct Expected {
    tables: &'static [&'static Table],
    rows: Vec<HashMap<Box<[u8]>, Told>>,
    /// Whether old entries wrote rows of the table without telling them.
    untold: Vec<bool>,
}

/// What the journal tells of a row.
#[derive(Clone, Copy)]
struct Told {
    position: u64,
    print: [u8; 32],
}

/// How the audit names a key's value to people: `Ok(None)` leaves it as it is.
pub type Names<'a> =
    dyn FnMut(&mut dyn Read, &'static str, &Value) -> Result<Option<String>, db::Error> + 'a;

/// How many rows were compared.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Compared {
    /// Rows that stand as the journal tells them.
    pub rows: u64,
    /// Rows that an entry of an older version may have written, which did not tell its rows: they prove nothing.
    pub untold: u64,
}

impl Expected {
    /// Nothing is expected yet.
    pub fn new(tables: &'static [&'static Table]) -> Self {
        Self {
            tables,
            rows: tables.iter().map(|_| HashMap::new()).collect(),
            untold: tables.iter().map(|_| false).collect(),
        }
    }

    /// An entry tells this row, key columns first.
    pub fn row(&mut self, table: &str, position: u64, columns: &[Value]) {
        if let Some(place) = self.place(table)
            && let (Some(table), Some(rows)) = (self.tables.get(place), self.rows.get_mut(place))
        {
            let print = table.hash(columns);
            rows.insert(table.key(columns), Told { position, print });
        }
    }

    /// An entry vouches for rows by their fingerprints.
    pub fn prints(&mut self, position: u64, prints: &[RowPrint]) {
        for RowPrint { table, key, print } in prints {
            if let Some(rows) = self.place(table).and_then(|place| self.rows.get_mut(place)) {
                let told = Told {
                    position,
                    print: *print,
                };
                rows.insert(key.clone(), told);
            }
        }
    }

    /// An entry took a row away.
    pub fn gone(&mut self, table: &str, key: &[Value]) {
        if let Some(place) = self.place(table)
            && let (Some(table), Some(rows)) = (self.tables.get(place), self.rows.get_mut(place))
        {
            rows.remove(&table.key(key));
        }
    }

    /// An entry of an older version wrote rows of this table and did not tell them.
    pub fn untold(&mut self, table: &str) {
        if let Some(untold) = self
            .place(table)
            .and_then(|place| self.untold.get_mut(place))
        {
            *untold = true;
        }
    }

    /// Goes through every table. `names` puts keys into words, `each` sees every row on the way.
    pub fn compare(
        self,
        read: &mut dyn Read,
        community: CommunityId,
        names: &mut Names<'_>,
        each: &mut dyn FnMut(&'static Table, &Row, &mut Findings),
        findings: &mut Findings,
    ) -> Result<Compared, db::Error> {
        let mut compared = Compared::default();
        let tables = self.tables.iter().zip(self.rows).zip(self.untold);
        for ((table, mut told), untold) in tables {
            let mut after: Vec<Value> = table.keys.iter().map(|(_, kind)| kind.least()).collect();
            loop {
                let mut parameters = vec![community.into()];
                parameters.append(&mut after);
                parameters.push(PAGE.into());
                let page = read.query(table.page, &parameters)?;
                for row in &page {
                    let was_told = told.remove(&table.key(row.values()));
                    each(table, row, findings);
                    match was_told {
                        Some(Told { print, .. }) if print == table.hash(row.values()) => {
                            compared.rows += 1;
                        }
                        None if untold => compared.untold += 1,
                        wrong => {
                            let what = altered(read, table, row.values(), wrong, names, findings)?;
                            findings.add(table.name, what);
                        }
                    }
                }
                match page.last() {
                    Some(last) if !table.keys.is_empty() => {
                        after = last
                            .values()
                            .iter()
                            .take(table.keys.len())
                            .cloned()
                            .collect();
                    }
                    _ => break,
                }
            }
            missing(read, table, told, names, findings)?;
        }
        Ok(compared)
    }

    fn place(&self, table: &str) -> Option<usize> {
        self.tables.iter().position(|known| known.name == table)
    }
}

impl KeyType {
    /// What stands before every value of the column.
    fn least(self) -> Value {
        match self {
            Self::Id => Value::Bytes(Vec::new()),
            Self::Number => Value::Integer(-1),
            Self::Text => Value::Text(String::new()),
        }
    }
}

fn altered(
    read: &mut dyn Read,
    table: &'static Table,
    columns: &[Value],
    told: Option<Told>,
    names: &mut Names<'_>,
    findings: &Findings,
) -> Result<String, db::Error> {
    if !findings.tells(table.name) {
        return Ok(String::new());
    }
    let row = words(read, table, columns, names)?;
    Ok(match told {
        Some(Told { position, .. }) => {
            format!("{row} does not say what entry {position} wrote")
        }
        None => format!("{row} was written by no entry of the journal"),
    })
}

fn missing(
    read: &mut dyn Read,
    table: &'static Table,
    told: HashMap<Box<[u8]>, Told>,
    names: &mut Names<'_>,
    findings: &mut Findings,
) -> Result<(), db::Error> {
    let mut missing: Vec<(Told, Box<[u8]>)> =
        told.into_iter().map(|(key, told)| (told, key)).collect();
    missing.sort_by(|(one, one_key), (other, other_key)| {
        (one.position, one_key).cmp(&(other.position, other_key))
    });
    for (Told { position, .. }, key) in missing {
        let mut what = String::new();
        if findings.tells(table.name) {
            let row = words(read, table, &unpacked(&key), names)?;
            what = format!("{row} is missing; entry {position} wrote it");
        }
        findings.add(table.name, what);
    }
    Ok(())
}

/// A row by its key: `unit 1幢 101, revision 2`.
fn words(
    read: &mut dyn Read,
    table: &'static Table,
    columns: &[Value],
    names: &mut Names<'_>,
) -> Result<String, db::Error> {
    let mut words = Vec::new();
    for ((column, _), value) in table.keys.iter().zip(columns) {
        let name = match names(read, column, value)? {
            Some(name) => name,
            None => plain(value),
        };
        let what = column.strip_suffix("_id").unwrap_or(column);
        words.push(format!("{what} {name}"));
    }
    if words.is_empty() {
        words.push("the row".to_owned());
    }
    Ok(words.join(", "))
}

fn plain(value: &Value) -> String {
    match value {
        Value::Integer(integer) => integer.to_string(),
        Value::Text(text) => text.clone(),
        Value::Bytes(bytes) => match kernel::Uuid::from_slice(bytes) {
            Ok(id) => id.to_string(),
            Err(_) => format!("{bytes:02x?}"),
        },
        other => format!("{other:?}"),
    }
}
