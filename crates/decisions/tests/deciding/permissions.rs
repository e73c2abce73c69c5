//! Whoever lacks a permission is refused, command by command.

use ballot::resolution::Choice;
use decisions::{
    AcknowledgeBallot, AddAttachment, AdoptRules, AnnounceResult, AnswerObjection, AssemblyId,
    AttachmentId, COMMANDS, Call, CallAssembly, CandidateId, CastElectionBallot, CastVote,
    ChangeAssembly, ChangeDraft, Channel, CheckCandidate, ChooseReminders, ConfirmCorrection,
    CorrectionId, CountVotes, DeliveryChannel, DraftResolution, ElectionPlan, Error, ExtendWindow,
    NoteReminderChoice, ObjectionId, PlanElection, ProposeCorrection, PublishAssembly,
    PublishResolution, PutOnAgenda, RaiseObjection, RecordCandidateWithdrawal, RecordDelivery,
    RecordElectionBallot, RecordNomination, RecordVisit, RecordVote, RefuseCorrection,
    ReminderChannel, RemoveAttachment, ResolutionId, Route, SendReminders, StandForCommittee,
    TakeOffAgenda, VisitOutcome, WithdrawCandidacy, WithdrawResolution,
};
use journal::Command;
use kernel::{Actor, Grants, Uuid};

use crate::world::{WANG, World, open_rules};

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

#[test]
fn every_command_is_denied_without_its_permission() {
    let world = World::on_sqlite();
    let id: ResolutionId = world.open();
    let (unit, now) = (world.unit("101"), world.now());
    let (text, nothing) = ("x".to_owned(), Uuid::nil());
    let mut tried = Vec::new();
    let tried = &mut tried;
    refused(
        &world,
        tried,
        AdoptRules {
            rules: open_rules(),
        },
    );
    refused(
        &world,
        tried,
        DraftResolution {
            draft: world.draft(),
        },
    );
    refused(
        &world,
        tried,
        ChangeDraft {
            resolution: id,
            draft: world.draft(),
        },
    );
    let file = AddAttachment {
        resolution: id,
        evidence: false,
        name: text.clone(),
        media_type: "application/pdf".to_owned(),
        content: vec![1],
    };
    refused(&world, tried, file);
    refused(
        &world,
        tried,
        RemoveAttachment {
            resolution: id,
            attachment: AttachmentId::from_uuid(nothing),
        },
    );
    refused(
        &world,
        tried,
        WithdrawResolution {
            resolution: id,
            reason: text.clone(),
        },
    );
    refused(
        &world,
        tried,
        PublishResolution {
            resolution: id,
            is_confirmed: false,
        },
    );
    let delivery = RecordDelivery {
        resolution: id,
        unit,
        channel: DeliveryChannel::Hand,
        delivered_at: now,
        evidence: text.clone(),
        warned_of_silence: true,
    };
    refused(&world, tried, delivery);
    refused(
        &world,
        tried,
        AcknowledgeBallot {
            resolution: id,
            unit,
        },
    );
    refused(
        &world,
        tried,
        CastVote {
            resolution: id,
            unit,
            choice: Choice::For,
        },
    );
    let vote = RecordVote {
        resolution: id,
        unit,
        choice: Choice::For,
        channel: Channel::Paper,
        received_at: now,
        evidence: text.clone(),
    };
    refused(&world, tried, vote);
    refused(
        &world,
        tried,
        ExtendWindow {
            resolution: id,
            closes: now,
            reason: text.clone(),
        },
    );
    let candidate = CandidateId::from_uuid(nothing);
    let plan = ElectionPlan {
        seats: 1,
        reserve: 0,
        whole_committee: false,
        nominations_until: now,
    };
    refused(
        &world,
        tried,
        PlanElection {
            resolution: id,
            plan,
        },
    );
    refused(
        &world,
        tried,
        StandForCommittee {
            resolution: id,
            statement: text.clone(),
            declared: Vec::new(),
        },
    );
    let nomination = RecordNomination {
        resolution: id,
        unit,
        name: text.clone(),
        route: Route::Own,
        supporters: 0,
        statement: text.clone(),
        declared: Vec::new(),
        evidence: text.clone(),
    };
    refused(&world, tried, nomination);
    refused(
        &world,
        tried,
        CheckCandidate {
            resolution: id,
            candidate,
            is_accepted: true,
            reason: text.clone(),
        },
    );
    refused(
        &world,
        tried,
        WithdrawCandidacy {
            resolution: id,
            candidate,
            reason: text.clone(),
        },
    );
    refused(
        &world,
        tried,
        RecordCandidateWithdrawal {
            resolution: id,
            candidate,
            reason: text.clone(),
        },
    );
    refused(
        &world,
        tried,
        CastElectionBallot {
            resolution: id,
            unit,
            picks: Vec::new(),
        },
    );
    let ballot = RecordElectionBallot {
        resolution: id,
        unit,
        picks: Vec::new(),
        channel: Channel::Paper,
        received_at: now,
        evidence: text.clone(),
    };
    refused(&world, tried, ballot);
    let assembly = AssemblyId::from_uuid(nothing);
    let call = || Call {
        title: text.clone(),
        meeting: world.draft().meeting,
        window: world.draft().window,
    };
    refused(&world, tried, CallAssembly { call: call() });
    refused(
        &world,
        tried,
        ChangeAssembly {
            assembly,
            call: call(),
        },
    );
    refused(
        &world,
        tried,
        PutOnAgenda {
            assembly,
            draft: world.draft(),
        },
    );
    refused(&world, tried, TakeOffAgenda { resolution: id });
    refused(
        &world,
        tried,
        PublishAssembly {
            assembly,
            is_confirmed: false,
        },
    );
    let channel = ReminderChannel::Letter;
    refused(&world, tried, ChooseReminders { unit, channel });
    refused(
        &world,
        tried,
        NoteReminderChoice {
            resolution: id,
            unit,
            channel,
            evidence: text.clone(),
        },
    );
    refused(
        &world,
        tried,
        SendReminders {
            resolution: id,
            text: text.clone(),
        },
    );
    let visit = RecordVisit {
        resolution: id,
        unit,
        outcome: VisitOutcome::NotHome,
        note: text.clone(),
        visited_at: now,
    };
    refused(&world, tried, visit);
    let correction = CorrectionId::from_uuid(nothing);
    let proposal = ProposeCorrection {
        resolution: id,
        unit,
        choice: None,
        reason: text.clone(),
        scan: AttachmentId::from_uuid(nothing),
    };
    refused(&world, tried, proposal);
    refused(
        &world,
        tried,
        ConfirmCorrection {
            resolution: id,
            correction,
        },
    );
    refused(
        &world,
        tried,
        RefuseCorrection {
            resolution: id,
            correction,
            remark: text.clone(),
        },
    );
    refused(&world, tried, CountVotes { resolution: id });
    refused(
        &world,
        tried,
        RaiseObjection {
            resolution: id,
            text: text.clone(),
        },
    );
    let objection = ObjectionId::from_uuid(nothing);
    refused(
        &world,
        tried,
        AnswerObjection {
            resolution: id,
            objection,
            text: text.clone(),
        },
    );
    refused(
        &world,
        tried,
        AnnounceResult {
            resolution: id,
            remark: text,
        },
    );
    tried.sort_unstable();
    let mut all: Vec<&str> = COMMANDS.iter().map(|(name, _)| *name).collect();
    all.sort_unstable();
    assert_eq!(*tried, all, "every command of the module is tried");
}
