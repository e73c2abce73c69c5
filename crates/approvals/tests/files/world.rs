//! A city with three departments, a clerk of each, and two companies that apply.

use std::collections::HashMap;
use std::sync::Mutex;

use approvals::{
    Act, AppointUnit, CaseId, DraftApplication, Error, FileView, Form, HandleCase, QueueLine,
    SubmitApplication,
};
use identity::OrganisationKind;
use identity::commands::RegisterOrganisation;
use journal::Command;
use kernel::{AccountId, Actor, Context, Grants, OrganisationId, Role, Timestamp, Uuid};
use test_kit::{Person, TestCommunity};

/// The four stages of a building project on land that is held.
pub(crate) const PROCESS: &str = "zhejiang.construction_approval";

/// A clerk of natural resources, which leads the first two stages.
pub(crate) const PLANNER: Person = Person(1, Role::CityStaff);
/// A clerk of housing and construction, which leads the last two and supports the second.
pub(crate) const BUILDER: Person = Person(2, Role::CityStaff);
/// A clerk of development and reform, which supports the first stage.
pub(crate) const REFORMER: Person = Person(3, Role::CityStaff);
/// City staff who act for no unit.
pub(crate) const NOBODYS: Person = Person(4, Role::CityStaff);
/// Applies for the first company.
pub(crate) const APPLICANT: Person = Person(11, Role::Applicant);
/// A colleague in the same company.
pub(crate) const COLLEAGUE: Person = Person(12, Role::Applicant);
/// Applies for another company.
pub(crate) const RIVAL: Person = Person(13, Role::Applicant);
/// Applies for themselves.
pub(crate) const PERSON: Person = Person(14, Role::Applicant);

pub(crate) struct World {
    pub(crate) community: TestCommunity,
    organisations: Mutex<HashMap<AccountId, OrganisationId>>,
}

impl std::ops::Deref for World {
    type Target = TestCommunity;

    fn deref(&self) -> &TestCommunity {
        &self.community
    }
}

/// identity's own permissions, as far as these tests need them.
const IDENTITY: test_kit::Permissions = &[
    (identity::REGISTER_ORGANISATION, &[Role::CityStaff]),
    (identity::VIEW_MEMBERS, &[Role::CityStaff]),
];

impl World {
    pub(crate) fn on_sqlite() -> Self {
        let tables = [identity::MIGRATIONS, approvals::MIGRATIONS];
        let permissions = [IDENTITY, approvals::PERMISSIONS];
        Self::settle(TestCommunity::on_sqlite(&tables, &permissions))
    }

    pub(crate) fn on_postgres() -> Option<Self> {
        let tables = [identity::MIGRATIONS, approvals::MIGRATIONS];
        let permissions = [IDENTITY, approvals::PERMISSIONS];
        let community = TestCommunity::on_postgres("approvals", &tables, &permissions)?;
        Some(Self::settle(community))
    }

    fn settle(community: TestCommunity) -> Self {
        let world = Self {
            community,
            organisations: Mutex::default(),
        };
        let departments = [
            (PLANNER, "自然资源和规划局", &["natural_resources"][..]),
            (
                BUILDER,
                "住房和城乡建设局",
                &["housing_construction", "fire_review", "transaction_centre"],
            ),
            (
                REFORMER,
                "发展和改革局",
                &["development_reform", "pilot_office"],
            ),
        ];
        for (clerk, name, units) in departments {
            let id = world.organisation(OrganisationKind::CityDepartment, name);
            world.acts_for(clerk, id);
            for unit in units {
                let unit = (*unit).to_owned();
                let organisation = id;
                world.must_do(PLANNER, AppointUnit { unit, organisation });
            }
        }
        let company = world.organisation(OrganisationKind::Developer, "兰亭置业");
        world.acts_for(APPLICANT, company);
        world.acts_for(COLLEAGUE, company);
        let rival = world.organisation(OrganisationKind::Developer, "鉴湖置业");
        world.acts_for(RIVAL, rival);
        world
    }

    pub(crate) fn organisation(&self, kind: OrganisationKind, name: &str) -> OrganisationId {
        let name = name.to_owned();
        let register = RegisterOrganisation { kind, name };
        self.journal
            .execute_blocking(self.system(), register)
            .unwrap()
    }

    pub(crate) fn acts_for(&self, who: Person, organisation: OrganisationId) {
        let mut known = self.organisations.lock().unwrap();
        known.insert(who.account(), organisation);
    }

    /// A context of this person, acting for their organisation.
    pub(crate) fn as_person(&self, who: Person) -> Context {
        let mut ctx = self.context(who);
        let known = self.organisations.lock().unwrap();
        ctx.actor = Actor::Account {
            id: who.account(),
            on_behalf_of: known.get(&who.account()).copied(),
        };
        ctx
    }

    pub(crate) fn try_do<C: Command>(
        &self,
        who: Person,
        command: C,
    ) -> Result<C::Outcome, C::Error> {
        self.journal.execute_blocking(self.as_person(who), command)
    }

    pub(crate) fn must_do<C: Command>(&self, who: Person, command: C) -> C::Outcome
    where
        C::Error: std::fmt::Debug,
    {
        let outcome = self.try_do(who, command);
        outcome.unwrap_or_else(|error| panic!("{} was refused: {error:?}", C::NAME))
    }

    pub(crate) fn ask<T, F>(&self, who: Person, question: F) -> Result<T, Error>
    where
        T: Send + 'static,
        F: FnOnce(&mut dyn db::Read, &Context) -> Result<T, Error> + Send + 'static,
    {
        let ctx = self.as_person(who);
        self.journal
            .database()
            .read_blocking(move |read| question(read, &ctx))
    }

    pub(crate) fn file(&self, who: Person, id: CaseId) -> Result<FileView, Error> {
        self.ask(who, move |read, ctx| approvals::file(read, ctx, id))
    }

    /// What this clerk's unit has to do.
    pub(crate) fn queue(&self, who: Person) -> Vec<QueueLine> {
        let queue = self.ask(who, |read, ctx| approvals::queue(read, ctx, 1_000));
        let queue = queue.unwrap();
        assert_eq!(queue.lines.len(), queue.all);
        queue.lines
    }

    pub(crate) fn drafted(&self, who: Person, process: &str, stages: &[&str]) -> CaseId {
        let form = form(stages);
        let process = process.to_owned();
        self.must_do(who, DraftApplication { process, form })
    }

    pub(crate) fn submitted(&self, who: Person) -> CaseId {
        let case = self.drafted(who, PROCESS, &["siting"]);
        self.must_do(who, SubmitApplication { case });
        case
    }

    /// Does something to a file as it stands now.
    pub(crate) fn act(&self, who: Person, case: CaseId, act: Act) -> Result<u64, Error> {
        let seen = self.seen(case);
        let command = HandleCase {
            case,
            seen,
            act,
            at: None,
            entered_late: String::new(),
        };
        self.try_do(who, command)
    }

    pub(crate) fn seen(&self, case: CaseId) -> u32 {
        let row = self.ask(APPLICANT, move |read, ctx| approvals::file(read, ctx, case));
        let row = row.or_else(|_| self.file(PERSON, case));
        row.or_else(|_| self.file(RIVAL, case))
            .map_or(0, |view| view.seen())
    }

    pub(crate) fn on(&self, date: &str, hour: i64) {
        let date: jiff::civil::Date = date.parse().unwrap();
        self.set_now(Timestamp::start_of(date).plus_seconds(hour * 3600));
    }

    /// A context without any permission.
    pub(crate) fn powerless(&self) -> Context {
        let actor = Actor::account(AccountId::from_uuid(Uuid::from_u128(77)));
        self.context_with(actor, Grants::default())
    }
}

pub(crate) fn form(stages: &[&str]) -> Form {
    Form {
        title: "兰亭未来社区一期".to_owned(),
        place: "越城区兰亭路".to_owned(),
        applicant: "兰亭置业".to_owned(),
        contact: "王工".to_owned(),
        phone: "13900000001".to_owned(),
        stages: stages.iter().map(|stage| (*stage).to_owned()).collect(),
        ..Form::default()
    }
}

pub(crate) fn stage() -> String {
    "siting".to_owned()
}

pub(crate) fn accept() -> Act {
    Act::Accept { stage: stage() }
}

pub(crate) fn finish(step: &str) -> Act {
    Act::Finish {
        step: step.to_owned(),
        outcome: None,
    }
}

pub(crate) fn pass() -> Act {
    Act::Decide {
        stage: stage(),
        result: flow::Decision::Passed,
        reason: "符合规划".to_owned(),
    }
}
