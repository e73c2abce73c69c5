//! The page of one resolution: what it asks, where it stands, what this person can do now.

use axum::extract::Path;
use axum::response::Response;
use documents::{Column, Sheet};
use kernel::CommunityId;
use maud::{Markup, html};
use shell::{Failure, FlashKey, Member, Uploads, download, flash_to};
use web_ui::{
    Button, Heading, HistoryEntry, Icon, Shade, Step, StepState, Tone, Ui, actions, badge, button,
    facts, file_upload, form, history, link_button, needs_you, notice, row, rows, section,
    share_bar, timeline,
};

use super::draft::{grounds, matter_key};
use super::{path_of, stage_badge};
use crate::model::{
    ANNOUNCE, AttachmentId, CORRECT, COUNT, Channel, DELIVER, DRAFT, PUBLISH, RECORD_VOTE,
    ResolutionId, Stage,
};
use crate::queries::{self, View};
use crate::store::{OwnUnit, OwnVote};
use crate::{AddAttachment, RemoveAttachment};

pub(super) async fn page(
    member: Member,
    Path((_, id)): Path<(CommunityId, ResolutionId)>,
) -> Result<Markup, Failure> {
    let view = member
        .read(move |read, ctx| queries::view(read, ctx, id))
        .await?;
    let ui = member.ui();
    let draft = &view.resolution.draft;
    let mut heading = Heading::new(draft.title.clone())
        .crumb(member.path("decisions"), ui.t("decisions-title"))
        .status(stage_badge(&ui, view.stage));
    if let Some(publication) = &view.resolution.publication {
        heading = heading.lead(ui.t_with(
            "decisions-number",
            &[("number", publication.number.as_str().into())],
        ));
    }
    Ok(ui.page(heading, html! {
        (what_next(&member, &ui, &view))
        @if let Some(extension) = &view.resolution.extension { (super::extension::told(&ui, extension)) }
        (section(ui.t("decisions-text"), html! {
            @for paragraph in draft.body.lines().filter(|line| !line.trim().is_empty()) { p { (paragraph) } }
        }))
        (documents(&member, &ui, &view))
        (own_part(&member, &ui, &view))
        (turnout_part(&ui, &view))
        (terms_part(&ui, &view))
        (steps(&ui, &view))
        (organisers_part(&member, &ui, &view))
        (actions(html! {
            @if draft.matter == ballot::resolution::Matter::CommitteeElection && (super::ballot::has_names(&view) || member.may(DRAFT)) {
                (link_button(member.path(&format!("decisions/{id}/election")), ui.t("decisions-candidates")).secondary().icon(Icon::People))
            }
            @if view.resolution.publication.is_some() {
                (link_button(member.path(&format!("decisions/{id}/notice")), ui.t("decisions-notice")).quiet().icon(Icon::Document))
            }
            (link_button(member.path(&format!("decisions/{id}/history")), ui.t("decisions-history")).quiet())
        }))
    }))
}

/// The one thing that waits for this person, if there is one.
fn what_next(member: &Member, ui: &Ui, view: &View) -> Markup {
    let id = view.resolution.id;
    let link = |rest: &str, label: &str| {
        link_button(member.path(&format!("decisions/{id}/{rest}")), ui.t(label))
    };
    html! {
        @match view.stage {
            Stage::Voting => {
                @let to_vote: Vec<&OwnUnit> = view.own.iter()
                    .filter(|unit| unit.vote.is_none() && view.votable.contains(&unit.unit)).collect();
                @if let Some(unit) = to_vote.first() {
                    @let until = ui.t_with("decisions-vote-until", &[
                        ("unit", format!("{} {}", unit.building, unit.label).into()),
                        ("date", ui.date_time(view.resolution.draft.window.closes.micros()).into()),
                    ]);
                    (needs_you(ui, ui.t("decisions-your-vote"), html! { (until) " " (ui.countdown(view.resolution.draft.window.closes.micros())) },
                        link(&format!("ballot/{}", unit.unit), "decisions-vote-now").icon(Icon::Vote)))
                }
            }
            Stage::Objection | Stage::Settled | Stage::Announced => {
                @let passed = view.resolution.count.as_ref().is_some_and(|count| count.passed);
                (notice(ui, if passed { Tone::Success } else { Tone::Warning }, html! {
                    (ui.t(if passed { "decisions-passed-long" } else { "decisions-rejected-long" }))
                }).action(link("result", "decisions-see-result")))
            }
            Stage::Withdrawn => {
                @if let Some((at, reason)) = &view.resolution.withdrawal {
                    (notice(ui, Tone::Warning, html! {
                        (ui.t_with("decisions-withdrawn-on", &[("date", ui.date(at.micros()).into())])) " " (reason)
                    }))
                }
            }
            Stage::Draft | Stage::Notice | Stage::Closed => {}
        }
    }
}

fn documents(member: &Member, ui: &Ui, view: &View) -> Markup {
    let id = view.resolution.id;
    let may_attach = view.stage == Stage::Draft && member.may(DRAFT);
    html! {
        @if !view.attachments.is_empty() || may_attach {
            (section(ui.t("decisions-documents"), html! {
                (rows(view.attachments.iter().map(|file| {
                    row(member.path(&format!("decisions/{id}/attachments/{}", file.id)), file.name.clone())
                        .icon(Icon::Attachment)
                        .detail(ui.t_with(if file.purpose == "evidence" { "decisions-evidence-size" } else { "decisions-file-size" }, &[("kilobytes", file.size.div_ceil(1024).into())]))
                })))
                @if may_attach {
                    (form(ui, member.path(&format!("decisions/{id}/attachments")), html! {
                        (file_upload(ui, "file", ui.t("decisions-attach")).accept(".pdf,.doc,.docx,.xls,.xlsx,.jpg,.png").required())
                    }).multipart().button(button(ui.t("decisions-attach")).secondary().icon(Icon::Upload)))
                    @for file in &view.attachments {
                        (form(ui, member.path(&format!("decisions/{id}/attachments/{}/removal", file.id)), html! {})
                            .button(button(ui.t_with("decisions-detach", &[("name", file.name.as_str().into())])).quiet()))
                    }
                }
            }))
        }
    }
}

/// The person's own units: what stands for each, and the way to vote, change or prove it.
fn own_part(member: &Member, ui: &Ui, view: &View) -> Markup {
    if view.own.is_empty() {
        return html! {};
    }
    let may_change = view
        .resolution
        .publication
        .as_ref()
        .is_some_and(|publication| publication.terms.rules.vote_may_change);
    section(
        ui.t("decisions-own-units"),
        html! {
            @for unit in &view.own {
                (own_unit(member, ui, view, unit, may_change))
            }
        },
    )
}

fn own_unit(member: &Member, ui: &Ui, view: &View, unit: &OwnUnit, may_change: bool) -> Markup {
    let id = view.resolution.id;
    let votable = view.votable.contains(&unit.unit);
    let label = format!("{} {}", unit.building, unit.label);
    let ballot = member.path(&format!("decisions/{id}/ballot/{}", unit.unit));
    let mut buttons: Vec<Button> = Vec::new();
    if view.stage == Stage::Voting && votable && unit.vote.is_none() {
        buttons.push(link_button(ballot, ui.t("decisions-vote-now")).icon(Icon::Vote));
    } else if view.stage == Stage::Voting && votable && may_change {
        buttons.push(link_button(ballot, ui.t("decisions-change-vote")).secondary());
    }
    if unit.vote.is_some() {
        let receipt = member.path(&format!("decisions/{id}/receipt/{}", unit.unit));
        buttons.push(
            link_button(receipt, ui.t("decisions-receipt"))
                .secondary()
                .icon(Icon::Receipt),
        );
        let trace = member.path(&format!("decisions/{id}/units/{}", unit.unit));
        buttons.push(link_button(trace, ui.t("decisions-trace")).quiet());
    }
    let state = match &unit.vote {
        Some(vote) => ui.t_with(
            "decisions-own-voted",
            &[
                (
                    "choice",
                    super::election::said(ui, &vote.choice, vote.picks.as_deref()).into(),
                ),
                ("date", ui.date_time(vote.cast_at.micros()).into()),
            ],
        ),
        None if !votable => ui.t("decisions-own-not-voice"),
        None => ui.t("decisions-own-open"),
    };
    let card = web_ui::card(
        label,
        html! {
            (facts([
                (ui.t("decisions-own-area"), ui.area(unit.area.get())),
                (ui.t("decisions-own-vote"), state.into_owned()),
            ]))
            @if let Some(vote) = unit.vote.as_ref().filter(|vote| vote.channel != Channel::Electronic) {
                (recorded_by_hand(ui, vote))
            }
            @if !buttons.is_empty() { (actions(html! { @for button in &buttons { (button) } })) }
        },
    );
    html! { (card) }
}

/// How the vote came in beside the platform, and that it took the place of one cast here, if it did.
fn recorded_by_hand(ui: &Ui, vote: &OwnVote) -> Markup {
    let channel = ui.t(&format!("decisions-channel-{}", vote.channel.name()));
    if !vote.replaced_electronic {
        return html! { (facts([(ui.t("decisions-own-channel"), channel.into_owned())])) };
    }
    let received = ui.date_time(vote.cast_at.micros());
    let words = ui.t_with(
        "decisions-own-replaced",
        &[("channel", channel.into()), ("date", received.into())],
    );
    html! { (notice(ui, Tone::Danger, html! { (words) })) }
}

fn turnout_part(ui: &Ui, view: &View) -> Markup {
    let (Some(turnout), Some(publication)) = (view.turnout, &view.resolution.publication) else {
        return html! {};
    };
    let heads = &publication.terms.thresholds.participation_heads;
    let area = &publication.terms.thresholds.participation_area;
    let share = |required: units::Ratio| {
        (
            u64::try_from(required.num()).unwrap_or(0),
            u64::try_from(required.den()).unwrap_or(1),
        )
    };
    let hundredths = |area: units::Area| u64::try_from(area.get()).unwrap_or(0);
    section(
        ui.t("decisions-turnout"),
        html! {
            (share_bar(ui.t("decisions-turnout-heads"), u64::from(publication.heads))
                .part(Shade::Jade, ui.t("decisions-voted"), u64::from(turnout.heads), ui.number(i64::from(turnout.heads)))
                .threshold(ui, share(heads.required), heads.required.to_string(), None)
                .rest(ui.t("decisions-not-voted")))
            (share_bar(ui.t("decisions-turnout-area"), hundredths(publication.area))
                .part(Shade::Jade, ui.t("decisions-voted"), hundredths(turnout.area), ui.area(turnout.area.get()))
                .threshold(ui, share(area.required), area.required.to_string(), None)
                .rest(ui.t("decisions-not-voted")))
        },
    )
}

/// Under what it is decided: matter, window, electorate, rules and clauses.
fn terms_part(ui: &Ui, view: &View) -> Markup {
    let draft = &view.resolution.draft;
    let when = |at: kernel::Timestamp| html! { (ui.date_time(at.micros())) };
    section(
        ui.t("decisions-terms"),
        html! {
            (facts([
                (ui.t("decisions-matter"), html! { (ui.t(&matter_key(draft.matter))) }),
                (ui.t("decisions-field-opens"), when(draft.window.opens)),
                (ui.t("decisions-field-closes"), when(draft.window.closes)),
            ]))
            @if let Some(publication) = &view.resolution.publication {
                (facts([
                    (ui.t("decisions-electorate-units"), ui.number(i64::from(publication.units))),
                    (ui.t("decisions-electorate-heads"), ui.number(i64::from(publication.heads))),
                    (ui.t("decisions-electorate-area"), ui.area(publication.area.get())),
                ]))
                (super::rules::rules_part(ui, &publication.terms.rules))
                (grounds(ui, &publication.terms.grounds))
            }
        },
    )
}

fn steps(ui: &Ui, view: &View) -> Markup {
    let resolution = &view.resolution;
    let window = resolution.draft.window;
    let order = [
        Stage::Notice,
        Stage::Voting,
        Stage::Closed,
        Stage::Objection,
        Stage::Announced,
    ];
    let now = order.iter().position(|stage| {
        *stage == view.stage || (*stage == Stage::Objection && view.stage == Stage::Settled)
    });
    let date =
        |at: Option<kernel::Timestamp>| at.map(|at| ui.date(at.micros())).unwrap_or_default();
    let times = [
        date(
            resolution
                .publication
                .as_ref()
                .map(|publication| publication.published_at),
        ),
        date(Some(window.opens)),
        date(Some(window.closes)),
        date(
            resolution
                .count
                .as_ref()
                .map(|count| count.objections_until),
        ),
        date(resolution.announcement.as_ref().map(|(at, ..)| *at)),
    ];
    let steps = order
        .iter()
        .zip(times)
        .enumerate()
        .map(|(place, (stage, time))| {
            let state = match now {
                Some(now) if place < now => StepState::Done,
                Some(now) if place == now && *stage == Stage::Announced => StepState::Done,
                Some(now) if place == now => StepState::Current,
                _ if view.stage == Stage::Withdrawn => StepState::Stopped,
                _ => StepState::Upcoming,
            };
            Step::new(ui.t(&format!("decisions-step-{}", stage.name())), state)
                .detail(html! { (time) })
        });
    section(ui.t("decisions-course"), timeline(ui, steps))
}

/// What those who organise the vote can do now.
fn organisers_part(member: &Member, ui: &Ui, view: &View) -> Markup {
    let id = view.resolution.id;
    let link = |rest: &str, label: &str| {
        link_button(member.path(&format!("decisions/{id}/{rest}")), ui.t(label))
    };
    let mut buttons: Vec<Button> = Vec::new();
    let running = matches!(view.stage, Stage::Notice | Stage::Voting | Stage::Closed);
    if view.stage == Stage::Draft && member.may(DRAFT) {
        buttons.push(link("publish", "decisions-publish").icon(Icon::Announcement));
        buttons.push(link("edit", "decisions-edit").secondary().icon(Icon::Edit));
    }
    if running && member.may(DELIVER) {
        buttons.push(
            link("units", "decisions-units")
                .secondary()
                .icon(Icon::Building),
        );
    }
    if running && member.may(DELIVER) {
        buttons.push(link("turnout", "decisions-turnout-help").secondary());
    }
    if running && member.may(RECORD_VOTE) && view.stage != Stage::Notice {
        buttons.push(
            link("votes", "decisions-record-vote")
                .secondary()
                .icon(Icon::Edit),
        );
    }
    if running && member.may(DELIVER) {
        buttons.push(link("deliveries", "decisions-record-delivery").secondary());
    }
    let may_extend = view.stage == Stage::Voting && view.resolution.extension.is_none();
    let days = view.resolution.publication.as_ref();
    let days = days.map_or(0, |publication| publication.terms.rules.extension_days);
    if may_extend && days > 0 && member.may(PUBLISH) {
        buttons.push(link("extension", "decisions-extend").secondary());
    }
    let correctable = [
        Stage::Voting,
        Stage::Closed,
        Stage::Objection,
        Stage::Settled,
    ];
    if correctable.contains(&view.stage) && member.may(CORRECT) {
        buttons.push(link("corrections", "decisions-corrections").secondary());
    }
    if view.stage == Stage::Settled && member.may(ANNOUNCE) {
        buttons.push(link("announcement", "decisions-announce").icon(Icon::Announcement));
    }
    if matches!(view.stage, Stage::Draft | Stage::Notice | Stage::Voting) && member.may(PUBLISH) {
        buttons.push(link("withdraw", "decisions-withdraw").danger());
    }
    let evidence = running && member.may(RECORD_VOTE);
    let count = view.stage == Stage::Closed && member.may(COUNT);
    html! {
        @if count || !buttons.is_empty() {
            (section(ui.t("decisions-organise"), html! {
                @if count {
                    (form(ui, member.path(&format!("decisions/{id}/count")), html! { p { (ui.t("decisions-count-text")) } })
                        .button(button(ui.t("decisions-count")).icon(Icon::Check)))
                }
                (actions(html! { @for button in &buttons { (button) } }))
                @if evidence {
                    (form(ui, member.path(&format!("decisions/{id}/attachments")), html! {
                        (web_ui::hidden("purpose", "evidence"))
                        (file_upload(ui, "file", ui.t("decisions-attach-evidence"))
                            .hint(ui.t("decisions-attach-evidence-hint")).required())
                    }).multipart().button(button(ui.t("decisions-attach-evidence")).secondary().icon(Icon::Upload)))
                }
            }))
        }
        @if let Some(count) = &view.resolution.count {
            p.quiet { (ui.t("decisions-record-hash")) " " code { (crate::hex(&count.record_sha256)) } " "
                (badge(Shade::Wall, ui.t_with("decisions-entry", &[("position", count.position.into())]))) }
        }
    }
}

pub(super) async fn attach(
    member: Member,
    Path((_, id)): Path<(CommunityId, ResolutionId)>,
    mut uploads: Uploads,
) -> Result<Response, Failure> {
    let file = uploads
        .take_file("file")
        .ok_or_else(|| Failure::malformed("file"))?;
    let command = AddAttachment {
        resolution: id,
        evidence: uploads.text("purpose") == "evidence",
        name: file.name,
        media_type: file.media_type,
        content: file.content,
    };
    member.execute(command).await?;
    flash_to(
        &path_of(&member, id),
        FlashKey(Tone::Success, "decisions-flash-attached"),
    )
}

pub(super) async fn detach(
    member: Member,
    Path((_, resolution, attachment)): Path<(CommunityId, ResolutionId, AttachmentId)>,
) -> Result<Response, Failure> {
    member
        .execute(RemoveAttachment {
            resolution,
            attachment,
        })
        .await?;
    flash_to(
        &path_of(&member, resolution),
        FlashKey(Tone::Info, "decisions-flash-detached"),
    )
}

pub(super) async fn attachment(
    member: Member,
    Path((_, resolution, attachment)): Path<(CommunityId, ResolutionId, AttachmentId)>,
) -> Result<Response, Failure> {
    attachment_file(&member, resolution, attachment).await
}

/// An attachment to keep.
pub(crate) async fn attachment_file(
    member: &Member,
    resolution: ResolutionId,
    attachment: AttachmentId,
) -> Result<Response, Failure> {
    let (name, media_type, content) = member
        .read(move |read, ctx| queries::attachment(read, ctx, resolution, attachment))
        .await?;
    Ok(download(&name, &media_type, content))
}

/// An empty sheet whose name and columns are messages.
pub(super) fn sheet(ui: &Ui, name: &str, columns: &[&str]) -> Sheet {
    let column = |key: &&str| Column {
        title: ui.t(key).into_owned(),
        width: None,
    };
    Sheet {
        name: ui.t(name).into_owned(),
        columns: columns.iter().map(column).collect(),
        rows: Vec::new(),
    }
}

/// A sheet as an Excel file to keep.
pub(super) fn sheet_file(name: &str, sheet: Sheet) -> Result<Response, Failure> {
    const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
    let file = documents::write_xlsx(&[sheet])
        .map_err(|error| Failure::internal("the Excel file", &error))?;
    Ok(download(name, XLSX, file))
}

/// Everything that was done to a resolution, newest first, from the journal.
pub(super) async fn history_page(
    member: Member,
    Path((_, id)): Path<(CommunityId, ResolutionId)>,
) -> Result<Markup, Failure> {
    let (resolution, entries) = member
        .read(move |read, ctx| queries::history(read, ctx, id))
        .await?;
    let ui = member.ui();
    let heading = Heading::new(ui.t("decisions-history"))
        .crumb(member.path("decisions"), ui.t("decisions-title"))
        .crumb(path_of(&member, id), resolution.draft.title);
    let shown = entries.iter().map(|entry| {
        let actor = if entry.actor.is_nil() {
            ui.t("decisions-actor-linli")
        } else {
            ui.t("decisions-actor-member")
        };
        let what = ui
            .t(&format!("entry-{}", entry.kind.replace('.', "-")))
            .into_owned();
        HistoryEntry::new(entry.at.micros(), actor.into_owned(), html! { (what) })
            .position(entry.position)
    });
    Ok(ui.page(heading, history(&ui, shown)))
}
