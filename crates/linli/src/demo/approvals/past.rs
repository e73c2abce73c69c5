//! Files that went through all four stages in the last two years, each a little differently: what the analysis, the forecast
//! and the page of fewer steps learn from. The same in every demo.

use approvals::{
    Act, AnswerCorrection, CaseId, DraftApplication, HandleCase, SubmitApplication, SubmitStages,
};
use flow::Decision;
use identity::Login;
use identity::commands::CreateAccount;
use kernel::{AccountId, CommunityId, Context};
use tokio::task::JoinSet;

use super::super::maker::Maker;
use super::{Office, PROCESS, finish, form};

/// Days before today on which the departments took their units.
pub(super) const BEGAN: i64 = 660;
/// Days before today of the first file, and between one and the next.
const FIRST: i64 = 640;
const BETWEEN: i64 = 12;
const FILES: usize = 36;

const PLACES: [&str; 12] = [
    "迪荡", "镜湖", "兰亭", "东浦", "皋埠", "马山", "灵芝", "塔山", "府山", "北海", "城南", "鉴湖",
];
const KINDS: [&str; 3] = ["邻里中心", "社区食堂", "停车楼"];

/// What is usual in a stage.
#[derive(Clone, Copy)]
struct Usual {
    stage: &'static str,
    /// The department that leads it, by its place in the list.
    lead: usize,
    /// A unit that it asks, and the department that holds that.
    asks: (&'static str, usize),
    /// A ground on which its clock stops.
    ground: &'static str,
    days: usize,
}

const STAGES: [Usual; 4] = [
    Usual {
        stage: "siting",
        lead: 0,
        asks: ("development_reform", 2),
        ground: "expert_review",
        days: 17,
    },
    Usual {
        stage: "works",
        lead: 0,
        asks: ("housing_construction", 1),
        ground: "expert_review",
        days: 24,
    },
    Usual {
        stage: "construction",
        lead: 1,
        asks: ("fire_review", 1),
        ground: "tender",
        days: 29,
    },
    Usual {
        stage: "acceptance",
        lead: 1,
        asks: ("natural_resources", 0),
        ground: "inspection",
        days: 33,
    },
];

/// What is done to a past file.
enum Step {
    Answer(AnswerCorrection),
    Handle(HandleCase),
    Next(SubmitStages),
}

/// Makes them.
pub(super) async fn make(maker: &Maker, office: &Office) -> anyhow::Result<()> {
    let before = Predecessors::open(maker, office).await?;
    let mut running = JoinSet::new();
    for index in 0..FILES {
        let (case, steps) = before.file(maker, index).await?;
        let journal = maker.app().journal().clone();
        running.spawn(async move {
            for (ctx, step) in steps {
                let done = match step {
                    Step::Answer(command) => journal.execute(ctx, command).await,
                    Step::Handle(command) => journal.execute(ctx, command).await,
                    Step::Next(command) => journal.execute(ctx, command).await,
                };
                done.map_err(|error| anyhow::anyhow!("{case}: {error}"))?;
            }
            anyhow::Ok(())
        });
    }
    while let Some(done) = running.join_next().await {
        done??;
    }
    Ok(())
}

/// The office with those who worked there before, and who applied.
struct Predecessors(Office);

impl Predecessors {
    async fn open(maker: &Maker, office: &Office) -> anyhow::Result<Self> {
        Ok(Self(Office {
            applicant: account(maker, 31_001, "shenqing-before", "钱工").await?,
            clerk: account(maker, 31_002, "banjian-before", "何敏").await?,
            departments: office.departments.clone(),
        }))
    }

    /// A submitted file, and what happened to it from then on.
    async fn file(
        &self,
        maker: &Maker,
        index: usize,
    ) -> anyhow::Result<(CaseId, Vec<(Context, Step)>)> {
        let place = i64::try_from(index)?;
        let number = 60_000 + 200 * u64::try_from(index)?;
        let submitted = FIRST - BETWEEN * place;
        let title = format!(
            "{}{}",
            PLACES
                .get(index % PLACES.len())
                .copied()
                .unwrap_or_default(),
            KINDS.get(index / PLACES.len()).copied().unwrap_or_default(),
        );
        let draft = DraftApplication {
            process: PROCESS.to_owned(),
            form: form(&title),
        };
        let ctx = self.0.as_applicant(maker, submitted + 1, number);
        let case = maker.run(ctx, draft).await?;
        let ctx = self.0.as_applicant(maker, submitted, number + 1);
        maker.run(ctx, SubmitApplication { case }).await?;
        let mut course = Course {
            office: &self.0,
            maker,
            case,
            number: number + 2,
            seen: 1,
            days_ago: submitted,
            steps: Vec::new(),
        };
        for (stage, _) in STAGES.iter().enumerate() {
            course.stage(index, stage)?;
        }
        Ok((case, course.steps))
    }
}

async fn account(maker: &Maker, number: u64, login: &str, name: &str) -> anyhow::Result<AccountId> {
    let at = maker.days_ago(BEGAN);
    let create = CreateAccount {
        login: Login::parse(login)?,
        name: name.to_owned(),
        password: None,
        language: identity::Language::Chinese,
        elder: false,
    };
    maker
        .run(maker.system(CommunityId::CITY, at, number), create)
        .await
}

/// A number below `below` that looks like chance and is the same in every demo.
fn varied(index: usize, stage: usize, salt: usize, below: usize) -> usize {
    let mixed = (index * 7 + stage * 13 + salt * 29 + 5) * 2_654_435_761 % 4_294_967_296;
    (mixed >> 8) % below.max(1)
}

/// A file on its way: what is done next, and when.
struct Course<'a> {
    office: &'a Office,
    maker: &'a Maker,
    case: CaseId,
    number: u64,
    seen: u32,
    days_ago: i64,
    steps: Vec<(Context, Step)>,
}

impl Course<'_> {
    /// Days pass.
    fn wait(&mut self, days: usize) {
        self.days_ago -= i64::try_from(days).unwrap_or_default();
    }

    fn office(&mut self, department: usize, act: Act) -> anyhow::Result<()> {
        let ctx = self
            .office
            .as_department(self.maker, department, self.days_ago, self.number)?;
        let handle = HandleCase {
            case: self.case,
            seen: self.seen,
            act,
            at: None,
            entered_late: String::new(),
        };
        self.push(ctx, Step::Handle(handle));
        Ok(())
    }

    fn applicant(&mut self, step: impl FnOnce(CaseId, u32) -> Step) {
        let ctx = self
            .office
            .as_applicant(self.maker, self.days_ago, self.number);
        let step = step(self.case, self.seen);
        self.push(ctx, step);
    }

    fn push(&mut self, ctx: Context, step: Step) {
        self.steps.push((ctx, step));
        self.number += 1;
        self.seen += 1;
    }

    /// From submission to decision.
    fn stage(&mut self, index: usize, place: usize) -> anyhow::Result<()> {
        let Some(usual) = STAGES.get(place).copied() else {
            return Ok(());
        };
        let (stage, lead) = (usual.stage, usual.lead);
        let chance = |salt, below| varied(index, place, salt, below);
        if place > 0 {
            self.wait(2 + chance(0, 8));
            let stages = vec![stage.to_owned()];
            self.applicant(|case, seen| Step::Next(SubmitStages { case, seen, stages }));
        }
        self.take_in(stage, lead, chance(1, 4) == 0, 1 + chance(2, 3))?;
        // Between half and one and a half times the usual, one in six much longer.
        let half = usual.days / 2;
        let mut left = half + chance(3, usual.days) + if chance(4, 6) == 0 { half } else { 0 };
        if chance(5, 2) == 0 {
            let takes = (3 + chance(6, 9)).min(left / 2);
            self.ask(usual, takes)?;
            left -= takes;
        }
        if chance(7, 5) == 0 {
            self.stop(usual, 7 + chance(8, 10))?;
        }
        self.steps(index, place, lead, left)?;
        let (result, reason) = (Decision::Passed, "符合条件".to_owned());
        self.office(
            lead,
            Act::Decide {
                stage: stage.to_owned(),
                result,
                reason,
            },
        )
    }

    fn take_in(
        &mut self,
        stage: &str,
        lead: usize,
        lacks: bool,
        days: usize,
    ) -> anyhow::Result<()> {
        let stage = || stage.to_owned();
        if lacks {
            self.wait(1);
            let missing = vec!["授权委托书原件".to_owned()];
            self.office(
                lead,
                Act::AskCorrection {
                    stage: stage(),
                    missing,
                },
            )?;
            self.wait(2 + days);
            self.applicant(|case, seen| {
                Step::Answer(AnswerCorrection {
                    case,
                    seen,
                    stage: stage(),
                    note: String::new(),
                })
            });
        }
        self.wait(days);
        self.office(lead, Act::Accept { stage: stage() })
    }

    fn ask(&mut self, usual: Usual, takes: usize) -> anyhow::Result<()> {
        let (unit, holder) = usual.asks;
        let (stage, unit) = (usual.stage.to_owned(), unit.to_owned());
        self.office(
            usual.lead,
            Act::Ask {
                stage: stage.clone(),
                unit: unit.clone(),
            },
        )?;
        self.wait(takes);
        let reply = "原则同意".to_owned();
        self.office(holder, Act::Reply { stage, unit, reply })
    }

    fn stop(&mut self, usual: Usual, days: usize) -> anyhow::Result<()> {
        let (stage, ground) = (usual.stage.to_owned(), usual.ground.to_owned());
        self.office(
            usual.lead,
            Act::Suspend {
                stage: stage.clone(),
                ground,
            },
        )?;
        self.wait(days);
        self.office(usual.lead, Act::Resume { stage })
    }

    /// The stage's steps over the days that are left.
    fn steps(
        &mut self,
        index: usize,
        place: usize,
        lead: usize,
        left: usize,
    ) -> anyhow::Result<()> {
        let settled = varied(index, place, 9, 3) == 0;
        let design = if settled {
            ("design_carried", "settled")
        } else {
            ("design_review", "open")
        };
        let steps: Vec<(usize, &str, Option<&str>)> = match place {
            0 => vec![(2, "project_record", None), (lead, "land_permit", None)],
            1 => vec![
                (lead, "design_known", Some(design.1)),
                (lead, design.0, None),
                (lead, "works_permit", None),
            ],
            2 => vec![
                (1, "drawings", None),
                (1, "building_tender", None),
                (lead, "construction_permit", None),
            ],
            _ => vec![
                (0, "measure", None),
                (1, "fire_acceptance", None),
                (3, "performance", None),
                (lead, "filing", None),
            ],
        };
        let each = left / steps.len().max(1);
        for (department, step, outcome) in steps {
            self.wait(each);
            let act = match (finish(step), outcome) {
                (Act::Finish { step, .. }, Some(outcome)) => Act::Finish {
                    step,
                    outcome: Some(outcome.to_owned()),
                },
                (act, _) => act,
            };
            self.office(department, act)?;
        }
        Ok(())
    }
}
