//! A consultation: the text by clause, what was said, and what became of it.

use axum::extract::{Path, Query};
use kernel::CommunityId;
use maud::{Markup, html};
use serde::Deserialize;
use shell::{Failure, Member};
use web_ui::{
    Column, Heading, Icon, Shade, Tone, Ui, badge, button, empty, facts, form, link_button, notice,
    pagination, section, table,
};

use super::say::{answer_form, comment_form, letter_form};
use super::version::versions_part;
use super::{name_of, path_of, stage_badge};
use crate::law;
use crate::model::{ANSWER, COMMENT, Channel, ConsultationId, DESK, DRAFT, Outcome, Stage};
use crate::queries::{self, View};
use crate::store::Comment;

type Of = Path<(CommunityId, ConsultationId)>;

#[derive(Deserialize)]
pub(super) struct Which {
    #[serde(default)]
    after: u32,
    clause: Option<u32>,
}

pub(super) async fn page(
    member: Member,
    Path((_, id)): Of,
    Query(which): Query<Which>,
) -> Result<Markup, Failure> {
    let Which { after, clause } = which;
    let view = member
        .read(move |read, ctx| queries::consultation(read, ctx, id, after, clause))
        .await?;
    let ui = member.ui();
    let draft = &view.one.draft;
    let heading = Heading::new(draft.title.clone())
        .crumb(member.path("consultations"), ui.t("consultation-title"))
        .status(stage_badge(&ui, view.stage));
    let takes = view.stage == Stage::Open && member.may(COMMENT);
    let is_public = view.stage != Stage::Draft;
    Ok(ui.page(
        heading,
        html! {
            (about(&member, &ui, &view)?)
            @if view.stage == Stage::Draft { (draft_actions(&member, &ui, id)) }
            @if takes { div id="say" { (comment_form(&member, &ui, &view, clause)) } }
            (section(ui.t("consultation-text"), html! {
                @for (place, text) in (1_u32..).zip(&draft.clauses) {
                    article id=(format!("clause-{place}")) {
                        @for line in text.lines() { p { (line) } }
                        @if is_public { (comments_on(&member, &ui, &view, place)) }
                    }
                }
            }))
            @if is_public {
                (versions_part(&member, &ui, &view))
                (report(&ui, &view))
                (comments(&member, &ui, &view, &which))
                @if member.may(ANSWER) { (answer_form(&member, &ui, &view)) }
                @if member.may(DESK) { (letter_form(&member, &ui, &view)) }
            }
        },
    ))
}

/// Who asks, why, until when, and by which law.
fn about(member: &Member, ui: &Ui, view: &View) -> Result<Markup, Failure> {
    let draft = &view.one.draft;
    let from = view.one.published_at;
    let asked = match from {
        Some(at) => law::period(draft.kind, at.date())?.grounds,
        None => Vec::new(),
    };
    let kind = format!("consultation-kind-{}", draft.kind.name());
    Ok(html! {
        @for paragraph in draft.about.lines().filter(|line| !line.trim().is_empty()) { p { (paragraph) } }
        (facts([
            (ui.t("consultation-department"), draft.department.clone()),
            (ui.t("consultation-kind"), ui.t(&kind).into_owned()),
            (ui.t("consultation-published"), from.map_or_else(String::new, |at| ui.date(at.micros()))),
            (ui.t("consultation-closes"), ui.date_time(draft.closes.micros())),
        ]))
        @for ground in &asked {
            p { small { (ground.citation) @if !ground.verified { " " (badge(Shade::Mist, ui.t("ui-unverified"))) } } }
        }
        @if view.stage == Stage::Open {
            p.quiet { (ui.t("consultation-anyone")) " " (member.visitor.app.settings().public_url) (path_of(member, view.one.id)) }
        }
        @if !draft.shortened.trim().is_empty() {
            (notice(ui, Tone::Info, html! { (draft.shortened) }).title(ui.t("consultation-shortened")))
        }
    })
}

fn draft_actions(member: &Member, ui: &Ui, id: ConsultationId) -> Markup {
    let path = path_of(member, id);
    html! {
        @if member.may(DRAFT) {
            (notice(ui, Tone::Info, html! { (ui.t("consultation-preview-text")) }).title(ui.t("consultation-preview")))
            (form(ui, format!("{path}/publication"), html! {})
                .button(button(ui.t("consultation-publish")).icon(Icon::Announcement))
                .button(link_button(format!("{path}/edit"), ui.t("consultation-edit")).secondary()))
        }
    }
}

fn comments_on(member: &Member, ui: &Ui, view: &View, place: u32) -> Markup {
    let of = view.counts.iter().filter(|(clause, _, _)| *clause == place);
    let many: u64 = of.map(|(_, _, number)| *number).sum();
    let is_any = many > 0;
    let said = ui.t_with("consultation-comments-here", &[("number", many.into())]);
    let path = path_of(member, view.one.id);
    html! {
        p {
            @if is_any { a href=(format!("{path}?clause={place}#comments")) { (said) } } @else { span.quiet { (said) } }
            @if view.stage == Stage::Open && member.may(COMMENT) {
                " · " a href=(format!("{path}?clause={place}#say")) { (ui.t("consultation-comment-here")) }
            }
        }
    }
}

/// What became of a comment, in the order of the report's columns.
pub(super) const BECAME: [&str; 5] = ["adopted", "partly", "not_adopted", "waiting", "withdrawn"];

fn report(ui: &Ui, view: &View) -> Markup {
    let clauses = &view.one.draft.clauses;
    let mut columns = vec![Column::text(ui.t("consultation-clause"))];
    let titles = BECAME.map(|became| ui.t(&format!("consultation-outcome-{became}")));
    columns.extend(titles.map(Column::number));
    let mut all = table(ui, ui.t("consultation-report"), columns);
    let places = (0_u32..).take(clauses.len() + 1);
    for place in places.filter(|place| view.counts.iter().any(|(at, _, _)| at == place)) {
        let mut cells = vec![html! { (name_of(ui, clauses, place)) }];
        cells.extend(BECAME.map(|became| html! { (view.count(Some(place), became)) }));
        all = all.row(cells);
    }
    let mut total = vec![html! { strong { (ui.t("consultation-total")) } }];
    total.extend(BECAME.map(|became| html! { strong { (view.count(None, became)) } }));
    section(ui.t("consultation-report"), html! { (all.row(total)) })
}

fn comments(member: &Member, ui: &Ui, view: &View, which: &Which) -> Markup {
    let path = path_of(member, view.one.id);
    let is_full = view.comments.len() == usize::try_from(queries::PAGE).unwrap_or(usize::MAX);
    let last = view.comments.last().filter(|_| is_full);
    let of = which
        .clause
        .map_or_else(String::new, |clause| format!("&clause={clause}"));
    let later = last.map(|last| format!("{path}?after={}{of}#comments", last.number));
    let first = (which.after > 0).then(|| format!("{path}?after=0{of}#comments"));
    html! {
        div id="comments" {
            (section(ui.t("consultation-comments"), html! {
                p {
                    (link_button(format!("{path}/export"), ui.t("consultation-export")).secondary().icon(Icon::Download).download()) " "
                    (link_button(format!("{path}/report"), ui.t("consultation-pdf")).secondary().icon(Icon::Download).download())
                }
                @if let Some(clause) = which.clause {
                    p { (name_of(ui, &view.one.draft.clauses, clause)) " · " a href=(format!("{path}#comments")) { (ui.t("consultation-all")) } }
                }
                @if view.comments.is_empty() {
                    (empty(Icon::Document, ui.t("consultation-no-comments")).text(ui.t("consultation-no-comments-text")))
                }
                @for comment in &view.comments { (one_comment(member, ui, view, comment)) }
                (pagination(ui, first.as_deref(), later.as_deref()))
            }))
        }
    }
}

fn one_comment(member: &Member, ui: &Ui, view: &View, comment: &Comment) -> Markup {
    let number = [("number", comment.number.into())];
    let account = member.context().ok().and_then(|ctx| ctx.actor.account_id());
    let is_own = comment.channel == Channel::Online
        && account.is_some_and(|account| account.uuid() == comment.by);
    let waits = comment.withdrawn.is_none() && comment.answered.is_none();
    let action = format!(
        "{}/comments/{}/withdrawal",
        path_of(member, view.one.id),
        comment.number
    );
    html! {
        article id=(format!("comment-{}", comment.number)) {
            p.quiet {
                (ui.t_with("consultation-comment-number", &number)) " · "
                (name_of(ui, &view.one.draft.clauses, comment.clause)) " · "
                (ui.t(&format!("consultation-channel-{}", comment.channel.name()))) " · "
                (ui.date(comment.received.micros()))
                @if is_own { " · " (ui.t("consultation-own")) }
            }
            @if let Some(at) = comment.withdrawn {
                p { s { (comment.text) } }
                p { (badge(Shade::Wall, ui.t("consultation-outcome-withdrawn"))) " " (ui.date_time(at.micros())) }
            } @else {
                p { (comment.text) }
            }
            @if let Some(same_as) = comment.same_as.filter(|_| member.may(ANSWER)) {
                p.quiet { (ui.t_with("consultation-same-as", &[("number", same_as.into())])) }
            }
            @if let Some(answer) = &comment.answered {
                p {
                    (badge(shade_of(answer.outcome), ui.t(&format!("consultation-outcome-{}", answer.outcome.name()))))
                    " " (answer.reason) " · " (ui.date(answer.at.micros()))
                }
            }
            @if is_own && waits && view.stage == Stage::Open {
                (form(ui, action, html! {}).button(button(ui.t("consultation-withdraw")).secondary()))
            }
        }
    }
}

const fn shade_of(outcome: Outcome) -> Shade {
    match outcome {
        Outcome::Adopted => Shade::Jade,
        Outcome::Partly => Shade::Tile,
        Outcome::NotAdopted => Shade::Wall,
    }
}
