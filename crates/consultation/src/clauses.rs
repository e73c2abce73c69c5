//! A text's clauses: where one begins, by the way Chinese documents number them.

/// Splits paragraphs into clauses: `第三条`, `一、`, `（一）`, `1.` and `（1）` begin one, and what follows without a number
/// belongs to it. What stands before the first number is a clause of its own; a text without numbers has a clause a paragraph.
pub fn split(paragraphs: &[String]) -> Vec<String> {
    let lines = || {
        let lines = paragraphs.iter().flat_map(|one| one.lines());
        lines.map(str::trim).filter(|line| !line.is_empty())
    };
    let is_numbered = lines().any(|line| label_of(line).is_some());
    let mut clauses: Vec<String> = Vec::new();
    for line in lines() {
        match clauses.last_mut() {
            Some(last) if is_numbered && label_of(line).is_none() => {
                last.push('\n');
                last.push_str(line);
            }
            _ => clauses.push(line.to_owned()),
        }
    }
    clauses
}

/// Clauses as one text to edit: a blank line between two.
pub fn joined(clauses: &[String]) -> String {
    clauses.join("\n\n")
}

/// The clauses of an edited text: blank lines part them, so joining two is taking the blank line away.
pub fn blocks(text: &str) -> Vec<String> {
    let mut clauses = Vec::new();
    let mut block: Vec<&str> = Vec::new();
    for line in text.lines().map(str::trim).chain([""]) {
        if !line.is_empty() {
            block.push(line);
        } else if !block.is_empty() {
            clauses.push(block.join("\n"));
            block.clear();
        }
    }
    clauses
}

/// The number that a clause begins with, as it stands there.
pub fn label_of(text: &str) -> Option<&str> {
    let end = article(text)
        .or_else(|| in_brackets(text))
        .or_else(|| counted(text))?;
    text.get(..end)
}

fn is_chinese_number(one: char) -> bool {
    "〇零一二三四五六七八九十百千两".contains(one)
}

fn is_number(one: char) -> bool {
    is_chinese_number(one) || one.is_ascii_digit()
}

/// The longest number, in characters; what is longer is no number of a clause.
const LONGEST: usize = 6;

/// Where the number at the beginning ends, if one stands there.
fn number_end(text: &str, belongs: fn(char) -> bool) -> Option<usize> {
    let digits = text.chars().take_while(|one| belongs(*one)).count();
    if digits == 0 || digits > LONGEST {
        return None;
    }
    Some(text.chars().take(digits).map(char::len_utf8).sum())
}

/// `第三条`, `第2章`.
fn article(text: &str) -> Option<usize> {
    let rest = text.strip_prefix('第')?;
    let number = number_end(rest, is_number)?;
    let unit = rest.get(number..)?.chars().next()?;
    "编章节条款"
        .contains(unit)
        .then(|| '第'.len_utf8() + number + unit.len_utf8())
}

/// `（一）`, `(3)`.
fn in_brackets(text: &str) -> Option<usize> {
    let open = text.chars().next().filter(|one| "（(".contains(*one))?;
    let rest = text.get(open.len_utf8()..)?;
    let number = number_end(rest, is_number)?;
    let close = rest.get(number..)?.chars().next()?;
    "）)"
        .contains(close)
        .then(|| open.len_utf8() + number + close.len_utf8())
}

/// `一、`, `3.`, `3．`; a decimal such as `3.5` is none.
fn counted(text: &str) -> Option<usize> {
    let (number, marks) = match number_end(text, is_chinese_number) {
        Some(number) => (number, "、"),
        None => (number_end(text, |one| one.is_ascii_digit())?, "、.．"),
    };
    let rest = text.get(number..)?;
    let mark = rest.chars().next().filter(|one| marks.contains(*one))?;
    let after = rest.get(mark.len_utf8()..)?.chars().next();
    let is_decimal = mark == '.' && after.is_some_and(|one| one.is_ascii_digit());
    (!is_decimal).then(|| number + mark.len_utf8())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{blocks, joined, label_of, split};

    #[test]
    fn numbers_of_clauses_are_known_and_other_numbers_are_not() {
        for (text, label) in [
            ("第十二条　建设单位应当", "第十二条"),
            ("第3章 总则", "第3章"),
            ("一、总体要求", "一、"),
            ("（一）聚焦群众", "（一）"),
            ("(二)坚持分类", "(二)"),
            ("1.每年", "1."),
            ("12．每年", "12．"),
            ("（3）每年", "（3）"),
        ] {
            assert_eq!(label_of(text), Some(label));
        }
        for text in [
            "3.5 平方米",
            "2019年",
            "一方面",
            "第一",
            "(征求意见稿)",
            "",
            "第",
            "（",
            "1",
            "一二三四五六七、",
        ] {
            assert_eq!(label_of(text), None, "{text}");
        }
    }

    #[test]
    fn what_follows_belongs_to_its_clause_and_editing_keeps_all() {
        let lines = ["前言", "（一）甲", "甲续", "", "（二）乙"].map(str::to_owned);
        let clauses = split(&lines);
        assert_eq!(clauses, ["前言", "（一）甲\n甲续", "（二）乙"]);
        assert_eq!(blocks(&joined(&clauses)), clauses);
        assert_eq!(blocks("a\nb\r\n\r\n\r\nc"), ["a\nb", "c"]);
        assert_eq!(split(&["x".to_owned(), "y".to_owned()]), ["x", "y"]);
    }

    proptest! {
        #[test]
        fn no_line_is_lost(paragraphs in prop::collection::vec("[甲乙一1（）()第条、. \r\n\u{3000}]{0,12}", 0..9)) {
            let lines = |text: &str| {
                let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
                lines.map(str::to_owned).collect::<Vec<_>>()
            };
            let clauses = split(&paragraphs);
            prop_assert_eq!(lines(&joined(&clauses)), lines(&paragraphs.join("\n")));
            prop_assert_eq!(blocks(&joined(&clauses)), clauses);
        }
    }
}
