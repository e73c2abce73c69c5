//! What may stand in the way of a consultation.

use kernel::{Denied, Finding, Kind, Problem};

use crate::model::Stage;

/// An error of a consultation.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The actor lacks a permission.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// The database said no.
    #[error(transparent)]
    Database(#[from] db::Error),
    /// The journal said no.
    #[error(transparent)]
    Journal(#[from] journal::Error),
    /// A policy can't be asked.
    #[error(transparent)]
    Policy(#[from] policy::Error),
    /// There is no such consultation, or none that this actor may see.
    #[error("there is no such consultation in this community; look at the list")]
    NoSuchConsultation,
    /// There is no such comment.
    #[error("there is no comment number {number} that waits for an answer; look at the list")]
    NoSuchComment {
        /// The number.
        number: u32,
    },
    /// There is no such clause.
    #[error("the text has no clause number {clause}; choose one of its clauses")]
    NoSuchClause {
        /// The number.
        clause: u32,
    },
    /// The consultation is at another stage.
    #[error("this can't be done while the consultation is at the stage \"{}\"; it needs {needed}", stage.name())]
    WrongStage {
        /// Where it stands.
        stage: Stage,
        /// Where it must stand.
        needed: &'static str,
    },
    /// Somebody else's comment.
    #[error("only who made the comment can withdraw it")]
    OthersComment,
    /// More comments of one person in a day than are taken.
    #[error("you have commented {max} times today; go on tomorrow")]
    TooManyComments {
        /// The most.
        max: u64,
    },
    /// The period is shorter than the law's, without a reason.
    #[error(
        "{citation} asks for comments until {earliest} at least; move the end, or say why the period is shorter"
    )]
    TooShort {
        /// The law and article.
        citation: String,
        /// The first day on which it may end.
        earliest: String,
    },
    /// A deadline that is over.
    #[error("the consultation ends before it begins; correct the date")]
    Over,
    /// A letter that came after the end, or is yet to come.
    #[error("what is entered must have come between publication and the end; correct the date")]
    Received,
    /// No clauses, or too many.
    #[error("the text has {clauses} clauses; it needs 1 to {max}")]
    Clauses {
        /// How many there are.
        clauses: usize,
        /// The most.
        max: usize,
    },
    /// A next version while comments wait.
    #[error(
        "{comments} comments have no answer yet; answer them before the next version is issued"
    )]
    Unanswered {
        /// How many.
        comments: u64,
    },
    /// A next version that says what the last one says.
    #[error("the text is the same as before; a next version needs a change")]
    Unchanged,
    /// There is no such version.
    #[error("the text has no version {number}; look at its page")]
    NoSuchVersion {
        /// The number.
        number: u32,
    },
    /// Numbers that are none.
    #[error("\"{text}\" are no comment numbers; write up to {max} such as 1, 4, 7-9")]
    Numbers {
        /// What was sent.
        text: String,
        /// The most.
        max: usize,
    },
    /// A file that holds no text.
    #[error("the file can't be read as a text: {reason}")]
    File {
        /// Why.
        reason: String,
    },
    /// A required text is blank.
    #[error("the field {field} is empty; fill it in")]
    Blank {
        /// The field.
        field: &'static str,
    },
    /// A text is too long.
    #[error("the field {field} has {length} characters, {max} are the most; shorten it")]
    TooLong {
        /// The field.
        field: &'static str,
        /// Its length.
        length: usize,
        /// The limit.
        max: usize,
    },
    /// A stored value this version does not know.
    #[error("the record holds {what}, which this version does not know; use the newest version")]
    Unreadable {
        /// What it is.
        what: &'static str,
    },
}

impl Problem for Error {
    fn kind(&self) -> Kind {
        match self {
            Self::Denied(error) => error.kind(),
            Self::Database(error) => error.kind(),
            Self::Journal(error) => error.kind(),
            Self::NoSuchConsultation | Self::NoSuchVersion { .. } => Kind::NotFound,
            Self::OthersComment => Kind::Denied,
            Self::WrongStage { .. } | Self::TooManyComments { .. } | Self::Unanswered { .. } => {
                Kind::Conflict
            }
            Self::Policy(_) | Self::Unreadable { .. } => Kind::Internal,
            _ => Kind::Invalid,
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::Denied(error) => error.code(),
            Self::Database(error) => error.code(),
            Self::Journal(error) => error.code(),
            Self::Policy(_) | Self::Unreadable { .. } => "error-internal",
            Self::NoSuchConsultation => "consultation-error-no-such-consultation",
            Self::NoSuchComment { .. } => "consultation-error-no-such-comment",
            Self::NoSuchClause { .. } => "consultation-error-no-such-clause",
            Self::WrongStage { .. } => "consultation-error-wrong-stage",
            Self::OthersComment => "consultation-error-others-comment",
            Self::TooManyComments { .. } => "consultation-error-too-many-comments",
            Self::TooShort { .. } => "consultation-error-too-short",
            Self::Over => "consultation-error-over",
            Self::Received => "consultation-error-received",
            Self::Clauses { .. } => "consultation-error-clauses",
            Self::Unanswered { .. } => "consultation-error-unanswered",
            Self::Unchanged => "consultation-error-unchanged",
            Self::NoSuchVersion { .. } => "consultation-error-no-such-version",
            Self::Numbers { .. } => "consultation-error-numbers",
            Self::File { .. } => "consultation-error-file",
            Self::Blank { .. } => "consultation-error-blank",
            Self::TooLong { .. } => "consultation-error-too-long",
        }
    }

    fn arguments(&self) -> Vec<(&'static str, String)> {
        match self {
            Self::Denied(error) => error.arguments(),
            Self::Journal(error) => error.arguments(),
            Self::NoSuchComment { number } | Self::NoSuchVersion { number } => {
                vec![("number", number.to_string())]
            }
            Self::NoSuchClause { clause } => vec![("clause", clause.to_string())],
            Self::WrongStage { stage, .. } => vec![("stage", stage.name().to_owned())],
            Self::TooManyComments { max } => vec![("max", max.to_string())],
            Self::TooShort { citation, earliest } => {
                vec![
                    ("citation", citation.clone()),
                    ("earliest", earliest.clone()),
                ]
            }
            Self::Clauses { clauses, max } => {
                vec![("clauses", clauses.to_string()), ("max", max.to_string())]
            }
            Self::Unanswered { comments } => vec![("comments", comments.to_string())],
            Self::Numbers { text, max } => vec![("text", text.clone()), ("max", max.to_string())],
            Self::File { reason } => vec![("reason", reason.clone())],
            Self::Blank { field } => vec![("field", (*field).to_owned())],
            Self::TooLong { field, length, max } => vec![
                ("field", (*field).to_owned()),
                ("length", length.to_string()),
                ("max", max.to_string()),
            ],
            _ => Vec::new(),
        }
    }

    fn findings(&self) -> Vec<Finding> {
        let at = match self {
            Self::Blank { field } | Self::TooLong { field, .. } => *field,
            Self::Clauses { .. } | Self::Unchanged => "clauses",
            Self::File { .. } => "file",
            Self::TooShort { .. } | Self::Over => "closes",
            Self::Received => "received",
            Self::Numbers { .. } | Self::NoSuchComment { .. } => "numbers",
            Self::NoSuchClause { .. } => "clause",
            _ => return Vec::new(),
        };
        let own = |(name, value): (&str, String)| (name.to_owned(), value);
        vec![Finding {
            at: at.to_owned(),
            code: self.code().to_owned(),
            arguments: self.arguments().into_iter().map(own).collect(),
        }]
    }
}
