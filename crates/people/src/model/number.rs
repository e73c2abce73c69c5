//! Numbers of persons: identity cards (GB 11643), social credit codes (GB 32100), other documents, telephones.

use super::person::OwnerKind;
use super::unit::half_width;

/// Why a text is not the number of an identity document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IdNumberFault {
    /// Not 18 signs, and no other kind of document named before it.
    Shape,
    /// The date of birth within is none.
    Date,
    /// The last sign does not fit the others: a typing error, or a number that a spreadsheet rounded.
    Checksum,
}

/// Words before a document's number that is not an identity card's, and what the roll keeps instead.
const OTHER_DOCUMENTS: &[(&str, &str)] = &[
    ("护照", "护照"),
    ("PASSPORT", "护照"),
    ("港澳", "港澳"),
    ("台胞", "台胞"),
    ("军官证", "军官证"),
];

/// An identity number as the roll keeps it: no blanks, capital X, checked.
///
/// A person has the 18 signs of GB 11643-1999, an organisation the 18 of GB 32100-2015. Another document is named
/// before its number: `护照:E12345678`.
pub fn normalised_id_number(kind: OwnerKind, text: &str) -> Result<String, IdNumberFault> {
    let number: String = text
        .chars()
        .map(half_width)
        .filter(|c| !c.is_whitespace() && *c != '\'')
        .flat_map(char::to_uppercase)
        .collect();
    if let Some((document, rest)) = number.split_once(':') {
        return other_document(document, rest).ok_or(IdNumberFault::Shape);
    }
    match kind {
        OwnerKind::Person => check_identity_card(&number)?,
        OwnerKind::Organisation | OwnerKind::Developer => check_social_credit_code(&number)?,
    }
    Ok(number)
}

fn other_document(document: &str, number: &str) -> Option<String> {
    let (_, kept) = OTHER_DOCUMENTS.iter().find(|(word, _)| *word == document)?;
    let plausible =
        (5..=20).contains(&number.len()) && number.bytes().all(|b| b.is_ascii_alphanumeric());
    plausible.then(|| format!("{kept}:{number}"))
}

fn check_identity_card(number: &str) -> Result<(), IdNumberFault> {
    const WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
    const CHECKS: &[u8; 11] = b"10X98765432";
    let (body, last) = number.split_at_checked(17).ok_or(IdNumberFault::Shape)?;
    if last.len() != 1 || !body.bytes().all(|b| b.is_ascii_digit()) {
        return Err(IdNumberFault::Shape);
    }
    let date = body.get(6..14).ok_or(IdNumberFault::Shape)?;
    jiff::civil::Date::strptime("%Y%m%d", date).map_err(|_| IdNumberFault::Date)?;
    let sum: u32 = body
        .bytes()
        .zip(WEIGHTS)
        .map(|(digit, weight)| u32::from(digit - b'0') * weight)
        .sum();
    let check = usize::try_from(sum % 11).ok().and_then(|at| CHECKS.get(at));
    match check {
        Some(check) if last.as_bytes() == [*check] => Ok(()),
        _ => Err(IdNumberFault::Checksum),
    }
}

fn check_social_credit_code(code: &str) -> Result<(), IdNumberFault> {
    const SIGNS: &str = "0123456789ABCDEFGHJKLMNPQRTUWXY";
    let values: Vec<u32> = code
        .chars()
        .map(|sign| SIGNS.find(sign).and_then(|at| u32::try_from(at).ok()))
        .collect::<Option<_>>()
        .ok_or(IdNumberFault::Shape)?;
    let [body @ .., check] = values.as_slice() else {
        return Err(IdNumberFault::Shape);
    };
    if body.len() != 17 {
        return Err(IdNumberFault::Shape);
    }
    // The weights are the powers of 3 modulo 31.
    let (sum, _) = body.iter().fold((0, 1), |(sum, weight), value| {
        (sum + value * weight, weight * 3 % 31)
    });
    if (31 - sum % 31) % 31 == *check {
        Ok(())
    } else {
        Err(IdNumberFault::Checksum)
    }
}

/// A telephone number as the roll keeps it, digits only, or `None` if it is none: a mobile number of 11 digits, a
/// fixed line with or without area code, or a foreign number with `+` before it.
pub fn normalised_phone(text: &str) -> Option<String> {
    let plain: String = text
        .chars()
        .map(half_width)
        .filter(|c| !c.is_whitespace() && !matches!(c, '-' | '(' | ')' | '\''))
        .collect();
    let national = plain.strip_prefix("+86").unwrap_or(&plain);
    if let Some(foreign) = national.strip_prefix('+') {
        return (is_digits(foreign) && (7..=15).contains(&foreign.len())).then(|| plain.clone());
    }
    let mobile = national.len() == 11
        && national.starts_with('1')
        && !matches!(national.as_bytes().get(1), Some(b'0'..=b'2'));
    let with_area_code = (10..=12).contains(&national.len()) && national.starts_with('0');
    let local = (7..=8).contains(&national.len()) && !national.starts_with(['0', '1']);
    (is_digits(national) && (mobile || with_area_code || local)).then(|| national.to_owned())
}

fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_standards_own_examples_hold() {
        for number in [
            "11010519491231002X",
            "440524188001010014",
            "１1010519491231002x ",
        ] {
            assert!(
                normalised_id_number(OwnerKind::Person, number).is_ok(),
                "{number}"
            );
        }
        assert!(normalised_id_number(OwnerKind::Organisation, "91350100M000100Y43").is_ok());
    }

    #[test]
    fn a_wrong_sign_is_found() {
        let person = |number| normalised_id_number(OwnerKind::Person, number);
        assert_eq!(person("110105194912310021"), Err(IdNumberFault::Checksum));
        assert_eq!(person("11010519491331002X"), Err(IdNumberFault::Date));
        assert_eq!(person("3.30602E+17"), Err(IdNumberFault::Shape));
        assert_eq!(person(""), Err(IdNumberFault::Shape));
        assert_eq!(person("护照:E12345678"), Ok("护照:E12345678".to_owned()));
        assert_eq!(
            person("passport：e12345678"),
            Ok("护照:E12345678".to_owned())
        );
        assert_eq!(person("会员卡:E12345678"), Err(IdNumberFault::Shape));
        let organisation = |code| normalised_id_number(OwnerKind::Organisation, code);
        assert_eq!(
            organisation("91350100M000100Y44"),
            Err(IdNumberFault::Checksum)
        );
        assert_eq!(
            organisation("91350100M000100I43"),
            Err(IdNumberFault::Shape)
        );
        assert_eq!(organisation(""), Err(IdNumberFault::Shape));
    }

    #[test]
    fn telephone_numbers_come_in_many_dresses() {
        for (text, kept) in [
            ("139 1234 1234", Some("13912341234")),
            ("+86-13912341234", Some("13912341234")),
            ("１３９１２３４１２３４", Some("13912341234")),
            ("0575-88888888", Some("057588888888")),
            ("88888888", Some("88888888")),
            ("+49 30 123456", Some("+4930123456")),
            ("12912341234", None),
            ("1391234123", None),
            ("王伟", None),
            ("", None),
        ] {
            assert_eq!(normalised_phone(text).as_deref(), kept, "{text}");
        }
    }
}
