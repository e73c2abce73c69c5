//! What can go wrong when a network is built or searched.

/// Why a network could not be built or searched, and what to do about it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum WalkError {
    /// A segment names a point that there is not.
    #[error(
        "segment {segment} names point {point}, but there are {points}: leave out segments whose ends are missing"
    )]
    NoSuchPoint {
        /// The segment's position in the list, from 0.
        segment: usize,
        /// The point that it names.
        point: u32,
        /// How many points there are.
        points: usize,
    },
    /// More points or segments than fit.
    #[error("{count} {what} are more than {limit}: divide the region")]
    TooMany {
        /// What is too many.
        what: &'static str,
        /// How many there are.
        count: usize,
        /// The most that fit.
        limit: usize,
    },
    /// A segment is longer than anybody walks.
    #[error(
        "segment {segment} is {length_dm} dm long, more than {limit_dm}: check its coordinates and their datum"
    )]
    TooLong {
        /// The segment's position in the list, from 0.
        segment: usize,
        /// Its length in decimetres.
        length_dm: u32,
        /// The longest.
        limit_dm: u32,
    },
    /// A person who does not move, or faster than anybody walks.
    #[error("{mm_per_s} mm/s is no walking speed: give {least} to {most}")]
    Speed {
        /// Millimetres a second.
        mm_per_s: u32,
        /// The slowest.
        least: u32,
        /// The fastest.
        most: u32,
    },
    /// A factor for steps that is out of range.
    #[error("steps at {percent} % of the time on the flat: give 100 to 1000")]
    Steps {
        /// Per cent of the time on the flat.
        percent: u32,
    },
    /// A number of facilities to keep that is out of range.
    #[error("{keep} nearest facilities: keep 1 to {most}")]
    Keep {
        /// The number asked for.
        keep: usize,
        /// The most.
        most: usize,
    },
    /// A limit of time that is out of range.
    #[error("a limit of {limit_ds} ds: search at most {most_ds} ds (ten hours)")]
    Limit {
        /// The limit asked for.
        limit_ds: u32,
        /// The longest.
        most_ds: u32,
    },
    /// A place that is not of this network.
    #[error("a {what} stands on an edge that the network does not have: snap it to this network")]
    Elsewhere {
        /// What stands there.
        what: &'static str,
    },
}
