//! Drafting, publishing and withdrawing a poll.

use axum::extract::Path;
use axum::response::{IntoResponse, Response};
use ballot::choosing::Method;
use jiff::civil::DateTime;
use kernel::{CommunityId, Kind, Timestamp, Window};
use maud::{Markup, html};
use serde::Deserialize;
use shell::{Failure, FlashKey, Form, Member, flash_to};
use web_ui::{
    Choice, FormErrors, Heading, Icon, Input, Tone, Ui, button, choices, field, form, link_button,
    select, textarea,
};

use super::path_of;
use crate::model::{DRAFT, Draft, Entitled, MAX_LINE, PollId, PollOption};
use crate::{ChangePoll, DraftPoll, Error, PublishPoll, WithdrawPoll, queries};

/// The form as typed.
#[derive(Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Typed {
    title: String,
    body: String,
    options: String,
    method: String,
    entitled: String,
    min_age: String,
    building: String,
    opens: String,
    closes: String,
}

impl Typed {
    fn of(draft: &Draft) -> Self {
        Self {
            title: draft.title.clone(),
            body: draft.body.clone(),
            options: draft
                .options
                .iter()
                .map(line_of)
                .collect::<Vec<_>>()
                .join("\n"),
            method: draft.method.name().to_owned(),
            entitled: draft.entitled.name().to_owned(),
            min_age: draft.min_age.to_string(),
            building: draft.building.clone(),
            opens: local_time(draft.window.opens),
            closes: local_time(draft.window.closes),
        }
    }

    fn draft(&self) -> Result<Draft, Failure> {
        let unknown = |field: &'static str| Failure::from(Error::Blank { field });
        let lines = self.options.lines().filter(|line| !line.trim().is_empty());
        Ok(Draft {
            title: self.title.trim().to_owned(),
            body: self.body.trim().to_owned(),
            options: lines.map(option_of).collect(),
            method: self
                .method
                .parse::<Method>()
                .map_err(|_| unknown("method"))?,
            entitled: Entitled::from_name(&self.entitled).ok_or_else(|| unknown("entitled"))?,
            min_age: self
                .min_age
                .trim()
                .parse()
                .map_err(|_| unknown("min_age"))?,
            building: self.building.trim().to_owned(),
            window: Window {
                opens: instant(&self.opens).ok_or_else(|| unknown("opens"))?,
                closes: instant(&self.closes).ok_or_else(|| unknown("closes"))?,
            },
            funding: None,
        })
    }
}

/// `name | provider | price | terms`, as a line of the form has it; `｜` of Chinese keyboards does as well.
fn option_of(line: &str) -> PollOption {
    let mut parts = line
        .splitn(4, ['|', '｜'])
        .map(|part| part.trim().to_owned());
    let mut next = || parts.next().unwrap_or_default();
    PollOption {
        name: next(),
        provider: next(),
        price: next(),
        terms: next(),
        project: None,
    }
}

fn line_of(option: &PollOption) -> String {
    let line = [&option.name, &option.provider, &option.price, &option.terms]
        .map(String::as_str)
        .join(" | ");
    line.trim_end_matches([' ', '|']).to_owned()
}

/// A form's local time (`2026-12-01T09:00`) in China as an instant.
pub(super) fn instant(text: &str) -> Option<Timestamp> {
    let local: DateTime = text.trim().parse().ok()?;
    let clock = local.time();
    let seconds =
        i64::from(clock.hour()) * 3600 + i64::from(clock.minute()) * 60 + i64::from(clock.second());
    Some(Timestamp::start_of(local.date()).plus_seconds(seconds))
}

/// An instant as a form's local time in China.
fn local_time(at: Timestamp) -> String {
    at.rfc3339().chars().take(16).collect()
}

pub(super) async fn new(member: Member) -> Result<Markup, Failure> {
    member.context()?.require(DRAFT).map_err(Failure::from)?;
    let now = member.visitor.now;
    let typed = Typed {
        method: Method::Approval.name().to_owned(),
        entitled: Entitled::Residents.name().to_owned(),
        opens: format!("{}T09:00", now.plus_days(7).date()),
        closes: format!("{}T18:00", now.plus_days(14).date()),
        ..Typed::default()
    };
    Ok(draft_page(&member, None, &typed, None))
}

pub(super) async fn create(member: Member, Form(typed): Form<Typed>) -> Result<Response, Failure> {
    let sent = match typed.draft() {
        Ok(draft) => member.execute(DraftPoll { draft }).await,
        Err(failure) => Err(failure),
    };
    match sent {
        Ok(id) => flash_to(
            &path_of(&member, id),
            FlashKey(Tone::Success, "polls-flash-drafted"),
        ),
        Err(failure) => refused(&member, None, &typed, failure),
    }
}

pub(super) async fn edit(
    member: Member,
    Path((_, id)): Path<(CommunityId, PollId)>,
) -> Result<Markup, Failure> {
    member.context()?.require(DRAFT).map_err(Failure::from)?;
    let view = member
        .read(move |read, ctx| queries::view(read, ctx, id))
        .await?;
    Ok(draft_page(
        &member,
        Some(id),
        &Typed::of(&view.poll.draft),
        None,
    ))
}

pub(super) async fn change(
    member: Member,
    Path((_, poll)): Path<(CommunityId, PollId)>,
    Form(typed): Form<Typed>,
) -> Result<Response, Failure> {
    let sent = match typed.draft() {
        Ok(draft) => member.execute(ChangePoll { poll, draft }).await,
        Err(failure) => Err(failure),
    };
    match sent {
        Ok(()) => flash_to(
            &path_of(&member, poll),
            FlashKey(Tone::Success, "polls-flash-drafted"),
        ),
        Err(failure) => refused(&member, Some(poll), &typed, failure),
    }
}

/// The form again with what was typed, if it can be corrected; any other failure goes on.
fn refused(
    member: &Member,
    id: Option<PollId>,
    typed: &Typed,
    failure: Failure,
) -> Result<Response, Failure> {
    if failure.kind != Kind::Invalid {
        return Err(failure);
    }
    let page = draft_page(member, id, typed, Some(&failure));
    Ok((axum::http::StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
}

fn draft_page(
    member: &Member,
    id: Option<PollId>,
    typed: &Typed,
    failure: Option<&Failure>,
) -> Markup {
    let ui = member.ui();
    let mut errors = FormErrors::new();
    if let Some(failure) = failure {
        for (at, sentence) in failure.finding_sentences(&ui.messages, ui.language) {
            errors.add(at, sentence);
        }
    }
    let key = if id.is_some() {
        "polls-edit"
    } else {
        "polls-new"
    };
    let heading = Heading::new(ui.t(key)).crumb(member.path("polls"), ui.t("polls-title"));
    let (action, back) = match id {
        Some(id) => (
            member.path(&format!("polls/{id}/edit")),
            path_of(member, id),
        ),
        None => (member.path("polls"), member.path("polls")),
    };
    ui.page(
        heading,
        html! {
            (form(&ui, action, fields(&ui, typed, &errors))
                .errors(&ui, &errors)
                .guard_unsaved(&ui)
                .button(button(ui.t("polls-save")).icon(Icon::Check))
                .button(link_button(back, ui.t("polls-back")).secondary()))
        },
    )
}

fn fields(ui: &Ui, typed: &Typed, errors: &FormErrors) -> Markup {
    let mut method = select(ui, "method", ui.t("polls-method"))
        .selected(&typed.method)
        .hint(ui.t("polls-method-hint"))
        .error(errors.of("method"))
        .required();
    for one in Method::ALL {
        method = method.option(one.name(), ui.t(&format!("polls-method-{}", one.name())));
    }
    let mut entitled = choices(ui, "entitled", ui.t("polls-entitled"))
        .selected(&typed.entitled)
        .error(errors.of("entitled"))
        .required();
    for one in Entitled::ALL {
        let key = format!("polls-entitled-{}", one.name());
        entitled = entitled.choice(Choice::new(one.name(), ui.t(&key)));
    }
    html! {
        (field(ui, "title", ui.t("polls-field-title")).value(&typed.title)
            .max_length(u32::try_from(MAX_LINE).unwrap_or(u32::MAX)).error(errors.of("title")).required())
        (textarea(ui, "body", ui.t("polls-field-body")).value(&typed.body).lines(6)
            .error(errors.of("body")).required())
        (textarea(ui, "options", ui.t("polls-field-options")).value(&typed.options).lines(6)
            .hint(ui.t("polls-field-options-hint")).error(errors.of("options")).required())
        (method)
        (entitled)
        (field(ui, "min_age", ui.t("polls-field-min-age")).input(Input::Number).value(&typed.min_age)
            .hint(ui.t("polls-field-min-age-hint")).error(errors.of("min_age")).required())
        (field(ui, "building", ui.t("polls-field-building")).value(&typed.building)
            .hint(ui.t("polls-field-building-hint")).error(errors.of("building")))
        (field(ui, "opens", ui.t("polls-field-opens")).input(Input::DateTime).value(&typed.opens)
            .error(errors.of("opens")).required())
        (field(ui, "closes", ui.t("polls-field-closes")).input(Input::DateTime).value(&typed.closes)
            .error(errors.of("closes")).required())
    }
}

pub(super) async fn publish(
    member: Member,
    Path((_, poll)): Path<(CommunityId, PollId)>,
) -> Result<Response, Failure> {
    let key = crate::key::fresh(&member, poll).await?;
    member.execute(PublishPoll { poll, key }).await?;
    flash_to(
        &path_of(&member, poll),
        FlashKey(Tone::Success, "polls-flash-published"),
    )
}

pub(super) async fn confirm_withdrawal(
    member: Member,
    Path((_, id)): Path<(CommunityId, PollId)>,
) -> Result<Markup, Failure> {
    member.context()?.require(DRAFT).map_err(Failure::from)?;
    let view = member
        .read(move |read, ctx| queries::view(read, ctx, id))
        .await?;
    let ui = member.ui();
    let heading = Heading::new(ui.t("polls-withdraw"))
        .crumb(member.path("polls"), ui.t("polls-title"))
        .crumb(path_of(&member, id), view.poll.draft.title.clone())
        .lead(ui.t("polls-withdraw-lead"));
    Ok(ui.page(
        heading,
        html! {
            (form(&ui, member.path(&format!("polls/{id}/withdraw")), html! {
                (textarea(&ui, "reason", ui.t("polls-reason")).required())
            })
            .button(button(ui.t("polls-withdraw")).danger())
            .button(link_button(path_of(&member, id), ui.t("polls-back")).secondary()))
        },
    ))
}

#[derive(Deserialize)]
pub(super) struct Reason {
    #[serde(default)]
    reason: String,
}

pub(super) async fn withdraw(
    member: Member,
    Path((_, poll)): Path<(CommunityId, PollId)>,
    Form(Reason { reason }): Form<Reason>,
) -> Result<Response, Failure> {
    member.execute(WithdrawPoll { poll, reason }).await?;
    flash_to(
        &path_of(&member, poll),
        FlashKey(Tone::Info, "polls-flash-withdrawn"),
    )
}
