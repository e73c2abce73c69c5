//! PostgreSQL, or what speaks its protocol: a connection a lane, statements pipelined where they don't depend.

mod codec;
mod fault;
mod session;

use std::path::Path;
use std::str::FromStr;
use std::time::Duration;

pub(crate) use session::PostgresSession;

use crate::{Error, Options};

/// Where a PostgreSQL database is.
pub(crate) struct Postgres {
    config: tokio_postgres::Config,
    pub(crate) options: Options,
}

impl Postgres {
    /// `None` if this is not an address.
    pub(crate) fn parse(url: &str, options: Options) -> Option<Self> {
        let mut config = tokio_postgres::Config::from_str(url).ok()?;
        if config.get_application_name().is_none() {
            config.application_name("linli");
        }
        if config.get_connect_timeout().is_none() {
            config.connect_timeout(Duration::from_secs(5));
        }
        if config.get_tcp_user_timeout().is_none() {
            config.tcp_user_timeout(Duration::from_secs(30));
        }
        Some(Self { config, options })
    }

    pub(crate) fn connect(&self, read_only: bool) -> Result<PostgresSession, Error> {
        PostgresSession::open(&self.config, &self.options, read_only)
    }

    /// Always an error, with what to do.
    pub(crate) fn backup(&self, path: &Path) -> Result<(), Error> {
        let name = self.config.get_dbname().unwrap_or("NAME");
        Err(Error::Unavailable {
            reason: format!(
                "a PostgreSQL database is backed up by its own tools: \
                 `pg_dump --format=custom --file={} {name}`",
                path.display()
            ),
        })
    }
}
