//! `linli admin backup` and `linli admin restore`: copies that are proved before anybody relies on them.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};
use db::Engine;
use kernel::CommunityId;

use crate::compose::{migrations, modules};
use crate::config::{Config, Store, Web};
use crate::opening::{Opened, existing_database, kept_keys};
use crate::out;

/// Copies a database to a new file while it is in use, and proves the copy where its keys are at hand.
pub(crate) fn backup(to: &Path, store: &Store) -> anyhow::Result<()> {
    let config = Config::decide(store, &Web::default())?;
    let database = existing_database(&config)?;
    if database.engine() == Engine::Postgres {
        bail!(
            "PostgreSQL has its own tools: pg_dump --format=custom --file={} DATABASE",
            to.display()
        );
    }
    if to.exists() {
        bail!("{} exists already; a backup never overwrites", to.display());
    }
    database.backup(to)?;
    let (to, keys) = (to.display(), config.keys.display());
    match with_keys(&config, &format!("sqlite:{to}")) {
        Ok(copy) => {
            prove(&copy).with_context(|| format!("the copy {to} was made, but is not sound"))?;
            let key = copy.keys.signer()?.verifying_key();
            copy.database.close();
            out::line(format!(
                "backup in {to}; its record holds. Keep the key file {keys} with it, but elsewhere: it is that of {key}"
            ))
        }
        // The copy is as good as the database; only nobody has proved it.
        Err(error) => out::line(format!(
            "backup in {to}; not proved, for {error:#}. Keep the right key file with it, but elsewhere"
        )),
    }
}

/// Another database than the configured one, under the configured keys.
fn with_keys(config: &Config, database: &str) -> anyhow::Result<Opened> {
    let config = Config {
        database: database.to_owned(),
        ..config.clone()
    };
    let database = existing_database(&config)?;
    let keys = kept_keys(&config, &database)?;
    Opened::of(&config, database, keys)
}

/// Puts a backup in the place of a database that does not exist yet: copies it beside that place, brings the copy up to
/// date, proves it, and only then gives it its name. The backup stays as it is.
pub(crate) fn restore(from: &Path, store: &Store) -> anyhow::Result<()> {
    let config = Config::decide(store, &Web::default())?;
    let path = config
        .database
        .strip_prefix("sqlite:")
        .map(|path| path.strip_prefix("//").unwrap_or(path))
        .context("restore works on sqlite:PATH; for PostgreSQL use pg_restore")?;
    let path = PathBuf::from(path);
    if path.exists() {
        bail!("{} exists already; move it away first", path.display());
    }
    if !from.exists() {
        bail!("there is no backup at {}; check the path", from.display());
    }
    let beside = PathBuf::from(format!("{}.restoring", path.display()));
    if beside.exists() {
        bail!(
            "{} is left from another restore; remove it if none is running",
            beside.display()
        );
    }
    let done = restored(&config, from, &beside).and_then(|()| {
        std::fs::rename(&beside, &path)
            .with_context(|| format!("can't give the copy its name {}", path.display()))
    });
    if done.is_err() {
        // Half a restore must not be taken for one.
        for file in ["", "-wal", "-shm"] {
            let _ = std::fs::remove_file(format!("{}{file}", beside.display()));
        }
    }
    done?;
    out::line(format!("restored to {}; its record holds", path.display()))
}

fn restored(config: &Config, from: &Path, beside: &Path) -> anyhow::Result<()> {
    std::fs::copy(from, beside).with_context(|| format!("can't copy to {}", beside.display()))?;
    let address = format!("sqlite:{}", beside.display());
    let copied = Config {
        database: address.clone(),
        ..config.clone()
    };
    let database = existing_database(&copied)
        .with_context(|| format!("{} is no backup of Linli", from.display()))?;
    database
        .migrate(&migrations(&modules()))
        .context("can't bring the backup's tables up to date")?;
    database.close();
    let opened = with_keys(config, &address)?;
    prove(&opened)?;
    opened.database.close();
    Ok(())
}

/// Refuses a database whose record does not hold under its keys.
fn prove(opened: &Opened) -> anyhow::Result<()> {
    let (vault, key) = (opened.vault.clone(), opened.keys.signer()?.verifying_key());
    opened.database.read_blocking(move |read| {
        let communities = people::queries::communities(read)?;
        for community in communities
            .iter()
            .map(|community| community.id)
            .chain([CommunityId::CITY])
        {
            journal::audit(read, &vault, &key, community, &mut |_| Ok(()))?;
        }
        Ok::<_, decisions::Error>(())
    })?;
    Ok(())
}
