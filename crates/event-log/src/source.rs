//! A log by the name of its file.

use std::io::{BufRead, BufReader, Read};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};

use flate2::bufread::MultiGzDecoder;

use crate::{Analyser, Columns, Error, read_csv, read_xes};

/// How many bytes are unpacked at a time, few enough to stay in a core's cache, and how many such blocks wait to be read.
const BLOCK: usize = 64 << 10;
const BLOCKS_AHEAD: usize = 16;

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

/// Reads a log in a stream, unpacking it if its first bytes say gzip; unpacking runs a little ahead on a thread.
///
/// # Errors
/// Whatever makes it unreadable, with its place.
pub fn read(
    mut source: impl BufRead + Send,
    kind: Kind,
    columns: &Columns,
    analyser: &mut Analyser,
) -> Result<(), Error> {
    let packed = source.fill_buf()?.starts_with(&[0x1f, 0x8b]);
    if !packed {
        return read_plain(source, kind, columns, analyser);
    }
    std::thread::scope(|scope| {
        let (sender, blocks) = sync_channel(BLOCKS_AHEAD);
        scope.spawn(move || unpack(source, &sender));
        // The blocks are dropped before the scope waits, so that an unpacking that nobody reads ends.
        let blocks = Blocks {
            coming: blocks,
            block: Vec::new(),
            at: 0,
        };
        read_plain(
            // Smaller than what its reader asks for, so that blocks mostly go past it uncopied.
            BufReader::with_capacity(BLOCK / 4, blocks),
            kind,
            columns,
            analyser,
        )
    })
}

fn read_plain(
    source: impl BufRead,
    kind: Kind,
    columns: &Columns,
    analyser: &mut Analyser,
) -> Result<(), Error> {
    match kind {
        Kind::Xes => read_xes(source, columns, analyser),
        Kind::Csv => read_csv(source, columns, analyser),
    }
}

fn unpack(source: impl BufRead, sender: &SyncSender<std::io::Result<Vec<u8>>>) {
    let mut unpacked = MultiGzDecoder::new(source);
    loop {
        let mut block = Vec::with_capacity(BLOCK);
        let limit = u64::try_from(BLOCK).unwrap_or(u64::MAX);
        let read = unpacked.by_ref().take(limit).read_to_end(&mut block);
        let last = !matches!(read, Ok(count) if count > 0);
        if sender.send(read.map(|_| block)).is_err() || last {
            return;
        }
    }
}

/// What was unpacked, block after block; an empty one or a fault is the last.
struct Blocks {
    coming: Receiver<std::io::Result<Vec<u8>>>,
    block: Vec<u8>,
    at: usize,
}

impl Read for Blocks {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        if self.at == self.block.len() {
            self.at = 0;
            self.block = self.coming.recv().unwrap_or_else(|_| Ok(Vec::new()))?;
        }
        let rest = self.block.get(self.at..).unwrap_or_default();
        let count = rest.len().min(buffer.len());
        if let (Some(to), Some(from)) = (buffer.get_mut(..count), rest.get(..count)) {
            to.copy_from_slice(from);
        }
        self.at += count;
        Ok(count)
    }
}
