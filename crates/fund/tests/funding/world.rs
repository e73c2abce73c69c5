//! A community with a treasurer, a second person, reviewers, a donor and residents with a project.

use fund::{
    Asked, CharterTerms, ConfirmVoucher, Display, DonorTerms, Error, Evidence, GrantId, GrantTerms,
    MakePurpose, Means, Overview, PurposeId, PurposeTerms, Purse, RecordVoucher, SetCharter,
    Standing, TrancheTerms, VoucherId, VoucherKind, VoucherTerms, overview,
};
use kernel::Role;
use people::commands::CreateCommunity;
use test_kit::{Person, TestCommunity};

pub(crate) const TREASURER: Person = Person(1, Role::CommitteeMember);
pub(crate) const SECOND: Person = Person(2, Role::CommitteeMember);
pub(crate) const CHAIR: Person = Person(3, Role::CommitteeMember);
pub(crate) const OVERSEER: Person = Person(4, Role::CityStaff);
pub(crate) const DONOR: Person = Person(11, Role::Owner);
pub(crate) const MAKER: Person = Person(12, Role::Resident);
pub(crate) const STRANGER: Person = Person(13, Role::Applicant);

pub(crate) struct World(pub(crate) TestCommunity);

impl std::ops::Deref for World {
    type Target = TestCommunity;

    fn deref(&self) -> &TestCommunity {
        &self.0
    }
}

/// A slip as a photograph.
pub(crate) fn slip() -> Evidence {
    Evidence {
        name: "回单.png".to_owned(),
        media_type: "image/png".to_owned(),
        content: b"\x89PNG\r\n\x1a\nslip".to_vec(),
    }
}

pub(crate) fn charter(standing: Standing) -> CharterTerms {
    CharterTerms {
        name: "兰亭社区基金".to_owned(),
        standing,
        how: "绍兴银行 6222 0000，备注写明编号。".to_owned(),
        surplus_share: Some(3_000),
        surplus_ground: "业主大会第7号决议".to_owned(),
        prior_income: 1_000_000,
        prior_net: 500_000,
    }
}

impl World {
    pub(crate) fn on_sqlite() -> Self {
        Self::open(TestCommunity::on_sqlite(&Self::tables(), &PERMISSIONS))
    }

    pub(crate) fn on_postgres() -> Option<Self> {
        TestCommunity::on_postgres("fund", &Self::tables(), &PERMISSIONS).map(Self::open)
    }

    fn tables() -> [&'static [db::Migration]; 4] {
        [
            people::MIGRATIONS,
            polls::MIGRATIONS,
            book::MIGRATIONS,
            fund::MIGRATIONS,
        ]
    }

    fn open(community: TestCommunity) -> Self {
        let world = Self(community);
        let create = CreateCommunity {
            name: "兰亭花园".to_owned(),
            place: "330602".to_owned(),
            address: String::new(),
            is_demo: false,
        };
        world
            .journal
            .execute_blocking(world.system(), create)
            .unwrap();
        let terms = charter(Standing::PublicFoundation);
        world.must(CHAIR, SetCharter { terms });
        world
    }

    pub(crate) fn purpose(&self, title: &str) -> PurposeId {
        let terms = PurposeTerms {
            title: title.to_owned(),
            about: "只用于此。".to_owned(),
        };
        self.must(CHAIR, MakePurpose { terms })
    }

    pub(crate) fn terms(
        &self,
        kind: VoucherKind,
        purse: Purse,
        amount: i64,
        reference: &str,
    ) -> VoucherTerms {
        let is_within = kind == VoucherKind::SetAside;
        VoucherTerms {
            kind,
            purse,
            target: None,
            amount,
            means: if is_within {
                Means::Within
            } else {
                Means::Bank
            },
            reference: reference.to_owned(),
            day: self.now().date(),
            what: "说明".to_owned(),
            donor: (kind == VoucherKind::Donation).then(|| DonorTerms {
                name: "王淑芬".to_owned(),
                display: Display::Masked,
            }),
            gift_code: None,
        }
    }

    pub(crate) fn try_record(&self, terms: VoucherTerms) -> Result<VoucherId, Error> {
        let evidence = Some(slip());
        self.run(TREASURER, RecordVoucher { terms, evidence })
    }

    /// Recorded by the treasurer and confirmed by the second person.
    pub(crate) fn booked(
        &self,
        kind: VoucherKind,
        purse: Purse,
        amount: i64,
        reference: &str,
    ) -> VoucherId {
        let terms = self.terms(kind, purse, amount, reference);
        let voucher = self.try_record(terms).unwrap();
        self.must(SECOND, ConfirmVoucher { voucher });
        voucher
    }

    pub(crate) fn overview(&self) -> Overview {
        self.read(DONOR, overview).unwrap()
    }

    /// What a purse holds in all, and what of it is free.
    pub(crate) fn holds(&self, purse: Purse) -> (i64, i64) {
        let overview = self.overview();
        let mut purses = overview.purses.iter();
        let view = purses.find(|view| view.purse == purse).unwrap();
        (view.balance.total(), view.balance.free())
    }

    pub(crate) fn lines(&self) -> Vec<fund::Line> {
        let year = self.now().date().year();
        let asked = Asked { year, purse: None };
        self.read(DONOR, move |read, ctx| fund::lines(read, ctx, asked))
            .unwrap()
    }

    pub(crate) fn grant_view(&self, grant: GrantId) -> fund::GrantView {
        self.read(MAKER, move |read, ctx| fund::grant(read, ctx, grant))
            .unwrap()
    }
}

const PERMISSIONS: [test_kit::Permissions; 3] =
    [people::PERMISSIONS, polls::PERMISSIONS, fund::PERMISSIONS];

pub(crate) fn project(purse: Purse, tranches: &[i64]) -> GrantTerms {
    GrantTerms {
        title: "楼道扶手".to_owned(),
        plan: "给3幢老人装扶手，十二月底前完成。".to_owned(),
        who: "3幢邻里小组".to_owned(),
        purse,
        tranches: tranches
            .iter()
            .map(|amount| TrancheTerms {
                title: "凭发票".to_owned(),
                amount: *amount,
            })
            .collect(),
    }
}
