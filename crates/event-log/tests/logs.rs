//! Logs good and bad: the same cases from every kind of file, and figures that pm4py 2.7.23 gives too.

#![expect(clippy::indexing_slicing, reason = "a test may fail loudly")]

use std::io::{BufReader, Read, Write as _};

use event_log::{
    Analyser, Analysis, Columns, Error, Kind, LoggedCase, LoggedEvent, Spread, read, write_xes,
};
use flate2::{Compression, write::GzEncoder};

fn analysed(text: &[u8], kind: Kind, columns: &Columns) -> Result<Analysis, Error> {
    let mut analyser = Analyser::new();
    read(text, kind, columns, &mut analyser)?;
    analyser.finish()
}

const CSV: &str = "case,activity,time,due,end\n\
    1,take in,2026-03-02T09:00:00Z,2026-03-05,2026-03-04\n\
    2,take in,2026-03-02T10:00:00Z,2026-03-05,\n\
    1,decide,2026-03-04T09:00:00Z,2026-03-05,2026-03-04\n\
    3,take in,2026-03-06T10:00:00Z,,\n";

fn with_due() -> Columns {
    Columns {
        due: Some("due".to_owned()),
        end: Some("end".to_owned()),
        ..Columns::default()
    }
}

#[test]
fn cases_that_are_interleaved_are_put_together() {
    let analysis = analysed(CSV.as_bytes(), Kind::Csv, &with_due()).unwrap();
    assert_eq!(
        (analysis.cases, analysis.events, analysis.activities),
        (3, 4, 2)
    );
    assert_eq!((analysis.variants, analysis.dfg_edges), (2, 1));
    let on_time = analysis.on_time_with_open.unwrap();
    assert_eq!(
        (on_time.closed, on_time.open_overdue, on_time.without_due),
        (1, 1, 1)
    );
    assert_eq!(
        (analysis.on_time, on_time.kaplan_meier),
        (Some(1.0), Some(0.5))
    );
    assert_eq!(analysis.warnings.end_from, "end");
}

#[test]
fn a_written_log_reads_back_the_same_packed_or_not() {
    let at = |hours: i64| hours * 3_600_000_000;
    let event = |activity: &str, hours| LoggedEvent {
        activity: activity.to_owned(),
        at: at(hours),
        unit: Some("规划局 <&>".to_owned()),
    };
    let cases = [
        LoggedCase {
            id: "一".to_owned(),
            due: Some(at(48)),
            end: Some(at(30)),
            events: vec![
                event("受理", 0),
                event("审查 & \"复核\"", 20),
                event("办结", 30),
            ],
        },
        LoggedCase {
            id: "二".to_owned(),
            due: Some(at(24)),
            end: None,
            events: vec![event("受理", 5)],
        },
    ];
    let xml = write_xes(&cases);
    let columns = Columns {
        due: Some("due".to_owned()),
        end: Some("end".to_owned()),
        ..Columns::default()
    };
    let plain = analysed(xml.as_bytes(), Kind::Xes, &columns).unwrap();
    assert_eq!((plain.cases, plain.events, plain.dfg_edges), (2, 4, 2));
    assert!(
        plain
            .activity_list
            .iter()
            .any(|one| one.name == "审查 & \"复核\"")
    );
    assert_eq!(
        plain
            .on_time_with_open
            .as_ref()
            .map(|on_time| on_time.open_overdue),
        Some(1)
    );
    assert_eq!(plain.throughput.max_us, at(30));

    let mut packed = GzEncoder::new(Vec::new(), Compression::default());
    packed.write_all(xml.as_bytes()).unwrap();
    let packed = packed.finish().unwrap();
    assert_eq!(analysed(&packed, Kind::Xes, &columns).unwrap(), plain);
    let cut = &packed[..packed.len() / 2];
    assert!(matches!(
        analysed(cut, Kind::Xes, &columns),
        Err(Error::Read(_) | Error::Xml { .. })
    ));
}

#[test]
fn events_out_of_order_are_put_in_order_and_those_without_time_stay_behind_their_neighbour() {
    let csv = "case,activity,time\n1,c,2026-01-03\n1,d,never\n1,a,2026-01-01\n1,b,2026-01-02\n";
    let analysis = analysed(csv.as_bytes(), Kind::Csv, &Columns::default()).unwrap();
    assert_eq!(analysis.variant_list[0].activities, ["a", "b", "c", "d"]);
    assert_eq!(analysis.warnings.events_without_time, 1);
    assert_eq!(analysis.warnings.cases_out_of_order, 1);
    let untimed = analysis.dfg.iter().find(|edge| edge.to == "d").unwrap();
    assert_eq!(untimed.wait, Spread::default());
}

#[test]
fn an_xes_with_missing_times_is_read_and_says_how_many() {
    let event = |name: &str, time: &str| {
        format!("<event><string key='concept:name' value='{name}'/>{time}</event>")
    };
    let at = |day: u32| format!("<date key='time:timestamp' value='2026-01-0{day}T00:00:00Z'/>");
    let xml = format!(
        "<log><trace>{}{}{}{}</trace></log>",
        event("a", &at(1)),
        event("b", ""),
        event("c", "<date key='time:timestamp' value='soon'/>"),
        event("d", &at(3))
    );
    let analysis = analysed(xml.as_bytes(), Kind::Xes, &Columns::default()).unwrap();
    assert_eq!(analysis.variant_list[0].activities, ["a", "b", "c", "d"]);
    assert_eq!(analysis.warnings.events_without_time, 2);
    assert_eq!(analysis.throughput.max_us, 2 * 86_400_000_000);
}

#[test]
fn a_wrong_column_is_named_with_those_there_are() {
    let wrong = Columns {
        activity: Some("activty".to_owned()),
        ..Columns::default()
    };
    let told = analysed(CSV.as_bytes(), Kind::Csv, &wrong)
        .unwrap_err()
        .to_string();
    assert!(
        told.contains("`activty`") && told.contains("case, activity, time, due, end"),
        "{told}"
    );
    let none = analysed(b"a;b\n1;2\n", Kind::Csv, &Columns::default())
        .unwrap_err()
        .to_string();
    assert!(none.contains("--case") && none.contains("a, b"), "{none}");
}

#[test]
fn damage_is_told_with_its_place() {
    let ragged = analysed(
        b"case,activity,time\n1,a,2026-01-01\n1,b\n",
        Kind::Csv,
        &Columns::default(),
    );
    assert!(
        matches!(ragged, Err(Error::Row { line: 3, .. })),
        "{ragged:?}"
    );
    let gbk = analysed(
        b"case,activity,time\n1,\xca\xdc,2026-01-01\n",
        Kind::Csv,
        &Columns::default(),
    );
    assert!(matches!(gbk, Err(Error::Row { line: 2, .. })), "{gbk:?}");
    for (xml, says) in [
        ("<html></html>", "not with <log>"),
        ("<log><trace><event></trace></log>", "byte 19"),
        ("<log><trace>", "ends in the middle"),
        ("", "ends in the middle"),
        ("<log></log>", "no event"),
    ] {
        let told = analysed(xml.as_bytes(), Kind::Xes, &Columns::default())
            .unwrap_err()
            .to_string();
        assert!(told.contains(says), "{xml}: {told}");
    }
}

#[test]
fn attributes_within_attributes_and_globals_are_not_taken_for_the_events_own() {
    let xml = "<log><global scope='event'><string key='concept:name' value='none'/></global><trace>\
        <list key='l'><values><string key='concept:name' value='no'/></values></list>\
        <event><string key='x' value='y'><string key='concept:name' value='inner'/></string>\
        <string value='real' key='concept:name'/><date key='time:timestamp' value='2026-01-01T00:00:00+08:00'/></event>\
        <event/></trace><trace/></log>";
    let analysis = analysed(xml.as_bytes(), Kind::Xes, &Columns::default()).unwrap();
    assert_eq!(analysis.activity_list[0].name, "real");
    assert_eq!((analysis.cases, analysis.events), (1, 1));
    assert_eq!(
        (
            analysis.warnings.events_without_activity,
            analysis.warnings.empty_cases
        ),
        (1, 1)
    );
    assert_eq!(analysis.first_us, Some(1_767_196_800_000_000));
}

/// So many traces of three events, made as they are read.
struct Endless {
    left: u32,
    ready: Vec<u8>,
}

impl Read for Endless {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        if self.ready.is_empty() && self.left > 0 {
            self.left -= 1;
            let event = |name: &str| {
                format!(
                    "<event><string key=\"concept:name\" value=\"{name}\"/><string key=\"note\" value=\"{}\"/>\
                 <date key=\"time:timestamp\" value=\"2026-01-01T00:00:00Z\"/></event>",
                    "x".repeat(300)
                )
            };
            let trace = format!("<trace>{}{}{}</trace>", event("a"), event("b"), event("a"));
            self.ready = trace.into_bytes();
            if self.left == 0 {
                self.ready.extend(b"</log>");
            }
        }
        let count = buffer.len().min(self.ready.len());
        buffer[..count].copy_from_slice(&self.ready[..count]);
        self.ready.drain(..count);
        Ok(count)
    }
}

#[test]
fn a_log_is_read_as_it_comes_and_a_thing_without_end_is_refused() {
    let traces = if std::env::var_os("LINLI_LONG_TESTS").is_some() {
        1_500_000
    } else {
        2_000
    };
    let source = b"<log>".chain(Endless {
        left: traces,
        ready: Vec::new(),
    });
    let mut analyser = Analyser::new();
    read(
        BufReader::new(source),
        Kind::Xes,
        &Columns::default(),
        &mut analyser,
    )
    .unwrap();
    let analysis = analyser.finish().unwrap();
    assert_eq!((analysis.cases, analysis.variants), (u64::from(traces), 1));

    let endless = b"<log><trace a='".chain(std::io::repeat(b'x'));
    let refused = read(
        BufReader::new(endless),
        Kind::Xes,
        &Columns::default(),
        &mut Analyser::new(),
    );
    assert!(
        matches!(refused, Err(Error::TooLong { offset: 5, .. })),
        "{refused:?}"
    );
}

#[test]
fn figures_of_real_logs_are_those_of_pm4py() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/data/logs/");
    let Ok(receipt) = std::fs::read(format!("{folder}receipt.csv")) else {
        eprintln!("passed over: {folder} is not at hand");
        return;
    };
    let columns = Columns {
        due: Some("case:enddate_planned".to_owned()),
        ..Columns::default()
    };
    let analysis = analysed(&receipt, Kind::Csv, &columns).unwrap();
    let counts = (
        analysis.cases,
        analysis.events,
        analysis.activities,
        analysis.variants,
        analysis.dfg_edges,
    );
    assert_eq!(counts, (1434, 8577, 27, 116, 99));
    let on_time = analysis.on_time_with_open.unwrap();
    assert_eq!((on_time.closed, on_time.closed_on_time), (1329, 940));

    if std::env::var_os("LINLI_LONG_TESTS").is_some() {
        let permits = std::fs::File::open(format!("{folder}bpic2020_PermitLog.xes.gz")).unwrap();
        let mut analyser = Analyser::new();
        read(
            BufReader::new(permits),
            Kind::Xes,
            &Columns::default(),
            &mut analyser,
        )
        .unwrap();
        let analysis = analyser.finish().unwrap();
        let counts = (
            analysis.cases,
            analysis.events,
            analysis.activities,
            analysis.variants,
            analysis.dfg_edges,
        );
        assert_eq!(counts, (6426, 81_092, 49, 1402, 531));
    }
}
