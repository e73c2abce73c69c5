//! Working days as a table: how many lie between two dates, and which is the n-th after one, in a few lookups.

use jiff::civil::Date;
use policy::{Calendar, DayKind};

use crate::{Count, Error};

const FIRST: Date = jiff::civil::date(2000, 1, 1);
const LAST: Date = jiff::civil::date(2060, 12, 31);

/// The calendar, laid out for counting.
#[derive(Debug, Clone)]
pub struct Days {
    /// Working days from the first day up to and including each.
    rank: Vec<u32>,
    /// Days whose kind a notice may still change, up to and including each.
    provisional: Vec<u32>,
    /// The place of the k-th working day.
    select: Vec<u32>,
    /// Which calendar this is.
    version: String,
    calendar: Calendar,
}

impl Days {
    /// A calendar from 2000 to 2060.
    pub fn of(calendar: &Calendar) -> Self {
        let mut days = Self {
            rank: Vec::new(),
            provisional: Vec::new(),
            select: Vec::new(),
            version: String::new(),
            calendar: calendar.clone(),
        };
        let (mut working, mut provisional, mut place, mut mark) =
            (0, 0, 0, 0xcbf2_9ce4_8422_2325_u64);
        let mut date = FIRST;
        while date <= LAST {
            let day = calendar.is_working_day(date);
            let works = day.kind == DayKind::Working;
            working += u32::from(works);
            provisional += u32::from(day.provisional);
            if works {
                days.select.push(place);
            }
            days.rank.push(working);
            days.provisional.push(provisional);
            let seen = u64::from(works) | u64::from(day.provisional) << 1;
            mark = (mark ^ seen).wrapping_mul(0x0000_0100_0000_01b3);
            place += 1;
            let Ok(next) = date.tomorrow() else { break };
            date = next;
        }
        days.version = version(calendar, mark);
        days
    }

    /// Which calendar this is: the years with notices, and a mark that differs when any day does.
    pub fn version(&self) -> &str {
        &self.version
    }

    /// The calendar itself.
    pub fn calendar(&self) -> &Calendar {
        &self.calendar
    }

    /// Whether offices work on a day.
    ///
    /// # Errors
    /// [`Error::BeyondDays`], here and below.
    pub fn is_working(&self, date: Date) -> Result<bool, Error> {
        let place = self.place(date)?;
        let before = place
            .checked_sub(1)
            .map_or(0, |before| self.rank_at(before));
        Ok(self.rank_at(place) > before)
    }

    /// How many days that count lie after `from`, up to and including `to`; 0 if `to` is earlier.
    pub fn between(&self, from: Date, to: Date, count: Count) -> Result<u32, Error> {
        let (from, to) = (self.place(from)?, self.place(to)?);
        Ok(match count {
            Count::Working => self.rank_at(to).saturating_sub(self.rank_at(from)),
            Count::Calendar => u32::try_from(to.saturating_sub(from)).unwrap_or(u32::MAX),
        })
    }

    /// The n-th day that counts after `from`.
    pub fn after(&self, from: Date, days: u32, count: Count) -> Result<Date, Error> {
        let place = self.place(from)?;
        let beyond = || Error::BeyondDays {
            date: format!("{days} days after {from}"),
        };
        let found = match count {
            _ if days == 0 => place,
            Count::Working => {
                let number = self.rank_at(place).saturating_add(days) - 1;
                let found = usize::try_from(number)
                    .ok()
                    .and_then(|number| self.select.get(number));
                usize::try_from(*found.ok_or_else(beyond)?).map_err(|_| beyond())?
            }
            Count::Calendar => place.saturating_add(usize::try_from(days).map_err(|_| beyond())?),
        };
        self.date(found).ok_or_else(beyond)
    }

    /// The day itself, if offices work; else the next on which they do.
    pub fn or_next_working(&self, date: Date) -> Result<Date, Error> {
        if self.is_working(date)? {
            return Ok(date);
        }
        self.after(date, 1, Count::Working)
    }

    /// Whether a notice still to come may change a day after `from`, up to and including `to`.
    pub fn provisional(&self, from: Date, to: Date) -> Result<bool, Error> {
        let (from, to) = (self.place(from)?, self.place(to)?);
        let at = |place: usize| self.provisional.get(place).copied().unwrap_or_default();
        Ok(at(to) > at(from))
    }

    fn rank_at(&self, place: usize) -> u32 {
        self.rank.get(place).copied().unwrap_or_default()
    }

    fn place(&self, date: Date) -> Result<usize, Error> {
        let days = date.since(FIRST).map(|span| span.get_days()).ok();
        days.and_then(|days| usize::try_from(days).ok())
            .filter(|place| *place < self.rank.len())
            .ok_or_else(|| Error::BeyondDays {
                date: date.to_string(),
            })
    }

    fn date(&self, place: usize) -> Option<Date> {
        let days = i64::try_from(place)
            .ok()
            .filter(|_| place < self.rank.len())?;
        FIRST.checked_add(jiff::Span::new().days(days)).ok()
    }
}

fn version(calendar: &Calendar, mark: u64) -> String {
    let years: Vec<i16> = calendar.published_years().collect();
    match (years.first(), years.last()) {
        (Some(first), Some(last)) => format!("{first}–{last}/{:08x}", mark >> 32),
        _ => format!("none/{:08x}", mark >> 32),
    }
}
