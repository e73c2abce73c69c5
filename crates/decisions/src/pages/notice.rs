//! The notice of a vote, to read, print and post.

use axum::extract::Path;
use axum::response::Response;
use kernel::CommunityId;
use maud::{Markup, html};
use shell::{Failure, Member, download};
use web_ui::{Heading, Icon, link_button, qr_code};

use super::{path_of, stage_badge};
use crate::model::ResolutionId;
use crate::notice::{issued_on, notice_document, notice_lines};
use crate::{Error, queries};

/// Where the ballot of a vote is: what the code on its notice holds.
pub(super) fn address_of(member: &Member, id: ResolutionId) -> String {
    let site = member.app().settings().public_url.trim_end_matches('/');
    format!("{site}{}", path_of(member, id))
}

pub(super) async fn page(
    member: Member,
    Path((_, id)): Path<(CommunityId, ResolutionId)>,
) -> Result<Markup, Failure> {
    let view = member
        .read(move |read, ctx| queries::view(read, ctx, id))
        .await?;
    let stage = view.stage;
    let publication = view.resolution.publication.as_ref();
    let publication = publication.ok_or(Error::WrongStage {
        stage,
        needed: "a publication",
    })?;
    let ui = member.ui();
    let heading = Heading::new(ui.t("decisions-notice"))
        .crumb(member.path("decisions"), ui.t("decisions-title"))
        .crumb(path_of(&member, id), view.resolution.draft.title.clone())
        .status(stage_badge(&ui, stage));
    let issued = web_ui::date(
        web_ui::Language::Zh,
        issued_on(&view.resolution, publication).micros(),
    );
    Ok(ui.page(heading, html! {
        div lang="zh-CN" {
            (web_ui::announcement(&ui, format!("{}业主大会会议通知", member.face.name), html! {
                p { strong { (view.resolution.draft.title) } }
                @for line in notice_lines(&view.resolution, publication) { p { (line) } }
                (qr_code(&address_of(&member, id), "扫码投票"))
            })
            .number(publication.number.clone())
            .signed(format!("{}业主委员会", member.face.name), issued))
        }
        (web_ui::actions(link_button(member.path(&format!("decisions/{id}/notice/file")), ui.t("decisions-notice-pdf")).secondary().icon(Icon::Download).download()))
    }))
}

pub(super) async fn file(
    member: Member,
    Path((_, id)): Path<(CommunityId, ResolutionId)>,
) -> Result<Response, Failure> {
    notice_pdf(&member, id).await
}

/// The notice to print and post.
pub(crate) async fn notice_pdf(member: &Member, id: ResolutionId) -> Result<Response, Failure> {
    let view = member
        .read(move |read, ctx| queries::view(read, ctx, id))
        .await?;
    let stage = view.stage;
    let publication = view.resolution.publication.as_ref();
    let publication = publication.ok_or(Error::WrongStage {
        stage,
        needed: "a publication",
    })?;
    let address = address_of(member, id);
    let document = notice_document(&view.resolution, publication, &member.face.name, &address);
    let pdf = documents::to_pdf(&document).map_err(|error| Failure::internal("the PDF", &error))?;
    Ok(download(
        &format!("notice-{id}.pdf"),
        "application/pdf",
        pdf,
    ))
}
