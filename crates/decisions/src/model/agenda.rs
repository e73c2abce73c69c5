//! A meeting of the owners with its agenda.

use kernel::Window;
use serde::{Deserialize, Serialize};

use super::{MAX_TITLE, Meeting, check_text};
use crate::Error;

kernel::id! {
    /// A meeting of the owners (业主大会会议) that puts several matters to them on one ballot.
    pub struct AssemblyId;
}
db::id_column!(AssemblyId);

/// The most matters of one ballot.
pub const MAX_AGENDA: usize = 12;

/// What whoever calls a meeting writes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Call {
    /// What the meeting is, in a line.
    pub title: String,
    /// Regular or extraordinary.
    pub meeting: Meeting,
    /// When votes on every matter are taken.
    pub window: Window,
}

impl Call {
    /// Refuses an empty or overlong title and a window that closes before it opens.
    pub fn check(&self) -> Result<(), Error> {
        check_text("title", &self.title, MAX_TITLE)?;
        if self.window.opens >= self.window.closes {
            return Err(Error::WindowReversed);
        }
        Ok(())
    }
}
