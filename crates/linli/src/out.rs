//! Printing results: whoever reads them may stop reading, which is no error of ours.

use std::io::{self, ErrorKind, Write as _};

/// Prints a text and a line's end to the standard output.
pub(crate) fn line(text: impl std::fmt::Display) -> anyhow::Result<()> {
    forgiven(writeln!(io::stdout(), "{text}"))
}

/// Prints a text that ends its own lines.
pub(crate) fn text(text: impl std::fmt::Display) -> anyhow::Result<()> {
    forgiven(write!(io::stdout(), "{text}"))
}

/// A reader that went away has what it wanted.
fn forgiven(written: io::Result<()>) -> anyhow::Result<()> {
    match written {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => Err(error.into()),
        _ => Ok(()),
    }
}
