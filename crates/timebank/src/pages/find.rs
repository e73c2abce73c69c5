//! What to help with: open requests that fit, each with the reasons.

use axum::extract::Path;
use axum::response::Response;
use kernel::CommunityId;
use maud::{Markup, html};
use shell::{Failure, Form, Member};
use web_ui::{Heading, Icon, Tone, button, checkbox, empty, form, link_button, notice};

use super::{Typed, again, done, form_errors, is_correctable, reasons, told};
use crate::model::RequestId;
use crate::{AcceptRequest, queries};

pub(super) async fn page(member: Member) -> Result<Markup, Failure> {
    find_page(&member, None).await
}

pub(super) async fn accept(
    member: Member,
    Path((_, request)): Path<(CommunityId, RequestId)>,
    Form(typed): Form<Typed>,
) -> Result<Response, Failure> {
    let for_team = typed.text("for_team") == "on";
    match member.execute(AcceptRequest { request, for_team }).await {
        Ok(_) => done(&member, "", "timebank-flash-accepted"),
        Err(failure) if is_correctable(&failure) => {
            let page = find_page(&member, Some(&failure)).await?;
            Ok(again(&failure, page))
        }
        Err(failure) => Err(failure),
    }
}

async fn find_page(member: &Member, failure: Option<&Failure>) -> Result<Markup, Failure> {
    let (open, mine) = member
        .read(|read, ctx| {
            let open = queries::open_requests(read, ctx)?;
            Ok::<_, crate::Error>((open, queries::mine(read, ctx)?))
        })
        .await?;
    let ui = member.ui();
    let errors = form_errors(&ui, failure);
    let heading = Heading::new(ui.t("timebank-find"))
        .crumb(member.path("timebank"), ui.t("timebank-title"))
        .lead(ui.t("timebank-find-lead"));
    let volunteer = mine.volunteer.as_ref();
    let is_fit = volunteer.and_then(|one| one.is_fit) == Some(true);
    let team = volunteer.and_then(|one| one.profile.team.clone());
    let enrol = link_button(
        member.path("timebank/volunteer"),
        ui.t("timebank-volunteer"),
    );
    Ok(ui.page(heading, html! {
        @if !errors.is_empty() { (web_ui::error_summary(&ui, &errors)) }
        @if volunteer.is_none() {
            (empty(Icon::Person, ui.t("timebank-not-volunteer")).text(ui.t("timebank-not-volunteer-text")).action(enrol))
        } @else {
            @if !is_fit { (notice(&ui, Tone::Info, ui.t("timebank-vetting-waits"))) }
            @if open.is_empty() { (empty(Icon::Check, ui.t("timebank-nothing-open"))) }
            @for (request, fit) in &open {
                div.card {
                    (told(&ui, request))
                    (reasons(&ui, &fit.reasons))
                    @if is_fit {
                        (form(&ui, member.path(&format!("timebank/requests/{}/acceptance", request.id)), html! {
                            @if let Some(team) = &team {
                                (checkbox(&ui, "for_team", ui.t_with("timebank-for-team", &[("team", team.as_str().into())])))
                            }
                        }).button(button(ui.t("timebank-accept")).icon(Icon::Check)))
                    }
                }
            }
        }
    }))
}
