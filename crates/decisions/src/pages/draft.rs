//! Drafting, publishing and withdrawing; the page shows which rules apply and why, before anything is published.

use axum::extract::{Path, Query};
use axum::response::{IntoResponse, Response};
use ballot::resolution::Matter;
use kernel::{CommunityId, Kind, Window};
use maud::{Markup, html};
use serde::Deserialize;
use shell::{Failure, FlashKey, Form, Member, flash_to};
use web_ui::{
    Choice, FormErrors, Heading, Icon, Input, Shade, Tone, Ui, button, choices, citation, confirm,
    facts, field, form, link_button, notice, section, select, textarea,
};

use super::{instant, local_time, path_of};
use crate::law::{self, Requirements};
use crate::model::{DRAFT, Draft, MAX_TITLE, Meeting, PUBLISH, ResolutionId, is_unusual};
use crate::{ChangeDraft, DraftResolution, Error, PublishResolution, WithdrawResolution, queries};

/// The form as typed.
#[derive(Clone, Default, Deserialize)]
pub(super) struct Typed {
    #[serde(default)]
    title: String,
    #[serde(default)]
    body: String,
    #[serde(default)]
    matter: String,
    #[serde(default)]
    meeting: String,
    #[serde(default)]
    opens: String,
    #[serde(default)]
    closes: String,
}

impl Typed {
    fn of(draft: &Draft) -> Self {
        Self {
            title: draft.title.clone(),
            body: draft.body.clone(),
            matter: draft.matter.name().to_owned(),
            meeting: draft.meeting.name().to_owned(),
            opens: local_time(draft.window.opens),
            closes: local_time(draft.window.closes),
        }
    }

    fn draft(&self) -> Result<Draft, Failure> {
        let unknown = |field: &'static str| Failure::from(Error::Blank { field });
        Ok(Draft {
            title: self.title.trim().to_owned(),
            body: self.body.trim().to_owned(),
            matter: self.matter.parse().map_err(|_| unknown("matter"))?,
            meeting: Meeting::from_name(&self.meeting).ok_or_else(|| unknown("meeting"))?,
            window: Window {
                opens: instant(&self.opens)?,
                closes: instant(&self.closes)?,
            },
        })
    }
}

pub(super) async fn new(member: Member) -> Result<Markup, Failure> {
    member.context()?.require(DRAFT).map_err(Failure::from)?;
    let now = member.visitor.now;
    let typed = Typed {
        matter: Matter::UseRepairFund.name().to_owned(),
        meeting: Meeting::Regular.name().to_owned(),
        opens: format!("{}T09:00", now.plus_days(16).date()),
        closes: format!("{}T18:00", now.plus_days(30).date()),
        ..Typed::default()
    };
    draft_page(&member, None, &typed, None).await
}

pub(super) async fn create(member: Member, Form(typed): Form<Typed>) -> Result<Response, Failure> {
    let sent = match typed.draft() {
        Ok(draft) => member.execute(DraftResolution { draft }).await,
        Err(failure) => Err(failure),
    };
    match sent {
        Ok(id) => flash_to(
            &path_of(&member, id),
            FlashKey(Tone::Success, "decisions-flash-drafted"),
        ),
        Err(failure) => refused(&member, None, &typed, failure).await,
    }
}

pub(super) async fn edit(
    member: Member,
    Path((_, id)): Path<(CommunityId, ResolutionId)>,
) -> Result<Markup, Failure> {
    member.context()?.require(DRAFT).map_err(Failure::from)?;
    let view = member
        .read(move |read, ctx| queries::view(read, ctx, id))
        .await?;
    draft_page(&member, Some(id), &Typed::of(&view.resolution.draft), None).await
}

pub(super) async fn change(
    member: Member,
    Path((_, id)): Path<(CommunityId, ResolutionId)>,
    Form(typed): Form<Typed>,
) -> Result<Response, Failure> {
    let sent = match typed.draft() {
        Ok(draft) => {
            member
                .execute(ChangeDraft {
                    resolution: id,
                    draft,
                })
                .await
        }
        Err(failure) => Err(failure),
    };
    match sent {
        Ok(()) => flash_to(
            &path_of(&member, id),
            FlashKey(Tone::Success, "decisions-flash-changed"),
        ),
        Err(failure) => refused(&member, Some(id), &typed, failure).await,
    }
}

/// The form again with what was typed, if it can be corrected; any other failure goes on.
async fn refused(
    member: &Member,
    id: Option<ResolutionId>,
    typed: &Typed,
    failure: Failure,
) -> Result<Response, Failure> {
    if failure.kind != Kind::Invalid {
        return Err(failure);
    }
    let page = draft_page(member, id, typed, Some(failure)).await?;
    Ok((axum::http::StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
}

async fn draft_page(
    member: &Member,
    id: Option<ResolutionId>,
    typed: &Typed,
    failure: Option<Failure>,
) -> Result<Markup, Failure> {
    let ui = member.ui();
    let errors = failure
        .map(|failure| form_errors(&ui, &failure))
        .unwrap_or_default();
    let asked = asked(member, &typed.matter, &typed.meeting).await?;
    let title = ui.t(if id.is_some() {
        "decisions-edit"
    } else {
        "decisions-new"
    });
    let heading = Heading::new(title).crumb(member.path("decisions"), ui.t("decisions-title"));
    let (action, back) = match id {
        Some(id) => (
            member.path(&format!("decisions/{id}/edit")),
            path_of(member, id),
        ),
        None => (member.path("decisions"), member.path("decisions")),
    };
    Ok(ui.page(
        heading,
        html! {
            (form(&ui, action, fields(member, &ui, typed, &errors, &asked))
                .errors(&ui, &errors)
                .guard_unsaved(&ui)
                .button(button(ui.t("decisions-save-draft")).icon(Icon::Check))
                .button(link_button(back, ui.t("decisions-back")).secondary()))
        },
    ))
}

fn form_errors(ui: &Ui, failure: &Failure) -> FormErrors {
    let otherwise = match failure.code {
        "decisions-error-notice-too-short" | "decisions-error-time" => "opens",
        _ => "closes",
    };
    failure.form_errors(ui, "decisions", otherwise)
}

fn fields(member: &Member, ui: &Ui, typed: &Typed, errors: &FormErrors, asked: &Markup) -> Markup {
    let fetch = member.path("decisions/requirements");
    let mut matter = select(ui, "matter", ui.t("decisions-matter"))
        .selected(&typed.matter)
        .hint(ui.t("decisions-matter-hint"))
        .error(errors.of("matter"))
        .required();
    for one in Matter::ALL {
        matter = matter.option(one.name(), ui.t(&matter_key(*one)));
    }
    let mut meeting = choices(ui, "meeting", ui.t("decisions-meeting"))
        .selected(&typed.meeting)
        .required();
    for one in Meeting::ALL {
        let key = format!("decisions-meeting-{}", one.name());
        meeting = meeting.choice(Choice::new(one.name(), ui.t(&key)));
    }
    html! {
        (field(ui, "title", ui.t("decisions-field-title")).value(&typed.title)
            .max_length(u32::try_from(MAX_TITLE).unwrap_or(u32::MAX)).error(errors.of("title")).required())
        (textarea(ui, "body", ui.t("decisions-field-body")).value(&typed.body).lines(8)
            .hint(ui.t("decisions-field-body-hint")).error(errors.of("body")).required())
        div.form hx-get=(fetch) hx-trigger="change" hx-target="#requirements" hx-include="closest form" {
            (matter)
            (meeting)
        }
        div #requirements aria-live="polite" { (asked) }
        (field(ui, "opens", ui.t("decisions-field-opens")).input(Input::DateTime).value(&typed.opens)
            .error(errors.of("opens")).required())
        (field(ui, "closes", ui.t("decisions-field-closes")).input(Input::DateTime).value(&typed.closes)
            .error(errors.of("closes")).required())
    }
}

/// The message that names a matter.
pub(super) fn matter_key(matter: Matter) -> String {
    format!("decisions-matter-{}", matter.name())
}

#[derive(Deserialize)]
pub(super) struct Chosen {
    #[serde(default)]
    matter: String,
    #[serde(default)]
    meeting: String,
}

/// The part of the draft page that says what the law asks; fetched again when matter or meeting change.
pub(super) async fn requirements(
    member: Member,
    Query(chosen): Query<Chosen>,
) -> Result<Markup, Failure> {
    member.context()?.require(DRAFT).map_err(Failure::from)?;
    asked(&member, &chosen.matter, &chosen.meeting).await
}

async fn asked(member: &Member, matter: &str, meeting: &str) -> Result<Markup, Failure> {
    let (Ok(matter), Some(meeting)) = (matter.parse::<Matter>(), Meeting::from_name(meeting))
    else {
        return Ok(html! {});
    };
    let asked = member
        .read(move |read, ctx| queries::requirements(read, ctx, matter, meeting))
        .await?;
    Ok(requirements_part(&member.ui(), &asked))
}

/// What the law asks, in words, with its clauses.
pub(super) fn requirements_part(ui: &Ui, asked: &Requirements) -> Markup {
    let window = match asked.window_days {
        (None, None) => ui.t("decisions-window-free").into_owned(),
        (min, max) => ui
            .t_with(
                "decisions-window-days",
                &[
                    ("min", min.unwrap_or(1).into()),
                    ("max", max.unwrap_or(0).into()),
                ],
            )
            .into_owned(),
    };
    section(
        ui.t("decisions-law-title"),
        html! {
            (facts([
                (ui.t("decisions-law-participation"), html! {
                    (share(ui, &asked.thresholds.participation_heads, &asked.thresholds.participation_area))
                    (clauses(ui, &asked.grounds, "thresholds", Some(&asked.thresholds.participation_heads.citation)))
                }),
                (ui.t("decisions-law-consent"), html! {
                    (share(ui, &asked.thresholds.consent_heads, &asked.thresholds.consent_area))
                    (clauses(ui, &asked.grounds, "thresholds", Some(&asked.thresholds.consent_heads.citation)))
                }),
                (ui.t("decisions-law-notice"), html! {
                    (ui.t_with("decisions-days", &[("days", asked.notice_days.into())]))
                    (clauses(ui, &asked.grounds, "notice", None))
                }),
                (ui.t("decisions-law-window"), html! { (window) (clauses(ui, &asked.grounds, "window", None)) }),
            ]))
            (grounds(ui, &asked.grounds))
        },
    )
}

/// The clauses that decided something, or the one of a threshold, named beside it; their words stand below.
fn clauses(
    ui: &Ui,
    grounds: &[crate::model::Ground],
    about: &str,
    just: Option<&String>,
) -> Markup {
    let mut named: Vec<(&str, bool)> = grounds
        .iter()
        .filter(|ground| ground.about == about && just.is_none_or(|just| *just == ground.citation))
        .map(|ground| (ground.citation.as_str(), ground.verified))
        .collect();
    named.dedup();
    html! {
        @for (source, verified) in named {
            br;
            small { (source) @if !verified { " " (web_ui::badge(Shade::Mist, ui.t("ui-unverified"))) } }
        }
    }
}

/// The clauses that were applied, folded by what they decided.
pub(super) fn grounds(ui: &Ui, grounds: &[crate::model::Ground]) -> Markup {
    html! {
        (web_ui::disclosure(ui.t("decisions-law-clauses"), html! {
            @for ground in grounds {
                (citation(ui, ground.citation.clone(), ground.verified)
                    .quote(ground.quote.clone())
                    .applies(ui.t(&format!("decisions-ground-{}", ground.about)).into_owned()))
            }
        }))
    }
}

fn share(
    ui: &Ui,
    heads: &ballot::resolution::Requirement,
    area: &ballot::resolution::Requirement,
) -> Markup {
    let words = |requirement: &ballot::resolution::Requirement| {
        let key = if requirement.strict {
            "decisions-more-than"
        } else {
            "decisions-at-least"
        };
        ui.t_with(key, &[("share", requirement.required.to_string().into())])
            .into_owned()
    };
    html! {
        (ui.t("decisions-by-heads")) " " strong { (words(heads)) } br;
        (ui.t("decisions-by-area")) " " strong { (words(area)) }
    }
}

pub(super) async fn confirm_publication(
    member: Member,
    Path((_, id)): Path<(CommunityId, ResolutionId)>,
) -> Result<Markup, Failure> {
    member.context()?.require(PUBLISH).map_err(Failure::from)?;
    let now = member.visitor.now;
    let (draft, asked, rules, refusal) = member
        .read(move |read, ctx| {
            let view = queries::view(read, ctx, id)?;
            let draft = view.resolution.draft;
            let community = people::queries::community(read, ctx.community)?;
            let asked =
                law::requirements(draft.matter, draft.meeting, &community.place, now.date())?;
            let rules = queries::rules(read, ctx)?;
            let refusal = law::terms(&draft, &community.place, now, rules.clone())
                .err()
                .map(Failure::from);
            Ok::<_, Error>((draft, asked, rules, refusal))
        })
        .await?;
    let ui = member.ui();
    let heading = Heading::new(ui.t("decisions-publish"))
        .crumb(member.path("decisions"), ui.t("decisions-title"))
        .crumb(path_of(&member, id), draft.title.clone());
    let Window { opens, closes } = draft.window;
    let unusual = is_unusual(draft.window, now)
        .then(|| Failure::from(Error::UnusualWindow { opens, closes }));
    let meant: &[(&str, &str)] = if unusual.is_some() {
        &[("confirmed", "true")]
    } else {
        &[]
    };
    Ok(ui.page(heading, html! {
        @if let Some(failure) = &refusal {
            (notice(&ui, Tone::Danger, html! { (failure.sentence(&ui.messages, ui.language)) })
                .action(link_button(member.path(&format!("decisions/{id}/edit")), ui.t("decisions-edit"))))
        }
        (requirements_part(&ui, &asked))
        (super::rules::rules_part(&ui, &rules))
        @if refusal.is_none() {
            (confirm(&ui, member.path(&format!("decisions/{id}/publish")), html! {
                p { strong { (draft.title) } }
                p { (ui.date_time(draft.window.opens.micros())) " – " (ui.date_time(draft.window.closes.micros())) }
                p { (ui.t("decisions-publish-freezes")) }
                @if let Some(unusual) = &unusual {
                    (notice(&ui, Tone::Danger, html! { (unusual.sentence(&ui.messages, ui.language)) }))
                }
            }, meant, button(ui.t("decisions-publish")).icon(Icon::Announcement), path_of(&member, id)))
        }
    }))
}

#[derive(Deserialize)]
pub(super) struct Meant {
    /// Whether the page had warned of an unusual window.
    #[serde(default)]
    confirmed: bool,
}

pub(super) async fn publish(
    member: Member,
    Path((_, id)): Path<(CommunityId, ResolutionId)>,
    Form(Meant { confirmed }): Form<Meant>,
) -> Result<Response, Failure> {
    member
        .execute(PublishResolution {
            resolution: id,
            is_confirmed: confirmed,
        })
        .await?;
    flash_to(
        &path_of(&member, id),
        FlashKey(Tone::Success, "decisions-flash-published"),
    )
}

pub(super) async fn confirm_withdrawal(
    member: Member,
    Path((_, id)): Path<(CommunityId, ResolutionId)>,
) -> Result<Markup, Failure> {
    member.context()?.require(DRAFT).map_err(Failure::from)?;
    let view = member
        .read(move |read, ctx| queries::view(read, ctx, id))
        .await?;
    let ui = member.ui();
    let heading = Heading::new(ui.t("decisions-withdraw"))
        .crumb(member.path("decisions"), ui.t("decisions-title"))
        .crumb(path_of(&member, id), view.resolution.draft.title.clone())
        .lead(ui.t("decisions-withdraw-lead"));
    Ok(ui.page(
        heading,
        html! {
            (form(&ui, member.path(&format!("decisions/{id}/withdraw")), html! {
                (textarea(&ui, "reason", ui.t("decisions-reason")).required())
            })
            .button(button(ui.t("decisions-withdraw")).danger())
            .button(link_button(path_of(&member, id), ui.t("decisions-back")).secondary()))
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
    Path((_, id)): Path<(CommunityId, ResolutionId)>,
    Form(Reason { reason }): Form<Reason>,
) -> Result<Response, Failure> {
    member
        .execute(WithdrawResolution {
            resolution: id,
            reason,
        })
        .await?;
    flash_to(
        &path_of(&member, id),
        FlashKey(Tone::Info, "decisions-flash-withdrawn"),
    )
}
