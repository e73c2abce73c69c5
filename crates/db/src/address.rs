//! Where a database is: `sqlite:PATH` or `postgres://…`.

use std::path::Path;

use crate::postgres::Postgres;
use crate::session::Session;
use crate::sqlite::Sqlite;
use crate::{Engine, Error, Options};

/// An address understood, and how to connect to it.
pub(crate) enum Address {
    Sqlite(Sqlite),
    Postgres(Box<Postgres>),
}

impl Address {
    pub(crate) fn parse(url: &str, options: Options) -> Result<Self, Error> {
        let refused = || Error::Address {
            url: shown_address(url),
        };
        match url.split_once(':') {
            Some(("sqlite", ":memory:")) => Sqlite::memory(options).map(Self::Sqlite),
            Some(("sqlite", path)) if !path.is_empty() => {
                let path = path.strip_prefix("//").unwrap_or(path);
                Ok(Self::Sqlite(Sqlite::file(Path::new(path), options)))
            }
            Some(("postgres" | "postgresql", _)) => Postgres::parse(url, options)
                .map(|postgres| Self::Postgres(Box::new(postgres)))
                .ok_or_else(refused),
            _ => Err(refused()),
        }
    }

    pub(crate) fn engine(&self) -> Engine {
        match self {
            Self::Sqlite(_) => Engine::Sqlite,
            Self::Postgres(_) => Engine::Postgres,
        }
    }

    pub(crate) fn options(&self) -> &Options {
        match self {
            Self::Sqlite(sqlite) => &sqlite.options,
            Self::Postgres(postgres) => &postgres.options,
        }
    }

    pub(crate) fn connect(&self, read_only: bool) -> Result<Box<dyn Session>, Error> {
        match self {
            Self::Sqlite(sqlite) => Ok(Box::new(sqlite.connect(read_only)?)),
            Self::Postgres(postgres) => Ok(Box::new(postgres.connect(read_only)?)),
        }
    }

    pub(crate) fn backup(&self, path: &Path) -> Result<(), Error> {
        match self {
            Self::Sqlite(sqlite) => sqlite.backup(path),
            Self::Postgres(postgres) => postgres.backup(path),
        }
    }
}

/// The address as it may stand in a message or a log: without its password.
pub fn shown_address(url: &str) -> String {
    let hidden = url.rsplit_once('@').and_then(|(before, host)| {
        let (scheme, login) = before.split_once("://")?;
        let (user, _) = login.split_once(':')?;
        Some(format!("{scheme}://{user}:…@{host}"))
    });
    hidden.unwrap_or_else(|| match url.find("password=") {
        Some(start) => format!("{}password=…", url.get(..start).unwrap_or_default()),
        None => url.to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_stays_out_of_messages() {
        assert_eq!(
            shown_address("postgres://linli:s3c:r@t@host/db"),
            "postgres://linli:…@host/db"
        );
        assert_eq!(shown_address("host=h password=secret"), "host=h password=…");
        assert_eq!(shown_address("mysql://h/db"), "mysql://h/db");
    }

    #[test]
    fn what_is_no_address_is_refused() {
        for url in [
            "",
            "sqlite:",
            "linli.db",
            "mysql://h/db",
            "postgres://h:x/db",
        ] {
            let refused = Address::parse(url, Options::default());
            assert!(matches!(refused, Err(Error::Address { .. })), "{url}");
        }
    }
}
