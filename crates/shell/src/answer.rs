//! What pages answer with besides themselves: a form again with its faults, a file to keep.

use axum::http::StatusCode;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use kernel::Kind;
use maud::Markup;
use web_ui::{FormErrors, Ui};

use crate::Failure;

impl Failure {
    /// What is wrong in a form, each at its field. A sentence that speaks of a field calls it as the page does: by the
    /// message `{prefix}-field-{name}`. What belongs to no field stands at `otherwise`, which may be empty.
    pub fn form_errors(&self, ui: &Ui, prefix: &str, otherwise: &str) -> FormErrors {
        let mut named = self.clone();
        let arguments = named
            .findings
            .iter_mut()
            .flat_map(|finding| &mut finding.arguments);
        for (name, value) in arguments.filter(|(name, _)| name == "field") {
            let key = format!("{prefix}-{name}-{}", value.replace('_', "-"));
            if ui.has(&key) {
                *value = ui.t(&key).into_owned();
            }
        }
        let mut errors = FormErrors::new();
        for (at, sentence) in named.finding_sentences(&ui.messages, ui.language) {
            errors.add(at, sentence);
        }
        if errors.is_empty() {
            errors.add(otherwise, self.sentence(&ui.messages, ui.language));
        }
        errors
    }

    /// Whether a form is shown again with what went wrong: the person can correct it there.
    pub fn is_correctable(&self) -> bool {
        matches!(self.kind, Kind::Invalid | Kind::Conflict)
    }

    /// A form's page again, with this failure's status.
    pub fn again(&self, page: Markup) -> Response {
        let status =
            StatusCode::from_u16(self.kind.status()).unwrap_or(StatusCode::UNPROCESSABLE_ENTITY);
        (status, page).into_response()
    }
}

/// A file to keep, never to open in the page's own origin.
pub fn download(name: &str, media_type: &str, content: impl IntoResponse) -> Response {
    let encoded: String = name
        .bytes()
        .map(|byte| match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' | b'.' => {
                char::from(byte).to_string()
            }
            other => format!("%{other:02X}"),
        })
        .collect();
    let headers = [
        (CONTENT_TYPE, media_type.to_owned()),
        (
            CONTENT_DISPOSITION,
            format!("attachment; filename*=UTF-8''{encoded}"),
        ),
    ];
    (headers, content).into_response()
}
