//! Ballots of a demo community on their way: delivered to units, and votes come back by every channel.

use ballot::resolution::Choice;
use decisions::{
    AcknowledgeBallot, CastVote, Channel, DeliveryChannel, RecordDelivery, RecordVote, ResolutionId,
};
use kernel::{Context, Randomness, Role, Timestamp};
use people::model::UnitId;

use super::city::Town;
use super::maker::Maker;

/// Delivers the ballot to the first units, by hand.
pub(super) async fn deliver(
    maker: &Maker,
    town: &Town,
    id: ResolutionId,
    at: Timestamp,
    units: usize,
) -> anyhow::Result<()> {
    let ways = [
        DeliveryChannel::Hand,
        DeliveryChannel::Message,
        DeliveryChannel::LetterBox,
    ];
    let commands = town
        .electors
        .iter()
        .take(units)
        .zip(0_u64..)
        .zip(ways.into_iter().cycle());
    let commands = commands.map(|((unit, place), channel)| {
        let delivery = RecordDelivery {
            resolution: id,
            unit: unit.unit,
            channel,
            delivered_at: at,
            evidence: "送达登记表（演示）".to_owned(),
            warned_of_silence: true,
        };
        let number = 1_000_000 + ten_thousand_a_day(at) + place;
        (maker.committee(town, at.plus_seconds(60), number), delivery)
    });
    maker.run_all("送达表决票", commands.collect()).await?;
    Ok(())
}

/// Votes come in for the first units: on the platform where the owner has a login, else on paper, at the door or by
/// phone. `percent_for` of them are in favour.
pub(super) async fn vote(
    maker: &Maker,
    town: &Town,
    id: ResolutionId,
    at: Timestamp,
    units: usize,
    percent_for: u64,
) -> anyhow::Result<()> {
    let lot = Randomness::from_number(u64::try_from(at.micros()).unwrap_or(0));
    let (mut opened, mut online, mut recorded) = (vec![], vec![], vec![]);
    for (place, unit) in (0_u64..).zip(town.electors.iter().take(units)) {
        let choice = drawn(&lot, percent_for);
        let number = 2_000_000 + ten_thousand_a_day(at) + place;
        let unit_id = unit.unit;
        let Some(account) = town.account_of(unit) else {
            recorded.push(on_paper(
                maker,
                town,
                (id, unit_id, choice),
                at,
                (number, place),
            ));
            continue;
        };
        // The demo owner's own vote is left to whoever tries the demo.
        let is_own = town.online.first().is_some_and(|(_, own)| *own == account);
        if is_own && at > maker.days_ago(10) {
            continue;
        }
        let ctx = |number| maker.acting(account, Role::Owner, town.id, at, number);
        let open = AcknowledgeBallot {
            resolution: id,
            unit: unit_id,
        };
        let cast = CastVote {
            resolution: id,
            unit: unit_id,
            choice,
        };
        opened.push((ctx(number + 3_000_000), open));
        online.push((ctx(number), cast));
    }
    maker.run_all("打开表决票", opened).await?;
    maker.run_all("电子投票", online).await?;
    maker.run_all("登记纸质投票", recorded).await?;
    Ok(())
}

fn drawn(lot: &Randomness, percent_for: u64) -> Choice {
    match lot.below(100) {
        drawn if drawn < percent_for => Choice::For,
        drawn if drawn < percent_for + (100 - percent_for) * 2 / 3 => Choice::Against,
        _ => Choice::Abstain,
    }
}

/// Numbers for contexts: a day has ten thousand of its own.
fn ten_thousand_a_day(at: Timestamp) -> u64 {
    u64::try_from(at.micros() / 86_400_000_000).unwrap_or(0) * 10_000
}

/// What the committee writes down of a vote on paper, at the door or by phone.
fn on_paper(
    maker: &Maker,
    town: &Town,
    (resolution, unit, choice): (ResolutionId, UnitId, Choice),
    received_at: Timestamp,
    (number, place): (u64, u64),
) -> (Context, RecordVote) {
    let channel = match place % 4 {
        1 => Channel::Door,
        3 => Channel::Phone,
        _ => Channel::Paper,
    };
    let at = received_at.plus_seconds(60);
    let vote = RecordVote {
        resolution,
        unit,
        choice,
        channel,
        received_at,
        evidence: format!("表决票第 {} 号，业委会档案柜（演示）", place + 1),
    };
    (maker.committee(town, at, number), vote)
}
