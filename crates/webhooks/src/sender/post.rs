//! The call itself: HTTPS to a checked address, no redirects, no proxies, at most 15 seconds.

use std::io::Read as _;
use std::net::SocketAddr;
use std::sync::LazyLock;
use std::time::Duration;

use shell::App;
use ureq::Agent;
use ureq::config::Config;
use ureq::http::Uri;
use ureq::tls::{RootCerts, TlsConfig};
use ureq::unversioned::resolver::{DefaultResolver, ResolvedSocketAddrs, Resolver};
use ureq::unversioned::transport::{DefaultConnector, NextTimeout};

use crate::Failing;
use crate::address::is_public;

/// How long a call may take, from the name's look-up to the end of the answer.
const TIMEOUT: Duration = Duration::from_secs(15);
/// How much of an answer's body is read, in bytes; it is not looked at, but some servers want it taken.
const MAX_ANSWER: u64 = 4096;
/// The variable by which an operator lets webhooks lead to this very machine: set it to `1`.
const LOOPBACK_VARIABLE: &str = "LINLI_WEBHOOKS_LOOPBACK";

/// What is sent.
pub(super) struct Call {
    pub(super) url: String,
    pub(super) id: String,
    pub(super) timestamp_seconds: i64,
    /// One signature, or two with a space between while a secret changes.
    pub(super) signature: String,
    pub(super) body: String,
}

/// What came back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Answer {
    /// An HTTP status.
    Status(u32),
    /// Nothing.
    None(Failing),
}

/// Whether webhooks may lead to this very machine: with demo data, or where the operator set
/// `LINLI_WEBHOOKS_LOOPBACK=1`.
pub fn loopback_allowed(app: &App) -> bool {
    static SWITCH: LazyLock<bool> =
        LazyLock::new(|| std::env::var(LOOPBACK_VARIABLE).is_ok_and(|value| value == "1"));
    app.settings().demo || *SWITCH
}

/// Posts an event on a thread that may wait.
pub(super) async fn post(call: Call, loopback: bool) -> Answer {
    static PUBLIC: LazyLock<Agent> = LazyLock::new(|| agent(false, RootCerts::WebPki));
    static OWN: LazyLock<Agent> = LazyLock::new(|| agent(true, RootCerts::WebPki));
    let agent = if loopback { &*OWN } else { &*PUBLIC };
    let posted = tokio::task::spawn_blocking(move || post_blocking(agent, &call)).await;
    posted.unwrap_or(Answer::None(Failing::Connection))
}

fn post_blocking(agent: &Agent, call: &Call) -> Answer {
    let posted = agent
        .post(&call.url)
        .header(
            "content-type",
            "application/cloudevents+json; charset=utf-8",
        )
        .header("webhook-id", &call.id)
        .header("webhook-timestamp", call.timestamp_seconds.to_string())
        .header("webhook-signature", &call.signature)
        .send(&call.body);
    match posted {
        Ok(mut answer) => {
            // Its status has come; whatever happens to its body changes nothing.
            let _ = answer
                .body_mut()
                .as_reader()
                .take(MAX_ANSWER)
                .read_to_end(&mut Vec::new());
            Answer::Status(u32::from(answer.status().as_u16()))
        }
        Err(error) => Answer::None(failing(&error)),
    }
}

fn failing(error: &ureq::Error) -> Failing {
    match error {
        ureq::Error::Timeout(_) => Failing::Timeout,
        ureq::Error::HostNotFound => Failing::Host,
        ureq::Error::Other(error) if error.is::<PrivateAddress>() => Failing::Private,
        ureq::Error::Tls(_) | ureq::Error::Rustls(_) | ureq::Error::Pem(_) => Failing::Tls,
        // rustls reports a bad certificate through the stream that it reads.
        ureq::Error::Io(error) if error.kind() == std::io::ErrorKind::InvalidData => Failing::Tls,
        _ => Failing::Connection,
    }
}

/// An agent that trusts the servers whose certificates lead to these roots.
fn agent(loopback: bool, roots: RootCerts) -> Agent {
    let config = Config::builder()
        .timeout_global(Some(TIMEOUT))
        .http_status_as_error(false)
        .max_redirects(0)
        .tls_config(TlsConfig::builder().root_certs(roots).build())
        .max_idle_connections(0)
        // A proxy of the environment would resolve the name itself, unchecked.
        .proxy(None)
        .user_agent(concat!("Linli-Webhooks/", env!("CARGO_PKG_VERSION")))
        .build();
    Agent::with_parts(
        config,
        DefaultConnector::new(),
        Checked {
            inner: DefaultResolver::default(),
            loopback,
        },
    )
}

/// Resolves names and lets only public addresses through, so that the address connected to is the one checked.
#[derive(Debug)]
struct Checked {
    inner: DefaultResolver,
    loopback: bool,
}

/// A name that leads into private networks only.
#[derive(Debug, thiserror::Error)]
#[error("the name leads into a private network")]
struct PrivateAddress;

impl Resolver for Checked {
    fn resolve(
        &self,
        uri: &Uri,
        config: &Config,
        timeout: NextTimeout,
    ) -> Result<ResolvedSocketAddrs, ureq::Error> {
        let mut allowed = self.empty();
        for address in self
            .inner
            .resolve(uri, config, timeout)?
            .iter()
            .filter(|one| self.allows(one))
        {
            allowed.push(*address);
        }
        if allowed.is_empty() {
            return Err(ureq::Error::Other(Box::new(PrivateAddress)));
        }
        Ok(allowed)
    }
}

impl Checked {
    fn allows(&self, address: &SocketAddr) -> bool {
        is_public(address.ip()) || (self.loopback && address.ip().is_loopback())
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;
    use std::net::TcpListener;
    use std::sync::Arc;
    use std::thread::JoinHandle;

    use rustls::pki_types::{CertificateDer, PrivatePkcs8KeyDer};
    use rustls::{ServerConfig, ServerConnection, Stream};
    use ureq::tls::Certificate;

    use super::*;

    /// Root and server were made with openssl for this test, valid for a hundred years; the root's key was thrown away.
    const ROOT: &[u8] = include_bytes!("../../tests/data/root.der");
    const LOCALHOST: &[u8] = include_bytes!("../../tests/data/localhost.der");
    const KEY: &[u8] = include_bytes!("../../tests/data/localhost.key.der");

    /// A server that speaks TLS as localhost, takes one call and answers 204; its port, and what came.
    fn https_server() -> (u16, JoinHandle<std::io::Result<String>>) {
        let config = ServerConfig::builder()
            .with_no_client_auth()
            .with_single_cert(
                vec![CertificateDer::from_slice(LOCALHOST)],
                PrivatePkcs8KeyDer::from(KEY).into(),
            )
            .unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let serve = move || {
            let (mut socket, _) = listener.accept()?;
            let mut tls = ServerConnection::new(Arc::new(config)).unwrap();
            let mut stream = Stream::new(&mut tls, &mut socket);
            let (mut came, mut part) = (Vec::new(), [0; 2048]);
            while !came.ends_with(b"{\"id\":7}") {
                let length = stream.read(&mut part)?;
                came.extend_from_slice(&part[..length]);
            }
            stream.write_all(b"HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n")?;
            Ok(String::from_utf8_lossy(&came).into_owned())
        };
        (port, std::thread::spawn(serve))
    }

    fn told(port: u16) -> Call {
        Call {
            signature: "v1,c2lnbmVk".to_owned(),
            body: "{\"id\":7}".to_owned(),
            ..call(format!("https://localhost:{port}/hook"))
        }
    }

    #[test]
    fn over_https_the_signed_event_arrives_at_a_server_that_is_trusted() {
        let (port, server) = https_server();
        let roots = RootCerts::new_with_certs(&[Certificate::from_der(ROOT)]);
        let answer = post_blocking(&agent(true, roots), &told(port));
        assert_eq!(answer, Answer::Status(204));
        let came = server.join().unwrap().unwrap();
        assert!(came.starts_with("POST /hook HTTP/1.1"), "{came}");
        assert!(came.contains("webhook-signature: v1,c2lnbmVk"), "{came}");
    }

    #[test]
    fn over_https_nothing_is_told_to_a_server_that_nobody_vouches_for() {
        let (port, server) = https_server();
        let answer = post_blocking(&agent(true, RootCerts::WebPki), &told(port));
        assert_eq!(answer, Answer::None(Failing::Tls));
        assert!(server.join().unwrap().is_err(), "the event went out");
    }

    fn call(url: String) -> Call {
        Call {
            url,
            id: "a/1".to_owned(),
            timestamp_seconds: 1,
            signature: String::new(),
            body: "{}".to_owned(),
        }
    }

    #[test]
    fn private_addresses_are_not_called_whatever_their_name() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        listener.set_nonblocking(true).unwrap();
        let port = listener.local_addr().unwrap().port();
        for host in [
            "127.0.0.1",
            "localhost",
            "10.0.0.1",
            "169.254.169.254",
            "[::1]",
            "[::ffff:127.0.0.1]",
        ] {
            let answer = post_blocking(
                &agent(false, RootCerts::WebPki),
                &call(format!("http://{host}:{port}/")),
            );
            assert_eq!(answer, Answer::None(Failing::Private), "{host}");
        }
        assert!(listener.accept().is_err(), "somebody called");
        let answer = post_blocking(
            &agent(true, RootCerts::WebPki),
            &call(format!("http://10.0.0.1:{port}/")),
        );
        assert_eq!(answer, Answer::None(Failing::Private));
    }

    #[test]
    fn a_port_that_nobody_listens_on_is_a_failed_connection() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        drop(listener);
        let answer = post_blocking(
            &agent(true, RootCerts::WebPki),
            &call(format!("http://127.0.0.1:{port}/")),
        );
        assert_eq!(answer, Answer::None(Failing::Connection));
    }
}
