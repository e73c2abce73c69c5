//! Errors on their way out: any module's problem becomes a page in the reader's language or RFC 9457 problem details.

use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use kernel::{Finding, Kind, Problem};

/// What a handler answers when it could not do what was asked.
#[derive(Clone, Debug)]
pub struct Failure {
    /// What kind of problem.
    pub kind: Kind,
    /// The message key.
    pub code: &'static str,
    /// The values that the message speaks of.
    pub arguments: Vec<(&'static str, String)>,
    /// What is wrong field by field.
    pub findings: Vec<Finding>,
    /// The English for the log.
    pub english: String,
    /// What a parser said of the request, in English: for whoever writes the program that sent it.
    pub technical: Option<Box<str>>,
    /// Seconds after which trying again may help.
    pub retry_seconds: Option<u32>,
}

impl Failure {
    /// A problem with this message, where no module's error exists: the request itself is at fault.
    pub fn new(kind: Kind, code: &'static str, english: impl Into<String>) -> Self {
        Self {
            kind,
            code,
            arguments: Vec::new(),
            findings: Vec::new(),
            english: english.into(),
            technical: None,
            retry_seconds: None,
        }
    }

    /// Nothing at this address.
    pub fn not_found() -> Self {
        Self::new(
            Kind::NotFound,
            "error-not-found",
            "there is nothing at this address",
        )
    }

    /// Something is at this address, but it does not take this method; the `Allow` header says which it takes.
    pub(crate) fn wrong_method() -> Self {
        Self::new(
            Kind::WrongMethod,
            "error-wrong-method",
            "the address does not take this method",
        )
    }

    /// The request can't be read; why, in the words of whoever tried.
    pub fn malformed(reason: impl std::fmt::Display) -> Self {
        Self::unreadable("error-malformed", reason)
    }

    /// The same with a message that says more of what can't be read.
    pub(crate) fn unreadable(code: &'static str, reason: impl std::fmt::Display) -> Self {
        let mut failure = Self::new(
            Kind::Invalid,
            code,
            format!("the request can't be read: {reason}"),
        );
        failure.technical = Some(reason.to_string().into());
        failure
    }

    /// A part of the machine failed.
    pub fn internal(what: &str, error: &dyn std::fmt::Display) -> Self {
        Self::new(
            Kind::Internal,
            "error-internal",
            format!("{what} failed: {error}"),
        )
    }

    /// The same with a value for its message.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.arguments.push((name, value.into()));
        self
    }

    /// The code of the permission that is missing, if that is the problem.
    pub(crate) fn permission(&self) -> Option<&str> {
        let mut arguments = self.arguments.iter();
        arguments
            .find(|(name, _)| *name == PERMISSION)
            .map(|(_, code)| code.as_str())
    }

    /// The sentence in a language.
    pub fn sentence(&self, messages: &web_ui::Messages, language: web_ui::Language) -> String {
        say(
            messages,
            language,
            self.code,
            self.arguments
                .iter()
                .map(|(name, value)| (*name, value.as_str())),
        )
    }

    /// The findings in a language: field or line, and sentence.
    pub fn finding_sentences(
        &self,
        messages: &web_ui::Messages,
        language: web_ui::Language,
    ) -> Vec<(String, String)> {
        self.findings
            .iter()
            .map(|finding| {
                let arguments = finding
                    .arguments
                    .iter()
                    .map(|(name, value)| (name.as_str(), value.as_str()));
                (
                    finding.at.clone(),
                    say(messages, language, &finding.code, arguments),
                )
            })
            .collect()
    }
}

/// The argument that holds a permission's code; people read its name instead.
const PERMISSION: &str = "permission";

/// The message that names a permission: `permission-decisions-record-vote` for `decisions.record-vote`. Each module
/// names its own.
pub fn permission_message(code: &str) -> String {
    format!("permission-{}", code.replace(['.', '_'], "-"))
}

/// Numbers in arguments stay numbers, so that Fluent can choose plurals by them.
fn say<'a>(
    messages: &web_ui::Messages,
    language: web_ui::Language,
    code: &str,
    arguments: impl Iterator<Item = (&'a str, &'a str)>,
) -> String {
    let arguments: Vec<(&str, web_ui::Arg<'_>)> = arguments
        .map(|(name, value)| {
            let named = permission_message(value);
            if name == PERMISSION && messages.has(&named) {
                let called = messages.text(language, &named, &[]).into_owned();
                return (name, web_ui::Arg::from(called));
            }
            let argument = match value.parse::<i64>() {
                Ok(number) if value.len() < 16 => web_ui::Arg::from(number),
                _ => web_ui::Arg::from(value),
            };
            (name, argument)
        })
        .collect();
    messages.text(language, code, &arguments).into_owned()
}

impl<P: Problem> From<P> for Failure {
    fn from(problem: P) -> Self {
        Self {
            kind: problem.kind(),
            code: problem.code(),
            arguments: problem.arguments(),
            findings: problem.findings(),
            english: problem.to_string(),
            technical: None,
            retry_seconds: None,
        }
    }
}

/// The status and the failure itself; [`crate::middleware`] writes the body, because only it knows the reader.
impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        let status =
            StatusCode::from_u16(self.kind.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let mut response = status.into_response();
        response.extensions_mut().insert(self);
        response
    }
}
