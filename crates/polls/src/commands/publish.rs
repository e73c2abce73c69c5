//! Publication: the electors freeze, and the poll gets its key.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use credential::Issuer;
use db::{Read, Tx};
use journal::{Change, Command, record};
use kernel::Context;
use people::model::{UnitUse, UnitsCounted};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{at_stage, subject};
use crate::Error;
use crate::model::{DRAFT, Draft, ElectorId, Entitled, PollId, Stage};
use crate::store::{self, Elector, Publication};

/// What the vault seals a poll's key for.
pub(crate) const KEY_PURPOSE: &str = "polls.key";

/// Publishes a draft: freezes who may vote and keeps the poll's key, sealed.
#[derive(Serialize, Deserialize)]
pub struct PublishPoll {
    /// The poll.
    pub poll: PollId,
    /// A new key for this poll alone, in PKCS#8. Made by the caller, because it takes up to seconds.
    pub key: Vec<u8>,
}

impl Command for PublishPoll {
    const NAME: &'static str = "polls.poll.publish";
    type Outcome = u32;
    type Error = Error;

    fn run(&self, tx: &mut dyn Tx, ctx: &Context) -> Result<u32, Error> {
        ctx.require(DRAFT)?;
        let needed = "the stage before publication";
        let poll = at_stage(tx, ctx, self.poll, &[Stage::Draft], needed)?;
        if poll.draft.window.closes <= ctx.now {
            return Err(Error::WindowReversed);
        }
        let public = Issuer::from_der(&self.key)?.public();
        let (electors, left_out) = entitled(tx, ctx, &poll.draft)?;
        if electors.is_empty() {
            return Err(Error::NoElectors);
        }
        let publication = Publication {
            published_at: ctx.now,
            electors: count(electors.len()),
            left_out,
            public_key: public.der().to_vec(),
        };
        let sealed = ctx
            .vault
            .seal(
                &ctx.random,
                ctx.community,
                KEY_PURPOSE,
                &STANDARD.encode(&self.key),
            )
            .map_err(|_| Error::Sealed)?;
        store::insert_publication(tx, ctx, self.poll, &publication, sealed)?;
        store::insert_electors(tx, ctx.community, self.poll, &electors)?;
        let change = Change::new("polls.poll.published", subject(self.poll)).public(json!({
            "draft": poll.draft,
            "electors": publication.electors,
            "left_out": left_out,
            "public_key": STANDARD.encode(public.der()),
        }));
        record(tx, ctx, change)?;
        Ok(publication.electors)
    }
}

/// Who may vote by the roll as it stands, and how many residents are left out because the roll doesn't know their year of
/// birth.
fn entitled(
    read: &mut dyn Read,
    ctx: &Context,
    draft: &Draft,
) -> Result<(Vec<Elector>, u32), Error> {
    let lives_there = |building: &str| draft.building.is_empty() || draft.building == building;
    match draft.entitled {
        Entitled::Households => {
            let roll = people::queries::electorate(read, ctx.community, UnitsCounted::default())?;
            let homes = roll.units.into_iter().filter(|unit| {
                unit.unit_use == UnitUse::Residential && lives_there(&unit.label.building)
            });
            let electors = homes.map(|unit| Elector {
                id: ElectorId::from_uuid(unit.unit.uuid()),
                unit: unit.unit,
                building: unit.label.building,
                label: unit.label.number,
                age_band: String::new(),
                channel: None,
            });
            Ok((electors.collect(), 0))
        }
        Entitled::Residents => {
            let year = i32::from(ctx.now.date().year());
            let mut left_out = 0;
            let mut electors = Vec::new();
            for one in people::queries::residences(read, ctx.community)? {
                match one.birth_year {
                    _ if !lives_there(&one.label.building) => {}
                    None => left_out += 1,
                    Some(born) if year - i32::from(born) < i32::from(draft.min_age) => {}
                    Some(born) => electors.push(Elector {
                        id: ElectorId::from_uuid(one.resident.uuid()),
                        unit: one.unit,
                        building: one.label.building,
                        label: one.label.number,
                        age_band: age_band(year - i32::from(born)).to_owned(),
                        channel: None,
                    }),
                }
            }
            Ok((electors, left_out))
        }
    }
}

fn count(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

/// Age bands of turnout: wide enough that few stand alone in one.
fn age_band(age: i32) -> &'static str {
    match age {
        ..30 => "-29",
        30..45 => "30-44",
        45..60 => "45-59",
        _ => "60-",
    }
}
