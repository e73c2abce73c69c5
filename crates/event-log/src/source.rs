//! A log by the name of its file.

use std::io::{BufRead, BufReader};

use flate2::bufread::MultiGzDecoder;

use crate::{Analyser, Columns, Error, read_csv, read_xes};

/// What kind of file a log is in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// XML by IEEE 1849.
    Xes,
    /// A table.
    Csv,
}

impl Kind {
    /// By the end of a file's name; `.gz` behind it may stand or not.
    ///
    /// # Errors
    /// [`Error::UnknownKind`].
    pub fn of_name(name: &str) -> Result<Self, Error> {
        let lower = name.to_lowercase();
        let bare = lower.strip_suffix(".gz").unwrap_or(&lower);
        match bare.rsplit_once('.').map(|(_, ending)| ending) {
            Some("xes") => Ok(Self::Xes),
            Some("csv") => Ok(Self::Csv),
            _ => Err(Error::UnknownKind {
                name: name.to_owned(),
            }),
        }
    }
}

/// Reads a log in a stream, unpacking it if its first bytes say gzip.
///
/// # Errors
/// Whatever makes it unreadable, with its place.
pub fn read(
    mut source: impl BufRead,
    kind: Kind,
    columns: &Columns,
    analyser: &mut Analyser,
) -> Result<(), Error> {
    let packed = source.fill_buf()?.starts_with(&[0x1f, 0x8b]);
    match (kind, packed) {
        (Kind::Xes, false) => read_xes(source, columns, analyser),
        (Kind::Xes, true) => read_xes(unpacked(source), columns, analyser),
        (Kind::Csv, false) => read_csv(source, columns, analyser),
        (Kind::Csv, true) => read_csv(unpacked(source), columns, analyser),
    }
}

fn unpacked(source: impl BufRead) -> impl BufRead {
    BufReader::with_capacity(256 * 1024, MultiGzDecoder::new(source))
}
