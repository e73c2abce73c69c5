//! Pages for when it did not work: what happened, and what to do now.

use maud::{Markup, html};

use super::{actions, link_button};
use crate::{Heading, Icon, Ui, frame::query_value};

/// What went wrong, in HTTP's terms.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Problem {
    /// 400: the request cannot be read.
    BadRequest,
    /// 401: nobody is signed in.
    SignInFirst,
    /// 403: this person may not.
    Forbidden,
    /// 404: there is nothing, or nothing this person may see.
    NotFound,
    /// 409: someone else was faster, or it is too late.
    Conflict,
    /// 413: the file or form is larger than allowed.
    TooLarge,
    /// 429: too often.
    TooMany {
        /// Seconds to wait.
        retry_seconds: u32,
    },
    /// 500: our fault.
    Internal {
        /// The number under which the log has it.
        reference: String,
    },
    /// 503: not ready, come back.
    Unavailable,
}

impl Problem {
    /// The HTTP status code.
    pub const fn status(&self) -> u16 {
        match self {
            Self::BadRequest => 400,
            Self::SignInFirst => 401,
            Self::Forbidden => 403,
            Self::NotFound => 404,
            Self::Conflict => 409,
            Self::TooLarge => 413,
            Self::TooMany { .. } => 429,
            Self::Internal { .. } => 500,
            Self::Unavailable => 503,
        }
    }

    const fn key(&self) -> &'static str {
        match self {
            Self::BadRequest => "ui-problem-400",
            Self::SignInFirst => "ui-problem-401",
            Self::Forbidden => "ui-problem-403",
            Self::NotFound => "ui-problem-404",
            Self::Conflict => "ui-problem-409",
            Self::TooLarge => "ui-problem-413",
            Self::TooMany { .. } => "ui-problem-429",
            Self::Internal { .. } => "ui-problem-500",
            Self::Unavailable => "ui-problem-503",
        }
    }

    fn advice(&self, ui: &Ui) -> String {
        let key = format!("{}-advice", self.key());
        let (name, value) = match self {
            Self::TooMany { retry_seconds } => ("seconds", (*retry_seconds).into()),
            Self::Internal { reference } => ("reference", reference.into()),
            _ => return ui.t(&key).into_owned(),
        };
        ui.t_with(&key, &[(name, value)]).into_owned()
    }
}

/// A full page for a problem; `detail` is a sentence on this very case ("The vote closed at
/// 18:00"), already in the reader's language.
pub fn error_page(ui: &Ui, problem: &Problem, detail: Option<&str>) -> Markup {
    let title = ui.t(problem.key());
    let body = html! {
        div.problem {
            @if let Some(detail) = detail { p { (detail) } }
            p { (problem.advice(ui)) }
            (actions(html! {
                @if *problem == Problem::SignInFirst {
                    (link_button(format!("/sign-in?next={}", query_value(&ui.path)), ui.t("ui-sign-in")))
                } @else {
                    (link_button(ui.home_href.as_str(), ui.t("ui-home")).icon(Icon::Home))
                }
            }))
            p.problem-code { "HTTP " (problem.status()) }
        }
    };
    ui.page(Heading::new(title), body)
}
