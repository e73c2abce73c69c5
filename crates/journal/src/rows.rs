//! Fingerprints of the table rows that a command wrote. Its entry names their hash, so that the audit can tell which
//! row was changed, added or taken away outside Linli.

use db::{Tx, Value};
use kernel::CommunityId;
use sha2::{Digest, Sha256};

/// A table whose rows the audit compares with the journal.
///
/// Personal data among the columns is sealed with a nonce of its own, so a fingerprint tells nothing of it, and nothing
/// is left to guess from once it is erased.
#[derive(Debug)]
pub struct Table {
    /// Its name.
    pub name: &'static str,
    /// The columns that tell its rows within a community apart; they come first.
    pub keys: &'static [(&'static str, KeyType)],
    /// How many of the selected columns are fingerprinted, those of the key included.
    pub columns: usize,
    /// Its rows in the order of their keys: those of community `$1` after the key `$2…`, at most as many as the last
    /// parameter says. `community_id` is not selected.
    pub page: &'static str,
    /// The row of community `$1` with the key `$2…`, in the columns of `page`; empty where no row is ever changed.
    pub one: &'static str,
}

/// The type of a key's column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyType {
    /// BYTEA: an id.
    Id,
    /// BIGINT: a number from 0.
    Number,
    /// TEXT: a word that is never empty.
    Text,
}

/// The fingerprint of a row as a command left it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RowPrint {
    /// The table's name.
    pub table: String,
    /// The row's key, packed.
    pub(crate) key: Box<[u8]>,
    /// The hash over its columns.
    pub(crate) print: [u8; 32],
}

/// What the command that runs has written so far; its entry takes it.
#[derive(Default)]
pub(crate) struct Written(pub(crate) Vec<RowPrint>);

/// Has the next entry of this lane vouch for rows that were inserted. Each row starts with its community, then come
/// the table's columns.
pub fn wrote(tx: &mut dyn Tx, table: &'static Table, rows: &[Vec<Value>]) {
    let prints = rows.iter().map(|row| {
        let columns = row.get(1..).unwrap_or_default();
        table.print(columns)
    });
    tx.cache().entry::<Written>().0.extend(prints);
}

/// Has the next entry of this lane vouch for a row that was changed, as it stands now.
pub fn rewrote(
    tx: &mut dyn Tx,
    table: &'static Table,
    community: CommunityId,
    key: &[Value],
) -> Result<(), db::Error> {
    let mut parameters = vec![community.into()];
    parameters.extend_from_slice(key);
    if let Some(row) = tx.query_one(table.one, &parameters)? {
        let print = table.print(row.values());
        tx.cache().entry::<Written>().0.push(print);
    }
    Ok(())
}

impl Table {
    /// The fingerprint of a row of these columns.
    pub fn print(&self, columns: &[Value]) -> RowPrint {
        RowPrint {
            table: self.name.to_owned(),
            key: self.key(columns),
            print: self.hash(columns),
        }
    }

    /// The packed key of a row that starts with these columns.
    pub(crate) fn key(&self, columns: &[Value]) -> Box<[u8]> {
        let mut key = Vec::new();
        for column in columns.iter().take(self.keys.len()) {
            key.extend(packed(column));
        }
        key.into()
    }

    pub(crate) fn hash(&self, columns: &[Value]) -> [u8; 32] {
        let mut hash = Sha256::new();
        hash.update(packed(&Value::Text(self.name.to_owned())));
        for column in columns.iter().take(self.columns) {
            hash.update(packed(column));
        }
        hash.finalize().into()
    }
}

/// A value in one unambiguous run of bytes, the same on both engines.
fn packed(value: &Value) -> Vec<u8> {
    let (tag, bytes) = match value {
        Value::Null => (0, Vec::new()),
        Value::Integer(integer) => (1, integer.to_be_bytes().to_vec()),
        Value::Flag(flag) => (1, i64::from(*flag).to_be_bytes().to_vec()),
        Value::Text(text) => (2, text.as_bytes().to_vec()),
        Value::Bytes(bytes) => (3, bytes.clone()),
        Value::Real(real) => (4, real.to_be_bytes().to_vec()),
    };
    let mut packed = vec![tag];
    packed.extend(u32::try_from(bytes.len()).unwrap_or(u32::MAX).to_be_bytes());
    packed.extend(bytes);
    packed
}

/// The values of a packed key.
pub(crate) fn unpacked(mut key: &[u8]) -> Vec<Value> {
    let mut values = Vec::new();
    while let Some((tag, bytes)) = next_packed(&mut key) {
        values.push(match (tag, <[u8; 8]>::try_from(bytes)) {
            (1, Ok(integer)) => Value::Integer(i64::from_be_bytes(integer)),
            (2, _) => Value::Text(String::from_utf8_lossy(bytes).into_owned()),
            _ => Value::Bytes(bytes.to_vec()),
        });
    }
    values
}

fn next_packed<'a>(rest: &mut &'a [u8]) -> Option<(u8, &'a [u8])> {
    let (tag, after) = rest.split_first()?;
    let (length, after) = after.split_first_chunk::<4>()?;
    let length = usize::try_from(u32::from_be_bytes(*length)).ok()?;
    let (bytes, after) = after.split_at_checked(length)?;
    *rest = after;
    Some((*tag, bytes))
}

/// Fingerprints that one row of `journal_rows` holds.
const PRINTS_IN_PART: usize = 8192;

/// Fingerprints as they are stored, in parts, and the hash over all of them.
pub(crate) fn to_parts(prints: &[RowPrint]) -> (Vec<Vec<u8>>, [u8; 32]) {
    let parts: Vec<Vec<u8>> = prints
        .chunks(PRINTS_IN_PART)
        .map(|prints| prints.iter().flat_map(to_bytes).collect())
        .collect();
    let mut hash = Sha256::new();
    for part in &parts {
        hash.update(part);
    }
    (parts, hash.finalize().into())
}

/// A hash in hexadecimal digits.
pub(crate) fn hex(hash: [u8; 32]) -> String {
    let digit = |nibble: u8| char::from_digit(u32::from(nibble), 16).unwrap_or('0');
    hash.iter()
        .flat_map(|byte| [digit(byte >> 4), digit(byte & 15)])
        .collect()
}

fn to_bytes(print: &RowPrint) -> Vec<u8> {
    let mut bytes = packed(&Value::Text(print.table.clone()));
    bytes.extend(packed(&Value::Bytes(print.key.to_vec())));
    bytes.extend(print.print);
    bytes
}

/// The fingerprints of a stored part; `None` if it is none.
pub(crate) fn from_part(mut part: &[u8]) -> Option<Vec<RowPrint>> {
    let mut prints = Vec::new();
    while !part.is_empty() {
        prints.push(next_print(&mut part)?);
    }
    Some(prints)
}

fn next_print(part: &mut &[u8]) -> Option<RowPrint> {
    let (_, table) = next_packed(part)?;
    let (_, key) = next_packed(part)?;
    let (print, rest) = part.split_first_chunk::<32>()?;
    *part = rest;
    Some(RowPrint {
        table: String::from_utf8(table.to_vec()).ok()?,
        key: key.into(),
        print: *print,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const TREES: Table = Table {
        name: "tree",
        keys: &[("tree_id", KeyType::Id), ("revision", KeyType::Number)],
        columns: 4,
        page: "",
        one: "",
    };

    fn tree(height: i64, stands: Value) -> Vec<Value> {
        vec![
            vec![7; 16].into(),
            2_i64.into(),
            height.into(),
            stands,
            "not in the print".into(),
        ]
    }

    #[test]
    fn a_print_hangs_on_every_column_and_on_no_engine() {
        let print = TREES.print(&tree(3, true.into()));
        assert_eq!(print, TREES.print(&tree(3, 1_i64.into())));
        assert_ne!(print, TREES.print(&tree(4, true.into())));
        assert_ne!(print, TREES.print(&tree(3, Value::Null)));
        assert_eq!(
            unpacked(&print.key),
            [Value::Bytes(vec![7; 16]), Value::Integer(2)]
        );
    }

    #[test]
    fn prints_come_back_from_their_parts() {
        let prints = vec![TREES.print(&tree(3, Value::Null)); 9000];
        let (parts, hash) = to_parts(&prints);
        assert_eq!(parts.len(), 2);
        let back: Vec<RowPrint> = parts
            .iter()
            .flat_map(|part| from_part(part).unwrap())
            .collect();
        assert_eq!((&back, to_parts(&back).1), (&prints, hash));
        assert!(from_part(&parts[1][..40]).is_none());
    }
}
