//! What an actor may see of a committee's election.

use db::Read;
use kernel::{Context, Timestamp};

use crate::Error;
use crate::law::{self, CandidateRules};
use crate::model::{CandidateId, DRAFT, ElectionPlan, ElectionTerms, READ, ResolutionId, Stage};
use crate::store::{self, Candidate, Resolution};

/// An election with those who stand.
pub struct ElectionView {
    /// The resolution.
    pub resolution: Resolution,
    /// Where it stands.
    pub stage: Stage,
    /// What it fills; none where it was not planned.
    pub plan: Option<ElectionPlan>,
    /// What the law asks of candidates here.
    pub rules: CandidateRules,
    /// Everyone who was named, in order.
    pub candidates: Vec<Candidate>,
    /// Which of them is the actor.
    pub own: Option<CandidateId>,
}

/// An election, for everyone once it is open to nominations; before that for drafters.
pub fn election(
    read: &mut dyn Read,
    ctx: &Context,
    id: ResolutionId,
) -> Result<ElectionView, Error> {
    ctx.require(READ)?;
    let resolution = store::resolution(read, ctx.community, id)?;
    let plan = store::election(read, ctx.community, id)?;
    if plan.is_none() && !ctx.may(DRAFT) {
        return Err(Error::NoSuchResolution);
    }
    let place = people::queries::community(read, ctx.community)?.place;
    let candidates = store::candidates(read, ctx.community, id)?;
    let mine = match ctx.actor.account_id() {
        Some(account) => people::queries::owners_of_account(read, ctx.community, account)?,
        None => Vec::new(),
    };
    let own = candidates
        .iter()
        .find(|one| one.withdrawal.is_none() && mine.contains(&one.owner))
        .map(|one| one.id);
    Ok(ElectionView {
        stage: resolution.progress().stage(ctx.now),
        rules: law::candidates(&place, ctx.now.date())?,
        resolution,
        plan,
        candidates,
        own,
    })
}

/// The elections for which names are taken now, with their titles and the end of nominations: for everyone to find.
pub fn open_nominations(
    read: &mut dyn Read,
    ctx: &Context,
) -> Result<Vec<(ResolutionId, String, Timestamp)>, Error> {
    ctx.require(READ)?;
    Ok(store::open_nominations(read, ctx.community, ctx.now)?)
}

/// Those on the ballot, by their numbers.
pub(super) fn numbered(
    read: &mut dyn Read,
    ctx: &Context,
    resolution: &Resolution,
) -> Result<Vec<(u32, Candidate)>, Error> {
    let publication = resolution.publication.as_ref();
    let Some(terms) = publication.and_then(|publication| publication.terms.election.as_ref())
    else {
        return Ok(Vec::new());
    };
    let mut all = store::candidates(read, ctx.community, resolution.id)?;
    let mut numbered = Vec::new();
    for (number, id) in terms.numbers() {
        if let Some(place) = all.iter().position(|one| one.id == id) {
            numbered.push((number, all.swap_remove(place)));
        }
    }
    Ok(numbered)
}

impl ElectionView {
    /// Those on the ballot, by their numbers; empty before publication.
    pub fn on_ballot(&self) -> Vec<(u32, &Candidate)> {
        let publication = self.resolution.publication.as_ref();
        let terms = publication.and_then(|publication| publication.terms.election.as_ref());
        let numbers = terms.into_iter().flat_map(ElectionTerms::numbers);
        numbers
            .filter_map(|(number, id)| {
                let found = self.candidates.iter().find(|one| one.id == id)?;
                Some((number, found))
            })
            .collect()
    }
}
