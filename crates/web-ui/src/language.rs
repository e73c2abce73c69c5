//! The two languages on screen, and how a browser's wish is read.

/// A language that every page and every message exists in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Language {
    /// Simplified Chinese, the default.
    #[default]
    Zh,
    /// English.
    En,
}

impl Language {
    /// Both languages, the default first.
    pub const ALL: [Self; 2] = [Self::Zh, Self::En];

    /// The BCP 47 tag that stands in `<html lang>`, cookies and message file names.
    pub const fn tag(self) -> &'static str {
        match self {
            Self::Zh => "zh-CN",
            Self::En => "en",
        }
    }

    /// The language's name in itself, for the switch.
    pub const fn own_name(self) -> &'static str {
        match self {
            Self::Zh => "中文",
            Self::En => "English",
        }
    }

    /// The other language: what the switch leads to and a missing message falls back to.
    #[must_use]
    pub const fn other(self) -> Self {
        match self {
            Self::Zh => Self::En,
            Self::En => Self::Zh,
        }
    }

    /// Reads a tag such as `zh`, `zh-Hans-CN` or `en-GB`; `None` for any other language.
    pub fn from_tag(tag: &str) -> Option<Self> {
        let primary = tag.trim().split(['-', '_']).next().unwrap_or_default();
        if primary.eq_ignore_ascii_case("zh") {
            Some(Self::Zh)
        } else if primary.eq_ignore_ascii_case("en") {
            Some(Self::En)
        } else {
            None
        }
    }

    /// The best match for an `Accept-Language` header (RFC 9110, 12.5.4); Chinese when nothing
    /// fits, because residents' browsers that send nothing useful are mostly Chinese ones.
    pub fn from_accept_language(header: &str) -> Self {
        let mut best: Option<(u16, Self)> = None;
        for part in header.split(',').take(16) {
            let (tag, parameters) = part.split_once(';').unwrap_or((part, ""));
            let weight = weight_per_mille(parameters);
            let Some(language) = Self::from_tag(tag) else {
                continue;
            };
            if weight > 0 && best.is_none_or(|(heaviest, _)| weight > heaviest) {
                best = Some((weight, language));
            }
        }
        best.map_or_else(Self::default, |(_, language)| language)
    }
}

/// `q=0.8` as 800; a missing weight is 1000, an unreadable one 0.
fn weight_per_mille(parameters: &str) -> u16 {
    let Some(value) = parameters.trim().strip_prefix("q=") else {
        return 1000;
    };
    let (whole, fraction) = value.trim().split_once('.').unwrap_or((value.trim(), ""));
    let padded = format!("{fraction:0<3}");
    match (whole, padded.get(..3).and_then(|f| f.parse::<u16>().ok())) {
        ("1", Some(_)) => 1000,
        ("0", Some(per_mille)) => per_mille,
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_heaviest_known_language_wins() {
        assert_eq!(
            Language::from_accept_language("fr, en;q=0.8, zh;q=0.9"),
            Language::Zh
        );
        assert_eq!(
            Language::from_accept_language("en-GB,zh-CN;q=0.9"),
            Language::En
        );
        assert_eq!(
            Language::from_accept_language("zh;q=0, en;q=0.1"),
            Language::En
        );
    }

    #[test]
    fn nonsense_falls_back_to_chinese() {
        for header in ["", ";;;", "fr", "en;q=abc", "en;q=é", ",,;q=1"] {
            assert_eq!(
                Language::from_accept_language(header),
                Language::Zh,
                "{header}"
            );
        }
    }
}
