//! Any bytes are read as an event log, XES or CSV, or refused.
#![no_main]

use event_log::{Analyser, Columns, Kind, draw_analysis, read, render_text};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: (bool, &[u8])| {
    let (xes, bytes) = input;
    let kind = if xes { Kind::Xes } else { Kind::Csv };
    let mut analyser = Analyser::new();
    if read(bytes, kind, &Columns::default(), &mut analyser).is_ok()
        && let Ok(analysis) = analyser.finish()
    {
        assert!(analysis.events >= analysis.cases, "a case has an event");
        assert!(!render_text(&analysis).is_empty() && draw_analysis(&analysis).ends_with("</svg>\n"));
    }
});
