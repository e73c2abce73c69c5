//! What an actor may do to the roll. Each command requires its permission first and writes one entry last.

mod accounts;
mod correct_person;
mod correct_unit;
mod create_community;
mod end_residence;
mod erase_person;
mod export_roll;
mod import_roll;
mod read_personal_data;
mod transfer_unit;
mod upload_roll;
mod voice;

pub use accounts::{LinkAccount, UnlinkAccount};
pub use correct_person::CorrectPerson;
pub use correct_unit::CorrectUnit;
pub use create_community::CreateCommunity;
pub use end_residence::EndResidence;
pub use erase_person::ErasePerson;
pub use export_roll::{ExportRoll, SealedRoll};
pub use import_roll::ImportRoll;
pub use read_personal_data::{PersonField, ReadPersonalData};
pub use transfer_unit::{Buyer, TransferUnit};
pub use upload_roll::{ApplyUpload, UploadRoll};
pub(crate) use upload_roll::{KEPT_SECONDS, waiting};
pub use voice::{AppointVoice, EndVoice};

use db::Read;
use journal::Command;
use kernel::{Context, Permission};

use crate::model::{UnitId, normalised_name};
use crate::store::{self, UnitNow};
use crate::{Error, FieldFault};

/// Every command and the permission that it asks for first.
pub const COMMANDS: &[(&str, Permission)] = &[
    (CreateCommunity::NAME, crate::COMMUNITY_CREATE),
    (ImportRoll::NAME, crate::ROLL_IMPORT),
    (UploadRoll::NAME, crate::ROLL_IMPORT),
    (ApplyUpload::NAME, crate::ROLL_IMPORT),
    (ExportRoll::NAME, crate::PERSONAL_DATA_READ),
    (TransferUnit::NAME, crate::ROLL_CHANGE),
    (CorrectUnit::NAME, crate::ROLL_CHANGE),
    (EndResidence::NAME, crate::ROLL_CHANGE),
    (AppointVoice::NAME, crate::VOICE_APPOINT),
    (EndVoice::NAME, crate::VOICE_APPOINT),
    (LinkAccount::NAME, crate::ACCOUNT_LINK),
    (UnlinkAccount::NAME, crate::ACCOUNT_LINK),
    (ReadPersonalData::NAME, crate::PERSONAL_DATA_READ),
    (CorrectPerson::NAME, crate::ROLL_CHANGE),
    (ErasePerson::NAME, crate::PERSONAL_DATA_ERASE),
];

/// Signs that a name of a community or an address may have.
const NAME_MAX: usize = 200;
/// Signs that a reason, a consent or evidence may have.
const REASON_MAX: usize = 2_000;

/// A field's text without blanks around it, neither empty nor longer than `most` signs.
fn required_text(field: &'static str, text: &str, most: usize) -> Result<String, Error> {
    let plain = text.trim();
    if plain.is_empty() {
        return Err(Error::Field {
            field,
            reason: FieldFault::Blank,
        });
    }
    if plain.chars().count() > most {
        return Err(Error::Field {
            field,
            reason: FieldFault::TooLong(most),
        });
    }
    if plain.chars().any(|c| c == '\0') {
        return Err(Error::Field {
            field,
            reason: FieldFault::Malformed,
        });
    }
    Ok(plain.to_owned())
}

/// A name on one line.
fn required_name(field: &'static str, text: &str) -> Result<String, Error> {
    required_text(field, &normalised_name(text), NAME_MAX)
}

/// Why something is done, in the actor's words; they go into the entry's private part, for they may name people.
fn required_reason(field: &'static str, text: &str) -> Result<String, Error> {
    required_text(field, text, REASON_MAX)
}

fn existing_unit(read: &mut dyn Read, ctx: &Context, unit: UnitId) -> Result<UnitNow, Error> {
    store::unit_now(read, ctx.community, unit)?.ok_or(Error::NoSuchUnit { unit })
}

fn unit_subject(unit: UnitId) -> String {
    format!("unit/{unit}")
}
