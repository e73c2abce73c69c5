//! What a person signs in with: a phone number or a user name, in one spelling.

use crate::Error;

/// A phone number or user name, normalised, so that one person has one spelling.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Login {
    kind: LoginKind,
    text: String,
}

/// Which sort of login it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum LoginKind {
    /// A phone number: `13900001234`, or `+85291234567` for a number outside the mainland.
    Phone,
    /// A user name, in lower case.
    UserName,
}

impl LoginKind {
    /// The word in storage.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Phone => "phone",
            Self::UserName => "user_name",
        }
    }
}

impl Login {
    /// Reads what a person typed: full-width digits, spaces and dashes in phone numbers, +86 or 0086, any case.
    pub fn parse(typed: &str) -> Result<Self, Error> {
        if typed.chars().count() > 64 {
            return Err(Error::InvalidLogin);
        }
        let text: String = typed.trim().chars().map(half_width).collect();
        phone(&text)
            .or_else(|| user_name(&text))
            .ok_or(Error::InvalidLogin)
    }

    /// Which sort it is.
    pub const fn kind(&self) -> LoginKind {
        self.kind
    }

    /// The one spelling.
    pub fn as_str(&self) -> &str {
        &self.text
    }
}

fn half_width(c: char) -> char {
    match c {
        '\u{3000}' => ' ',
        '\u{ff01}'..='\u{ff5e}' => u32::from(c)
            .checked_sub(0xfee0)
            .and_then(char::from_u32)
            .unwrap_or(c),
        _ => c,
    }
}

fn phone(text: &str) -> Option<Login> {
    let digits: String = text
        .chars()
        .filter(|c| !matches!(c, ' ' | '-' | '(' | ')'))
        .collect();
    let abroad = digits
        .strip_prefix('+')
        .or_else(|| digits.strip_prefix("00"));
    let (home, abroad) = match abroad {
        Some(rest) => match rest.strip_prefix("86") {
            Some(home) => (home, None),
            None => (rest, Some(rest)),
        },
        None => (digits.as_str(), None),
    };
    if home.is_empty() || !home.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let text = match abroad {
        Some(rest) => (7..=15).contains(&rest.len()).then(|| format!("+{rest}"))?,
        // Mobile numbers have 11 digits from 1; fixed lines come with their area code from 0.
        None if home.len() == 11 && home.starts_with('1') => home.to_owned(),
        None if (10..=12).contains(&home.len()) && home.starts_with('0') => home.to_owned(),
        None => return None,
    };
    Some(Login {
        kind: LoginKind::Phone,
        text,
    })
}

fn user_name(text: &str) -> Option<Login> {
    let text = text.to_lowercase();
    let length = text.chars().count();
    let lawful = |c: char| c.is_alphanumeric() || matches!(c, '.' | '_' | '-');
    // All digits would be taken for a mistyped phone number.
    let named = text.chars().any(char::is_alphabetic) && text.chars().all(lawful);
    ((3..=32).contains(&length) && named).then_some(Login {
        kind: LoginKind::UserName,
        text,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(typed: &str) -> Option<(LoginKind, String)> {
        Login::parse(typed)
            .ok()
            .map(|login| (login.kind, login.text))
    }

    #[test]
    fn one_phone_number_has_one_spelling() {
        for typed in [
            "13900001234",
            " 139 0000 1234",
            "+86 139-0000-1234",
            "008613900001234",
            "１３９００００１２３４",
        ] {
            assert_eq!(
                read(typed),
                Some((LoginKind::Phone, "13900001234".to_owned())),
                "{typed}"
            );
        }
        assert_eq!(
            read("+852 9123 4567"),
            Some((LoginKind::Phone, "+85291234567".to_owned()))
        );
        assert_eq!(
            read("0575-88001234"),
            Some((LoginKind::Phone, "057588001234".to_owned()))
        );
    }

    #[test]
    fn user_names_ignore_case_and_mistyped_numbers_are_refused() {
        assert_eq!(
            read("Wang.Xiaoming"),
            Some((LoginKind::UserName, "wang.xiaoming".to_owned()))
        );
        assert_eq!(
            read("王小明"),
            Some((LoginKind::UserName, "王小明".to_owned()))
        );
        for typed in [
            "",
            "ab",
            "1390000123",
            "a b c",
            "x@y.cn",
            "+",
            "+86",
            &"a".repeat(33),
        ] {
            assert_eq!(read(typed), None, "{typed}");
        }
    }
}
