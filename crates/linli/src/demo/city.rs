//! The demo city: two communities of Shaoxing, made deterministically by the same commands that people use. What a module
//! adds to a community stands in a file of its own beside this one.

use indicatif::ProgressBar;
use kernel::{AccountId, CommunityId, Randomness};
use people::commands::{CreateCommunity, ImportRoll, LinkAccount};
use people::model::{ElectorUnit, OwnerId, PersonRef, UnitsCounted};
use shell::App;

use super::accounts::{self, Staff};
use super::approvals;
use super::budgets;
use super::consultation;
use super::decisions;
use super::fund;
use super::lifecircle;
use super::maker::Maker;
use super::points;
use super::polls;
use super::timebank;

/// How many owners of a community have a login and vote on the platform.
const OWNERS_ONLINE: usize = 240;

/// Whether the demo city stands in the database already.
pub(super) fn exists(app: &App) -> anyhow::Result<bool> {
    let communities = app
        .database()
        .read_blocking(|read| people::queries::communities(read))?;
    Ok(!communities.is_empty())
}

/// Makes the city. Times lie in the past as a real history would have them.
pub(super) async fn make(app: &App, bar: &ProgressBar) -> anyhow::Result<()> {
    let maker = Maker::new(app, bar);
    let staff = Staff::open(&maker).await?;
    let mut towns = Vec::new();
    for index in 0..2 {
        let town = community(&maker, index, &staff).await?;
        decisions::make(&maker, &town, index).await?;
        fund::make(&maker, &town, &staff).await?;
        points::make(&maker, &town, &staff).await?;
        polls::make(&maker, &town, index).await?;
        timebank::make(&maker, &town, &staff).await?;
        budgets::make(&maker, &town, &staff, index).await?;
        consultation::make(&maker, &town, &staff, index).await?;
        towns.push(town);
    }
    if let [first, second] = towns.as_slice() {
        timebank::clear(&maker, (first, second), &staff).await?;
    }
    approvals::make(&maker, &staff).await?;
    lifecircle::make(&maker).await
}

/// A community while it is made.
pub(super) struct Town {
    pub(super) id: CommunityId,
    pub(super) committee: AccountId,
    pub(super) electors: Vec<ElectorUnit>,
    /// Owners with a login.
    pub(super) online: Vec<(OwnerId, AccountId)>,
}
impl Town {
    /// The login of the unit's only owner.
    pub(super) fn account_of(&self, unit: &ElectorUnit) -> Option<AccountId> {
        let mut online = self.online.iter();
        online
            .find(|(owner, _)| unit.owners == [*owner])
            .map(|(_, account)| *account)
    }
}

/// One community with its roll and who has a login there.
async fn community(maker: &Maker, index: usize, staff: &Staff) -> anyhow::Result<Town> {
    let number = u64::try_from(index)?;
    let seed = Randomness::from_number(2026 + number);
    let made = people::demo::community(&seed, index);
    let id = maker.community_id(number);
    let at = maker.days_ago(120);
    maker.say(&made.name);
    let create = CreateCommunity {
        name: made.name,
        place: made.place,
        address: made.address,
        is_demo: true,
    };
    maker.run(maker.system(id, at, 1), create).await?;
    let import = ImportRoll {
        units: made.units,
        residents: Some(made.residents),
        file_sha256: "0".repeat(64),
        is_confirmed: true,
    };
    maker.run(maker.system(id, at, 2), import).await?;
    staff.appoint(maker, id, at).await?;
    town(maker, id, index, staff).await
}

/// Reads who may vote, and gives some of the owners a login.
async fn town(maker: &Maker, id: CommunityId, index: usize, staff: &Staff) -> anyhow::Result<Town> {
    let electorate = maker
        .app()
        .database()
        .read(move |read| people::queries::electorate(read, id, UnitsCounted::default()))
        .await?;
    let electors: Vec<ElectorUnit> = electorate
        .units
        .into_iter()
        .filter(|unit| !unit.is_developers)
        .collect();
    let mut owners: Vec<OwnerId> = electors
        .iter()
        .filter(|unit| unit.owners.len() == 1)
        .flat_map(|unit| unit.owners.clone())
        .collect();
    owners.sort_unstable();
    owners.dedup();
    owners.truncate(OWNERS_ONLINE);
    let mut online = vec![];
    let mut free = owners.into_iter();
    for account in [staff.owner, staff.committee] {
        online.extend(free.next().map(|owner| (owner, account)));
    }
    let rest: Vec<OwnerId> = free.collect();
    online.extend(accounts::open_for_owners(maker, id, index, &rest).await?);
    let at = maker.days_ago(118);
    let links = (5000_u64..).zip(&online).map(|(number, (owner, account))| {
        let link = LinkAccount {
            person: PersonRef::Owner(*owner),
            account: *account,
            evidence: "身份证与不动产权证核验（演示）".to_owned(),
        };
        (maker.system(id, at, number), link)
    });
    maker.run_all("业主认证", links.collect()).await?;
    Ok(Town {
        id,
        committee: staff.committee,
        electors,
        online,
    })
}
