//! The supervisor's view over 100,000 open files: due dates, what may be late and who waits for whom, derived anew.

use std::hint::black_box;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use anyhow::Context as _;
use approvals::{
    Act, AppointUnit, CaseId, DraftApplication, Form, HandleCase, Live, SubmitApplication,
};
use db::Read;
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

/// The first look, which reads every file, and later ones, between which a file changes; at a sixty-fourth, an eighth and all.
pub(crate) fn open_files() -> anyhow::Result<Vec<Line>> {
    let files = match std::env::var("LINLI_BENCH_FILES") {
        Ok(number) => number.parse().context("LINLI_BENCH_FILES is a number")?,
        Err(_) => FILES,
    };
    let mut city = City::new()?;
    let mut lines = Vec::new();
    for size in [files / 64, files / 8, files] {
        city.fill(size.saturating_sub(city.files.len()))?;
        lines.extend(city.measured(size == files)?);
    }
    Ok(lines)
}

/// What is looked at, and how long that took.
struct Look<T> {
    took: Duration,
    found: T,
}

/// Looks several times; before each look a file changes.
fn looked<T>(city: &City, look: impl Fn(&City) -> anyhow::Result<T>) -> anyhow::Result<Look<T>> {
    let mut times = Vec::new();
    let mut last = None;
    for _ in 0..RUNS {
        city.change()?;
        let started = Instant::now();
        let found = black_box(look(city)?);
        times.push(started.elapsed());
        last = Some(found);
    }
    Ok(Look {
        took: median(times),
        found: last.context("there was a look")?,
    })
}

struct City {
    community: TestCommunity,
    bureau: OrganisationId,
    files: Vec<CaseId>,
    /// How many files were changed.
    changed: AtomicUsize,
}

impl City {
    /// The lines of the city as it stands; smaller ones have no goal and show the growth.
    fn measured(&self, is_whole: bool) -> anyhow::Result<Vec<Line>> {
        let files = self.files.len();
        let started = Instant::now();
        let live = Live::default();
        let first = self.ask(move |read, ctx| approvals::overview(read, ctx, &live, None, 100))?;
        let built = started.elapsed();
        anyhow::ensure!(
            first.files == files && first.unread == 0,
            "{} of {files} files are open, {} unread",
            first.files,
            first.unread
        );
        let open: usize = first.stages.iter().map(|stage| stage.open).sum();
        anyhow::ensure!(open == files, "{open} stages of {files} files run");
        let overview = looked(self, |city| {
            city.ask(|read, ctx| {
                let live = Live::of(read);
                approvals::overview(read, ctx, &live, None, 100)
            })
        })?;
        let queue = looked(self, |city| {
            city.ask(|read, ctx| approvals::queue(read, ctx, 100))
        })?;
        let cards = looked(self, |city| city.ask(approvals::cards_to_send))?;
        let (late, late_cards) = (overview.found.late, cards.found.len());
        anyhow::ensure!(
            overview.found.files == files && !overview.found.waits.is_empty(),
            "a unit that was asked is waited for"
        );
        anyhow::ensure!(
            queue.found.all >= files && queue.found.lines.len() == files.min(100),
            "every file waits for its lead"
        );
        anyhow::ensure!(late_cards >= late, "a card for each of {late} late stages");
        let line = |what: &str, took: Duration| Line {
            work: format!("{what} of {files} open files, a file changed since"),
            ours: milliseconds(took),
            reference: milliseconds(built),
            reference_name: "the first look of a program, which reads every event".to_owned(),
            ratio: None,
            goal: if is_whole {
                "< 200 ms at 100,000".to_owned()
            } else {
                "growth".to_owned()
            },
            ok: is_whole.then_some(took < GOAL),
        };
        Ok(vec![
            line("the supervisor's view", overview.took),
            line("a clerk's queue", queue.took),
            line("the cards that are due", cards.took),
        ])
    }

    fn new() -> anyhow::Result<Self> {
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
        let city = Self {
            community,
            bureau,
            files: Vec::new(),
            changed: AtomicUsize::new(0),
        };
        let unit = "natural_resources".to_owned();
        let organisation = bureau;
        let appoint = AppointUnit { unit, organisation };
        city.community
            .journal
            .execute_blocking(city.clerk(), appoint)?;
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
    fn change(&self) -> anyhow::Result<()> {
        let turn = self.changed.fetch_add(1, Ordering::Relaxed);
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

    fn ask<T: Send + 'static>(
        &self,
        question: impl FnOnce(&mut dyn Read, &Context) -> Result<T, approvals::Error> + Send + 'static,
    ) -> anyhow::Result<T> {
        let ctx = self.clerk();
        let database = self.community.journal.database();
        Ok(database.read_blocking(move |read| question(read, &ctx))?)
    }
}
