//! What publication demands and freezes.

use ballot::resolution::Choice;
use decisions::{
    AddAttachment, ChangeDraft, CountVotes, Draft, Error, Meeting, PublishResolution, Stage,
    WithdrawResolution,
};
use kernel::{Timestamp, Window};
use test_kit::on_both_engines;

use crate::world::{COMMITTEE, RESIDENT, WANG, World, open_rules};

on_both_engines! { crate::world::World::on_sqlite(), crate::world::World::on_postgres();
    notice_must_be_long_enough_by_the_rule_in_force,
    the_electorate_freezes_at_publication,
    what_is_published_cannot_be_changed,
    a_draft_is_seen_by_drafters_only,
    a_window_that_closes_before_it_opens_is_refused,
    an_attachment_that_a_browser_might_run_is_refused,
    a_withdrawn_resolution_takes_no_votes,
    a_window_that_may_be_a_slip_is_published_only_when_confirmed,
}

fn notice_must_be_long_enough_by_the_rule_in_force(world: &World) {
    let opens = Timestamp::start_of(world.now().plus_days(15).date());
    let window = Window {
        opens,
        closes: opens.plus_days(10),
    };
    let draft = Draft {
        window,
        meeting: Meeting::Regular,
        ..world.draft()
    };
    let id = world.must(
        COMMITTEE,
        decisions::DraftResolution {
            draft: draft.clone(),
        },
    );
    match world.run(
        COMMITTEE,
        PublishResolution {
            resolution: id,
            is_confirmed: false,
        },
    ) {
        Err(Error::NoticeTooShort {
            required: 15,
            citation,
            ..
        }) => assert!(!citation.is_empty()),
        other => panic!("{other:?}"),
    }
    let opens = opens.plus_days(1);
    let draft = Draft {
        window: Window {
            opens,
            closes: opens.plus_days(10),
        },
        ..draft
    };
    world.must(
        COMMITTEE,
        ChangeDraft {
            resolution: id,
            draft,
        },
    );
    let number = world.must(
        COMMITTEE,
        PublishResolution {
            resolution: id,
            is_confirmed: false,
        },
    );
    assert_eq!(number, "2026-1");
}

fn the_electorate_freezes_at_publication(world: &World) {
    world.adopt(open_rules());
    let id = world.open();
    world.import(&[("101", "500", "郑新", "13900000099")]);
    // 王 sold after publication and still votes; the buyer does not; the area is the frozen one.
    world.cast(WANG, id, "101", Choice::For).unwrap();
    world.close(id);
    world.must(COMMITTEE, CountVotes { resolution: id });
    let total = world
        .read(WANG, move |read, ctx| decisions::result(read, ctx, id))
        .unwrap()
        .outcome
        .total;
    assert_eq!((total.heads, total.area.get()), (7, 80_000));
}

fn what_is_published_cannot_be_changed(world: &World) {
    let id = world.published();
    let draft = world.draft();
    let changed = world.run(
        COMMITTEE,
        ChangeDraft {
            resolution: id,
            draft,
        },
    );
    assert!(
        matches!(
            changed,
            Err(Error::WrongStage {
                stage: Stage::Notice,
                ..
            })
        ),
        "{changed:?}"
    );
    let again = world.run(
        COMMITTEE,
        PublishResolution {
            resolution: id,
            is_confirmed: false,
        },
    );
    assert!(matches!(again, Err(Error::WrongStage { .. })), "{again:?}");
}

fn a_draft_is_seen_by_drafters_only(world: &World) {
    let id = world.drafted();
    let seen = |who| {
        world
            .read(who, move |read, ctx| decisions::view(read, ctx, id))
            .err()
    };
    assert!(seen(COMMITTEE).is_none());
    assert!(matches!(seen(WANG), Some(Error::NoSuchResolution)));
    let listed = world
        .read(RESIDENT, |read, ctx| {
            decisions::resolutions(read, ctx, None)
        })
        .unwrap();
    assert!(listed.is_empty());
}

fn a_window_that_closes_before_it_opens_is_refused(world: &World) {
    let draft = world.draft();
    let window = Window {
        opens: draft.window.closes,
        closes: draft.window.opens,
    };
    let refused = world.run(
        COMMITTEE,
        decisions::DraftResolution {
            draft: Draft { window, ..draft },
        },
    );
    assert!(matches!(refused, Err(Error::WindowReversed)), "{refused:?}");
}

fn an_attachment_that_a_browser_might_run_is_refused(world: &World) {
    let id = world.drafted();
    let file = |media_type: &str, content: &[u8]| AddAttachment {
        resolution: id,
        evidence: false,
        name: "合同.pdf".to_owned(),
        media_type: media_type.to_owned(),
        content: content.to_vec(),
    };
    let page = world.run(COMMITTEE, file("text/html", b"<script>"));
    assert!(
        matches!(page, Err(Error::AttachmentType { .. })),
        "{page:?}"
    );
    let empty = world.run(COMMITTEE, file("application/pdf", b""));
    assert!(
        matches!(empty, Err(Error::AttachmentSize { .. })),
        "{empty:?}"
    );
    let attachment = world.must(COMMITTEE, file("application/pdf", b"%PDF-1.7"));
    let read = world
        .read(COMMITTEE, move |read, ctx| {
            decisions::attachment(read, ctx, id, attachment)
        })
        .unwrap();
    assert_eq!(read.2, b"%PDF-1.7");
}

fn a_withdrawn_resolution_takes_no_votes(world: &World) {
    let id = world.open();
    world.cast(WANG, id, "101", Choice::For).unwrap();
    let reason = "方案有误，重新征求意见。".to_owned();
    world.must(
        COMMITTEE,
        WithdrawResolution {
            resolution: id,
            reason,
        },
    );
    let refused = world.cast(WANG, id, "101", Choice::Against);
    assert!(
        matches!(
            refused,
            Err(Error::WrongStage {
                stage: Stage::Withdrawn,
                ..
            })
        ),
        "{refused:?}"
    );
}

fn a_window_that_may_be_a_slip_is_published_only_when_confirmed(world: &World) {
    let opens = world.draft().window.opens;
    let slips = [
        (opens, opens.plus_seconds(1)),
        (opens, opens.plus_days(400)),
        (opens.plus_days(3650), opens.plus_days(3670)),
    ];
    for (opens, closes) in slips {
        let draft = Draft {
            window: Window { opens, closes },
            ..world.draft()
        };
        let resolution = world.must(COMMITTEE, decisions::DraftResolution { draft });
        let publish = |is_confirmed| PublishResolution {
            resolution,
            is_confirmed,
        };
        let asked = world.run(COMMITTEE, publish(false));
        assert!(
            matches!(asked, Err(Error::UnusualWindow { .. })),
            "{asked:?}"
        );
        world.must(COMMITTEE, publish(true));
    }
}
