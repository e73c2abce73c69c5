//! Working days: the State Council's yearly notices on public holidays and make-up days. A year whose
//! notice is not published yet counts Monday to Friday and says that the answer is provisional.

use std::collections::BTreeMap;

use jiff::civil::{Date, Weekday};
use serde::Serialize;

use crate::error::Report;
use crate::instrument::Status;
use crate::source::{RawHoliday, RawNotice, RawStatus, WorkingDaysFile, date};
use crate::{Error, Text};

/// The most working days that are counted, some forty years.
const MOST_DAYS: u32 = 10_000;

/// The longest holiday that a file may state, in days.
const MOST_HOLIDAY_DAYS: usize = 31;

/// Working days by published notices.
#[derive(Debug, Clone, Default)]
pub struct Calendar {
    notices: BTreeMap<i16, Vec<Notice>>,
    exceptions: BTreeMap<Date, Exception>,
}

/// A notice on the public holidays of a year.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Notice {
    /// Title.
    pub title: Text,
    /// Who issued it.
    pub authority: Text,
    /// Document number.
    pub number: String,
    /// Whether the number was read in the source.
    pub status: Status,
    /// Where the dates come from.
    pub source: String,
}

#[derive(Debug, Clone)]
struct Exception {
    working: bool,
    holiday: Text,
}

/// What a day is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Day<'c> {
    /// Working or not.
    pub kind: DayKind,
    /// Whether a notice still to come may change it.
    pub provisional: bool,
    /// The holiday, or the holiday that a make-up day belongs to; `None` on ordinary days.
    pub holiday: Option<&'c Text>,
}

/// Whether offices work.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum DayKind {
    /// A working day, make-up days (调休) among them.
    Working,
    /// A weekend or public holiday.
    NonWorking,
}

/// The end of a limit in working days.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Due {
    /// The last day of the limit.
    pub date: Date,
    /// Whether a notice still to come may move it.
    pub provisional: bool,
}

impl Calendar {
    /// What a day is.
    pub fn is_working_day(&self, day: Date) -> Day<'_> {
        let exception = self.exceptions.get(&day);
        let weekend = matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday);
        let working = exception.map_or(!weekend, |exception| exception.working);
        Day {
            kind: if working {
                DayKind::Working
            } else {
                DayKind::NonWorking
            },
            provisional: exception.is_none() && self.is_provisional(day),
            holiday: exception.map(|exception| &exception.holiday),
        }
    }

    /// The last day of a limit of `days` working days. The day itself is not counted (Civil Code
    /// Art. 201); with 0 it is the day itself or, on a day off, the next working day (Art. 203).
    pub fn add_working_days(&self, from: Date, days: u32) -> Result<Due, Error> {
        let beyond = Error::BeyondCalendar {
            from,
            days,
            most: MOST_DAYS,
        };
        if days > MOST_DAYS {
            return Err(beyond);
        }
        let mut due = Due {
            date: from,
            provisional: false,
        };
        let mut left = days;
        loop {
            if due.date > from || days == 0 {
                let day = self.is_working_day(due.date);
                due.provisional |= day.provisional;
                if day.kind == DayKind::Working {
                    left = left.saturating_sub(1);
                    if left == 0 {
                        return Ok(due);
                    }
                }
            }
            due.date = due.date.tomorrow().map_err(|_| beyond.clone())?;
        }
    }

    /// How many working days lie after `from`, up to and including `to`; and whether that is provisional.
    pub fn working_days_between(&self, from: Date, to: Date) -> Result<(u32, bool), Error> {
        let (mut count, mut provisional, mut date) = (0, false, from);
        while date < to {
            let beyond = |_| Error::BeyondCalendar {
                from,
                days: count,
                most: MOST_DAYS,
            };
            date = date.tomorrow().map_err(beyond)?;
            let day = self.is_working_day(date);
            provisional |= day.provisional;
            count += u32::from(day.kind == DayKind::Working);
            if count > MOST_DAYS {
                return Err(Error::BeyondCalendar {
                    from,
                    days: count,
                    most: MOST_DAYS,
                });
            }
        }
        Ok((count, provisional))
    }

    /// The notices of a year; empty while none is published.
    pub fn notices(&self, year: i16) -> &[Notice] {
        self.notices.get(&year).map_or(&[], Vec::as_slice)
    }

    /// The years whose notices are known.
    pub fn published_years(&self) -> impl Iterator<Item = i16> + '_ {
        self.notices.keys().copied()
    }

    /// A day of a year without notice; and the last days of December before one, which the next year's
    /// notice may still change (as it made 2018-12-29 a working day).
    fn is_provisional(&self, day: Date) -> bool {
        let reached_by_next = day.month() == 12 && day.day() >= 28;
        let published = |year| self.notices.contains_key(&year);
        !published(day.year()) || reached_by_next && !published(day.year().saturating_add(1))
    }

    pub(crate) fn add_year(&mut self, file: WorkingDaysFile, report: &mut Report) {
        let place = format!("year {}", file.year);
        if self.notices.contains_key(&file.year) {
            report.refuse(&place, "this year exists already");
            return;
        }
        if file.notice.is_empty() || file.holiday.is_empty() || file.golden.is_empty() {
            report.refuse(
                &place,
                "a year needs a notice (the citation), holidays and golden cases",
            );
        }
        let notices = file
            .notice
            .into_iter()
            .map(|raw| notice(raw, &place, report))
            .collect();
        self.notices.insert(file.year, notices);
        for raw in &file.holiday {
            self.add_holiday(file.year, raw, report);
        }
        for golden in &file.golden {
            self.prove(golden, &place, report);
        }
    }

    fn add_holiday(&mut self, year: i16, raw: &RawHoliday, report: &mut Report) {
        let place = format!("year {year}, holiday {}", raw.title.en);
        if raw.title.is_blank() {
            report.refuse(&place, "the title is blank");
        }
        let make_up: Option<Vec<Date>> = raw.make_up.iter().map(date).collect();
        let (Some(from), Some(to), Some(make_up)) = (date(&raw.from), date(&raw.to), make_up)
        else {
            report.refuse(
                &place,
                "a date does not exist or has a time; write YYYY-MM-DD",
            );
            return;
        };
        let days: Vec<Date> = from
            .series(jiff::Span::new().days(1))
            .take_while(|day| *day <= to)
            .take(MOST_HOLIDAY_DAYS + 1)
            .collect();
        if days.is_empty() || days.len() > MOST_HOLIDAY_DAYS {
            report.refuse(
                &place,
                format!("a holiday has 1 to {MOST_HOLIDAY_DAYS} days"),
            );
            return;
        }
        for day in days {
            self.except(year, day, false, &raw.title, &place, report);
        }
        for day in make_up {
            if !matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday) {
                report.refuse(&place, format!("make-up day {day} is no weekend"));
            }
            self.except(year, day, true, &raw.title, &place, report);
        }
    }

    fn except(
        &mut self,
        year: i16,
        day: Date,
        working: bool,
        title: &Text,
        place: &str,
        report: &mut Report,
    ) {
        let eve = day.year().checked_add(1) == Some(year) && day.month() == 12;
        if day.year() != year && !eve {
            report.refuse(
                place,
                format!("{day} is not in the year, nor in the December before"),
            );
        }
        let exception = Exception {
            working,
            holiday: title.clone(),
        };
        if self.exceptions.insert(day, exception).is_some() {
            report.refuse(place, format!("{day} is stated twice"));
        }
    }

    fn prove(&self, golden: &crate::source::RawDays, place: &str, report: &mut Report) {
        let (Some(from), Some(due)) = (date(&golden.from), date(&golden.due)) else {
            report.refuse(place, "a golden date does not exist; write YYYY-MM-DD");
            return;
        };
        match self.add_working_days(from, golden.working_days) {
            Ok(found) if found.date == due => {}
            Ok(found) => report.refuse(
                place,
                format!(
                    "golden: {} working days after {from} end on {}, expected {due}",
                    golden.working_days, found.date
                ),
            ),
            Err(error) => report.refuse(place, error),
        }
    }
}

fn notice(raw: RawNotice, place: &str, report: &mut Report) -> Notice {
    let blank = raw.number.trim().is_empty() || raw.source.trim().is_empty();
    if blank || raw.title.is_blank() || raw.authority.is_blank() {
        report.refuse(place, "a notice needs title, authority, number and source");
    }
    let status = match raw.status {
        RawStatus::Verified => Status::Verified,
        RawStatus::Unverified => Status::Unverified,
    };
    Notice {
        title: raw.title,
        authority: raw.authority,
        number: raw.number,
        status,
        source: raw.source,
    }
}
