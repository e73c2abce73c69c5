//! A unit's facts: what the Civil Code counts votes by.

use std::fmt;

use serde::{Deserialize, Serialize};
use units::Area;

named! {
    /// What an exclusive area rests on, best first: the order of Art. 8 of the Supreme People's Court's
    /// interpretation on building ownership (法释〔2020〕17号).
    pub enum AreaSource ("the source of an area") {
        /// 不动产登记簿: the property register.
        Register = "register" | "登记" | "登记簿" | "不动产登记" | "不动产登记簿" | "产权证" | "房产证";
        /// 测绘: measured, where nothing is registered yet.
        Survey = "survey" | "实测" | "测绘" | "实测面积" | "测绘报告";
        /// 买卖合同: the sales contract, where nothing is measured yet.
        Contract = "contract" | "合同" | "买卖合同" | "购房合同" | "房屋买卖合同";
    }
}

named! {
    /// What a unit is for.
    pub enum UnitUse ("a unit's use") {
        /// 住宅.
        Residential = "residential" | "住宅" | "居住";
        /// 商业: shops, offices.
        Commercial = "commercial" | "商业" | "商铺" | "店铺" | "商用" | "办公";
        /// 车位: a parking space that is owned.
        Parking = "parking" | "车位" | "车库" | "停车位";
        /// 储藏室.
        Storage = "storage" | "储藏室" | "储藏间" | "储藏" | "附房";
        /// 其他.
        Other = "other" | "其他" | "其它";
    }
}

/// Where a unit is: `3幢 1单元502`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct UnitLabel {
    /// The building's name, such as `3幢`.
    pub building: String,
    /// The unit's number in it, such as `1单元502`.
    pub number: String,
}

impl fmt::Display for UnitLabel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.building, self.number)
    }
}

/// What the roll says of a unit, apart from who owns it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UnitFacts {
    /// The exclusive area (专有部分面积), above zero.
    pub exclusive_area: Area,
    /// What the area rests on.
    pub area_source: AreaSource,
    /// What the unit is for.
    pub unit_use: UnitUse,
}

/// A building's name or a unit's number as the roll keeps it: no blanks, full-width signs made plain, so that
/// `３ 幢` and `3幢` are one building.
pub fn normalised_label(text: &str) -> String {
    text.chars()
        .map(half_width)
        .filter(|c| !c.is_whitespace() && !c.is_control())
        .collect()
}

/// A key that sorts labels as people do, by bytes and so alike on both databases: `3幢` before `12幢`.
///
/// A run of digits becomes its length and its digits without leading zeros.
pub fn natural_order(label: &UnitLabel) -> Vec<u8> {
    let mut key = Vec::with_capacity(label.building.len() + label.number.len() + 8);
    push_natural(&mut key, &label.building);
    key.push(0);
    push_natural(&mut key, &label.number);
    key
}

fn push_natural(key: &mut Vec<u8>, text: &str) {
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        if first.is_ascii_digit() {
            let end = rest
                .find(|c: char| !c.is_ascii_digit())
                .unwrap_or(rest.len());
            let (run, after) = rest.split_at(end);
            let digits = run.trim_start_matches('0');
            key.push(b'0');
            key.push(u8::try_from(digits.len()).unwrap_or(u8::MAX));
            key.extend_from_slice(digits.as_bytes());
            rest = after;
        } else {
            let (one, after) = rest.split_at(first.len_utf8());
            key.extend_from_slice(one.as_bytes());
            rest = after;
        }
    }
}

/// The plain form of a full-width sign.
pub(crate) fn half_width(c: char) -> char {
    match c {
        '\u{3000}' => ' ',
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(c).saturating_sub(0xfee0)).unwrap_or(c),
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn label(building: &str, number: &str) -> UnitLabel {
        UnitLabel {
            building: building.to_owned(),
            number: number.to_owned(),
        }
    }

    #[test]
    fn labels_sort_as_people_sort_them() {
        let sorted = [
            label("3幢", "1单元502"),
            label("3幢", "1单元1001"),
            label("3幢", "2单元101"),
            label("12幢", "101"),
            label("12幢", "商铺1"),
        ];
        let keys: Vec<_> = sorted.iter().map(natural_order).collect();
        assert!(keys.is_sorted(), "{keys:?}");
    }

    #[test]
    fn blanks_and_full_width_signs_make_no_other_building() {
        assert_eq!(normalised_label("３ 幢"), "3幢");
        assert_eq!(normalised_label("\u{3000}A－１０１ "), "A-101");
    }

    #[test]
    fn a_file_may_use_chinese_or_english_words() {
        assert_eq!(UnitUse::from_word(" 住宅"), Some(UnitUse::Residential));
        assert_eq!(UnitUse::from_word("Parking"), Some(UnitUse::Parking));
        assert_eq!(UnitUse::from_word("教堂"), None);
        assert_eq!(
            AreaSource::from_word("不动产登记簿"),
            Some(AreaSource::Register)
        );
    }
}
