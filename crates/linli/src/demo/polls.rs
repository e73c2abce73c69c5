//! Secret polls in the demo city: one to vote in, and in the first community one that is counted.

use anyhow::Context as _;
use ballot::choosing::Method;
use credential::{Device, Issuer};
use kernel::{AccountId, Randomness, Role, Timestamp, Window};
use people::model::UnitUse;
use polls::{
    CastBallot, CollectCredential, CountPoll, Draft, DraftPoll, ElectorId, Entitled, PollId,
    PollOption, PublishPoll,
};

use super::city::Town;
use super::maker::Maker;

/// The first number of the contexts made here.
const NUMBERS: u64 = 7_000_000;

/// How many households vote in the counted poll: enough for a result, few enough for a quick start.
pub(super) const POLLED: usize = 12;

/// Who votes in the counted poll: a household by its unit, the login that stands for it.
pub(super) struct Voter {
    elector: ElectorId,
    account: AccountId,
}

/// Makes it by the commands that people use; times lie in the past.
pub(super) async fn make(maker: &Maker, town: &Town, index: usize) -> anyhow::Result<()> {
    maker.say("居民公投");
    open(maker, town).await?;
    if index > 0 {
        return Ok(());
    }
    counted(maker, town, &voters(town, POLLED)).await
}

/// The first households with a login, by their units.
pub(super) fn voters(town: &Town, many: usize) -> Vec<Voter> {
    let homes = town.electors.iter();
    let homes = homes.filter(|unit| unit.unit_use == UnitUse::Residential);
    let voters = homes.filter_map(|unit| {
        let elector = ElectorId::from_uuid(unit.unit.uuid());
        let account = town.account_of(unit)?;
        Some(Voter { elector, account })
    });
    voters.take(many).collect()
}

/// A poll that is open for a fortnight.
async fn open(maker: &Maker, town: &Town) -> anyhow::Result<()> {
    let draft = Draft {
        title: "社区食堂请哪家来办？".to_owned(),
        body:
            "三家餐饮企业报名承办社区食堂，场地由社区提供，合同两年。每户一票，请把三家排个先后。"
                .to_owned(),
        options: vec![
            option(
                "绿禾餐饮",
                "绍兴绿禾餐饮有限公司",
                "午餐 13 元起",
                "60 岁以上九折，送餐到户",
            ),
            option(
                "邻家食堂",
                "邻家餐饮服务中心",
                "午餐 12 元起",
                "一日三餐，七点到十九点",
            ),
            option(
                "老味道",
                "越城老味道餐饮有限公司",
                "午餐 15 元起",
                "厨房开放，每周公布菜单",
            ),
        ],
        method: Method::InstantRunoff,
        entitled: Entitled::Households,
        min_age: 18,
        building: String::new(),
        window: Window {
            opens: maker.days_ago(1),
            closes: maker.days_ago(-14),
        },
        funding: None,
    };
    publish(maker, town, draft, maker.days_ago(2), NUMBERS).await?;
    Ok(())
}

/// A poll that these voters decided.
async fn counted(maker: &Maker, town: &Town, voters: &[Voter]) -> anyhow::Result<()> {
    let window = Window {
        opens: maker.days_ago(33),
        closes: maker.days_ago(26),
    };
    let draft = Draft {
        title: "快递柜换哪家？".to_owned(),
        body: "原合同到期。可赞成多家，得票最多的一家入场。".to_owned(),
        options: vec![
            option("丰巢", "", "免费存放 18 小时", ""),
            option("近邻宝", "", "免费存放 24 小时", ""),
            option("不设快递柜，改用驿站", "", "", ""),
        ],
        method: Method::Approval,
        entitled: Entitled::Households,
        min_age: 18,
        building: String::new(),
        window,
        funding: None,
    };
    let at = maker.days_ago(40);
    let (poll, issuer) = publish(maker, town, draft, at, NUMBERS + 100).await?;
    for (place, voter) in (0_u64..).zip(voters) {
        // Two in three for the second option, one in three for the first as well.
        let choice = ["2", "1,2", "3"].get(usize::try_from(place % 3)?);
        let cast = (place, choice.copied().unwrap_or_default());
        vote(maker, town, poll, &issuer, voter, window.opens, cast).await?;
    }
    let at = window.closes.plus_seconds(3600);
    let ctx = maker.committee(town, at, NUMBERS + 199);
    maker.run(ctx, CountPoll { poll }).await?;
    Ok(())
}

async fn publish(
    maker: &Maker,
    town: &Town,
    draft: Draft,
    at: Timestamp,
    number: u64,
) -> anyhow::Result<(PollId, Issuer)> {
    let ctx = maker.committee(town, at, number);
    let poll = maker.run(ctx, DraftPoll { draft }).await?;
    let issuer = issuer(town, number).await?;
    let key = issuer.to_der()?;
    let ctx = maker.committee(town, at.plus_seconds(60), number + 1);
    maker.run(ctx, PublishPoll { poll, key }).await?;
    Ok((poll, issuer))
}

/// The key of a demo's poll: the same in every demo.
pub(super) async fn issuer(town: &Town, number: u64) -> anyhow::Result<Issuer> {
    let random = Randomness::from_number(number ^ town.id.uuid().as_u64_pair().1);
    let make = move || Issuer::generate(&mut || random.next_32());
    Ok(tokio::task::spawn_blocking(make).await??)
}

/// A vote as a browser casts it; `place` tells voters of all polls apart.
pub(super) async fn vote(
    maker: &Maker,
    town: &Town,
    poll: PollId,
    issuer: &Issuer,
    voter: &Voter,
    opens: Timestamp,
    (place, choice): (u64, &str),
) -> anyhow::Result<()> {
    let random = Randomness::from_number(NUMBERS + 1000 + place);
    let mut random = || random.next_32();
    let public = issuer.public();
    let device = Device::new(&mut random)?;
    let blinded = public.blind(device.voter_key(), &mut random)?;
    let minutes = i64::try_from(place % 1000).context("few voters")? * 60;
    let at = opens.plus_seconds(minutes);
    let ctx = maker.acting(
        voter.account,
        Role::Owner,
        town.id,
        at,
        NUMBERS + 200 + place,
    );
    let collect = CollectCredential {
        poll,
        elector: voter.elector,
        blinded: blinded.message().to_vec(),
    };
    maker.run(ctx, collect).await?;
    let signed = issuer.sign(blinded.message(), &mut random)?;
    let credential = public.unblind(&blinded, device.voter_key(), &signed)?;
    let ballot = device.ballot(&poll.uuid().to_string(), choice, credential);
    let later = opens.plus_seconds(86_400 + minutes);
    let ctx = maker.system(town.id, later, NUMBERS + 300 + place);
    maker.run(ctx, CastBallot { poll, ballot }).await?;
    Ok(())
}

fn option(name: &str, provider: &str, price: &str, terms: &str) -> PollOption {
    PollOption {
        name: name.to_owned(),
        provider: provider.to_owned(),
        price: price.to_owned(),
        terms: terms.to_owned(),
        project: None,
    }
}
