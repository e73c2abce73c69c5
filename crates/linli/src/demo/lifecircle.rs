//! A life circle in the demo city: a made-up quarter on both banks of a river with one bridge, its lists and a scenario.

use std::fmt::Write as _;

use anyhow::Context as _;
use kernel::{CommunityId, Context};
use lifecircle::{
    CircleId, Found, ImportList, ImportMap, Inputs, ListKind, MapOutcome, NoteReading, OpenCircle,
    PlanChange, SaveScenario, read_list,
};
use street_map::{Datum, FacilityTypes, Sketch};
use walk::Position;

use super::maker::Maker;

/// The first number of the contexts made here.
const NUMBERS: u64 = 7_600_000;
/// The south-west corner, in 1e-7 degrees.
const WEST: i32 = 1_205_700_000;
const SOUTH: i32 = 299_900_000;
/// From street to street: about 180 m.
const BLOCK_EAST: i32 = 18_700;
const BLOCK_NORTH: i32 = 16_200;
const COLUMNS: i32 = 10;
const ROWS: i32 = 8;
/// The row of blocks that the river takes, and the street that crosses it.
const RIVER: i32 = 4;
const BRIDGE: i32 = 2;

/// What stands in a block: column, row, name, tag.
const FACILITIES: [(i32, i32, &str, (&str, &str)); 24] = [
    (1, 1, "东浦幼儿园", ("amenity", "kindergarten")),
    (6, 2, "鉴湖幼儿园", ("amenity", "kindergarten")),
    (2, 2, "东浦小学", ("amenity", "school")),
    (7, 6, "鉴湖学校", ("amenity", "school")),
    (3, 1, "东浦社区卫生服务站", ("amenity", "clinic")),
    (2, 6, "鉴湖医院", ("amenity", "hospital")),
    (4, 2, "东浦农贸市场", ("amenity", "marketplace")),
    (1, 3, "惠民便利店", ("shop", "convenience")),
    (5, 1, "邻家便利店", ("shop", "convenience")),
    (8, 3, "河沿便利店", ("shop", "convenience")),
    (3, 6, "城北便利店", ("shop", "convenience")),
    (4, 1, "东浦公园", ("leisure", "park")),
    (5, 6, "鉴湖公园", ("leisure", "park")),
    (3, 3, "东浦社区居委会", ("amenity", "community_centre")),
    (6, 1, "健身苑", ("leisure", "fitness_station")),
    (2, 3, "公交东浦站", ("highway", "bus_stop")),
    (6, 3, "公交河沿站", ("highway", "bus_stop")),
    (4, 6, "公交城北站", ("highway", "bus_stop")),
    (7, 1, "东浦地铁站", ("railway", "station")),
    (0, 2, "街道办事处", ("amenity", "townhall")),
    (5, 3, "农业银行", ("amenity", "bank")),
    (4, 3, "邮政所", ("amenity", "post_office")),
    (8, 1, "东浦图书馆", ("amenity", "library")),
    (7, 3, "河沿餐馆", ("amenity", "restaurant")),
];

/// Makes it by the commands that planners use.
pub(super) async fn make(maker: &Maker) -> anyhow::Result<()> {
    maker.say("生活圈");
    let mut acts = Acts {
        maker,
        number: NUMBERS,
    };
    let name = "东浦—鉴湖片区（虚构）".to_owned();
    let circle = maker.run(acts.next(), OpenCircle { name }).await?;
    let map = drawn();
    let number = maker
        .run(
            acts.next(),
            ImportMap::new(circle, "dongpu-made-up.osm.pbf", map.clone()),
        )
        .await?;
    let types = FacilityTypes::builtin()?;
    let inputs = Inputs {
        map,
        types: types.clone(),
        lists: Vec::new(),
    };
    let found = Found::of(&inputs, &|_| ())?;
    let outcome = MapOutcome::Read(found.summary());
    maker
        .run(
            acts.next(),
            NoteReading {
                circle,
                number,
                outcome,
            },
        )
        .await?;
    lists(&mut acts, circle, &types).await?;
    scenarios(&mut acts, circle).await
}

/// Who lives where, and the two banks.
async fn lists(acts: &mut Acts<'_>, circle: CircleId, types: &FacilityTypes) -> anyhow::Result<()> {
    for (kind, file_name, text) in [
        (ListKind::Buildings, "楼栋人口.csv", people()),
        (ListKind::Districts, "片区.geojson", districts()),
    ] {
        let list = read_list(kind, types, None, text.as_bytes())?;
        let import = ImportList {
            circle,
            kind,
            file_name: file_name.to_owned(),
            datum: Datum::Cgcs2000.name().to_owned(),
            swapped: false,
            list,
        };
        acts.run(import).await?;
    }
    Ok(())
}

/// A kindergarten north of the river, and a second bridge.
async fn scenarios(acts: &mut Acts<'_>, circle: CircleId) -> anyhow::Result<()> {
    let at = corner(6, RIVER + 2);
    let kindergarten = PlanChange::Facility {
        kind: "kindergarten".to_owned(),
        lon_e7: at.lon_e7 + BLOCK_EAST / 2,
        lat_e7: at.lat_e7,
    };
    let (from, to) = (corner(7, RIVER), corner(7, RIVER + 1));
    let bridge = PlanChange::Way {
        lon_e7: from.lon_e7,
        lat_e7: from.lat_e7,
        to_lon_e7: to.lon_e7,
        to_lat_e7: to.lat_e7,
    };
    for (name, change) in [
        ("河北新建幼儿园", kindergarten),
        ("东侧加一座人行桥", bridge),
    ] {
        let scenario = SaveScenario {
            circle,
            name: name.to_owned(),
            changes: vec![change],
        };
        acts.run(scenario).await.context("a demo scenario")?;
    }
    Ok(())
}

/// Contexts of the city's own, one after another.
struct Acts<'m> {
    maker: &'m Maker,
    number: u64,
}

impl Acts<'_> {
    async fn run<C: journal::Command>(&mut self, command: C) -> anyhow::Result<C::Outcome>
    where
        C::Error: std::error::Error + Send + Sync,
    {
        let ctx = self.next();
        self.maker.run(ctx, command).await
    }

    fn next(&mut self) -> Context {
        self.number += 1;
        self.maker
            .system(CommunityId::CITY, self.maker.days_ago(9), self.number)
    }
}

/// Where two streets cross.
fn corner(column: i32, row: i32) -> Position {
    Position {
        lon_e7: WEST + column * BLOCK_EAST,
        lat_e7: SOUTH + row * BLOCK_NORTH,
    }
}

/// Streets around blocks, walled blocks with a gate and a lane, houses, facilities; one bridge.
fn drawn() -> Vec<u8> {
    let mut sketch = Sketch::new();
    let mut crossings = Vec::new();
    for row in 0..=ROWS {
        let line: Vec<i64> = (0..=COLUMNS)
            .map(|column| sketch.node(corner(column, row), &[]))
            .collect();
        crossings.push(line);
    }
    for line in &crossings {
        sketch.way(line, &[("highway", "residential")]);
    }
    for (column, place) in (0..=COLUMNS).zip(0_usize..) {
        let up: Vec<i64> = crossings
            .iter()
            .filter_map(|line| line.get(place).copied())
            .collect();
        let bank = usize::try_from(RIVER).unwrap_or(0);
        let (south, north) = up.split_at_checked(bank + 1).unwrap_or((&up, &[]));
        if column == BRIDGE {
            sketch.way(&up, &[("highway", "residential")]);
        } else {
            sketch.way(south, &[("highway", "residential")]);
            sketch.way(north, &[("highway", "residential")]);
        }
    }
    for (row, line) in (0..ROWS).zip(&crossings) {
        if row == RIVER {
            continue;
        }
        for (column, [from, east]) in (0..COLUMNS).zip(line.array_windows()) {
            block(&mut sketch, column, row, (*from, *east));
        }
    }
    for (column, row, name, tag) in FACILITIES {
        let at = corner(column, row);
        let at = Position {
            lon_e7: at.lon_e7 + BLOCK_EAST / 3 + 700 * (column % 3),
            lat_e7: at.lat_e7 + 700,
        };
        sketch.node(at, &[tag, ("name", name)]);
    }
    sketch.to_pbf()
}

/// A lane from the block's corner to its middle, and eight houses along it; every third block has a locked gate in the lane.
fn block(sketch: &mut Sketch, column: i32, row: i32, (from, east): (i64, i64)) {
    let base = corner(column, row);
    let inside = |east: i32, north: i32| Position {
        lon_e7: base.lon_e7 + BLOCK_EAST * east / 100,
        lat_e7: base.lat_e7 + BLOCK_NORTH * north / 100,
    };
    let closed: &[(&str, &str)] = &[("barrier", "gate"), ("access", "private")];
    let gate = if (column + row) % 3 == 0 { closed } else { &[] };
    let lane = [
        from,
        sketch.node(inside(20, 20), gate),
        sketch.node(inside(50, 50), &[]),
        sketch.node(inside(80, 50), &[]),
    ];
    sketch.way(&lane, &[("highway", "footway")]);
    if gate.len() > 1 {
        // The gate that is open to all lies on the far side.
        let last = lane.last().copied().unwrap_or(from);
        sketch.way(&[last, east], &[("highway", "footway")]);
    }
    for house in 0..8 {
        let (east, north) = (15 + house % 4 * 20, 28 + house / 4 * 38);
        let corners: Vec<i64> = [(0, 0), (14, 0), (14, 12), (0, 12)]
            .map(|(x, y)| sketch.node(inside(east + x, north + y), &[]))
            .to_vec();
        let outline: Vec<i64> = corners.iter().chain(corners.first()).copied().collect();
        let name = format!("{}弄{}幢", row * COLUMNS + column + 1, house + 1);
        let levels = (6 + (column * 5 + row * 3 + house) % 13).to_string();
        sketch.way(
            &outline,
            &[
                ("building", "apartments"),
                ("name", &name),
                ("building:levels", &levels),
            ],
        );
    }
}

/// Who lives in the houses south of the river and in some of those north of it: the rest is not known.
fn people() -> String {
    let mut text = String::from("名称,经度,纬度,人口,老年人口\n");
    for row in (0..ROWS).filter(|row| *row != RIVER && *row < ROWS - 1) {
        for column in 0..COLUMNS {
            for house in 0..8 {
                let base = corner(column, row);
                let lon_e7 = base.lon_e7 + BLOCK_EAST * (22 + house % 4 * 20) / 100;
                let lat_e7 = base.lat_e7 + BLOCK_NORTH * (34 + house / 4 * 38) / 100;
                let people = 60 + (column * 7 + row * 11 + house * 5) % 90;
                let elders = people * (12 + (column + row * 2) % 22) / 100;
                let name = format!("{}弄{}幢", row * COLUMNS + column + 1, house + 1);
                let [lon, lat] = [lon_e7, lat_e7]
                    .map(|e7| format!("{}.{:07}", e7 / 10_000_000, e7 % 10_000_000));
                // Writing to a String cannot fail.
                let _ = writeln!(text, "{name},{lon},{lat},{people},{elders}");
            }
        }
    }
    text
}

/// Both banks.
fn districts() -> String {
    let ring = |from: i32, to: i32| {
        let corners = [
            (0, from),
            (COLUMNS, from),
            (COLUMNS, to),
            (0, to),
            (0, from),
        ];
        let corner = |(column, row): (i32, i32)| {
            let at = corner(column, row);
            format!(
                "[{:.7},{:.7}]",
                f64::from(at.lon_e7) / 1e7,
                f64::from(at.lat_e7) / 1e7
            )
        };
        corners.map(corner).join(",")
    };
    let feature = |name: &str, ring: String| {
        format!(
            r#"{{"type":"Feature","properties":{{"name":"{name}"}},"geometry":{{"type":"Polygon","coordinates":[[{ring}]]}}}}"#
        )
    };
    format!(
        r#"{{"type":"FeatureCollection","features":[{},{}]}}"#,
        feature("河南", ring(0, RIVER)),
        feature("河北", ring(RIVER + 1, ROWS)),
    )
}
