//! Policy as data: versions, tables, citations, and decisions that explain themselves.
//!
//! A policy is a TOML file: inputs and outputs with types and units, versions with dates and a legal
//! instrument, tables whose rows carry conditions, outputs and the clause they stand on, and golden cases
//! that prove the file. Loading refuses gaps, overlaps and missing citations. A decision answers typed
//! outputs and says which version and row decided, on which clause, why the other rows did not apply, and
//! whether a cap bound. Numbers are exact; an old day is decided by the old version.
//!
//! ```
//! use policy::{Inputs, Lang, builtin};
//!
//! let on = policy::parse_date("2026-03-01")?;
//! let thresholds = builtin().get("owners_resolution.thresholds")?.on(on)?;
//! let decision = thresholds.decide(&Inputs::new().text("matter", "rebuild"))?;
//! assert_eq!(decision.ratio("consent_area")?, (3, 4));
//! assert!(decision.explanation.render(Lang::Zh).contains("第二百七十八条"));
//! # Ok::<(), policy::Error>(())
//! ```
//!
//! The crate does no I/O: files are handed over as text. [`builtin`] holds the policies of this
//! repository's `policy/` folder; [`Library::extend`] adds an operator's.

mod builtin;
mod calendar;
mod check;
mod decide;
mod error;
mod explain;
mod expression;
mod inputs;
mod instrument;
mod lang;
mod load;
mod number;
mod place;
mod policy;
mod source;
mod table;
mod threshold;
mod value;

pub use builtin::{builtin, builtin_sources};
pub use calendar::{Calendar, Day, DayKind, Due, Notice};
pub use check::{Format, check, explain, parse_date};
pub use decide::{Decision, Edition};
pub use error::{Error, Finding};
pub use explain::{Citation, Explanation, LimitShown, PassedOver, Record, Shown, Source, Step};
pub use inputs::Inputs;
pub use instrument::{Instrument, Status};
pub use lang::{Lang, Text};
pub use load::Library;
pub use number::{Number, Rounding};
pub use place::Place;
pub use policy::{Policy, Version};
pub use table::{Ground, Hit, Row, Table};
pub use threshold::Threshold;
pub use value::{Field, Kind, Label};
