//! Where a webhook leads: an address that was checked when it was typed. It is resolved and checked again at every
//! call, because names change what they mean.

use std::net::IpAddr;

use serde::{Serialize, Serializer};
use url::{Host, Url};

use crate::Error;
use crate::address::is_public;

/// The longest address, in bytes.
const MAX_LENGTH: usize = 1000;

/// An address that events may be sent to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Endpoint(Url);

impl Endpoint {
    /// An address as typed: `https://…`, without a login in it. Where `loopback` is allowed (demo data, or the
    /// operator's switch), `http://` to this very machine too.
    ///
    /// # Errors
    /// [`Error::UrlMalformed`], [`Error::UrlNotHttps`], [`Error::UrlLogin`], [`Error::UrlPrivate`].
    pub fn parse(text: &str, loopback: bool) -> Result<Self, Error> {
        let text = text.trim();
        if text.len() > MAX_LENGTH {
            return Err(Error::UrlMalformed {
                reason: format!("it has more than {MAX_LENGTH} bytes"),
            });
        }
        let mut url = Url::parse(text).map_err(|error| Error::UrlMalformed {
            reason: error.to_string(),
        })?;
        let host = url.host().ok_or_else(|| Error::UrlMalformed {
            reason: "it names no host".to_owned(),
        })?;
        let own = loopback && is_loopback(&host);
        let address = literal(&host);
        if url.scheme() != "https" && !(own && url.scheme() == "http") {
            return Err(Error::UrlNotHttps);
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(Error::UrlLogin);
        }
        if !own && (address.is_some_and(|address| !is_public(address)) || is_local_name(&host)) {
            return Err(Error::UrlPrivate);
        }
        url.set_fragment(None);
        Ok(Self(url))
    }

    /// The whole address.
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }

    /// The host alone: the path of some services is as good as a password, the host is not.
    pub fn host(&self) -> &str {
        self.0.host_str().unwrap_or_default()
    }
}

impl Serialize for Endpoint {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

fn literal(host: &Host<&str>) -> Option<IpAddr> {
    match host {
        Host::Ipv4(address) => Some(IpAddr::V4(*address)),
        Host::Ipv6(address) => Some(IpAddr::V6(*address)),
        Host::Domain(_) => None,
    }
}

fn is_loopback(host: &Host<&str>) -> bool {
    match host {
        Host::Domain(name) => *name == "localhost",
        _ => literal(host).is_some_and(|address| address.is_loopback()),
    }
}

/// Names that never lead into the public internet (RFC 6761, RFC 6762): said at once rather than at the first call.
fn is_local_name(host: &Host<&str>) -> bool {
    let Host::Domain(name) = host else {
        return false;
    };
    let name = name.trim_end_matches('.');
    name == "localhost"
        || [".localhost", ".local", ".internal", ".test"]
            .iter()
            .any(|end| name.ends_with(end))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_https_into_the_public_internet_is_taken() {
        let endpoint =
            Endpoint::parse(" https://hooks.example.cn/linli?key=7#part ", false).unwrap();
        assert_eq!(endpoint.as_str(), "https://hooks.example.cn/linli?key=7");
        assert_eq!(endpoint.host(), "hooks.example.cn");
        for (text, loopback) in [
            ("http://hooks.example.cn/", true),
            ("ftp://hooks.example.cn/", true),
            ("http://127.0.0.1/", false),
        ] {
            assert!(
                matches!(Endpoint::parse(text, loopback), Err(Error::UrlNotHttps)),
                "{text}"
            );
        }
        for private in [
            "https://127.0.0.1/",
            "https://10.0.0.1/",
            "https://[::1]/",
            "https://[fd00::1]/",
            "https://localhost/",
            "https://2130706433/",
            "https://0x7f.1/",
            "https://printer.local/",
            "https://169.254.169.254/latest",
        ] {
            assert!(
                matches!(Endpoint::parse(private, false), Err(Error::UrlPrivate)),
                "{private}"
            );
        }
        assert!(matches!(
            Endpoint::parse("https://10.0.0.1/", true),
            Err(Error::UrlPrivate)
        ));
        assert!(matches!(
            Endpoint::parse("https://user:word@hooks.example.cn/", false),
            Err(Error::UrlLogin)
        ));
        for malformed in [
            "",
            "hooks",
            "https://",
            "data:text/plain,x",
            &format!("https://a.cn/{}", "x".repeat(1000)),
        ] {
            assert!(
                matches!(
                    Endpoint::parse(malformed, false),
                    Err(Error::UrlMalformed { .. })
                ),
                "{malformed}"
            );
        }
    }

    #[test]
    fn the_switch_opens_this_machine_and_nothing_else() {
        for own in [
            "http://127.0.0.1:8080/hook",
            "http://[::1]:1/",
            "http://localhost:9/x",
            "https://localhost/",
        ] {
            assert!(Endpoint::parse(own, true).is_ok(), "{own}");
        }
        assert!(matches!(
            Endpoint::parse("http://192.168.1.1/", true),
            Err(Error::UrlNotHttps)
        ));
    }
}
