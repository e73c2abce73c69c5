//! XES (IEEE 1849), event by event: nothing of the file is kept but the case being read.

use std::io::Read;

use crate::markup::{Kind, Markup, Tag, attribute};
use crate::{Analyser, Case, Closing, Columns, Error, Event, parse_instant};

/// Reads XES. The column names are keys of attributes: `activity` and `time` of events, `due` and `end` of traces;
/// `case:` before a trace's key may stand or not. A trace is a case, whatever its id.
///
/// # Errors
/// [`Error::Xml`] with the place, [`Error::Read`] if the source gives out, [`Error::NoColumn`] if no trace has the
/// attribute that was asked for.
pub fn read_xes(
    source: impl Read,
    columns: &Columns,
    analyser: &mut Analyser,
) -> Result<(), Error> {
    let mut markup = Markup::new(source);
    let mut reading = Reading::new(columns);
    loop {
        while reading.takes_attributes()
            && let Some(line) = markup.line()
        {
            if let Some(wanted) = reading.wanted(line.key) {
                reading.heed(wanted, line.value, line.offset, analyser)?;
            }
        }
        let Some(tag) = markup.next()? else { break };
        if tag.kind != Kind::End {
            reading.open(&tag, analyser)?;
        }
        if tag.kind != Kind::Start {
            reading.close(&tag, analyser)?;
        }
    }
    reading.finish(analyser, markup.offset())
}

/// Where in the document we are.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    Before,
    Log,
    Trace,
    Event,
    After,
}

struct Reading<'c> {
    activity_key: &'c str,
    time_key: &'c str,
    due_key: Option<&'c str>,
    end_key: Option<&'c str>,
    place: Place,
    /// How deep inside an element that is of no interest.
    inside: usize,
    case: Case,
    events: Vec<Event>,
    activity: Option<u32>,
    at: Option<i64>,
    due_seen: bool,
    end_seen: bool,
}

impl<'c> Reading<'c> {
    fn new(columns: &'c Columns) -> Self {
        let of_trace = |key: &'c Option<String>| -> Option<&'c str> {
            let key = key.as_deref()?;
            Some(key.strip_prefix("case:").unwrap_or(key))
        };
        Self {
            activity_key: columns.activity.as_deref().unwrap_or("concept:name"),
            time_key: columns.time.as_deref().unwrap_or("time:timestamp"),
            due_key: of_trace(&columns.due),
            end_key: of_trace(&columns.end),
            place: Place::Before,
            inside: 0,
            case: Case {
                due: None,
                closing: Closing::LastEvent,
            },
            events: Vec::new(),
            activity: None,
            at: None,
            due_seen: false,
            end_seen: false,
        }
    }

    fn open(&mut self, tag: &Tag<'_>, analyser: &mut Analyser) -> Result<(), Error> {
        if self.inside > 0 {
            self.inside += 1;
            return Ok(());
        }
        match (self.place, tag.name) {
            (Place::Before, b"log") => self.place = Place::Log,
            (Place::Before, other) => {
                let other = String::from_utf8_lossy(other);
                return Err(fault(
                    tag,
                    format!("it begins with <{other}>, not with <log>"),
                ));
            }
            (Place::Log, b"trace") => {
                self.place = Place::Trace;
                self.events.clear();
                self.case.due = None;
                self.case.closing = match self.end_key {
                    Some(_) => Closing::Open,
                    None => Closing::LastEvent,
                };
            }
            (Place::Trace, b"event") => {
                self.place = Place::Event;
                (self.activity, self.at) = (None, None);
            }
            (Place::Trace | Place::Event, _) => {
                self.attribute(tag, analyser)?;
                self.inside = 1;
            }
            _ => self.inside = 1,
        }
        Ok(())
    }

    fn close(&mut self, tag: &Tag<'_>, analyser: &mut Analyser) -> Result<(), Error> {
        if self.inside > 0 {
            self.inside -= 1;
            return Ok(());
        }
        self.place = match (self.place, tag.name) {
            (Place::Event, b"event") => {
                match self.activity {
                    Some(activity) => self.events.push(Event {
                        activity,
                        at: self.at,
                    }),
                    None => analyser.warnings().events_without_activity += 1,
                }
                Place::Trace
            }
            (Place::Trace, b"trace") => {
                analyser.case(self.case, &mut self.events)?;
                Place::Log
            }
            (Place::Log, b"log") => Place::After,
            (_, other) => {
                let other = String::from_utf8_lossy(other);
                return Err(fault(tag, format!("</{other}> closes what is not open")));
            }
        };
        Ok(())
    }

    fn attribute(&mut self, tag: &Tag<'_>, analyser: &mut Analyser) -> Result<(), Error> {
        let (mut wanted, mut value, mut rest) = (None, None, tag.attributes);
        while let Some((name, text, behind)) =
            attribute(rest).map_err(|reason| fault(tag, reason.to_owned()))?
        {
            rest = behind;
            match name {
                b"key" => {
                    wanted = self.wanted(text);
                    if wanted.is_none() {
                        return Ok(());
                    }
                }
                b"value" => value = Some(text),
                _ => {}
            }
        }
        match (wanted, value) {
            (Some(wanted), Some(value)) => self.heed(wanted, value, tag.offset, analyser),
            _ => Ok(()),
        }
    }

    /// Whether the next tag that stands alone is an attribute of the trace or the event.
    fn takes_attributes(&self) -> bool {
        self.inside == 0 && matches!(self.place, Place::Trace | Place::Event)
    }

    fn heed(
        &mut self,
        wanted: Wanted,
        value: &[u8],
        offset: u64,
        analyser: &mut Analyser,
    ) -> Result<(), Error> {
        let fault = |reason: String| Error::Xml { offset, reason };
        let text = std::str::from_utf8(value).map_err(|_| fault("this is no UTF-8".to_owned()))?;
        let text = quick_xml::escape::unescape(text).map_err(|reason| fault(reason.to_string()))?;
        self.keep(wanted, &text, analyser)
    }

    fn wanted(&self, key: &[u8]) -> Option<Wanted> {
        match self.place {
            Place::Event if key == self.activity_key.as_bytes() => Some(Wanted::Activity),
            Place::Event if key == self.time_key.as_bytes() => Some(Wanted::Time),
            Place::Trace if self.due_key.is_some_and(|due| due.as_bytes() == key) => {
                Some(Wanted::Due)
            }
            Place::Trace if self.end_key.is_some_and(|end| end.as_bytes() == key) => {
                Some(Wanted::End)
            }
            _ => None,
        }
    }

    fn keep(&mut self, wanted: Wanted, value: &str, analyser: &mut Analyser) -> Result<(), Error> {
        let instant = match wanted {
            Wanted::Activity => {
                self.activity = Some(analyser.activity(value)?);
                return Ok(());
            }
            Wanted::Time | Wanted::Due | Wanted::End => parse_instant(value),
        };
        match wanted {
            Wanted::Activity => {}
            Wanted::Time => self.at = instant,
            Wanted::Due => {
                self.case.due = instant;
                self.due_seen = true;
            }
            Wanted::End => {
                self.case.closing = instant.map_or(Closing::Open, Closing::At);
                self.end_seen = true;
            }
        }
        let unread = wanted != Wanted::Time && instant.is_none() && !value.is_empty();
        analyser.warnings().unreadable_dates += u64::from(unread);
        Ok(())
    }

    fn finish(self, analyser: &mut Analyser, offset: u64) -> Result<(), Error> {
        if self.place != Place::After {
            return Err(Error::Xml {
                offset,
                reason: "it ends in the middle".to_owned(),
            });
        }
        let absent = |key: Option<&str>, seen: bool, role: &'static str| match key {
            Some(key) if !seen => Err(Error::NoColumn {
                column: key.to_owned(),
                role,
                known: "no trace has such an attribute".to_owned(),
            }),
            _ => Ok(()),
        };
        absent(self.due_key, self.due_seen, "due")?;
        absent(self.end_key, self.end_seen, "end")?;
        self.end_key
            .unwrap_or("last event")
            .clone_into(&mut analyser.warnings().end_from);
        Ok(())
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Wanted {
    Activity,
    Time,
    Due,
    End,
}

fn fault(tag: &Tag<'_>, reason: String) -> Error {
    Error::Xml {
        offset: tag.offset,
        reason,
    }
}
