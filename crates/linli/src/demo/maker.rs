//! Runs commands as the people of a demo city would have, on the days when they would have.

use anyhow::Context as _;
use identity::Roles;
use indicatif::ProgressBar;
use journal::Command;
use kernel::{AccountId, Actor, CommunityId, Context, Grants, Randomness, Role, Timestamp};
use shell::App;
use tokio::task::JoinSet;

use super::city::Town;

/// How many commands run side by side; the lane commits them in groups.
const SIDE_BY_SIDE: usize = 256;

/// What every part of the demo is made with: the same numbers give the same ids, so that two demos are alike.
pub(super) struct Maker {
    app: App,
    bar: ProgressBar,
    today: Timestamp,
}

impl Maker {
    /// For an application whose clock says what today is; `bar` shows how far it is.
    pub(super) fn new(app: &App, bar: &ProgressBar) -> Self {
        Self {
            app: app.clone(),
            bar: bar.clone(),
            today: app.now(),
        }
    }

    /// The application whose demo this is.
    pub(super) fn app(&self) -> &App {
        &self.app
    }

    /// Tells who waits what is being made.
    pub(super) fn say(&self, what: &str) {
        self.bar.set_message(what.to_owned());
    }

    /// Midnight in China, `days` before today.
    pub(super) fn days_ago(&self, days: i64) -> Timestamp {
        Timestamp::start_of(self.today.plus_days(-days).date())
    }

    /// Linli itself, which may do everything. `number` is the context's own in this community.
    pub(super) fn system(&self, community: CommunityId, at: Timestamp, number: u64) -> Context {
        let grants = self.app.directory().system();
        self.context(Actor::System, grants, community, at, number)
    }

    /// Someone acting in one role.
    pub(super) fn acting(
        &self,
        account: AccountId,
        role: Role,
        community: CommunityId,
        at: Timestamp,
        number: u64,
    ) -> Context {
        let grants = self.app.directory().grants(Roles::NONE.with(role));
        self.context(Actor::account(account), grants, community, at, number)
    }

    /// The community's committee.
    pub(super) fn committee(&self, town: &Town, at: Timestamp, number: u64) -> Context {
        self.acting(town.committee, Role::CommitteeMember, town.id, at, number)
    }

    /// The owner with a login at this place in the town's list.
    pub(super) fn owner(
        &self,
        town: &Town,
        place: usize,
        at: Timestamp,
        number: u64,
    ) -> anyhow::Result<Context> {
        let (_, account) = *town
            .online
            .get(place)
            .context("a demo community has owners with a login")?;
        Ok(self.acting(account, Role::Owner, town.id, at, number))
    }

    /// `number` makes the context's randomness: the same number, the same ids and salts.
    fn context(
        &self,
        actor: Actor,
        grants: Grants,
        community: CommunityId,
        now: Timestamp,
        number: u64,
    ) -> Context {
        let [high, low] = [community.uuid().as_u64_pair().1, number];
        let random = Randomness::from_number(high.rotate_left(17) ^ low);
        Context {
            actor,
            community,
            now,
            random,
            grants,
            vault: self.app.vault().clone(),
            idempotency_key: None,
        }
    }

    /// Runs one command.
    pub(super) async fn run<C: Command>(
        &self,
        ctx: Context,
        command: C,
    ) -> anyhow::Result<C::Outcome>
    where
        C::Error: std::error::Error + Sync,
    {
        Ok(self.app.journal().execute(ctx, command).await?)
    }

    /// Runs many commands, a few hundred side by side.
    pub(super) async fn run_all<C: Command>(
        &self,
        what: &str,
        commands: Vec<(Context, C)>,
    ) -> anyhow::Result<Vec<C::Outcome>>
    where
        C::Error: std::error::Error + Sync,
    {
        self.say(what);
        self.bar
            .set_length(u64::try_from(commands.len()).unwrap_or(0));
        self.bar.set_position(0);
        let mut outcomes: Vec<Option<C::Outcome>> = commands.iter().map(|_| None).collect();
        let mut running = JoinSet::new();
        let mut waiting = commands.into_iter().enumerate();
        loop {
            while running.len() < SIDE_BY_SIDE {
                let Some((place, (ctx, command))) = waiting.next() else {
                    break;
                };
                let journal = self.app.journal().clone();
                running.spawn(async move { (place, journal.execute(ctx, command).await) });
            }
            let Some(done) = running.join_next().await else {
                break;
            };
            let (place, outcome) = done?;
            if let Some(slot) = outcomes.get_mut(place) {
                *slot = Some(outcome?);
            }
            self.bar.inc(1);
        }
        Ok(outcomes.into_iter().flatten().collect())
    }

    /// The id of the `number`th community: the same in every demo.
    pub(super) fn community_id(&self, number: u64) -> CommunityId {
        let city = self.system(
            CommunityId::CITY,
            Timestamp::from_micros(1_577_836_800_000_000),
            1000 + number,
        );
        CommunityId::from_uuid(city.new_uuid())
    }
}
