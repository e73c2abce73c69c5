//! Participatory budgets: from the call for proposals to the last report.

use ballot::pabulib::Rule;
use kernel::{Problem as _, Timestamp, Window};
use polls::{
    Ballots, ChangePoll, CheckProposal, CommentOn, CountPoll, Counted, Entitled, Error, OpenRound,
    Picture, PollId, ProposalId, ProposalText, Propose, PublishPoll, PutToVote, Report,
    ReportProgress, RoundId, RoundStage, RoundTerms, State, VoteTerms, WithdrawPoll,
    WithdrawProposal,
};
use test_kit::on_both_engines;

use crate::world::{COMMITTEE, KEY, LI, WANG, World, ZHAO};

on_both_engines! { crate::world::World::on_sqlite(), crate::world::World::on_postgres();
    proposals_are_made_checked_voted_and_reported_on,
    what_stands_on_a_ballot_does_not_change,
    proposals_and_comments_keep_their_limits,
    points_and_rankings_count_by_every_rule_and_export_alike,
}

const FENS: [i64; 3] = [600_000, 400_000, 400_000];

fn text(title: &str, cost_fen: i64) -> ProposalText {
    ProposalText {
        title: title.to_owned(),
        body: "给老人歇脚。".to_owned(),
        place: "北门".to_owned(),
        category: "公共设施".to_owned(),
        cost_fen,
    }
}

fn opened(world: &World) -> RoundId {
    let terms = RoundTerms {
        title: "2026 年公共收益怎么花".to_owned(),
        body: "每项不超过一万元。".to_owned(),
        budget_fen: 1_000_000,
        closes: world.now().plus_days(21),
    };
    world.must(COMMITTEE, OpenRound { terms })
}

/// A round with three feasible proposals of Wang's and one that is not.
fn checked(world: &World) -> (RoundId, Vec<ProposalId>) {
    let round = opened(world);
    let mut all = Vec::new();
    for (title, fen) in ["长椅; \"旧\"樟树下", "路灯", "种树"].into_iter().zip(FENS) {
        world.set_now(world.now().plus_seconds(1));
        let proposal = text(title, fen);
        all.push(world.must(WANG, Propose { round, proposal }));
    }
    for (proposal, fen) in all.iter().copied().zip(FENS) {
        world.must(COMMITTEE, check(round, proposal, true, fen));
    }
    let proposal = text("建游泳池", 90_000_000);
    let pool = world.must(LI, Propose { round, proposal });
    world.must(COMMITTEE, check(round, pool, false, 90_000_000));
    (round, all)
}

fn check(round: RoundId, proposal: ProposalId, feasible: bool, cost_fen: i64) -> CheckProposal {
    CheckProposal {
        round,
        proposal,
        feasible,
        cost_fen,
        reason: "现场看过。".to_owned(),
    }
}

fn terms(world: &World, rule: Rule, ballots: Ballots) -> VoteTerms {
    let opens = Timestamp::start_of(world.now().plus_days(7).date());
    VoteTerms {
        rule,
        ballots,
        max_projects: 2,
        max_points: 10,
        threshold: 0,
        entitled: Entitled::Residents,
        min_age: 18,
        window: Window {
            opens,
            closes: opens.plus_days(7),
        },
    }
}

/// Published and open.
fn on_ballot(world: &World, round: RoundId, rule: Rule, ballots: Ballots) -> PollId {
    let terms = terms(world, rule, ballots);
    let opens = terms.window.opens;
    let poll = world.must(COMMITTEE, PutToVote { round, terms });
    let key = KEY.to_vec();
    world.must(COMMITTEE, PublishPoll { poll, key });
    world.set_now(opens.plus_seconds(60));
    poll
}

/// The engine's own example of three voters, without its fourth.
fn vote(world: &World, poll: PollId, choices: [&str; 3]) {
    let voters = [(WANG, "101", 1970), (LI, "102", 1985), (ZHAO, "201", 1990)];
    for ((who, unit, born), choice) in voters.into_iter().zip(choices) {
        world.vote(who, poll, world.elector(unit, born), choice);
    }
    world.close(poll);
    world.must(COMMITTEE, CountPoll { poll });
}

fn funded(world: &World, poll: PollId) -> polls::Funded {
    let view = world
        .read(WANG, move |read, ctx| polls::view(read, ctx, poll))
        .unwrap();
    match view.counted.unwrap() {
        Counted::Funded(funded) => funded,
        Counted::Chosen(_) => panic!("a budget was counted as a choice"),
    }
}

fn proposals_are_made_checked_voted_and_reported_on(world: &World) {
    let (round, proposals) = checked(world);
    let comment = CommentOn {
        round,
        proposal: proposals[0],
        text: "支持！𠮷祥🌳".to_owned(),
    };
    world.must(LI, comment);
    let poll = on_ballot(world, round, Rule::EqualShares, Ballots::Approval);
    let view = world
        .read(WANG, move |read, ctx| polls::view(read, ctx, poll))
        .unwrap();
    assert_eq!(view.poll.draft.options.len(), 3, "the feasible ones");
    vote(world, poll, ["1,2", "1,3", "1"]);
    let result = funded(world, poll);
    // Each has 3,333.33 yuan; the benches cost each supporter 2,000, and 1,333.33 are left each.
    assert_eq!(result.winners, [0]);
    assert_eq!((result.ballots, result.projects[0].votes), (3, 3));
    assert_eq!(result.projects[0].why, "bought");
    let lost = &result.projects[1];
    assert_eq!(lost.why, "too-little-money");
    let missing = lost.told.iter().find(|(name, _)| name == "missing");
    assert!(missing.unwrap().1.starts_with("2666.66"), "{lost:?}");
    let greedy = result
        .others
        .iter()
        .find(|other| other.rule == Rule::Greedy);
    assert_eq!(greedy.unwrap().winners, [0, 1]);
    let report = |proposal, picture: Option<&[u8]>| ReportProgress {
        round,
        proposal,
        report: Report {
            state: State::Delayed,
            spent_fen: 120_000,
            text: "木料晚到，改到六月底。".to_owned(),
        },
        picture: picture.map(|content| Picture {
            shows: "装了一半的长椅".to_owned(),
            content: content.to_vec(),
        }),
    };
    let svg = world.run(COMMITTEE, report(proposals[0], Some(b"<svg/>")));
    assert!(matches!(svg, Err(Error::Picture)));
    let lost = world.run(COMMITTEE, report(proposals[1], None));
    assert!(matches!(lost, Err(Error::NotFunded)));
    let jpeg: &[u8] = &[0xFF, 0xD8, 0xFF, 0xE0, 1];
    let id = world.must(COMMITTEE, report(proposals[0], Some(jpeg)));
    let first = proposals[0];
    let view = world
        .read(LI, move |read, ctx| {
            polls::proposal(read, ctx, round, first, None)
        })
        .unwrap();
    assert_eq!(view.round.stage, RoundStage::Decided);
    assert_eq!(view.reports[0].report.state, State::Delayed);
    assert_eq!(view.comments[0].text, "支持！𠮷祥🌳");
    let oldest = view.comments.last().map(|comment| comment.id);
    let before = world.read(LI, move |read, ctx| {
        polls::proposal(read, ctx, round, first, oldest)
    });
    let before = before.unwrap();
    assert_eq!((before.comments.len(), before.older), (0, None));
    let picture = world.read(LI, move |read, ctx| {
        polls::report_picture(read, ctx, first, id)
    });
    assert_eq!(picture.unwrap(), ("image/jpeg".to_owned(), jpeg.to_vec()));
    crate::tampering::holds(world);
    for tampering in [
        "update budget_proposal set cost_fen = 1",
        "update budget_check set feasible = true where cost_fen = 90000000",
        "delete from budget_comment",
        "update budget_report set content = sha256",
        "update budget_round set budget_fen = 1",
        "delete from budget_ballot",
    ] {
        assert!(
            !crate::tampering::audited(world, tampering).is_empty(),
            "{tampering}"
        );
    }
}

fn what_stands_on_a_ballot_does_not_change(world: &World) {
    let (round, proposals) = checked(world);
    let poll = on_ballot(world, round, Rule::Greedy, Ballots::Approval);
    let dearer = world.run(COMMITTEE, check(round, proposals[0], true, 700_000));
    assert!(matches!(dearer, Err(Error::OnBallot)));
    let reason = "搬走了".to_owned();
    let gone = WithdrawProposal {
        round,
        proposal: proposals[0],
        reason: reason.clone(),
    };
    assert!(matches!(world.run(WANG, gone), Err(Error::OnBallot)));
    let view = world
        .read(WANG, move |read, ctx| polls::view(read, ctx, poll))
        .unwrap();
    let mut draft = view.poll.draft;
    draft.options[0].project.as_mut().unwrap().cost_fen = 1;
    let changed = world.run(COMMITTEE, ChangePoll { poll, draft });
    assert!(changed.is_err());
    let again = PutToVote {
        round,
        terms: terms(world, Rule::Greedy, Ballots::Approval),
    };
    assert!(matches!(world.run(COMMITTEE, again), Err(Error::OnBallot)));
    world.must(COMMITTEE, WithdrawPoll { poll, reason });
    world.must(COMMITTEE, check(round, proposals[0], true, 700_000));
    on_ballot(world, round, Rule::Greedy, Ballots::Approval);
}

fn proposals_and_comments_keep_their_limits(world: &World) {
    let round = opened(world);
    let nothing = PutToVote {
        round,
        terms: terms(world, Rule::Greedy, Ballots::Approval),
    };
    assert!(matches!(
        world.run(COMMITTEE, nothing),
        Err(Error::NothingFeasible)
    ));
    let proposal = world.must(
        WANG,
        Propose {
            round,
            proposal: text("长椅", 600_000),
        },
    );
    let reason = "改主意了".to_owned();
    let others = WithdrawProposal {
        round,
        proposal,
        reason: reason.clone(),
    };
    assert!(matches!(world.run(LI, others), Err(Error::OthersProposal)));
    let comment = |text: &str| CommentOn {
        round,
        proposal,
        text: text.to_owned(),
    };
    for number in 0..10 {
        world.must(LI, comment(&format!("第 {number} 条")));
    }
    let spam = world.run(LI, comment("再一条"));
    assert!(matches!(spam, Err(Error::TooManyComments { max: 10 })));
    world.must(ZHAO, comment("别人还可以"));
    let own = WithdrawProposal {
        round,
        proposal,
        reason,
    };
    world.must(WANG, own);
    world.set_now(world.now().plus_days(21));
    let late = Propose {
        round,
        proposal: text("太晚了", 1),
    };
    assert!(matches!(world.run(WANG, late), Err(Error::TooLate)));
    let free = Propose {
        round,
        proposal: text("不要钱", 0),
    };
    assert_eq!(
        world.run(WANG, free).unwrap_err().code(),
        "polls-error-money"
    );
}

fn points_and_rankings_count_by_every_rule_and_export_alike(world: &World) {
    let rules = [
        Rule::Greedy,
        Rule::GreedyThreshold,
        Rule::GreedyNoSkip,
        Rule::EqualShares,
        Rule::EqualSharesAdd1,
        Rule::Phragmen,
    ];
    let kinds = [
        (Ballots::Points, ["1:4,2:6", "3:10", ""]),
        (Ballots::Ranking, ["2,1", "3,1", "1"]),
        (Ballots::Approval, ["1,2", "2,3", ""]),
    ];
    for (place, rule) in rules.into_iter().enumerate() {
        let (round, _) = checked(world);
        let (ballots, choices) = kinds[place % 3];
        let poll = on_ballot(world, round, rule, ballots);
        vote(world, poll, choices);
        let result = funded(world, poll);
        let file = world
            .read(WANG, move |read, ctx| polls::pabulib_file(read, ctx, poll))
            .unwrap();
        let election = ballot::pabulib::parse(file.as_bytes()).unwrap();
        assert_eq!(election.warnings, Vec::<String>::new(), "{file}");
        let tally = ballot::pabulib::tally(&election, None).unwrap();
        assert_eq!(tally.rule, rule, "the file names the rule");
        let winners: Vec<String> = result
            .winners
            .iter()
            .map(|won| (won + 1).to_string())
            .collect();
        assert_eq!(tally.selected, winners);
        let mut marked = election.official_winners();
        marked.sort_unstable();
        let mut sorted = winners.clone();
        sorted.sort_unstable();
        assert_eq!(marked, sorted, "winners are marked");
    }
}
