//! Breaking Chinese text into lines: between any two characters, but no punctuation that closes
//! at a line's start, none that opens at its end, and no Latin word or number torn apart
//! (GB/T 15834-2011, 5.1).

use super::font::Fonts;

/// Never at the start of a line.
const CLOSING: &str = "，。、；：！？）》〉」』】〕〗”’…—～·％‰℃㎡°%,.;:!?)]}²³〞︶";
/// Never at the end of a line.
const OPENING: &str = "（《〈「『【〔〖“‘([{￥¥№〝︵";
/// Full-width signs whose right half is empty, which may stand out at a line's end.
const HALF_EMPTY: &str = "，。、；：！？）》〉」』】〕〗”’";

/// A line of text.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Line {
    pub(super) text: String,
    /// Width in em, without the empty half of a sign at its end.
    pub(super) width: f32,
    /// Whether the paragraph goes on, so that the line is spaced out to full width.
    pub(super) goes_on: bool,
}

/// Breaks text into lines of `measure` em, the first of each paragraph shorter by `indent` em.
/// Line feeds part paragraphs. Gives at least one line.
pub(super) fn break_lines(fonts: &Fonts, text: &str, measure: f32, indent: f32) -> Vec<Line> {
    text.split('\n')
        .flat_map(|paragraph| break_paragraph(fonts, paragraph, measure, indent))
        .collect()
}

fn break_paragraph(fonts: &Fonts, text: &str, measure: f32, indent: f32) -> Vec<Line> {
    let characters: Vec<char> = text.chars().map(printable).collect();
    let mut rest = characters.as_slice();
    let mut lines = Vec::new();
    loop {
        let room = if lines.is_empty() {
            measure - indent
        } else {
            measure
        };
        let (line, after) = rest.split_at(fitting(fonts, rest, room));
        rest = trim_start(after);
        lines.push(line_of(fonts, line, !rest.is_empty()));
        if rest.is_empty() {
            return lines;
        }
    }
}

/// How many characters the next line takes; at least one if there are any.
fn fitting(fonts: &Fonts, text: &[char], room: f32) -> usize {
    let mut width = 0.0;
    let mut last_break = 0;
    for (place, character) in text.iter().enumerate() {
        let before = place.checked_sub(1).and_then(|before| text.get(before));
        if before.is_some_and(|before| may_break(*before, *character)) {
            last_break = place;
        }
        width += fonts.glyph(*character).width;
        let visible = width - hanging(*character);
        if visible > room + 0.001 && *character != ' ' {
            return if last_break > 0 {
                last_break
            } else {
                place.max(1)
            };
        }
    }
    text.len()
}

/// Whether a line may end after `before` and the next start with `after`.
fn may_break(before: char, after: char) -> bool {
    if OPENING.contains(before) || CLOSING.contains(after) || after == ' ' {
        return false;
    }
    before == ' ' || before == '-' || is_wide(before) || is_wide(after)
}

/// Whether the character stands for itself, unlike the letters of a word.
fn is_wide(character: char) -> bool {
    matches!(character, '\u{2014}' | '\u{2018}'..='\u{201d}' | '\u{2026}')
        || character >= '\u{2460}'
}

/// The part of a character that may stand out at a line's end, in em.
fn hanging(character: char) -> f32 {
    if HALF_EMPTY.contains(character) {
        0.5
    } else {
        0.0
    }
}

fn line_of(fonts: &Fonts, characters: &[char], goes_on: bool) -> Line {
    let text: String = characters.iter().collect();
    let text = text.trim_end_matches(' ').to_owned();
    let hanging = text.chars().next_back().map_or(0.0, hanging);
    Line {
        width: fonts.width(&text) - if goes_on { hanging } else { 0.0 },
        text,
        goes_on,
    }
}

fn trim_start(text: &[char]) -> &[char] {
    let spaces = text
        .iter()
        .take_while(|character| **character == ' ')
        .count();
    text.get(spaces..).unwrap_or_default()
}

/// A character that can be shown: a space for control characters, the geta mark for those that
/// mean something only to one font.
fn printable(character: char) -> char {
    match character {
        '\u{e000}'..='\u{f8ff}' | '\u{f0000}'.. => '〓',
        '\t' | '\u{a0}' => ' ',
        character if character.is_control() => ' ',
        '\u{200b}'..='\u{200f}'
        | '\u{2028}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}'
        | '\u{feff}' => ' ',
        character => character,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{CLOSING, OPENING, break_lines};
    use crate::pdf::font::Fonts;

    fn broken(text: &str, measure: f32) -> Vec<String> {
        let fonts = Fonts::load().unwrap();
        break_lines(&fonts, text, measure, 0.0)
            .into_iter()
            .map(|line| line.text)
            .collect()
    }

    #[test]
    fn lines_break_between_any_two_ideographs() {
        assert_eq!(
            broken("业主大会决定公告", 3.0),
            ["业主大", "会决定", "公告"]
        );
    }

    #[test]
    fn a_closing_sign_takes_its_character_along_or_hangs() {
        assert_eq!(broken("表决通过（略）。", 4.5), ["表决通过", "（略）。"]);
        assert_eq!(broken("表决通过。完", 4.5), ["表决通过。", "完"]);
        assert_eq!(broken("甲乙丙丁》戊", 4.0), ["甲乙丙", "丁》戊"]);
    }

    #[test]
    fn an_opening_sign_goes_to_the_next_line() {
        assert_eq!(broken("依据《民法典》", 3.0), ["依据", "《民法", "典》"]);
    }

    #[test]
    fn words_and_numbers_stay_whole_unless_they_are_too_long() {
        assert_eq!(broken("面积89.53㎡共", 5.0), ["面积", "89.53㎡共"]);
        assert_eq!(broken("Linli works", 3.0), ["Linli", "works"]);
        assert!(broken(&"a".repeat(40), 5.0).len() > 3);
    }

    #[test]
    fn line_feeds_part_paragraphs() {
        assert_eq!(broken("甲\n\n乙", 9.0), ["甲", "", "乙"]);
    }

    proptest! {
        #[test]
        fn nothing_is_lost_and_no_line_is_too_wide(text in "[业主，。《》（）“”a-z0-9 ]{0,80}", measure in 4..20_u8) {
            let fonts = Fonts::load().unwrap();
            let measure = f32::from(measure);
            let lines = break_lines(&fonts, &text, measure, 2.0);
            let joined: String = lines.iter().map(|line| line.text.as_str()).collect();
            prop_assert_eq!(joined.replace(' ', ""), text.replace(' ', ""));
            for line in &lines {
                prop_assert!(line.width <= measure + 0.51, "{line:?}");
            }
        }

        #[test]
        fn no_line_starts_or_ends_wrongly(text in "([业主表决]{1,3}[，。、；：！？）》”]?[（《“]?){1,20}业主", measure in 6..20_u8) {
            let fonts = Fonts::load().unwrap();
            let lines = break_lines(&fonts, &text, f32::from(measure), 0.0);
            for line in lines.iter().skip(1) {
                prop_assert!(!line.text.starts_with(|c| CLOSING.contains(c)), "{line:?}");
            }
            for line in lines.iter().filter(|line| line.goes_on) {
                prop_assert!(!line.text.ends_with(|c| OPENING.contains(c)), "{line:?}");
            }
        }

        #[test]
        fn any_text_breaks(text in any::<String>()) {
            let fonts = Fonts::load().unwrap();
            prop_assert!(!break_lines(&fonts, &text, 5.0, 2.0).is_empty());
        }
    }
}
