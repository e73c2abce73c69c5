//! What happens beside the voting in a demo community: corrections with two signatures, reminders, visits, an extension.

use anyhow::Context as _;
use ballot::resolution::{Choice, Matter};
use decisions::{
    AddAttachment, Call, CallAssembly, Channel, CheckCandidate, ChooseReminders, Condition,
    ConfirmCorrection, Draft, DraftResolution, ElectionPlan, ExtendWindow, Meeting, PlanElection,
    ProposeCorrection, PublishAssembly, PublishResolution, PutOnAgenda, RecordElectionBallot,
    RecordVisit, ReminderChannel, ResolutionId, SendReminders, StandForCommittee, VisitOutcome,
    WithdrawCandidacy,
};
use documents::{Block, Document};
use kernel::{Randomness, Role, Timestamp, Window};

use super::city::Town;
use super::maker::Maker;
use super::votes::vote;

/// Around a running vote: two votes on paper were taken down wrongly, owners are reminded, neighbours visited; in one
/// community too few took part and the vote was extended.
pub(super) async fn around(
    maker: &Maker,
    town: &Town,
    id: ResolutionId,
    is_extended: bool,
) -> anyhow::Result<()> {
    correct(maker, town, id).await?;
    remind(maker, town, id).await?;
    if is_extended {
        let extension = ExtendWindow {
            resolution: id,
            closes: maker.days_ago(-19).plus_seconds(18 * 3600),
            reason: "截至今日，参与表决的人数和面积都没有达到三分之二。".to_owned(),
        };
        let ctx = maker.committee(town, maker.days_ago(0), 62_040);
        maker.run(ctx, extension).await?;
    }
    Ok(())
}

/// Running: the election of a committee of five, for which seven stand; one withdrew.
pub(super) async fn election(maker: &Maker, town: &Town, window: Window) -> anyhow::Result<()> {
    let drafted = maker.days_ago(60);
    let draft = Draft {
        title: "选举第三届业主委员会".to_owned(),
        body: "应选委员 5 名，候补委员不超过 2 名。候选人经自荐或者推荐产生，审查结果已公示。"
            .to_owned(),
        matter: Matter::CommitteeElection,
        meeting: Meeting::Regular,
        window,
    };
    let ctx = maker.committee(town, drafted, 65_000);
    let id = maker.run(ctx, DraftResolution { draft }).await?;
    let plan = ElectionPlan {
        seats: 5,
        reserve: 2,
        whole_committee: true,
        nominations_until: maker.days_ago(30),
    };
    let ctx = maker.committee(town, drafted, 65_001);
    let command = PlanElection {
        resolution: id,
        plan,
    };
    maker.run(ctx, command).await?;
    let mut candidates = Vec::new();
    for place in 3..11_usize {
        let number = 65_010 + u64::try_from(place)?;
        let at = maker.days_ago(50).plus_seconds(60 * i64::try_from(place)?);
        let candidacy = StandForCommittee {
            resolution: id,
            statement: "愿意公开账目，推动老旧设施更新，每月接待邻居一次。".to_owned(),
            declared: Condition::ALL.to_vec(),
        };
        candidates.push(
            maker
                .run(maker.owner(town, place, at, number)?, candidacy)
                .await?,
        );
    }
    for (number, candidate) in (65_040..).zip(&candidates) {
        let accepted = number != 65_047;
        let check = CheckCandidate {
            resolution: id,
            candidate: *candidate,
            is_accepted: accepted,
            reason: if accepted {
                "业主身份和声明已核对，公示期内没有异议。".to_owned()
            } else {
                "书面催交后仍欠物业费，不符合第十七条规定的条件。".to_owned()
            },
        };
        let ctx = maker.committee(town, maker.days_ago(29), number);
        maker.run(ctx, check).await?;
    }
    let ctx = maker.committee(town, maker.days_ago(28), 65_050);
    let publication = PublishResolution {
        resolution: id,
        is_confirmed: false,
    };
    maker.run(ctx, publication).await?;
    let at = maker.days_ago(2);
    let last = candidates.get(6).context("seven candidates")?;
    elect(maker, town, id, at).await?;
    let withdrawal = WithdrawCandidacy {
        resolution: id,
        candidate: *last,
        reason: "因工作调动退出。".to_owned(),
    };
    let ctx = maker.owner(town, 9, at.plus_seconds(7200), 65_051)?;
    maker.run(ctx, withdrawal).await?;
    Ok(())
}

/// Ballots on paper for the first units: the first four candidates are known best.
async fn elect(maker: &Maker, town: &Town, id: ResolutionId, at: Timestamp) -> anyhow::Result<()> {
    let lot = Randomness::from_number(u64::try_from(at.micros()).unwrap_or(0));
    let units = town
        .electors
        .iter()
        .filter(|unit| town.account_of(unit).is_none())
        .take(300);
    let ballots = (66_000_u64..).zip(units).map(|(number, unit)| {
        let picks = (1..=7)
            .filter(|candidate| lot.below(100) < if *candidate < 5 { 70 } else { 40 })
            .take(5)
            .collect();
        let ballot = RecordElectionBallot {
            resolution: id,
            unit: unit.unit,
            picks,
            channel: Channel::Paper,
            received_at: at,
            evidence: "选举票，业委会档案柜（演示）".to_owned(),
        };
        (maker.committee(town, at.plus_seconds(60), number), ballot)
    });
    maker.run_all("登记选举票", ballots.collect()).await?;
    Ok(())
}

/// Running: a meeting with three matters on one ballot.
pub(super) async fn assembly(maker: &Maker, town: &Town, window: Window) -> anyhow::Result<()> {
    let at = maker.days_ago(24);
    let call = Call {
        title: "2026 年第二次业主大会会议".to_owned(),
        meeting: Meeting::Regular,
        window,
    };
    let ctx = maker.committee(town, at, 63_000);
    let assembly = maker.run(ctx, CallAssembly { call }).await?;
    let matters = [
        (
            Matter::OtherMajor,
            "公布并审议上一年度共有收益收支",
            "上一年度共有收益 38.6 万元，支出 21.2 万元，余额转入下一年度，明细附后。",
        ),
        (
            Matter::UseRepairFund,
            "使用维修资金修缮 3 幢、7 幢屋面防水",
            "预算 26.8 万元，由中标单位施工，质保五年。",
        ),
        (
            Matter::RulesOfProcedure,
            "修改业主大会议事规则：增加延长投票和代理人数的规定",
            "参与未达法定比例的，可以延长一次，最多十五日；一人最多接受三位业主委托。",
        ),
    ];
    let mut resolutions = Vec::new();
    for (number, (matter, title, body)) in (63_001..).zip(matters) {
        let draft = Draft {
            title: title.to_owned(),
            body: body.to_owned(),
            matter,
            meeting: Meeting::Regular,
            window,
        };
        let ctx = maker.committee(town, at, number);
        let put = PutOnAgenda { assembly, draft };
        resolutions.push(maker.run(ctx, put).await?);
    }
    let ctx = maker.committee(town, at.plus_seconds(3600), 63_010);
    let publication = PublishAssembly {
        assembly,
        is_confirmed: false,
    };
    maker.run(ctx, publication).await?;
    for (days, id) in (0..).zip(resolutions) {
        let at = maker.days_ago(1).plus_seconds(days);
        vote(maker, town, id, at, 160 - 20 * usize::try_from(days)?, 75).await?;
    }
    Ok(())
}

/// One correction is confirmed, another waits for its second signature.
async fn correct(maker: &Maker, town: &Town, id: ResolutionId) -> anyhow::Result<()> {
    let at = maker.days_ago(1).plus_seconds(9 * 3600);
    let mut on_paper = town
        .electors
        .iter()
        .take(500)
        .filter(|unit| town.account_of(unit).is_none());
    for (number, confirmed) in [(62_000, true), (62_010, false)] {
        let unit = on_paper.next().context("a unit that votes on paper")?.unit;
        let scan = AddAttachment {
            resolution: id,
            evidence: true,
            name: "表决票扫描件.pdf".to_owned(),
            media_type: "application/pdf".to_owned(),
            content: documents::to_pdf(&paper())?,
        };
        let scan = maker.run(maker.committee(town, at, number), scan).await?;
        let choice = standing(maker, town, id, unit, number).await?;
        let proposal = ProposeCorrection {
            resolution: id,
            unit,
            choice: Some(if choice == "against" {
                Choice::For
            } else {
                Choice::Against
            }),
            reason: "录入时看错了一行，复核表决票时发现。".to_owned(),
            scan,
        };
        let ctx = maker.committee(town, at.plus_seconds(300), number + 2);
        let correction = maker.run(ctx, proposal).await?;
        if confirmed {
            let (_, other) = *town.online.get(9).context("owners with a login")?;
            let at = at.plus_seconds(7200);
            let ctx = maker.acting(other, Role::CommitteeMember, town.id, at, number + 3);
            let confirmation = ConfirmCorrection {
                resolution: id,
                correction,
            };
            maker.run(ctx, confirmation).await?;
        }
    }
    Ok(())
}

/// What was recorded for a unit.
async fn standing(
    maker: &Maker,
    town: &Town,
    id: ResolutionId,
    unit: people::model::UnitId,
    number: u64,
) -> anyhow::Result<String> {
    let ctx = maker.committee(town, maker.days_ago(1), number + 1);
    let trace = maker
        .app()
        .database()
        .read(move |read| decisions::unit_trace(read, &ctx, id, unit))
        .await?;
    let vote = trace.votes.into_iter().next();
    Ok(vote.and_then(|vote| vote.choice).unwrap_or_default())
}

fn paper() -> Document {
    Document {
        title: "纸质表决票（扫描件，演示）".to_owned(),
        number: String::new(),
        blocks: vec![Block::Paragraph(
            "本人对上列事项的意见以签名为准。".to_owned(),
        )],
        signature: None,
        verification: None,
        footer: String::new(),
    }
}

async fn remind(maker: &Maker, town: &Town, id: ResolutionId) -> anyhow::Result<()> {
    let ways = [ReminderChannel::Letter, ReminderChannel::Door];
    for ((number, unit), channel) in (62_020_u64..)
        .zip(town.electors.iter().skip(530))
        .filter(|(_, unit)| town.account_of(unit).is_some())
        .take(2)
        .zip(ways)
    {
        let account = town.account_of(unit).context("an owner with a login")?;
        let ctx = maker.acting(account, Role::Owner, town.id, maker.days_ago(2), number);
        let choice = ChooseReminders {
            unit: unit.unit,
            channel,
        };
        maker.run(ctx, choice).await?;
    }
    let at = maker.days_ago(1).plus_seconds(10 * 3600);
    let reminder = SendReminders {
        resolution: id,
        text: "表决还在进行，请抽空投票；需要纸质票的请联系业委会。".to_owned(),
    };
    maker
        .run(maker.committee(town, at, 64_000), reminder)
        .await?;
    let outcomes = [
        VisitOutcome::NotHome,
        VisitOutcome::HandedOver,
        VisitOutcome::Informed,
        VisitOutcome::Empty,
    ];
    let visits = town.electors.iter().skip(600).take(12);
    let visits = (64_001_u64..).zip(visits.zip(outcomes.into_iter().cycle()));
    let visits = visits.map(|(number, (unit, outcome))| {
        let visit = RecordVisit {
            resolution: id,
            unit: unit.unit,
            outcome,
            note: if outcome == VisitOutcome::NotHome {
                "晚上七点后在家".to_owned()
            } else {
                String::new()
            },
            visited_at: at.plus_seconds(3600),
        };
        (maker.committee(town, at.plus_seconds(4000), number), visit)
    });
    maker.run_all("登记走访", visits.collect()).await?;
    Ok(())
}
