//! A made-up community for demonstrations and tests: the same numbers in, the same people out.
//!
//! Nobody in it can be a real person: identity numbers begin with the region 000000, which no authority has, and
//! telephone numbers with 1990000, and every name is drawn by lot.

use kernel::Randomness;

use crate::import::{RESIDENT_COLUMNS, RollTable, UNIT_COLUMNS};
use crate::model::SHAOXING;

/// Flats of a demo community.
pub const FLATS: usize = 1_180;
/// Shops of a demo community.
pub const SHOPS: usize = 20;
/// Owned parking spaces of a demo community.
pub const PARKING_SPACES: usize = 300;

/// A community to be created and the tables to be imported into it.
#[derive(Clone, Debug)]
pub struct DemoCommunity {
    /// Its name.
    pub name: String,
    /// Its district's code.
    pub place: String,
    /// Where it is.
    pub address: String,
    /// Buildings, units, areas, owners.
    pub units: RollTable,
    /// Who lives where.
    pub residents: RollTable,
}

const NAMES: [&str; 6] = [
    "兰亭花园",
    "鉴湖新村",
    "会稽人家",
    "镜水苑",
    "若耶溪畔",
    "曹娥江印",
];
const FAMILIES: &str = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾萧田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤";
const GIVEN: &str = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华建国玉兰春红志文海波佳慧鑫宇浩晨欣怡子轩雨婷思远俊凯雪梅亚楠晓东小燕立新永康振宁书瑶一诺";

const BUILDINGS: usize = 20;
const STAIRS: usize = 2;
const FLATS_A_FLOOR: usize = 2;
const FLOORS: usize = FLATS.div_ceil(BUILDINGS * STAIRS * FLATS_A_FLOOR);

/// The demo community of this number, 0, 1, 2 …
pub fn community(random: &Randomness, index: usize) -> DemoCommunity {
    let (place, district) = SHAOXING
        .iter()
        .cycle()
        .nth(index)
        .copied()
        .unwrap_or(("330602", "越城区"));
    let name = NAMES
        .iter()
        .cycle()
        .nth(index)
        .copied()
        .unwrap_or("兰亭花园");
    let mut town = Town {
        random,
        people: Vec::new(),
        serial: index * 100_000,
    };
    let units = town.units();
    let residents = town.residents(&units);
    DemoCommunity {
        name: format!("{name}（演示）"),
        place: place.to_owned(),
        address: format!("绍兴市{district}演示路{}号", index + 1),
        units: table(UNIT_COLUMNS, units),
        residents: table(RESIDENT_COLUMNS, residents),
    }
}

fn table(columns: &[crate::import::Column], rows: Vec<Vec<String>>) -> RollTable {
    RollTable {
        header: columns
            .iter()
            .map(|column| column.name.to_owned())
            .collect(),
        rows: rows
            .into_iter()
            .enumerate()
            .map(|(at, cells)| (at + 2, cells))
            .collect(),
    }
}

/// Someone made up.
#[derive(Clone)]
struct Person {
    name: String,
    id_number: String,
    phone: String,
}

struct Town<'r> {
    random: &'r Randomness,
    people: Vec<Person>,
    serial: usize,
}

impl Town<'_> {
    fn units(&mut self) -> Vec<Vec<String>> {
        let mut rows = Vec::with_capacity(FLATS + SHOPS + PARKING_SPACES);
        let flats = (1..=BUILDINGS)
            .flat_map(|building| (1..=STAIRS).map(move |stair| (building, stair)))
            .flat_map(|(building, stair)| (1..=FLOORS).map(move |floor| (building, stair, floor)))
            .flat_map(|(building, stair, floor)| {
                (1..=FLATS_A_FLOOR).map(move |door| (building, stair, floor, door))
            });
        for (building, stair, floor, door) in flats.take(FLATS) {
            let area = self.area(5_800, 14_800);
            let owners = self.owners();
            rows.push(row(
                &format!("{building}幢"),
                &format!("{stair}单元{floor}{door:02}"),
                &area,
                "住宅",
                &owners,
            ));
        }
        for shop in 1..=SHOPS {
            let area = self.area(3_500, 16_000);
            let owners = self.owners();
            rows.push(row(
                "商业楼",
                &format!("商铺{shop}"),
                &area,
                "商业",
                &owners,
            ));
        }
        for space in 1..=PARKING_SPACES {
            let area = self.area(1_250, 1_380);
            let owners = self.one_of_the_people();
            rows.push(row(
                "地下车库",
                &format!("A{space:03}"),
                &area,
                "车位",
                &[owners],
            ));
        }
        rows
    }

    /// Of 100 units 4 are the developer's, 8 are owned by two, 3 by someone who has another.
    fn owners(&mut self) -> Vec<Person> {
        match self.random.below(100) {
            0..4 => Vec::new(),
            4..12 => {
                let first = self.somebody();
                let second = self.somebody();
                vec![first, second]
            }
            12..15 if !self.people.is_empty() => vec![self.one_of_the_people()],
            _ => vec![self.somebody()],
        }
    }

    fn somebody(&mut self) -> Person {
        let person = self.drawn();
        self.people.push(person.clone());
        person
    }

    fn drawn(&mut self) -> Person {
        self.serial += 1;
        // The serial number decides the year modulo 3 and the last digits, so that no two of 3,000 people are one.
        let thousand = u64::try_from(self.serial / 1_000 % 3).unwrap_or(0);
        let birth_year = 1945 + 3 * self.random.below(20) + thousand;
        let month = 1 + self.random.below(12);
        let day = 1 + self.random.below(28);
        let body = format!(
            "000000{birth_year}{month:02}{day:02}{:03}",
            self.serial % 1_000
        );
        Person {
            name: self.name(),
            id_number: format!("{body}{}", check_digit(&body)),
            phone: format!("1990000{:04}", self.serial % 10_000),
        }
    }

    fn name(&self) -> String {
        let mut name = self.sign_of(FAMILIES);
        name.push_str(&self.sign_of(GIVEN));
        if self.random.below(10) < 7 {
            name.push_str(&self.sign_of(GIVEN));
        }
        name
    }

    fn sign_of(&self, signs: &str) -> String {
        let all: Vec<char> = signs.chars().collect();
        self.one_of(&all)
            .map_or_else(String::new, |sign| sign.to_string())
    }

    fn one_of_the_people(&self) -> Person {
        self.one_of(&self.people).unwrap_or_else(|| Person {
            name: String::new(),
            id_number: String::new(),
            phone: String::new(),
        })
    }

    fn one_of<T: Clone>(&self, all: &[T]) -> Option<T> {
        let drawn = self.random.below(crate::model::count(all.len()));
        usize::try_from(drawn)
            .ok()
            .and_then(|at| all.get(at))
            .cloned()
    }

    /// An area in m² from `least` to `most` 0.01 m².
    fn area(&self, least: u64, most: u64) -> String {
        let hundredths = least + self.random.below(most - least + 1);
        format!("{}.{:02}", hundredths / 100, hundredths % 100)
    }

    /// In three of four sold flats its first owner lives, in half of those with a spouse, in a third with a child;
    /// in the others a tenant.
    fn residents(&mut self, units: &[Vec<String>]) -> Vec<Vec<String>> {
        let mut rows = Vec::new();
        for unit in units {
            let [
                building,
                number,
                _,
                _,
                unit_use,
                owners,
                _,
                phones,
                kind,
                ..,
            ] = unit.as_slice()
            else {
                continue;
            };
            if unit_use != "住宅" || kind == "开发商" {
                continue;
            }
            let mut add = |name: &str, phone: &str, year: u64, relation: &str| {
                let cells = [building, number, name, phone, &year.to_string(), relation];
                rows.push(cells.map(ToOwned::to_owned).to_vec());
            };
            let year = 1945 + self.random.below(50);
            if self.random.below(4) == 0 {
                let tenant = self.drawn();
                add(&tenant.name, &tenant.phone, year, "租户");
                continue;
            }
            let first = |cell: &str| cell.split('、').next().unwrap_or_default().to_owned();
            add(&first(owners), &first(phones), year, "业主");
            if self.random.below(2) == 0 {
                let spouse = self.drawn();
                add(&spouse.name, &spouse.phone, year + 1, "配偶");
            }
            if self.random.below(3) == 0 {
                add(&self.name(), "", year + 27, "子女");
            }
        }
        rows
    }
}

/// A row of the units' table; nobody is the developer.
fn row(building: &str, number: &str, area: &str, unit_use: &str, owners: &[Person]) -> Vec<String> {
    let joined = |cell: fn(&Person) -> &str| owners.iter().map(cell).collect::<Vec<_>>().join("、");
    let (names, kind) = if owners.is_empty() {
        ("绍兴演示置业有限公司".to_owned(), "开发商")
    } else {
        (joined(|owner| &owner.name), "个人")
    };
    let (id_numbers, phones) = (
        joined(|owner| &owner.id_number),
        joined(|owner| &owner.phone),
    );
    [
        building,
        number,
        area,
        "登记簿",
        unit_use,
        &names,
        &id_numbers,
        &phones,
        kind,
    ]
    .map(ToOwned::to_owned)
    .to_vec()
}

/// The 18th sign by GB 11643.
fn check_digit(body: &str) -> char {
    const WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
    let sum: u32 = body
        .chars()
        .zip(WEIGHTS)
        .map(|(digit, weight)| digit.to_digit(10).unwrap_or(0) * weight)
        .sum();
    let at = usize::try_from(sum % 11).unwrap_or(0);
    "10X98765432".chars().nth(at).unwrap_or('X')
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::import::{RollState, plan_import};

    #[test]
    fn a_demo_community_imports_without_a_fault_and_is_the_same_each_time() {
        let demo = community(&Randomness::from_number(1), 0);
        let again = community(&Randomness::from_number(1), 0);
        assert_eq!(
            (&demo.units, &demo.residents),
            (&again.units, &again.residents)
        );
        let plan = plan_import(
            &RollState::default(),
            &demo.units,
            Some(&demo.residents),
            2026,
        )
        .unwrap();
        assert_eq!(plan.units.len(), FLATS + SHOPS + PARKING_SPACES);
        assert_eq!(plan.buildings.len(), BUILDINGS + 2);
        assert!(!plan.needs_confirmation(), "{:?}", plan.warnings.first());
        let share = |count: usize| count * 1_000 / (FLATS + SHOPS);
        let homes = || plan.units.iter().take(FLATS + SHOPS);
        assert!((60..100).contains(&share(
            homes().filter(|unit| unit.owners.len() == 2).count()
        )));
        let developers = homes().filter(|unit| {
            plan.owners[unit.owners[0]].after.kind == crate::model::OwnerKind::Developer
        });
        assert!((20..60).contains(&share(developers.count())));
    }
}
