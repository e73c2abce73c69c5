//! A community with two members of the committee, two residents and two providers.

use journal::Command;
use kernel::Role;
use people::commands::{CreateCommunity, ImportRoll, LinkAccount};
use people::import::RollTable;
use points::{
    ApproveItem, ClaimPoints, ConfirmClaim, Confirmer, Earner, ItemId, ItemKind, ItemTerms,
    MakeRule, Mine, OfferItem, RuleId, RuleTerms, mine,
};
use test_kit::{Person, TestCommunity};

pub(crate) const COMMITTEE: Person = Person(1, Role::CommitteeMember);
pub(crate) const CHEN: Person = Person(2, Role::CommitteeMember);
pub(crate) const RESIDENT: Person = Person(11, Role::Resident);
pub(crate) const NEIGHBOUR: Person = Person(12, Role::Resident);
pub(crate) const TENANT: Person = Person(13, Role::Resident);
pub(crate) const BUTLER: Person = Person(14, Role::Butler);
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
            &[people::MIGRATIONS, book::MIGRATIONS, points::MIGRATIONS],
            &[points::PERMISSIONS, people::PERMISSIONS],
        ))
    }

    pub(crate) fn on_postgres() -> Option<Self> {
        let tables = [people::MIGRATIONS, book::MIGRATIONS, points::MIGRATIONS];
        let permissions = [points::PERMISSIONS, people::PERMISSIONS];
        TestCommunity::on_postgres("points", &tables, &permissions).map(Self)
    }

    pub(crate) fn rule(&self, points: i64, daily: u32, yearly: u32, valid: u32) -> RuleId {
        self.rule_as(points, daily, yearly, valid, |_| {})
    }

    pub(crate) fn rule_as(
        &self,
        points: i64,
        daily: u32,
        yearly: u32,
        valid: u32,
        change: impl FnOnce(&mut RuleTerms),
    ) -> RuleId {
        let mut terms = RuleTerms {
            title: "敬老".to_owned(),
            evidence: "照片或见证人".to_owned(),
            points,
            daily_cap: daily,
            yearly_cap: yearly,
            valid_days: valid,
            earned_by: Earner::Everyone,
            confirmed_by: Confirmer::Committee,
            event: None,
        };
        change(&mut terms);
        self.must(COMMITTEE, MakeRule { terms })
    }

    pub(crate) fn item(&self, provider: Person, price: i64, stock: u32) -> ItemId {
        let terms = haircut(price, stock);
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

    /// A flat with its owner, the owner's wife and a tenant, whose logins these are.
    pub(crate) fn household(&self, owner: Person, wife: Person, tenant: Person) {
        let create = CreateCommunity {
            name: "兰亭".to_owned(),
            place: "330602".to_owned(),
            address: "兰亭路1号".to_owned(),
            is_demo: false,
        };
        self.system_does(create);
        self.system_does(ImportRoll {
            units: table("楼栋|房号|专有面积|业主\n1幢|101|89.53|王小明"),
            residents: Some(table(
                "楼栋|房号|姓名|关系\n1幢|101|王小明|业主\n1幢|101|李芳|配偶\n1幢|101|赵六|租户",
            )),
            file_sha256: "0".repeat(64),
            is_confirmed: true,
        });
        let people = [(owner, "王小明"), (wife, "李芳"), (tenant, "赵六")];
        for (who, name) in people {
            let ctx = self.system();
            let found = self
                .journal
                .database()
                .read_blocking(move |read| people::queries::find_people(read, &ctx, name));
            for person in found.unwrap() {
                self.system_does(LinkAccount {
                    person: person.person,
                    account: who.account(),
                    evidence: "身份证".to_owned(),
                });
            }
        }
    }

    pub(crate) fn system_does<C: Command>(&self, command: C) -> C::Outcome
    where
        C::Error: std::fmt::Debug,
    {
        self.journal
            .execute_blocking(self.system(), command)
            .unwrap()
    }

    pub(crate) fn mine(&self, who: Person) -> Mine {
        self.read(who, mine).unwrap()
    }
}

pub(crate) fn haircut(price: i64, stock: u32) -> ItemTerms {
    ItemTerms {
        title: "理发".to_owned(),
        kind: ItemKind::Service,
        price,
        stock,
        per_year: stock,
        offset_fen: 0,
    }
}

fn table(text: &str) -> RollTable {
    let mut lines = text
        .lines()
        .map(|line| line.split('|').map(str::to_owned).collect::<Vec<_>>());
    RollTable {
        header: lines.next().unwrap(),
        rows: lines
            .enumerate()
            .map(|(at, cells)| (at + 2, cells))
            .collect(),
    }
}
