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
}

/// One thing wrong with one field or line.
#[derive(Debug, Serialize, ToSchema)]
pub struct FieldProblem {
    /// The field, or `line N` of a file.
    pub at: String,
    /// What is wrong with it.
    pub detail: String,
}

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
