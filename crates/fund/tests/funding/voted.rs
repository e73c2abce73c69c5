//! A project that won a participatory budget becomes a grant, with the amount that the budget decided, once.

use ballot::pabulib::Rule;
use fund::{Error, GrantFromVote, Purse, VoucherKind};
use kernel::Timestamp;
use kernel::Window;
use people::commands::ImportRoll;
use people::import::RollTable;
use polls::{
    Ballots, CheckProposal, ConfirmPaper, CountPoll, EnterPaper, Entitled, HandOutPaper, OpenRound,
    ProposalId, ProposalText, Propose, PublishPoll, PutToVote, RoundId, RoundTerms, VoteTerms,
};
use test_kit::on_both_engines;

use crate::proof::prove;
use crate::world::{CHAIR, MAKER, SECOND, TREASURER, World, project};

on_both_engines! { crate::world::World::on_sqlite(), crate::world::World::on_postgres();
    what_won_is_granted_once_with_the_budgets_amount,
}

const KEY: &[u8] = include_bytes!("../../../credential/tests/data/issuer.der");

fn table<const N: usize>(header: [&str; N], rows: &[[&str; N]]) -> RollTable {
    let cells = |row: &[&str; N]| row.map(str::to_owned).to_vec();
    let rows = rows.iter().enumerate();
    RollTable {
        header: cells(&header),
        rows: rows.map(|(place, row)| (place + 2, cells(row))).collect(),
    }
}

/// A round with benches that win and lamps that don't, on two paper ballots.
fn voted(world: &World) -> (RoundId, ProposalId, ProposalId) {
    let units = [
        ["1幢", "101", "100", "王伟", "13900000001"],
        ["1幢", "102", "100", "李娜", "13900000002"],
    ];
    let residents = [
        ["1幢", "101", "王伟", "13900000001", "1970", "业主"],
        ["1幢", "102", "李娜", "13900000002", "1985", "业主"],
    ];
    let import = ImportRoll {
        units: table(["楼栋", "房号", "专有面积", "业主", "手机"], &units),
        residents: Some(table(
            ["楼栋", "房号", "姓名", "手机", "出生年", "关系"],
            &residents,
        )),
        file_sha256: "0".repeat(64),
        is_confirmed: true,
    };
    world
        .journal
        .execute_blocking(world.system(), import)
        .unwrap();
    let terms = RoundTerms {
        title: "2026 年公共收益怎么花".to_owned(),
        body: "每项不超过一万元。".to_owned(),
        budget_fen: 1_000_000,
        closes: world.now().plus_days(21),
    };
    let round = world.must(CHAIR, OpenRound { terms });
    let propose = |title: &str, cost_fen| {
        world.set_now(world.now().plus_seconds(1));
        let proposal = ProposalText {
            title: title.to_owned(),
            body: "给老人歇脚。".to_owned(),
            place: "北门".to_owned(),
            category: "公共设施".to_owned(),
            cost_fen,
        };
        let proposal = world.must(MAKER, Propose { round, proposal });
        let check = CheckProposal {
            round,
            proposal,
            feasible: true,
            cost_fen,
            reason: "现场看过。".to_owned(),
        };
        world.must(CHAIR, check);
        proposal
    };
    let (benches, lamps) = (propose("长椅", 600_000), propose("路灯", 500_000));
    let opens = Timestamp::start_of(world.now().plus_days(7).date());
    let terms = VoteTerms {
        rule: Rule::Greedy,
        ballots: Ballots::Approval,
        max_projects: 2,
        max_points: 10,
        threshold: 0,
        entitled: Entitled::Residents,
        min_age: 18,
        window: Window {
            opens,
            closes: opens.plus_days(7),
        },
    };
    let poll = world.must(CHAIR, PutToVote { round, terms });
    let key = KEY.to_vec();
    world.must(CHAIR, PublishPoll { poll, key });
    world.set_now(opens.plus_seconds(60));
    for unit in ["101", "102"] {
        let electors = world
            .read(CHAIR, move |read, ctx| {
                polls::find_electors(read, ctx, poll, "1幢", unit)
            })
            .unwrap();
        let elector = electors[0].id;
        world.must(CHAIR, HandOutPaper { poll, elector });
    }
    world.set_now(opens.plus_days(7));
    let choices = || vec!["1".to_owned(), "1,2".to_owned()];
    let entered = EnterPaper {
        poll,
        choices: choices(),
    };
    let paper = world.must(CHAIR, entered);
    let confirm = ConfirmPaper {
        poll,
        paper,
        choices: choices(),
    };
    world.must(SECOND, confirm);
    world.must(CHAIR, CountPoll { poll });
    (round, benches, lamps)
}

fn what_won_is_granted_once_with_the_budgets_amount(world: &World) {
    let (round, benches, lamps) = voted(world);
    world.booked(VoucherKind::Surplus, Purse::Operation, 3_000_000, "S");
    let desk = world.read(TREASURER, fund::desk).unwrap();
    let winners: Vec<(ProposalId, i64)> = desk
        .winners
        .iter()
        .map(|one| (one.proposal, one.cost))
        .collect();
    assert_eq!(winners, [(benches, 600_000)]);
    let grant = |proposal, amounts: &[i64]| GrantFromVote {
        round,
        proposal,
        terms: project(Purse::Operation, amounts),
    };
    let lost = world.run(CHAIR, grant(lamps, &[500_000]));
    assert!(matches!(lost, Err(Error::NotWon)));
    let more = world.run(CHAIR, grant(benches, &[600_000, 1]));
    assert!(matches!(
        more,
        Err(Error::UnequalTranches {
            sum: 600_001,
            amount: 600_000
        })
    ));
    let made = world.must(CHAIR, grant(benches, &[400_000, 200_000]));
    assert_eq!(world.holds(Purse::Operation), (900_000, 300_000));
    let twice = world.run(CHAIR, grant(benches, &[600_000]));
    assert!(matches!(twice, Err(Error::GrantedBefore)));
    let view = world.grant_view(made);
    assert_eq!(view.grant.vote, Some((round, benches)));
    assert!(view.is_own, "whoever proposed it carries it out");
    assert_eq!(world.read(TREASURER, fund::desk).unwrap().winners.len(), 0);
    prove(world);
}
