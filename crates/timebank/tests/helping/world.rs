//! A community with staff, an elder, a volunteer who was vetted, and somebody who is neither.

use book::chart;
use db::Tx;
use journal::{Change, Command, record};
use kernel::{Context, Role, Timestamp, Uuid};
use ledger::{Action, Request, Terms, TransferId};
use people::commands::CreateCommunity;
use serde::{Deserialize, Serialize};
use serde_json::json;
use test_kit::{Person, TestCommunity};
use timebank::{
    AcceptRequest, AskForVisit, Channel, CheckIn, CheckOut, ChooseScheme, Consent, ElderId,
    ElderProfile, Enrol, EnrolElder, Error, Gender, MakeService, Mine, PaidBy, RequestId, Scheme,
    ServiceId, Slot, VetVolunteer, VisitId, VolunteerProfile, mine,
};

pub(crate) const COMMITTEE: Person = Person(1, Role::CommitteeMember);
pub(crate) const BUTLER: Person = Person(2, Role::Butler);
/// Two more of the committee, so that there is somebody whom a complaint does not concern.
pub(crate) const SECOND: Person = Person(3, Role::CommitteeMember);
pub(crate) const THIRD: Person = Person(4, Role::CommitteeMember);
pub(crate) const ELDER: Person = Person(11, Role::Resident);
pub(crate) const HELPER: Person = Person(12, Role::Resident);
pub(crate) const STRANGER: Person = Person(13, Role::Owner);

pub(crate) struct World(TestCommunity);

impl std::ops::Deref for World {
    type Target = TestCommunity;

    fn deref(&self) -> &TestCommunity {
        &self.0
    }
}

/// What a time bank that is open has.
#[derive(Clone, Copy)]
pub(crate) struct Town {
    pub(crate) elder: ElderId,
    pub(crate) service: ServiceId,
    /// When [`World::visited`]'s visit begins, and that of `ask(…, 2)`.
    pub(crate) begins: Timestamp,
}

impl World {
    pub(crate) fn on_sqlite() -> Self {
        Self(TestCommunity::on_sqlite(
            &[people::MIGRATIONS, book::MIGRATIONS, timebank::MIGRATIONS],
            &[timebank::PERMISSIONS, people::PERMISSIONS],
        ))
    }

    pub(crate) fn on_postgres() -> Option<Self> {
        let tables = [people::MIGRATIONS, book::MIGRATIONS, timebank::MIGRATIONS];
        let permissions = [timebank::PERMISSIONS, people::PERMISSIONS];
        TestCommunity::on_postgres("timebank", &tables, &permissions).map(Self)
    }

    /// With a scheme, a service of an hour, an elder of 86 and a volunteer.
    pub(crate) fn open(&self, scheme: Scheme) -> Town {
        self.system_does(CreateCommunity {
            name: "兰亭花园".to_owned(),
            place: "330602".to_owned(),
            address: String::new(),
            is_demo: false,
        });
        self.must(
            COMMITTEE,
            ChooseScheme {
                scheme,
                confirm_after_days: 3,
            },
        );
        let title = "陪同散步".to_owned();
        let service = self.must(COMMITTEE, MakeService { title, minutes: 60 });
        let elder = self.must(
            ELDER,
            EnrolElder {
                profile: Self::elder_profile("1940-02-29"),
                consent: Consent::Own,
                evidence: String::new(),
            },
        );
        self.enrol(HELPER, "李小雨", Gender::Female);
        self.vet(HELPER);
        Town {
            elder,
            service,
            begins: self.now().plus_seconds(7_200),
        }
    }

    pub(crate) fn elder_profile(birth: &str) -> ElderProfile {
        ElderProfile {
            name: "沈奶奶".to_owned(),
            phone: "13800000001".to_owned(),
            birth: birth.parse().unwrap(),
            gender: Gender::Female,
            languages: vec!["绍兴话".to_owned()],
            building: "3幢".to_owned(),
            door: "1单元502".to_owned(),
        }
    }

    pub(crate) fn enrol(&self, who: Person, name: &str, gender: Gender) -> i64 {
        let profile = Self::volunteer_profile(name, gender);
        self.must(who, Enrol { profile })
    }

    pub(crate) fn volunteer_profile(name: &str, gender: Gender) -> VolunteerProfile {
        VolunteerProfile {
            name: name.to_owned(),
            birth: "1990-05-01".parse().unwrap(),
            gender,
            languages: vec!["普通话".to_owned(), "绍兴话".to_owned()],
            skills: vec![],
            slots: vec![Slot::WeekdayAfternoon],
            team: Some("向阳志愿队".to_owned()),
        }
    }

    pub(crate) fn vet(&self, who: Person) {
        let note = "身份证、无犯罪记录承诺".to_owned();
        let account = who.account();
        self.must(
            COMMITTEE,
            VetVolunteer {
                account,
                is_fit: true,
                note,
            },
        );
    }

    pub(crate) fn ask(&self, who: Person, town: &Town, in_hours: i64) -> RequestId {
        self.try_ask(who, town, in_hours).unwrap()
    }

    pub(crate) fn try_ask(
        &self,
        who: Person,
        town: &Town,
        in_hours: i64,
    ) -> Result<RequestId, Error> {
        let begins = self.now().plus_seconds(in_hours * 3_600);
        self.run(who, asked(town, begins, None, PaidBy::Elder))
    }

    pub(crate) fn ask_at(&self, who: Person, town: &Town, begins: Timestamp) -> RequestId {
        self.must(who, asked(town, begins, None, PaidBy::Elder))
    }

    pub(crate) fn ask_for(
        &self,
        who: Person,
        town: &Town,
        in_hours: i64,
        wish: Option<Gender>,
    ) -> RequestId {
        let begins = self.now().plus_seconds(in_hours * 3_600);
        self.must(who, asked(town, begins, wish, PaidBy::Elder))
    }

    pub(crate) fn ask_paid_by(
        &self,
        who: Person,
        town: &Town,
        paid_by: PaidBy,
    ) -> Result<RequestId, Error> {
        let begins = self.now().plus_seconds(7_200);
        self.run(who, asked(town, begins, None, paid_by))
    }

    /// A visit by the volunteer that lasted so many minutes and waits to be confirmed.
    pub(crate) fn visited(&self, town: &Town, minutes: i64) -> (RequestId, VisitId) {
        let request = self.ask_at(ELDER, town, self.now().plus_seconds(7_200));
        (request, self.made(request, false, minutes))
    }

    /// Makes the visit that was asked for: accepts now, and is there two hours later.
    pub(crate) fn made(&self, request: RequestId, for_team: bool, minutes: i64) -> VisitId {
        let visit = self.must(HELPER, AcceptRequest { request, for_team });
        let code = self.code_of(request);
        self.set_now(self.now().plus_seconds(7_200));
        self.must(
            HELPER,
            CheckIn {
                code: code.clone(),
                place: String::new(),
            },
        );
        self.set_now(self.now().plus_seconds(minutes * 60));
        self.must(HELPER, CheckOut { code });
        visit
    }

    /// Gives somebody hours out of nothing, as an earlier life under another scheme would have.
    pub(crate) fn fill(&self, who: Person, minutes: i64) {
        let holder = who.account().uuid();
        self.system_does(Fill { holder, minutes });
    }

    /// The code of the elder's newest visit.
    pub(crate) fn code(&self, who: Person) -> String {
        let requests = self.mine(who).requests;
        requests[0].visit.as_ref().unwrap().code.clone().unwrap()
    }

    fn code_of(&self, request: RequestId) -> String {
        let desk = self.read(COMMITTEE, timebank::desk).unwrap();
        let found = desk.visits.iter().find(|one| one.id == request).unwrap();
        found.visit.as_ref().unwrap().code.clone().unwrap()
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

fn asked(town: &Town, begins: Timestamp, wish: Option<Gender>, paid_by: PaidBy) -> AskForVisit {
    AskForVisit {
        elder: town.elder,
        service: town.service,
        begins,
        gender_wish: wish,
        note: "请敲门重一点".to_owned(),
        channel: Channel::Page,
        paid_by,
    }
}

#[derive(Serialize, Deserialize)]
struct Fill {
    holder: Uuid,
    minutes: i64,
}

impl Command for Fill {
    const NAME: &'static str = "test.hours.fill";
    type Outcome = ();
    type Error = Error;

    fn run(&self, tx: &mut dyn Tx, ctx: &Context) -> Result<(), Error> {
        let from = book::open(tx, ctx, chart::HOURS_ISSUER, Uuid::nil(), None, None)?;
        let to = book::open(tx, ctx, chart::HOURS_MEMBER, self.holder, None, None)?;
        let terms = Terms {
            code: chart::HOURS_EARN,
            from,
            to,
            amount: units::Minutes::new(self.minutes).into(),
            expires_at: None,
        };
        let request = Request {
            id: TransferId(ctx.new_uuid().as_u128()),
            action: Action::Transfer(terms),
        };
        let posted = book::post(tx, ctx, &[request])?;
        record(
            tx,
            ctx,
            Change::new("test.hours.filled", "test").public(json!({ "book": posted.stamp })),
        )?;
        Ok(())
    }
}
