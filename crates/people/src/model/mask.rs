//! Personal data as it is shown to whoever has no reason to read it in full.

/// `王*明`, `王*`, `欧**风`; one sign of a single-sign name stays hidden.
pub fn mask_name(name: &str) -> String {
    let signs: Vec<char> = name.chars().collect();
    match signs.as_slice() {
        [] => String::new(),
        [_] => "*".to_owned(),
        [first, _] => format!("{first}*"),
        [first, middle @ .., last] => format!("{first}{}{last}", "*".repeat(middle.len())),
    }
}

/// `139****1234`; of a number shorter than 11 digits only the last two.
pub fn mask_phone(phone: &str) -> String {
    masked(phone, 11, 3, 4, 2)
}

/// `330***********002X` in the manner of Chinese practice: region's first three and the last four signs.
pub fn mask_id_number(number: &str) -> String {
    masked(number, 15, 3, 4, 2)
}

/// Keeps `first` and `last` signs of a text of at least `long` signs, else only `short` at its end.
fn masked(text: &str, long: usize, first: usize, last: usize, short: usize) -> String {
    let signs: Vec<char> = text.chars().collect();
    let (first, last) = if signs.len() >= long {
        (first, last)
    } else {
        (0, short)
    };
    let end = signs.len().saturating_sub(last);
    signs
        .iter()
        .enumerate()
        .map(|(at, sign)| {
            if at < first || (at >= end && end > 0) {
                *sign
            } else {
                '*'
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_show_their_ends_only() {
        for (name, masked) in [
            ("", ""),
            ("王", "*"),
            ("王伟", "王*"),
            ("王小明", "王*明"),
            ("欧阳春风", "欧**风"),
        ] {
            assert_eq!(mask_name(name), masked);
        }
    }

    #[test]
    fn numbers_keep_most_of_themselves_to_themselves() {
        assert_eq!(mask_phone("13912341234"), "139****1234");
        assert_eq!(mask_phone("57188888"), "******88");
        assert_eq!(mask_phone("1"), "*");
        assert_eq!(mask_id_number("11010519491231002X"), "110***********002X");
        assert_eq!(mask_id_number("E1234567"), "******67");
    }
}
