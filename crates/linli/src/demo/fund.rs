//! The community fund in the demo city: donations, two purposes, a project that is paid, one that waits, and a surplus.

use fund::{
    AnnounceGift, ApplyForGrant, CharterTerms, CheckEvidence, ConfirmVoucher, DecideGrant, Display,
    DonorTerms, Evidence, GrantId, GrantTerms, MakePurpose, Means, PayTranche, PurposeTerms, Purse,
    RecordVoucher, ReviewGrant, SetCharter, Standing, SubmitEvidence, TrancheTerms, VoucherKind,
    VoucherTerms,
};
use kernel::{Context, Role, Timestamp};

use super::accounts::Staff;
use super::city::Town;
use super::maker::Maker;

/// The first number of the contexts made here.
const NUMBERS: u64 = 90_000;

/// Days ago, kind, purse by number (0 general, 1 operation, 2 and 3 the purposes), fen, what it was, donor, how shown.
type Booked = (
    i64,
    VoucherKind,
    usize,
    i64,
    &'static str,
    &'static str,
    Display,
);

const BOOKED: [Booked; 12] = [
    (
        118,
        VoucherKind::Opening,
        0,
        1_860_000,
        "开账前结余",
        "",
        Display::Named,
    ),
    (
        112,
        VoucherKind::Donation,
        0,
        500_000,
        "业主捐赠",
        "王淑芬",
        Display::Masked,
    ),
    (
        108,
        VoucherKind::Donation,
        2,
        2_000_000,
        "支持老年助餐",
        "绍兴越城餐饮有限公司",
        Display::Named,
    ),
    (
        104,
        VoucherKind::Activity,
        2,
        360_000,
        "端午助餐 120 份",
        "",
        Display::Named,
    ),
    (
        100,
        VoucherKind::Donation,
        3,
        80_000,
        "种一排桂花",
        "沈国强",
        Display::Anonymous,
    ),
    (
        90,
        VoucherKind::Surplus,
        1,
        12_000_000,
        "上年度建设盈余结算",
        "",
        Display::Named,
    ),
    (
        96,
        VoucherKind::Donation,
        0,
        20_000,
        "邻里节义卖",
        "李梅",
        Display::Named,
    ),
    (
        84,
        VoucherKind::Income,
        0,
        3_216,
        "三季度利息",
        "",
        Display::Named,
    ),
    (
        80,
        VoucherKind::Administration,
        0,
        45_000,
        "记账与审计",
        "",
        Display::Named,
    ),
    (
        72,
        VoucherKind::Activity,
        2,
        410_000,
        "中秋助餐 136 份",
        "",
        Display::Named,
    ),
    (
        66,
        VoucherKind::Donation,
        2,
        66_600,
        "给独居老人加餐",
        "周敏",
        Display::Masked,
    ),
    (
        61,
        VoucherKind::Fundraising,
        0,
        12_800,
        "募捐海报",
        "",
        Display::Named,
    ),
];

/// Makes it by the commands that people use; money moves before the first points do, for the book keeps its order of time.
pub(super) async fn make(maker: &Maker, town: &Town, staff: &Staff) -> anyhow::Result<()> {
    let terms = CharterTerms {
        name: "幸福邻里社区基金".to_owned(),
        standing: Standing::PublicFoundation,
        how: "户名：幸福邻里社区基金（演示）\n账号：6222 0000 0000 0000\n开户行：绍兴银行城东支行\n现金请交社区服务站，当场开收条。"
            .to_owned(),
        surplus_share: Some(3_000),
        surplus_ground: "业主大会 2025 年第 6 号决议".to_owned(),
        prior_income: 2_400_000,
        prior_net: 1_860_000,
    };
    let ctx = maker.committee(town, maker.days_ago(119), NUMBERS);
    maker.run(ctx, SetCharter { terms }).await?;
    let mut purses = vec![Purse::General, Purse::Operation];
    let purposes = [
        ("老年助餐", "给 70 岁以上独居老人送餐，只付餐费。"),
        ("楼前植树", "买树苗和浇灌，由居民自己种。"),
    ];
    for (number, (title, about)) in (NUMBERS + 1..).zip(purposes) {
        let terms = PurposeTerms {
            title: title.to_owned(),
            about: about.to_owned(),
        };
        let ctx = maker.committee(town, maker.days_ago(119), number);
        purses.push(Purse::Purpose(maker.run(ctx, MakePurpose { terms }).await?));
    }
    book(maker, town, staff, &purses).await?;
    projects(maker, town, staff, &purses).await?;
    announced(maker, town, staff, &purses).await
}

/// The treasurer, who records, reviews and pays; the committee's other member confirms, checks and decides.
fn treasurer(maker: &Maker, town: &Town, staff: &Staff, at: Timestamp, number: u64) -> Context {
    maker.acting(staff.treasurer, Role::CommitteeMember, town.id, at, number)
}

fn slip() -> Evidence {
    Evidence {
        name: "回单（演示）.txt".to_owned(),
        media_type: "text/plain".to_owned(),
        content: "演示用凭据，不是真实回单。".as_bytes().to_vec(),
    }
}

fn voucher(town: &Town, at: Timestamp, number: u64, booked: &Booked, purse: Purse) -> VoucherTerms {
    let (_, kind, _, amount, what, donor, display) = *booked;
    VoucherTerms {
        kind,
        purse,
        target: None,
        amount,
        means: Means::Bank,
        reference: format!("{}-{number:04}", town.id.uuid().as_u64_pair().1 % 1_000),
        day: at.date(),
        what: what.to_owned(),
        donor: (kind == VoucherKind::Donation).then(|| DonorTerms {
            name: donor.to_owned(),
            display,
        }),
        gift_code: None,
    }
}

async fn book(maker: &Maker, town: &Town, staff: &Staff, purses: &[Purse]) -> anyhow::Result<()> {
    for (number, booked) in (0..).zip(&BOOKED) {
        let Some(purse) = purses.get(booked.2).copied() else {
            continue;
        };
        let at = maker.days_ago(booked.0);
        let terms = voucher(town, at, number, booked, purse);
        let ctx = treasurer(maker, town, staff, at, NUMBERS + 10 + number);
        let evidence = Some(slip());
        let voucher = maker.run(ctx, RecordVoucher { terms, evidence }).await?;
        let later = at.plus_seconds(7_200);
        let ctx = maker.committee(town, later, NUMBERS + 40 + number);
        maker.run(ctx, ConfirmVoucher { voucher }).await?;
    }
    // One that waits for a second person.
    let (at, number) = (maker.days_ago(1), 60);
    let waits = (
        1,
        VoucherKind::Donation,
        0,
        30_000,
        "微信群接龙捐款",
        "陈芳",
        Display::Masked,
    );
    let terms = voucher(town, at, number, &waits, Purse::General);
    let ctx = treasurer(maker, town, staff, at, NUMBERS + 70);
    let evidence = Some(slip());
    maker.run(ctx, RecordVoucher { terms, evidence }).await?;
    Ok(())
}

fn terms(title: &str, plan: &str, who: &str, purse: Purse, parts: &[(&str, i64)]) -> GrantTerms {
    let tranches = parts.iter().map(|(title, amount)| TrancheTerms {
        title: (*title).to_owned(),
        amount: *amount,
    });
    GrantTerms {
        title: title.to_owned(),
        plan: plan.to_owned(),
        who: who.to_owned(),
        purse,
        tranches: tranches.collect(),
    }
}

async fn projects(
    maker: &Maker,
    town: &Town,
    staff: &Staff,
    purses: &[Purse],
) -> anyhow::Result<()> {
    let apply = |days, number, terms| {
        let at = maker.days_ago(days);
        let ctx = maker.acting(staff.resident, Role::Resident, town.id, at, number);
        maker.run(ctx, ApplyForGrant { terms })
    };
    let rails = terms(
        "楼道扶手",
        "给 3 幢、5 幢老人多的楼道装扶手，12 月底前完成。",
        "3 幢邻里小组",
        Purse::General,
        &[("材料，凭发票", 240_000), ("安装，凭验收照片", 160_000)],
    );
    let rails = apply(58, NUMBERS + 80, rails).await?;
    approve(maker, town, staff, rails, 54, NUMBERS + 81).await?;
    if let Some(trees) = purses.get(3).copied() {
        let osmanthus = terms(
            "东门桂花",
            "在东门种 6 棵桂花，认养到户。",
            "东门种树队",
            trees,
            &[("树苗，凭收据", 60_000)],
        );
        let osmanthus = apply(52, NUMBERS + 90, osmanthus).await?;
        approve(maker, town, staff, osmanthus, 50, NUMBERS + 91).await?;
    }
    pay_first(maker, town, staff, rails).await?;
    let repairs = terms(
        "周末修理角",
        "每月两次，教居民修小家电，买工具一套。",
        "向阳志愿队",
        Purse::Operation,
        &[("工具，凭发票", 180_000), ("三个月后的小结", 60_000)],
    );
    apply(3, NUMBERS + 95, repairs).await?;
    Ok(())
}

async fn approve(
    maker: &Maker,
    town: &Town,
    staff: &Staff,
    grant: GrantId,
    days: i64,
    number: u64,
) -> anyhow::Result<()> {
    let review = ReviewGrant {
        grant,
        is_fit: true,
        reason: "需要迫切，报价合理，有人负责。".to_owned(),
    };
    let ctx = treasurer(maker, town, staff, maker.days_ago(days), number);
    maker.run(ctx, review).await?;
    let decide = DecideGrant {
        grant,
        is_approved: true,
        reason: "业委会会议通过。".to_owned(),
    };
    let ctx = maker.committee(town, maker.days_ago(days - 1), number + 1);
    maker.run(ctx, decide).await
}

/// The first tranche was shown, checked and paid.
async fn pay_first(
    maker: &Maker,
    town: &Town,
    staff: &Staff,
    grant: GrantId,
) -> anyhow::Result<()> {
    let reading = maker.committee(town, maker.days_ago(46), NUMBERS + 83);
    let view = maker
        .app()
        .database()
        .read(move |read| fund::grant(read, &reading, grant))
        .await?;
    let Some(first) = view.tranches.first().map(|one| one.tranche.id) else {
        return Ok(());
    };
    let submit = SubmitEvidence {
        tranche: first,
        note: "扶手和膨胀螺丝的发票。".to_owned(),
        evidence: Some(slip()),
    };
    let at = maker.days_ago(45);
    let ctx = maker.acting(staff.resident, Role::Resident, town.id, at, NUMBERS + 84);
    maker.run(ctx, submit).await?;
    let check = CheckEvidence {
        tranche: first,
        is_met: true,
        reason: "发票与实物核对无误。".to_owned(),
    };
    let ctx = maker.committee(town, maker.days_ago(44), NUMBERS + 85);
    maker.run(ctx, check).await?;
    let pay = PayTranche {
        tranche: first,
        amount: Some(236_000),
        reference: "P-0001".to_owned(),
    };
    let ctx = treasurer(maker, town, staff, maker.days_ago(43), NUMBERS + 86);
    maker.run(ctx, pay).await?;
    Ok(())
}

/// A donation that an owner announced and whose money has not come.
async fn announced(
    maker: &Maker,
    town: &Town,
    staff: &Staff,
    purses: &[Purse],
) -> anyhow::Result<()> {
    let gift = AnnounceGift {
        donor: DonorTerms {
            name: "王淑芬".to_owned(),
            display: Display::Masked,
        },
        purse: purses.get(2).copied().unwrap_or(Purse::General),
        amount: 88_800,
    };
    let at = maker.days_ago(2);
    let ctx = maker.acting(staff.owner, Role::Owner, town.id, at, NUMBERS + 98);
    maker.run(ctx, gift).await?;
    Ok(())
}
