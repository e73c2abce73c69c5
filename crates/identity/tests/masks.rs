//! Masks keep what recognises a person and nothing more.

use identity::mask;
use proptest::prelude::*;

#[test]
fn masks_look_as_people_know_them() {
    let names = [
        ("王小明", "王*明"),
        ("王明", "王*"),
        ("王", "*"),
        ("欧阳小明", "欧**明"),
        ("阿依古丽·买买提", "阿******提"),
        ("John Smith", "J*** S****"),
        ("", ""),
    ];
    for (name, masked) in names {
        assert_eq!(mask::name(name), masked, "{name}");
    }
    assert_eq!(mask::phone("13900001234"), "139****1234");
    assert_eq!(mask::phone("057588001234"), "057*****1234");
    assert_eq!(mask::phone("88001234"), "88****34");
    assert_eq!(mask::phone("110"), "*10");
    assert_eq!(mask::id_number("33060219450101123X"), "330***********123X");
    assert_eq!(mask::login("wang.xiaoming"), "w***********g");
    assert_eq!(mask::login("13900001234"), "139****1234");
}

proptest! {
    #[test]
    fn a_mask_keeps_the_length_changes_only_to_stars_and_hides_something(text in "\\PC{1,40}") {
        let text = text.trim();
        for masked in [mask::phone(text), mask::id_number(text), mask::login(text)] {
            let pairs: Vec<_> = text.chars().zip(masked.chars()).collect();
            prop_assert_eq!(text.chars().count(), masked.chars().count());
            prop_assert!(pairs.iter().all(|(before, after)| *after == '*' || before == after));
            prop_assert!(text.is_empty() || masked.contains('*'));
        }
    }

    #[test]
    fn a_phone_number_shows_seven_digits_at_most(digits in "1[0-9]{10}") {
        let masked = mask::phone(&digits);
        prop_assert_eq!(masked.chars().filter(char::is_ascii_digit).count(), 7);
        prop_assert_eq!(&masked[3..7], "****");
    }

    #[test]
    fn an_id_number_hides_birthday_and_district(number in "[1-9][0-9]{16}[0-9X]") {
        let masked = mask::id_number(&number);
        prop_assert_eq!(&masked[3..14], "***********");
    }

    #[test]
    fn a_chinese_name_shows_two_characters_at_most(name in "[\u{4e00}-\u{9fa5}]{1,8}") {
        let masked = mask::name(&name);
        prop_assert!(masked.chars().filter(|c| *c != '*').count() <= 2);
        prop_assert!(masked.contains('*'));
    }
}
