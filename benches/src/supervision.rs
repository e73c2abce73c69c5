//! The supervisor's view over 100,000 open files: due dates, what may be late and who waits for whom, derived anew.

use std::hint::black_box;
use std::time::{Duration, Instant};

use anyhow::Context as _;
use approvals::{
    Act, AppointUnit, CaseId, DraftApplication, Form, HandleCase, Live, Overview, SubmitApplication,
};
use identity::OrganisationKind;
use identity::commands::RegisterOrganisation;
use kernel::{Actor, Context, OrganisationId, Role, Timestamp};
use test_kit::{Person, TestCommunity};

use crate::line::{Line, RUNS, median, milliseconds};

/// `LINLI_BENCH_FILES`, or this many open files.
const FILES: usize = 100_000;
const THREADS: usize = 16;
/// On how many days they came in.
const DAYS: usize = 120;
const GOAL: Duration = Duration::from_millis(200);

const CLERK: Person = Person(1, Role::CityStaff);
const APPLICANT: Person = Person(2, Role::Applicant);

/// identity's own permissions, as far as the city is set up by them.
const IDENTITY: test_kit::Permissions = &[(identity::REGISTER_ORGANISATION, &[Role::CityStaff])];

/// The first look, which reads every file, and later ones, between which a file changes.
pub(crate) fn open_files() -> anyhow::Result<Vec<Line>> {
    let files = match std::env::var("LINLI_BENCH_FILES") {
        Ok(number) => number.parse().context("LINLI_BENCH_FILES is a number")?,
        Err(_) => FILES,
    };
    let city = City::with(files)?;
    let live = Live::default();
    let started = Instant::now();
    let first = city.look(&live)?;
    let built = started.elapsed();
    anyhow::ensure!(
        first.files == files && first.unread == 0,
        "{} of {files} files are open, {} unread",
        first.files,
        first.unread
    );
    let open: usize = first.stages.iter().map(|stage| stage.open).sum();
    anyhow::ensure!(open == files, "{open} stages of {files} files run");
    let mut times = Vec::new();
    for turn in 0..RUNS {
        city.change(turn)?;
        let started = Instant::now();
        let found = black_box(city.look(&live)?);
        times.push(started.elapsed());
        anyhow::ensure!(
            found.files == files && !found.waits.is_empty(),
            "a unit that was asked is waited for"
        );
    }
    let took = median(times);
    Ok(vec![Line {
        work: format!("the supervisor's view of {files} open files, a file changed since"),
        ours: milliseconds(took),
        reference: milliseconds(built),
        reference_name: "the first look of a program, which reads every event".to_owned(),
        ratio: None,
        goal: "< 200 ms at 100,000".to_owned(),
        ok: Some(took < GOAL),
    }])
}

struct City {
    community: TestCommunity,
    bureau: OrganisationId,
    files: Vec<CaseId>,
}

impl City {
    fn with(files: usize) -> anyhow::Result<Self> {
        let tables = [identity::MIGRATIONS, approvals::MIGRATIONS];
        let permissions = [IDENTITY, approvals::PERMISSIONS];
        let community = TestCommunity::on_sqlite(&tables, &permissions);
        let register = RegisterOrganisation {
            kind: OrganisationKind::CityDepartment,
            name: "自然资源和规划局".to_owned(),
        };
        let bureau = community
            .journal
            .execute_blocking(community.context(CLERK), register)?;
        let mut city = Self {
            community,
            bureau,
            files: Vec::new(),
        };
        let unit = "natural_resources".to_owned();
        let organisation = bureau;
        let appoint = AppointUnit { unit, organisation };
        city.community
            .journal
            .execute_blocking(city.clerk(), appoint)?;
        city.fill(files)?;
        Ok(city)
    }

    /// Files that were submitted and taken in on the days of half a year.
    fn fill(&mut self, files: usize) -> anyhow::Result<()> {
        let first: jiff::civil::Date = "2026-03-02".parse()?;
        for day in 0..DAYS {
            let wanted = files * (day + 1) / DAYS - files * day / DAYS;
            let date = first.checked_add(jiff::Span::new().days(i64::try_from(day)?))?;
            self.community
                .set_now(Timestamp::start_of(date).plus_seconds(9 * 3600));
            let city = &*self;
            let made: anyhow::Result<Vec<Vec<CaseId>>> = std::thread::scope(|scope| {
                let share =
                    |thread: usize| wanted * (thread + 1) / THREADS - wanted * thread / THREADS;
                let threads: Vec<_> = (0..THREADS)
                    .map(|thread| {
                        scope.spawn(move || (0..share(thread)).map(|_| city.file()).collect())
                    })
                    .collect();
                threads
                    .into_iter()
                    .map(|thread| {
                        thread
                            .join()
                            .map_err(|_| anyhow::anyhow!("a thread broke off"))?
                    })
                    .collect()
            });
            self.files.extend(made?.into_iter().flatten());
        }
        Ok(())
    }

    fn file(&self) -> anyhow::Result<CaseId> {
        let journal = &self.community.journal;
        let draft = DraftApplication {
            process: "zhejiang.construction_approval".to_owned(),
            form: Form {
                title: "兰亭未来社区一期".to_owned(),
                place: "越城区兰亭路".to_owned(),
                applicant: "兰亭置业".to_owned(),
                contact: "王工".to_owned(),
                phone: "13900000001".to_owned(),
                stages: vec!["siting".to_owned()],
                ..Form::default()
            },
        };
        let applicant = || self.community.context(APPLICANT);
        let case = journal.execute_blocking(applicant(), draft)?;
        journal.execute_blocking(applicant(), SubmitApplication { case })?;
        let stage = "siting".to_owned();
        self.act(case, 1, Act::Accept { stage })?;
        Ok(case)
    }

    fn act(&self, case: CaseId, seen: u32, act: Act) -> anyhow::Result<()> {
        let command = HandleCase {
            case,
            seen,
            act,
            at: None,
            entered_late: String::new(),
        };
        self.community
            .journal
            .execute_blocking(self.clerk(), command)?;
        Ok(())
    }

    /// A unit is asked in one of the files.
    fn change(&self, turn: usize) -> anyhow::Result<()> {
        let case = self.files.get(turn).context("there are files")?;
        let (stage, unit) = ("siting".to_owned(), "development_reform".to_owned());
        self.act(*case, 2, Act::Ask { stage, unit })
    }

    fn clerk(&self) -> Context {
        let mut ctx = self.community.context(CLERK);
        ctx.actor = Actor::Account {
            id: CLERK.account(),
            on_behalf_of: Some(self.bureau),
        };
        ctx
    }

    fn look(&self, live: &Live) -> anyhow::Result<Overview> {
        let (ctx, live) = (self.clerk(), live.clone());
        let found = self
            .community
            .journal
            .database()
            .read_blocking(move |read| approvals::overview(read, &ctx, &live, None, 100))?;
        Ok(found)
    }
}
