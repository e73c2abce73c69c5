//! Paper ballots: handed out once, entered by two people, never more than were handed out.

use ballot::choosing::Method;
use polls::{ConfirmPaper, CountPoll, EnterPaper, Error, HandOutPaper};
use test_kit::on_both_engines;

use crate::world::{COMMITTEE, Phone, SECOND, WANG, World};

on_both_engines! { crate::world::World::on_sqlite(), crate::world::World::on_postgres();
    paper_counts_once_two_people_have_entered_the_same,
    who_has_paper_gets_no_credential_and_the_other_way_round,
}

fn paper_counts_once_two_people_have_entered_the_same(world: &World) {
    let poll = world.open(Method::Approval);
    for (unit, born) in [("101", 1972), ("201", 1990)] {
        let elector = world.elector(unit, born);
        world.must(COMMITTEE, HandOutPaper { poll, elector });
    }
    world.vote(WANG, poll, world.elector("101", 1970), "1");
    world.close(poll);
    let choices = |lines: &[&str]| {
        lines
            .iter()
            .map(|line| (*line).to_owned())
            .collect::<Vec<_>>()
    };
    let many = EnterPaper {
        poll,
        choices: choices(&["2", "2", "2"]),
    };
    let refused = world.run(COMMITTEE, many);
    assert!(matches!(
        refused,
        Err(Error::TooMuchPaper {
            entered: 3,
            handed_out: 2
        })
    ));
    let first = choices(&["2,3", "2"]);
    let paper = world.must(
        COMMITTEE,
        EnterPaper {
            poll,
            choices: first.clone(),
        },
    );
    let second = |choices| ConfirmPaper {
        poll,
        paper,
        choices,
    };
    assert!(matches!(
        world.run(COMMITTEE, second(first)),
        Err(Error::SamePerson)
    ));
    assert!(matches!(
        world.run(COMMITTEE, CountPoll { poll }),
        Err(Error::PaperWaits)
    ));
    let differs = world.run(SECOND, second(choices(&["2", "2"])));
    assert!(matches!(differs, Err(Error::PaperDiffers)));
    world.must(SECOND, second(choices(&["2", "2,3"])));
    let again = world.run(SECOND, second(choices(&["2", "2,3"])));
    assert!(matches!(again, Err(Error::NoSuchPaper)));
    assert_eq!(world.must(COMMITTEE, CountPoll { poll }), [1]);
    let view = world
        .read(WANG, move |read, ctx| polls::view(read, ctx, poll))
        .unwrap();
    let Some(polls::Counted::Chosen(chosen)) = view.counted else {
        panic!("a choice was counted as something else");
    };
    assert_eq!(chosen.scores, [1, 2, 1]);
}

fn who_has_paper_gets_no_credential_and_the_other_way_round(world: &World) {
    let poll = world.open(Method::Single);
    let elector = world.elector("101", 1970);
    world.must(COMMITTEE, HandOutPaper { poll, elector });
    let refused = world.collect(WANG, poll, elector, &Phone::new(1));
    assert!(matches!(refused, Err(Error::AlreadyCollected)));
    let again = world.run(COMMITTEE, HandOutPaper { poll, elector });
    assert!(matches!(again, Err(Error::AlreadyCollected)));
}
