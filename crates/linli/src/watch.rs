//! Who may read `/metrics`: this machine, and whoever has the operator's token. Others are told that nothing is there.

use std::net::SocketAddr;

use axum::Router;
use axum::extract::{ConnectInfo, Request};
use axum::http::header::AUTHORIZATION;
use axum::http::{HeaderMap, StatusCode};
use axum::middleware::{Next, from_fn};
use axum::response::{IntoResponse as _, Response};

/// The site with its metrics behind the door.
pub(crate) fn guarded(site: Router, token: Option<String>) -> Router {
    site.layer(from_fn(move |request: Request, next: Next| {
        let token = token.clone();
        async move { answer(request, next, token.as_deref()).await }
    }))
}

async fn answer(request: Request, next: Next, token: Option<&str>) -> Response {
    if request.uri().path() == "/metrics" {
        let peer = request.extensions().get::<ConnectInfo<SocketAddr>>();
        let here = peer.is_some_and(|ConnectInfo(peer)| peer.ip().to_canonical().is_loopback());
        if !may_watch(here, request.headers(), token) {
            return StatusCode::NOT_FOUND.into_response();
        }
    }
    next.run(request).await
}

/// A request that a proxy on this machine passed on comes from elsewhere.
fn may_watch(here: bool, headers: &HeaderMap, token: Option<&str>) -> bool {
    let passed_on = ["x-forwarded-for", "forwarded", "x-real-ip"]
        .iter()
        .any(|name| headers.contains_key(*name));
    let shown = headers
        .get(AUTHORIZATION)
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.strip_prefix("Bearer "));
    let known = token
        .zip(shown)
        .is_some_and(|(token, shown)| same(token, shown));
    known || (here && !passed_on)
}

/// Compares without telling by its time how much was right.
fn same(token: &str, shown: &str) -> bool {
    let differing = token
        .bytes()
        .zip(shown.bytes())
        .fold(0, |all, (one, other)| all | (one ^ other));
    token.len() == shown.len() && differing == 0
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    fn headers(of: &[(&'static str, &'static str)]) -> HeaderMap {
        of.iter()
            .map(|(name, value)| (name.parse().unwrap(), HeaderValue::from_static(value)))
            .collect()
    }

    #[test]
    fn only_this_machine_and_the_token_may_watch() {
        let token = Some("0123456789abcdef");
        let right = [("authorization", "Bearer 0123456789abcdef")];
        let wrong = [("authorization", "Bearer 0123456789abcdeg")];
        assert!(may_watch(true, &headers(&[]), None));
        assert!(!may_watch(false, &headers(&[]), token));
        assert!(may_watch(false, &headers(&right), token));
        assert!(!may_watch(false, &headers(&wrong), token));
        assert!(!may_watch(false, &headers(&right), None));
    }

    #[test]
    fn what_a_proxy_on_this_machine_passes_on_comes_from_elsewhere() {
        let passed_on = [("x-forwarded-for", "192.0.2.1")];
        assert!(!may_watch(true, &headers(&passed_on), None));
    }
}
