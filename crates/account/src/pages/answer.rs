//! How these pages answer: redirects with cookies, and forms shown again with what is wrong.

use axum::http::header::{LOCATION, RETRY_AFTER, SET_COOKIE};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use kernel::Kind;
use maud::Markup;
use shell::Failure;
use web_ui::{FormErrors, Ui, local_path};

use crate::door::seconds_to_wait;

/// Goes to a page of this site (303), whatever `path` says.
pub(super) fn see_other(path: &str) -> Response {
    let local = local_path(path);
    // A header takes no letters beyond ASCII; browsers send paths encoded already.
    let location = HeaderValue::from_str(local).unwrap_or(HeaderValue::from_static("/"));
    (StatusCode::SEE_OTHER, [(LOCATION, location)]).into_response()
}

/// The same answer with a cookie.
pub(super) fn with_cookie(mut response: Response, cookie: HeaderValue) -> Response {
    response.headers_mut().append(SET_COOKIE, cookie);
    response
}

/// A form shown again, with the status of what went wrong; failures that no form can mend go their own way.
pub(super) fn shown_again(
    failure: Failure,
    page: impl FnOnce(&Failure) -> Markup,
) -> Result<Response, Failure> {
    let mendable = matches!(
        failure.kind,
        Kind::Invalid | Kind::Conflict | Kind::NotFound | Kind::Unauthenticated | Kind::TooMany
    );
    if !mendable {
        return Err(failure);
    }
    let status =
        StatusCode::from_u16(failure.kind.status()).unwrap_or(StatusCode::UNPROCESSABLE_ENTITY);
    let mut response = (status, page(&failure)).into_response();
    if let Some(seconds) = seconds_to_wait(&failure) {
        response
            .headers_mut()
            .insert(RETRY_AFTER, HeaderValue::from(seconds));
    }
    Ok(response)
}

/// What is wrong, at the field it is wrong with.
pub(super) fn errors(ui: &Ui, failure: Option<&Failure>) -> FormErrors {
    let mut errors = FormErrors::new();
    if let Some(failure) = failure {
        let field = failure
            .arguments
            .iter()
            .find(|(name, _)| *name == "field")
            .map(|(_, field)| field.as_str());
        errors.add(
            field.unwrap_or_else(|| field_of(failure.code)),
            failure.sentence(&ui.messages, ui.language),
        );
    }
    errors
}

fn field_of(code: &str) -> &'static str {
    match code {
        "identity-error-invalid-login" | "identity-error-login-taken" => "login",
        "identity-error-password-too-short"
        | "identity-error-password-too-long"
        | "identity-error-password-common"
        | "identity-error-password-personal" => "password",
        "identity-error-code-unknown"
        | "identity-error-code-settled"
        | "identity-error-code-expired" => "code",
        "account-error-not-repeated" => "repeated",
        "account-error-date" => "until",
        _ => "",
    }
}

/// The two fields of a new password differ.
pub(super) fn check_repeated(password: &str, repeated: &str) -> Result<(), Failure> {
    if password == repeated {
        return Ok(());
    }
    Err(Failure::new(
        Kind::Invalid,
        "account-error-not-repeated",
        "the password and its repetition differ",
    ))
}

/// A query's value, percent-encoded.
pub(super) fn query_value(text: &str) -> String {
    use std::fmt::Write as _;
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' | b'/' => {
                encoded.push(char::from(byte));
            }
            // Writing to a String cannot fail.
            other => drop(write!(encoded, "%{other:02X}")),
        }
    }
    encoded
}
