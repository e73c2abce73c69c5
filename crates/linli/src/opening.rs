//! Opening a database together with the keys that its record belongs to. What exists is never replaced by something new:
//! a mistyped path is an error, not an empty database, and a missing key file not a fresh one.

use anyhow::{Context as _, bail};
use db::{Database, Options};
use journal::SignedBy;
use kernel::{CommunityId, Randomness, Vault};

use crate::compose::{migrations, modules, system_clock};
use crate::config::Config;
use crate::keys::Keys;

/// A database and its keys, which fit.
pub(crate) struct Opened {
    /// The database.
    pub database: Database,
    /// The keys its record belongs to.
    pub keys: Keys,
    /// The keys of its personal data.
    pub vault: Vault,
}

impl Opened {
    /// For those who start an installation: makes the database and its tables where they are missing, and keys where
    /// nothing was recorded yet.
    pub(crate) fn or_made(config: &Config) -> anyhow::Result<Self> {
        up_to_date(config, database(config, false)?, Missing::Make)
    }

    /// For those who change one that is there: brings its tables up to date.
    pub(crate) fn existing(config: &Config) -> anyhow::Result<Self> {
        up_to_date(config, existing_database(config)?, Missing::Refuse)
    }

    /// For those who only look: changes nothing.
    pub(crate) fn as_it_stands(config: &Config) -> anyhow::Result<Self> {
        let database = existing_database(config)?;
        if !database.pending(&migrations(&modules()))?.is_empty() {
            bail!(
                "the tables in {} are of an earlier version of Linli; bring them up to date with `linli migrate`",
                shown(config)
            );
        }
        let keys = kept_keys(config, &database)?;
        Self::of(config, database, keys)
    }

    /// A database with these keys, if they are its.
    pub(crate) fn of(config: &Config, database: Database, keys: Keys) -> anyhow::Result<Self> {
        let (vault, key) = (keys.vault()?, keys.signer()?.verifying_key());
        let of_check = vault.clone();
        database
            .read_blocking(move |read| journal::check_keys(read, &of_check, &key))
            .with_context(|| not_its_keys(config))?;
        Ok(Self {
            database,
            keys,
            vault,
        })
    }
}

/// What to do where the key file is missing and nothing was recorded yet.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Missing {
    Make,
    Refuse,
}

/// The database of a configuration, made if it may be.
pub(crate) fn database(config: &Config, must_exist: bool) -> anyhow::Result<Database> {
    let options = Options {
        // Two processes that meet at a journal's or a book's end try again instead of failing.
        contended_tables: &["journal_entry", "book_record"],
        must_exist,
        ..Options::default()
    };
    Database::open(&config.database, options).context("can't open the database")
}

/// The database of a configuration, with tables of Linli in it.
pub(crate) fn existing_database(config: &Config) -> anyhow::Result<Database> {
    let database = database(config, true)?;
    if !database.is_migrated()? {
        bail!(
            "{} has none of Linli's tables; check the address (`linli migrate` makes them)",
            shown(config)
        );
    }
    Ok(database)
}

/// The keys of a database's record.
pub(crate) fn kept_keys(config: &Config, database: &Database) -> anyhow::Result<Keys> {
    if let Some(keys) = Keys::read(&config.keys)? {
        return Ok(keys);
    }
    let by = match database.read_blocking(journal::signed_by)? {
        SignedBy::Key(key) => format!("its record is signed by {key}"),
        SignedBy::Nobody | SignedBy::Unknown => "it has keys of its own".to_owned(),
    };
    bail!(
        "there is no key file {}, and {} can't do without: {by}; name its key file with --keys",
        config.keys.display(),
        shown(config)
    )
}

fn up_to_date(config: &Config, database: Database, missing: Missing) -> anyhow::Result<Opened> {
    database
        .migrate(&migrations(&modules()))
        .context("can't bring the tables up to date")?;
    let is_new = database.read_blocking(journal::signed_by)? == SignedBy::Nobody;
    let keys = match Keys::read(&config.keys)? {
        Some(keys) => keys,
        None if is_new && missing == Missing::Make => Keys::make(&config.keys)?,
        None => kept_keys(config, &database)?,
    };
    let (vault, key) = (keys.vault()?, keys.signer()?.verifying_key());
    let mut seed = [0; 32];
    getrandom::fill(&mut seed).context("the system gives no randomness")?;
    let random = Randomness::from_seed(seed);
    database
        .write_blocking(CommunityId::CITY, move |tx| {
            journal::mark_keys(tx, &vault, &random, &key, system_clock())
        })
        .with_context(|| not_its_keys(config))?;
    // Once more, as another process may have marked it first.
    Opened::of(config, database, keys)
}

fn not_its_keys(config: &Config) -> String {
    format!(
        "the key file {} is not that of {}; name its own with --keys",
        config.keys.display(),
        shown(config)
    )
}

/// The database's address without its password.
pub(crate) fn shown(config: &Config) -> String {
    db::shown_address(&config.database)
}
