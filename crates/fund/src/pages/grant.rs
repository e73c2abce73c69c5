//! One project: what is planned, what reviewers said, its tranches with their evidence, and what may be done with it.

use axum::extract::Path;
use axum::response::Response;
use kernel::CommunityId;
use maud::{Markup, html};
use shell::{Failure, Form, Member, Uploads};
use web_ui::{
    Heading, Icon, Shade, Ui, badge, button, checkbox, disclosure, facts, field, file_upload, form,
    prose, section, share_bar, textarea,
};

use super::{
    Typed, done, entries, evidence, files, grant_badge, in_yuan, measure, purse_name, sources, word,
};
use crate::model::{GrantId, MANAGE, RECORD, REVIEW, TrancheId, fen};
use crate::queries::{self, GrantView, TrancheView};
use crate::{CheckEvidence, DecideGrant, EndGrant, PayTranche, ReviewGrant, SubmitEvidence};

type Of = Path<(CommunityId, GrantId)>;
type OfTranche = Path<(CommunityId, TrancheId)>;

pub(super) async fn page(member: Member, Path((_, id)): Of) -> Result<Markup, Failure> {
    let view = member
        .read(move |read, ctx| queries::grant(read, ctx, id))
        .await?;
    let ui = member.ui();
    let grant = &view.grant;
    let heading = Heading::new(grant.title.clone())
        .crumb(member.path("fund"), ui.t("fund-title"))
        .crumb(member.path("fund/grants"), ui.t("fund-projects"))
        .status(grant_badge(&ui, grant));
    Ok(ui.page(heading, html! {
        (money(&ui, &view))
        (told(&member, &ui, &view))
        (section(ui.t("fund-tranches"), html! {
            @for tranche in &view.tranches { div.card { (tranche_card(&member, &ui, &view, tranche)) } }
        }))
        (reviews(&member, &ui, &view))
        (decision(&member, &ui, &view))
        (section(ui.t("fund-in-journal"), entries(&ui, &view.entries)))
    }))
}

/// Of what was granted: paid, held, freed.
fn money(ui: &Ui, view: &GrantView) -> Markup {
    let (paid, held) = (view.paid(), view.held());
    let bar = share_bar(ui.t("fund-amount"), measure(view.grant.amount))
        .part(
            Shade::Tile,
            ui.t("fund-paid"),
            measure(paid),
            ui.money(paid),
        )
        .part(
            Shade::Sand,
            ui.t("fund-held"),
            measure(held),
            ui.money(held),
        );
    html! { (bar) }
}

fn told(member: &Member, ui: &Ui, view: &GrantView) -> Markup {
    let grant = &view.grant;
    let mut lines = vec![
        (ui.t("fund-amount"), html! { (ui.money(grant.amount)) }),
        (ui.t("fund-field-who"), html! { (grant.who) }),
        (
            ui.t("fund-purse"),
            html! { a href=(member.path(&format!("fund/purses/{}", grant.purse))) {
            (purse_name(ui, grant.purse, view.purpose.as_deref())) } },
        ),
        (
            ui.t("fund-applied-at"),
            html! { (ui.date(grant.applied_at.micros())) },
        ),
    ];
    if let Some((round, proposal)) = grant.vote {
        let href = member.path(&format!("budgets/{round}/proposals/{proposal}"));
        let text = ui.t("fund-by-vote");
        lines.push((ui.t("fund-decided"), html! { a href=(href) { (text) } }));
    }
    if let (Some(at), Some(reason)) = (grant.decided_at, &grant.reason) {
        let text = format!("{} · {reason}", ui.date(at.micros()));
        lines.push((ui.t("fund-decided"), html! { (text) }));
    }
    if let (Some(at), Some(reason)) = (grant.ended_at, &grant.end_reason) {
        let text = format!("{} · {reason}", ui.date(at.micros()));
        lines.push((ui.t("fund-ended"), html! { (text) }));
    }
    html! { (facts(lines)) (prose(grant.plan.clone())) }
}

fn tranche_card(member: &Member, ui: &Ui, view: &GrantView, shown: &TrancheView) -> Markup {
    let tranche = &shown.tranche;
    let shade = match tranche.stage() {
        "paid" => Shade::Tile,
        "met" => Shade::Jade,
        "submitted" => Shade::Mist,
        "not-met" => Shade::Sand,
        _ => Shade::Wall,
    };
    html! {
        p {
            strong { (ui.number(tranche.place)) ". " (tranche.title) } " · " (ui.money(tranche.amount)) " "
            (badge(shade, word(ui, "tranche", tranche.stage())))
        }
        @if let Some(note) = &tranche.note { p { (note) } }
        (files(member, ui, &shown.files))
        @if let (Some(at), Some(reason)) = (tranche.checked_at, &tranche.check_reason) {
            p { (ui.t("fund-checked")) " " (ui.date(at.micros())) " · " (reason) }
        }
        @if let (Some(at), Some(paid)) = (tranche.paid_at, tranche.paid) {
            p { (ui.t("fund-paid")) " " (ui.money(paid)) " · " (ui.date_time(at.micros())) }
        }
        (sources(member, ui, &shown.sources))
        @if view.grant.is_running() && tranche.paid_at.is_none() { (tranche_acts(member, ui, view, shown)) }
    }
}

fn tranche_acts(member: &Member, ui: &Ui, view: &GrantView, shown: &TrancheView) -> Markup {
    let tranche = &shown.tranche;
    let to = |rest: &str| member.path(&format!("fund/tranches/{}/{rest}", tranche.id));
    let may_show = view.is_own || member.may(RECORD);
    html! {
        @if may_show && tranche.is_met != Some(true) {
            (disclosure(ui.t("fund-submit"), form(ui, to("evidence"), html! {
                (textarea(ui, "note", ui.t("fund-field-note")).lines(2).max_length(2_000).required())
                (file_upload(ui, "file", ui.t("fund-field-file")).hint(ui.t("fund-open-file-hint")).required())
            }).multipart().button(button(ui.t("fund-submit")).icon(Icon::Upload))))
        }
        @if member.may(REVIEW) && tranche.stage() == "submitted" && !view.is_own {
            (disclosure(ui.t("fund-check"), form(ui, to("check"), html! {
                (checkbox(ui, "met", ui.t("fund-field-met")))
                (textarea(ui, "reason", ui.t("fund-field-reason")).lines(2).max_length(2_000).required())
            }).button(button(ui.t("fund-check")).secondary())))
        }
        @if member.may(RECORD) && tranche.stage() == "met" && !view.is_own {
            (disclosure(ui.t("fund-pay"), form(ui, to("payment"), html! {
                (field(ui, "amount", ui.t("fund-field-amount")).value(in_yuan(tranche.amount)).suffix(ui.t("fund-yuan")).required())
                (field(ui, "reference", ui.t("fund-field-reference")).max_length(40).required())
            }).button(button(ui.t("fund-pay")).icon(Icon::Check))))
        }
    }
}

fn reviews(member: &Member, ui: &Ui, view: &GrantView) -> Markup {
    let to = member.path(&format!("fund/grants/{}/reviews", view.grant.id));
    let is_open = view.grant.decided_at.is_none();
    html! {
        @if is_open || !view.reviews.is_empty() {
            (section(ui.t("fund-reviews"), html! {
                @if view.reviews.is_empty() { p { (ui.t("fund-no-reviews")) } }
                @for review in &view.reviews {
                    div.card {
                        p {
                            @if review.is_fit { (badge(Shade::Jade, ui.t("fund-fit"))) } @else { (badge(Shade::Sand, ui.t("fund-unfit"))) }
                            " " (ui.date(review.made_at.micros()))
                        }
                        p { (review.reason) }
                    }
                }
                @if is_open && member.may(REVIEW) && !view.is_own {
                    (form(ui, to, html! {
                        (checkbox(ui, "fit", ui.t("fund-field-fit")))
                        (textarea(ui, "reason", ui.t("fund-field-reason")).lines(2).max_length(2_000).required())
                    }).button(button(ui.t("fund-review")).secondary()))
                }
            }))
        }
    }
}

/// What the committee decides: to approve or refuse, and to end.
fn decision(member: &Member, ui: &Ui, view: &GrantView) -> Markup {
    let to = |rest: &str| member.path(&format!("fund/grants/{}/{rest}", view.grant.id));
    let reason = || {
        textarea(ui, "reason", ui.t("fund-field-reason"))
            .lines(2)
            .max_length(2_000)
            .required()
    };
    html! {
        @if member.may(MANAGE) && !view.is_own {
            @if view.grant.decided_at.is_none() {
                (section(ui.t("fund-decide"), form(ui, to("decision"), html! {
                    p { (ui.t("fund-decide-text")) }
                    (checkbox(ui, "approved", ui.t("fund-field-approved")))
                    (reason())
                }).button(button(ui.t("fund-decide")))))
            }
            @if view.grant.is_running() {
                (disclosure(ui.t("fund-end-grant"), form(ui, to("end"), html! {
                    p { (ui.t_with("fund-end-text", &[("amount", ui.money(view.held()).into())])) }
                    (checkbox(ui, "finished", ui.t("fund-field-finished")))
                    (reason())
                }).button(button(ui.t("fund-end-grant")).danger())))
            }
        }
    }
}

fn back(member: &Member, grant: GrantId, flash: &'static str) -> Result<Response, Failure> {
    done(member, &format!("/grants/{grant}"), flash)
}

pub(super) async fn review(
    member: Member,
    Path((_, grant)): Of,
    Form(typed): Form<Typed>,
) -> Result<Response, Failure> {
    let command = ReviewGrant {
        grant,
        is_fit: typed.text("fit") == "on",
        reason: typed.text("reason").to_owned(),
    };
    member.execute(command).await?;
    back(&member, grant, "fund-flash-reviewed")
}

pub(super) async fn decide(
    member: Member,
    Path((_, grant)): Of,
    Form(typed): Form<Typed>,
) -> Result<Response, Failure> {
    let command = DecideGrant {
        grant,
        is_approved: typed.text("approved") == "on",
        reason: typed.text("reason").to_owned(),
    };
    member.execute(command).await?;
    back(&member, grant, "fund-flash-decided")
}

pub(super) async fn end(
    member: Member,
    Path((_, grant)): Of,
    Form(typed): Form<Typed>,
) -> Result<Response, Failure> {
    let command = EndGrant {
        grant,
        is_finished: typed.text("finished") == "on",
        reason: typed.text("reason").to_owned(),
    };
    member.execute(command).await?;
    back(&member, grant, "fund-flash-ended")
}

/// The grant of a tranche, to come back to its page.
async fn grant_of(member: &Member, tranche: TrancheId) -> Result<GrantId, Failure> {
    member
        .read(move |read, ctx| queries::grant_of_tranche(read, ctx, tranche))
        .await
}

pub(super) async fn submit(
    member: Member,
    Path((_, tranche)): OfTranche,
    mut uploads: Uploads,
) -> Result<Response, Failure> {
    let command = SubmitEvidence {
        tranche,
        note: uploads.text("note").to_owned(),
        evidence: evidence(&mut uploads),
    };
    member.execute(command).await?;
    back(
        &member,
        grant_of(&member, tranche).await?,
        "fund-flash-submitted",
    )
}

pub(super) async fn check(
    member: Member,
    Path((_, tranche)): OfTranche,
    Form(typed): Form<Typed>,
) -> Result<Response, Failure> {
    let command = CheckEvidence {
        tranche,
        is_met: typed.text("met") == "on",
        reason: typed.text("reason").to_owned(),
    };
    member.execute(command).await?;
    back(
        &member,
        grant_of(&member, tranche).await?,
        "fund-flash-checked",
    )
}

pub(super) async fn pay(
    member: Member,
    Path((_, tranche)): OfTranche,
    Form(typed): Form<Typed>,
) -> Result<Response, Failure> {
    let command = PayTranche {
        tranche,
        amount: Some(fen("amount", typed.text("amount"))?),
        reference: typed.text("reference").to_owned(),
    };
    member.execute(command).await?;
    back(
        &member,
        grant_of(&member, tranche).await?,
        "fund-flash-paid",
    )
}
