//! What can go wrong when a map or its types are read.

/// Why a map could not be read, and what to do about it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum StreetMapError {
    /// The file ends in the middle of something.
    #[error("the file ends within {what} at byte {at}: it was cut off, download it again")]
    Truncated {
        /// The byte at which it begins.
        at: usize,
        /// What ends too soon.
        what: &'static str,
    },
    /// The file does not begin as a map does.
    #[error("this is no OpenStreetMap PBF file: it does not begin with an OSMHeader")]
    NotPbf,
    /// A block is larger than the format allows.
    #[error(
        "the block at byte {at} says it has {size} bytes, more than {limit}: the file is damaged or hostile"
    )]
    BlockTooLarge {
        /// The byte at which the block begins.
        at: usize,
        /// How large it says it is.
        size: u64,
        /// The most the format allows.
        limit: u64,
    },
    /// All blocks together inflate to more than any map does.
    #[error(
        "the file inflates to more than {limit} bytes, more than any map of its size: it is hostile"
    )]
    Bomb {
        /// The most that is inflated.
        limit: u64,
    },
    /// A block that cannot be inflated.
    #[error("the block at byte {at} cannot be inflated ({reason}): download the file again")]
    Inflate {
        /// The byte at which the block begins.
        at: usize,
        /// Why.
        reason: String,
    },
    /// A block in a compression that is not read here.
    #[error(
        "the block at byte {at} is not compressed with zlib: convert the file with `osmium cat -o new.osm.pbf`"
    )]
    Compression {
        /// The byte at which the block begins.
        at: usize,
    },
    /// A block whose contents make no sense.
    #[error("the block at byte {at} is damaged ({what}): download the file again")]
    Damaged {
        /// The byte at which the block begins.
        at: usize,
        /// What makes no sense.
        what: &'static str,
    },
    /// The file asks for what this reader does not do.
    #[error("the file needs the feature `{feature}`, which is not read here: export it without")]
    Feature {
        /// The feature's name.
        feature: String,
    },
    /// A node that is nowhere on the earth.
    #[error(
        "node {node} lies at no longitude and latitude: were they swapped, or is the datum another?"
    )]
    Position {
        /// The node's id.
        node: i64,
    },
    /// Facility types that cannot be read.
    #[error("facility types: {0}")]
    Types(String),
    /// The network cannot be built or searched.
    #[error(transparent)]
    Walk(#[from] walk::WalkError),
}
