//! A seeded life of a community, lived on SQLite and on PostgreSQL: every answer and the whole record are the same.

use std::collections::HashMap;

use ballot::resolution::{Choice, SilenceRule};
use decisions::{
    AdoptRules, AnnounceResult, AnswerObjection, CastVote, Channel, CountVotes, DeliveryChannel,
    DraftResolution, PublishResolution, RaiseObjection, RecordDelivery, RecordVote, ResolutionId,
    Rules, Stage, WithdrawResolution,
};
use journal::Command;
use kernel::{Randomness, Timestamp};
use people::commands::AppointVoice;
use test_kit::{Person, TestCommunity};

use crate::world::{BUTLER, COMMITTEE, LI, QIAN, RESIDENT, STRANGER, WANG, World, ZHAO};

const UNITS: [&str; 8] = ["101", "102", "103", "104", "201", "202", "203", "204"];
const PEOPLE: [Person; 8] = [COMMITTEE, BUTLER, RESIDENT, WANG, LI, ZHAO, QIAN, STRANGER];
const CHOICES: [Choice; 4] = [
    Choice::For,
    Choice::Against,
    Choice::Abstain,
    Choice::Follow,
];
const STEPS: u32 = 400;

#[test]
fn a_life_is_the_same_on_both_engines() {
    for seed in 1..=4 {
        let on_sqlite = live(&World::on_sqlite(), seed);
        assert!(
            on_sqlite.votes > 10,
            "seed {seed} is a life with votes in it: {}",
            on_sqlite.votes
        );
        if let Some(world) = World::on_postgres() {
            let on_postgres = live(&world, seed);
            for (step, (one, other)) in on_sqlite
                .answers
                .iter()
                .zip(&on_postgres.answers)
                .enumerate()
            {
                assert_eq!(one, other, "seed {seed}, step {step}");
            }
            assert_eq!(on_sqlite, on_postgres, "seed {seed}");
        }
    }
}

/// What is left of a life.
#[derive(Debug, PartialEq, Eq)]
struct Life {
    answers: Vec<String>,
    root: String,
    votes: u64,
}

fn live(world: &World, seed: u64) -> Life {
    let mut simulation = Simulation {
        world,
        lot: Randomness::from_number(seed),
        resolutions: Vec::new(),
        standing: HashMap::new(),
        answers: Vec::new(),
    };
    for _ in 0..STEPS {
        simulation.step();
    }
    simulation.end()
}

struct Simulation<'a> {
    world: &'a World,
    lot: Randomness,
    resolutions: Vec<ResolutionId>,
    /// The naive model: which votes were acknowledged, one a unit.
    standing: HashMap<(ResolutionId, &'static str), String>,
    answers: Vec<String>,
}

impl Simulation<'_> {
    fn draw<T: Copy>(&self, from: &[T]) -> T {
        from[usize::try_from(self.lot.below(from.len() as u64)).unwrap()]
    }

    fn note<T: std::fmt::Debug, E: std::fmt::Debug>(&mut self, what: &str, outcome: &Result<T, E>) {
        self.answers.push(format!("{what}: {outcome:?}"));
    }

    fn send<C: Command>(&mut self, who: Person, command: C) -> Option<C::Outcome>
    where
        C::Outcome: std::fmt::Debug,
        C::Error: std::fmt::Debug,
    {
        let outcome = self.world.run(who, command);
        self.note(C::NAME, &outcome);
        outcome.ok()
    }

    fn step(&mut self) {
        let (who, unit) = self.who_and_where();
        let choice = self.draw(&CHOICES);
        let resolution = match self.lot.below(3) {
            0 if !self.resolutions.is_empty() => Some(self.draw(&self.resolutions)),
            _ => self.resolutions.last().copied(),
        };
        match (self.lot.below(20), resolution) {
            (0, _) if self.lot.below(3) == 0 => self.found(),
            (_, None) => self.found(),
            (1, _) => self.world.set_now(
                self.world
                    .now()
                    .plus_seconds(i64::try_from(self.lot.below(200_000)).unwrap()),
            ),
            (3, _) => self.adopt(who),
            (4..=9, Some(id)) => self.vote(who, id, unit, choice),
            (10..=12, Some(id)) => self.record(who, id, unit, choice),
            (13, Some(id)) => self.deliver(who, id, unit),
            (14, Some(id)) => {
                self.send(self.official(who), CountVotes { resolution: id });
            }
            (15, Some(id)) => {
                self.send(
                    who,
                    RaiseObjection {
                        resolution: id,
                        text: "请公布".to_owned(),
                    },
                );
            }
            (16, Some(id)) => self.answer(who, id),
            (17, Some(id)) => {
                self.send(
                    self.official(who),
                    AnnounceResult {
                        resolution: id,
                        remark: String::new(),
                    },
                );
            }
            (18, _) => self.appoint(ZHAO),
            (_, Some(id)) if self.lot.below(10) == 0 => {
                self.send(
                    self.official(who),
                    WithdrawResolution {
                        resolution: id,
                        reason: "撤回".to_owned(),
                    },
                );
            }
            _ => self.import(unit),
        }
    }

    /// Mostly someone who may, where they may; sometimes anyone anywhere.
    fn who_and_where(&self) -> (Person, &'static str) {
        const OWN: [(Person, &str); 6] = [
            (WANG, "101"),
            (LI, "102"),
            (LI, "103"),
            (ZHAO, "104"),
            (COMMITTEE, "201"),
            (COMMITTEE, "202"),
        ];
        match self.lot.below(4) {
            0 => (self.draw(&PEOPLE), self.draw(&UNITS)),
            _ => self.draw(&OWN),
        }
    }

    /// Mostly the committee where this person may not.
    fn official(&self, who: Person) -> Person {
        if self.lot.below(4) == 0 {
            who
        } else {
            COMMITTEE
        }
    }

    /// Drafts, publishes, and often lets the notice pass.
    fn found(&mut self) {
        let draft = self.world.draft();
        if let Some(id) = self.send(COMMITTEE, DraftResolution { draft }) {
            self.send(
                COMMITTEE,
                PublishResolution {
                    resolution: id,
                    is_confirmed: false,
                },
            );
            self.resolutions.push(id);
        }
        if self.lot.below(10) > 0 {
            self.world.set_now(self.world.now().plus_days(17));
        }
    }

    fn adopt(&mut self, who: Person) {
        let who = self.official(who);
        let rules = Rules {
            version: 0,
            source: "议事规则".to_owned(),
            silence: self.draw(SilenceRule::ALL),
            vote_may_change: self.lot.below(4) > 0,
            follow_allowed: self.lot.below(2) == 0,
            turnout_while_open: self.lot.below(2) == 0,
            objection_days: u32::try_from(self.lot.below(9)).unwrap(),
            extension_days: 0,
        };
        self.send(who, AdoptRules { rules });
    }

    fn vote(&mut self, who: Person, resolution: ResolutionId, unit: &'static str, choice: Choice) {
        let command = CastVote {
            resolution,
            unit: self.world.unit(unit),
            choice,
        };
        if self.send(who, command).is_some() {
            self.standing
                .insert((resolution, unit), choice.name().to_owned());
        }
    }

    fn record(
        &mut self,
        who: Person,
        resolution: ResolutionId,
        unit: &'static str,
        choice: Choice,
    ) {
        let who = self.official(who);
        let command = RecordVote {
            resolution,
            unit: self.world.unit(unit),
            choice,
            channel: self.draw(Channel::ALL),
            received_at: self.moment(),
            evidence: "登记表".to_owned(),
        };
        if self.send(who, command).is_some() {
            self.standing
                .insert((resolution, unit), choice.name().to_owned());
        }
    }

    /// A moment of the last four hours.
    fn moment(&self) -> Timestamp {
        self.world
            .now()
            .plus_seconds(-i64::try_from(self.lot.below(4 * 3600)).unwrap())
    }

    fn deliver(&mut self, who: Person, resolution: ResolutionId, unit: &str) {
        let who = self.official(who);
        let command = RecordDelivery {
            resolution,
            unit: self.world.unit(unit),
            channel: self.draw(DeliveryChannel::ALL),
            delivered_at: self.moment(),
            evidence: "签收单".to_owned(),
            warned_of_silence: self.lot.below(2) == 0,
        };
        self.send(who, command);
    }

    fn answer(&mut self, who: Person, resolution: ResolutionId) {
        let who = self.official(who);
        let view = self
            .world
            .read(COMMITTEE, move |read, ctx| {
                decisions::view(read, ctx, resolution)
            })
            .unwrap();
        if let Some(objection) = view
            .objections
            .iter()
            .find(|objection| objection.answer.is_none())
        {
            let objection = objection.id;
            self.send(
                who,
                AnswerObjection {
                    resolution,
                    objection,
                    text: "已公布".to_owned(),
                },
            );
        }
    }

    fn appoint(&mut self, who: Person) {
        let community = self.world.id;
        let mine = self.world.read(who, move |read, ctx| {
            people::queries::owners_of_account(read, community, ctx.actor.account_id().unwrap())
        });
        if let Some(owner) = mine.unwrap().first() {
            let consent = "共有人同意".to_owned();
            self.send(
                who,
                AppointVoice {
                    unit: self.world.unit("104"),
                    owner: *owner,
                    consent,
                },
            );
        }
    }

    /// The organiser edits the roll; what is published stays frozen.
    fn import(&mut self, unit: &'static str) {
        let area = (80 + self.lot.below(60)).to_string();
        if unit.starts_with('2') && unit != "204" {
            self.world.import(&[(unit, &area, "孙军", "13900000005")]);
        }
    }

    /// Counts what stands against the model, and proves the record.
    fn end(mut self) -> Life {
        for id in self.resolutions.clone() {
            self.compare_with_model(id);
        }
        let (community, vault) = (self.world.id, TestCommunity::vault());
        let key = self.world.journal.signer().verifying_key();
        let (audit, proved) = self
            .world
            .journal
            .database()
            .read_blocking(move |read| {
                let (mut decided, mut roll) = (decisions::Audit::new(), people::Audit::new());
                let audit = journal::audit(read, &vault, &key, community, &mut |seen| {
                    decided.see(seen);
                    roll.see(seen);
                    Ok(())
                })?;
                let roll = roll.compare(read, community)?;
                assert!(roll.findings.is_empty(), "{:?}", roll.findings);
                Ok::<_, decisions::Error>((audit, decided.compare(read, community)?))
            })
            .unwrap();
        assert!(proved.findings.is_empty(), "{:?}", proved.findings);
        let votes = proved.votes;
        assert_eq!(
            votes,
            self.standing.len() as u64,
            "each acknowledged vote stands once"
        );
        Life {
            answers: self.answers,
            root: audit.root.to_string(),
            votes,
        }
    }

    fn compare_with_model(&mut self, id: ResolutionId) {
        let view = self
            .world
            .read(COMMITTEE, move |read, ctx| decisions::view(read, ctx, id))
            .unwrap();
        self.answers.push(format!("{:?}", view.stage));
        if !matches!(
            view.stage,
            Stage::Objection | Stage::Settled | Stage::Announced
        ) {
            return;
        }
        let cast = self
            .world
            .read(COMMITTEE, move |read, ctx| decisions::result(read, ctx, id))
            .unwrap()
            .outcome
            .cast;
        let standing = |choice: Choice| {
            let of = |((resolution, _), name): &(&(ResolutionId, &str), &String)| {
                *resolution == id && *name == choice.name()
            };
            self.standing.iter().filter(of).count() as u64
        };
        for (choice, tally) in [
            (Choice::For, cast.in_favour),
            (Choice::Against, cast.against),
            (Choice::Abstain, cast.abstain),
            (Choice::Follow, cast.follow),
        ] {
            assert_eq!(u64::from(tally.units), standing(choice), "{choice} of {id}");
        }
    }
}
