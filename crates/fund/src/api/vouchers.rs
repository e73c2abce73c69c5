//! Vouchers: recorded with their slip, confirmed, returned, changed; their receipts and files.

use axum::Json;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use kernel::CommunityId;
use serde::{Deserialize, Serialize};
use shell::{App, Failure, Member, ProblemDetails, Uploads, download};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::{FundMade, evidence, parsed_day};
use crate::model::{
    Display, DonorTerms, FileId, Means, Purse, VoucherId, VoucherKind, VoucherTerms,
};
use crate::queries::{self, Giver, VoucherView};
use crate::{ChangePurpose, ConfirmVoucher, Error, RecordVoucher, RefuseVoucher, ReturnDonation};

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(waiting, record))
        .routes(routes!(voucher))
        .routes(routes!(confirm))
        .routes(routes!(refuse))
        .routes(routes!(give_back))
        .routes(routes!(change))
        .routes(routes!(receipt))
        .routes(routes!(file))
}

/// A voucher.
#[derive(Serialize, ToSchema)]
struct FundVoucher {
    /// Its id.
    id: uuid::Uuid,
    /// What it tells.
    kind: &'static str,
    /// Whose money.
    #[schema(value_type = String)]
    purse: Purse,
    /// How much, in fen.
    amount: i64,
    /// The day on which it came or went.
    day: String,
    /// What it was.
    what: String,
    /// The donor, as they chose to be shown.
    donor: Option<String>,
    /// Whether it was confirmed; nothing while it waits.
    is_confirmed: Option<bool>,
    /// The receipt's number.
    number: Option<i64>,
    /// `returned` or `changed`, if it was.
    undone: Option<String>,
    /// Its files.
    files: Vec<FundFile>,
}

/// A file that shows something.
#[derive(Serialize, ToSchema)]
struct FundFile {
    /// Its id.
    id: uuid::Uuid,
    /// Its name.
    name: String,
    /// Its SHA-256 in hexadecimal.
    sha256: String,
    /// Whether the caller may open it.
    may_open: bool,
}

fn told(view: VoucherView) -> FundVoucher {
    let voucher = view.voucher;
    let files = view.files.into_iter().map(|file| FundFile {
        id: file.line.id.uuid(),
        name: file.line.name,
        sha256: crate::hex(&file.line.sha256),
        may_open: file.may_open,
    });
    FundVoucher {
        id: voucher.id.uuid(),
        kind: voucher.kind.name(),
        purse: voucher.purse,
        amount: voucher.amount,
        day: voucher.day.to_string(),
        what: voucher.what,
        donor: view.donor.and_then(Giver::name),
        is_confirmed: voucher.is_confirmed,
        number: voucher.number,
        undone: voucher.undone_as,
        files: files.collect(),
    }
}

/// A voucher that waits for a second person.
#[derive(Serialize, ToSchema)]
struct WaitingVoucher {
    /// Its id.
    id: uuid::Uuid,
    /// What it tells.
    kind: &'static str,
    /// How much, in fen.
    amount: i64,
    /// The line of the bank statement.
    reference: String,
    /// Whether the caller recorded it, and so can't confirm it.
    is_own: bool,
}

/// List vouchers that wait for a second person.
#[utoipa::path(get, path = "/api/v1/communities/{community}/fund/vouchers", tag = "fund",
    params(("community" = uuid::Uuid, Path, description = "The community")),
    responses((status = 200, body = Vec<WaitingVoucher>), (status = "default", body = ProblemDetails)))]
async fn waiting(member: Member) -> Result<Json<Vec<WaitingVoucher>>, Failure> {
    let desk = member.read(queries::desk).await?;
    let told = desk
        .waiting
        .into_iter()
        .map(|(voucher, _, is_own)| WaitingVoucher {
            id: voucher.id.uuid(),
            kind: voucher.kind.name(),
            amount: voucher.amount,
            reference: voucher.reference,
            is_own,
        });
    Ok(Json(told.collect()))
}

/// What a line of the bank statement shows, with the slip.
#[derive(ToSchema)]
#[expect(
    dead_code,
    reason = "describes the form's parts; they are read one by one"
)]
struct VoucherForm {
    /// `donation`, `income`, `surplus`, `opening`, `activity`, `administration`, `fundraising` or `set_aside`.
    kind: String,
    /// `general`, `operation`, or a purpose's id.
    purse: String,
    /// The purpose that general money is set aside for.
    target: Option<String>,
    /// How much, in fen.
    amount: i64,
    /// `bank`, `cash`, or `within` for what is set aside.
    means: String,
    /// The line of the bank statement.
    reference: String,
    /// The day, as 2026-11-24.
    day: String,
    /// What it was.
    what: String,
    /// The donor's name.
    donor: Option<String>,
    /// `named`, `masked` or `anonymous`.
    display: Option<String>,
    /// The code of the announcement it belongs to, in place of the donor.
    gift_code: Option<String>,
    /// The slip: PDF or a picture; its first bytes must be of its media type.
    #[schema(format = Binary, content_media_type = "application/octet-stream")]
    file: Vec<u8>,
}

/// Record what a line of the bank statement shows.
#[utoipa::path(post, path = "/api/v1/communities/{community}/fund/vouchers", tag = "fund",
    request_body(content = VoucherForm, content_type = "multipart/form-data"),
    params(("community" = uuid::Uuid, Path, description = "The community")),
    responses((status = 201, body = FundMade), (status = "default", body = ProblemDetails)))]
async fn record(
    member: Member,
    mut uploads: Uploads,
) -> Result<(StatusCode, Json<FundMade>), Failure> {
    let terms = terms_of(&uploads)?;
    let evidence = evidence(&mut uploads);
    let command = RecordVoucher { terms, evidence };
    let id = member.execute(command).await?.uuid();
    Ok((StatusCode::CREATED, Json(FundMade { id })))
}

fn terms_of(uploads: &Uploads) -> Result<VoucherTerms, Error> {
    let choice = |field| Error::NoSuchChoice { field };
    let text = |name: &str| uploads.text(name).trim().to_owned();
    let maybe = |name: &str| Some(text(name)).filter(|text| !text.is_empty());
    let purse = |name: &'static str| text(name).parse().map_err(|_| choice(name));
    let donor = match maybe("donor") {
        Some(name) => Some(DonorTerms {
            name,
            display: Display::from_name(&text("display")).ok_or_else(|| choice("display"))?,
        }),
        None => None,
    };
    Ok(VoucherTerms {
        kind: VoucherKind::from_name(&text("kind")).ok_or_else(|| choice("kind"))?,
        purse: purse("purse")?,
        target: match maybe("target") {
            Some(_) => Some(purse("target")?),
            None => None,
        },
        amount: text("amount")
            .parse()
            .map_err(|_| Error::Money { field: "amount" })?,
        means: Means::from_name(&text("means")).ok_or_else(|| choice("means"))?,
        reference: text("reference"),
        day: parsed_day(&text("day"))?,
        what: text("what"),
        donor,
        gift_code: maybe("gift_code"),
    })
}

/// Read a voucher.
#[utoipa::path(get, path = "/api/v1/communities/{community}/fund/vouchers/{voucher}", tag = "fund",
    params(("community" = uuid::Uuid, Path, description = "The community"), ("voucher" = uuid::Uuid, Path, description = "The voucher")),
    responses((status = 200, body = FundVoucher), (status = "default", body = ProblemDetails)))]
async fn voucher(
    member: Member,
    Path((_, id)): Path<(CommunityId, VoucherId)>,
) -> Result<Json<FundVoucher>, Failure> {
    let view = member
        .read(move |read, ctx| queries::voucher(read, ctx, id))
        .await?;
    Ok(Json(told(view)))
}

/// The number of a receipt.
#[derive(Serialize, ToSchema)]
struct ReceiptNumber {
    /// The number, for a donation.
    number: Option<i64>,
}

/// Confirm what somebody else recorded.
#[utoipa::path(post, path = "/api/v1/communities/{community}/fund/vouchers/{voucher}/confirmation", tag = "fund",
    params(("community" = uuid::Uuid, Path, description = "The community"), ("voucher" = uuid::Uuid, Path, description = "The voucher")),
    responses((status = 200, body = ReceiptNumber), (status = "default", body = ProblemDetails)))]
async fn confirm(
    member: Member,
    Path((_, voucher)): Path<(CommunityId, VoucherId)>,
) -> Result<Json<ReceiptNumber>, Failure> {
    let number = member.execute(ConfirmVoucher { voucher }).await?;
    Ok(Json(ReceiptNumber { number }))
}

/// Why.
#[derive(Deserialize, ToSchema)]
struct VoucherReason {
    /// Why.
    reason: String,
}

/// Refuse what somebody else recorded.
#[utoipa::path(post, path = "/api/v1/communities/{community}/fund/vouchers/{voucher}/refusal", tag = "fund",
    params(("community" = uuid::Uuid, Path, description = "The community"), ("voucher" = uuid::Uuid, Path, description = "The voucher")),
    request_body = VoucherReason,
    responses((status = 204), (status = "default", body = ProblemDetails)))]
async fn refuse(
    member: Member,
    Path((_, voucher)): Path<(CommunityId, VoucherId)>,
    shell::Json(body): shell::Json<VoucherReason>,
) -> Result<StatusCode, Failure> {
    let reason = body.reason;
    member.execute(RefuseVoucher { voucher, reason }).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Why a donation is undone, with the paper.
#[derive(ToSchema)]
#[expect(
    dead_code,
    reason = "describes the form's parts; they are read one by one"
)]
struct UndoForm {
    /// Why.
    reason: String,
    /// What it is for from now on, where its purpose changes.
    purse: Option<String>,
    /// The slip of the transfer back, or the donor's consent.
    #[schema(format = Binary, content_media_type = "application/octet-stream")]
    file: Vec<u8>,
}

/// Return a donation to its donor.
#[utoipa::path(post, path = "/api/v1/communities/{community}/fund/vouchers/{voucher}/return", tag = "fund",
    request_body(content = UndoForm, content_type = "multipart/form-data"),
    params(("community" = uuid::Uuid, Path, description = "The community"), ("voucher" = uuid::Uuid, Path, description = "The donation")),
    responses((status = 204), (status = "default", body = ProblemDetails)))]
async fn give_back(
    member: Member,
    Path((_, voucher)): Path<(CommunityId, VoucherId)>,
    mut uploads: Uploads,
) -> Result<StatusCode, Failure> {
    let command = ReturnDonation {
        voucher,
        reason: uploads.text("reason").to_owned(),
        evidence: evidence(&mut uploads),
    };
    member.execute(command).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Put a donation to another use, with its donor's consent.
#[utoipa::path(post, path = "/api/v1/communities/{community}/fund/vouchers/{voucher}/change", tag = "fund",
    request_body(content = UndoForm, content_type = "multipart/form-data"),
    params(("community" = uuid::Uuid, Path, description = "The community"), ("voucher" = uuid::Uuid, Path, description = "The donation")),
    responses((status = 201, body = FundMade), (status = "default", body = ProblemDetails)))]
async fn change(
    member: Member,
    Path((_, voucher)): Path<(CommunityId, VoucherId)>,
    mut uploads: Uploads,
) -> Result<(StatusCode, Json<FundMade>), Failure> {
    let command = ChangePurpose {
        voucher,
        purse: uploads.text("purse").trim().parse()?,
        reason: uploads.text("reason").to_owned(),
        evidence: evidence(&mut uploads),
    };
    let id = member.execute(command).await?.uuid();
    Ok((StatusCode::CREATED, Json(FundMade { id })))
}

/// Download a voucher's receipt, as `linli verify` proves it offline.
#[utoipa::path(get, path = "/api/v1/communities/{community}/fund/vouchers/{voucher}/receipt", tag = "fund",
    params(("community" = uuid::Uuid, Path, description = "The community"), ("voucher" = uuid::Uuid, Path, description = "The voucher")),
    responses((status = 200, body = Object), (status = "default", body = ProblemDetails)))]
async fn receipt(
    member: Member,
    path: Path<(CommunityId, VoucherId)>,
) -> Result<Response, Failure> {
    crate::pages::receipt_json(member, path).await
}

/// Download a file that shows something.
#[utoipa::path(get, path = "/api/v1/communities/{community}/fund/files/{file}", tag = "fund",
    params(("community" = uuid::Uuid, Path, description = "The community"), ("file" = uuid::Uuid, Path, description = "The file")),
    responses((status = 200, content_type = "*/*", body = Vec<u8>), (status = "default", body = ProblemDetails)))]
async fn file(
    member: Member,
    Path((_, file)): Path<(CommunityId, FileId)>,
) -> Result<Response, Failure> {
    let (content, media_type, name) = member
        .read(move |read, ctx| queries::file(read, ctx, file))
        .await?;
    Ok(download(&name, &media_type, content))
}
