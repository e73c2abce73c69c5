//! Public consultations in the demo city: the city's draft on future communities of 2019, answered, and one that is open.

use anyhow::Context as _;
use consultation::{
    AnswerComments, Channel, CommentOnText, ConsultationId, Draft, DraftText, EnterLetter,
    IssueVersion, Outcome, PublishText, TextKind, WithdrawComment, split,
};
use kernel::Role;

use super::accounts::Staff;
use super::city::Town;
use super::maker::Maker;

/// The first number of the contexts made here.
const NUMBERS: u64 = 7_300_000;

/// The draft that Shaoxing put to the public on 2019-12-18, as published.
const FUTURE_COMMUNITIES: &str = include_str!("future_communities.txt");

/// Makes them by the commands that people use; times lie in the past.
pub(super) async fn make(
    maker: &Maker,
    town: &Town,
    staff: &Staff,
    index: usize,
) -> anyhow::Result<()> {
    maker.say("公开征求意见");
    open(maker, town, staff).await?;
    if index == 0 {
        answered(maker, town, staff).await?;
    }
    Ok(())
}

/// A matter of the community's own, open for two more weeks.
async fn open(maker: &Maker, town: &Town, staff: &Staff) -> anyhow::Result<()> {
    let draft = Draft {
        title: "小区电动自行车停放充电管理规定（征求意见稿）".to_owned(),
        department: "业主委员会".to_owned(),
        kind: TextKind::Community,
        about: "消防检查要求整改楼道停放，现就停放点、充电收费和夜间管理征求意见。".to_owned(),
        clauses: [
            "第一条　电动自行车停放在集中停放点，不得停放在楼道、门厅和架空层。",
            "第二条　集中停放点配充电设施，电费按用量计收，服务费每度不超过 0.3 元。",
            "第三条　二十三时至次日六时停放点由秩序维护员巡查，每两小时一次。",
        ]
        .map(str::to_owned)
        .to_vec(),
        closes: maker.days_ago(-14),
        shortened: String::new(),
    };
    let ctx = maker.committee(town, maker.days_ago(5), NUMBERS);
    let consultation = maker.run(ctx, DraftText { draft }).await?;
    let ctx = maker.committee(town, maker.days_ago(5), NUMBERS + 1);
    maker.run(ctx, PublishText { consultation }).await?;
    let comments = [
        (1, "停放点离 6 幢太远，老人取车不便，请在东侧再设一处。"),
        (2, "请写明电价，避免服务费变相上涨。"),
    ];
    for (number, (clause, text)) in (NUMBERS + 2..).zip(comments) {
        let at = maker.days_ago(2);
        let ctx = maker.acting(staff.resident, Role::Resident, town.id, at, number);
        let text = text.to_owned();
        let comment = CommentOnText {
            consultation,
            clause,
            text,
        };
        maker.run(ctx, comment).await?;
    }
    Ok(())
}

/// The city's draft: commented online and by letter, answered with reasons, issued anew. All but the text is made up.
async fn answered(maker: &Maker, town: &Town, staff: &Staff) -> anyhow::Result<()> {
    let from = maker.days_ago(60);
    let paragraphs: Vec<String> = FUTURE_COMMUNITIES.lines().map(str::to_owned).collect();
    let clauses = split(&paragraphs);
    let draft = Draft {
        title: "关于加快推进我市未来社区建设的意见（征求意见稿）".to_owned(),
        department: "绍兴市发展和改革委员会".to_owned(),
        kind: TextKind::Normative,
        about: "演示：文本为绍兴市发展和改革委员会2019年12月18日公开征求意见的原文，意见、答复和修改为虚构。"
            .to_owned(),
        clauses: clauses.clone(),
        closes: maker.days_ago(30),
        shortened: String::new(),
    };
    let ctx = maker.committee(town, from, NUMBERS + 20);
    let consultation = maker.run(ctx, DraftText { draft }).await?;
    let ctx = maker.committee(town, from, NUMBERS + 21);
    maker.run(ctx, PublishText { consultation }).await?;
    let by_letter = comments_on_it(maker, town, staff, consultation).await?;
    let answers = [
        (
            vec![1],
            Outcome::Partly,
            "过渡期由各试点方案逐一写明，本意见写明最长期限。",
        ),
        (
            vec![2, 3],
            Outcome::NotAdopted,
            "时间表由各区、县（市）的行动计划确定，不在本意见中规定。",
        ),
        (vec![by_letter], Outcome::Adopted, "已写入第二条。"),
    ];
    for (number, (numbers, outcome, reason)) in (NUMBERS + 32..).zip(answers) {
        let answer = AnswerComments {
            consultation,
            numbers,
            outcome,
            reason: reason.to_owned(),
        };
        let ctx = maker.committee(town, maker.days_ago(20), number);
        maker.run(ctx, answer).await?;
    }
    let clauses = clauses.into_iter().map(|clause| {
        let clause = clause.replace("过得好”,", "过得好”,过渡安置最长不超过三年,");
        clause.replace(
            "分类推进、精准施策,",
            "分类推进、精准施策,无障碍设施为每个试点的必做项目,",
        )
    });
    let version = IssueVersion {
        consultation,
        clauses: clauses.collect(),
        note: "写明过渡安置的最长期限；无障碍设施列为必做项目。".to_owned(),
    };
    let ctx = maker.committee(town, maker.days_ago(18), NUMBERS + 40);
    maker.run(ctx, version).await?;
    Ok(())
}

/// Four comments of one owner, the last withdrawn, and a letter, whose number is returned.
async fn comments_on_it(
    maker: &Maker,
    town: &Town,
    staff: &Staff,
    consultation: ConsultationId,
) -> anyhow::Result<u32> {
    let comments = [
        (2, "老旧小区改造期间，请明确过渡安置的时间。"),
        (3, "试点之外的社区什么时候轮到，希望有时间表。"),
        (3, "试点之外的社区什么时候轮到？希望有时间表！"),
        (0, "支持。"),
    ];
    let mut last = None;
    for (number, (clause, text)) in (NUMBERS + 22..).zip(comments) {
        let at = maker.days_ago(55);
        let ctx = maker.acting(staff.owner, Role::Owner, town.id, at, number);
        let text = text.to_owned();
        let comment = CommentOnText {
            consultation,
            clause,
            text,
        };
        last = Some(maker.run(ctx, comment).await?);
    }
    let at = maker.days_ago(54);
    let ctx = maker.acting(staff.owner, Role::Owner, town.id, at, NUMBERS + 30);
    let withdrawal = WithdrawComment {
        consultation,
        number: last.context("the demo comments")?,
    };
    maker.run(ctx, withdrawal).await?;
    let letter = EnterLetter {
        consultation,
        clause: 0,
        channel: Channel::Letter,
        text: "建议把无障碍设施列入每个试点的必做项目。".to_owned(),
        received: maker.days_ago(50),
    };
    let ctx = maker.committee(town, maker.days_ago(50), NUMBERS + 31);
    maker.run(ctx, letter).await
}
