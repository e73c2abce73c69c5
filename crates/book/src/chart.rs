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

const KINDS: [KindRule; 8] = [
    KindRule::new(POINTS_ISSUER, "points-issuer", Asset::Points).may_owe(),
    KindRule::new(POINTS_MEMBER, "points-member", Asset::Points).with_lots(),
    KindRule::new(POINTS_PROVIDER, "points-provider", Asset::Points),
    KindRule::new(POINTS_EXPIRED, "points-expired", Asset::Points),
    KindRule::new(HOURS_ISSUER, "hours-issuer", Asset::Minutes).may_owe(),
    KindRule::new(HOURS_MEMBER, "hours-member", Asset::Minutes),
    KindRule::new(HOURS_POOL, "hours-pool", Asset::Minutes),
    KindRule::new(HOURS_CLEARING, "hours-clearing", Asset::Minutes).at_least(-CLEARING_MAX),
];

const ROUTES: [(Code, Kind, Kind); 15] = [
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
}
