//! Personal data lies sealed, shows masked, and is read in full only with a trace.

use jiff::civil::date;
use people::commands::{
    Buyer, CorrectPerson, EndResidence, ErasePerson, ExportRoll, PersonField, ReadPersonalData,
    TransferUnit,
};
use people::model::{OwnerFacts, OwnerKind, PersonRef};
use people::{Error, queries};

use crate::world::{BUTLER, COMMITTEE, OWNER, World, importing, small_roll, table};

on_both_engines!(
    reading_in_full_needs_a_reason_and_leaves_a_trace,
    only_what_is_asked_for_is_given,
    a_repeated_request_keeps_no_copy_in_the_open,
    no_entry_tells_a_name_in_public,
    an_export_is_masked,
    an_export_in_the_open_leaves_a_trace_and_imports_again,
    a_name_is_corrected_and_the_record_tells_only_that,
    a_former_owner_is_erased_and_the_record_still_holds,
    a_former_resident_is_erased,
);

fn asking(world: &World, fields: Vec<PersonField>) -> ReadPersonalData {
    ReadPersonalData {
        person: PersonRef::Owner(world.owners("101")[0]),
        fields,
        reason: "漏水，需联系业主".to_owned(),
    }
}

fn reading_in_full_needs_a_reason_and_leaves_a_trace(world: &World) {
    world.import(&small_roll()).unwrap();
    let sealed = world
        .run(
            BUTLER,
            asking(world, vec![PersonField::Name, PersonField::Phone]),
        )
        .unwrap();
    let data = sealed.open(&World::vault(), world.community).unwrap();
    assert_eq!(
        (data.name.as_deref(), data.phone.as_deref()),
        (Some("王小明"), Some("13912341234"))
    );
    let (kind, public) = world.newest();
    assert_eq!(kind, "people.personal_data.read");
    assert!(
        public.contains("phone") && public.contains("漏水") && !public.contains("王小明"),
        "{public}"
    );
    let silent = ReadPersonalData {
        reason: "  ".to_owned(),
        ..asking(world, vec![PersonField::Phone])
    };
    assert!(matches!(
        world.run(BUTLER, silent),
        Err(Error::Field {
            field: "reason",
            ..
        })
    ));
    assert!(matches!(
        world.run(OWNER, asking(world, vec![PersonField::Phone])),
        Err(Error::Denied(_))
    ));
}

fn only_what_is_asked_for_is_given(world: &World) {
    world.import(&small_roll()).unwrap();
    let sealed = world
        .run(COMMITTEE, asking(world, vec![PersonField::Phone]))
        .unwrap();
    let data = sealed.open(&World::vault(), world.community).unwrap();
    assert_eq!((data.name, data.id_number), (None, None));
    assert!(matches!(
        world.run(COMMITTEE, asking(world, Vec::new())),
        Err(Error::Field {
            field: "fields",
            ..
        })
    ));
}

fn a_repeated_request_keeps_no_copy_in_the_open(world: &World) {
    world.import(&small_roll()).unwrap();
    let command = asking(world, vec![PersonField::Name, PersonField::Phone]);
    let answer = || {
        let mut ctx = world.ctx(COMMITTEE);
        ctx.idempotency_key = Some("once".to_owned());
        world
            .journal
            .execute_blocking(ctx, command.clone())
            .unwrap()
    };
    let (first, second) = (answer(), answer());
    assert_eq!(first, second);
    let stored = serde_json::to_string(&first).unwrap();
    assert!(
        !stored.contains("13912341234") && !stored.contains("王"),
        "{stored}"
    );
    assert!(second.open(&World::vault(), world.community).is_ok());
}

fn no_entry_tells_a_name_in_public(world: &World) {
    world.import(&small_roll()).unwrap();
    world
        .run(BUTLER, asking(world, vec![PersonField::Name]))
        .unwrap();
    for entry in world.entries() {
        for secret in ["王小明", "13912341234", "11010519491231002X", "李芳"] {
            assert!(
                !entry.public.contains(secret) && !entry.subject.contains(secret),
                "{}",
                entry.public
            );
        }
    }
}

fn an_export_is_masked(world: &World) {
    world.import(&small_roll()).unwrap();
    let export = world
        .read(COMMITTEE, |read, ctx| queries::export_rows(read, ctx))
        .unwrap();
    assert_eq!(export.rows.len(), 6);
    assert_eq!(export.rows[0].1[..3], ["1幢", "101", "89.53"]);
    assert_eq!(
        export.rows[0].1[5..8],
        ["王*明", "110***********002X", "139****1234"]
    );
    assert!(matches!(
        world.read(OWNER, |read, ctx| queries::export_rows(read, ctx)),
        Err(Error::Denied(_))
    ));
}

fn an_export_in_the_open_leaves_a_trace_and_imports_again(world: &World) {
    world.import(&small_roll()).unwrap();
    let export = || ExportRoll {
        reason: "年度核对名册".to_owned(),
    };
    let file = world
        .run(COMMITTEE, export())
        .unwrap()
        .open(&World::vault(), world.community)
        .unwrap();
    let (kind, public) = world.newest();
    assert_eq!(kind, "people.roll.exported");
    assert!(public.contains("年度核对名册"), "{public}");
    assert_eq!(
        file.rows[0].1[5..8],
        ["王小明", "11010519491231002X", "13912341234"]
    );
    let counts = world.import(&file).unwrap();
    assert_eq!(
        (
            counts.units.unchanged,
            counts.owners.unchanged,
            counts.transfers
        ),
        (6, 5, 0)
    );
    assert!(matches!(world.run(BUTLER, export()), Err(Error::Denied(_))));
}

fn in_full(world: &World, person: PersonRef) -> people::PersonalData {
    let fields = vec![PersonField::Name, PersonField::Phone, PersonField::IdNumber];
    let asked = ReadPersonalData {
        person,
        fields,
        reason: "核对".to_owned(),
    };
    let sealed = world.run(COMMITTEE, asked).unwrap();
    sealed.open(&World::vault(), world.community).unwrap()
}

fn a_name_is_corrected_and_the_record_tells_only_that(world: &World) {
    world.import(&small_roll()).unwrap();
    let person = PersonRef::Owner(world.owners("101")[0]);
    let correct = |name: Option<&str>, phone: Option<&str>| CorrectPerson {
        person,
        name: name.map(ToOwned::to_owned),
        phone: phone.map(ToOwned::to_owned),
        reason: "身份证核对".to_owned(),
    };
    let right = correct(Some(" 王晓明 "), Some("137 0000 0009"));
    world.run(COMMITTEE, right).unwrap();
    let (kind, public) = world.newest();
    assert_eq!(kind, "people.person.corrected");
    assert!(
        public.contains("name") && public.contains("phone"),
        "{public}"
    );
    assert!(
        !public.contains('王') && !public.contains("1370000"),
        "{public}"
    );
    let data = in_full(world, person);
    assert_eq!(data.name.as_deref(), Some("王晓明"));
    assert_eq!(data.phone.as_deref(), Some("13700000009"));
    let same = correct(Some("王晓明"), None);
    assert!(matches!(
        world.run(COMMITTEE, same),
        Err(Error::NothingToChange)
    ));
    let wrong = correct(None, Some("12"));
    let refused = world.run(COMMITTEE, wrong);
    assert!(matches!(refused, Err(Error::Field { field: "phone", .. })));
    let blank = correct(Some("  "), None);
    let refused = world.run(COMMITTEE, blank);
    assert!(matches!(refused, Err(Error::Field { field: "name", .. })));
}

fn a_former_owner_is_erased_and_the_record_still_holds(world: &World) {
    world.import(&small_roll()).unwrap();
    let (unit, owner) = (world.unit("202"), world.owners("202")[0]);
    let person = PersonRef::Owner(owner);
    let erase = || ErasePerson {
        person,
        reason: "房屋已转让，本人申请".to_owned(),
    };
    let refused = world.run(COMMITTEE, erase());
    assert!(matches!(refused, Err(Error::StillOnRoll { .. })));
    let corrected = CorrectPerson {
        person,
        name: Some("更正名".to_owned()),
        phone: None,
        reason: "核对".to_owned(),
    };
    world.run(COMMITTEE, corrected).unwrap();
    let corrected_at = world.entries().last().unwrap().position;
    let facts = OwnerFacts {
        kind: OwnerKind::Person,
        name: "周杰".to_owned(),
        id_number: None,
        phone: Some("13700000001".to_owned()),
    };
    let sale = TransferUnit {
        unit,
        owners: vec![Buyer::New(facts)],
        date: date(2026, 11, 20),
        evidence: "合同".to_owned(),
    };
    world.run(COMMITTEE, sale).unwrap();
    world.run(COMMITTEE, erase()).unwrap();

    let data = in_full(world, person);
    assert_eq!(data.name.as_deref(), Some("×××"));
    assert_eq!((data.phone, data.id_number), (None, None));
    let (community, vault) = (world.community, World::vault());
    let forgotten = world
        .read(COMMITTEE, move |read, _| {
            Ok(journal::private_part(
                read,
                &vault,
                community,
                corrected_at,
            )?)
        })
        .unwrap();
    assert!(
        forgotten.is_none(),
        "what the correction said before is gone"
    );
    let found = world
        .read(COMMITTEE, |read, ctx| {
            queries::find_people(read, ctx, "×××")
        })
        .unwrap();
    assert!(
        found.is_empty(),
        "nobody is found by what stands in place of a name"
    );
    let history = world
        .read(COMMITTEE, move |read, ctx| queries::unit(read, ctx, unit))
        .unwrap();
    assert_eq!(history.ownerships.len(), 2, "that someone owned it stays");
    let erased = world.entries();
    let erased = erased
        .iter()
        .find(|entry| entry.kind == "people.person.erased");
    assert_eq!(erased.unwrap().subject, person.subject());
}

fn a_former_resident_is_erased(world: &World) {
    let residents =
        table("楼栋|房号|姓名|手机|出生年份|关系\n1幢|101|王小明|13912341234|1949|业主");
    world
        .run(COMMITTEE, importing(small_roll(), Some(residents)))
        .unwrap();
    let unit = world.unit("101");
    let view = || {
        world
            .read(COMMITTEE, move |read, ctx| queries::unit(read, ctx, unit))
            .unwrap()
    };
    let resident = view().residents[0].id;
    let erase = || ErasePerson {
        person: PersonRef::Resident(resident),
        reason: "已迁出".to_owned(),
    };
    let refused = world.run(COMMITTEE, erase());
    assert!(matches!(refused, Err(Error::StillOnRoll { .. })));
    let reason = "搬走".to_owned();
    world
        .run(COMMITTEE, EndResidence { resident, reason })
        .unwrap();
    assert_eq!(view().former_residents[0].name, "王*明");
    world.run(COMMITTEE, erase()).unwrap();
    let former = view().former_residents.remove(0);
    assert_eq!(
        (former.name.as_str(), former.phone, former.birth_year),
        ("×*×", None, None)
    );
}
