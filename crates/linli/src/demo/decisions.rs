//! What the owners of a demo community decided, decide and are about to decide.

use ballot::resolution::{Matter, SilenceRule};
use decisions::{
    AdoptRules, AnnounceResult, AnswerObjection, CountVotes, Draft, DraftResolution, Meeting,
    PublishResolution, RaiseObjection, ResolutionId, Rules,
};
use kernel::Window;

use super::city::Town;
use super::maker::Maker;
use super::meetings;
use super::votes::{deliver, vote};

/// A decided, a counted, a running and an announced resolution under the community's rules.
pub(super) async fn make(maker: &Maker, town: &Town, index: usize) -> anyhow::Result<()> {
    rules(maker, town, index).await?;
    past(maker, town).await?;
    objected(maker, town).await?;
    meetings::election(maker, town, window(maker, 5, -10)).await?;
    meetings::assembly(maker, town, window(maker, 3, -11)).await?;
    running(maker, town, index).await?;
    announced(maker, town).await
}

async fn rules(maker: &Maker, town: &Town, index: usize) -> anyhow::Result<()> {
    let rules = Rules {
        version: 0,
        source: "业主大会议事规则（演示）第十二条".to_owned(),
        silence: if index == 0 {
            SilenceRule::NotCounted
        } else {
            SilenceRule::Participates
        },
        vote_may_change: true,
        follow_allowed: index == 0,
        turnout_while_open: true,
        objection_days: 7,
        extension_days: 15,
    };
    let ctx = maker.committee(town, maker.days_ago(110), 30);
    maker.run(ctx, AdoptRules { rules }).await?;
    Ok(())
}

/// Decided: the lifts were repaired.
async fn past(maker: &Maker, town: &Town) -> anyhow::Result<()> {
    let draft = Draft {
        title: "使用维修资金更换 1 至 6 幢电梯曳引机".to_owned(),
        body: "拟使用物业专项维修资金 86.4 万元，更换 1 至 6 幢共 12 台电梯的曳引机和控制柜。\n\
               施工单位经比选确定，工期 45 天，由业委会委托第三方监理。"
            .to_owned(),
        matter: Matter::UseRepairFund,
        meeting: Meeting::Regular,
        window: window(maker, 60, 46),
    };
    let id = publish(maker, town, draft, 80).await?;
    deliver(maker, town, id, maker.days_ago(58), 1080).await?;
    vote(maker, town, id, maker.days_ago(52), 900, 78).await?;
    let committee = |days_ago, number| maker.committee(town, maker.days_ago(days_ago), number);
    let count = CountVotes { resolution: id };
    maker.run(committee(45, 60_001), count).await?;
    let ctx = maker.owner(town, 5, maker.days_ago(42), 60_002)?;
    let asked = "请公布施工单位的比选记录。";
    let objection = maker.run(ctx, objection(id, asked)).await?;
    let answer = AnswerObjection {
        resolution: id,
        objection,
        text: "施工合同和监理记录已张贴在 1 幢大厅公告栏，也可以到业委会办公室查阅。".to_owned(),
    };
    maker.run(committee(40, 60_003), answer).await?;
    let announce = AnnounceResult {
        resolution: id,
        remark: "由业委会与中选单位签订合同，于 45 天内完成，竣工后公布决算。".to_owned(),
    };
    maker.run(committee(36, 60_004), announce).await?;
    Ok(())
}

/// Counted, and open to objections: one waits for the committee's answer.
async fn objected(maker: &Maker, town: &Town) -> anyhow::Result<()> {
    let draft = Draft {
        title: "修改管理规约：规范宠物饲养和楼道堆物".to_owned(),
        body: "拟在管理规约中增加第二十一条（犬只在公共区域须牵绳、及时清理粪便）\n\
               和第二十二条（楼道、消防通道禁止堆物，七日内不清理的由物业代为清理）。"
            .to_owned(),
        matter: Matter::ManagementCovenant,
        meeting: Meeting::Regular,
        window: window(maker, 18, 3),
    };
    let id = publish(maker, town, draft, 38).await?;
    deliver(maker, town, id, maker.days_ago(17), 1000).await?;
    vote(maker, town, id, maker.days_ago(12), 880, 71).await?;
    let ctx = maker.committee(town, maker.days_ago(2), 61_001);
    maker.run(ctx, CountVotes { resolution: id }).await?;
    let ctx = maker.owner(town, 7, maker.days_ago(1), 61_002)?;
    let asked = "8 幢有业主说没有收到表决票，请公布送达登记。";
    maker.run(ctx, objection(id, asked)).await?;
    Ok(())
}

fn objection(resolution: ResolutionId, text: &str) -> RaiseObjection {
    RaiseObjection {
        resolution,
        text: text.to_owned(),
    }
}

/// Running: where the bicycles are to stand.
async fn running(maker: &Maker, town: &Town, index: usize) -> anyhow::Result<()> {
    let draft = Draft {
        title: "将北门空地改造为电动自行车集中充电棚".to_owned(),
        body:
            "拟将小区北门东侧约 320 平方米共有空地改造为电动自行车集中充电棚，设充电位 160 个。\n\
               建设费用由中标运营单位承担，每年向全体业主返还场地收益 4.8 万元，列入公共收益账户。"
                .to_owned(),
        matter: Matter::ChangeCommonUse,
        meeting: Meeting::Regular,
        window: window(maker, 4, -12),
    };
    let id = publish(maker, town, draft, 22).await?;
    deliver(maker, town, id, maker.days_ago(3), 860).await?;
    vote(maker, town, id, maker.days_ago(2), 520, 83).await?;
    meetings::around(maker, town, id, index == 1).await
}

/// Announced, not open yet: the committee's election.
async fn announced(maker: &Maker, town: &Town) -> anyhow::Result<()> {
    let draft = Draft {
        title: "续聘物业服务企业并调整服务标准".to_owned(),
        body: "拟续聘现物业服务企业，合同期三年，物业费不变；增加夜间巡逻和每周一次的楼道清洗。"
            .to_owned(),
        matter: Matter::HirePropertyManager,
        meeting: Meeting::Regular,
        window: window(maker, -17, -31),
    };
    publish(maker, town, draft, 1).await?;
    Ok(())
}

/// From nine o'clock that many days ago until six in the evening that many days ago; negative lies ahead.
fn window(maker: &Maker, opens_days_ago: i64, closes_days_ago: i64) -> Window {
    Window {
        opens: maker.days_ago(opens_days_ago).plus_seconds(9 * 3600),
        closes: maker.days_ago(closes_days_ago).plus_seconds(18 * 3600),
    }
}

async fn publish(
    maker: &Maker,
    town: &Town,
    draft: Draft,
    days_ago: i64,
) -> anyhow::Result<ResolutionId> {
    let number = 40_000 + days_ago.unsigned_abs();
    let at = maker.days_ago(days_ago);
    let id = maker
        .run(maker.committee(town, at, number), DraftResolution { draft })
        .await?;
    let ctx = maker.committee(town, at.plus_seconds(3600), number + 1000);
    maker
        .run(
            ctx,
            PublishResolution {
                resolution: id,
                is_confirmed: false,
            },
        )
        .await?;
    Ok(id)
}
