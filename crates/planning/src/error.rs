//! What can be wrong with a building programme, and what to do about it.

/// Why a programme was not checked.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// The file is no TOML, or a field is missing, unknown or of another type.
    #[error("the programme can't be read: {reason}")]
    File {
        /// What the TOML reader says, with line and column.
        reason: String,
    },
    /// A value outside of what can be.
    #[error("{what} is {given}: it must be {wanted}")]
    Value {
        /// Which field of which building or part.
        what: String,
        /// The value.
        given: String,
        /// What may stand there.
        wanted: &'static str,
    },
    /// Two buildings of one name.
    #[error("there are two buildings {id}: give each a name of its own")]
    Twice {
        /// The name.
        id: String,
    },
    /// Nothing to measure.
    #[error("{what}: {wanted}")]
    Nothing {
        /// What has nothing in it.
        what: String,
        /// What to enter.
        wanted: &'static str,
    },
    /// Buildings cover more ground than there is.
    #[error(
        "the buildings cover {covered} m² of a plot of {land} m²: check footprint_m2 and plot.land_m2"
    )]
    Covered {
        /// The sum of the footprints.
        covered: String,
        /// The plot.
        land: String,
    },
    /// A rule could not be asked: something that it needs is missing or of another kind.
    #[error("{what}: {reason}")]
    Rule {
        /// Which part of which building.
        what: String,
        /// What the policy says.
        reason: policy::Error,
    },
    /// A sum beyond what is counted exactly.
    #[error("{what} is too large to be counted exactly: check its areas")]
    TooLarge {
        /// Which sum.
        what: String,
    },
}
