//! Whoever changes a poll's table beside Linli is found out, and what nobody touched holds.

use ballot::choosing::Method;
use db::{Read, Tx};
use kernel::CommunityId;
use polls::{ConfirmPaper, CountPoll, EnterPaper, HandOutPaper, PollId, WithdrawPoll};
use test_kit::{TestCommunity, on_both_engines};

use crate::world::{COMMITTEE, LI, SECOND, WANG, World, ZHAO};

on_both_engines! { crate::world::World::on_sqlite(), crate::world::World::on_postgres();
    every_tampering_is_found,
}

/// What is done to the database, and the words of the finding that it must leave.
const TAMPERINGS: &[(&str, &[&str])] = &[
    ("update poll set title = 'x'", &["poll", "“选社区食堂”"]),
    (
        "update poll set draft = replace(draft, '甲', '丁')",
        &["poll", "“选社区食堂”"],
    ),
    ("update poll set closes = closes + 1", &["poll"]),
    (
        "update poll_publication set electors = 9",
        &["poll_publication", "“选社区食堂”"],
    ),
    (
        "update poll_publication set public_key = poll_id",
        &["poll_publication"],
    ),
    ("delete from poll_elector", &["poll_elector", "missing"]),
    (
        "update poll_elector set channel = null, blinded_sha256 = null",
        &["poll_elector"],
    ),
    (
        "update poll_elector set unit_id = elector_id",
        &["poll_elector"],
    ),
    (
        "update poll_ballot set choice = '3'",
        &["poll_ballot", "“选社区食堂”"],
    ),
    ("update poll_ballot set credential = seal", &["poll_ballot"]),
    (
        "delete from poll_ballot",
        &["poll_ballot", "another number"],
    ),
    ("update poll_paper set choices = '[\"3\"]'", &["poll_paper"]),
    (
        "update poll_paper set confirmed_by = entered_by",
        &["poll_paper"],
    ),
    (
        "update poll_count set board = replace(board, '甲', '丁')",
        &["poll_ballot", "published"],
    ),
    ("update poll_count set counted_at = 1", &["poll_count"]),
    ("delete from poll_count", &["poll_count", "missing"]),
    (
        "update poll_withdrawal set reason = 'x'",
        &["poll_withdrawal"],
    ),
    (
        "delete from poll_withdrawal",
        &["poll_withdrawal", "missing"],
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

/// One poll counted, with paper; one withdrawn; one with a ballot in the box.
fn live(world: &World) -> PollId {
    let poll = world.open(Method::Approval);
    let elector = world.elector("101", 1972);
    world.must(COMMITTEE, HandOutPaper { poll, elector });
    world.vote(WANG, poll, world.elector("101", 1970), "1");
    world.vote(ZHAO, poll, world.elector("201", 1990), "1,2");
    world.close(poll);
    let choices = vec!["2,3".to_owned()];
    let first = EnterPaper {
        poll,
        choices: choices.clone(),
    };
    let paper = world.must(COMMITTEE, first);
    let second = ConfirmPaper {
        poll,
        paper,
        choices,
    };
    world.must(SECOND, second);
    world.must(COMMITTEE, CountPoll { poll });
    let poll = world.published(world.draft(Method::Single));
    let reason = "供应商退出".to_owned();
    world.must(COMMITTEE, WithdrawPoll { poll, reason });
    let poll = world.open(Method::Single);
    world.vote(LI, poll, world.elector("102", 1985), "2");
    poll
}

struct Undone(Vec<String>);

impl From<db::Error> for Undone {
    fn from(error: db::Error) -> Self {
        panic!("{error}");
    }
}

/// What the audit finds after a tampering, which is undone.
pub(crate) fn audited(world: &World, tampering: &'static str) -> Vec<String> {
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
) -> Result<Vec<String>, polls::Error> {
    let mut polled = polls::Audit::new();
    let vault = TestCommunity::vault();
    journal::audit(read, &vault, key, community, &mut |seen| {
        polled.see(seen);
        Ok(())
    })?;
    let proved = polled.compare(read, community)?;
    Ok(proved.findings.lines().collect())
}

/// Nothing is found where nobody touched anything.
pub(crate) fn holds(world: &World) {
    assert_eq!(audited(world, ""), Vec::<String>::new());
}
