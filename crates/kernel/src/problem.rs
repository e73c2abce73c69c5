//! How an error speaks: to a person in their language, to a program as RFC 9457 problem details.

/// What kind of problem it is; the web maps it to an HTTP status.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// The input is malformed or breaks a rule (422).
    Invalid,
    /// Nobody has signed in (401).
    Unauthenticated,
    /// The actor may not (403).
    Denied,
    /// There is no such thing, or none that this actor may see (404).
    NotFound,
    /// There is something at this address, but nothing that is done by this method (405).
    WrongMethod,
    /// The state does not allow it, now or any more (409).
    Conflict,
    /// The input is larger than the limit (413).
    TooLarge,
    /// Too many tries (429).
    TooMany,
    /// A part of the system does not answer; trying again may help (503).
    Unavailable,
    /// A defect or a broken record (500).
    Internal,
}

impl Kind {
    /// The HTTP status code.
    pub const fn status(self) -> u16 {
        match self {
            Self::Invalid => 422,
            Self::Unauthenticated => 401,
            Self::Denied => 403,
            Self::NotFound => 404,
            Self::WrongMethod => 405,
            Self::Conflict => 409,
            Self::TooLarge => 413,
            Self::TooMany => 429,
            Self::Unavailable => 503,
            Self::Internal => 500,
        }
    }
}

/// One thing wrong with one field or line of an input.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Finding {
    /// The field's name, or the line (`line 17`) of a file.
    pub at: String,
    /// The message key of the reason.
    pub code: String,
    /// The values that the message speaks of.
    pub arguments: Vec<(String, String)>,
}

/// An error that can be told to a person and to a program.
///
/// `Display` is the English for logs; pages and API take `code` and `arguments` to the messages, where every
/// code has a text in both languages that says what happened, to what, and what to do.
pub trait Problem: std::error::Error {
    /// What kind of problem it is.
    fn kind(&self) -> Kind;

    /// The message key, such as `decisions-error-closed`; also the `type` of the problem details.
    fn code(&self) -> &'static str;

    /// The values that the message speaks of.
    fn arguments(&self) -> Vec<(&'static str, String)> {
        Vec::new()
    }

    /// What is wrong field by field or line by line, where there is more than one thing.
    fn findings(&self) -> Vec<Finding> {
        Vec::new()
    }
}

impl Problem for crate::Denied {
    fn kind(&self) -> Kind {
        Kind::Denied
    }

    fn code(&self) -> &'static str {
        "error-denied"
    }

    fn arguments(&self) -> Vec<(&'static str, String)> {
        vec![("permission", self.permission.0.to_owned())]
    }
}
