//! Points in the demo city: rules, a shop, a resident who earned and redeemed, a claim that waits.

use kernel::{AccountId, Role};
use people::commands::LinkAccount;
use people::model::{PersonRef, Relation};
use points::{
    ApproveItem, ClaimPoints, ConfirmClaim, Confirmer, Earner, Event, ItemId, ItemKind, ItemTerms,
    MakeRule, OfferItem, OpenSession, RedeemItem, RuleId, RuleTerms, SessionTerms,
};

use super::accounts::Staff;
use super::city::Town;
use super::maker::Maker;

/// The act, what shows it, points, times a day, times a year.
const RULES: [(&str, &str, i64, u32, u32); 4] = [
    ("陪独居老人就医", "就医日期和老人或家属姓名", 30, 1, 24),
    ("参加小区夜间巡逻", "巡逻时段和同组邻居", 10, 1, 100),
    ("整理楼道、捡拾垃圾", "前后照片或楼长姓名", 5, 2, 100),
    ("参加业主大会表决", "表决编号", 20, 1, 6),
];

/// Name, kind, price, stock, off the property fee in fen.
const ITEMS: [(&str, ItemKind, i64, u32, i64); 4] = [
    ("理发一次（便民服务站）", ItemKind::Service, 30, 20, 0),
    ("洗衣液一瓶", ItemKind::Goods, 25, 40, 0),
    ("抵扣物业费 10 元", ItemKind::FeeOffset, 50, 200, 1_000),
    ("家电清洗上门一次", ItemKind::Service, 80, 5, 0),
];
/// How many of an item one person may redeem in a year.
const PER_YEAR: u32 = 12;

/// The first number of the contexts made here.
const NUMBERS: u64 = 70_000;

/// Makes it by the commands that people use; times lie in the past.
pub(super) async fn make(maker: &Maker, town: &Town, staff: &Staff) -> anyhow::Result<()> {
    let rules = rules(maker, town).await?;
    let items = items(maker, town, staff).await?;
    earn(maker, town, staff, &rules).await?;
    sessions(maker, town, &rules).await?;
    family(maker, town, staff).await?;
    if let Some(item) = items.first().copied() {
        let at = maker.days_ago(2);
        let ctx = maker.acting(staff.resident, Role::Resident, town.id, at, NUMBERS + 70);
        maker.run(ctx, RedeemItem { item }).await?;
    }
    Ok(())
}

async fn rules(maker: &Maker, town: &Town) -> anyhow::Result<Vec<RuleId>> {
    let mut made = Vec::new();
    for (number, (title, evidence, points, daily_cap, yearly_cap)) in (NUMBERS..).zip(RULES) {
        let terms = RuleTerms {
            title: title.to_owned(),
            evidence: evidence.to_owned(),
            points,
            daily_cap,
            yearly_cap,
            valid_days: 365,
            earned_by: if made.len() + 1 == RULES.len() {
                Earner::Owners
            } else {
                Earner::Everyone
            },
            confirmed_by: Confirmer::Committee,
            // The last one pays by itself.
            event: (made.len() + 1 == RULES.len()).then_some(Event::Voted),
        };
        let ctx = maker.committee(town, maker.days_ago(60), number);
        made.push(maker.run(ctx, MakeRule { terms }).await?);
    }
    Ok(made)
}

async fn items(maker: &Maker, town: &Town, staff: &Staff) -> anyhow::Result<Vec<ItemId>> {
    let mut made = Vec::new();
    for (number, (title, kind, price, stock, offset_fen)) in (NUMBERS + 10..).zip(ITEMS) {
        let terms = ItemTerms {
            title: title.to_owned(),
            kind,
            price,
            stock,
            per_year: PER_YEAR.min(stock),
            offset_fen,
        };
        let at = maker.days_ago(58);
        let offering = maker.acting(staff.provider, Role::Provider, town.id, at, number);
        let item = maker.run(offering, OfferItem { terms }).await?;
        // The last one waits for the committee.
        if made.len() + 1 < ITEMS.len() {
            let ctx = maker.committee(town, maker.days_ago(57), number + 10);
            maker.run(ctx, ApproveItem { item }).await?;
        }
        made.push(item);
    }
    Ok(made)
}

async fn earn(maker: &Maker, town: &Town, staff: &Staff, rules: &[RuleId]) -> anyhow::Result<()> {
    let claims: [(AccountId, Role, usize, &str, i64); 3] = [
        (
            staff.resident,
            Role::Resident,
            0,
            "10月12日陪3幢沈奶奶去市人民医院复查",
            40,
        ),
        (
            staff.resident,
            Role::Resident,
            1,
            "10月20日晚，与王师傅一组",
            30,
        ),
        (
            staff.owner,
            Role::Owner,
            2,
            "5幢一单元楼道，楼长李梅可以作证",
            20,
        ),
    ];
    for (number, (who, role, rule, evidence, days)) in (NUMBERS + 40..).zip(claims) {
        let Some(rule) = rules.get(rule).copied() else {
            continue;
        };
        let evidence = evidence.to_owned();
        let ctx = maker.acting(who, role, town.id, maker.days_ago(days), number);
        let claim = maker.run(ctx, ClaimPoints { rule, evidence }).await?;
        if who == staff.resident {
            let ctx = maker.committee(town, maker.days_ago(days - 1), number + 10);
            maker.run(ctx, ConfirmClaim { claim }).await?;
        }
    }
    Ok(())
}

/// A patrol tonight and one next week.
async fn sessions(maker: &Maker, town: &Town, rules: &[RuleId]) -> anyhow::Result<()> {
    let Some(rule) = rules.get(1).copied() else {
        return Ok(());
    };
    let patrols = [("今晚夜间巡逻", 0), ("下周夜间巡逻", 7)];
    for (number, (title, days)) in (NUMBERS + 80..).zip(patrols) {
        let terms = SessionTerms {
            rule,
            title: title.to_owned(),
            begins: maker.days_ago(-days),
            ends: maker.days_ago(-days - 1),
            seats: 12,
        };
        let ctx = maker.committee(town, maker.days_ago(1), number);
        maker.run(ctx, OpenSession { terms }).await?;
    }
    Ok(())
}

/// The resident with a login is of the owner's family, so that points can be given.
async fn family(maker: &Maker, town: &Town, staff: &Staff) -> anyhow::Result<()> {
    let own = town
        .electors
        .iter()
        .filter(|unit| town.account_of(unit) == Some(staff.owner));
    for unit in own {
        let (id, ctx) = (
            unit.unit,
            maker.system(town.id, maker.days_ago(50), NUMBERS + 90),
        );
        let view = maker
            .app()
            .database()
            .read(move |read| people::queries::unit(read, &ctx, id))
            .await?;
        let related = [Relation::Spouse, Relation::Child, Relation::Parent];
        let mut residents = view.residents.iter();
        if let Some(one) = residents.find(|one| related.contains(&one.relation)) {
            let link = LinkAccount {
                person: PersonRef::Resident(one.id),
                account: staff.resident,
                evidence: "身份证与户口簿核验（演示）".to_owned(),
            };
            let ctx = maker.system(town.id, maker.days_ago(50), NUMBERS + 91);
            maker.run(ctx, link).await?;
            break;
        }
    }
    Ok(())
}
