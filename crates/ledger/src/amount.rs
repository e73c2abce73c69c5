//! What is moved: points, minutes or fen, never mixed.

use std::fmt;

use serde::{Deserialize, Serialize};
use units::{Fen, Minutes, Points};

/// What an account holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Asset {
    /// Community points (积分).
    Points,
    /// Time given and received (时间银行), in minutes.
    Minutes,
    /// Money, in fen.
    Fen,
}

/// So much of an asset. Made from `units::Points`, `units::Minutes` or `units::Fen`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Amount {
    /// Points.
    Points(Points),
    /// Minutes.
    Minutes(Minutes),
    /// Fen.
    Fen(Fen),
}

impl Asset {
    /// So many smallest parts of this asset.
    pub const fn amount(self, value: i64) -> Amount {
        match self {
            Self::Points => Amount::Points(Points::new(value)),
            Self::Minutes => Amount::Minutes(Minutes::new(value)),
            Self::Fen => Amount::Fen(Fen::new(value)),
        }
    }

    /// The name in storage and JSON.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Points => "points",
            Self::Minutes => "minutes",
            Self::Fen => "fen",
        }
    }
}

impl Amount {
    /// Which asset it is.
    pub const fn asset(self) -> Asset {
        match self {
            Self::Points(_) => Asset::Points,
            Self::Minutes(_) => Asset::Minutes,
            Self::Fen(_) => Asset::Fen,
        }
    }

    /// The number of smallest parts.
    pub const fn get(self) -> i64 {
        match self {
            Self::Points(points) => points.get(),
            Self::Minutes(minutes) => minutes.get(),
            Self::Fen(fen) => fen.get(),
        }
    }
}

impl From<Points> for Amount {
    fn from(points: Points) -> Self {
        Self::Points(points)
    }
}

impl From<Minutes> for Amount {
    fn from(minutes: Minutes) -> Self {
        Self::Minutes(minutes)
    }
}

impl From<Fen> for Amount {
    fn from(fen: Fen) -> Self {
        Self::Fen(fen)
    }
}

impl fmt::Display for Asset {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl fmt::Display for Amount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Points(points) => write!(f, "{points} points"),
            Self::Minutes(minutes) => write!(f, "{minutes} minutes"),
            Self::Fen(fen) => write!(f, "{fen} yuan"),
        }
    }
}
