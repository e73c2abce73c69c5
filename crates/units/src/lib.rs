//! Exact quantities that the whole house shares: money in fen, time in minutes, points, exclusive
//! area in 0.01 m², and ratios of law. Everything is an integer, so nothing is ever rounded unseen,
//! and every sum is checked, so nothing ever wraps.
//!
//! ```
//! use units::{Area, Comparison, Fen, Ratio};
//!
//! let area: Area = "89.53".parse()?;
//! assert_eq!(area.get(), 8953);
//! assert_eq!(area.checked_add("10.47".parse()?)?.to_string(), "100.00");
//!
//! assert_eq!("12.34".parse::<Fen>()?, Fen::new(1234));
//! assert_eq!(Fen::new(-5).to_string(), "-0.05");
//!
//! // Civil Code 278: two thirds must take part (以上 includes the number itself) …
//! let two_thirds = Ratio::new(2, 3)?;
//! assert!(two_thirds.holds(2, 3, Comparison::AtLeast));
//! // … and a majority is strictly more than half.
//! assert!(!Ratio::new(1, 2)?.holds(50, 100, Comparison::StrictlyMore));
//! # Ok::<(), units::UnitsError>(())
//! ```
//!
//! | type | integer counts | may be negative | text | serde |
//! |---|---|---|---|---|
//! | [`Fen`] | fen, 0.01 yuan | yes (debts, corrections) | yuan, `12.34` | integer fen |
//! | [`Points`] | points | yes (corrections) | `120` | integer |
//! | [`Minutes`] | minutes | yes (balances) | `90` | integer |
//! | [`Area`] | 0.01 m² | no | m², `89.53` | integer 0.01 m²; [`area::square_metres`] for m² |
//! | [`Ratio`] | – | no | `2/3` | string `"2/3"` |

pub mod area;
mod decimal;
mod error;
mod quantity;
mod ratio;

pub use area::Area;
pub use error::UnitsError;
pub use quantity::{Fen, Minutes, Points};
pub use ratio::{Comparison, Ratio, percent_floor};
