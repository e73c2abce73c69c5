//! A small community: two buildings, six residents of whom one is a child and one has no year of birth, and their devices.

use ballot::choosing::Method;
use credential::{Ballot, Blinded, Device, Issuer};
use kernel::{Randomness, Role, Timestamp, Window};
use people::commands::{CreateCommunity, ImportRoll, LinkAccount};
use people::import::RollTable;
use people::model::{PersonRef, ResidentId};
use polls::{
    CastBallot, CollectCredential, Draft, DraftPoll, ElectorId, Entitled, Error, PollId,
    PollOption, PublishPoll,
};
use test_kit::{Person, TestCommunity};

pub(crate) const COMMITTEE: Person = Person(1, Role::CommitteeMember);
pub(crate) const SECOND: Person = Person(2, Role::CommitteeMember);
/// Lives in 101.
pub(crate) const WANG: Person = Person(11, Role::Resident);
/// Lives in 102.
pub(crate) const LI: Person = Person(12, Role::Resident);
/// Lives in 201 of the other building.
pub(crate) const ZHAO: Person = Person(13, Role::Resident);
/// Lives nowhere here.
pub(crate) const STRANGER: Person = Person(99, Role::Resident);

pub(crate) const KEY: &[u8] = include_bytes!("../../../credential/tests/data/issuer.der");
pub(crate) const OTHER_KEY: &[u8] = include_bytes!("../../../credential/tests/data/other.der");

const UNITS: [[&str; 5]; 3] = [
    ["1幢", "101", "100", "王伟", "13900000001"],
    ["1幢", "102", "100", "李娜", "13900000002"],
    ["2幢", "201", "100", "赵强", "13900000003"],
];
const RESIDENTS: [[&str; 6]; 6] = [
    ["1幢", "101", "王伟", "13900000001", "1970", "业主"],
    ["1幢", "101", "王小宝", "", "2019", "子女"],
    ["1幢", "101", "陈芳", "", "1972", "配偶"],
    ["1幢", "102", "李娜", "13900000002", "1985", "业主"],
    ["2幢", "201", "赵强", "13900000003", "1990", "业主"],
    ["2幢", "201", "赵老太", "", "", "父母"],
];

pub(crate) struct World {
    pub(crate) community: TestCommunity,
}

impl std::ops::Deref for World {
    type Target = TestCommunity;

    fn deref(&self) -> &TestCommunity {
        &self.community
    }
}

fn table<const N: usize>(header: [&str; N], rows: &[[&str; N]]) -> RollTable {
    let cells = |row: &[&str; N]| row.map(str::to_owned).to_vec();
    RollTable {
        header: cells(&header),
        rows: rows
            .iter()
            .enumerate()
            .map(|(place, row)| (place + 2, cells(row)))
            .collect(),
    }
}

impl World {
    pub(crate) fn on_sqlite() -> Self {
        let tables = [people::MIGRATIONS, polls::MIGRATIONS];
        let permissions = [people::PERMISSIONS, polls::PERMISSIONS];
        Self::settle(TestCommunity::on_sqlite(&tables, &permissions))
    }

    pub(crate) fn on_postgres() -> Option<Self> {
        let tables = [people::MIGRATIONS, polls::MIGRATIONS];
        let permissions = [people::PERMISSIONS, polls::PERMISSIONS];
        Some(Self::settle(TestCommunity::on_postgres(
            "polls",
            &tables,
            &permissions,
        )?))
    }

    fn settle(community: TestCommunity) -> Self {
        let world = Self { community };
        let create = CreateCommunity {
            name: "兰亭花园".to_owned(),
            place: "330602".to_owned(),
            address: "绍兴市越城区兰亭路1号".to_owned(),
            is_demo: false,
        };
        world
            .journal
            .execute_blocking(world.system(), create)
            .unwrap();
        let import = ImportRoll {
            units: table(["楼栋", "房号", "专有面积", "业主", "手机"], &UNITS),
            residents: Some(table(
                ["楼栋", "房号", "姓名", "手机", "出生年", "关系"],
                &RESIDENTS,
            )),
            file_sha256: "0".repeat(64),
            is_confirmed: true,
        };
        world
            .journal
            .execute_blocking(world.system(), import)
            .unwrap();
        for (unit, born, who) in [("101", 1970, WANG), ("102", 1985, LI), ("201", 1990, ZHAO)] {
            let link = LinkAccount {
                person: PersonRef::Resident(world.resident(unit, born)),
                account: who.account(),
                evidence: "身份证核验".to_owned(),
            };
            world
                .journal
                .execute_blocking(world.system(), link)
                .unwrap();
        }
        world
    }

    fn resident(&self, unit: &str, born: i16) -> ResidentId {
        let community = self.id;
        let all = self.journal.database();
        let all = all
            .read_blocking(move |read| people::queries::residences(read, community))
            .unwrap();
        let found = all
            .iter()
            .find(|one| one.label.number == unit && one.birth_year == Some(born));
        found
            .unwrap_or_else(|| panic!("nobody born {born} in {unit}"))
            .resident
    }

    /// The elector that a resident is.
    pub(crate) fn elector(&self, unit: &str, born: i16) -> ElectorId {
        ElectorId::from_uuid(self.resident(unit, born).uuid())
    }

    /// A draft that opens after seven days and lasts seven.
    pub(crate) fn draft(&self, method: Method) -> Draft {
        let opens = Timestamp::start_of(self.now().plus_days(7).date());
        let option = |(name, provider, price): (&str, &str, &str)| PollOption {
            name: name.to_owned(),
            provider: provider.to_owned(),
            price: price.to_owned(),
            terms: String::new(),
            project: None,
        };
        Draft {
            title: "选社区食堂".to_owned(),
            body: "三家报名。".to_owned(),
            options: [
                ("甲", "甲餐饮公司", "每餐 12 元"),
                ("乙", "乙餐饮公司", "每餐 13 元"),
                ("丙", "丙餐饮公司", "每餐 15 元"),
            ]
            .map(option)
            .to_vec(),
            method,
            entitled: Entitled::Residents,
            min_age: 18,
            building: String::new(),
            window: Window {
                opens,
                closes: opens.plus_days(7),
            },
            funding: None,
        }
    }

    pub(crate) fn published(&self, draft: Draft) -> PollId {
        let poll = self.must(COMMITTEE, DraftPoll { draft });
        let key = KEY.to_vec();
        self.must(COMMITTEE, PublishPoll { poll, key });
        poll
    }

    /// Published, and open.
    pub(crate) fn open(&self, method: Method) -> PollId {
        let draft = self.draft(method);
        let opens = draft.window.opens;
        let poll = self.published(draft);
        self.set_now(opens.plus_seconds(60));
        poll
    }

    pub(crate) fn close(&self, poll: PollId) {
        let view = self
            .read(COMMITTEE, move |read, ctx| polls::view(read, ctx, poll))
            .unwrap();
        self.set_now(view.poll.draft.window.closes);
    }

    /// Collects a credential as a browser does.
    pub(crate) fn collect(
        &self,
        who: Person,
        poll: PollId,
        elector: ElectorId,
        device: &Phone,
    ) -> Result<Vec<u8>, Error> {
        let blinded = device.blinded.message().to_vec();
        let command = CollectCredential {
            poll,
            elector,
            blinded: blinded.clone(),
        };
        self.run(who, command)?;
        let signed = self.read(who, move |read, ctx| {
            polls::sign(read, ctx, poll, elector, &blinded)
        })?;
        Ok(device.unblind(&signed))
    }

    /// Casts in Linli's own name, as the API does.
    pub(crate) fn cast(&self, poll: PollId, ballot: Ballot) -> Result<(), Error> {
        self.journal
            .execute_blocking(self.system(), CastBallot { poll, ballot })
    }

    /// Collects and casts.
    pub(crate) fn vote(
        &self,
        who: Person,
        poll: PollId,
        elector: ElectorId,
        choice: &str,
    ) -> Ballot {
        let phone = Phone::new(elector.uuid().as_u64_pair().1);
        let credential = self.collect(who, poll, elector, &phone).unwrap();
        let ballot = phone.ballot(poll, choice, credential);
        self.cast(poll, ballot.clone()).unwrap();
        ballot
    }
}

/// A voter's device.
pub(crate) struct Phone {
    device: Device,
    pub(crate) blinded: Blinded,
}

impl Phone {
    pub(crate) fn new(seed: u64) -> Self {
        let random = Randomness::from_number(seed);
        let mut random = || random.next_32();
        let device = Device::new(&mut random).unwrap();
        let public = Issuer::from_der(KEY).unwrap().public();
        let blinded = public.blind(device.voter_key(), &mut random).unwrap();
        Self { device, blinded }
    }

    pub(crate) fn unblind(&self, signed: &[u8]) -> Vec<u8> {
        let public = Issuer::from_der(KEY).unwrap().public();
        public
            .unblind(&self.blinded, self.device.voter_key(), signed)
            .unwrap()
    }

    pub(crate) fn ballot(&self, poll: PollId, choice: &str, credential: Vec<u8>) -> Ballot {
        self.device
            .ballot(&poll.uuid().to_string(), choice, credential)
    }
}
