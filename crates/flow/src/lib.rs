#![doc = include_str!("../README.md")]

mod bpmn;
mod builtin;
mod case;
mod days;
mod definition;
mod due;
mod error;
mod event;
mod explain;
mod forecast;
mod graph;
mod load;
mod log;
mod report;
mod waiting;
mod what_if;

pub use bpmn::bpmn;
pub use builtin::{Processes, builtin, builtin_sources};
pub use case::{Asked, Case, StageState, StepState, Stopped};
pub use days::Days;
pub use definition::{
    Count, Definition, Extension, Join, Limit, Outcome, Paper, Source, Stage, Step, Supporting,
    Suspension, Unit,
};
pub use due::{Clock, Due, Start};
pub use error::{Error, Finding};
pub use event::{Decision, Event, Moment, What, parse_events};
pub use forecast::{Chance, FEWEST_CASES, Outlook, Past};
pub use load::check;
pub use log::{logged, net};
pub use report::{Report, StageReport};
pub use waiting::{Waited, Waits, Whom};
pub use what_if::{
    CaseTimes, Change, MOST_CHANGES, Refused, Spans, StepTimes, Taken, Takes, WhatIf, what_if,
};
