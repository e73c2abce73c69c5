//! What is found on drawn maps: rivers, islands, wrong datums, own lists, scenarios, sites.

use lifecircle::{Counted, Error, Found, ListKind, PlanChange, best_sites, shares};
use street_map::{Answer, Datum};
use walk::Position;

use crate::town::{at, degrees, inputs, own, two_banks};

fn analysed(map: Vec<u8>, lists: Vec<lifecircle::OwnList>) -> Found {
    Found::of(&inputs(map, lists), &|_| ()).unwrap()
}

fn kind(found: &Found, id: &str) -> usize {
    found
        .types
        .types
        .iter()
        .position(|kind| kind.id == id)
        .unwrap()
}

/// The building nearest to a place.
fn building(found: &Found, place: Position) -> usize {
    let all = found.map.buildings.iter().enumerate();
    all.min_by_key(|(_, one)| walk::distance_dm(one.position, place))
        .unwrap()
        .0
}

#[test]
fn a_school_across_a_river_without_a_bridge_is_far_and_with_one_it_is_near() {
    let south = at(46_500, -1100);
    for (bridge, expected) in [(false, Answer::Unmet), (true, Answer::Met)] {
        let found = analysed(two_banks(bridge), Vec::new());
        let school = kind(&found, "primary");
        let everyone = found.everyone().unwrap();
        assert_eq!(
            everyone.answer(school, building(&found, south)),
            expected,
            "bridge {bridge}"
        );
        assert_eq!(found.summary().islands, if bridge { 1 } else { 2 });
    }
}

#[test]
fn what_the_map_does_not_know_is_unknown_and_not_no() {
    let found = analysed(two_banks(true), Vec::new());
    let everyone = found.everyone().unwrap();
    let justice = kind(&found, "justice");
    assert!((0..20).all(|place| everyone.answer(justice, place) == Answer::Unknown));
    let share = shares(&found, everyone, Counted::Buildings, None)[justice];
    assert_eq!((share.met, share.unmet, share.unknown), (0, 0, 20));
}

#[test]
fn elders_come_less_far_in_the_same_minutes() {
    let found = analysed(two_banks(true), Vec::new());
    let kindergarten = kind(&found, "kindergarten");
    let met = |group: usize| {
        let group = &found.groups[group];
        (0..20)
            .filter(|place| group.answer(kindergarten, *place) == Answer::Met)
            .count()
    };
    assert!(met(0) > met(1) && met(1) > 0, "{} {}", met(0), met(1));
}

#[test]
fn people_districts_and_entrances_come_from_lists() {
    let place = |at: Position| degrees(at);
    let (lon, lat) = place(at(2100, -1100));
    let people = format!("经度,纬度,名称,人口,老年人口\n{lon},{lat},南一幢,120,30\n");
    let (lon, lat) = place(at(2100, -700));
    let (far_lon, far_lat) = place(at(20_000, 5000));
    let entrances = format!("lon,lat\n{lon},{lat}\n{far_lon},{far_lat}\n");
    let corner = |x, y| {
        let (lon, lat) = place(at(x, y));
        format!("[{lon},{lat}]")
    };
    let ring = [
        corner(-9000, -9000),
        corner(60_000, -9000),
        corner(60_000, 5000),
        corner(-9000, 5000),
        corner(-9000, -9000),
    ];
    let district = format!(
        r#"{{"type":"FeatureCollection","features":[{{"type":"Feature","properties":{{"name":"河南"}},"geometry":{{"type":"Polygon","coordinates":[[{}]]}}}}]}}"#,
        ring.join(",")
    );
    let lists = vec![
        own(ListKind::Buildings, Datum::Wgs84, &people),
        own(ListKind::Entrances, Datum::Wgs84, &entrances),
        own(ListKind::Districts, Datum::Wgs84, &district),
    ];
    let found = analysed(two_banks(true), lists);
    assert_eq!(
        found.map.buildings.len(),
        20,
        "the list's building is the map's"
    );
    let first = building(&found, at(2100, -1100));
    assert_eq!(found.map.buildings[first].name.as_deref(), Some("南一幢"));
    assert_eq!(found.residents[first].elders, Some(30));
    assert_eq!(found.map.buildings[first].entrances.len(), 1);
    assert_eq!(
        found.unplaced,
        [("list".to_owned(), "3".to_owned())],
        "an entrance of no building is named"
    );
    assert_eq!(found.district_of.iter().flatten().count(), 10);
    let everyone = found.everyone().unwrap();
    let south = shares(&found, everyone, Counted::Buildings, Some("河南"));
    assert_eq!(south[0].known(), 10);
    let of_people = shares(&found, everyone, Counted::People, None);
    assert_eq!(of_people[0].known(), 120);
}

#[test]
fn a_list_in_another_datum_lies_where_it_belongs() {
    let wanted = at(2000, -300);
    for datum in Datum::ALL {
        let (lon, lat) = degrees(datum.from_wgs84(wanted));
        let text = format!("经度,纬度,类型,名称\n{lon},{lat},司法所,南司法所\n");
        let found = analysed(
            two_banks(false),
            vec![own(ListKind::Facilities, datum, &text)],
        );
        let list = &found.map.facilities[kind(&found, "justice")];
        assert!(
            walk::distance_dm(list[0].position, wanted) <= 1,
            "{datum:?}"
        );
    }
}

#[test]
fn a_bridge_a_kindergarten_and_a_closed_gate_change_who_is_served() {
    let found = analysed(two_banks(false), Vec::new());
    let primary = kind(&found, "primary");
    let kindergarten = kind(&found, "kindergarten");
    let met = |found: &Found, kind: usize| {
        let everyone = found.everyone().unwrap();
        (0..20)
            .filter(|place| everyone.answer(kind, *place) == Answer::Met)
            .count()
    };
    let (from, to) = (at(50_000, 0), at(50_000, 10_000));
    let bridge = PlanChange::Way {
        lon_e7: from.lon_e7,
        lat_e7: from.lat_e7,
        to_lon_e7: to.lon_e7,
        to_lat_e7: to.lat_e7,
    };
    let bridged = found.changed(std::slice::from_ref(&bridge)).unwrap();
    assert!(met(&bridged, primary) > met(&found, primary));
    let spot = at(25_000, 200);
    let new = PlanChange::Facility {
        kind: "kindergarten".to_owned(),
        lon_e7: spot.lon_e7,
        lat_e7: spot.lat_e7,
    };
    let built = found.changed(&[new]).unwrap();
    assert!(met(&built, kindergarten) >= met(&found, kindergarten) + 8);
    let gate = at(42_500, 10_000);
    let closed = PlanChange::Closure {
        lon_e7: gate.lon_e7,
        lat_e7: gate.lat_e7,
    };
    let shut = found.changed(&[closed]).unwrap();
    assert!(met(&shut, primary) < met(&found, primary));
    let nowhere = at(25_000, 5000 + 90_000);
    let lost = PlanChange::Closure {
        lon_e7: nowhere.lon_e7,
        lat_e7: nowhere.lat_e7,
    };
    assert!(matches!(
        found.changed(&[bridge, lost]),
        Err(Error::NoWay { number: 2, .. })
    ));
}

#[test]
fn sites_serve_those_who_have_none_and_never_more_than_the_bound() {
    let found = analysed(two_banks(false), Vec::new());
    let justice = kind(&found, "justice");
    let chosen = best_sites(&found, justice, 5).unwrap();
    assert_eq!(
        (chosen.open, chosen.served, chosen.bound),
        (20, 20, 20),
        "two sites serve two banks"
    );
    assert_eq!(chosen.sites.len(), 2);
    let kindergarten = kind(&found, "kindergarten");
    let one = best_sites(&found, kindergarten, 1).unwrap();
    let gain = one.sites[0].gain;
    let place = one.sites[0].at;
    let new = PlanChange::Facility {
        kind: "kindergarten".to_owned(),
        lon_e7: place.lon_e7,
        lat_e7: place.lat_e7,
    };
    let built = found.changed(&[new]).unwrap();
    let met = |found: &Found| {
        let everyone = found.everyone().unwrap();
        (0..20)
            .filter(|place| everyone.answer(kindergarten, *place) == Answer::Met)
            .count()
    };
    assert_eq!(
        u64::try_from(met(&built) - met(&found)).unwrap(),
        gain,
        "what is promised is what is built"
    );
}

#[test]
fn a_damaged_map_says_what_is_wrong_with_it() {
    let whole = two_banks(true);
    for cut in [0, 3, 20, whole.len() / 2, whole.len() - 1] {
        let cut = inputs(whole[..cut].to_vec(), Vec::new());
        assert!(Found::of(&cut, &|_| ()).is_err());
    }
}
