//! Personal data with its middle hidden: enough to recognise who is known already, too little to learn anything.

/// A name: `王*明`, `王*`, `欧**明`; every word of a name in Latin letters by itself: `J*** S****`.
pub fn name(name: &str) -> String {
    let name = name.trim();
    if name.is_ascii() {
        let words = name.split_whitespace().map(|word| keep(word, 1, 0));
        return words.collect::<Vec<_>>().join(" ");
    }
    match name.chars().count() {
        0..=2 => keep(name, 1, 0),
        _ => keep(name, 1, 1),
    }
}

/// A phone number: `139****1234`; the last two digits only, if it is shorter than eight.
pub fn phone(phone: &str) -> String {
    match phone.trim().chars().count() {
        0..=7 => keep(phone.trim(), 0, 2),
        8..=10 => keep(phone.trim(), 2, 2),
        _ => keep(phone.trim(), 3, 4),
    }
}

/// An identity card number: `330***********123X`; birthday and district stay hidden.
pub fn id_number(number: &str) -> String {
    match number.trim().chars().count() {
        0..=7 => keep(number.trim(), 1, 0),
        8..=14 => keep(number.trim(), 2, 2),
        _ => keep(number.trim(), 3, 4),
    }
}

/// A login of either sort.
pub fn login(login: &str) -> String {
    let digits = login.trim_start_matches('+');
    if digits.bytes().all(|b| b.is_ascii_digit()) {
        phone(login)
    } else {
        keep(login.trim(), 1, 1)
    }
}

/// The first `head` and last `tail` characters, with stars between. Never a whole text: a text with no more
/// characters than would be kept is starred from its second one on.
fn keep(text: &str, head: usize, tail: usize) -> String {
    let length = text.chars().count();
    let (head, tail) = if length > head.saturating_add(tail) {
        (head, tail)
    } else {
        (usize::from(length > 1), 0)
    };
    let hidden_to = length.saturating_sub(tail);
    text.chars()
        .enumerate()
        .map(|(at, c)| if at >= head && at < hidden_to { '*' } else { c })
        .collect()
}
