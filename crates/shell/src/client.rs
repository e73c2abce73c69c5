//! The client behind a request: its address for limits and lockouts, its device for the list of sessions.

use std::net::{IpAddr, Ipv6Addr, SocketAddr};

use crate::{App, Failure};
use axum::extract::{ConnectInfo, FromRequestParts};
use axum::http::header::{AUTHORIZATION, USER_AGENT};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName};

const X_FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");

/// Where a request comes from.
#[derive(Clone, Debug)]
pub struct Client {
    /// The address, for IPv6 its /64 network; `unknown` where the server was not told.
    pub address: String,
    /// Browser and system in a few words, such as `Chrome · Windows`.
    pub device: String,
    /// Whether the token came in a header: a program's, which gets no cookies.
    pub program: bool,
}

impl FromRequestParts<App> for Client {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Failure> {
        let peer = parts
            .extensions
            .get::<ConnectInfo<SocketAddr>>()
            .map(|ConnectInfo(peer)| peer.ip());
        let forwarded = if app.settings().trust_proxy {
            forwarded_for(&parts.headers)
        } else {
            None
        };
        let agent = parts
            .headers
            .get(USER_AGENT)
            .and_then(|value| value.to_str().ok());
        Ok(Self {
            address: forwarded
                .or(peer)
                .map_or_else(|| "unknown".to_owned(), network),
            device: device(agent.unwrap_or_default()),
            program: parts.headers.contains_key(AUTHORIZATION),
        })
    }
}

/// The last address in `X-Forwarded-For`: the one that our own proxy saw. Those before it anyone may have written.
fn forwarded_for(headers: &HeaderMap) -> Option<IpAddr> {
    let last = headers
        .get_all(X_FORWARDED_FOR)
        .iter()
        .next_back()?
        .to_str()
        .ok()?;
    last.rsplit(',').next()?.trim().parse().ok()
}

/// The address as limits count it: an IPv6 client owns a whole /64.
fn network(address: IpAddr) -> String {
    match address.to_canonical() {
        IpAddr::V4(address) => address.to_string(),
        IpAddr::V6(address) => {
            let [a, b, c, d, ..] = address.segments();
            format!("{}/64", Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0))
        }
    }
}

/// Browser and system as far as their owner would recognise them.
fn device(agent: &str) -> String {
    // The first that is found counts: most browsers also name those they descend from.
    const BROWSERS: [(&str, &str); 9] = [
        ("MicroMessenger", "微信"),
        ("DingTalk", "钉钉"),
        ("AlipayClient", "支付宝"),
        ("Edg", "Edge"),
        ("OPR", "Opera"),
        ("Firefox", "Firefox"),
        ("Chrome", "Chrome"),
        ("CriOS", "Chrome"),
        ("Safari", "Safari"),
    ];
    const SYSTEMS: [(&str, &str); 7] = [
        ("OpenHarmony", "HarmonyOS"),
        ("HarmonyOS", "HarmonyOS"),
        ("Android", "Android"),
        ("iPhone", "iPhone"),
        ("iPad", "iPad"),
        ("Windows", "Windows"),
        ("Mac OS X", "Mac"),
    ];
    let named = |names: &[(&str, &'static str)]| {
        names
            .iter()
            .find(|(mark, _)| agent.contains(mark))
            .map(|(_, name)| *name)
    };
    match (named(&BROWSERS), named(&SYSTEMS)) {
        (Some(browser), Some(system)) => format!("{browser} · {system}"),
        (Some(one), None) | (None, Some(one)) => one.to_owned(),
        (None, None) => agent
            .split(['/', ' '])
            .next()
            .unwrap_or_default()
            .chars()
            .take(40)
            .collect(),
    }
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    #[test]
    fn only_the_address_that_our_proxy_saw_counts() {
        let mut headers = HeaderMap::new();
        assert_eq!(forwarded_for(&headers), None);
        headers.append(X_FORWARDED_FOR, HeaderValue::from_static("1.1.1.1"));
        headers.append(
            X_FORWARDED_FOR,
            HeaderValue::from_static("2.2.2.2, 203.0.113.9"),
        );
        assert_eq!(
            forwarded_for(&headers),
            Some("203.0.113.9".parse().unwrap())
        );
        headers.append(X_FORWARDED_FOR, HeaderValue::from_static("not an address"));
        assert_eq!(forwarded_for(&headers), None);
    }

    #[test]
    fn an_ipv6_client_counts_by_its_network() {
        assert_eq!(
            network("2001:db8:1:2:3:4:5:6".parse().unwrap()),
            "2001:db8:1:2::/64"
        );
        assert_eq!(
            network("::ffff:203.0.113.9".parse().unwrap()),
            "203.0.113.9"
        );
    }

    #[test]
    fn a_device_is_named_as_its_owner_knows_it() {
        let wechat = "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/120 Mobile Safari/537.36 MicroMessenger/8";
        assert_eq!(device(wechat), "微信 · Android");
        assert_eq!(
            device("Mozilla/5.0 (Windows NT 10.0) Chrome/120 Safari/537.36 Edg/120"),
            "Edge · Windows"
        );
        assert_eq!(device("curl/8.5.0"), "curl");
        assert_eq!(device(""), "");
    }
}
