//! Whoever lacks a permission is refused, command by command; nobody but Linli puts ballots into the box.

use ballot::choosing::Method;
use journal::Command;
use kernel::{Actor, Grants};
use polls::{
    Ballots, COMMANDS, CastBallot, ChangePoll, CheckProposal, CollectCredential, CommentOn,
    ConfirmPaper, CountPoll, DraftPoll, EnterPaper, Entitled, Error, HandOutPaper, OpenRound,
    PaperId, ProposalId, ProposalText, Propose, PublishPoll, PutToVote, Report, ReportProgress,
    RoundId, RoundTerms, State, VoteTerms, WithdrawPoll, WithdrawProposal,
};

use crate::world::{COMMITTEE, KEY, Phone, WANG, World};

/// Sends a command without any permission and notes its name.
fn refused<C: Command<Error = Error>>(world: &World, tried: &mut Vec<&'static str>, command: C) {
    let ctx = world.context_with(Actor::account(WANG.account()), Grants::default());
    let outcome = world.journal.execute_blocking(ctx, command);
    assert!(
        matches!(outcome.err(), Some(Error::Denied(_))),
        "{} was not refused",
        C::NAME
    );
    tried.push(C::NAME);
}

/// The commands of participatory budgets.
fn refuse_budgets(world: &World, tried: &mut Vec<&'static str>) {
    let round = RoundId::from_uuid(kernel::Uuid::nil());
    let proposal = ProposalId::from_uuid(kernel::Uuid::nil());
    let (text, reason) = (String::new, String::new);
    let terms = RoundTerms {
        title: text(),
        body: text(),
        budget_fen: 0,
        closes: world.now(),
    };
    refused(world, tried, OpenRound { terms });
    let made = ProposalText {
        title: text(),
        body: text(),
        place: text(),
        category: text(),
        cost_fen: 0,
    };
    refused(
        world,
        tried,
        Propose {
            round,
            proposal: made,
        },
    );
    let withdrawal = WithdrawProposal {
        round,
        proposal,
        reason: reason(),
    };
    refused(world, tried, withdrawal);
    let comment = CommentOn {
        round,
        proposal,
        text: text(),
    };
    refused(world, tried, comment);
    let check = CheckProposal {
        round,
        proposal,
        feasible: true,
        cost_fen: 0,
        reason: reason(),
    };
    refused(world, tried, check);
    let terms = VoteTerms {
        rule: ballot::pabulib::Rule::Greedy,
        ballots: Ballots::Approval,
        max_projects: 0,
        max_points: 0,
        threshold: 0,
        entitled: Entitled::Residents,
        min_age: 0,
        window: world.draft(Method::Single).window,
    };
    refused(world, tried, PutToVote { round, terms });
    let report = ReportProgress {
        round,
        proposal,
        report: Report {
            state: State::Done,
            spent_fen: 0,
            text: text(),
        },
        picture: None,
    };
    refused(world, tried, report);
}

#[test]
fn every_command_is_denied_without_its_permission() {
    let world = World::on_sqlite();
    let poll = world.open(Method::Single);
    let draft = || world.draft(Method::Single);
    let elector = world.elector("101", 1970);
    let ballot = Phone::new(1).ballot(poll, "1", vec![0; 256]);
    let choices = || vec!["1".to_owned()];
    let mut tried = Vec::new();
    let tried = &mut tried;
    refused(&world, tried, DraftPoll { draft: draft() });
    refused(
        &world,
        tried,
        ChangePoll {
            poll,
            draft: draft(),
        },
    );
    refused(
        &world,
        tried,
        PublishPoll {
            poll,
            key: KEY.to_vec(),
        },
    );
    refused(
        &world,
        tried,
        WithdrawPoll {
            poll,
            reason: "x".to_owned(),
        },
    );
    refused(
        &world,
        tried,
        CollectCredential {
            poll,
            elector,
            blinded: vec![1; 256],
        },
    );
    refused(
        &world,
        tried,
        CastBallot {
            poll,
            ballot: ballot.clone(),
        },
    );
    refused(&world, tried, HandOutPaper { poll, elector });
    refused(
        &world,
        tried,
        EnterPaper {
            poll,
            choices: choices(),
        },
    );
    let paper = PaperId::from_uuid(poll.uuid());
    refused(
        &world,
        tried,
        ConfirmPaper {
            poll,
            paper,
            choices: choices(),
        },
    );
    refused(&world, tried, CountPoll { poll });
    refuse_budgets(&world, tried);
    tried.sort_unstable();
    let mut all: Vec<&str> = COMMANDS.iter().map(|(name, _)| *name).collect();
    all.sort_unstable();
    assert_eq!(*tried, all, "every command of the module is tried");
    let by_committee = world.run(COMMITTEE, CastBallot { poll, ballot });
    assert!(
        matches!(by_committee, Err(Error::Denied(_))),
        "no role casts"
    );
}
