//! What the cells of a vote's CSV may say: the unit's number, its owners, its area, its choice.

use units::Area;

use super::{Choice, Owner};

const LONGEST_CELL: usize = 200;

pub(super) fn read_number(cell: &str) -> Result<String, String> {
    if cell.is_empty() {
        return Err("the unit's number is empty: fill it in".to_owned());
    }
    plain_text(cell, "the unit's number").map(str::to_owned)
}

/// The owner, and a name that stands twice in the cell.
pub(super) fn read_owner(cell: &str) -> Result<(Owner, Option<String>), String> {
    const DEVELOPER: &[&str] = &["developer", "开发商", "建设单位"];
    plain_text(cell, "the owner")?;
    let names: Vec<&str> = cell
        .split([';', '；', '、'])
        .map(str::trim)
        .filter(|name| !name.is_empty())
        .collect();
    let is_developer = |name: &&str| DEVELOPER.iter().any(|word| word.eq_ignore_ascii_case(name));
    match names.as_slice() {
        [] => Err("the owner is empty: name the owner, or `developer` for an unsold unit".to_owned()),
        [one] if is_developer(one) => Ok((Owner::Developer, None)),
        several if several.iter().any(is_developer) => Err(
            "the developer cannot be a co-owner: write the developer alone until the unit is handed over, the buyers afterwards"
                .to_owned(),
        ),
        several => {
            let mut sorted = several.to_vec();
            sorted.sort_unstable();
            let repeated =
                sorted.iter().zip(sorted.iter().skip(1)).find(|(a, b)| a == b).map(|(a, _)| (*a).to_owned());
            Ok((Owner::of(sorted), repeated))
        }
    }
}

pub(super) fn read_area(cell: &str) -> Result<Area, String> {
    if cell.is_empty() {
        return Err("the area is empty: fill in m² from the register".to_owned());
    }
    let area: Area = cell.parse().map_err(|error| format!("the area: {error}"))?;
    if area.is_zero() {
        return Err("the area is zero: fill in m² from the register".to_owned());
    }
    Ok(area)
}

/// Every word for a choice.
const CHOICES: &[(&str, Choice)] = &[
    ("for", Choice::For),
    ("赞成", Choice::For),
    ("同意", Choice::For),
    ("赞同", Choice::For),
    ("against", Choice::Against),
    ("反对", Choice::Against),
    ("不同意", Choice::Against),
    ("不赞成", Choice::Against),
    ("abstain", Choice::Abstain),
    ("弃权", Choice::Abstain),
    ("follow", Choice::Follow),
    ("随多数", Choice::Follow),
    ("从多数", Choice::Follow),
    ("silent", Choice::Silent),
    ("未表态", Choice::Silent),
    ("沉默", Choice::Silent),
    ("未表决", Choice::Silent),
    ("unserved", Choice::Unserved),
    ("未送达", Choice::Unserved),
];

pub(super) fn read_choice(cell: &str) -> Result<Choice, String> {
    let known = CHOICES
        .iter()
        .find(|(word, _)| word.eq_ignore_ascii_case(cell));
    if let Some(&(_, choice)) = known {
        return Ok(choice);
    }
    if cell.is_empty() {
        return Err("the choice is empty: write `silent` if the ballot was delivered, `unserved` if it was not".to_owned());
    }
    let given: String = cell.chars().take(20).collect();
    Err(format!(
        "`{given}` is no choice: write one of for, against, abstain, follow, silent, unserved (赞成, 反对, 弃权, 随多数, 未表态, 未送达)"
    ))
}

fn plain_text<'c>(cell: &'c str, what: &str) -> Result<&'c str, String> {
    if cell.chars().any(char::is_control) {
        return Err(format!(
            "{what} contains a line break or control character: remove it"
        ));
    }
    if cell.chars().count() > LONGEST_CELL {
        return Err(format!(
            "{what} is longer than {LONGEST_CELL} characters: shorten it"
        ));
    }
    Ok(cell)
}
