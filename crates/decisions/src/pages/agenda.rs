//! Meetings: called, filled, published; one ballot with a choice for every matter, on the platform and on paper.

use std::collections::BTreeMap;

use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use ballot::resolution::{Choice, Matter};
use kernel::{CommunityId, Kind, Window};
use maud::{Markup, html};
use people::model::UnitId;
use serde::Deserialize;
use shell::{Failure, FlashKey, Form, Member, flash_to};
use web_ui::{
    FormErrors, Heading, Icon, Input, Tone, Ui, button, choices, empty, facts, field, form,
    link_button, notice, row, rows, section, select, textarea,
};

use super::draft::matter_key;
use super::{instant, local_time, stage_badge};
use crate::model::{
    AssemblyId, Call, DRAFT, Draft, MAX_TITLE, Meeting, PUBLISH, ResolutionId, Stage,
};
use crate::queries::{self, AssemblyView, View};
use crate::{
    AcknowledgeBallot, CallAssembly, CastVote, ChangeAssembly, Error, PublishAssembly, PutOnAgenda,
    TakeOffAgenda,
};

/// The path of a meeting's page.
pub(super) fn path_of(member: &Member, id: AssemblyId) -> String {
    member.path(&format!("decisions/meetings/{id}"))
}

pub(super) async fn read(member: &Member, id: AssemblyId) -> Result<AssemblyView, Failure> {
    member
        .read(move |read, ctx| queries::assembly(read, ctx, id))
        .await
}

pub(super) async fn page(
    member: Member,
    Path((_, id)): Path<(CommunityId, AssemblyId)>,
) -> Result<Markup, Failure> {
    let view = read(&member, id).await?;
    let ui = member.ui();
    let call = &view.assembly.call;
    let heading = Heading::new(call.title.clone())
        .crumb(member.path("decisions"), ui.t("decisions-title"))
        .lead(ui.t("decisions-assembly-lead"));
    let may_draft = member.may(DRAFT) && !view.is_published();
    Ok(ui.page(heading, html! {
        (to_vote(&member, &ui, &view))
        @if let Some(extension) = view.matters.iter().find_map(|matter| matter.resolution.extension.as_ref()) {
            (super::extension::told(&ui, extension))
        }
        (facts([
            (ui.t("decisions-meeting"), html! { (ui.t(&format!("decisions-meeting-{}", call.meeting.name()))) }),
            (ui.t("decisions-field-opens"), html! { (ui.date_time(call.window.opens.micros())) }),
            (ui.t("decisions-field-closes"), html! { (ui.date_time(closes(&view).micros())) }),
        ]))
        (section(ui.t("decisions-agenda"), html! {
            @if view.matters.is_empty() {
                (empty(Icon::Document, ui.t("decisions-agenda-empty")).text(ui.t("decisions-agenda-empty-text")))
            }
            (rows(view.matters.iter().enumerate().map(|(place, matter)| matter_row(&member, &ui, place, matter))))
            @if may_draft { (taking_off(&member, &ui, &view)) }
        }))
        @if may_draft { (adding(&member, &ui, id)) }
        (organisers(&member, &ui, &view))
    }))
}

/// When its votes close: later than called, if it was extended.
fn closes(view: &AssemblyView) -> kernel::Timestamp {
    let matters = view.matters.iter();
    matters
        .map(|matter| matter.resolution.draft.window.closes)
        .max()
        .unwrap_or(view.assembly.call.window.closes)
}

fn matter_row(member: &Member, ui: &Ui, place: usize, matter: &View) -> web_ui::Row {
    let resolution = &matter.resolution;
    let verdict = resolution.count.as_ref().map(|count| {
        if count.passed {
            "decisions-passed"
        } else {
            "decisions-rejected"
        }
    });
    row(
        member.path(&format!("decisions/{}", resolution.id)),
        format!("{}. {}", place + 1, resolution.draft.title),
    )
    .icon(Icon::Vote)
    .detail(html! {
        (ui.t(&matter_key(resolution.draft.matter)))
        @if let Some(verdict) = verdict { " · " strong { (ui.t(verdict)) } }
    })
    .status(stage_badge(ui, matter.stage))
}

/// The ballots of the actor's own units, filled in or not.
fn to_vote(member: &Member, ui: &Ui, view: &AssemblyView) -> Markup {
    let id = view.assembly.id;
    html! {
        @for (unit, label) in view.votable() {
            @let open = open_matters(view, unit).filter(|matter| vote_of(matter, unit).is_none()).count();
            @if open > 0 {
                @let text = ui.t_with("decisions-ballot-open", &[
                    ("unit", label.into()), ("count", open.into()), ("date", ui.date_time(closes(view).micros()).into()),
                ]);
                (web_ui::needs_you(ui, ui.t("decisions-your-vote"), html! { (text) },
                    link_button(member.path(&format!("decisions/meetings/{id}/ballot/{unit}")), ui.t("decisions-vote-now")).icon(Icon::Vote)))
            } @else {
                (notice(ui, Tone::Success, html! { (ui.t_with("decisions-ballot-done", &[("unit", label.into())])) })
                    .action(link_button(member.path(&format!("decisions/meetings/{id}/receipt/{unit}")), ui.t("decisions-receipt")).secondary().icon(Icon::Receipt)))
            }
        }
    }
}

/// The matters for which a unit can vote now.
fn open_matters(view: &AssemblyView, unit: UnitId) -> impl Iterator<Item = &View> {
    view.matters
        .iter()
        .filter(move |matter| matter.stage == Stage::Voting && matter.votable.contains(&unit))
}

/// What stands for a unit.
fn vote_of(matter: &View, unit: UnitId) -> Option<&crate::OwnVote> {
    let own = matter.own.iter().find(|own| own.unit == unit)?;
    own.vote.as_ref()
}

fn taking_off(member: &Member, ui: &Ui, view: &AssemblyView) -> Markup {
    html! {
        @for matter in &view.matters {
            @let resolution = &matter.resolution;
            (form(ui, member.path(&format!("decisions/meetings/{}/matters/{}/removal", view.assembly.id, resolution.id)), html! {})
                .button(button(ui.t_with("decisions-agenda-take-off", &[("title", resolution.draft.title.as_str().into())])).quiet()))
        }
    }
}

fn adding(member: &Member, ui: &Ui, id: AssemblyId) -> Markup {
    let mut matter = select(ui, "matter", ui.t("decisions-matter"))
        .hint(ui.t("decisions-matter-hint"))
        .required();
    for one in Matter::ALL {
        matter = matter.option(one.name(), ui.t(&matter_key(*one)));
    }
    section(
        ui.t("decisions-agenda-add"),
        form(
            ui,
            member.path(&format!("decisions/meetings/{id}/matters")),
            html! {
                (field(ui, "title", ui.t("decisions-field-title")).max_length(u32::try_from(MAX_TITLE).unwrap_or(u32::MAX)).required())
                (textarea(ui, "body", ui.t("decisions-field-body")).lines(5).hint(ui.t("decisions-field-body-hint")).required())
                (matter)
            },
        )
        .button(button(ui.t("decisions-agenda-add")).icon(Icon::Add)),
    )
}

/// What those who organise the meeting can do now.
fn organisers(member: &Member, ui: &Ui, view: &AssemblyView) -> Markup {
    let id = view.assembly.id;
    let link = |rest: &str, label: &str| {
        link_button(
            member.path(&format!("decisions/meetings/{id}/{rest}")),
            ui.t(label),
        )
    };
    let running = view
        .matters
        .iter()
        .any(|matter| matches!(matter.stage, Stage::Notice | Stage::Voting | Stage::Closed));
    let published = view.is_published();
    html! {
        (web_ui::actions(html! {
            @if published { (link("notice", "decisions-notice").secondary().icon(Icon::Document)) }
            @if !published && member.may(PUBLISH) && !view.matters.is_empty() {
                (link("publish", "decisions-publish").icon(Icon::Announcement))
            }
            @if !published && member.may(DRAFT) { (link("edit", "decisions-assembly-edit").secondary().icon(Icon::Edit)) }
            @if running && member.may(crate::model::RECORD_VOTE) { (link("votes", "decisions-record-ballot").secondary().icon(Icon::Edit)) }
            @if running && member.may(crate::model::DELIVER) { (link("deliveries", "decisions-record-delivery").secondary()) }
        }))
    }
}

/// The form of a meeting as typed.
#[derive(Clone, Default, Deserialize)]
pub(super) struct Typed {
    #[serde(default)]
    title: String,
    #[serde(default)]
    meeting: String,
    #[serde(default)]
    opens: String,
    #[serde(default)]
    closes: String,
}

impl Typed {
    fn call(&self) -> Result<Call, Failure> {
        Ok(Call {
            title: self.title.trim().to_owned(),
            meeting: Meeting::from_name(&self.meeting).ok_or(Error::Blank { field: "meeting" })?,
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
        title: String::new(),
        meeting: Meeting::Regular.name().to_owned(),
        opens: format!("{}T09:00", now.plus_days(16).date()),
        closes: format!("{}T18:00", now.plus_days(30).date()),
    };
    Ok(call_page(&member, None, &typed, None))
}

pub(super) async fn edit(
    member: Member,
    Path((_, id)): Path<(CommunityId, AssemblyId)>,
) -> Result<Markup, Failure> {
    member.context()?.require(DRAFT).map_err(Failure::from)?;
    let call = read(&member, id).await?.assembly.call;
    let typed = Typed {
        title: call.title,
        meeting: call.meeting.name().to_owned(),
        opens: local_time(call.window.opens),
        closes: local_time(call.window.closes),
    };
    Ok(call_page(&member, Some(id), &typed, None))
}

fn call_page(
    member: &Member,
    id: Option<AssemblyId>,
    typed: &Typed,
    failure: Option<&Failure>,
) -> Markup {
    let ui = member.ui();
    let errors = failure
        .map(|failure| failure.form_errors(&ui, "decisions", "closes"))
        .unwrap_or_default();
    let mut meeting = choices(&ui, "meeting", ui.t("decisions-meeting"))
        .selected(&typed.meeting)
        .required();
    for one in Meeting::ALL {
        let key = format!("decisions-meeting-{}", one.name());
        meeting = meeting.choice(web_ui::Choice::new(one.name(), ui.t(&key)));
    }
    let (title, action, back) = match id {
        Some(id) => (
            "decisions-assembly-edit",
            format!("{}/edit", path_of(member, id)),
            path_of(member, id),
        ),
        None => (
            "decisions-assembly-new",
            member.path("decisions/meetings"),
            member.path("decisions"),
        ),
    };
    let heading = Heading::new(ui.t(title))
        .crumb(member.path("decisions"), ui.t("decisions-title"))
        .lead(ui.t("decisions-assembly-new-lead"));
    ui.page(heading, html! {
        (form(&ui, action, html! {
            (field(&ui, "title", ui.t("decisions-field-title")).value(&typed.title)
                .hint(ui.t("decisions-assembly-title-hint"))
                .max_length(u32::try_from(MAX_TITLE).unwrap_or(u32::MAX)).error(errors.of("title")).required())
            (meeting)
            (field(&ui, "opens", ui.t("decisions-field-opens")).input(Input::DateTime).value(&typed.opens).error(errors.of("opens")).required())
            (field(&ui, "closes", ui.t("decisions-field-closes")).input(Input::DateTime).value(&typed.closes).error(errors.of("closes")).required())
        })
        .errors(&ui, &errors)
        .button(button(ui.t("decisions-save-draft")).icon(Icon::Check))
        .button(link_button(back, ui.t("decisions-back")).secondary()))
    })
}

pub(super) async fn create(member: Member, Form(typed): Form<Typed>) -> Result<Response, Failure> {
    let sent = match typed.call() {
        Ok(call) => member.execute(CallAssembly { call }).await,
        Err(failure) => Err(failure),
    };
    match sent {
        Ok(id) => flash_to(
            &path_of(&member, id),
            FlashKey(Tone::Success, "decisions-flash-called"),
        ),
        Err(failure) => refused(&member, None, &typed, failure),
    }
}

pub(super) async fn change(
    member: Member,
    Path((_, assembly)): Path<(CommunityId, AssemblyId)>,
    Form(typed): Form<Typed>,
) -> Result<Response, Failure> {
    let sent = match typed.call() {
        Ok(call) => member.execute(ChangeAssembly { assembly, call }).await,
        Err(failure) => Err(failure),
    };
    match sent {
        Ok(()) => flash_to(
            &path_of(&member, assembly),
            FlashKey(Tone::Success, "decisions-flash-changed"),
        ),
        Err(failure) => refused(&member, Some(assembly), &typed, failure),
    }
}

fn refused(
    member: &Member,
    id: Option<AssemblyId>,
    typed: &Typed,
    failure: Failure,
) -> Result<Response, Failure> {
    if failure.kind != Kind::Invalid {
        return Err(failure);
    }
    let page = call_page(member, id, typed, Some(&failure));
    Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
}

/// A matter as typed.
#[derive(Deserialize)]
pub(super) struct TypedMatter {
    #[serde(default)]
    title: String,
    #[serde(default)]
    body: String,
    #[serde(default)]
    matter: String,
}

pub(super) async fn put(
    member: Member,
    Path((_, assembly)): Path<(CommunityId, AssemblyId)>,
    Form(typed): Form<TypedMatter>,
) -> Result<Response, Failure> {
    let call = read(&member, assembly).await?.assembly.call;
    let matter = typed
        .matter
        .parse()
        .map_err(|_| Failure::from(Error::Blank { field: "matter" }))?;
    let draft = Draft {
        title: typed.title.trim().to_owned(),
        body: typed.body.trim().to_owned(),
        matter,
        meeting: call.meeting,
        window: call.window,
    };
    member.execute(PutOnAgenda { assembly, draft }).await?;
    flash_to(
        &path_of(&member, assembly),
        FlashKey(Tone::Success, "decisions-flash-on-agenda"),
    )
}

pub(super) async fn take_off(
    member: Member,
    Path((_, assembly, resolution)): Path<(CommunityId, AssemblyId, ResolutionId)>,
) -> Result<Response, Failure> {
    member.execute(TakeOffAgenda { resolution }).await?;
    flash_to(
        &path_of(&member, assembly),
        FlashKey(Tone::Info, "decisions-flash-off-agenda"),
    )
}

pub(super) async fn confirm_publication(
    member: Member,
    Path((_, id)): Path<(CommunityId, AssemblyId)>,
) -> Result<Markup, Failure> {
    member.context()?.require(PUBLISH).map_err(Failure::from)?;
    let view = read(&member, id).await?;
    let now = member.visitor.now;
    let ui = member.ui();
    let call = &view.assembly.call;
    let drafts: Vec<Draft> = view
        .matters
        .iter()
        .map(|matter| matter.resolution.draft.clone())
        .collect();
    let refusal = member
        .read(move |read, ctx| {
            let place = people::queries::community(read, ctx.community)?.place;
            let rules = queries::rules(read, ctx)?;
            let refusals = drafts
                .iter()
                .filter_map(|draft| crate::law::terms(draft, &place, now, rules.clone()).err());
            Ok::<_, Error>(refusals.map(Failure::from).next())
        })
        .await?;
    let Window { opens, closes } = call.window;
    let unusual = crate::model::is_unusual(call.window, now)
        .then(|| Failure::from(Error::UnusualWindow { opens, closes }));
    let meant: &[(&str, &str)] = if unusual.is_some() {
        &[("confirmed", "true")]
    } else {
        &[]
    };
    let heading = Heading::new(ui.t("decisions-publish"))
        .crumb(member.path("decisions"), ui.t("decisions-title"))
        .crumb(path_of(&member, id), call.title.clone());
    Ok(ui.page(heading, html! {
        @if let Some(failure) = &refusal {
            (notice(&ui, Tone::Danger, html! { (failure.sentence(&ui.messages, ui.language)) })
                .action(link_button(format!("{}/edit", path_of(&member, id)), ui.t("decisions-assembly-edit"))))
        } @else {
            (web_ui::confirm(&ui, format!("{}/publish", path_of(&member, id)), html! {
                p { strong { (call.title) } }
                ol { @for matter in &view.matters { li { (matter.resolution.draft.title) } } }
                p { (ui.date_time(opens.micros())) " – " (ui.date_time(closes.micros())) }
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
    #[serde(default)]
    confirmed: bool,
}

pub(super) async fn publish(
    member: Member,
    Path((_, assembly)): Path<(CommunityId, AssemblyId)>,
    Form(Meant { confirmed }): Form<Meant>,
) -> Result<Response, Failure> {
    let command = PublishAssembly {
        assembly,
        is_confirmed: confirmed,
    };
    member.execute(command).await?;
    flash_to(
        &path_of(&member, assembly),
        FlashKey(Tone::Success, "decisions-flash-published"),
    )
}

/// The ballot of one unit, a choice for every matter. Opening it is its delivery, so the first opening is journalled.
pub(super) async fn ballot(
    member: Member,
    Path((_, id, unit)): Path<(CommunityId, AssemblyId, UnitId)>,
) -> Result<Markup, Failure> {
    let view = read(&member, id).await?;
    let open: Vec<&View> = open_matters(&view, unit).collect();
    if open.is_empty() {
        return Err(closed_to(&view, unit).into());
    }
    for matter in &open {
        let resolution = matter.resolution.id;
        let first = member
            .read(move |read, ctx| queries::first_opening(read, ctx, resolution, unit))
            .await?;
        if first {
            member
                .execute(AcknowledgeBallot { resolution, unit })
                .await?;
        }
    }
    Ok(ballot_page(&member, &view, unit, &open))
}

/// Why a unit has no ballot to fill in.
fn closed_to(view: &AssemblyView, unit: UnitId) -> Error {
    let Window { opens, .. } = view.assembly.call.window;
    let owned = view
        .matters
        .iter()
        .any(|matter| matter.own.iter().any(|own| own.unit == unit));
    let may = view
        .matters
        .iter()
        .any(|matter| matter.votable.contains(&unit));
    let coming = view
        .matters
        .iter()
        .any(|matter| matter.stage == Stage::Notice);
    match (owned, may, coming) {
        (false, ..) => Error::NotYourUnit,
        (true, false, _) => Error::NotTheVoice,
        (true, true, true) => Error::NotOpenYet { opens },
        (true, true, false) => Error::VoteOver {
            closes: closes(view),
        },
    }
}

fn ballot_page(member: &Member, view: &AssemblyView, unit: UnitId, open: &[&View]) -> Markup {
    let ui = member.ui();
    let id = view.assembly.id;
    let label = open.iter().find_map(|matter| {
        let own = matter.own.iter().find(|own| own.unit == unit)?;
        Some(format!("{} {}", own.building, own.label))
    });
    let heading = Heading::new(view.assembly.call.title.clone())
        .crumb(member.path("decisions"), ui.t("decisions-title"))
        .crumb(path_of(member, id), ui.t("decisions-assembly"))
        .lead(label.unwrap_or_default());
    let terms = open.iter().find_map(|matter| {
        let publication = matter.resolution.publication.as_ref();
        publication.map(|publication| &publication.terms)
    });
    ui.page(heading, html! {
        @if let Some(terms) = terms {
            (notice(&ui, Tone::Info, html! {
                (ui.t("decisions-ballot-partial")) " "
                (ui.t(&format!("decisions-silence-{}-warning", terms.rules.silence.name()))) " "
                (ui.t(if terms.rules.vote_may_change { "decisions-may-change" } else { "decisions-no-change" }))
            }))
        }
        (form(&ui, format!("{}/ballot/{unit}", path_of(member, id)), html! {
            @for (place, matter) in open.iter().enumerate() {
                (matter_choice(member, &ui, place, matter, unit))
            }
        })
        .button(button(ui.t("decisions-cast")).icon(Icon::Vote).wide())
        .button(link_button(path_of(member, id), ui.t("decisions-back")).secondary()))
    })
}

/// One matter on the ballot: its words, and the choice.
fn matter_choice(member: &Member, ui: &Ui, place: usize, matter: &View, unit: UnitId) -> Markup {
    let resolution = &matter.resolution;
    let election = member.path(&format!("decisions/{}/ballot/{unit}", resolution.id));
    let rules = resolution
        .publication
        .as_ref()
        .map(|publication| publication.terms.rules.clone())
        .unwrap_or_default();
    let standing = vote_of(matter, unit);
    let title = format!("{}. {}", place + 1, resolution.draft.title);
    section(
        html! { (title) },
        html! {
            @for paragraph in resolution.draft.body.lines().filter(|line| !line.trim().is_empty()) { p { (paragraph) } }
            @if super::ballot::has_names(matter) {
                (web_ui::actions(link_button(election.clone(), ui.t("decisions-agenda-election")).icon(Icon::Vote)))
            } @else { @match standing {
                Some(vote) if !rules.vote_may_change => {
                    p { strong { (ui.t("decisions-own-vote")) " " (ui.t(&format!("decisions-choice-{}", vote.choice))) } }
                }
                _ => (choice_field(ui, resolution.id, &title, rules.follow_allowed, standing.map(|vote| vote.choice.as_str())))
            } }
        },
    )
}

/// The choices of one matter, none of which must be taken.
pub(super) fn choice_field(
    ui: &Ui,
    resolution: ResolutionId,
    title: &str,
    may_follow: bool,
    chosen: Option<&str>,
) -> web_ui::Choices {
    let offered = [
        (Choice::For, Icon::Check),
        (Choice::Against, Icon::Cross),
        (Choice::Abstain, Icon::Abstain),
    ];
    let follow = may_follow.then_some((Choice::Follow, Icon::Follow));
    let mut cards = choices(
        ui,
        format!("choice-{resolution}"),
        format!("{title} · {}", ui.t("decisions-ballot-question")),
    );
    for (choice, icon) in offered.into_iter().chain(follow) {
        let key = format!("decisions-choice-{}", choice.name());
        cards = cards.choice(web_ui::Choice::new(choice.name(), ui.t(&key)).icon(icon));
    }
    match chosen {
        Some(chosen) => cards.selected(chosen),
        None => cards,
    }
}

/// The choices of a ballot as typed, by matter; blanks are left out.
pub(super) fn chosen(
    view: &AssemblyView,
    typed: &BTreeMap<String, String>,
) -> Result<Vec<(ResolutionId, Choice)>, Failure> {
    let mut chosen = Vec::new();
    for matter in &view.matters {
        let id = matter.resolution.id;
        match typed.get(&format!("choice-{id}")).map(String::as_str) {
            None | Some("") => {}
            Some(name) => {
                let choice = name
                    .parse()
                    .map_err(|_| Failure::from(Error::Blank { field: "choice" }))?;
                chosen.push((id, choice));
            }
        }
    }
    if chosen.is_empty() {
        return Err(Error::BlankBallot.into());
    }
    Ok(chosen)
}

/// Casts what was chosen, matter by matter: each has its own entry and receipt. What is refused is told beside what was
/// taken.
pub(super) async fn cast(
    member: Member,
    Path((_, id, unit)): Path<(CommunityId, AssemblyId, UnitId)>,
    Form(typed): Form<BTreeMap<String, String>>,
) -> Result<Response, Failure> {
    let view = read(&member, id).await?;
    let mut refused = Vec::new();
    for (resolution, choice) in chosen(&view, &typed)? {
        let standing = view
            .matters
            .iter()
            .find(|matter| matter.resolution.id == resolution)
            .and_then(|matter| vote_of(matter, unit));
        if standing.is_some_and(|vote| vote.choice == choice.name()) {
            continue;
        }
        let vote = CastVote {
            resolution,
            unit,
            choice,
        };
        if let Err(failure) = member.execute_together(vote).await {
            refused.push((resolution, failure));
        }
    }
    if refused.is_empty() {
        return flash_to(
            &format!("{}/receipt/{unit}", path_of(&member, id)),
            FlashKey(Tone::Success, "decisions-flash-voted"),
        );
    }
    let view = read(&member, id).await?;
    let page = receipt_of(&member, &view, unit, &refused);
    Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
}

pub(super) async fn receipt(
    member: Member,
    Path((_, id, unit)): Path<(CommunityId, AssemblyId, UnitId)>,
) -> Result<Markup, Failure> {
    let view = read(&member, id).await?;
    let owned = view
        .matters
        .iter()
        .any(|matter| matter.own.iter().any(|own| own.unit == unit));
    if !owned {
        return Err(Error::NotYourUnit.into());
    }
    Ok(receipt_of(&member, &view, unit, &[]))
}

/// One page of receipts: every matter with what stands for it and its code, blanks said.
fn receipt_of(
    member: &Member,
    view: &AssemblyView,
    unit: UnitId,
    refused: &[(ResolutionId, Failure)],
) -> Markup {
    let ui = member.ui();
    let id = view.assembly.id;
    let heading = Heading::new(ui.t("decisions-receipt"))
        .crumb(member.path("decisions"), ui.t("decisions-title"))
        .crumb(path_of(member, id), view.assembly.call.title.clone())
        .lead(ui.t("decisions-receipts-lead"));
    ui.page(heading, html! {
        @for matter in &view.matters {
            @let resolution = &matter.resolution;
            @let title = resolution.draft.title.clone();
            @let failure = refused.iter().find(|(id, _)| *id == resolution.id);
            @if let Some((_, failure)) = failure {
                (notice(&ui, Tone::Danger, html! { (failure.sentence(&ui.messages, ui.language)) }).title(title.clone()))
            }
            @match vote_of(matter, unit) {
                Some(vote) => {
                    (web_ui::receipt(&ui, title, vote.code.replace('-', ""))
                        .fact(ui.t("decisions-own-vote"), html! { strong { (ui.t(&format!("decisions-choice-{}", vote.choice))) } })
                        .fact(ui.t("decisions-cast-at"), ui.moment(vote.cast_at.micros()))
                        .fact(ui.t("decisions-journal-entry"), vote.position.to_string())
                        .download(member.path(&format!("decisions/{}/receipt/{unit}/file", resolution.id)))
                        .check(member.path(&format!("decisions/{}/check?code={}", resolution.id, vote.code))))
                }
                None if failure.is_none() => {
                    (notice(&ui, Tone::Warning, html! { (ui.t("decisions-ballot-blank")) }).title(title))
                }
                None => {}
            }
        }
        (web_ui::actions(link_button(path_of(member, id), ui.t("decisions-back")).secondary()))
    })
}

/// Shared by the forms of paper ballots: the unit with its errors.
pub(super) fn unit_fields(ui: &Ui, building: &str, unit: &str, errors: &FormErrors) -> Markup {
    html! {
        (field(ui, "building", ui.t("decisions-building")).value(building).error(errors.of("building")).required())
        (field(ui, "unit", ui.t("decisions-own-unit")).value(unit).required())
    }
}
