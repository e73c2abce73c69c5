//! A volunteer's record of service, as a certificate that stands in the journal: whoever records, certifies.

use db::{Read, Tx};
use jiff::civil::Date;
use journal::{Change, Command, record};
use kernel::{AccountId, Context};
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::Error;
use crate::model::TAKE_PART;
use crate::store::{self, actor};

/// What a certificate says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Certificate {
    /// The volunteer's name.
    pub name: String,
    /// Their number here, which stands for the number of their identity card.
    pub number: i64,
    /// Which community recorded the service and certifies it.
    pub community: String,
    /// Every service, oldest first.
    pub services: Vec<Served>,
    /// All minutes together.
    pub minutes: i64,
}

/// A service that was confirmed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Served {
    /// The day, as `2026-11-23`.
    pub day: String,
    /// What was done.
    pub service: String,
    /// How long, as confirmed.
    pub minutes: i64,
}

/// Issues oneself a certificate of every service that was confirmed between two days; free, as often as one likes.
#[derive(Serialize, Deserialize)]
pub struct IssueCertificate {
    /// The first day; all from the beginning where none is given.
    pub from: Option<String>,
    /// The last day; up to now where none is given.
    pub until: Option<String>,
}

impl Command for IssueCertificate {
    const NAME: &'static str = "timebank.certificate.issue";
    /// Where the certificate stands in the journal.
    type Outcome = u64;
    type Error = Error;

    fn run(&self, tx: &mut dyn Tx, ctx: &Context) -> Result<u64, Error> {
        ctx.require(TAKE_PART)?;
        let account = actor(ctx)?;
        let (from, until) = (day(self.from.as_deref())?, day(self.until.as_deref())?);
        let certificate = certificate(tx, ctx, account, (from, until))?;
        let change = Change::new(CERTIFIED, subject(certificate.number))
            .public(json!({ "number": certificate.number, "services": certificate.services.len() }))
            .private(json!(certificate));
        Ok(record(tx, ctx, change)?.position)
    }
}

/// The kind of a certificate's entry.
pub(crate) const CERTIFIED: &str = "timebank.certificate.issued";

/// What was certified to a volunteer stands under their number.
pub(crate) fn subject(number: i64) -> String {
    format!("timebank-certificate/{number}")
}

fn day(text: Option<&str>) -> Result<Option<Date>, Error> {
    let text = text.map(str::trim).filter(|text| !text.is_empty());
    let day = text.map(str::parse).transpose();
    day.map_err(|_| Error::ImpossibleTimes)
}

fn certificate(
    read: &mut dyn Read,
    ctx: &Context,
    account: AccountId,
    (from, until): (Option<Date>, Option<Date>),
) -> Result<Certificate, Error> {
    let volunteer = store::volunteer(read, ctx, account)?;
    let volunteer = volunteer.ok_or(Error::NotFound { what: "volunteer" })?;
    let mut services = Vec::new();
    for visit in store::visits_of(read, ctx.community, account)? {
        let (Some(came), Some(minutes)) = (visit.came_at, visit.credited) else {
            continue;
        };
        let date = came.date();
        let is_asked =
            from.is_none_or(|from| date >= from) && until.is_none_or(|until| date <= until);
        if minutes == 0 || !is_asked {
            continue;
        }
        let request = store::request(read, ctx.community, visit.request)?;
        let service = store::service(read, ctx.community, request.service)?;
        services.push(Served {
            day: date.to_string(),
            service: service.title,
            minutes,
        });
    }
    if services.is_empty() {
        return Err(Error::NotFound { what: "service" });
    }
    services.sort_by(|one, other| one.day.cmp(&other.day));
    Ok(Certificate {
        name: volunteer.profile.name,
        number: volunteer.number,
        community: people::queries::community(read, ctx.community)?.name,
        minutes: services.iter().map(|one| one.minutes).sum(),
        services,
    })
}
