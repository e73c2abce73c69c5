//! Whatever is sent in whatever order: minutes are conserved, nobody holds more or less than they may, and no visit is posted
//! twice. What everybody holds is reckoned anew from the tables every few acts and compared with the book.

use std::cell::RefCell;
use std::collections::BTreeMap;

use book::chart;
use journal::Command;
use kernel::{Kind, Problem as _, Randomness};
use test_kit::Person;
use timebank::{
    AcceptRequest, AskForVisit, Bond, CancelRequest, CancelVisit, Channel, CheckIn, CheckOut,
    Complain, ComplaintId, ConfirmRelation, ConfirmVisit, Desk, DonateHours, EnterTimes,
    EntitleElder, Error, FundPool, Gender, GiveHours, PaidBy, Receiver, RequestId, Scheme,
    SettleComplaint, SettleVisit, VisitId, desk, due_visits,
};

use crate::proof::prove;
use crate::world::{BUTLER, COMMITTEE, ELDER, HELPER, SECOND, STRANGER, Town, World};

/// The elder's daughter, and a second volunteer.
const KIN: Person = STRANGER;
const MATE: Person = Person(14, kernel::Role::Resident);
/// What Nanjing lets one person hold: 1,500 hours.
const CAP: i64 = 90_000;
const STEPS: u32 = 150;
/// On PostgreSQL, whose every answer waits for the disk.
const FEW_STEPS: u32 = 50;

#[test]
fn minutes_are_conserved_and_no_visit_is_posted_twice() {
    let seeds = std::env::var("LINLI_SEEDS")
        .ok()
        .and_then(|seeds| seeds.parse().ok())
        .unwrap_or(2_u64);
    let mut done: BTreeMap<&'static str, u32> = BTreeMap::new();
    for seed in 1..=seeds {
        for (name, times) in Life::new(World::on_sqlite(), seed).live(STEPS) {
            *done.entry(name).or_default() += times;
        }
    }
    if let Some(world) = World::on_postgres() {
        Life::new(world, 1).live(FEW_STEPS);
    }
    let lived = [
        ConfirmVisit::NAME,
        SettleComplaint::NAME,
        GiveHours::NAME,
        DonateHours::NAME,
    ];
    for name in lived {
        let times = done.get(name).copied().unwrap_or(0);
        assert!(times > 1, "{name} only {times} times: {done:?}");
    }
}

struct Life {
    world: World,
    town: Town,
    random: Randomness,
    requests: BTreeMap<RequestId, PaidBy>,
    /// Both in the order in which they were made.
    asked: Vec<RequestId>,
    accepted: Vec<VisitId>,
    /// Whose it is, for a team or not, and for which request.
    visits: BTreeMap<VisitId, (Person, bool, RequestId)>,
    complaints: Vec<ComplaintId>,
    /// What each began with, what the elder got, what each gave.
    filled: BTreeMap<u128, i64>,
    given: BTreeMap<u128, i64>,
    funded: i64,
    /// How often each command was done.
    done: RefCell<BTreeMap<&'static str, u32>>,
}

impl Life {
    fn new(world: World, seed: u64) -> Self {
        let town = world.open(Scheme::Nanjing);
        world.enrol(MATE, "钱进", Gender::Male);
        world.vet(MATE);
        let number = world.enrol(KIN, "沈知秋", Gender::Female);
        let (elder, is_hardship) = (town.elder, true);
        world.must(COMMITTEE, EntitleElder { elder, is_hardship });
        let relate = ConfirmRelation {
            elder,
            number,
            bond: Bond::Direct,
            evidence: "户口簿".to_owned(),
        };
        world.must(BUTLER, relate);
        let filled = [(ELDER, 1_200), (HELPER, CAP - 40), (KIN, 400), (MATE, 0)];
        for (who, minutes) in filled {
            if minutes > 0 {
                world.fill(who, minutes);
            }
        }
        Self {
            world,
            town,
            random: Randomness::from_number(seed),
            requests: BTreeMap::new(),
            asked: Vec::new(),
            accepted: Vec::new(),
            visits: BTreeMap::new(),
            complaints: Vec::new(),
            filled: filled.map(|(who, minutes)| (who.0, minutes)).into(),
            given: BTreeMap::new(),
            funded: 0,
            done: RefCell::default(),
        }
    }

    /// Lives, and gives how often each command was done.
    fn live(mut self, steps: u32) -> BTreeMap<&'static str, u32> {
        for step in 0..steps {
            self.act();
            // What was made, lost or posted twice stays so: it is enough to look now and then.
            if step % 4 == 0 {
                self.check(step);
            }
        }
        self.check(steps);
        prove(&self.world);
        self.done.into_inner()
    }

    fn desk(&self) -> Desk {
        self.world.read(COMMITTEE, desk).unwrap()
    }

    fn below(&self, bound: u64) -> i64 {
        i64::try_from(self.random.below(bound)).unwrap()
    }

    fn one_of<T: Copy>(&self, all: &[T]) -> Option<T> {
        let newest = all.len().saturating_sub(5);
        let all = &all[newest..];
        let place = self.random.below(u64::try_from(all.len()).unwrap().max(1));
        all.get(usize::try_from(place).unwrap()).copied()
    }

    /// Sends a command. It may be refused, and never for a defect.
    fn send<C: Command<Error = Error>>(&self, who: Person, command: C) -> Option<C::Outcome> {
        match self.world.run(who, command) {
            Ok(outcome) => {
                *self.done.borrow_mut().entry(C::NAME).or_default() += 1;
                Some(outcome)
            }
            Err(error) => {
                let is_defect = matches!(error.kind(), Kind::Internal | Kind::Unavailable);
                assert!(!is_defect, "{}: {error}", C::NAME);
                None
            }
        }
    }

    fn act(&mut self) {
        let who = self.one_of(&[ELDER, HELPER, MATE, KIN, BUTLER]).unwrap();
        let reason = || "误会".to_owned();
        let act = self.random.below(19);
        match (act, self.one_of(&self.asked), self.one_of(&self.accepted)) {
            (0..=2, ..) => self.ask(),
            (3..=5, Some(request), _) => self.accept(request),
            (6..=9, _, Some(visit)) => self.pass_the_door(visit),
            (10, _, Some(visit)) => {
                let left = self.world.now().plus_seconds(-60 * self.below(30));
                let came = left.plus_seconds(-60 * self.below(100));
                self.send(BUTLER, EnterTimes { visit, came, left });
            }
            (11..=13, _, Some(visit)) => {
                let longer = self.random.below(2) == 0;
                self.send(who, ConfirmVisit { visit, longer });
            }
            (14, Some(request), Some(visit)) if self.random.below(3) == 0 => {
                let reason = reason();
                self.send(who, CancelVisit { visit, reason });
                let reason = "改期".to_owned();
                self.send(who, CancelRequest { request, reason });
            }
            (15, _, Some(visit)) => {
                let said = reason();
                self.complaints
                    .extend(self.send(who, Complain { visit, said }));
            }
            (16, ..) => self.settle_a_complaint(),
            (17, ..) => self.give(self.one_of(&[HELPER, KIN, MATE]).unwrap()),
            (18, ..) => {
                let (minutes, reason) = (self.below(120) + 1, reason());
                if self.send(COMMITTEE, FundPool { minutes, reason }).is_some() {
                    self.funded += minutes;
                }
            }
            _ => self.wait(),
        }
    }

    fn ask(&mut self) {
        let who = self.one_of(&[ELDER, KIN, KIN, BUTLER, HELPER]).unwrap();
        let paid_by = self
            .one_of(&[PaidBy::Elder, PaidBy::Family, PaidBy::Pool])
            .unwrap();
        let ask = AskForVisit {
            elder: self.town.elder,
            service: self.town.service,
            begins: self.world.now().plus_seconds(1_800 + 60 * self.below(300)),
            gender_wish: None,
            note: String::new(),
            channel: Channel::Page,
            paid_by,
        };
        if let Some(request) = self.send(who, ask) {
            self.requests.insert(request, paid_by);
            self.asked.push(request);
        }
    }

    fn accept(&mut self, request: RequestId) {
        let who = self.one_of(&[HELPER, MATE]).unwrap();
        let for_team = self.random.below(3) == 0;
        if let Some(visit) = self.send(who, AcceptRequest { request, for_team }) {
            self.visits.insert(visit, (who, for_team, request));
            self.accepted.push(visit);
        }
    }

    /// Comes or leaves, by the code that staff know.
    fn pass_the_door(&mut self, visit: VisitId) {
        let who = self.visits[&visit].0;
        let desk = self.desk();
        let mut views = desk.visits.iter().filter_map(|one| one.visit.as_ref());
        let code = views
            .find(|one| one.id == visit)
            .and_then(|one| one.code.clone());
        let Some(code) = code else { return };
        let place = String::new();
        self.send(
            who,
            CheckIn {
                code: code.clone(),
                place,
            },
        );
        let minutes = self.below(100);
        self.world
            .set_now(self.world.now().plus_seconds(60 * minutes));
        self.send(who, CheckOut { code });
    }

    fn settle_a_complaint(&mut self) {
        let Some(complaint) = self.one_of(&self.complaints) else {
            return;
        };
        let right_minutes = (self.random.below(2) == 0).then(|| self.below(80));
        let settle = SettleComplaint {
            complaint,
            right_minutes,
            ruling: "核对记录".to_owned(),
        };
        self.send(self.one_of(&[COMMITTEE, SECOND]).unwrap(), settle);
    }

    fn give(&mut self, who: Person) {
        let minutes = self.below(90) + 1;
        if self.random.below(2) == 0 {
            self.send(who, DonateHours { minutes });
            return;
        }
        let to = Receiver::Elder(self.town.elder);
        if self.send(who, GiveHours { to, minutes }).is_some() {
            *self.given.entry(who.0).or_default() += minutes;
            *self.filled.entry(ELDER.0).or_default() += minutes;
        }
    }

    /// Time passes, and Linli settles what is due.
    fn wait(&mut self) {
        let days = i64::from(self.random.below(12) == 0) * 4;
        let now = self.world.now().plus_seconds(60 * self.below(40));
        self.world.set_now(now.plus_days(days));
        let ctx = self.world.system();
        let database = self.world.journal.database();
        let due = database
            .read_blocking(move |read| due_visits(read, &ctx))
            .unwrap();
        for visit in due {
            self.world.system_does(SettleVisit { visit });
        }
    }

    /// What each holds by the tables is what the book says, and nothing was made or lost.
    fn check(&self, step: u32) {
        let desk = self.desk();
        let sum: i64 = desk.trial.iter().map(|one| one.received - one.given).sum();
        assert_eq!(sum, 0, "step {step}: minutes were made or lost");
        let mut paid: BTreeMap<u128, i64> = BTreeMap::new();
        let mut pool = self.funded;
        for request in &desk.visits {
            let visit = request.visit.as_ref().unwrap();
            let Some(credited) = visit.credited else {
                continue;
            };
            let (_, for_team, of) = self.visits[&visit.id];
            assert_eq!(of, request.id);
            match self.requests[&of] {
                PaidBy::Elder => *paid.entry(ELDER.0).or_default() += credited,
                PaidBy::Family => *paid.entry(KIN.0).or_default() += credited,
                PaidBy::Pool => pool -= credited,
            }
            pool += i64::from(for_team) * credited;
        }
        for who in [ELDER, HELPER, KIN, MATE] {
            let balance = self.world.mine(who).balance;
            let of = |map: &BTreeMap<u128, i64>| map.get(&who.0).copied().unwrap_or(0);
            let reckoned =
                of(&self.filled) + balance.earned - balance.donated - of(&self.given) - of(&paid);
            let held = balance.available + balance.reserved;
            assert_eq!(held, reckoned, "step {step}: {who:?}");
            assert!(balance.available >= 0 && balance.reserved >= 0);
            assert!(held <= CAP, "step {step}: {who:?} holds {held}");
            pool += balance.donated;
        }
        let line = desk.trial.iter().find(|one| one.kind == chart::HOURS_POOL);
        let held = line.map_or(0, |line| line.received - line.given);
        assert_eq!(held, pool, "step {step}: the pool");
        assert!(desk.pool >= 0, "step {step}: the pool owes");
    }
}
