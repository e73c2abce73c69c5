//! The roll holds after everything that may be done to it, an erasure included, and an erased person's data put back
//! by hand is found.

use jiff::civil::date;
use people::commands::{
    Buyer, CorrectPerson, EndResidence, ErasePerson, LinkAccount, TransferUnit,
};
use people::model::{OwnerFacts, OwnerKind, PersonRef};

use crate::world::{COMMITTEE, OWNER, World, importing, small_roll, table};

on_both_engines!(
    a_roll_with_a_life_behind_it_holds,
    what_is_changed_beside_linli_is_found,
);

fn a_roll_with_a_life_behind_it_holds(world: &World) {
    live(world);
    assert_eq!(found(world, ""), Vec::<String>::new());
}

fn what_is_changed_beside_linli_is_found(world: &World) {
    live(world);
    for (tampering, words) in [
        (
            "update people_owner set phone = name, phone_index = name_index",
            &["people_owner", "does not say what entry"][..],
        ),
        (
            "update people_resident set birth_year = 1950",
            &["people_resident", "entry"],
        ),
        (
            "update people_resident set until = null",
            &["people_resident", "entry"],
        ),
        (
            "delete from people_resident",
            &["people_resident", "missing"],
        ),
        (
            "update people_household set unit_id = (select unit_id from people_unit order by unit_id desc limit 1)",
            &["people_household"],
        ),
        (
            "delete from people_ownership where revision = 1",
            &["people_ownership", "unit 1幢 101", "missing"],
        ),
    ] {
        let found = found(world, tampering);
        assert!(
            found
                .iter()
                .any(|line| words.iter().all(|word| line.contains(word))),
            "{tampering}: {found:#?}"
        );
    }
}

/// An import with residents, the same again, a correction, a sale, a moving out, an erasure of both who left.
fn live(world: &World) {
    let residents = table(
        "楼栋 | 房号 | 姓名 | 手机
         1幢 | 101 | 陈静 | 13600000001",
    );
    let import = || importing(small_roll(), Some(residents.clone()));
    world.run(COMMITTEE, import()).unwrap();
    world.run(COMMITTEE, import()).unwrap();
    let seller = PersonRef::Owner(world.owners("202")[0]);
    let link = LinkAccount {
        person: seller,
        account: OWNER.account(),
        evidence: "身份证核验".to_owned(),
    };
    world.run(COMMITTEE, link).unwrap();
    let correction = CorrectPerson {
        person: seller,
        name: Some("更正名".to_owned()),
        phone: None,
        reason: "核对".to_owned(),
    };
    world.run(COMMITTEE, correction).unwrap();
    let buyer = OwnerFacts {
        kind: OwnerKind::Person,
        name: "周杰".to_owned(),
        id_number: None,
        phone: Some("13700000001".to_owned()),
    };
    let sale = TransferUnit {
        unit: world.unit("202"),
        owners: vec![Buyer::New(buyer)],
        date: date(2026, 11, 20),
        evidence: "合同".to_owned(),
    };
    world.run(COMMITTEE, sale).unwrap();
    let unit = world.unit("101");
    let resident = world
        .read(COMMITTEE, move |read, ctx| {
            people::queries::unit(read, ctx, unit)
        })
        .unwrap()
        .residents[0]
        .id;
    let reason = "搬走".to_owned();
    world
        .run(COMMITTEE, EndResidence { resident, reason })
        .unwrap();
    for person in [seller, PersonRef::Resident(resident)] {
        let reason = "本人申请".to_owned();
        world
            .run(COMMITTEE, ErasePerson { person, reason })
            .unwrap();
    }
}

/// What the audit finds after a tampering, which is undone.
struct Undone(Vec<String>);

impl From<db::Error> for Undone {
    fn from(error: db::Error) -> Self {
        panic!("{error}");
    }
}

fn found(world: &World, tampering: &'static str) -> Vec<String> {
    let (community, key) = (world.community, world.journal.signer().verifying_key());
    let undone = world
        .journal
        .database()
        .write_blocking(community, move |tx| {
            if !tampering.is_empty() {
                assert!(tx.execute(tampering, &[])? > 0, "{tampering}");
            }
            let mut roll = people::Audit::new();
            journal::audit(tx, &World::vault(), &key, community, &mut |seen| {
                roll.see(seen);
                Ok(())
            })
            .unwrap();
            let proved = roll.compare(tx, community).unwrap();
            assert_eq!(proved.untold, 0);
            Err::<(), Undone>(Undone(proved.findings.lines().collect()))
        });
    undone.unwrap_err().0
}
