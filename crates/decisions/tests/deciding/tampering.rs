//! Whoever changes a table beside Linli is found out: each tampering in turn, on a community with a whole life behind
//! it, leaves a finding that names the table.

use ballot::resolution::Choice;
use db::{Read, Tx};
use decisions::{
    AcknowledgeBallot, AddAttachment, AnnounceResult, AnswerObjection, CountVotes, DraftResolution,
    PublishResolution, RaiseObjection, RecordDelivery, RecordVote, RemoveAttachment, ResolutionId,
    WithdrawResolution,
};
use kernel::CommunityId;
use people::commands::{AppointVoice, CorrectUnit, EndVoice, UnlinkAccount};
use people::model::{AreaSource, PersonRef, UnitFacts, UnitUse};
use test_kit::{TestCommunity, on_both_engines};

use crate::world::{BUTLER, COMMITTEE, LI, SECOND, WANG, World, open_rules};

on_both_engines! { crate::world::World::on_sqlite(), crate::world::World::on_postgres();
    what_nobody_touched_holds,
    every_tampering_is_found,
    a_private_part_that_no_entry_erased_is_missed,
}

/// What is done to the database, and the words of the finding that it must leave.
const TAMPERINGS: &[(&str, &[&str])] = &[
    // The electorate.
    (
        "update elector set area = area * 10 where head = 1",
        &["elector", "2026-1 “更换电梯”", "froze"],
    ),
    ("update elector set head = 1", &["elector", "2026-1"]),
    (
        "update elector set label = 'x' where head = 1",
        &["elector", "2026-1"],
    ),
    (
        "update elector set developer = false",
        &["elector", "2026-1"],
    ),
    ("update elector set owners = 1", &["elector", "2026-1"]),
    (
        "delete from elector where head = 2",
        &["elector", "2026-1", "units"],
    ),
    ("delete from elector", &["elector", "2026-1", "0 units"]),
    (
        "delete from elector_owner",
        &["elector", "2026-1", "owners"],
    ),
    (
        "update elector_owner set owner_id = resolution_id where owner_id = (select owner_id from elector_owner order by owner_id desc limit 1)",
        &["elector", "2026-1"],
    ),
    // The resolution and what it was published under.
    (
        "update resolution set title = 'x'",
        &["resolution", "2026-1 “更换电梯”", "does not say"],
    ),
    (
        "update resolution set body = 'x'",
        &["resolution", "2026-1"],
    ),
    (
        "update resolution set matter = 'rebuild'",
        &["resolution", "2026-1"],
    ),
    (
        "update resolution set closes = closes + 1",
        &["resolution", "2026-1"],
    ),
    (
        "update resolution set drafted_by = resolution_id",
        &["resolution", "2026-1"],
    ),
    (
        "update resolution_publication set terms = replace(terms, 'not_counted', 'participates')",
        &["resolution_publication", "2026-1"],
    ),
    (
        "update resolution_publication set number = number || '1'",
        &["resolution_publication"],
    ),
    (
        "update resolution_publication set heads = 1",
        &["resolution_publication", "2026-1"],
    ),
    (
        "delete from resolution_publication",
        &["resolution_publication", "2026-1", "missing"],
    ),
    (
        "update decision_rules set silence = 'participates'",
        &["decision_rules", "version 1"],
    ),
    (
        "update decision_rules set source = 'x'",
        &["decision_rules", "version 1"],
    ),
    (
        "delete from decision_rules",
        &["decision_rules", "version 1", "missing"],
    ),
    (
        "delete from resolution_withdrawal",
        &["resolution_withdrawal", "missing"],
    ),
    (
        "update resolution_withdrawal set reason = 'x'",
        &["resolution_withdrawal"],
    ),
    // Files.
    (
        "update resolution_attachment set name = 'x.pdf'",
        &["resolution_attachment", "2026-1"],
    ),
    (
        "update resolution_attachment set media_type = 'text/html'",
        &["resolution_attachment"],
    ),
    (
        "update resolution_attachment set content = sha256",
        &["resolution_attachment"],
    ),
    (
        "update resolution_attachment set sha256 = attachment_id",
        &["resolution_attachment"],
    ),
    (
        "delete from resolution_attachment",
        &["resolution_attachment", "missing"],
    ),
    // Ballots.
    (
        "delete from delivery",
        &["delivery", "1幢 101", "2026-1", "missing"],
    ),
    (
        "update delivery set warned_of_silence = false",
        &["delivery", "2026-1"],
    ),
    (
        "update delivery set evidence = 'x'",
        &["delivery", "2026-1"],
    ),
    (
        "update delivery set delivered_at = delivered_at + 1",
        &["delivery", "2026-1"],
    ),
    (
        "update vote set choice = 'against'",
        &["vote", "2026-1 “更换电梯”", "1幢 101"],
    ),
    ("update vote set channel = 'door'", &["vote", "2026-1"]),
    ("update vote set evidence = 'x'", &["vote", "2026-1"]),
    ("update vote set cast_at = cast_at + 1", &["vote", "2026-1"]),
    ("update vote set cast_by = unit_id", &["vote", "2026-1"]),
    ("update vote set code = 'x'", &["vote", "2026-1"]),
    ("update vote set revision = 9", &["vote", "2026-1"]),
    (
        "update vote set replaced_channel = 'phone'",
        &["vote", "2026-1"],
    ),
    (
        "delete from vote where revision = 2",
        &["vote", "2026-1 “更换电梯”, unit 1幢 101", "missing; entry"],
    ),
    // The result.
    (
        "update resolution_count set passed = not passed",
        &["resolution_count", "2026-1"],
    ),
    (
        "update resolution_count set record = replace(record, 'for', 'against')",
        &["resolution_count", "2026-1"],
    ),
    (
        "update resolution_count set objections_until = 0",
        &["resolution_count", "2026-1"],
    ),
    (
        "delete from resolution_count",
        &["resolution_count", "missing"],
    ),
    ("delete from objection", &["objection", "2026-1", "missing"]),
    ("update objection set text = 'x'", &["objection", "2026-1"]),
    (
        "delete from objection_answer",
        &["objection_answer", "2026-1", "missing"],
    ),
    (
        "update objection_answer set text = 'x'",
        &["objection_answer", "2026-1"],
    ),
    (
        "delete from announcement",
        &["announcement", "2026-1", "missing"],
    ),
    (
        "update announcement set remark = 'x'",
        &["announcement", "2026-1"],
    ),
    // Extensions and corrections.
    (
        "update resolution_extension set closes = closes + 1",
        &["resolution_extension", "2026-1"],
    ),
    (
        "delete from resolution_extension",
        &["resolution_extension", "missing"],
    ),
    (
        "update vote_correction set reason = 'x'",
        &["vote_correction", "2026-1"],
    ),
    (
        "update vote_correction set choice = 'abstain'",
        &["vote_correction", "2026-1"],
    ),
    (
        "delete from vote_correction_end",
        &["vote_correction_end", "missing"],
    ),
    (
        "update vote_correction_end set is_confirmed = not is_confirmed",
        &["vote_correction_end", "2026-1"],
    ),
    (
        "update resolution_count_before set record = 'x'",
        &["resolution_count", "not the one it hashed"],
    ),
    (
        "delete from resolution_count_before",
        &["resolution_count_before", "missing"],
    ),
    // Turnout help.
    (
        "update reminder_choice set channel = 'never'",
        &["reminder_choice"],
    ),
    ("delete from reminder", &["reminder", "missing"]),
    (
        "update reminder_unit set channel = 'never'",
        &["reminder_unit", "2026-1"],
    ),
    ("update visit set outcome = 'empty'", &["visit", "2026-1"]),
    // Meetings.
    ("update assembly set title = 'x'", &["assembly"]),
    (
        "update agenda_item set place = place + 1",
        &["agenda_item", "更换路灯"],
    ),
    ("delete from agenda_item", &["agenda_item", "missing"]),
    // Elections.
    ("update election set seats = 9", &["election"]),
    ("update candidate set name = 'x'", &["candidate"]),
    ("delete from candidate", &["candidate", "missing"]),
    (
        "update candidate_check set is_accepted = false",
        &["candidate_check"],
    ),
    (
        "delete from candidate_withdrawal",
        &["candidate_withdrawal", "missing"],
    ),
    // The roll.
    (
        "update people_community set place = '330100'",
        &["people_community", "the row"],
    ),
    (
        "update people_building set name = '9幢'",
        &["people_building"],
    ),
    (
        "update people_unit set number = number || 'A'",
        &["people_unit", "1幢 101A"],
    ),
    (
        "update people_unit_state set exclusive_area = exclusive_area * 10",
        &["people_unit_state", "unit 1幢 101, revision 1", "entry"],
    ),
    (
        "update people_unit_state set until = null",
        &["people_unit_state", "end"],
    ),
    (
        "update people_unit_state set until = 1 where until is null",
        &["people_unit_state", "end"],
    ),
    (
        "delete from people_unit_state where revision = 2",
        &["people_unit_state", "missing"],
    ),
    (
        "update people_ownership set since = 1",
        &["people_ownership", "unit 1幢 101"],
    ),
    (
        "update people_ownership set until = 1",
        &["people_ownership", "end"],
    ),
    (
        "delete from people_ownership",
        &["people_ownership", "missing"],
    ),
    (
        "update people_owner set name_index = owner_id",
        &["people_owner", "owner "],
    ),
    (
        "update people_owner set kind = 'organisation'",
        &["people_owner"],
    ),
    ("update people_owner set phone = name", &["people_owner"]),
    ("delete from people_voice", &["people_voice", "missing"]),
    ("update people_voice set until = null", &["people_voice"]),
    (
        "update people_voice set owner_id = (select owner_id from people_owner order by owner_id desc limit 1)",
        &["people_voice"],
    ),
    (
        "delete from people_account_link",
        &["people_account_link", "missing"],
    ),
    (
        "update people_account_link set account_id = person_id",
        &["people_account_link"],
    ),
    (
        "update people_account_link set until = null, ended_by = null",
        &["people_account_link"],
    ),
    // The proof itself.
    (
        "update journal_rows set prints = community_id",
        &["fingerprints"],
    ),
    ("delete from journal_rows", &["fingerprints"]),
];

fn what_nobody_touched_holds(world: &World) {
    live(world);
    assert_eq!(audited(world, ""), Vec::<String>::new());
}

fn every_tampering_is_found(world: &World) {
    live(world);
    for (tampering, words) in TAMPERINGS {
        let found = audited(world, tampering);
        assert!(
            found
                .iter()
                .any(|line| words.iter().all(|word| line.contains(word))),
            "{tampering}: {found:#?}"
        );
    }
    assert_eq!(audited(world, ""), Vec::<String>::new(), "nothing was kept");
}

fn a_private_part_that_no_entry_erased_is_missed(world: &World) {
    live(world);
    let found = audited(world, "delete from journal_private");
    assert!(found[0].contains("no entry erased it"), "{found:?}");
}

/// Two resolutions, one with everything that can happen to one, and a roll that changes.
fn live(world: &World) {
    world.adopt(open_rules());
    change_the_roll(world);
    let id = world.drafted();
    attach(world, id, false);
    let superfluous = attach(world, id, false);
    let removal = RemoveAttachment {
        resolution: id,
        attachment: superfluous,
    };
    world.must(COMMITTEE, removal);
    publish(world, id);
    world.set_now(world.window(id).opens.plus_seconds(60));
    attach(world, id, true);
    vote(world, id);
    extend(world, id);
    help_turnout(world, id);
    world.close(id);
    world.must(COMMITTEE, CountVotes { resolution: id });
    correct(world, id);
    let text = "票数有误".to_owned();
    let resolution = id;
    let objection = world.must(WANG, RaiseObjection { resolution, text });
    let text = "已核对".to_owned();
    let answer = AnswerObjection {
        resolution,
        objection,
        text,
    };
    world.must(COMMITTEE, answer);
    world.set_now(world.now().plus_days(9));
    let remark = "由业委会实施".to_owned();
    world.must(COMMITTEE, AnnounceResult { resolution, remark });
    meet(world);
    elect(world);
    let draft = world.draft();
    let resolution = world.must(COMMITTEE, DraftResolution { draft });
    let reason = "重新起草".to_owned();
    world.must(COMMITTEE, WithdrawResolution { resolution, reason });
}

fn help_turnout(world: &World, resolution: ResolutionId) {
    let choice = decisions::ChooseReminders {
        unit: world.unit("101"),
        channel: decisions::ReminderChannel::Door,
    };
    world.must(WANG, choice);
    let text = "请投票".to_owned();
    world.must(BUTLER, decisions::SendReminders { resolution, text });
    let visit = decisions::RecordVisit {
        resolution,
        unit: world.unit("203"),
        outcome: decisions::VisitOutcome::NotHome,
        note: String::new(),
        visited_at: world.now(),
    };
    world.must(BUTLER, visit);
}

fn extend(world: &World, resolution: ResolutionId) {
    let extension = decisions::ExtendWindow {
        resolution,
        closes: world.window(resolution).closes.plus_days(3),
        reason: "参与不足".to_owned(),
    };
    world.must(COMMITTEE, extension);
}

/// The paper of 201 says against.
fn correct(world: &World, resolution: ResolutionId) {
    let scan = attach(world, resolution, true);
    let proposal = decisions::ProposeCorrection {
        resolution,
        unit: world.unit("201"),
        choice: Some(Choice::Against),
        reason: "录入时选错".to_owned(),
        scan,
    };
    let correction = world.must(COMMITTEE, proposal);
    let confirmation = decisions::ConfirmCorrection {
        resolution,
        correction,
    };
    world.must(SECOND, confirmation);
}

/// Somebody stands, is found fit, and withdraws.
fn elect(world: &World) {
    let resolution = crate::election::drafted(world, 1, 0);
    let candidacy = decisions::StandForCommittee {
        resolution,
        statement: "愿意服务".to_owned(),
        declared: crate::election::ALL.to_vec(),
    };
    let candidate = world.must(WANG, candidacy);
    let check = decisions::CheckCandidate {
        resolution,
        candidate,
        is_accepted: true,
        reason: "符合条件".to_owned(),
    };
    world.must(COMMITTEE, check);
    let withdrawal = decisions::WithdrawCandidacy {
        resolution,
        candidate,
        reason: "另有安排".to_owned(),
    };
    world.must(WANG, withdrawal);
}

/// A meeting that changed and was published.
fn meet(world: &World) {
    let mut draft = world.draft();
    "更换路灯".clone_into(&mut draft.title);
    let call = decisions::Call {
        title: "业主大会会议".to_owned(),
        meeting: draft.meeting,
        window: draft.window,
    };
    let assembly = world.must(COMMITTEE, decisions::CallAssembly { call: call.clone() });
    world.must(
        COMMITTEE,
        decisions::PutOnAgenda {
            assembly,
            draft: draft.clone(),
        },
    );
    let off = world.must(COMMITTEE, decisions::PutOnAgenda { assembly, draft });
    world.must(COMMITTEE, decisions::TakeOffAgenda { resolution: off });
    let mut call = call;
    call.window.closes = call.window.closes.plus_days(1);
    world.must(COMMITTEE, decisions::ChangeAssembly { assembly, call });
    let is_confirmed = false;
    world.must(
        COMMITTEE,
        decisions::PublishAssembly {
            assembly,
            is_confirmed,
        },
    );
}

fn change_the_roll(world: &World) {
    let unit = world.unit("104");
    let owner = world.owner_named("104", 0);
    let consent = "共有人同意".to_owned();
    world.must(
        COMMITTEE,
        AppointVoice {
            unit,
            owner,
            consent,
        },
    );
    let reason = "共有人要求".to_owned();
    world.must(COMMITTEE, EndVoice { unit, reason });
    let facts = UnitFacts {
        exclusive_area: units::Area::new(9_950).unwrap(),
        area_source: AreaSource::Register,
        unit_use: UnitUse::Residential,
    };
    let unit = world.unit("203");
    let reason = "登记簿更正".to_owned();
    world.must(
        COMMITTEE,
        CorrectUnit {
            unit,
            facts,
            reason,
        },
    );
    world.import(&[("202", "101", "周洋、周海", "13900000006、13900000016")]);
    world.import(&[("202", "101", "周洋、周海", "13900000006、13900000016")]);
    let unlink = UnlinkAccount {
        person: PersonRef::Owner(world.owner_named("104", 1)),
        reason: "本人申请".to_owned(),
    };
    world.must(COMMITTEE, unlink);
}

fn attach(world: &World, resolution: ResolutionId, evidence: bool) -> decisions::AttachmentId {
    let attachment = AddAttachment {
        resolution,
        evidence,
        name: "方案.pdf".to_owned(),
        media_type: "application/pdf".to_owned(),
        content: b"%PDF-1.7 plan".to_vec(),
    };
    world.must(COMMITTEE, attachment)
}

fn publish(world: &World, resolution: ResolutionId) {
    let publication = PublishResolution {
        resolution,
        is_confirmed: true,
    };
    world.must(COMMITTEE, publication);
}

fn vote(world: &World, resolution: ResolutionId) {
    let unit = world.unit("101");
    world.must(WANG, AcknowledgeBallot { resolution, unit });
    world
        .cast(WANG, resolution, "101", Choice::Against)
        .unwrap();
    world.cast(WANG, resolution, "101", Choice::For).unwrap();
    world.cast(LI, resolution, "102", Choice::For).unwrap();
    let paper = RecordVote {
        resolution,
        unit: world.unit("201"),
        choice: Choice::For,
        channel: decisions::Channel::Paper,
        received_at: world.now(),
        evidence: "票箱一".to_owned(),
    };
    world.must(COMMITTEE, paper);
    let delivery = RecordDelivery {
        resolution,
        unit: world.unit("202"),
        channel: decisions::DeliveryChannel::Hand,
        delivered_at: world.now(),
        evidence: "签收单 3".to_owned(),
        warned_of_silence: true,
    };
    world.must(BUTLER, delivery);
}

/// What the audit finds after a tampering, which is undone.
struct Undone(Vec<String>);

impl From<db::Error> for Undone {
    fn from(error: db::Error) -> Self {
        panic!("{error}");
    }
}

fn audited(world: &World, tampering: &'static str) -> Vec<String> {
    let community = world.id;
    let key = world.journal.signer().verifying_key();
    let undone = world
        .journal
        .database()
        .write_blocking(community, move |tx| {
            if !tampering.is_empty() {
                tamper(tx, tampering);
            }
            Err::<(), Undone>(Undone(match found(tx, community, &key) {
                Ok(lines) => lines,
                Err(error) => vec![error.to_string()],
            }))
        });
    undone.unwrap_err().0
}

fn tamper(tx: &mut dyn Tx, tampering: &'static str) {
    let changed = tx.execute(tampering, &[]).unwrap();
    assert!(changed > 0, "{tampering} changes nothing");
}

fn found(
    read: &mut dyn Read,
    community: CommunityId,
    key: &proof::VerifyingKey,
) -> Result<Vec<String>, decisions::Error> {
    let (mut decided, mut roll) = (decisions::Audit::new(), people::Audit::new());
    let vault = TestCommunity::vault();
    journal::audit(read, &vault, key, community, &mut |seen| {
        decided.see(seen);
        roll.see(seen);
        Ok(())
    })?;
    let mut findings = decided.compare(read, community)?.findings;
    findings.extend(roll.compare(read, community)?.findings);
    Ok(findings.lines().collect())
}
