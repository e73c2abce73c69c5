//! The time bank in the demo city: Nanjing's scheme, volunteers, elders, visits past and to come, a pool.

use anyhow::Context as _;
use kernel::{AccountId, Role, Timestamp};
use timebank::{
    AcceptRequest, AnswerOffer, Arriving, AskForVisit, Channel, CheckIn, CheckOut, ChooseScheme,
    CloseCrossing, ConfirmVisit, Consent, CrossingKind, ElderId, ElderProfile, Enrol, EnrolElder,
    EntitleElder, FundPool, Gender, MakeService, OfferClearing, PaidBy, RequestId, Scheme,
    SendHours, ServiceId, Slot, TakeCrossing, VetVolunteer, VolunteerProfile, desk,
};

use super::accounts::Staff;
use super::city::Town;
use super::maker::Maker;

/// What may be asked for, and how many minutes it takes.
const SERVICES: [(&str, i64); 5] = [
    ("陪同就医", 180),
    ("陪同散步、聊天", 60),
    ("代买代购", 60),
    ("打扫房间", 120),
    ("教用手机", 45),
];

/// The first number of the contexts made here.
const NUMBERS: u64 = 80_000;

/// Makes it by the commands that people use.
pub(super) async fn make(maker: &Maker, town: &Town, staff: &Staff) -> anyhow::Result<()> {
    let scheme = Scheme::Nanjing;
    let choose = ChooseScheme {
        scheme,
        confirm_after_days: 3,
    };
    let at = maker.days_ago(50);
    maker
        .run(maker.committee(town, at, NUMBERS), choose)
        .await?;
    let mut services = Vec::new();
    for (number, (title, minutes)) in (NUMBERS + 1..).zip(SERVICES) {
        let title = title.to_owned();
        let ctx = maker.committee(town, at, number);
        services.push(maker.run(ctx, MakeService { title, minutes }).await?);
    }
    let fund = FundPool {
        minutes: 60_000,
        reason: "年度公益时间（演示）".to_owned(),
    };
    maker
        .run(maker.committee(town, at, NUMBERS + 10), fund)
        .await?;
    volunteers(maker, town, staff).await?;
    let elders = elders(maker, town, staff).await?;
    visits(maker, town, staff, &elders, &services).await
}

/// The two communities take each other's hours, and a resident has taken some along.
pub(super) async fn clear(
    maker: &Maker,
    (first, second): (&Town, &Town),
    staff: &Staff,
) -> anyhow::Result<()> {
    let (at, minutes) = (maker.days_ago(5), 6_000);
    let ground = "两个业委会联席会议纪要（演示）".to_owned();
    let offer = OfferClearing {
        partner: second.id,
        kind: CrossingKind::Limit,
        minutes,
        ground: ground.clone(),
    };
    let ctx = maker.committee(first, at, NUMBERS + 80);
    let crossing = maker.run(ctx, offer).await?;
    let arriving = Arriving {
        id: crossing,
        from: first.id,
        kind: CrossingKind::Limit,
        minutes,
        holder: None,
        ground: Some(ground),
    };
    let ctx = maker.system(second.id, at, NUMBERS + 81);
    maker.run(ctx, TakeCrossing { arriving }).await?;
    let answer = AnswerOffer {
        crossing,
        accept: true,
    };
    let ctx = maker.committee(second, maker.days_ago(4), NUMBERS + 82);
    maker.run(ctx, answer).await?;
    let close = CloseCrossing {
        crossing,
        refusal: None,
    };
    let ctx = maker.system(first.id, maker.days_ago(4), NUMBERS + 83);
    maker.run(ctx, close).await?;
    along(maker, (second, first), staff.resident).await
}

/// A resident's twenty minutes on their way, and taken in.
async fn along(
    maker: &Maker,
    (from, to): (&Town, &Town),
    account: AccountId,
) -> anyhow::Result<()> {
    let (at, minutes) = (maker.days_ago(3), 20);
    let send = SendHours {
        partner: to.id,
        minutes,
    };
    let ctx = maker.acting(account, Role::Resident, from.id, at, NUMBERS + 84);
    let id = maker.run(ctx, send).await?;
    let arriving = Arriving {
        id,
        from: from.id,
        kind: CrossingKind::Hours,
        minutes,
        holder: Some(account),
        ground: None,
    };
    let ctx = maker.system(to.id, at, NUMBERS + 85);
    maker.run(ctx, TakeCrossing { arriving }).await?;
    let close = CloseCrossing {
        crossing: id,
        refusal: None,
    };
    let ctx = maker.system(from.id, at, NUMBERS + 86);
    maker.run(ctx, close).await?;
    Ok(())
}

async fn volunteers(maker: &Maker, town: &Town, staff: &Staff) -> anyhow::Result<()> {
    let people: [(AccountId, Role, &str, Gender, &str); 2] = [
        (
            staff.resident,
            Role::Resident,
            "李小雨",
            Gender::Female,
            "1996-04-18",
        ),
        (
            staff.owner,
            Role::Owner,
            "王淑芬",
            Gender::Female,
            "1968-02-29",
        ),
    ];
    for (place, (account, role, name, gender, birth)) in (0_u64..).zip(people) {
        let profile = VolunteerProfile {
            name: name.to_owned(),
            birth: birth.parse()?,
            gender,
            languages: vec!["普通话".to_owned(), "绍兴话".to_owned()],
            skills: vec![],
            slots: vec![
                Slot::WeekdayMorning,
                Slot::WeekendMorning,
                Slot::WeekendAfternoon,
            ],
            team: (place == 1).then(|| "向阳志愿队".to_owned()),
        };
        let (at, number) = (maker.days_ago(48), NUMBERS + 20 + place);
        let ctx = maker.acting(account, role, town.id, at, number);
        maker.run(ctx, Enrol { profile }).await?;
        // The second waits to be vetted.
        if place == 0 {
            let ctx = maker.committee(town, maker.days_ago(47), NUMBERS + 30);
            let note = "身份证、志愿者承诺书（演示）".to_owned();
            let vet = VetVolunteer {
                account,
                is_fit: true,
                note,
            };
            maker.run(ctx, vet).await?;
        }
    }
    Ok(())
}

async fn elders(maker: &Maker, town: &Town, staff: &Staff) -> anyhow::Result<Vec<ElderId>> {
    let people = [
        ("沈阿珍", Gender::Female, "1941-03-02", "3幢", "1单元502"),
        ("周福根", Gender::Male, "1938-11-20", "5幢", "2单元301"),
    ];
    let mut made = Vec::new();
    for (place, (name, gender, birth, building, door)) in (0_u64..).zip(people) {
        let profile = ElderProfile {
            name: name.to_owned(),
            phone: "13900000000".to_owned(),
            birth: birth.parse()?,
            gender,
            languages: vec!["绍兴话".to_owned()],
            building: building.to_owned(),
            door: door.to_owned(),
        };
        let enrol = EnrolElder {
            profile,
            consent: Consent::Signed,
            evidence: "签字的同意书（演示）".to_owned(),
        };
        let (at, number) = (maker.days_ago(46), NUMBERS + 40 + place);
        let ctx = maker.acting(staff.butler, Role::Butler, town.id, at, number);
        let elder = maker.run(ctx, enrol).await?;
        let ctx = maker.committee(town, maker.days_ago(45), NUMBERS + 50 + place);
        let entitle = EntitleElder {
            elder,
            is_hardship: false,
        };
        maker.run(ctx, entitle).await?;
        made.push(elder);
    }
    Ok(made)
}

/// One visit a week ago, and requests for the days to come.
async fn visits(
    maker: &Maker,
    town: &Town,
    staff: &Staff,
    elders: &[ElderId],
    services: &[ServiceId],
) -> anyhow::Result<()> {
    // Elder, service, days from now.
    let asked = [(0, 1, -7), (0, 1, 1), (1, 2, 2), (1, 4, 3)];
    for (place, (elder, service, days)) in (0_u64..).zip(asked) {
        let (Some(elder), Some(service)) = (elders.get(elder), services.get(service)) else {
            continue;
        };
        let begins = maker.days_ago(-days).plus_seconds(9 * 3_600);
        let ask = AskForVisit {
            elder: *elder,
            service: *service,
            begins,
            gender_wish: None,
            note: "敲门重一点，老人耳背。".to_owned(),
            channel: Channel::Phone,
            paid_by: PaidBy::Pool,
        };
        let (at, number) = (
            begins.plus_days(-6).min(maker.days_ago(1)),
            NUMBERS + 60 + place,
        );
        let ctx = maker.acting(staff.butler, Role::Butler, town.id, at, number);
        let request = maker.run(ctx, ask).await?;
        if days < 0 {
            past(maker, town, staff, request, begins).await?;
        }
    }
    Ok(())
}

/// A visit that was made and confirmed.
async fn past(
    maker: &Maker,
    town: &Town,
    staff: &Staff,
    request: RequestId,
    begins: Timestamp,
) -> anyhow::Result<()> {
    let volunteer = |at, number| {
        let (account, role) = (staff.resident, Role::Resident);
        maker.acting(account, role, town.id, at, number)
    };
    let accept = AcceptRequest {
        request,
        for_team: false,
    };
    let ctx = volunteer(begins.plus_days(-5), NUMBERS + 70);
    let visit = maker.run(ctx, accept).await?;
    let reading = maker.committee(town, begins, NUMBERS + 71);
    let seen = maker
        .app()
        .database()
        .read(move |read| desk(read, &reading))
        .await?;
    let visits = seen.visits.into_iter().filter_map(|one| one.visit);
    let code = visits
        .filter(|one| one.id == visit)
        .find_map(|one| one.code)
        .context("staff see the code of a visit to come")?;
    let come = CheckIn {
        code: code.clone(),
        place: String::new(),
    };
    maker.run(volunteer(begins, NUMBERS + 72), come).await?;
    let left = begins.plus_seconds(52 * 60);
    maker
        .run(volunteer(left, NUMBERS + 73), CheckOut { code })
        .await?;
    let ctx = maker.acting(
        staff.butler,
        Role::Butler,
        town.id,
        left.plus_seconds(3_600),
        NUMBERS + 74,
    );
    let confirm = ConfirmVisit {
        visit,
        longer: false,
    };
    maker.run(ctx, confirm).await?;
    Ok(())
}
