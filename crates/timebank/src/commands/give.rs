//! Hours to spouse and relatives as the scheme allows, and to the pool.

use book::chart;
use db::Tx;
use journal::{Change, Command, record};
use kernel::{AccountId, Context, Uuid};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::hours::{balance, cited, is_roll_family, law_today, member, pool, post, transfer};
use crate::Error;
use crate::law::{Law, Standing};
use crate::model::{Bond, ElderId, GiftId, GiftKind, MAX_GIFT, TAKE_PART, check_number};
use crate::store::{self, COMMUNITY_ITSELF, actor};

/// Who is given hours.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Receiver {
    /// Somebody of one's own family with a login, as the roll knows it.
    Account(AccountId),
    /// An elder: family as the roll knows it, or as staff confirmed.
    Elder(ElderId),
}

/// Gives hours to family.
#[derive(Serialize, Deserialize)]
pub struct GiveHours {
    /// To whom.
    pub to: Receiver,
    /// How many minutes.
    pub minutes: i64,
}

impl Command for GiveHours {
    const NAME: &'static str = "timebank.hours.give";
    type Outcome = ();
    type Error = Error;

    fn run(&self, tx: &mut dyn Tx, ctx: &Context) -> Result<(), Error> {
        ctx.require(TAKE_PART)?;
        let giver = actor(ctx)?.uuid();
        check_number("minutes", self.minutes, MAX_GIFT)?;
        let law = law_today(tx, ctx, Standing::Ordinary)?;
        let receiver = self.to.family(tx, ctx, &law)?;
        if let Some(cap) = law.cap_minutes
            && balance(tx, ctx, receiver)?.saturating_add(self.minutes) > cap
        {
            return Err(Error::AboveCap { cap });
        }
        let id = GiftId::from_uuid(ctx.new_uuid());
        store::insert_gift(tx, ctx, id, GiftKind::Gift, (giver, receiver), self.minutes)?;
        let ends = (member(tx, ctx, giver)?, member(tx, ctx, receiver)?);
        let gift = transfer(id.uuid(), chart::HOURS_PAY, ends, self.minutes);
        let posted = post(tx, ctx, &[gift])?;
        let change = Change::new("timebank.hours.given", "timebank")
            .public(json!({ "book": posted.stamp }))
            .private(json!({ "to": self.to, "minutes": self.minutes }));
        record(tx, ctx, change)?;
        Ok(())
    }
}

impl Receiver {
    /// Whose account it is, if they are family in the scheme's sense. The roll tells family, not how: it is enough where
    /// the scheme allows both spouse and direct relatives.
    fn family(self, tx: &mut dyn Tx, ctx: &Context, law: &Law) -> Result<Uuid, Error> {
        let roll_is_enough = [Bond::Spouse, Bond::Direct]
            .iter()
            .all(|bond| law.gift_to.contains(bond));
        let (receiver, is_family) = match self {
            Self::Account(account) => {
                let family = people::queries::own_family(tx, ctx)?;
                let is_family = family.iter().any(|one| one.account == account);
                (account.uuid(), roll_is_enough && is_family)
            }
            Self::Elder(id) => {
                let elder = store::elder(tx, ctx, id)?;
                let relations = store::relations_of(tx, ctx.community, actor(ctx)?)?;
                let is_related = relations
                    .iter()
                    .any(|one| one.elder == id && law.gift_to.contains(&one.bond));
                let is_roll = roll_is_enough && is_roll_family(tx, ctx, &elder)?;
                (elder.holder(), is_related || is_roll)
            }
        };
        if is_family {
            return Ok(receiver);
        }
        let allowed: Vec<&str> = law.gift_to.iter().map(|bond| bond.name()).collect();
        Err(Error::NotFamily {
            allowed: allowed.join(", "),
            citation: cited(law),
        })
    }
}

/// Gives hours to the pool, for those who need them most.
#[derive(Serialize, Deserialize)]
pub struct DonateHours {
    /// How many minutes.
    pub minutes: i64,
}

impl Command for DonateHours {
    const NAME: &'static str = "timebank.hours.donate";
    type Outcome = ();
    type Error = Error;

    fn run(&self, tx: &mut dyn Tx, ctx: &Context) -> Result<(), Error> {
        ctx.require(TAKE_PART)?;
        let giver = actor(ctx)?.uuid();
        check_number("minutes", self.minutes, MAX_GIFT)?;
        let id = GiftId::from_uuid(ctx.new_uuid());
        let parties = (giver, COMMUNITY_ITSELF);
        store::insert_gift(tx, ctx, id, GiftKind::Donation, parties, self.minutes)?;
        let ends = (member(tx, ctx, giver)?, pool(tx, ctx)?);
        let gift = transfer(id.uuid(), chart::HOURS_DONATE, ends, self.minutes);
        let posted = post(tx, ctx, &[gift])?;
        let change = Change::new("timebank.hours.donated", "timebank")
            .public(json!({ "minutes": self.minutes, "book": posted.stamp }));
        record(tx, ctx, change)?;
        Ok(())
    }
}
