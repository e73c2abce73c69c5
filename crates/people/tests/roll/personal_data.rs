//! Personal data lies sealed, shows masked, and is read in full only with a trace.

use people::commands::{ExportRoll, PersonField, ReadPersonalData};
use people::model::PersonRef;
use people::{Error, queries};

use crate::world::{BUTLER, COMMITTEE, OWNER, World, small_roll};

on_both_engines!(
    reading_in_full_needs_a_reason_and_leaves_a_trace,
    only_what_is_asked_for_is_given,
    a_repeated_request_keeps_no_copy_in_the_open,
    no_entry_tells_a_name_in_public,
    an_export_is_masked,
    an_export_in_the_open_leaves_a_trace_and_imports_again,
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
