//! What the quantities promise: exact text both ways, no wrapping, thresholds met exactly.

use proptest::prelude::*;
use units::{Area, Comparison, Fen, Minutes, Points, Ratio, UnitsError, percent_floor};

fn area(text: &str) -> Result<i64, UnitsError> {
    text.parse::<Area>().map(Area::get)
}

#[test]
fn areas_read_exactly_to_two_decimals() {
    assert_eq!(area("89.53"), Ok(8953));
    assert_eq!(area("89.5"), Ok(8950));
    assert_eq!(area("89"), Ok(8900));
    assert_eq!(area("89.530000"), Ok(8953));
    assert_eq!(area("0"), Ok(0));
    assert_eq!(area("0.29"), Ok(29), "0.29 is 28.999… in binary");
}

#[test]
fn areas_that_would_need_a_guess_are_refused() {
    for text in [
        "", ".", "1.", ".5", "1,000", "１２", "1 2", " 1", "+1", "1e3", "89.53㎡", "--1", "NaN",
        "1.2.3",
    ] {
        assert!(
            matches!(area(text), Err(UnitsError::NotANumber { .. })),
            "{text:?}"
        );
    }
    assert!(matches!(
        area("89.531"),
        Err(UnitsError::TooManyDecimals { .. })
    ));
    assert!(matches!(area("-1"), Err(UnitsError::Negative { .. })));
    assert!(matches!(area("-x"), Err(UnitsError::NotANumber { .. })));
    assert!(matches!(
        area("99999999999999999999"),
        Err(UnitsError::Overflow { .. })
    ));
}

#[test]
fn money_shows_as_yuan_with_its_sign() {
    assert_eq!(Fen::new(1234).to_string(), "12.34");
    assert_eq!(Fen::new(-5).to_string(), "-0.05");
    assert_eq!("-0.05".parse(), Ok(Fen::new(-5)));
    assert_eq!(
        Fen::new(i64::MIN).to_string().parse(),
        Ok(Fen::new(i64::MIN))
    );
    assert_eq!(format!("{:>8}", Fen::new(5)), "    0.05");
}

#[test]
fn whole_quantities_read_digits_only() {
    assert_eq!("90".parse(), Ok(Minutes::new(90)));
    assert_eq!("-3".parse(), Ok(Points::new(-3)));
    assert!("1.5".parse::<Minutes>().is_err());
    assert!("+1".parse::<Points>().is_err());
    assert!("-".parse::<Points>().is_err());
}

#[test]
fn a_sum_that_does_not_fit_is_an_error() {
    let overflow = Fen::sum([Fen::new(i64::MAX), Fen::new(1)]);
    assert!(matches!(overflow, Err(UnitsError::Overflow { .. })));
    assert!(matches!(
        Area::new(3).unwrap().checked_sub(Area::new(4).unwrap()),
        Err(UnitsError::Negative { .. })
    ));
    assert_eq!(Area::sum([]), Ok(Area::ZERO));
}

#[test]
fn thresholds_of_the_civil_code_bite_at_the_exact_number() {
    let (two_thirds, half, three_quarters) = (
        Ratio::new(2, 3).unwrap(),
        Ratio::new(1, 2).unwrap(),
        Ratio::new(3, 4).unwrap(),
    );
    assert!(two_thirds.holds(200, 300, Comparison::AtLeast));
    assert!(!two_thirds.holds(199, 300, Comparison::AtLeast));
    assert!(!half.holds(100, 200, Comparison::StrictlyMore));
    assert!(half.holds(101, 200, Comparison::StrictlyMore));
    assert!(three_quarters.holds(75, 100, Comparison::AtLeast));
    assert!(
        !Ratio::new(0, 1).unwrap().holds(0, 0, Comparison::AtLeast),
        "a share of nothing"
    );
}

#[test]
fn a_share_never_shows_more_than_it_is() {
    assert_eq!(percent_floor(703, 1291), "54.45%");
    assert_eq!(percent_floor(2, 3), "66.66%");
    assert_eq!(percent_floor(3, 3), "100.00%");
    assert_eq!(percent_floor(0, 0), "–");
}

#[test]
fn serde_keeps_the_documented_shapes() {
    #[derive(serde::Serialize, serde::Deserialize)]
    struct Page(#[serde(with = "units::area::square_metres")] Area);
    assert_eq!(
        serde_json::to_string(&Area::new(8953).unwrap()).unwrap(),
        "8953"
    );
    assert_eq!(
        serde_json::to_string(&Page(Area::new(8953).unwrap())).unwrap(),
        "89.53"
    );
    assert_eq!(
        serde_json::to_string(&Ratio::new(4, 6).unwrap()).unwrap(),
        "\"2/3\""
    );
    assert!(serde_json::from_str::<Area>("-1").is_err());
    assert!(serde_json::from_str::<Ratio>("\"1/0\"").is_err());
    for read in ["89.53", "\"89.53\""] {
        assert_eq!(serde_json::from_str::<Page>(read).unwrap().0.get(), 8953);
    }
    assert!(serde_json::from_str::<Page>("89.531").is_err());
}

proptest! {
    #[test]
    fn text_and_back_is_the_same(hundredths in 0..i64::MAX) {
        let area = Area::new(hundredths).unwrap();
        prop_assert_eq!(area.to_string().parse::<Area>(), Ok(area));
        let fen = Fen::new(-hundredths);
        prop_assert_eq!(fen.to_string().parse::<Fen>(), Ok(fen));
    }

    #[test]
    fn square_metres_are_exact_in_json_below_ten_trillion(hundredths in 0..999_999_999_999_999_i64) {
        let mut out = Vec::new();
        units::area::square_metres::serialize(&Area::new(hundredths).unwrap(), &mut serde_json::Serializer::new(&mut out)).unwrap();
        let back = units::area::square_metres::deserialize(&mut serde_json::Deserializer::from_slice(&out)).unwrap();
        prop_assert_eq!(back.get(), hundredths);
    }

    #[test]
    fn any_text_is_read_or_refused_without_panic(text in ".*") {
        let _ = text.parse::<Area>();
        let _ = text.parse::<Fen>();
        let _ = text.parse::<Minutes>();
        let _ = text.parse::<Ratio>();
    }

    #[test]
    fn addition_agrees_with_wide_integers(a in any::<i64>(), b in any::<i64>()) {
        let wide = i128::from(a) + i128::from(b);
        let sum = Fen::new(a).checked_add(Fen::new(b)).ok().map(|fen| i128::from(fen.get()));
        prop_assert_eq!(sum, i64::try_from(wide).ok().map(i128::from));
    }

    #[test]
    fn the_least_part_holds_and_one_less_does_not(num in 0..1000_i64, den in 1..1000_i64, whole in 1..i64::MAX / 1000) {
        let ratio = Ratio::new(num, den).unwrap();
        for how in [Comparison::AtLeast, Comparison::StrictlyMore] {
            let Some(least) = ratio.least(whole, how) else { continue };
            prop_assert!(ratio.holds(least, whole, how));
            prop_assert!(!ratio.holds(least - 1, whole, how));
        }
    }

    #[test]
    fn a_ratio_is_the_same_however_it_is_written(num in 0..1000_i64, den in 1..1000_i64, times in 1..1000_i64) {
        prop_assert_eq!(Ratio::new(num, den), Ratio::new(num * times, den * times));
        let ratio = Ratio::new(num, den).unwrap();
        prop_assert_eq!(ratio.to_string().parse::<Ratio>(), Ok(ratio));
    }
}
