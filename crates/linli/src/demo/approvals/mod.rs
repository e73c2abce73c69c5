//! Approvals of the demo city: departments that hold the units, a clerk, an applicant, files in every state, and those that
//! went their whole way before, from which forecasts are made.

mod past;
mod present;

use anyhow::Context as _;
use approvals::{
    Act, AddPaper, AnswerCorrection, AppointUnit, CaseId, Colour, DraftApplication, Form,
    HandleCase, IssueCard, SubmitApplication, SubmitStages, WithdrawApplication,
};
use identity::OrganisationKind;
use identity::commands::{GrantRole, RegisterOrganisation};
use kernel::{AccountId, Actor, CommunityId, Context, OrganisationId, Role};

use super::accounts::Staff;
use super::maker::Maker;

/// The process of every demo file.
const PROCESS: &str = "zhejiang.construction_approval";

/// The departments and the units that they hold; the first is the demo clerk's.
const DEPARTMENTS: [(&str, &[&str]); 4] = [
    ("自然资源和规划局", &["natural_resources"]),
    (
        "住房和城乡建设局",
        &["housing_construction", "fire_review", "transaction_centre"],
    ),
    ("发展和改革局", &["development_reform"]),
    ("未来社区建设专班", &["pilot_office"]),
];

/// Who supervises; it holds no unit and handles nothing.
const SUPERVISORS: &str = "政务服务监督处";

/// What is done to a file, and how many days before today.
type Done = (i64, Deed);

/// One thing that somebody does.
enum Deed {
    /// The applicant answers a notice.
    Answer,
    /// The applicant submits the second stage.
    Next,
    /// The applicant withdraws.
    Withdraw,
    /// The department at this place in the list does something.
    Office(usize, Act),
}

/// Makes them; once, for the whole city.
pub(super) async fn make(maker: &Maker, staff: &Staff) -> anyhow::Result<()> {
    maker.say("绿色通道审批");
    let office = Office::open(maker, staff).await?;
    past::make(maker, &office).await?;
    for (place, (title, submitted, deeds)) in present::files().into_iter().enumerate() {
        let number = 40_000 + 100 * u64::try_from(place)?;
        office.file(maker, number, title, submitted, deeds).await?;
    }
    office.draft(maker).await
}

/// Who acts.
struct Office {
    applicant: AccountId,
    clerk: AccountId,
    departments: Vec<OrganisationId>,
}

impl Office {
    async fn open(maker: &Maker, staff: &Staff) -> anyhow::Result<Self> {
        let (city, at) = (CommunityId::CITY, maker.days_ago(past::BEGAN));
        let mut number = 30_000;
        let mut departments = Vec::new();
        for (name, units) in DEPARTMENTS {
            let (kind, name) = (OrganisationKind::CityDepartment, name.to_owned());
            let register = RegisterOrganisation { kind, name };
            let organisation = maker.run(maker.system(city, at, number), register).await?;
            departments.push(organisation);
            for unit in units {
                number += 1;
                let unit = (*unit).to_owned();
                let appoint = AppointUnit { unit, organisation };
                maker.run(maker.system(city, at, number), appoint).await?;
            }
            number += 1;
        }
        let clerks = departments.first().copied();
        let register = RegisterOrganisation {
            kind: OrganisationKind::CityDepartment,
            name: SUPERVISORS.to_owned(),
        };
        let supervisors = maker.run(maker.system(city, at, number), register).await?;
        let at = maker.days_ago(117);
        for (account, role, organisation) in [
            (staff.clerk, Role::CityStaff, clerks),
            (staff.street, Role::CityStaff, departments.last().copied()),
            (staff.applicant, Role::Applicant, None),
            (staff.supervisor, Role::Supervisor, Some(supervisors)),
        ] {
            number += 1;
            let grant = GrantRole {
                account,
                role,
                organisation,
                until: None,
                reason: "演示数据".to_owned(),
            };
            maker.run(maker.system(city, at, number), grant).await?;
        }
        Ok(Self {
            applicant: staff.applicant,
            clerk: staff.clerk,
            departments,
        })
    }

    fn as_applicant(&self, maker: &Maker, days_ago: i64, number: u64) -> Context {
        let at = maker.days_ago(days_ago).plus_seconds(9 * 3600);
        maker.acting(
            self.applicant,
            Role::Applicant,
            CommunityId::CITY,
            at,
            number,
        )
    }

    fn as_department(
        &self,
        maker: &Maker,
        place: usize,
        days_ago: i64,
        number: u64,
    ) -> anyhow::Result<Context> {
        let at = maker.days_ago(days_ago).plus_seconds(10 * 3600);
        let department = self
            .departments
            .get(place)
            .context("the department is open")?;
        let city = CommunityId::CITY;
        let mut ctx = maker.acting(self.clerk, Role::CityStaff, city, at, number);
        ctx.actor = Actor::Account {
            id: self.clerk,
            on_behalf_of: Some(*department),
        };
        Ok(ctx)
    }

    /// A file with its past. `number` and those after it are its own.
    async fn file(
        &self,
        maker: &Maker,
        mut number: u64,
        title: &str,
        submitted: i64,
        deeds: Vec<Done>,
    ) -> anyhow::Result<()> {
        let draft = DraftApplication {
            process: PROCESS.to_owned(),
            form: form(title),
        };
        let case = maker
            .run(self.as_applicant(maker, submitted + 1, number), draft)
            .await?;
        number += 1;
        let paper = AddPaper {
            case,
            paper: "site_plan".to_owned(),
            name: "总平面图.txt".to_owned(),
            media_type: "text/plain".to_owned(),
            content: "演示材料".as_bytes().to_vec(),
        };
        maker
            .run(self.as_applicant(maker, submitted + 1, number), paper)
            .await?;
        number += 1;
        let submit = SubmitApplication { case };
        maker
            .run(self.as_applicant(maker, submitted, number), submit)
            .await?;
        for (seen, (days_ago, deed)) in (1_u32..).zip(deeds) {
            number += 1;
            self.deed(maker, case, seen, days_ago, number, deed).await?;
        }
        self.cards(maker, case, number + 1).await
    }

    async fn deed(
        &self,
        maker: &Maker,
        case: CaseId,
        seen: u32,
        days_ago: i64,
        number: u64,
        deed: Deed,
    ) -> anyhow::Result<()> {
        let as_applicant = || self.as_applicant(maker, days_ago, number);
        match deed {
            Deed::Answer => {
                let (stage, note) = (stage(), "已补齐".to_owned());
                let answer = AnswerCorrection {
                    case,
                    seen,
                    stage,
                    note,
                };
                maker.run(as_applicant(), answer).await?;
            }
            Deed::Next => {
                let stages = vec!["works".to_owned()];
                let next = SubmitStages { case, seen, stages };
                maker.run(as_applicant(), next).await?;
            }
            Deed::Withdraw => {
                let reason = "方案另行调整".to_owned();
                let withdraw = WithdrawApplication { case, seen, reason };
                maker.run(as_applicant(), withdraw).await?;
            }
            Deed::Office(place, act) => {
                let handle = HandleCase {
                    case,
                    seen,
                    act,
                    at: None,
                    entered_late: String::new(),
                };
                let ctx = self.as_department(maker, place, days_ago, number)?;
                maker.run(ctx, handle).await?;
            }
        }
        Ok(())
    }

    /// The card that is due for the file today, if there is one.
    async fn cards(&self, maker: &Maker, case: CaseId, number: u64) -> anyhow::Result<()> {
        for (number, colour) in (number..).zip([Colour::Red, Colour::Yellow]) {
            let at = maker.days_ago(0);
            let ctx = maker.system(CommunityId::CITY, at, number);
            let card = IssueCard {
                case,
                stage: stage(),
                colour,
            };
            match maker.app().journal().execute(ctx, card).await {
                Ok(_) | Err(approvals::Error::CardNotDue) => {}
                Err(other) => return Err(other.into()),
            }
        }
        Ok(())
    }

    /// One that is not submitted yet.
    async fn draft(&self, maker: &Maker) -> anyhow::Result<()> {
        let draft = DraftApplication {
            process: PROCESS.to_owned(),
            form: form("府山社区养老服务中心"),
        };
        maker
            .run(self.as_applicant(maker, 1, 49_000), draft)
            .await?;
        Ok(())
    }
}

fn finish(step: &str) -> Act {
    let step = step.to_owned();
    Act::Finish {
        step,
        outcome: None,
    }
}

fn stage() -> String {
    "siting".to_owned()
}

fn form(title: &str) -> Form {
    Form {
        title: title.to_owned(),
        code: "2026-330602-00-01-000000".to_owned(),
        place: "绍兴市越城区".to_owned(),
        applicant: "越州建设发展有限公司（演示）".to_owned(),
        contact: "吴工".to_owned(),
        phone: "0575-00000000".to_owned(),
        note: String::new(),
        stages: vec![stage()],
    }
}
