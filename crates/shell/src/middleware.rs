//! Around every handler: headers, counting, and the bodies of errors.

use std::time::Instant;

use axum::extract::{FromRequestParts, MatchedPath, Request, State};
use axum::http::header::{
    ACCEPT_LANGUAGE, ALLOW, CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, LOCATION,
    REFERRER_POLICY, RETRY_AFTER, SET_COOKIE, STRICT_TRANSPORT_SECURITY, VARY,
    X_CONTENT_TYPE_OPTIONS,
};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use kernel::Kind;

use crate::api::ProblemDetails;
use crate::preferences::{FLASH_SHOWN, carries_flash};
use crate::visitor::accepted;
use crate::{App, Failure, Visitor};

/// Writes the body of a failure, sets the security headers, counts the request.
pub(crate) async fn around(State(app): State<App>, request: Request, next: Next) -> Response {
    let started = Instant::now();
    let asked = Asked::of(&request);
    let mut response = next.run(request).await;
    if let Some(failure) = failure_of(&mut response).await {
        let allowed = response.headers_mut().remove(ALLOW);
        response = asked.tell(&app, failure).await;
        if let Some(allowed) = allowed {
            response.headers_mut().insert(ALLOW, allowed);
        }
    }
    asked.set_headers(&app, &mut response);
    app.metrics()
        .answered(&asked.route, response.status().as_u16(), started.elapsed());
    response
}

/// The failure that a response stands for: a handler's, or what an extractor says in plain words of a path or query
/// that it can't read.
async fn failure_of(response: &mut Response) -> Option<Failure> {
    if let Some(failure) = response.extensions_mut().remove::<Failure>() {
        return Some(failure);
    }
    if response.status() == StatusCode::METHOD_NOT_ALLOWED {
        return Some(Failure::wrong_method());
    }
    let is_plain = response
        .headers()
        .get(CONTENT_TYPE)
        .is_some_and(|found| found.as_bytes().starts_with(b"text/plain"));
    if !is_plain || !response.status().is_client_error() {
        return None;
    }
    let body = std::mem::take(response.body_mut());
    let said = axum::body::to_bytes(body, MAX_REFUSAL)
        .await
        .unwrap_or_default();
    Some(Failure::malformed(String::from_utf8_lossy(&said)))
}

/// The longest refusal of an extractor that is passed on, in bytes.
const MAX_REFUSAL: usize = 4096;

/// What is kept of a request to answer it well when it fails.
struct Asked {
    route: String,
    method: Method,
    api: bool,
    flash: bool,
    parts: Parts,
}

impl Asked {
    fn of(request: &Request) -> Self {
        let path = request.uri().path();
        let route = request
            .extensions()
            .get::<MatchedPath>()
            .map_or("unmatched", MatchedPath::as_str);
        let (mut parts, ()) = axum::http::Request::new(()).into_parts();
        parts.uri = request.uri().clone();
        parts.headers = headers_that_matter(request.headers());
        Self {
            route: route.to_owned(),
            method: request.method().clone(),
            api: path == "/api" || path.starts_with("/api/"),
            flash: carries_flash(request.headers()),
            parts,
        }
    }

    async fn tell(&self, app: &App, failure: Failure) -> Response {
        if failure.kind == Kind::Internal || failure.kind == Kind::Unavailable {
            tracing::error!(code = failure.code, route = %self.route, "{}", failure.english);
        } else if failure.kind == Kind::Denied {
            self.note_refusal(app, &failure).await;
        } else {
            tracing::debug!(code = failure.code, route = %self.route, "{}", failure.english);
        }
        let mut response = if self.api {
            self.tell_program(app, &failure)
        } else {
            self.tell_person(app, &failure).await
        };
        if let Some(seconds) = failure.retry_seconds {
            response
                .headers_mut()
                .insert(RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }

    /// Who was refused what: the account's number, the route and the permission, and nothing that a person typed.
    async fn note_refusal(&self, app: &App, failure: &Failure) {
        let mut parts = self.parts.clone();
        let visitor = Visitor::from_request_parts(&mut parts, app).await.ok();
        let account = visitor
            .and_then(|visitor| visitor.session)
            .map(|session| session.signed_in.account.to_string());
        let permission = failure.permission().unwrap_or_default();
        tracing::info!(
            actor = account.as_deref().unwrap_or("nobody"),
            method = %self.method,
            route = %self.route,
            permission,
            "refused"
        );
    }

    fn tell_program(&self, app: &App, failure: &Failure) -> Response {
        let language = accepted(&self.parts.headers);
        ProblemDetails::new(failure, app.messages(), language).into_response()
    }

    async fn tell_person(&self, app: &App, failure: &Failure) -> Response {
        let mut parts = self.parts.clone();
        let Ok(visitor) = Visitor::from_request_parts(&mut parts, app).await else {
            return ProblemDetails::new(failure, app.messages(), accepted(&self.parts.headers))
                .into_response();
        };
        let nobody = visitor.session.is_none()
            && matches!(failure.kind, Kind::Denied | Kind::Unauthenticated);
        if nobody && self.method == Method::GET {
            return to_sign_in(&visitor.path);
        }
        let ui = visitor.ui();
        let mut sentence = failure.sentence(app.messages(), visitor.language);
        for (_, finding) in failure.finding_sentences(app.messages(), visitor.language) {
            sentence.push(' ');
            sentence.push_str(&finding);
        }
        let problem = page_problem(failure, nobody);
        let status = StatusCode::from_u16(failure.kind.status())
            .unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        (status, web_ui::error_page(&ui, &problem, Some(&sentence))).into_response()
    }

    fn set_headers(&self, app: &App, response: &mut Response) {
        let headers = response.headers_mut();
        let mut set = |name: HeaderName, value: &'static str| {
            headers
                .entry(name)
                .or_insert(HeaderValue::from_static(value));
        };
        set(CONTENT_SECURITY_POLICY, web_ui::CONTENT_SECURITY_POLICY);
        set(X_CONTENT_TYPE_OPTIONS, "nosniff");
        set(REFERRER_POLICY, "same-origin");
        set(
            HeaderName::from_static("cross-origin-opener-policy"),
            "same-origin",
        );
        set(
            HeaderName::from_static("cross-origin-resource-policy"),
            "same-origin",
        );
        set(CACHE_CONTROL, "no-store");
        set(VARY, "Accept-Language, Cookie");
        if app.settings().secure {
            set(
                STRICT_TRANSPORT_SECURITY,
                "max-age=31536000; includeSubDomains",
            );
        }
        if self.flash && response.status() == StatusCode::OK {
            response
                .headers_mut()
                .append(SET_COOKIE, HeaderValue::from_static(FLASH_SHOWN));
        }
    }
}

/// Whoever has not signed in is led to the sign-in page and back.
fn to_sign_in(path: &str) -> Response {
    let next: String = path.bytes().map(percent_encoded).collect();
    match HeaderValue::from_str(&format!("/sign-in?next={next}")) {
        Ok(location) => (StatusCode::SEE_OTHER, [(LOCATION, location)]).into_response(),
        Err(_) => StatusCode::BAD_REQUEST.into_response(),
    }
}

/// A byte as it stands in a query's value.
fn percent_encoded(byte: u8) -> String {
    match byte {
        b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'/' | b'-' | b'_' | b'.' | b'~' => {
            char::from(byte).to_string()
        }
        other => format!("%{other:02X}"),
    }
}

fn page_problem(failure: &Failure, nobody: bool) -> web_ui::Problem {
    match failure.kind {
        Kind::Unauthenticated => web_ui::Problem::SignInFirst,
        Kind::Denied if nobody => web_ui::Problem::SignInFirst,
        Kind::Denied => web_ui::Problem::Forbidden,
        Kind::NotFound | Kind::WrongMethod => web_ui::Problem::NotFound,
        Kind::Conflict => web_ui::Problem::Conflict,
        Kind::TooLarge => web_ui::Problem::TooLarge,
        Kind::TooMany => web_ui::Problem::TooMany {
            retry_seconds: failure.retry_seconds.unwrap_or(60),
        },
        Kind::Unavailable => web_ui::Problem::Unavailable,
        Kind::Invalid => web_ui::Problem::BadRequest,
        Kind::Internal => web_ui::Problem::Internal {
            reference: failure.code.to_owned(),
        },
    }
}

/// Language, cookies and token: enough to know the reader again.
fn headers_that_matter(headers: &HeaderMap) -> HeaderMap {
    use axum::http::header::{AUTHORIZATION, COOKIE};
    let mut kept = HeaderMap::new();
    for name in [ACCEPT_LANGUAGE, AUTHORIZATION, COOKIE] {
        for value in headers.get_all(&name) {
            kept.append(name.clone(), value.clone());
        }
    }
    kept
}

/// What a request forged by another site gets.
pub(crate) fn forged() -> Failure {
    Failure::new(
        Kind::Denied,
        "error-forged",
        "the request comes from another site",
    )
}
