//! Numbers, areas, money and dates as people read them. Instants are microseconds UTC and shown
//! in Asia/Shanghai; shares are cut, never rounded up, so that no majority is shown that isn't one.

use std::{fmt::Write as _, sync::LazyLock};

use jiff::{Timestamp, Zoned, civil, tz};

use crate::Language;

/// `12,345`.
pub fn number(value: i64) -> String {
    let digits = value.unsigned_abs().to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3 + 1);
    if value < 0 {
        text.push('\u{2212}');
    }
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// An area in 0.01 m² as `1,089.53 ㎡`.
pub fn area(hundredths_m2: i64) -> String {
    format!("{} ㎡", hundredths(hundredths_m2))
}

/// Money in fen as `¥1,089.50`.
pub fn money(fen: i64) -> String {
    let amount = hundredths(fen);
    match amount.strip_prefix('\u{2212}') {
        Some(debt) => format!("\u{2212}¥{debt}"),
        None => format!("¥{amount}"),
    }
}

/// `part / whole` as a percentage with two decimals, cut off and not rounded: 2/3 is `66.66%`,
/// and 49.999% is never shown as 50%. An empty whole gives a dash.
pub fn share(part: u64, whole: u64) -> String {
    if whole == 0 {
        return "—".to_owned();
    }
    let hundredths_percent = u128::from(part) * 10_000 / u128::from(whole);
    format!(
        "{}.{:02}%",
        hundredths_percent / 100,
        hundredths_percent % 100
    )
}

/// `2026年11月23日` / `23 Nov 2026`.
pub fn date(language: Language, microseconds: i64) -> String {
    local(microseconds).map_or_else(unknown, |zoned| civil_date(language, zoned.date()))
}

/// `16:05`, in Asia/Shanghai.
pub fn time(microseconds: i64) -> String {
    local(microseconds).map_or_else(unknown, |zoned| {
        format!("{:02}:{:02}", zoned.hour(), zoned.minute())
    })
}

/// `2026年11月23日 16:05` / `23 Nov 2026, 16:05`.
pub fn date_time(language: Language, microseconds: i64) -> String {
    let (date, time) = (date(language, microseconds), time(microseconds));
    match language {
        Language::Zh => format!("{date} {time}"),
        Language::En => format!("{date}, {time}"),
    }
}

/// A calendar day without a time.
pub fn civil_date(language: Language, date: civil::Date) -> String {
    let (year, month, day) = (date.year(), date.month(), date.day());
    match language {
        Language::Zh => format!("{year}年{month}月{day}日"),
        Language::En => format!("{day} {} {year}", month_name(month)),
    }
}

/// The instant for `<time datetime>`: RFC 3339 with the offset, to the second.
pub fn machine_time(microseconds: i64) -> String {
    local(microseconds).map_or_else(unknown, |zoned| {
        let mut text = zoned.datetime().strftime("%Y-%m-%dT%H:%M:%S").to_string();
        let offset_minutes = zoned.offset().seconds() / 60;
        let sign = if offset_minutes < 0 { '-' } else { '+' };
        let (hours, minutes) = (offset_minutes.abs() / 60, offset_minutes.abs() % 60);
        // Writing to a String cannot fail.
        let _ = write!(text, "{sign}{hours:02}:{minutes:02}");
        text
    })
}

/// The instant in Asia/Shanghai; `None` outside the years -9999 to 9999.
pub fn local(microseconds: i64) -> Option<Zoned> {
    static SHANGHAI: LazyLock<tz::TimeZone> = LazyLock::new(|| {
        tz::TimeZone::get("Asia/Shanghai").unwrap_or_else(|_| tz::TimeZone::fixed(tz::offset(8)))
    });
    let instant = Timestamp::from_microsecond(microseconds).ok()?;
    Some(instant.to_zoned(SHANGHAI.clone()))
}

/// How long until (or since) an instant, in the largest unit that fits: the word's message key
/// and the count. Days are full 24 hours, so "1 day left" is never less than a day.
pub(crate) fn distance(target: i64, now: i64) -> (&'static str, i64) {
    const MINUTE: i64 = 60_000_000;
    const HOUR: i64 = 60 * MINUTE;
    const DAY: i64 = 24 * HOUR;
    let left = target.saturating_sub(now);
    let length = left.saturating_abs();
    match (left >= 0, length) {
        (true, DAY..) => ("ui-days-left", length / DAY),
        (true, HOUR..) => ("ui-hours-left", length / HOUR),
        (true, MINUTE..) => ("ui-minutes-left", length / MINUTE),
        (true, _) => ("ui-moment-left", 0),
        (false, DAY..) => ("ui-days-ago", length / DAY),
        (false, HOUR..) => ("ui-hours-ago", length / HOUR),
        (false, MINUTE..) => ("ui-minutes-ago", length / MINUTE),
        (false, _) => ("ui-moment-ago", 0),
    }
}

fn hundredths(value: i64) -> String {
    let whole = number(value / 100);
    let sign = if value < 0 && value > -100 {
        "\u{2212}"
    } else {
        ""
    };
    format!("{sign}{whole}.{:02}", (value % 100).unsigned_abs())
}

fn month_name(month: i8) -> &'static str {
    match month {
        1 => "Jan",
        2 => "Feb",
        3 => "Mar",
        4 => "Apr",
        5 => "May",
        6 => "Jun",
        7 => "Jul",
        8 => "Aug",
        9 => "Sep",
        10 => "Oct",
        11 => "Nov",
        _ => "Dec",
    }
}

/// Shown for an instant beyond the calendar; only damaged data can hold one.
fn unknown() -> String {
    "—".to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_areas_and_money_are_grouped() {
        assert_eq!(number(0), "0");
        assert_eq!(number(999), "999");
        assert_eq!(number(1_234_567), "1,234,567");
        assert_eq!(number(i64::MIN), "−9,223,372,036,854,775,808");
        assert_eq!(area(8953), "89.53 ㎡");
        assert_eq!(area(12_345_607), "123,456.07 ㎡");
        assert_eq!(money(108_950), "¥1,089.50");
        assert_eq!(money(-5), "−¥0.05");
        assert_eq!(money(-12_345), "−¥123.45");
    }

    #[test]
    fn a_share_is_cut_and_never_rounded_up() {
        assert_eq!(share(2, 3), "66.66%");
        assert_eq!(share(49_999, 100_000), "49.99%");
        assert_eq!(share(3, 3), "100.00%");
        assert_eq!(share(1, 0), "—");
        assert_eq!(share(u64::MAX, u64::MAX), "100.00%");
    }

    #[test]
    fn instants_are_shown_in_shanghai() {
        let evening_utc = 1_795_453_500_000_000; // 2026-11-23T17:05:00Z
        assert_eq!(date(Language::Zh, evening_utc), "2026年11月24日");
        assert_eq!(date(Language::En, evening_utc), "24 Nov 2026");
        assert_eq!(time(evening_utc), "01:05");
        assert_eq!(date_time(Language::En, evening_utc), "24 Nov 2026, 01:05");
        assert_eq!(machine_time(evening_utc), "2026-11-24T01:05:00+08:00");
        assert_eq!(date(Language::Zh, i64::MAX), "—");
    }

    #[test]
    fn distances_use_the_largest_full_unit() {
        let day = 86_400_000_000;
        assert_eq!(distance(3 * day + 5, 0), ("ui-days-left", 3));
        assert_eq!(distance(day - 1, 0), ("ui-hours-left", 23));
        assert_eq!(distance(0, 90_000_000), ("ui-minutes-ago", 1));
        assert_eq!(distance(i64::MAX, i64::MIN).0, "ui-days-left");
    }
}
