//! What people write on forms, and what is refused at the door.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::{
    Display, MAX_FEN, MAX_FILE_MB, MAX_REFERENCE, MAX_TEXT, MAX_TITLE, MAX_TRANCHES, Means, Purse,
    Standing, VoucherKind, WHOLE_SHARE, check_amount, check_length, check_text,
};
use crate::Error;

/// What a fund is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CharterTerms {
    /// What it is called.
    pub name: String,
    /// What it is before the law.
    pub standing: Standing,
    /// How one gives: the bank account, where cash is taken.
    pub how: String,
    /// The operation fund's share of a surplus, in hundredths of a per cent.
    pub surplus_share: Option<i64>,
    /// The resolution or agreement that set it.
    pub surplus_ground: String,
    /// Income of the year before the book began, in fen.
    pub prior_income: i64,
    /// Net assets at the end of that year, in fen.
    pub prior_net: i64,
}

impl CharterTerms {
    /// Refuses blank or overlong texts and numbers out of range.
    pub fn check(&self) -> Result<(), Error> {
        check_text("name", &self.name, MAX_TITLE)?;
        check_text("how", &self.how, MAX_TEXT)?;
        if let Some(share) = self.surplus_share {
            if !(1..=WHOLE_SHARE).contains(&share) {
                let (field, max) = ("surplus_share", WHOLE_SHARE);
                return Err(Error::OutOfRange { field, max });
            }
            check_text("surplus_ground", &self.surplus_ground, MAX_TITLE)?;
        }
        check_length("surplus_ground", &self.surplus_ground, MAX_TITLE)?;
        let prior = [
            ("prior_income", self.prior_income),
            ("prior_net", self.prior_net),
        ];
        for (field, amount) in prior {
            if !(0..=MAX_FEN).contains(&amount) {
                let max = MAX_FEN / 100;
                return Err(Error::OutOfRange { field, max });
            }
        }
        Ok(())
    }
}

/// A purpose that money can be given for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PurposeTerms {
    /// What it is called.
    pub title: String,
    /// What it pays.
    pub about: String,
}

impl PurposeTerms {
    /// Refuses blank or overlong texts.
    pub fn check(&self) -> Result<(), Error> {
        check_text("title", &self.title, MAX_TITLE)?;
        check_text("about", &self.about, MAX_TEXT)
    }
}

/// A file that shows something.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Evidence {
    /// Its name.
    pub name: String,
    /// Its media type.
    pub media_type: String,
    /// Its content.
    pub content: Vec<u8>,
}

impl Evidence {
    /// Refuses files of another kind than they say, and those that are too large.
    pub fn check(&self) -> Result<(), Error> {
        check_text("file", &self.name, 200)?;
        let is_small = self.content.len() <= MAX_FILE_MB * 1024 * 1024;
        let is_fit = documents::media::is_taken(&self.media_type)
            && documents::media::fits(&self.media_type, &self.content);
        if is_small && is_fit && !self.content.is_empty() {
            Ok(())
        } else {
            let max_mb = MAX_FILE_MB;
            Err(Error::UnfitFile { max_mb })
        }
    }
}

/// Who gave.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DonorTerms {
    /// Their name.
    pub name: String,
    /// How they are shown.
    pub display: Display,
}

impl DonorTerms {
    /// Refuses a name that is blank or too long.
    pub fn check(&self) -> Result<(), Error> {
        check_text("donor", &self.name, MAX_TITLE)
    }
}

/// What a treasurer records.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct VoucherTerms {
    /// What it tells.
    pub kind: VoucherKind,
    /// Whose money: where it comes to, or goes from.
    pub purse: Purse,
    /// What for, where general money is set aside.
    pub target: Option<Purse>,
    /// How much, in fen; of a surplus the whole of it, of which the fund gets its share.
    pub amount: i64,
    /// How it came or went.
    pub means: Means,
    /// The line of the bank statement or the number of the cash slip.
    pub reference: String,
    /// The day on which it came or went.
    pub day: Date,
    /// What it was, for everybody to read.
    pub what: String,
    /// Who gave; for donations only.
    pub donor: Option<DonorTerms>,
    /// The code of the announcement that it belongs to.
    pub gift_code: Option<String>,
}

impl VoucherTerms {
    /// Refuses what can't be, on a day.
    pub fn check(&self, today: Date) -> Result<(), Error> {
        check_amount("amount", self.amount)?;
        check_text("what", &self.what, MAX_TEXT)?;
        check_text("reference", &self.reference, MAX_REFERENCE)?;
        let long_ago = Date::new(2000, 1, 1).unwrap_or(Date::MIN);
        if self.day > today || self.day < long_ago {
            return Err(Error::ImpossibleDay { field: "day" });
        }
        let is_within = self.kind == VoucherKind::SetAside;
        if is_within != (self.means == Means::Within) {
            return Err(Error::NoSuchChoice { field: "means" });
        }
        if is_within != self.target.is_some() {
            return Err(Error::NoSuchChoice { field: "target" });
        }
        match (self.kind, &self.donor, &self.gift_code) {
            (VoucherKind::Donation, Some(donor), None) => donor.check(),
            (VoucherKind::Donation, None, Some(code)) => check_text("gift_code", code, MAX_TITLE),
            (VoucherKind::Donation, ..) => Err(Error::Blank { field: "donor" }),
            (_, None, None) => Ok(()),
            _ => Err(Error::NoSuchChoice { field: "donor" }),
        }
    }
}

/// A part of a grant.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TrancheTerms {
    /// What it pays, and what must be shown for it.
    pub title: String,
    /// How much, in fen.
    pub amount: i64,
}

/// What a resident applies for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GrantTerms {
    /// The project, in a line.
    pub title: String,
    /// What is done, for whom, until when.
    pub plan: String,
    /// Who does it, as everybody may read.
    pub who: String,
    /// From which money.
    pub purse: Purse,
    /// The parts in which it is paid.
    pub tranches: Vec<TrancheTerms>,
}

impl GrantTerms {
    /// Refuses blank or overlong texts, no or too many tranches, and amounts out of range; gives the sum in fen.
    pub fn check(&self) -> Result<i64, Error> {
        check_text("title", &self.title, MAX_TITLE)?;
        check_text("plan", &self.plan, MAX_TEXT)?;
        check_text("who", &self.who, MAX_TITLE)?;
        if self.tranches.is_empty() {
            return Err(Error::Blank { field: "tranches" });
        }
        if self.tranches.len() > MAX_TRANCHES {
            let (field, max) = ("tranches", i64::try_from(MAX_TRANCHES).unwrap_or(i64::MAX));
            return Err(Error::OutOfRange { field, max });
        }
        let mut sum = 0_i64;
        for tranche in &self.tranches {
            check_text("tranches", &tranche.title, MAX_TITLE)?;
            check_amount("tranches", tranche.amount)?;
            sum = sum.saturating_add(tranche.amount);
        }
        check_amount("tranches", sum)?;
        Ok(sum)
    }
}
