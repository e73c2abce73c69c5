//! XES (IEEE 1849), event by event: nothing of the file is kept but the case being read.

use std::io::{BufRead, Read};

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event as Markup};

use crate::{Analyser, Case, Closing, Columns, Error, Event, parse_instant};

/// The longest single element or text, in bytes.
const LONGEST: u64 = 16 << 20;

/// Reads XES. The column names are keys of attributes: `activity` and `time` of events, `due` and `end` of traces;
/// `case:` before a trace's key may stand or not. A trace is a case, whatever its id.
///
/// # Errors
/// [`Error::Xml`] with the place, [`Error::Read`] if the source gives out, [`Error::NoColumn`] if no trace has the
/// attribute that was asked for.
pub fn read_xes(
    source: impl BufRead,
    columns: &Columns,
    analyser: &mut Analyser,
) -> Result<(), Error> {
    let mut reader = Reader::from_reader(Bounded {
        source,
        left: LONGEST,
    });
    let mut reading = Reading::new(columns);
    let mut buffer = Vec::new();
    loop {
        buffer.clear();
        reader.get_mut().left = LONGEST;
        let began = reader.buffer_position();
        let markup = match reader.read_event_into(&mut buffer) {
            Ok(markup) => markup,
            Err(fault) => return Err(xml_fault(fault, began)),
        };
        match markup {
            Markup::Start(tag) => reading.open(&tag, analyser, began)?,
            Markup::Empty(tag) => {
                reading.open(&tag, analyser, began)?;
                reading.close(analyser)?;
            }
            Markup::End(_) => reading.close(analyser)?,
            Markup::Eof => break,
            _ => {}
        }
    }
    reading.finish(analyser, reader.buffer_position())
}

/// Refuses to hand over more than so many bytes between two elements.
struct Bounded<R> {
    source: R,
    left: u64,
}

impl<R: BufRead> Read for Bounded<R> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let read = self.source.read(buffer)?;
        self.spend(read);
        Ok(read)
    }
}

impl<R: BufRead> BufRead for Bounded<R> {
    fn fill_buf(&mut self) -> std::io::Result<&[u8]> {
        if self.left == 0 {
            return Err(std::io::Error::from(std::io::ErrorKind::FileTooLarge));
        }
        self.source.fill_buf()
    }

    fn consume(&mut self, amount: usize) {
        self.spend(amount);
        self.source.consume(amount);
    }
}

impl<R> Bounded<R> {
    fn spend(&mut self, amount: usize) {
        self.left = self
            .left
            .saturating_sub(u64::try_from(amount).unwrap_or(u64::MAX));
    }
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

    fn open(
        &mut self,
        tag: &BytesStart<'_>,
        analyser: &mut Analyser,
        offset: u64,
    ) -> Result<(), Error> {
        if self.inside > 0 {
            self.inside += 1;
            return Ok(());
        }
        let name = tag.local_name();
        match (self.place, name.as_ref()) {
            (Place::Before, "log") => self.place = Place::Log,
            (Place::Before, other) => {
                return Err(Error::Xml {
                    offset,
                    reason: format!("it begins with <{other}>, not with <log>"),
                });
            }
            (Place::Log, "trace") => {
                self.place = Place::Trace;
                self.events.clear();
                self.case.due = None;
                self.case.closing = match self.end_key {
                    Some(_) => Closing::Open,
                    None => Closing::LastEvent,
                };
            }
            (Place::Trace, "event") => {
                self.place = Place::Event;
                (self.activity, self.at) = (None, None);
            }
            (Place::Trace | Place::Event, _) => {
                self.attribute(tag, analyser, offset)?;
                self.inside = 1;
            }
            _ => self.inside = 1,
        }
        Ok(())
    }

    fn close(&mut self, analyser: &mut Analyser) -> Result<(), Error> {
        if self.inside > 0 {
            self.inside -= 1;
            return Ok(());
        }
        self.place = match self.place {
            Place::Event => {
                match self.activity {
                    Some(activity) => self.events.push(Event {
                        activity,
                        at: self.at,
                    }),
                    None => analyser.warnings().events_without_activity += 1,
                }
                Place::Trace
            }
            Place::Trace => {
                analyser.case(self.case, &mut self.events)?;
                Place::Log
            }
            Place::Log | Place::After => Place::After,
            Place::Before => Place::Before,
        };
        Ok(())
    }

    fn attribute(
        &mut self,
        tag: &BytesStart<'_>,
        analyser: &mut Analyser,
        offset: u64,
    ) -> Result<(), Error> {
        let fault = |reason: String| Error::Xml { offset, reason };
        let (mut wanted, mut value) = (None, None);
        for attribute in tag.attributes().with_checks(false) {
            let attribute = attribute.map_err(|fault_of| fault(fault_of.to_string()))?;
            match attribute.key.as_ref() {
                "key" => {
                    wanted = self.wanted(&attribute.value);
                    if wanted.is_none() {
                        return Ok(());
                    }
                }
                "value" => {
                    let text = attribute
                        .normalized_value(quick_xml::XmlVersion::Implicit1_0)
                        .map_err(|fault_of| fault(fault_of.to_string()))?;
                    value = Some(text.into_owned());
                }
                _ => {}
            }
        }
        if let (Some(wanted), Some(value)) = (wanted, value) {
            self.keep(wanted, &value, analyser)?;
        }
        Ok(())
    }

    fn wanted(&self, key: &str) -> Option<Wanted> {
        match self.place {
            Place::Event if key == self.activity_key => Some(Wanted::Activity),
            Place::Event if key == self.time_key => Some(Wanted::Time),
            Place::Trace if Some(key) == self.due_key => Some(Wanted::Due),
            Place::Trace if Some(key) == self.end_key => Some(Wanted::End),
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

fn xml_fault(fault: quick_xml::Error, offset: u64) -> Error {
    match fault {
        quick_xml::Error::Io(fault) if fault.kind() == std::io::ErrorKind::FileTooLarge => {
            Error::TooLong {
                offset,
                most: LONGEST,
            }
        }
        quick_xml::Error::Io(fault) => {
            Error::Read(std::io::Error::new(fault.kind(), fault.to_string()))
        }
        other => Error::Xml {
            offset,
            reason: other.to_string(),
        },
    }
}
