//! What people say: comments, letters, withdrawals and answers. A form that is refused comes back with what was typed.

use axum::Extension;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use kernel::{CommunityId, Kind};
use maud::{Markup, html};
use serde::Deserialize;
use shell::{Client, Failure, FlashKey, Form, Member, Throttle, flash_to};
use web_ui::{
    FormErrors, Heading, Icon, Input, Tone, Ui, button, disclosure, field, form, link_button,
    notice, section, select, textarea,
};

use super::{instant, local_time, name_of, path_of};
use crate::model::{Channel, ConsultationId, Outcome, numbers};
use crate::queries::{self, View};
use crate::{AnswerComments, CommentOnText, EnterLetter, Error, WithdrawComment};

type Of = Path<(CommunityId, ConsultationId)>;

/// A form as typed.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Said {
    clause: String,
    text: String,
    channel: String,
    received: String,
    numbers: String,
    outcome: String,
    reason: String,
}

impl Said {
    fn clause(&self) -> Result<u32, Error> {
        self.clause
            .parse()
            .map_err(|_| Error::Blank { field: "clause" })
    }
}

/// Which form it is.
#[derive(Clone, Copy)]
enum Saying {
    Comment,
    Letter,
    Answer,
}

impl Saying {
    /// The last part of the address that the form is sent to.
    const fn path(self) -> &'static str {
        match self {
            Self::Comment => "comments",
            Self::Letter => "letters",
            Self::Answer => "answers",
        }
    }

    const fn title(self) -> &'static str {
        match self {
            Self::Comment => "consultation-comment-make",
            Self::Letter => "consultation-letter",
            Self::Answer => "consultation-answer",
        }
    }

    const fn button(self) -> &'static str {
        match self {
            Self::Comment => "consultation-comment-send",
            Self::Letter => "consultation-letter",
            Self::Answer => "consultation-answer",
        }
    }

    fn fields(self, ui: &Ui, clauses: &[String], said: &Said, errors: &FormErrors) -> Markup {
        let text = |hint: &str| {
            textarea(ui, "text", ui.t("consultation-comment"))
                .value(&said.text)
                .lines(5)
                .hint(ui.t(hint))
                .error(errors.of("text"))
                .required()
        };
        match self {
            Self::Comment => html! {
                (clause_select(ui, clauses, said, errors))
                (text("consultation-comment-hint"))
            },
            Self::Letter => html! {
                (channel_select(ui, said, errors))
                (field(ui, "received", ui.t("consultation-received")).input(Input::DateTime)
                    .value(&said.received).error(errors.of("received")).required())
                (clause_select(ui, clauses, said, errors))
                (text("consultation-letter-hint"))
            },
            Self::Answer => html! {
                (field(ui, "numbers", ui.t("consultation-numbers")).value(&said.numbers)
                    .hint(ui.t("consultation-numbers-hint")).error(errors.of("numbers")).required())
                (outcome_select(ui, said, errors))
                (textarea(ui, "reason", ui.t("consultation-reason")).value(&said.reason).lines(4)
                    .error(errors.of("reason")).required())
            },
        }
    }

    fn form(self, ui: &Ui, path: &str, fields: Markup) -> web_ui::Form {
        form(ui, format!("{path}/{}", self.path()), fields)
            .guard_unsaved(ui)
            .button(button(ui.t(self.button())).icon(Icon::Check))
    }
}

fn clause_select(ui: &Ui, clauses: &[String], said: &Said, errors: &FormErrors) -> web_ui::Select {
    let mut wanted = select(ui, "clause", ui.t("consultation-clause"))
        .selected(&said.clause)
        .error(errors.of("clause"))
        .required();
    for place in (0_u32..).take(clauses.len() + 1) {
        wanted = wanted.option(place.to_string(), name_of(ui, clauses, place));
    }
    wanted
}

fn channel_select(ui: &Ui, said: &Said, errors: &FormErrors) -> web_ui::Select {
    let mut channel = select(ui, "channel", ui.t("consultation-channel"))
        .selected(&said.channel)
        .error(errors.of("channel"))
        .required();
    for one in Channel::ALL {
        if one != Channel::Online {
            let key = format!("consultation-channel-{}", one.name());
            channel = channel.option(one.name(), ui.t(&key));
        }
    }
    channel
}

fn outcome_select(ui: &Ui, said: &Said, errors: &FormErrors) -> web_ui::Select {
    let mut outcome = select(ui, "outcome", ui.t("consultation-outcome"))
        .selected(&said.outcome)
        .error(errors.of("outcome"))
        .required();
    for one in Outcome::ALL {
        let key = format!("consultation-outcome-{}", one.name());
        outcome = outcome.option(one.name(), ui.t(&key));
    }
    outcome
}

/// The form to comment, on this clause if one was chosen.
pub(super) fn comment_form(member: &Member, ui: &Ui, view: &View, clause: Option<u32>) -> Markup {
    let said = Said {
        clause: clause.unwrap_or_default().to_string(),
        ..Said::default()
    };
    let comment = empty_form(member, ui, view, Saying::Comment, &said);
    html! {
        (comment)
        @if member.visitor.session.is_none() {
            (notice(ui, Tone::Info, html! { (ui.t("consultation-nameless-text")) })
                .title(ui.t("consultation-nameless")))
        }
    }
}

/// The form to answer comments, folded.
pub(super) fn answer_form(member: &Member, ui: &Ui, view: &View) -> Markup {
    folded(member, ui, view, Saying::Answer, &Said::default())
}

/// The form to enter what came beside, folded.
pub(super) fn letter_form(member: &Member, ui: &Ui, view: &View) -> Markup {
    let said = Said {
        clause: "0".to_owned(),
        received: local_time(member.visitor.now),
        ..Said::default()
    };
    folded(member, ui, view, Saying::Letter, &said)
}

fn empty_form(member: &Member, ui: &Ui, view: &View, saying: Saying, said: &Said) -> Markup {
    let fields = saying.fields(ui, &view.one.draft.clauses, said, &FormErrors::new());
    let form = saying.form(ui, &path_of(member, view.one.id), fields);
    section(ui.t(saying.title()), html! { (form) })
}

fn folded(member: &Member, ui: &Ui, view: &View, saying: Saying, said: &Said) -> Markup {
    let fields = saying.fields(ui, &view.one.draft.clauses, said, &FormErrors::new());
    let form = saying.form(ui, &path_of(member, view.one.id), fields);
    disclosure(ui.t(saying.title()), html! { (form) })
}

pub(super) async fn comment(
    member: Member,
    client: Client,
    Extension(throttle): Extension<Throttle>,
    Path((_, id)): Of,
    Form(said): Form<Said>,
) -> Result<Response, Failure> {
    let sent = match comment_of(id, &said) {
        Ok(comment) => comment_once(&member, &client, &throttle, comment).await,
        Err(error) => Err(error.into()),
    };
    let sent = sent.map(|_| ());
    told(&member, id, Saying::Comment, &said, sent).await
}

/// Takes a comment; from who has no account, only so many from one address.
pub(crate) async fn comment_once(
    member: &Member,
    client: &Client,
    throttle: &Throttle,
    comment: CommentOnText,
) -> Result<u32, Failure> {
    if member.visitor.session.is_none() {
        throttle.count(client)?;
    }
    member.execute(comment).await
}

fn comment_of(consultation: ConsultationId, said: &Said) -> Result<CommentOnText, Error> {
    Ok(CommentOnText {
        consultation,
        clause: said.clause()?,
        text: said.text.trim().to_owned(),
    })
}

pub(super) async fn withdraw(
    member: Member,
    Path((_, consultation, number)): Path<(CommunityId, ConsultationId, u32)>,
) -> Result<Response, Failure> {
    let withdrawal = WithdrawComment {
        consultation,
        number,
    };
    member.execute(withdrawal).await?;
    back(&member, consultation, "consultation-flash-withdrawn")
}

pub(super) async fn enter(
    member: Member,
    Path((_, id)): Of,
    Form(said): Form<Said>,
) -> Result<Response, Failure> {
    let sent = match letter_of(id, &said) {
        Ok(letter) => member.execute(letter).await.map(|_| ()),
        Err(error) => Err(error.into()),
    };
    told(&member, id, Saying::Letter, &said, sent).await
}

fn letter_of(consultation: ConsultationId, said: &Said) -> Result<EnterLetter, Error> {
    Ok(EnterLetter {
        consultation,
        clause: said.clause()?,
        channel: Channel::from_name(&said.channel).ok_or(Error::Blank { field: "channel" })?,
        text: said.text.trim().to_owned(),
        received: instant(&said.received).ok_or(Error::Received)?,
    })
}

pub(super) async fn answer(
    member: Member,
    Path((_, id)): Of,
    Form(said): Form<Said>,
) -> Result<Response, Failure> {
    let sent = match answer_of(id, &said) {
        Ok(answer) => member.execute(answer).await.map(|_| ()),
        Err(error) => Err(error.into()),
    };
    told(&member, id, Saying::Answer, &said, sent).await
}

fn answer_of(consultation: ConsultationId, said: &Said) -> Result<AnswerComments, Error> {
    Ok(AnswerComments {
        consultation,
        numbers: numbers(&said.numbers)?,
        outcome: Outcome::from_name(&said.outcome).ok_or(Error::Blank { field: "outcome" })?,
        reason: said.reason.trim().to_owned(),
    })
}

/// Back to the consultation; or the form again with what was typed, if it can be corrected or kept.
async fn told(
    member: &Member,
    id: ConsultationId,
    saying: Saying,
    said: &Said,
    sent: Result<(), Failure>,
) -> Result<Response, Failure> {
    let failure = match sent {
        Ok(()) => {
            let flash = match saying {
                Saying::Comment | Saying::Letter => "consultation-flash-commented",
                Saying::Answer => "consultation-flash-answered",
            };
            return back(member, id, flash);
        }
        Err(failure) if is_kept(failure.kind) => failure,
        Err(failure) => return Err(failure),
    };
    let view = member
        .read(move |read, ctx| queries::consultation(read, ctx, id, 0, None))
        .await?;
    let ui = member.ui();
    let mut errors = FormErrors::new();
    for (at, sentence) in failure.finding_sentences(&ui.messages, ui.language) {
        errors.add(at, sentence);
    }
    let path = path_of(member, id);
    let fields = saying.fields(&ui, &view.one.draft.clauses, said, &errors);
    let heading = Heading::new(ui.t(saying.title()))
        .crumb(member.path("consultations"), ui.t("consultation-title"))
        .crumb(path.clone(), view.one.draft.title);
    let page = ui.page(
        heading,
        html! {
            @if failure.findings.is_empty() {
                (notice(&ui, Tone::Danger, html! { (failure.sentence(&ui.messages, ui.language)) }))
            }
            (saying.form(&ui, &path, fields)
                .errors(&ui, &errors)
                .button(link_button(path.clone(), ui.t("consultation-back")).secondary()))
        },
    );
    let status = match failure.kind {
        Kind::Conflict => StatusCode::CONFLICT,
        Kind::TooMany => StatusCode::TOO_MANY_REQUESTS,
        _ => StatusCode::UNPROCESSABLE_ENTITY,
    };
    Ok((status, page).into_response())
}

/// Whether what was typed is shown again with what was wrong.
const fn is_kept(kind: Kind) -> bool {
    matches!(kind, Kind::Invalid | Kind::Conflict | Kind::TooMany)
}

fn back(member: &Member, id: ConsultationId, said: &'static str) -> Result<Response, Failure> {
    flash_to(&path_of(member, id), FlashKey(Tone::Success, said))
}
