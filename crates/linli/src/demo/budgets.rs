//! Participatory budgets in the demo city: a call that is open, and in the first community a budget that was decided, with
//! reports.

use ballot::pabulib::Rule;
use kernel::{Role, Window};
use polls::{
    Ballots, CheckProposal, CommentOn, CountPoll, Entitled, OpenRound, PollId, ProposalId,
    ProposalText, Propose, PublishPoll, PutToVote, Report, ReportProgress, RoundId, RoundTerms,
    State, VoteTerms,
};

use super::accounts::Staff;
use super::city::Town;
use super::maker::Maker;
use super::polls::{self as ballots, POLLED};

/// The first number of the contexts made here.
const NUMBERS: u64 = 7_100_000;

/// Title, place, category, cost in fen, whether it can be done, what the check says.
const PROPOSALS: [(&str, &str, &str, i64, bool, &str); 6] = [
    (
        "北门到 3 幢加装扶手和缓坡",
        "北门",
        "无障碍",
        3_600_000,
        true,
        "与消防通道无冲突，两周可完工。",
    ),
    (
        "儿童游乐场换安全地垫",
        "中心花园",
        "儿童",
        2_800_000,
        true,
        "已询价三家。",
    ),
    (
        "地下车库加装照明感应",
        "地下车库",
        "节能",
        4_200_000,
        true,
        "每年可省电费约 1.1 万元。",
    ),
    (
        "露天电影每月一次",
        "中心花园",
        "文化",
        1_500_000,
        true,
        "设备租用，噪声时间已与 5 幢商定。",
    ),
    (
        "建室内恒温泳池",
        "会所",
        "健身",
        90_000_000,
        false,
        "超出预算，且会所荷载不足。",
    ),
    (
        "快递柜旁加雨棚",
        "南门",
        "便民",
        1_200_000,
        true,
        "需与快递柜公司协调，可行。",
    ),
];

/// Makes it by the commands that people use; times lie in the past.
pub(super) async fn make(
    maker: &Maker,
    town: &Town,
    staff: &Staff,
    index: usize,
) -> anyhow::Result<()> {
    open(maker, town, staff).await?;
    if index == 0 {
        decided(maker, town, staff).await?;
    }
    Ok(())
}

/// A call that takes proposals for two more weeks.
async fn open(maker: &Maker, town: &Town, staff: &Staff) -> anyhow::Result<()> {
    let terms = RoundTerms {
        title: "明年公共收益怎么花".to_owned(),
        body:
            "明年可用于公共改善的收益约 15 万元。请提出具体、在小区公共部位、一年内能完成的项目。"
                .to_owned(),
        budget_fen: 15_000_000,
        closes: maker.days_ago(-14),
    };
    let ctx = maker.committee(town, maker.days_ago(6), NUMBERS);
    let round = maker.run(ctx, OpenRound { terms }).await?;
    let at = maker.days_ago(3);
    for (number, (title, place, category, cost_fen, _, _)) in (NUMBERS + 1..).zip(PROPOSALS).take(2)
    {
        let proposal = text(title, place, category, cost_fen);
        let ctx = maker.acting(staff.resident, Role::Resident, town.id, at, number);
        maker.run(ctx, Propose { round, proposal }).await?;
    }
    Ok(())
}

fn text(title: &str, place: &str, category: &str, cost_fen: i64) -> ProposalText {
    ProposalText {
        title: title.to_owned(),
        body: "邻居们提过好几次，费用不高，受益的人多。".to_owned(),
        place: place.to_owned(),
        category: category.to_owned(),
        cost_fen,
    }
}

/// Last year's budget: proposed, checked, voted on secretly, counted by equal shares, and reported on.
async fn decided(maker: &Maker, town: &Town, staff: &Staff) -> anyhow::Result<()> {
    let terms = RoundTerms {
        title: "今年公共收益怎么花".to_owned(),
        body: "可用 8 万元，用于小区公共部位。".to_owned(),
        budget_fen: 8_000_000,
        closes: maker.days_ago(90),
    };
    let number = NUMBERS + 100;
    let ctx = maker.committee(town, maker.days_ago(115), number);
    let round = maker.run(ctx, OpenRound { terms }).await?;
    let mut proposals = Vec::new();
    for (place_in, (title, place, category, cost_fen, feasible, reason)) in (0_u64..).zip(PROPOSALS)
    {
        let number = number + 1 + 3 * place_in;
        let at = maker
            .days_ago(105)
            .plus_seconds(60 * i64::try_from(place_in)?);
        let proposal = text(title, place, category, cost_fen);
        let ctx = maker.acting(staff.owner, Role::Owner, town.id, at, number);
        let proposal = maker.run(ctx, Propose { round, proposal }).await?;
        let check = CheckProposal {
            round,
            proposal,
            feasible,
            cost_fen,
            reason: reason.to_owned(),
        };
        let ctx = maker.committee(town, maker.days_ago(88), number + 1);
        maker.run(ctx, check).await?;
        proposals.push(proposal);
    }
    if let Some(proposal) = proposals.first().copied() {
        let comment = CommentOn {
            round,
            proposal,
            text: "我妈坐轮椅，每天从北门过，非常需要。".to_owned(),
        };
        let at = maker.days_ago(100);
        let ctx = maker.acting(staff.resident, Role::Resident, town.id, at, number + 50);
        maker.run(ctx, comment).await?;
    }
    let poll = vote(maker, town, round).await?;
    let at = maker.days_ago(60);
    maker
        .run(maker.committee(town, at, number + 60), CountPoll { poll })
        .await?;
    match proposals.first().copied() {
        Some(proposal) => reports(maker, town, round, proposal).await,
        None => Ok(()),
    }
}

/// How the winner comes along: on its way, then late.
async fn reports(
    maker: &Maker,
    town: &Town,
    round: RoundId,
    proposal: ProposalId,
) -> anyhow::Result<()> {
    let reports = [
        (State::Underway, 1_000_000, "材料已进场。", 40),
        (
            State::Delayed,
            1_800_000,
            "连续降雨，缓坡浇筑推迟十天，改到下月五日完工。",
            12,
        ),
    ];
    for (number, (state, spent_fen, text, days)) in (NUMBERS + 170..).zip(reports) {
        let report = ReportProgress {
            round,
            proposal,
            report: Report {
                state,
                spent_fen,
                text: text.to_owned(),
            },
            picture: None,
        };
        let ctx = maker.committee(town, maker.days_ago(days), number);
        maker.run(ctx, report).await?;
    }
    Ok(())
}

async fn vote(maker: &Maker, town: &Town, round: RoundId) -> anyhow::Result<PollId> {
    let window = Window {
        opens: maker.days_ago(75),
        closes: maker.days_ago(61),
    };
    let terms = VoteTerms {
        rule: Rule::EqualShares,
        ballots: Ballots::Approval,
        max_projects: 3,
        max_points: 10,
        threshold: 0,
        entitled: Entitled::Households,
        min_age: 18,
        window,
    };
    let number = NUMBERS + 160;
    let at = maker.days_ago(82);
    let poll = maker
        .run(
            maker.committee(town, at, number),
            PutToVote { round, terms },
        )
        .await?;
    let issuer = ballots::issuer(town, number).await?;
    let key = issuer.to_der()?;
    let ctx = maker.committee(town, at.plus_seconds(60), number + 1);
    maker.run(ctx, PublishPoll { poll, key }).await?;
    let choices = ["1,2", "1,3", "1,2,5", "4", "2,5", "1,3"];
    let voters = ballots::voters(town, POLLED);
    for ((place, voter), choice) in (0_u64..).zip(&voters).zip(choices.iter().cycle()) {
        let place = place + 10_000;
        ballots::vote(
            maker,
            town,
            poll,
            &issuer,
            voter,
            window.opens,
            (place, choice),
        )
        .await?;
    }
    Ok(poll)
}
