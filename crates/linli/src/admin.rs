//! `linli admin`: the first administrator, passwords, communities, backup and restore, demo-free.

use std::io::{BufRead as _, IsTerminal as _};
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context as _, bail};
use clap::Subcommand;
use identity::commands::{CreateAccount, CreateFirstAdministrator, SetPassword};
use identity::{HashCost, Language, Login, Passwords};
use journal::Journal;
use kernel::{CommunityId, Context, Randomness, Vault};

use crate::backup;
use crate::compose::{self, system_clock};
use crate::config::{Config, Store, Web};
use crate::opening::Opened;
use crate::out;

/// What to do to an installation.
#[derive(Subcommand)]
pub(crate) enum Command {
    /// Make the first administrator; the password is read from the standard input.
    CreateAdministrator {
        /// What they sign in with: a phone number or a name.
        #[arg(long)]
        login: String,
        /// Their name.
        #[arg(long)]
        name: String,
        #[command(flatten)]
        store: Store,
    },
    /// Set anyone's password; it is read from the standard input, and all their sessions end.
    SetPassword {
        /// What they sign in with.
        #[arg(long)]
        login: String,
        /// Why, for the record.
        #[arg(long)]
        reason: String,
        #[command(flatten)]
        store: Store,
    },
    /// Create a community.
    CreateCommunity {
        /// Its name.
        #[arg(long)]
        name: String,
        /// Its district's code, six digits, such as 330602: it decides which rules hold.
        #[arg(long)]
        place: String,
        /// Its address.
        #[arg(long, default_value = "")]
        address: String,
        #[command(flatten)]
        store: Store,
    },
    /// Write a consistent copy of a SQLite database while it is in use. For PostgreSQL use pg_dump.
    Backup {
        /// The file to write; it must not exist.
        to: PathBuf,
        #[command(flatten)]
        store: Store,
    },
    /// Put a backup in the place of a SQLite database that does not exist yet, after proving its record.
    Restore {
        /// The backup.
        from: PathBuf,
        #[command(flatten)]
        store: Store,
    },
}

/// `linli admin`.
pub(crate) fn run(command: Command) -> anyhow::Result<ExitCode> {
    let done = match command {
        Command::CreateAdministrator { login, name, store } => {
            create_administrator(&login, name, &store)
        }
        Command::SetPassword {
            login,
            reason,
            store,
        } => set_password(&login, reason, &store),
        Command::CreateCommunity {
            name,
            place,
            address,
            store,
        } => create_community(name, place, address, &store),
        Command::Backup { to, store } => backup::backup(&to, &store),
        Command::Restore { from, store } => backup::restore(&from, &store),
    };
    done.map(|()| ExitCode::SUCCESS)
}

/// An installation opened for one command.
struct Installation {
    journal: Journal,
    vault: Vault,
}

impl Installation {
    /// The installation, made where it is missing.
    fn or_made(store: &Store) -> anyhow::Result<Self> {
        Self::of(Opened::or_made(&Config::decide(store, &Web::default())?)?)
    }

    /// The installation that is there.
    fn existing(store: &Store) -> anyhow::Result<Self> {
        Self::of(Opened::existing(&Config::decide(store, &Web::default())?)?)
    }

    fn of(opened: Opened) -> anyhow::Result<Self> {
        Ok(Self {
            journal: Journal::new(opened.database, opened.keys.signer()?),
            vault: opened.vault,
        })
    }

    /// Linli itself acting, on the word of whoever has the server.
    fn context(&self, community: CommunityId) -> anyhow::Result<Context> {
        let mut seed = [0; 32];
        getrandom::fill(&mut seed).context("the system gives no randomness")?;
        let grants = compose::directory(&compose::modules()).system();
        Ok(Context::system(
            community,
            system_clock(),
            Randomness::from_seed(seed),
            grants,
            self.vault.clone(),
        ))
    }
}

fn create_administrator(login: &str, name: String, store: &Store) -> anyhow::Result<()> {
    let installation = Installation::or_made(store)?;
    let login = Login::parse(login)?;
    let password =
        Passwords::new(HashCost::default())?.hash(&read_password()?, &[login.as_str(), &name])?;
    let account = CreateAccount {
        login,
        name,
        password: Some(password),
        language: Language::Chinese,
        elder: false,
    };
    let ctx = installation.context(CommunityId::CITY)?;
    let id = installation
        .journal
        .execute_blocking(ctx, CreateFirstAdministrator { account })?;
    out::line(format!("administrator {id}"))?;
    Ok(())
}

fn set_password(login: &str, reason: String, store: &Store) -> anyhow::Result<()> {
    let installation = Installation::existing(store)?;
    let vault = installation.vault.clone();
    let parsed = Login::parse(login)?;
    let account = installation
        .journal
        .database()
        .read_blocking(move |read| identity::queries::account_of_login(read, &vault, &parsed))
        .with_context(|| format!("can't find who signs in as {login}"))?;
    let password = Passwords::new(HashCost::default())?.hash(&read_password()?, &[login])?;
    let ctx = installation.context(CommunityId::CITY)?;
    installation.journal.execute_blocking(
        ctx,
        SetPassword {
            account,
            password,
            reason,
        },
    )?;
    out::line(format!(
        "The password is set; all sessions of {login} have ended."
    ))?;
    Ok(())
}

fn create_community(
    name: String,
    place: String,
    address: String,
    store: &Store,
) -> anyhow::Result<()> {
    let installation = Installation::or_made(store)?;
    let city = installation.context(CommunityId::CITY)?;
    let id = CommunityId::from_uuid(city.new_uuid());
    let ctx = installation.context(id)?;
    let command = people::commands::CreateCommunity {
        name,
        place,
        address,
        is_demo: false,
    };
    installation.journal.execute_blocking(ctx, command)?;
    out::line(format!("community {id}"))?;
    Ok(())
}

/// A line of the standard input. On a terminal it is asked for.
fn read_password() -> anyhow::Result<String> {
    let input = std::io::stdin();
    if input.is_terminal() {
        eprint!("Password (shown as you type): ");
    }
    let mut line = String::new();
    input
        .lock()
        .read_line(&mut line)
        .context("can't read the password")?;
    let password = line.trim_end_matches(['\r', '\n']).to_owned();
    if password.is_empty() {
        bail!("no password on the standard input");
    }
    Ok(password)
}
