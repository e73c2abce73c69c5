//! A receiver of events on a port of this machine, which answers as the test says.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

/// An event as it came in.
#[derive(Clone, Debug)]
pub(crate) struct Received {
    pub(crate) id: String,
    pub(crate) timestamp: String,
    pub(crate) signature: String,
    pub(crate) content_type: String,
    pub(crate) body: String,
}

#[derive(Clone)]
pub(crate) struct Receiver {
    pub(crate) url: String,
    inner: Arc<Mutex<Inner>>,
}

#[derive(Default)]
struct Inner {
    received: Vec<Received>,
    /// What the next calls are answered; 200 once there is nothing more.
    answers: VecDeque<u16>,
    /// How long each answer takes.
    delay: Duration,
}

impl Receiver {
    pub(crate) async fn start() -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/hook", listener.local_addr().unwrap());
        let receiver = Self {
            url,
            inner: Arc::default(),
        };
        let routes = Router::new()
            .route("/hook", post(take))
            .with_state(receiver.clone());
        tokio::spawn(async move { axum::serve(listener, routes).await });
        receiver
    }

    pub(crate) fn answer_next(&self, statuses: &[u16]) {
        self.inner.lock().unwrap().answers.extend(statuses);
    }

    pub(crate) fn take_time(&self, delay: Duration) {
        self.inner.lock().unwrap().delay = delay;
    }

    pub(crate) fn received(&self) -> Vec<Received> {
        self.inner.lock().unwrap().received.clone()
    }

    /// The positions of the events that came, in the order they came in.
    pub(crate) fn positions(&self) -> Vec<u64> {
        self.received()
            .iter()
            .map(|one| one.id.rsplit('/').next().unwrap().parse().unwrap())
            .collect()
    }

    /// Waits until so many events have come.
    pub(crate) async fn wait_for(&self, count: usize) {
        for _ in 0..600 {
            if self.received().len() >= count {
                return;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        panic!("{} of {count} events came in 30 s", self.received().len());
    }
}

async fn take(State(receiver): State<Receiver>, headers: HeaderMap, body: String) -> Response {
    let text = |name: &str| {
        headers
            .get(name)
            .map_or("", |value| value.to_str().unwrap())
            .to_owned()
    };
    let (status, delay) = {
        let mut inner = receiver.inner.lock().unwrap();
        inner.received.push(Received {
            id: text("webhook-id"),
            timestamp: text("webhook-timestamp"),
            signature: text("webhook-signature"),
            content_type: text("content-type"),
            body,
        });
        (inner.answers.pop_front().unwrap_or(200), inner.delay)
    };
    tokio::time::sleep(delay).await;
    let status = StatusCode::from_u16(status).unwrap();
    (
        status,
        [(header::LOCATION, receiver.url)],
        "x".repeat(100_000),
    )
        .into_response()
}

/// The signature by the Standard Webhooks specification, made without the code under test.
pub(crate) fn signature(secret: &str, received: &Received) -> String {
    let key = STANDARD
        .decode(secret.strip_prefix("whsec_").unwrap())
        .unwrap();
    let signed = format!("{}.{}.{}", received.id, received.timestamp, received.body);
    let mut mac = Hmac::<Sha256>::new_from_slice(&key).unwrap();
    mac.update(signed.as_bytes());
    format!("v1,{}", STANDARD.encode(mac.finalize().into_bytes()))
}
