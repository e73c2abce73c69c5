//! The law, regulation or notice that a rule stands in.

use jiff::civil::Date;
use serde::Serialize;

use crate::Text;

/// A legal instrument in one consolidated text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Instrument {
    /// Short name by which rows refer to it.
    pub id: String,
    /// Full title.
    pub title: Text,
    /// Who issued it.
    pub authority: Text,
    /// Document number, or the adoption by which it is known.
    pub number: String,
    /// First day on which this text is in force.
    pub from: Date,
    /// Last day, if it has ended.
    pub to: Option<Date>,
    /// Whether number and dates were read in the source.
    pub status: Status,
    /// Where the text was read.
    pub source: String,
    /// Name of the file that holds the text, against which quotes are tested.
    pub text: Option<String>,
    /// What a reader should know, such as superseded articles.
    pub note: Option<Text>,
}

/// Whether a statement was read in the text of the law, word for word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// Read in the text; the row quotes it.
    Verified,
    /// Known from memory or at second hand.
    Unverified,
}

impl Status {
    /// The status in words.
    pub fn text(self) -> Text {
        match self {
            Self::Verified => Text::new("已核对原文", "checked against the text"),
            Self::Unverified => Text::new("未核对原文", "not checked against the text"),
        }
    }
}
