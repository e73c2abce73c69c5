//! A community with two members of the committee, two residents and two providers.

use kernel::Role;
use points::{
    ApproveItem, ClaimPoints, ConfirmClaim, ItemId, ItemTerms, MakeRule, Mine, OfferItem, RuleId,
    RuleTerms, mine,
};
use test_kit::{Person, TestCommunity};

pub(crate) const COMMITTEE: Person = Person(1, Role::CommitteeMember);
pub(crate) const CHEN: Person = Person(2, Role::CommitteeMember);
pub(crate) const RESIDENT: Person = Person(11, Role::Resident);
pub(crate) const NEIGHBOUR: Person = Person(12, Role::Resident);
pub(crate) const PROVIDER: Person = Person(21, Role::Provider);
pub(crate) const OTHER_PROVIDER: Person = Person(22, Role::Provider);

pub(crate) struct World(TestCommunity);

impl std::ops::Deref for World {
    type Target = TestCommunity;

    fn deref(&self) -> &TestCommunity {
        &self.0
    }
}

impl World {
    pub(crate) fn on_sqlite() -> Self {
        Self(TestCommunity::on_sqlite(
            &[book::MIGRATIONS, points::MIGRATIONS],
            &[points::PERMISSIONS],
        ))
    }

    pub(crate) fn on_postgres() -> Option<Self> {
        let tables = [book::MIGRATIONS, points::MIGRATIONS];
        TestCommunity::on_postgres("points", &tables, &[points::PERMISSIONS]).map(Self)
    }

    pub(crate) fn rule(&self, points: i64, daily: u32, yearly: u32, valid: u32) -> RuleId {
        let terms = RuleTerms {
            title: "敬老".to_owned(),
            evidence: "照片或见证人".to_owned(),
            points,
            daily_cap: daily,
            yearly_cap: yearly,
            valid_days: valid,
        };
        self.must(COMMITTEE, MakeRule { terms })
    }

    pub(crate) fn item(&self, provider: Person, price: i64, stock: u32) -> ItemId {
        let title = "理发".to_owned();
        let terms = ItemTerms {
            title,
            price,
            stock,
        };
        let item = self.must(provider, OfferItem { terms });
        self.must(COMMITTEE, ApproveItem { item });
        item
    }

    pub(crate) fn earn(&self, who: Person, points: i64) {
        let rule = self.rule(points, 1, 1, 365);
        let evidence = "做了好事".to_owned();
        let claim = self.must(who, ClaimPoints { rule, evidence });
        self.must(COMMITTEE, ConfirmClaim { claim });
    }

    pub(crate) fn mine(&self, who: Person) -> Mine {
        self.read(who, mine).unwrap()
    }
}
