//! Excel's binary numbers as the decimal text that a person typed.

/// `value` at Excel's own precision of 15 significant digits: `89.53` for 89.530000000000001,
/// `1200` for 1200.0. Numbers beyond 10^20 or below 10^-20 keep their exponent.
pub(super) fn decimal_text(value: f64) -> String {
    if value == 0.0 || !value.is_finite() {
        return if value == 0.0 {
            "0".to_owned()
        } else {
            value.to_string()
        };
    }
    let scientific = format!("{value:.14e}");
    let Some((mantissa, exponent)) = scientific.split_once('e') else {
        return scientific;
    };
    let Ok(exponent) = exponent.parse::<i32>() else {
        return scientific;
    };
    let (sign, mantissa) = mantissa
        .strip_prefix('-')
        .map_or(("", mantissa), |mantissa| ("-", mantissa));
    let digits: String = mantissa.chars().filter(char::is_ascii_digit).collect();
    let digits = digits.trim_end_matches('0');
    if exponent.unsigned_abs() > 20 {
        let (first, rest) = digits.split_at_checked(1).unwrap_or((digits, ""));
        let point = if rest.is_empty() { "" } else { "." };
        return format!("{sign}{first}{point}{rest}e{exponent}");
    }
    format!("{sign}{}", plain(digits, exponent))
}

/// The digits with the point `exponent` places after the first one.
fn plain(digits: &str, exponent: i32) -> String {
    let Ok(whole_digits) = usize::try_from(exponent + 1) else {
        let zeros = usize::try_from(-exponent - 1).unwrap_or_default();
        return format!("0.{}{digits}", "0".repeat(zeros));
    };
    match digits.split_at_checked(whole_digits) {
        Some((_, "")) if whole_digits == 0 => format!("0.{digits}"),
        Some(("", fraction)) => format!("0.{fraction}"),
        Some((whole, "")) => whole.to_owned(),
        Some((whole, fraction)) => format!("{whole}.{fraction}"),
        None => format!("{digits:0<whole_digits$}"),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::decimal_text;

    #[test]
    fn numbers_read_as_they_were_typed() {
        for (value, text) in [
            (89.53, "89.53"),
            (89.53 * 3.0 / 3.0, "89.53"),
            (0.1 + 0.2, "0.3"),
            (1200.0, "1200"),
            (-3.5, "-3.5"),
            (0.05, "0.05"),
            (0.5, "0.5"),
            (1.0, "1"),
            (10.0, "10"),
            (13_812_345_678.0, "13812345678"),
            (123_456_789_012_345.0, "123456789012345"),
            (0.000_1, "0.0001"),
            (0.0, "0"),
            (-0.0, "0"),
            (1e20, "100000000000000000000"),
            (1.5e30, "1.5e30"),
            (1e-30, "1e-30"),
        ] {
            assert_eq!(decimal_text(value), text);
        }
    }

    proptest! {
        #[test]
        fn hundredths_come_back_exactly(hundredths in -9_999_999_999_999_i64..=9_999_999_999_999) {
            let typed = format!("{}{}.{:02}", if hundredths < 0 { "-" } else { "" }, hundredths.abs() / 100, hundredths.abs() % 100);
            let read = decimal_text(typed.parse().unwrap());
            let trimmed = typed.trim_end_matches('0').trim_end_matches('.');
            prop_assert_eq!(read, if hundredths == 0 { "0" } else { trimmed });
        }

        #[test]
        fn any_number_gives_text_that_reads_back_closely(value in any::<f64>()) {
            let read: f64 = decimal_text(value).parse().unwrap_or(f64::NAN);
            let close = (read - value).abs() <= value.abs() * 1e-13;
            prop_assert!(close || !value.is_finite());
        }
    }
}
