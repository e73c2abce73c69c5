//! What seems odd goes to a reviewer once, and takes nothing from anybody.

use timebank::{
    AcceptRequest, ConfirmVisit, EnterTimes, Error, RaiseSignals, Scheme, SettleSignal, SignKind,
    signals,
};

use crate::proof::prove;
use crate::world::{BUTLER, COMMITTEE, ELDER, HELPER, SECOND, World};

pub(crate) fn odd_visits_go_to_a_reviewer_and_are_refused_to_nobody(world: &World) {
    let town = world.open(Scheme::HangzhouXihu);
    let none = world.journal.execute_blocking(world.system(), RaiseSignals);
    assert!(matches!(none, Err(Error::NotOpen { .. })));
    // Staff enter by telephone two visits of one volunteer whose real times overlap, though what was booked did not.
    for (hours, from, to) in [(2, 0, 50), (1, -90, -30)] {
        let request = world.ask(ELDER, &town, hours);
        let visit = world.must(
            HELPER,
            AcceptRequest {
                request,
                for_team: false,
            },
        );
        let begins = world.now().plus_seconds(hours * 3_600);
        world.set_now(begins.plus_seconds(3_600));
        world.must(
            BUTLER,
            EnterTimes {
                visit,
                came: begins.plus_seconds(from * 60),
                left: begins.plus_seconds(to * 60),
            },
        );
        world.must(
            ELDER,
            ConfirmVisit {
                visit,
                longer: false,
            },
        );
    }
    assert_eq!(world.mine(HELPER).balance.earned, 110, "nothing is refused");
    world.set_now(world.now().plus_days(1));
    assert_eq!(world.system_does(RaiseSignals), 1);
    let again = world.journal.execute_blocking(world.system(), RaiseSignals);
    assert!(
        matches!(again, Err(Error::NotOpen { .. })),
        "it is raised once"
    );
    let open = world.read(COMMITTEE, signals).unwrap();
    assert_eq!((open.len(), open[0].kind), (1, SignKind::Clash));
    assert_eq!(open[0].names, ["李小雨"]);
    let settle = |note: &str| SettleSignal {
        signal: open[0].id,
        note: note.to_owned(),
    };
    let blank = world.run(COMMITTEE, settle(" "));
    assert!(matches!(blank, Err(Error::Blank { field: "note" })));
    assert!(matches!(
        world.run(HELPER, settle("我自己")),
        Err(Error::Denied(_))
    ));
    world.must(COMMITTEE, settle("电话核实：第二次登记错了时间"));
    let twice = world.run(SECOND, settle("再看一次"));
    assert!(matches!(twice, Err(Error::NotOpen { .. })));
    let settled = world.read(COMMITTEE, signals).unwrap();
    assert!(settled[0].note.as_ref().unwrap().starts_with("电话核实"));
    prove(world);
}
