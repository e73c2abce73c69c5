//! Times as logs write them, as microseconds since 1970 in UTC.

use jiff::civil::DateTime;
use jiff::fmt::temporal::DateTimeParser;
use jiff::tz::TimeZone;

static PARSER: DateTimeParser = DateTimeParser::new();

/// Ways of writing a time that spreadsheets use and ISO 8601 does not.
const SPREADSHEETS: [&str; 4] = [
    "%Y/%m/%d %H:%M:%S",
    "%Y/%m/%d %H:%M",
    "%Y/%m/%d",
    "%Y-%m-%d %H:%M",
];

/// Microseconds since 1970 in UTC; `None` if the text is no time. A time without offset counts as UTC, a date as
/// its midnight. Dates with the day or month in front are refused: `3/4/2024` is two days.
///
/// ```
/// assert_eq!(event_log::parse_instant("1970-01-01T01:00:00+01:00"), Some(0));
/// assert_eq!(event_log::parse_instant("1970/1/1 0:01"), Some(60_000_000));
/// assert_eq!(event_log::parse_instant("3/4/2024"), None);
/// ```
pub fn parse_instant(text: &str) -> Option<i64> {
    let text = text.trim();
    if let Ok(timestamp) = PARSER.parse_timestamp(text) {
        return Some(timestamp.as_microsecond());
    }
    let civil = PARSER.parse_datetime(text).ok().or_else(|| {
        SPREADSHEETS
            .iter()
            .find_map(|format| DateTime::strptime(format, text).ok())
    })?;
    let zoned = TimeZone::UTC.to_timestamp(civil).ok()?;
    Some(zoned.as_microsecond())
}
