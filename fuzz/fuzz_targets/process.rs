//! Any text is loaded as a process or refused with findings; any events are taken by a process or refused.
#![no_main]

use flow::{Case, Days, Definition, builtin, parse_events};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: (&str, &str)| {
    let (definition, events) = input;
    let _ = Definition::parse(definition, policy::builtin());
    if let (Ok(events), Some(process)) = (parse_events(events), builtin().get("zhejiang.future_community"))
        && let Ok(case) = Case::replay(process, &events)
    {
        let days = Days::of(policy::builtin().calendar());
        let _ = case.report(process, &days, jiff::civil::date(2026, 3, 2));
    }
});
