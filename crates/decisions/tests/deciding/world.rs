//! A small community: eight units, one shared by a couple, one owner of two, one unit of the developer.

use ballot::resolution::{Choice, Matter, SilenceRule};
use decisions::{
    AdoptRules, CastVote, Draft, DraftResolution, Error, Meeting, PublishResolution, ResolutionId,
    Rules, VoteCast,
};
use kernel::{Role, Timestamp, Window};
use people::commands::{CreateCommunity, ImportRoll, LinkAccount};
use people::import::RollTable;
use people::model::{OwnerId, PersonRef, UnitId, UnitsCounted};
use test_kit::{Person, TestCommunity};

pub(crate) const COMMITTEE: Person = Person(1, Role::CommitteeMember);
/// The committee's second hand.
pub(crate) const SECOND: Person = Person(3, Role::CommitteeMember);
pub(crate) const BUTLER: Person = Person(2, Role::Butler);
pub(crate) const RESIDENT: Person = Person(4, Role::Resident);
/// Owns 101.
pub(crate) const WANG: Person = Person(11, Role::Owner);
/// Owns 102 and 103.
pub(crate) const LI: Person = Person(12, Role::Owner);
/// Own 104 together.
pub(crate) const ZHAO: Person = Person(13, Role::Owner);
pub(crate) const QIAN: Person = Person(14, Role::Owner);
/// Owns nothing here.
pub(crate) const STRANGER: Person = Person(99, Role::Owner);

/// The roll: unit, area, owners with their phones.
const ROLL: [(&str, &str, &str, &str); 8] = [
    ("101", "100", "王伟", "13900000001"),
    ("102", "100", "李娜", "13900000002"),
    ("103", "100", "李娜", "13900000002"),
    ("104", "100", "赵强、钱丽", "13900000003、13900000004"),
    ("201", "100", "孙军", "13900000005"),
    ("202", "100", "周洋", "13900000006"),
    ("203", "100", "吴勇", "13900000007"),
    ("204", "100", "开发商", ""),
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

impl World {
    pub(crate) fn on_sqlite() -> Self {
        let tables = [people::MIGRATIONS, decisions::MIGRATIONS];
        let permissions = [people::PERMISSIONS, decisions::PERMISSIONS];
        Self::settle(TestCommunity::on_sqlite(&tables, &permissions))
    }

    pub(crate) fn on_postgres() -> Option<Self> {
        let tables = [people::MIGRATIONS, decisions::MIGRATIONS];
        let permissions = [people::PERMISSIONS, decisions::PERMISSIONS];
        Some(Self::settle(TestCommunity::on_postgres(
            "decisions",
            &tables,
            &permissions,
        )?))
    }

    fn settle(community: TestCommunity) -> Self {
        let create = CreateCommunity {
            name: "兰亭花园".to_owned(),
            place: "330602".to_owned(),
            address: "绍兴市越城区兰亭路1号".to_owned(),
            is_demo: false,
        };
        community
            .journal
            .execute_blocking(community.system(), create)
            .unwrap();
        let world = Self { community };
        world.import(&ROLL);
        for (unit, place, who) in [
            ("101", 0, WANG),
            ("102", 0, LI),
            ("104", 0, ZHAO),
            ("104", 1, QIAN),
        ] {
            let owner = world.owner_named(unit, place);
            let link = LinkAccount {
                person: PersonRef::Owner(owner),
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

    pub(crate) fn import(&self, roll: &[(&str, &str, &str, &str)]) {
        let header = ["楼栋", "房号", "专有面积", "业主", "手机"]
            .map(str::to_owned)
            .to_vec();
        let rows = roll
            .iter()
            .enumerate()
            .map(|(place, (unit, area, owners, phones))| {
                let cells = ["1幢", unit, area, owners, phones]
                    .map(str::to_owned)
                    .to_vec();
                (place + 2, cells)
            });
        let import = ImportRoll {
            units: RollTable {
                header,
                rows: rows.collect(),
            },
            residents: None,
            file_sha256: "0".repeat(64),
            is_confirmed: true,
        };
        self.journal
            .execute_blocking(self.system(), import)
            .unwrap();
    }

    /// The owners of a unit by name: 赵强 before 钱丽, as in the roll.
    pub(crate) fn owner_named(&self, unit: &str, place: usize) -> OwnerId {
        let id = self.unit(unit);
        let view = self
            .read(COMMITTEE, move |read, ctx| {
                people::queries::unit(read, ctx, id)
            })
            .unwrap();
        let mut owners: Vec<_> = view
            .owners
            .iter()
            .map(|owner| (owner.name.clone(), owner.id))
            .collect();
        owners.sort();
        owners[place].1
    }

    /// The id of a unit by its number.
    pub(crate) fn unit(&self, number: &str) -> UnitId {
        let community = self.id;
        let electorate = self
            .journal
            .database()
            .read_blocking(move |read| {
                people::queries::electorate(read, community, UnitsCounted::default())
            })
            .unwrap();
        let unit = electorate
            .units
            .iter()
            .find(|unit| unit.label.number == number);
        unit.unwrap_or_else(|| panic!("no unit {number}")).unit
    }

    pub(crate) fn adopt(&self, rules: Rules) {
        self.must(COMMITTEE, AdoptRules { rules });
    }

    /// A draft whose vote opens after sixteen days and lasts ten.
    pub(crate) fn draft(&self) -> Draft {
        let opens = Timestamp::start_of(self.now().plus_days(16).date());
        Draft {
            title: "更换电梯".to_owned(),
            body: "使用维修资金更换 1 幢电梯。".to_owned(),
            matter: Matter::UseRepairFund,
            meeting: Meeting::Regular,
            window: Window {
                opens,
                closes: opens.plus_days(10),
            },
        }
    }

    pub(crate) fn drafted(&self) -> ResolutionId {
        let draft = self.draft();
        self.must(COMMITTEE, DraftResolution { draft })
    }

    /// Published; the clock still stands before the vote.
    pub(crate) fn published(&self) -> ResolutionId {
        let id = self.drafted();
        self.must(
            COMMITTEE,
            PublishResolution {
                resolution: id,
                is_confirmed: false,
            },
        );
        id
    }

    /// Published, and the vote open.
    pub(crate) fn open(&self) -> ResolutionId {
        let opens = self.draft().window.opens;
        let id = self.published();
        self.set_now(opens.plus_seconds(60));
        id
    }

    pub(crate) fn close(&self, id: ResolutionId) {
        self.set_now(self.window(id).closes);
    }

    pub(crate) fn window(&self, id: ResolutionId) -> Window {
        let view = self
            .read(COMMITTEE, move |read, ctx| decisions::view(read, ctx, id))
            .unwrap();
        view.resolution.draft.window
    }

    pub(crate) fn cast(
        &self,
        who: Person,
        id: ResolutionId,
        unit: &str,
        choice: Choice,
    ) -> Result<VoteCast, Error> {
        self.run(
            who,
            CastVote {
                resolution: id,
                unit: self.unit(unit),
                choice,
            },
        )
    }
}

/// Rules under which much is allowed.
pub(crate) fn open_rules() -> Rules {
    Rules {
        version: 0,
        source: "议事规则第十二条".to_owned(),
        silence: SilenceRule::NotCounted,
        vote_may_change: true,
        follow_allowed: true,
        turnout_while_open: true,
        objection_days: 7,
        extension_days: 15,
    }
}
