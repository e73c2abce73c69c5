//! What the operator sets: by file, environment and flags; a flag beats the environment, which beats the file.

use std::fs;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};
use clap::Args;
use serde::Deserialize;

/// Where the data lies.
#[derive(Args, Clone, Debug, Default)]
pub(crate) struct Store {
    /// A TOML file with any of: database, keys, listen, public_url, city_name, trust_proxy, staff_need_passkey, metrics_token, log,
    /// log_json.
    #[arg(long, env = "LINLI_CONFIG")]
    pub config: Option<PathBuf>,
    /// The database: sqlite:PATH (the default is sqlite:linli.db) or postgres://USER@HOST/NAME.
    #[arg(long, env = "LINLI_DATABASE")]
    pub database: Option<String>,
    /// The file with the installation's keys, made for a new database. Keep a copy apart from the database.
    #[arg(long, env = "LINLI_KEYS")]
    pub keys: Option<PathBuf>,
}

/// How to serve.
#[derive(Args, Clone, Debug, Default)]
pub(crate) struct Web {
    /// The address to listen on.
    #[arg(long, env = "LINLI_LISTEN")]
    pub listen: Option<SocketAddr>,
    /// The address people use, such as `https://linli.example`. With https, cookies insist on it.
    #[arg(long, env = "LINLI_PUBLIC_URL")]
    pub public_url: Option<String>,
    /// The city's name, as pages show it.
    #[arg(long, env = "LINLI_CITY_NAME")]
    pub city_name: Option<String>,
    /// Take the client's address from X-Forwarded-For: only behind a proxy that sets it.
    #[arg(long, env = "LINLI_TRUST_PROXY")]
    pub trust_proxy: bool,
    /// Let the roles of staff (butlers, providers, committees, city staff, administrators) count only once a passkey
    /// has opened or confirmed the session.
    #[arg(long, env = "LINLI_STAFF_NEED_PASSKEY")]
    pub staff_need_passkey: bool,
    /// Whoever sends `Authorization: Bearer TOKEN` with this token may read /metrics; without it only this machine may.
    #[arg(long, env = "LINLI_METRICS_TOKEN", hide_env_values = true)]
    pub metrics_token: Option<String>,
    /// What to log, such as `info` or `linli=debug,warn`.
    #[arg(long, env = "LINLI_LOG")]
    pub log: Option<String>,
    /// Log as JSON, a line an event.
    #[arg(long, env = "LINLI_LOG_JSON")]
    pub log_json: bool,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    database: Option<String>,
    keys: Option<PathBuf>,
    listen: Option<SocketAddr>,
    public_url: Option<String>,
    city_name: Option<String>,
    #[serde(default)]
    trust_proxy: bool,
    #[serde(default)]
    staff_need_passkey: bool,
    metrics_token: Option<String>,
    log: Option<String>,
    #[serde(default)]
    log_json: bool,
}

/// Everything, decided.
#[derive(Clone, Debug)]
pub(crate) struct Config {
    /// The database's address.
    pub database: String,
    /// The key file.
    pub keys: PathBuf,
    /// The address to listen on.
    pub listen: SocketAddr,
    /// The address people use.
    pub public_url: String,
    /// The city's name.
    pub city_name: Option<String>,
    /// Whether a proxy in front names the client.
    pub trust_proxy: bool,
    /// Whether staff roles wait for a passkey.
    pub staff_need_passkey: bool,
    /// Who else than this machine may read the metrics.
    pub metrics_token: Option<String>,
    /// What to log.
    pub log: String,
    /// Whether to log as JSON.
    pub log_json: bool,
}

/// The shortest token for the metrics, in bytes: one that nobody guesses.
const SHORTEST_TOKEN: usize = 16;

impl Config {
    /// Decides from flags, environment (both in the arguments by now) and the file they name.
    pub(crate) fn decide(store: &Store, web: &Web) -> anyhow::Result<Self> {
        let file = read_file(store.config.as_deref())?;
        let listen = web
            .listen
            .or(file.listen)
            .unwrap_or_else(|| SocketAddr::from(([127, 0, 0, 1], 8080)));
        let public_url = web
            .public_url
            .clone()
            .or(file.public_url)
            .unwrap_or_else(|| local_url(listen));
        if !public_url.starts_with("http://") && !public_url.starts_with("https://") {
            bail!("public_url is \"{public_url}\"; it starts with http:// or https://");
        }
        let metrics_token = web.metrics_token.clone().or(file.metrics_token);
        if metrics_token
            .as_ref()
            .is_some_and(|token| token.len() < SHORTEST_TOKEN)
        {
            bail!(
                "metrics_token has fewer than {SHORTEST_TOKEN} characters; take a longer, random one"
            );
        }
        Ok(Self {
            database: store
                .database
                .clone()
                .or(file.database)
                .unwrap_or_else(|| "sqlite:linli.db".to_owned()),
            keys: store
                .keys
                .clone()
                .or(file.keys)
                .unwrap_or_else(|| PathBuf::from("linli.keys")),
            listen,
            public_url: public_url.trim_end_matches('/').to_owned(),
            city_name: web.city_name.clone().or(file.city_name),
            trust_proxy: web.trust_proxy || file.trust_proxy,
            staff_need_passkey: web.staff_need_passkey || file.staff_need_passkey,
            metrics_token,
            log: web
                .log
                .clone()
                .or(file.log)
                .unwrap_or_else(|| "info".to_owned()),
            log_json: web.log_json || file.log_json,
        })
    }
}

/// The address on this machine. Browsers give passkeys to `localhost`, not to 127.0.0.1.
fn local_url(listen: SocketAddr) -> String {
    if listen.ip().is_loopback() {
        format!("http://localhost:{}", listen.port())
    } else {
        format!("http://{listen}")
    }
}

fn read_file(path: Option<&Path>) -> anyhow::Result<File> {
    let Some(path) = path else {
        return Ok(File::default());
    };
    let text = fs::read_to_string(path)
        .with_context(|| format!("can't read the configuration {}", path.display()))?;
    toml::from_str(&text)
        .with_context(|| format!("the configuration {} is not understood", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_flag_beats_the_file() {
        let folder = std::env::temp_dir().join(format!("linli-config-{}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        let path = folder.join("linli.toml");
        fs::write(
            &path,
            "database = \"sqlite:from-file.db\"\npublic_url = \"https://linli.example/\"\n",
        )
        .unwrap();
        let store = Store {
            config: Some(path.clone()),
            ..Store::default()
        };
        let config = Config::decide(&store, &Web::default()).unwrap();
        assert_eq!(config.database, "sqlite:from-file.db");
        assert_eq!(config.public_url, "https://linli.example");
        let store = Store {
            database: Some("sqlite:flag.db".to_owned()),
            ..store
        };
        assert_eq!(
            Config::decide(&store, &Web::default()).unwrap().database,
            "sqlite:flag.db"
        );
        assert!(!config.staff_need_passkey);
        let strict = Web {
            staff_need_passkey: true,
            ..Web::default()
        };
        assert!(Config::decide(&store, &strict).unwrap().staff_need_passkey);
        fs::write(
            &path,
            "staff_need_passkey = true\nmetrics_token = \"0123456789abcdef\"",
        )
        .unwrap();
        let config = Config::decide(&store, &Web::default()).unwrap();
        assert!(config.staff_need_passkey);
        assert_eq!(config.metrics_token.as_deref(), Some("0123456789abcdef"));
        fs::write(&path, "metrics_token = \"guess\"").unwrap();
        let refused = Config::decide(&store, &Web::default())
            .unwrap_err()
            .to_string();
        assert!(refused.contains("16"), "{refused}");
        fs::write(&path, "databse = \"x\"").unwrap();
        let refused = format!("{:#}", Config::decide(&store, &Web::default()).unwrap_err());
        assert!(refused.contains("databse"), "{refused}");
        fs::remove_dir_all(&folder).unwrap();
    }
}
