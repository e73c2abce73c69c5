//! Who takes part: volunteers and their vetting, elders and their consent, relations that staff confirm.

use db::Tx;
use journal::{Change, Command, record};
use kernel::{AccountId, Context};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::hours::{check_age, law_today, post, stand_to, start};
use crate::Error;
use crate::law::Standing;
use crate::model::{
    ASSIST, Bond, ConfirmedAs, Consent, ElderId, ElderProfile, MANAGE, MAX_TEXT, RelationId,
    TAKE_PART, VolunteerProfile, check_text,
};
use crate::store::{self, Elder, Relation, actor};

/// Volunteers, or says anew what one can do; staff vet it then.
#[derive(Serialize, Deserialize)]
pub struct Enrol {
    /// What the volunteer says.
    pub profile: VolunteerProfile,
}

impl Command for Enrol {
    const NAME: &'static str = "timebank.volunteer.enrol";
    type Outcome = i64;
    type Error = Error;

    fn run(&self, tx: &mut dyn Tx, ctx: &Context) -> Result<i64, Error> {
        ctx.require(TAKE_PART)?;
        let account = actor(ctx)?;
        self.profile.check(ctx.now.date())?;
        let law = law_today(tx, ctx, Standing::Ordinary)?;
        check_age(self.profile.birth, ctx, law.volunteer_from_age, &law)?;
        for skill in &self.profile.skills {
            store::service(tx, ctx.community, *skill)?;
        }
        let number = store::put_volunteer(tx, ctx, account, &self.profile)?;
        let starting = start(tx, ctx, account.uuid(), &law)?;
        let posted = post(tx, ctx, &starting)?;
        let subject = format!("timebank-volunteer/{number}");
        let change = Change::new("timebank.volunteer.enrolled", subject)
            .public(json!({ "number": number, "book": posted.stamp }))
            .private(json!({ "profile": self.profile }));
        record(tx, ctx, change)?;
        Ok(number)
    }
}

/// Says whether a volunteer is fit to visit, after looking; nobody vets themselves.
#[derive(Serialize, Deserialize)]
pub struct VetVolunteer {
    /// Whom.
    pub account: AccountId,
    /// Whether they are.
    pub is_fit: bool,
    /// What was looked at.
    pub note: String,
}

impl Command for VetVolunteer {
    const NAME: &'static str = "timebank.volunteer.vet";
    type Outcome = ();
    type Error = Error;

    fn run(&self, tx: &mut dyn Tx, ctx: &Context) -> Result<(), Error> {
        ctx.require(ASSIST)?;
        check_text("note", &self.note, MAX_TEXT)?;
        if actor(ctx)? == self.account {
            return Err(Error::OwnVisit);
        }
        let found = store::volunteer(tx, ctx, self.account)?;
        let found = found.ok_or(Error::NotFound { what: "volunteer" })?;
        store::vet(tx, ctx, self.account, self.is_fit, &self.note)?;
        let subject = format!("timebank-volunteer/{}", found.number);
        let change = Change::new("timebank.volunteer.vetted", subject)
            .public(json!({ "is_fit": self.is_fit }))
            .private(json!({ "note": self.note.trim() }));
        record(tx, ctx, change)?;
        Ok(())
    }
}

/// Enrols an elder: oneself, or as staff somebody else with their consent on record. A person is enrolled once, by name and day
/// of birth; whoever took their consent back is enrolled again on the same record, so that their hours stay and nobody begins
/// twice.
#[derive(Serialize, Deserialize)]
pub struct EnrolElder {
    /// What whoever visits needs to know.
    pub profile: ElderProfile,
    /// How the elder agreed; [`Consent::Own`] for oneself.
    pub consent: Consent,
    /// What shows the consent of somebody else.
    pub evidence: String,
}

impl Command for EnrolElder {
    const NAME: &'static str = "timebank.elder.enrol";
    type Outcome = ElderId;
    type Error = Error;

    fn run(&self, tx: &mut dyn Tx, ctx: &Context) -> Result<ElderId, Error> {
        ctx.require(TAKE_PART)?;
        let account = actor(ctx)?;
        self.profile.check(ctx.now.date())?;
        let is_own = self.consent == Consent::Own;
        if !is_own {
            ctx.require(ASSIST)?;
            check_text("evidence", &self.evidence, MAX_TEXT)?;
        }
        let law = law_today(tx, ctx, Standing::Ordinary)?;
        let elder = self.put(tx, ctx, is_own.then_some(account))?;
        let starting = start(tx, ctx, elder.holder(), &law)?;
        let posted = post(tx, ctx, &starting)?;
        let change = Change::new("timebank.elder.enrolled", subject(elder.id))
            .public(json!({ "consent": self.consent, "book": posted.stamp }))
            .private(json!({ "profile": self.profile, "evidence": self.evidence.trim() }));
        record(tx, ctx, change)?;
        Ok(elder.id)
    }
}

impl EnrolElder {
    /// Writes a new elder, or the new consent of one who had taken it back.
    fn put(
        &self,
        tx: &mut dyn Tx,
        ctx: &Context,
        account: Option<AccountId>,
    ) -> Result<Elder, Error> {
        let evidence = (self.consent != Consent::Own).then_some(self.evidence.as_str());
        let known = match account {
            Some(account) => store::elder_of_account(tx, ctx, account)?,
            None => store::elder_like(tx, ctx, &self.profile)?,
        };
        let Some(known) = known else {
            if store::elder_like(tx, ctx, &self.profile)?.is_some() {
                return Err(Error::Enrolled);
            }
            let elder = Elder {
                id: ElderId::from_uuid(ctx.new_uuid()),
                account,
                profile: self.profile.clone(),
                consent: self.consent,
                withdrawn_at: None,
                is_hardship: false,
                entitled_at: None,
            };
            store::insert_elder(tx, ctx, &elder, evidence)?;
            return Ok(elder);
        };
        if known.withdrawn_at.is_none() {
            return Err(Error::Enrolled);
        }
        let elder = Elder {
            profile: self.profile.clone(),
            consent: self.consent,
            withdrawn_at: None,
            ..known
        };
        store::renew_consent(tx, ctx, &elder, evidence)?;
        Ok(elder)
    }
}

/// Takes the elder's consent back: nobody asks on their behalf from now on.
#[derive(Serialize, Deserialize)]
pub struct WithdrawConsent {
    /// Whose.
    pub elder: ElderId,
}

impl Command for WithdrawConsent {
    const NAME: &'static str = "timebank.consent.withdraw";
    type Outcome = ();
    type Error = Error;

    fn run(&self, tx: &mut dyn Tx, ctx: &Context) -> Result<(), Error> {
        ctx.require(TAKE_PART)?;
        let elder = store::elder(tx, ctx, self.elder)?;
        if stand_to(tx, ctx, &elder)? == ConfirmedAs::Family {
            return Err(Error::NotForYou);
        }
        if store::withdraw(tx, ctx, self.elder)? == 0 {
            return Err(Error::NotOpen { what: "consent" });
        }
        let change = Change::new("timebank.consent.withdrawn", subject(self.elder));
        record(tx, ctx, change)?;
        Ok(())
    }
}

/// Finds that the pool pays for an elder: those who live alone, in hardship or of high age, as the scheme says.
#[derive(Serialize, Deserialize)]
pub struct EntitleElder {
    /// Whom.
    pub elder: ElderId,
    /// Whether they are in hardship.
    pub is_hardship: bool,
}

impl Command for EntitleElder {
    const NAME: &'static str = "timebank.elder.entitle";
    type Outcome = ();
    type Error = Error;

    fn run(&self, tx: &mut dyn Tx, ctx: &Context) -> Result<(), Error> {
        ctx.require(MANAGE)?;
        let elder = store::elder(tx, ctx, self.elder)?;
        if elder.account.is_some() && elder.account == ctx.actor.account_id() {
            return Err(Error::OwnVisit);
        }
        let standing = if self.is_hardship {
            Standing::Hardship
        } else {
            Standing::Ordinary
        };
        let law = law_today(tx, ctx, standing)?;
        check_age(elder.profile.birth, ctx, law.pool_from_age, &law)?;
        store::entitle(tx, ctx, self.elder, self.is_hardship)?;
        let change = Change::new("timebank.elder.entitled", subject(self.elder))
            .private(json!({ "is_hardship": self.is_hardship }));
        record(tx, ctx, change)?;
        Ok(())
    }
}

/// Confirms that somebody is an elder's family, by papers that staff saw. They are named by their volunteer's number.
#[derive(Serialize, Deserialize)]
pub struct ConfirmRelation {
    /// Whose family.
    pub elder: ElderId,
    /// Who.
    pub number: i64,
    /// How.
    pub bond: Bond,
    /// What was seen.
    pub evidence: String,
}

impl Command for ConfirmRelation {
    const NAME: &'static str = "timebank.relation.confirm";
    type Outcome = RelationId;
    type Error = Error;

    fn run(&self, tx: &mut dyn Tx, ctx: &Context) -> Result<RelationId, Error> {
        ctx.require(ASSIST)?;
        check_text("evidence", &self.evidence, MAX_TEXT)?;
        let elder = store::elder(tx, ctx, self.elder)?;
        let found = store::volunteer_of_number(tx, ctx, self.number)?;
        if found.account == actor(ctx)? || elder.account == Some(found.account) {
            return Err(Error::OwnVisit);
        }
        let known = store::relations_of(tx, ctx.community, found.account)?;
        if known.iter().any(|one| one.elder == elder.id) {
            return Err(Error::Taken);
        }
        let relation = Relation {
            elder: elder.id,
            account: found.account,
            bond: self.bond,
        };
        let id = RelationId::from_uuid(ctx.new_uuid());
        store::insert_relation(tx, ctx, id, relation, &self.evidence)?;
        let change = Change::new("timebank.relation.confirmed", subject(elder.id)).private(json!({
            "number": self.number, "bond": self.bond, "evidence": self.evidence.trim(),
        }));
        record(tx, ctx, change)?;
        Ok(id)
    }
}

fn subject(id: ElderId) -> String {
    format!("timebank-elder/{id}")
}
