//! The API's side of errors: problem details by RFC 9457.

use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use utoipa::ToSchema;
use web_ui::{Language, Messages};

use crate::Failure;

/// The media type of problem details.
pub(crate) const PROBLEM_TYPE: &str = "application/problem+json";

/// What went wrong, for a program (RFC 9457, `application/problem+json`).
#[derive(Debug, Serialize, ToSchema)]
pub struct ProblemDetails {
    /// The kind of problem as a URI reference: `/problems/CODE`. Stable; programs decide by it.
    #[serde(rename = "type")]
    pub kind: String,
    /// The HTTP status in words.
    pub title: String,
    /// The HTTP status code.
    pub status: u16,
    /// What happened, to what, and what to do, in the language of `Accept-Language`.
    pub detail: String,
    /// What is wrong field by field or line by line, where there is more than one thing.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<FieldProblem>,
    /// The reader's own words for what they could not read, in English: for whoever writes the program.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub technical: Option<String>,
    /// The code of the permission that is missing, such as `decisions.vote`, where that is the problem.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub permission: Option<String>,
    /// Where to prove again who is asking, where that is what is missing: `POST` the password there, or a passkey's
    /// answer to the same path with `/passkey`, and repeat the request with the new token.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub confirm_at: Option<String>,
}

/// One thing wrong with one field or line.
#[derive(Debug, Serialize, ToSchema)]
pub struct FieldProblem {
    /// The field, or `line N` of a file.
    pub at: String,
    /// What is wrong with it.
    pub detail: String,
}

/// The failure that a fresh proof of identity mends.
const CONFIRM_FIRST: &str = "identity-error-confirm-first";
/// Where a program gives that proof.
const CONFIRMATION: &str = "/api/v1/sessions/current/confirmation";

impl ProblemDetails {
    pub(crate) fn new(failure: &Failure, messages: &Messages, language: Language) -> Self {
        let status = failure.kind.status();
        let title = StatusCode::from_u16(status)
            .ok()
            .and_then(|code| code.canonical_reason());
        let errors = failure.finding_sentences(messages, language);
        Self {
            kind: format!("/problems/{}", failure.code),
            title: title.unwrap_or("Error").to_owned(),
            status,
            detail: failure.sentence(messages, language),
            errors: errors
                .into_iter()
                .map(|(at, detail)| FieldProblem { at, detail })
                .collect(),
            technical: failure.technical.as_deref().map(ToOwned::to_owned),
            permission: failure.permission().map(ToOwned::to_owned),
            confirm_at: (failure.code == CONFIRM_FIRST).then(|| CONFIRMATION.to_owned()),
        }
    }
}

impl IntoResponse for ProblemDetails {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let mut response = (status, axum::Json(self)).into_response();
        response
            .headers_mut()
            .insert(CONTENT_TYPE, HeaderValue::from_static(PROBLEM_TYPE));
        response
    }
}
