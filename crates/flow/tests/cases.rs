//! Cases through a process: what is allowed, what is refused, and that no step is lost or done twice.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test may fail loudly"
)]

use std::collections::BTreeMap;

use flow::{
    Case, Days, Definition, Error, Event, StepState, bpmn, builtin, check, logged, net,
    parse_events,
};
use jiff::civil::date;
use policy::Lang;
use proptest::prelude::*;

fn flow() -> &'static Definition {
    builtin().get("zhejiang.future_community").unwrap()
}

fn events(json: &str) -> Vec<Event> {
    parse_events(json).unwrap()
}

fn done(id: usize, day: i64, step: &str, outcome: Option<&str>) -> Event {
    let at = date(2020, 1, 1)
        .checked_add(jiff::Span::new().days(day))
        .unwrap();
    let outcome = outcome.map_or(String::new(), |outcome| {
        format!(r#", "outcome": "{outcome}""#)
    });
    events(&format!(
        r#"[{{"id": "{id}", "at": "{at}", "event": "done", "step": "{step}"{outcome}}}]"#
    ))
    .remove(0)
}

#[test]
fn the_flow_of_a_future_community_loads_and_each_of_its_limits_is_cited() {
    let flow = flow();
    assert_eq!(flow.stages.len(), 7);
    for stage in &flow.stages {
        for limit in [&stage.statutory, &stage.promised].into_iter().flatten() {
            assert!(
                policy::builtin()
                    .instrument(&limit.source.instrument)
                    .is_some()
            );
        }
    }
}

/// Goes through the whole process, taking one open step after the other as the numbers say.
fn walked(choices: &[usize]) -> (Vec<Event>, Case) {
    let flow = flow();
    let mut case = Case::new(flow);
    let mut past: Vec<Event> = Vec::new();
    let mut numbers = choices.iter().copied().chain(std::iter::repeat(0));
    while !case.is_finished() {
        let open: Vec<usize> = (0..flow.steps.len())
            .filter(|step| case.steps[*step] == StepState::Open)
            .collect();
        assert!(
            !open.is_empty(),
            "a case that is not finished has something to do"
        );
        let step = &flow.steps[open[numbers.next().unwrap() % open.len()]];
        let outcome = (!step.outcomes.is_empty()).then(|| {
            step.outcomes[numbers.next().unwrap() % step.outcomes.len()]
                .id
                .as_str()
        });
        let day = 40 * i64::try_from(past.len()).unwrap();
        let event = done(past.len(), day, &step.id, outcome);
        case.take(flow, &event).unwrap();
        past.push(event);
    }
    (past, case)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn whatever_order_and_choices_each_step_is_done_once_or_passed_by(choices in prop::collection::vec(0_usize..6, 0..60)) {
        let (past, case) = walked(&choices);
        let mut times: BTreeMap<String, usize> = BTreeMap::new();
        for event in &past {
            if let flow::What::Done { step, .. } = &event.what {
                *times.entry(step.clone()).or_default() += 1;
            }
        }
        for (step, state) in flow().steps.iter().zip(&case.steps) {
            let expected = usize::from(*state == StepState::Done);
            prop_assert_eq!(times.get(&step.id).copied().unwrap_or(0), expected);
        }
        // Replay from the start, shuffled by time order alone, gives the same case; and it fits its own net.
        let backwards: Vec<Event> = past.iter().rev().cloned().collect();
        prop_assert_eq!(&Case::replay(flow(), &backwards).unwrap(), &case);
        let names: Vec<String> = past
            .iter()
            .filter_map(|event| match &event.what {
                flow::What::Done { step, outcome: Some(outcome) } => Some(format!("{step}={outcome}")),
                flow::What::Done { step, .. } => Some(step.clone()),
                _ => None,
            })
            .collect();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        let replayed = net(flow()).replay(&names);
        prop_assert_eq!((replayed.missing, replayed.remaining, replayed.unknown), (0, 0, 0));
    }

    #[test]
    fn random_events_are_taken_or_refused_and_never_lose_or_double_a_step(
        tries in prop::collection::vec((0_usize..24, 0_usize..4), 0..120)
    ) {
        let flow = flow();
        let mut case = Case::new(flow);
        for (number, (step, outcome)) in tries.into_iter().enumerate() {
            let step = &flow.steps[step % flow.steps.len()];
            let outcome = step.outcomes.get(outcome).map(|one| one.id.as_str());
            let before = case.clone();
            let day = 40 * i64::try_from(number).unwrap();
            if case.take(flow, &done(number, day, &step.id, outcome)).is_err() {
                prop_assert_eq!(&case, &before);
            }
            for (was, is) in before.steps.iter().zip(&case.steps) {
                let forwards = match was {
                    StepState::Waiting => true,
                    StepState::Open => matches!(is, StepState::Open | StepState::Done),
                    StepState::Done => *is == StepState::Done,
                    StepState::PassedBy => *is == StepState::PassedBy,
                };
                prop_assert!(forwards, "{was:?} became {is:?}");
            }
            prop_assert!(case.is_finished() || case.steps.contains(&StepState::Open));
        }
    }
}

#[test]
fn bad_luck_is_refused_with_its_reason() {
    let siting = |more: &str| {
        let (mut past, _) = walked(&[]);
        past.retain(|event| !matches!(&event.what, flow::What::Done { step, .. } if flow().step(step).is_some_and(|(_, step)| step.stage > 2)));
        past.extend(events(&format!(
            r#"[{{"id": "s", "at": "2024-03-01", "event": "submitted", "stage": "siting"}},
                {{"id": "a", "at": "2024-03-04", "event": "accepted", "stage": "siting"}}{more}]"#
        )));
        Case::replay(flow(), &past)
    };
    assert!(siting("").is_ok());
    let twice = r#", {"id": "a", "at": "2024-03-04", "event": "accepted", "stage": "siting"}"#;
    assert_eq!(
        siting(twice),
        siting(""),
        "the same event twice counts once"
    );
    let suspended = r#", {"id": "h", "at": "2024-03-05", "event": "suspended", "stage": "siting", "ground": "hearing"}"#;
    for (more, says) in [
        (r#", {"id": "x", "at": "2024-03-05", "event": "suspended", "stage": "siting", "ground": "lunch"}"#.to_owned(), "no ground"),
        (r#", {"id": "x", "at": "2024-03-05", "event": "resumed", "stage": "siting"}"#.to_owned(), "does not stand still"),
        (format!(r#"{suspended}, {{"id": "x", "at": "2024-03-04", "event": "resumed", "stage": "siting"}}"#), "does not stand still"),
        (format!(r#"{suspended}, {{"id": "x", "at": "2024-03-06", "event": "decided", "stage": "siting", "result": "passed", "reason": "ok"}}"#), "resume it"),
        (r#", {"id": "a", "at": "2024-03-09", "event": "accepted", "stage": "siting"}"#.to_owned(), "same id"),
        (r#", {"id": "x", "at": "2024-03-09", "event": "accepted", "stage": "siting"}"#.to_owned(), "2024-03-04 it was taken in"),
        (r#", {"id": "x", "at": "2024-03-05", "event": "correction_asked", "stage": "siting", "missing": ["a"]}"#.to_owned(), "before"),
        (r#", {"id": "x", "at": "2024-03-05", "event": "extended", "stage": "siting", "days": 16, "approved_by": "a", "reason": "b"}"#.to_owned(), "15 may be added"),
        (r#", {"id": "x", "at": "2024-03-05", "event": "handed_over", "stage": "siting", "to": "dissolved", "reason": "b"}"#.to_owned(), "no unit `dissolved`"),
        (r#", {"id": "x", "at": "2024-03-05", "event": "submitted", "stage": "works"}"#.to_owned(), "not open yet"),
        (r#", {"id": "x", "at": "2024-03-05", "event": "retracted", "of": "nothing", "reason": "b"}"#.to_owned(), "no event `nothing`"),
    ] {
        let told = siting(&more).unwrap_err().to_string();
        assert!(told.contains(says), "{more}: {told}");
    }
    let corrected = format!(
        r#"{suspended}, {{"id": "x", "at": "2024-03-09", "event": "retracted", "of": "h", "reason": "entered for another case"}}"#
    );
    assert_eq!(
        siting(&corrected),
        siting(""),
        "what is retracted never was"
    );
}

#[test]
fn a_notice_stays_on_display_as_long_as_it_must() {
    let past = vec![
        done(0, 0, "plan_need", None),
        done(1, 10, "plan_consent", None),
        done(2, 39, "plan_publicity", None),
    ];
    let told = Case::replay(flow(), &past).unwrap_err().to_string();
    assert!(
        told.contains("30 days") && told.contains("2020-02-10"),
        "{told}"
    );
}

#[test]
fn what_would_strand_a_case_is_refused() {
    let text = include_str!("../../../policy/processes/zhejiang_future_community.toml");
    let broken = |from: &str, to: &str| -> String {
        assert!(text.contains(from), "{from}");
        let found = check(&text.replacen(from, to, 1), policy::builtin());
        found
            .iter()
            .map(ToString::to_string)
            .collect::<Vec<_>>()
            .join("\n")
    };
    assert_eq!(broken("kind", "kind"), "");
    for (from, to, says) in [
        (
            "kind = \"process\"",
            "kind = \"policy\"",
            "kind is `policy`",
        ),
        ("join = \"any\"\nunit", "unit", "waits for ever when"),
        (
            "after = [\"reserve_plan\"]",
            "after = [\"filing\"]",
            "in a circle",
        ),
        (
            "after = [\"reserve_plan\"]",
            "after = [\"nothing\"]",
            "which there is not",
        ),
        ("after = [\"listing_notice\"]", "after = []", "dead ends"),
        (
            "{ id = \"with_plan\",",
            "\"neither\", { id = \"with_plan\",",
            "no step follows the outcome `neither`",
        ),
        (
            "{ id = \"with_plan\",",
            "\"without_plan\", { id = \"with_plan\",",
            "two outcomes have this id",
        ),
        (
            "{ id = \"with_plan\", title",
            "{ id = \"with_plan\", name",
            "an outcome is { id",
        ),
        (
            "promised = { days = 15",
            "promised = { days = 46",
            "the law allows 45",
        ),
        (
            "lead = \"land_reserve_centre\"",
            "lead = \"natural_resources\"",
            "one lead a stage",
        ),
        (
            "lead = \"land_reserve_centre\"",
            "lead = \"nobody\"",
            "no unit `nobody`",
        ),
        (
            "lead = \"land_reserve_centre\"\n",
            "",
            "missing field `lead`",
        ),
        (
            "administrative_licensing_2019\", clause",
            "hearsay\", clause",
            "no instrument `hearsay`",
        ),
        (
            "id = \"listing\"",
            "id = \"contract\"",
            "two steps have this id",
        ),
    ] {
        let told = broken(from, to);
        assert!(told.contains(says), "{says}: {told}");
    }
    assert!(!check("\u{0}", policy::builtin()).is_empty());
}

#[test]
fn a_process_opens_in_other_tools() {
    for lang in [Lang::Zh, Lang::En] {
        let xml = bpmn(flow(), lang);
        let tasks = xml.matches("<userTask").count();
        assert_eq!(tasks, flow().steps.len());
        assert!(xml.contains("<exclusiveGateway") && xml.contains("<parallelGateway"));
        let way = match lang {
            Lang::Zh => "name=\"带方案出让\"",
            Lang::En => "name=\"with plan\"",
        };
        assert!(xml.contains(way), "a way says in words what leads along");
        let flows = xml.matches("<sequenceFlow").count();
        assert_eq!(flows, xml.matches("<bpmndi:BPMNEdge").count());
        assert_eq!(
            (flows, flows),
            (
                xml.matches("<incoming>").count(),
                xml.matches("<outgoing>").count()
            )
        );
    }
}

/// What each code says in the exchange of data between approval systems: 3 taken in, 5 refused, 6 and 7 corrections begin
/// and end, 9 and 10 a special procedure begins and ends, 11 to 13 passed, passed with gaps and not passed, 14 withdrawn.
/// Known from a program that exchanges them, so every process says "unverified".
#[test]
fn events_have_the_codes_of_the_national_exchange() {
    for process in flow::builtin().all() {
        let codes = [
            ("accepted", 3),
            ("refused", 5),
            ("correction_asked", 6),
            ("corrected", 7),
            ("suspended", 9),
            ("resumed", 10),
            ("passed", 11),
            ("passed_with_gaps", 12),
            ("failed", 13),
            ("withdrawn", 14),
        ];
        for (event, code) in codes {
            assert_eq!(
                process.exchange_code(event),
                Some(code),
                "{}: {event}",
                process.id
            );
        }
        assert_eq!(process.exchange.len(), codes.len(), "{}", process.id);
        assert_eq!(process.exchange_status, policy::Status::Unverified);
    }
}

/// A version that a case keeps may be older than outcomes with titles.
#[test]
fn an_outcome_without_a_title_is_told_by_its_name() {
    let text = include_str!("../../../policy/processes/zhejiang_future_community.toml");
    let titled = r#"{ id = "with_plan", title = { zh = "带方案出让", en = "with plan" } }"#;
    assert!(text.contains(titled));
    let old = Definition::parse(&text.replace(titled, "\"with_plan\""), policy::builtin()).unwrap();
    let (_, step) = old.step("transfer_way").unwrap();
    assert_eq!(step.outcome("with_plan").unwrap().title.zh, "with_plan");
    assert_eq!(
        step.outcome("without_plan").unwrap().title.zh,
        "不带方案出让"
    );
}

#[test]
fn a_case_becomes_a_log_that_can_be_analysed() {
    let days = Days::of(policy::builtin().calendar());
    let (past, _) = walked(&[1, 0, 1, 1]);
    let case = logged("一号", flow(), &past, &days).unwrap();
    assert_eq!(case.events.len(), past.len());
    assert_eq!(case.end, case.events.last().map(|event| event.at));
    let xml = event_log::write_xes([&case]);
    let mut analyser = event_log::Analyser::new().against(net(flow()));
    event_log::read_xes(
        xml.as_bytes(),
        &event_log::Columns::default(),
        &mut analyser,
    )
    .unwrap();
    let analysis = analyser.finish().unwrap();
    assert!((analysis.conformance[0].fitness - 1.0).abs() < 1e-9);
}

#[test]
fn events_that_cannot_be_read_say_where() {
    for (json, says) in [
        ("{}", "line 1"),
        (
            r#"[{"id": "1", "at": "2026-02-30", "event": "accepted", "stage": "a"}]"#,
            "2026-02-30",
        ),
        (
            r#"[{"id": "1", "at": "2026-02-03", "event": "eaten", "stage": "a"}]"#,
            "eaten",
        ),
    ] {
        let told = parse_events(json).unwrap_err();
        assert!(
            matches!(&told, Error::Events(reason) if reason.contains(says)),
            "{told}"
        );
    }
}
