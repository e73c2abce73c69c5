//! What may stand in the way of a life circle.

use kernel::{Denied, Finding, Kind, Problem};

use crate::model::MAX_MAP_BYTES;

/// An error of a life circle.
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
    /// There is no such circle.
    #[error("there is no such life circle here; look at the list")]
    NoSuchCircle,
    /// There is no such list, scenario, map or building.
    #[error("the life circle has no such {what}; look at its page")]
    NoSuchPart {
        /// What it is.
        what: &'static str,
    },
    /// No map that could be read yet.
    #[error("the life circle has no street map yet; import one first")]
    NoMap,
    /// The analysis is still being made.
    #[error("the life circle is being analysed; ask again in a few seconds")]
    Working,
    /// The analysis can't be made of what there is.
    #[error("the life circle can't be analysed: {reason}; import another map or change the types")]
    Analysis {
        /// Why.
        reason: String,
    },
    /// A file that is no street map.
    #[error("this is no street map: {reason}")]
    NotAMap {
        /// Why.
        reason: String,
    },
    /// A map larger than is taken.
    #[error(
        "the map has {bytes} bytes, more than {MAX_MAP_BYTES}; cut a smaller piece, such as with osmium extract"
    )]
    MapSize {
        /// Its size.
        bytes: usize,
    },
    /// A list that can't be read.
    #[error("the list can't be read: {reason}; save it anew as GeoJSON, CSV or Excel")]
    List {
        /// Why.
        reason: String,
    },
    /// A list without a single row that can be used.
    #[error("no row of the list can be used; the first fault: {at}: {reason}")]
    NothingUsable {
        /// The row.
        at: String,
        /// What is wrong with it.
        reason: String,
    },
    /// Types that make no sense.
    #[error("{reason}")]
    Types {
        /// Which, and why.
        reason: String,
    },
    /// A place that can't be read.
    #[error(
        "\"{text}\" is no longitude and latitude such as 120.5821,30.0123; type both, with a comma between"
    )]
    Place {
        /// What was typed.
        text: String,
    },
    /// A change that leads nowhere.
    #[error(
        "change {number} ({}) has no way within 100 m: move it nearer to a way",
        place
    )]
    NoWay {
        /// Its number, from 1.
        number: usize,
        /// Its place.
        place: String,
    },
    /// More than are taken.
    #[error("there are {count} {what}, more than {max}; take some away first")]
    TooMany {
        /// Of what.
        what: &'static str,
        /// How many.
        count: usize,
        /// The most.
        max: usize,
    },
    /// A field is blank.
    #[error("the field {field} is blank or not one of its values; fill it in")]
    Blank {
        /// Its name.
        field: &'static str,
    },
    /// A text is too long.
    #[error("the field {field} has {length} characters, more than {max}; shorten it")]
    TooLong {
        /// Its name.
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
            Self::NoSuchCircle | Self::NoSuchPart { .. } => Kind::NotFound,
            Self::NoMap | Self::Analysis { .. } => Kind::Conflict,
            Self::Working => Kind::Unavailable,
            Self::MapSize { .. } => Kind::TooLarge,
            Self::Unreadable { .. } => Kind::Internal,
            _ => Kind::Invalid,
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::Denied(error) => error.code(),
            Self::Database(error) => error.code(),
            Self::Journal(error) => error.code(),
            Self::NoSuchCircle => "lifecircle-error-no-such-circle",
            Self::NoSuchPart { .. } => "lifecircle-error-no-such-part",
            Self::NoMap => "lifecircle-error-no-map",
            Self::Working => "lifecircle-error-working",
            Self::Analysis { .. } => "lifecircle-error-analysis",
            Self::NotAMap { .. } => "lifecircle-error-not-a-map",
            Self::MapSize { .. } => "lifecircle-error-map-size",
            Self::List { .. } => "lifecircle-error-list",
            Self::NothingUsable { .. } => "lifecircle-error-nothing-usable",
            Self::Types { .. } => "lifecircle-error-types",
            Self::Place { .. } => "lifecircle-error-place",
            Self::NoWay { .. } => "lifecircle-error-no-way",
            Self::TooMany { .. } => "lifecircle-error-too-many",
            Self::Blank { .. } => "lifecircle-error-blank",
            Self::TooLong { .. } => "lifecircle-error-too-long",
            Self::Unreadable { .. } => "error-internal",
        }
    }

    fn arguments(&self) -> Vec<(&'static str, String)> {
        match self {
            Self::Denied(error) => error.arguments(),
            Self::Journal(error) => error.arguments(),
            Self::NoSuchPart { what } => vec![("what", (*what).to_owned())],
            Self::Analysis { reason }
            | Self::NotAMap { reason }
            | Self::List { reason }
            | Self::Types { reason } => vec![("reason", reason.clone())],
            Self::MapSize { bytes } => vec![
                ("megabytes", bytes.div_ceil(1 << 20).to_string()),
                ("max", (MAX_MAP_BYTES >> 20).to_string()),
            ],
            Self::NothingUsable { at, reason } => {
                vec![("at", at.clone()), ("reason", reason.clone())]
            }
            Self::Place { text } => vec![("text", text.clone())],
            Self::NoWay { number, place } => {
                vec![("number", number.to_string()), ("place", place.clone())]
            }
            Self::TooMany { what, count, max } => vec![
                ("what", (*what).to_owned()),
                ("count", count.to_string()),
                ("max", max.to_string()),
            ],
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
            Self::NotAMap { .. }
            | Self::MapSize { .. }
            | Self::List { .. }
            | Self::NothingUsable { .. } => "file",
            Self::Place { .. } => "place",
            Self::Types { .. } => "types",
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
