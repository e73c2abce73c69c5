//! Whoever changes a table of the approvals beside Linli is found out, and what nobody touched holds.

use approvals::{
    AddCalendarYear, AddDefinition, AddPaper, AppointUnit, CaseId, ChangeDraft, Colour,
    DissolveUnit, DraftApplication, IssueCard, MigrateCases, ReadForSupervision, RemovePaper,
};
use db::{Read, Tx};
use identity::OrganisationKind;
use kernel::CommunityId;
use test_kit::{TestCommunity, on_both_engines};

use crate::world::{APPLICANT, NOBODYS, PLANNER, PROCESS, World, accept, form, stage};

on_both_engines! { crate::world::World::on_sqlite(), crate::world::World::on_postgres();
    every_tampering_is_found,
}

/// A year's holidays, made up.
const HOLIDAYS: &str = r#"
    kind = "working_days"
    year = 2027
    [[notice]]
    title = { zh = "2027年部分节假日安排", en = "Holidays in 2027" }
    authority = { zh = "国务院办公厅", en = "General Office" }
    number = "made up for this test"
    status = "unverified"
    source = "made up"
    [[holiday]]
    title = { zh = "元旦", en = "New Year" }
    from = 2027-01-01
    to = 2027-01-06
    [[golden]]
    from = 2027-01-01
    working_days = 3
    due = 2027-01-11
"#;

/// What is done to the database, and the words of the finding that it must leave.
const TAMPERINGS: &[(&str, &[&str])] = &[
    (
        "update approval_case set title = 'x'",
        &["approval_case", "-000001"],
    ),
    (
        "update approval_case set form = case_id",
        &["approval_case"],
    ),
    (
        "update approval_case set begun_at = begun_at + 1",
        &["approval_case"],
    ),
    (
        "update approval_case set version = '2026-11' where version = '2026-12'",
        &["approval_case"],
    ),
    ("update approval_case set closed = true", &["approval_case"]),
    (
        "update approval_case set position = position + 1",
        &["approval_case", "another entry"],
    ),
    ("delete from approval_case", &["approval_case", "missing"]),
    (
        "update approval_event set unit = 'x'",
        &["approval_event", "-000001", "seq 1"],
    ),
    (
        "update approval_event set event = replace(event, 'siting', 'x')",
        &["approval_event"],
    ),
    (
        "update approval_event set received_at = received_at + 1",
        &["approval_event"],
    ),
    (
        "update approval_event set account_id = case_id",
        &["approval_event"],
    ),
    (
        "update approval_event set words = null where words is not null",
        &["approval_event"],
    ),
    (
        "update approval_event set position = position + 1",
        &["approval_event", "another entry"],
    ),
    (
        "delete from approval_event where seq = 2",
        &["approval_event", "seq 2", "missing"],
    ),
    ("update approval_paper set name = 'x'", &["approval_paper"]),
    (
        "update approval_paper set content = case_id",
        &["approval_paper", "SHA-256"],
    ),
    (
        "update approval_paper set sha256 = case_id",
        &["approval_paper"],
    ),
    ("delete from approval_paper", &["approval_paper", "missing"]),
    (
        "update approval_definition set content = content || '#'",
        &["approval_definition", PROCESS],
    ),
    (
        "delete from approval_definition",
        &["approval_definition", "missing"],
    ),
    (
        "update approval_calendar_year set content = content || '#'",
        &["approval_calendar_year", "2027"],
    ),
    (
        "update approval_appointment set ended_at = 1",
        &["approval_appointment"],
    ),
    (
        "update approval_appointment set ended_at = null where ended_at is not null",
        &["approval_appointment"],
    ),
    (
        "update approval_appointment set organisation_name = 'x'",
        &["approval_appointment"],
    ),
    (
        "update approval_succession set successor = 'x'",
        &["approval_succession", "ecology"],
    ),
    (
        "delete from approval_succession",
        &["approval_succession", "missing"],
    ),
    (
        "update approval_card set due = due + 1",
        &["approval_card", "siting", "yellow"],
    ),
    ("update approval_card set unit = 'x'", &["approval_card"]),
    ("delete from approval_card", &["approval_card", "missing"]),
    (
        "update approval_migration set from_version = 'x'",
        &["approval_migration"],
    ),
    (
        "delete from approval_migration",
        &["approval_migration", "missing"],
    ),
    (
        "update approval_reading set account_id = case_id",
        &["approval_reading"],
    ),
    (
        "update approval_reading set organisation_id = case_id",
        &["approval_reading"],
    ),
    (
        "delete from approval_reading",
        &["approval_reading", "missing"],
    ),
];

fn every_tampering_is_found(world: &World) {
    live(world);
    assert_eq!(audited(world, ""), Vec::<String>::new());
    for (tampering, words) in TAMPERINGS {
        let found = audited(world, tampering);
        assert!(
            found
                .iter()
                .any(|line| words.iter().all(|word| line.contains(word))),
            "{tampering}: {found:#?}"
        );
    }
}

/// Something in every table: a file with papers, a card, a reader and another version; units that come and go.
fn live(world: &World) {
    world.on("2026-03-02", 9);
    let case = draft_with_papers(world);
    world.must_do(APPLICANT, approvals::SubmitApplication { case });
    world.act(PLANNER, case, accept()).unwrap();
    let extend = approvals::Act::AskCorrection {
        stage: stage(),
        missing: vec!["总平面图".to_owned()],
    };
    let other = world.submitted(APPLICANT);
    world.act(PLANNER, other, extend).unwrap();
    world.on("2026-03-16", 9);
    let card = IssueCard {
        case,
        stage: stage(),
        colour: Colour::Yellow,
    };
    let ctx = world.system();
    world.journal.execute_blocking(ctx, card).unwrap();
    let reason = "群众来信".to_owned();
    world.must_do(NOBODYS, ReadForSupervision { case, reason });
    change_the_office(world);
}

fn draft_with_papers(world: &World) -> CaseId {
    let process = PROCESS.to_owned();
    let draft = DraftApplication {
        process: process.clone(),
        form: form(&["siting"]),
    };
    let case = world.must_do(APPLICANT, draft);
    let paper = || AddPaper {
        case,
        paper: String::new(),
        name: "说明.pdf".to_owned(),
        media_type: "application/pdf".to_owned(),
        content: b"%PDF-1.4\n%%EOF".to_vec(),
    };
    world.must_do(APPLICANT, paper());
    let paper = world.must_do(APPLICANT, paper());
    world.must_do(APPLICANT, RemovePaper { case, paper });
    let form = approvals::Form {
        note: "更正联系人".to_owned(),
        ..form(&["siting"])
    };
    world.must_do(
        APPLICANT,
        ChangeDraft {
            case,
            process,
            form,
        },
    );
    case
}

/// A new version with the open files moved to it, a year's holidays, a unit held by another and one dissolved.
fn change_the_office(world: &World) {
    let sources = flow::builtin_sources();
    let source = sources
        .iter()
        .find(|(name, _)| name.contains("construction_approval"));
    let content = source
        .unwrap()
        .1
        .replace("version = \"2026-11\"", "version = \"2026-12\"");
    world.must_do(PLANNER, AddDefinition { content });
    let migrate = MigrateCases {
        process: PROCESS.to_owned(),
        to: "2026-12".to_owned(),
        cases: Vec::new(),
    };
    world.must_do(PLANNER, migrate);
    let content = HOLIDAYS.to_owned();
    world.must_do(PLANNER, AddCalendarYear { content });
    for name in ["生态环境局", "生态环境分局"] {
        let appoint = AppointUnit {
            unit: "ecology".to_owned(),
            organisation: world.organisation(OrganisationKind::CityDepartment, name),
        };
        world.must_do(PLANNER, appoint);
    }
    let dissolve = DissolveUnit {
        unit: "ecology".to_owned(),
        successor: Some("natural_resources".to_owned()),
        reason: "机构改革".to_owned(),
    };
    world.must_do(PLANNER, dissolve);
}

struct Undone(Vec<String>);

impl From<db::Error> for Undone {
    fn from(error: db::Error) -> Self {
        panic!("{error}");
    }
}

/// What the audit finds after a tampering, which is undone.
fn audited(world: &World, tampering: &'static str) -> Vec<String> {
    let community = world.id;
    let key = world.journal.signer().verifying_key();
    let undone = world
        .journal
        .database()
        .write_blocking(community, move |tx: &mut dyn Tx| {
            if !tampering.is_empty() {
                let changed = tx.execute(tampering, &[])?;
                assert!(changed > 0, "{tampering} changes nothing");
            }
            Err::<(), Undone>(Undone(match found(tx, community, &key) {
                Ok(lines) => lines,
                Err(error) => vec![error.to_string()],
            }))
        });
    undone.unwrap_err().0
}

fn found(
    read: &mut dyn Read,
    community: CommunityId,
    key: &proof::VerifyingKey,
) -> Result<Vec<String>, approvals::Error> {
    let mut filed = approvals::Audit::new();
    let vault = TestCommunity::vault();
    journal::audit(read, &vault, key, community, &mut |seen| {
        filed.see(seen);
        Ok(())
    })?;
    let proved = filed.compare(read, community)?;
    Ok(proved.findings.lines().collect())
}
