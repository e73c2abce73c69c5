//! The chart of accounts: every kind of account there is and every route between them. What does not stand here can't
//! happen, whatever a module asks for.

use std::sync::{Arc, LazyLock};

use ledger::{Asset, Code, Kind, KindRule, Route, Rules};

/// Gives out points; its debt is what members hold.
pub const POINTS_ISSUER: Kind = Kind(10);
/// A member's points, as lots.
pub const POINTS_MEMBER: Kind = Kind(11);
/// What a provider took for goods and services.
pub const POINTS_PROVIDER: Kind = Kind(12);
/// What expired.
pub const POINTS_EXPIRED: Kind = Kind(13);
/// Gives out hours; its debt is what members and the pool hold.
pub const HOURS_ISSUER: Kind = Kind(20);
/// A member's hours.
pub const HOURS_MEMBER: Kind = Kind(21);
/// Hours for whoever needs them most: donations, and what exceeds a member's cap.
pub const HOURS_POOL: Kind = Kind(22);
/// What this community owes another in hours (or, below zero, is owed): an account for each agreement with each other
/// community, whose greatest balance is what was agreed.
pub const HOURS_CLEARING: Kind = Kind(23);
/// Where the community fund's money comes from; its debt is all that ever came in.
pub const FUND_SOURCE: Kind = Kind(30);
/// The community fund's money for whatever its rules allow, as lots.
pub const FUND_GENERAL: Kind = Kind(31);
/// Money for one purpose (限定性捐赠), an account a purpose, as lots.
pub const FUND_PURPOSE: Kind = Kind(32);
/// The community's operation fund (社区运营基金), as lots.
pub const FUND_OPERATION: Kind = Kind(33);
/// What a grant's project was paid, an account a grant.
pub const FUND_GRANTEE: Kind = Kind(34);
/// What the fund spent by itself.
pub const FUND_SPENT: Kind = Kind(35);

/// Points for an act (服务换积分).
pub const POINTS_EARN: Code = Code(101);
/// Goods and services for points (积分换服务).
pub const POINTS_REDEEM: Code = Code(102);
/// Points to family.
pub const POINTS_GIFT: Code = Code(103);
/// Points that ran out.
pub const POINTS_EXPIRE: Code = Code(104);
/// Hours for a service.
pub const HOURS_EARN: Code = Code(201);
/// A service for hours, and hours to family.
pub const HOURS_PAY: Code = Code(202);
/// Hours given to the pool.
pub const HOURS_DONATE: Code = Code(203);
/// The pool pays for care, for those who need it most.
pub const HOURS_CARE: Code = Code(204);
/// Hours that a member takes along from one community to another.
pub const HOURS_CLEAR: Code = Code(205);
/// What two communities owe each other is settled or forgiven.
pub const HOURS_SETTLE: Code = Code(206);
/// What stands between two communities goes on under a new agreement.
pub const HOURS_RENEW: Code = Code(207);

/// The most minutes that two communities may agree to owe each other: 10,000 hours.
pub const CLEARING_MAX: i64 = 600_000;

/// A donation.
pub const FUND_DONATE: Code = Code(301);
/// Interest, support and the like.
pub const FUND_INCOME: Code = Code(302);
/// The operation fund's share of a surplus.
pub const FUND_SURPLUS: Code = Code(303);
/// What a fund held when its book began.
pub const FUND_OPEN: Code = Code(304);
/// To a resident's project.
pub const FUND_GRANT: Code = Code(305);
/// The fund's own charitable activities.
pub const FUND_ACTIVITY: Code = Code(306);
/// Administration (管理费用). Restricted money has no such route.
pub const FUND_ADMINISTER: Code = Code(307);
/// The costs of raising money (募捐成本). Restricted money has no such route.
pub const FUND_RAISE: Code = Code(308);
/// General money set aside for a purpose; there is no way back.
pub const FUND_SET_ASIDE: Code = Code(309);

const KINDS: [KindRule; 14] = [
    KindRule::new(POINTS_ISSUER, "points-issuer", Asset::Points).may_owe(),
    KindRule::new(POINTS_MEMBER, "points-member", Asset::Points).with_lots(),
    KindRule::new(POINTS_PROVIDER, "points-provider", Asset::Points),
    KindRule::new(POINTS_EXPIRED, "points-expired", Asset::Points),
    KindRule::new(HOURS_ISSUER, "hours-issuer", Asset::Minutes).may_owe(),
    KindRule::new(HOURS_MEMBER, "hours-member", Asset::Minutes),
    KindRule::new(HOURS_POOL, "hours-pool", Asset::Minutes),
    KindRule::new(HOURS_CLEARING, "hours-clearing", Asset::Minutes).at_least(-CLEARING_MAX),
    KindRule::new(FUND_SOURCE, "fund-source", Asset::Fen).may_owe(),
    KindRule::new(FUND_GENERAL, "fund-general", Asset::Fen).with_lots(),
    KindRule::new(FUND_PURPOSE, "fund-purpose", Asset::Fen).with_lots(),
    KindRule::new(FUND_OPERATION, "fund-operation", Asset::Fen).with_lots(),
    KindRule::new(FUND_GRANTEE, "fund-grantee", Asset::Fen),
    KindRule::new(FUND_SPENT, "fund-spent", Asset::Fen),
];

const ROUTES: [(Code, Kind, Kind); 34] = [
    (POINTS_EARN, POINTS_ISSUER, POINTS_MEMBER),
    (POINTS_REDEEM, POINTS_MEMBER, POINTS_PROVIDER),
    (POINTS_GIFT, POINTS_MEMBER, POINTS_MEMBER),
    (POINTS_EXPIRE, POINTS_MEMBER, POINTS_EXPIRED),
    (HOURS_EARN, HOURS_ISSUER, HOURS_MEMBER),
    (HOURS_EARN, HOURS_ISSUER, HOURS_POOL),
    (HOURS_PAY, HOURS_MEMBER, HOURS_MEMBER),
    (HOURS_PAY, HOURS_MEMBER, HOURS_POOL),
    (HOURS_DONATE, HOURS_MEMBER, HOURS_POOL),
    (HOURS_CARE, HOURS_POOL, HOURS_MEMBER),
    (HOURS_CLEAR, HOURS_MEMBER, HOURS_CLEARING),
    (HOURS_CLEAR, HOURS_CLEARING, HOURS_MEMBER),
    (HOURS_SETTLE, HOURS_ISSUER, HOURS_CLEARING),
    (HOURS_SETTLE, HOURS_CLEARING, HOURS_ISSUER),
    (HOURS_RENEW, HOURS_CLEARING, HOURS_CLEARING),
    (FUND_DONATE, FUND_SOURCE, FUND_GENERAL),
    (FUND_DONATE, FUND_SOURCE, FUND_PURPOSE),
    (FUND_INCOME, FUND_SOURCE, FUND_GENERAL),
    (FUND_INCOME, FUND_SOURCE, FUND_PURPOSE),
    (FUND_INCOME, FUND_SOURCE, FUND_OPERATION),
    (FUND_SURPLUS, FUND_SOURCE, FUND_OPERATION),
    (FUND_OPEN, FUND_SOURCE, FUND_GENERAL),
    (FUND_OPEN, FUND_SOURCE, FUND_PURPOSE),
    (FUND_OPEN, FUND_SOURCE, FUND_OPERATION),
    (FUND_GRANT, FUND_GENERAL, FUND_GRANTEE),
    (FUND_GRANT, FUND_PURPOSE, FUND_GRANTEE),
    (FUND_GRANT, FUND_OPERATION, FUND_GRANTEE),
    (FUND_ACTIVITY, FUND_GENERAL, FUND_SPENT),
    (FUND_ACTIVITY, FUND_PURPOSE, FUND_SPENT),
    (FUND_ACTIVITY, FUND_OPERATION, FUND_SPENT),
    (FUND_ADMINISTER, FUND_GENERAL, FUND_SPENT),
    (FUND_ADMINISTER, FUND_OPERATION, FUND_SPENT),
    (FUND_RAISE, FUND_GENERAL, FUND_SPENT),
    (FUND_SET_ASIDE, FUND_GENERAL, FUND_PURPOSE),
];

/// The rules of every community's book.
pub fn rules() -> Arc<Rules> {
    static RULES: LazyLock<Arc<Rules>> = LazyLock::new(|| {
        let routes = ROUTES.map(|(code, from, to)| Route { code, from, to });
        // A chart that contradicts itself would leave a book in which nothing may happen; a test keeps it sound.
        let sound = Rules::new(KINDS, routes, []);
        Arc::new(sound.unwrap_or_default())
    });
    Arc::clone(&RULES)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_chart_is_sound_and_names_every_kind_once() {
        let routes = ROUTES.map(|(code, from, to)| Route { code, from, to });
        let rules = Rules::new(KINDS, routes, []).unwrap();
        assert_eq!(rules.kinds().count(), KINDS.len());
        assert_eq!(super::rules().kinds().count(), KINDS.len());
    }

    #[test]
    fn money_for_a_purpose_leaves_it_for_grants_and_activities_only() {
        let away = ROUTES.iter().filter(|(_, from, _)| *from == FUND_PURPOSE);
        let away: Vec<_> = away.map(|(code, _, to)| (*code, *to)).collect();
        let allowed = [(FUND_GRANT, FUND_GRANTEE), (FUND_ACTIVITY, FUND_SPENT)];
        assert_eq!(away, allowed);
    }
}
