//! Writes cases as XES, so that any tool of the trade can read them.

use std::fmt::Write as _;

use jiff::Timestamp;

/// A case to write.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LoggedCase {
    /// Its id.
    pub id: String,
    /// When it is due, microseconds since 1970 UTC.
    pub due: Option<i64>,
    /// When it was closed.
    pub end: Option<i64>,
    /// What happened, in order.
    pub events: Vec<LoggedEvent>,
}

/// An event to write.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LoggedEvent {
    /// What happened.
    pub activity: String,
    /// When, microseconds since 1970 UTC.
    pub at: i64,
    /// The unit (`org:group`) that did it.
    pub unit: Option<String>,
}

const HEAD: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
<log xes.version=\"1849-2016\" xmlns=\"http://www.xes-standard.org/\">\n\
  <extension name=\"Concept\" prefix=\"concept\" uri=\"http://www.xes-standard.org/concept.xesext\"/>\n\
  <extension name=\"Time\" prefix=\"time\" uri=\"http://www.xes-standard.org/time.xesext\"/>\n\
  <extension name=\"Organizational\" prefix=\"org\" uri=\"http://www.xes-standard.org/org.xesext\"/>\n\
  <global scope=\"trace\">\n    <string key=\"concept:name\" value=\"\"/>\n  </global>\n\
  <global scope=\"event\">\n    <string key=\"concept:name\" value=\"\"/>\n    <date key=\"time:timestamp\" value=\"1970-01-01T00:00:00Z\"/>\n  </global>\n\
  <classifier name=\"Activity\" keys=\"concept:name\"/>\n";

/// The log. Traces carry `due` and `end` as dates, where they are known.
pub fn write_xes<'c>(cases: impl IntoIterator<Item = &'c LoggedCase>) -> String {
    let mut xml = HEAD.to_owned();
    for case in cases {
        xml.push_str("  <trace>\n");
        attribute(&mut xml, "    ", "string", "concept:name", &case.id);
        for (key, at) in [("due", case.due), ("end", case.end)] {
            if let Some(at) = at {
                attribute(&mut xml, "    ", "date", key, &shown(at));
            }
        }
        for event in &case.events {
            xml.push_str("    <event>\n");
            attribute(
                &mut xml,
                "      ",
                "string",
                "concept:name",
                &event.activity,
            );
            attribute(
                &mut xml,
                "      ",
                "date",
                "time:timestamp",
                &shown(event.at),
            );
            if let Some(unit) = &event.unit {
                attribute(&mut xml, "      ", "string", "org:group", unit);
            }
            xml.push_str("    </event>\n");
        }
        xml.push_str("  </trace>\n");
    }
    xml.push_str("</log>\n");
    xml
}

fn attribute(xml: &mut String, indent: &str, kind: &str, key: &str, value: &str) {
    // XML 1.0 has no way to write most control characters.
    let value: String = value
        .chars()
        .filter(|letter| !letter.is_control() && !matches!(letter, '\u{fffe}' | '\u{ffff}'))
        .collect();
    let value = quick_xml::escape::escape(value.as_str());
    let _ = writeln!(xml, "{indent}<{kind} key=\"{key}\" value=\"{value}\"/>");
}

fn shown(at: i64) -> String {
    Timestamp::from_microsecond(at).map_or_else(|_| String::new(), |at| at.to_string())
}
