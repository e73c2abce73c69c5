//! What the fund is, its purposes, and gifts that are announced.

use axum::Json;
use axum::extract::Path;
use axum::http::StatusCode;
use kernel::CommunityId;
use serde::{Deserialize, Serialize};
use shell::{App, Failure, Member, ProblemDetails};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::FundMade;
use crate::model::{
    CharterTerms, Display, DonorTerms, GiftId, PurposeId, PurposeTerms, Purse, Standing,
};
use crate::{AnnounceGift, EndPurpose, MakePurpose, SetCharter, WithdrawGift, queries};

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(set_charter))
        .routes(routes!(purposes, make_purpose))
        .routes(routes!(end_purpose))
        .routes(routes!(mine))
        .routes(routes!(announce))
        .routes(routes!(withdraw))
}

/// What a fund is.
#[derive(Deserialize, ToSchema)]
struct CharterBody {
    /// What it is called.
    name: String,
    /// `public_foundation`, `foundation` or `special_fund`.
    #[schema(value_type = String)]
    standing: Standing,
    /// How one gives.
    how: String,
    /// The operation fund's share of a surplus, in hundredths of a per cent.
    surplus_share: Option<i64>,
    /// The resolution or agreement that set it.
    #[serde(default)]
    surplus_ground: String,
    /// Income of the year before the book began, in fen.
    #[serde(default)]
    prior_income: i64,
    /// Net assets at the end of that year, in fen.
    #[serde(default)]
    prior_net: i64,
}

/// Say what the fund is.
#[utoipa::path(put, path = "/api/v1/communities/{community}/fund/charter", tag = "fund",
    params(("community" = uuid::Uuid, Path, description = "The community")), request_body = CharterBody,
    responses((status = 204), (status = "default", body = ProblemDetails)))]
async fn set_charter(
    member: Member,
    shell::Json(body): shell::Json<CharterBody>,
) -> Result<StatusCode, Failure> {
    let terms = CharterTerms {
        name: body.name,
        standing: body.standing,
        how: body.how,
        surplus_share: body.surplus_share,
        surplus_ground: body.surplus_ground,
        prior_income: body.prior_income,
        prior_net: body.prior_net,
    };
    member.execute(SetCharter { terms }).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// A purpose that money can be given for.
#[derive(Deserialize, ToSchema)]
struct PurposeBody {
    /// What it is called.
    title: String,
    /// What it pays.
    about: String,
}

/// A purpose as kept.
#[derive(Serialize, ToSchema)]
struct FundPurpose {
    /// Its id.
    id: uuid::Uuid,
    /// What it is called.
    title: String,
    /// What it pays.
    about: String,
    /// Whether nothing more is taken for it.
    has_ended: bool,
}

/// List what money can be given for.
#[utoipa::path(get, path = "/api/v1/communities/{community}/fund/purposes", tag = "fund",
    params(("community" = uuid::Uuid, Path, description = "The community")),
    responses((status = 200, body = Vec<FundPurpose>), (status = "default", body = ProblemDetails)))]
async fn purposes(member: Member) -> Result<Json<Vec<FundPurpose>>, Failure> {
    let purposes = member.read(queries::purposes).await?;
    let told = purposes.into_iter().map(|purpose| FundPurpose {
        id: purpose.id.uuid(),
        title: purpose.terms.title,
        about: purpose.terms.about,
        has_ended: purpose.ended_at.is_some(),
    });
    Ok(Json(told.collect()))
}

/// Open a purpose that money can be given for.
#[utoipa::path(post, path = "/api/v1/communities/{community}/fund/purposes", tag = "fund",
    params(("community" = uuid::Uuid, Path, description = "The community")), request_body = PurposeBody,
    responses((status = 201, body = FundMade), (status = "default", body = ProblemDetails)))]
async fn make_purpose(
    member: Member,
    shell::Json(body): shell::Json<PurposeBody>,
) -> Result<(StatusCode, Json<FundMade>), Failure> {
    let terms = PurposeTerms {
        title: body.title,
        about: body.about,
    };
    let id = member.execute(MakePurpose { terms }).await?.uuid();
    Ok((StatusCode::CREATED, Json(FundMade { id })))
}

/// Take nothing more for a purpose; what it has stays bound to it.
#[utoipa::path(post, path = "/api/v1/communities/{community}/fund/purposes/{purpose}/end", tag = "fund",
    params(("community" = uuid::Uuid, Path, description = "The community"), ("purpose" = uuid::Uuid, Path, description = "The purpose")),
    responses((status = 204), (status = "default", body = ProblemDetails)))]
async fn end_purpose(
    member: Member,
    Path((_, purpose)): Path<(CommunityId, PurposeId)>,
) -> Result<StatusCode, Failure> {
    member.execute(EndPurpose { purpose }).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// A donation that somebody announces.
#[derive(Deserialize, ToSchema)]
struct GiftBody {
    /// The donor's name.
    donor: String,
    /// `named`, `masked` or `anonymous`.
    #[schema(value_type = String)]
    display: Display,
    /// `general`, or a purpose's id.
    #[schema(value_type = String)]
    purse: Purse,
    /// How much, in fen.
    amount: i64,
}

/// The announcement and its code.
#[derive(Serialize, ToSchema)]
struct GiftMade {
    /// Its id.
    id: uuid::Uuid,
    /// What to write on the transfer.
    code: String,
}

/// Announce a donation; write its code on the transfer.
#[utoipa::path(post, path = "/api/v1/communities/{community}/fund/gifts", tag = "fund",
    params(("community" = uuid::Uuid, Path, description = "The community")), request_body = GiftBody,
    responses((status = 201, body = GiftMade), (status = "default", body = ProblemDetails)))]
async fn announce(
    member: Member,
    shell::Json(body): shell::Json<GiftBody>,
) -> Result<(StatusCode, Json<GiftMade>), Failure> {
    let command = AnnounceGift {
        donor: DonorTerms {
            name: body.donor,
            display: body.display,
        },
        purse: body.purse,
        amount: body.amount,
    };
    let (id, code) = member.execute(command).await?;
    let id = id.uuid();
    Ok((StatusCode::CREATED, Json(GiftMade { id, code })))
}

/// Take an announcement back, while no money has come.
#[utoipa::path(post, path = "/api/v1/communities/{community}/fund/gifts/{gift}/withdrawal", tag = "fund",
    params(("community" = uuid::Uuid, Path, description = "The community"), ("gift" = uuid::Uuid, Path, description = "The announcement")),
    responses((status = 204), (status = "default", body = ProblemDetails)))]
async fn withdraw(
    member: Member,
    Path((_, gift)): Path<(CommunityId, GiftId)>,
) -> Result<StatusCode, Failure> {
    member.execute(WithdrawGift { gift }).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// A donation of one's own.
#[derive(Serialize, ToSchema)]
struct OwnDonation {
    /// Its voucher.
    id: uuid::Uuid,
    /// How much, in fen.
    amount: i64,
    /// For which money.
    #[schema(value_type = String)]
    purse: Purse,
    /// Whether it was confirmed; nothing while it waits.
    is_confirmed: Option<bool>,
    /// Its receipt's number.
    number: Option<i64>,
}

/// A gift of one's own whose money has not come.
#[derive(Serialize, ToSchema)]
struct OwnGift {
    /// Its id.
    id: uuid::Uuid,
    /// What to write on the transfer.
    code: String,
    /// How much, in fen.
    amount: i64,
}

/// One's own part in the fund.
#[derive(Serialize, ToSchema)]
struct FundMine {
    /// What was announced and waits.
    gifts: Vec<OwnGift>,
    /// What was given, the newest first.
    donations: Vec<OwnDonation>,
}

/// Read one's own gifts and donations.
#[utoipa::path(get, path = "/api/v1/communities/{community}/fund/mine", tag = "fund",
    params(("community" = uuid::Uuid, Path, description = "The community")),
    responses((status = 200, body = FundMine), (status = "default", body = ProblemDetails)))]
async fn mine(member: Member) -> Result<Json<FundMine>, Failure> {
    let mine = member.read(queries::mine).await?;
    let open = mine
        .gifts
        .into_iter()
        .filter(|view| view.gift.withdrawn_at.is_none() && view.gift.received_at.is_none());
    Ok(Json(FundMine {
        gifts: open
            .map(|view| OwnGift {
                id: view.gift.id.uuid(),
                code: view.gift.code,
                amount: view.gift.amount,
            })
            .collect(),
        donations: mine
            .donations
            .into_iter()
            .map(|voucher| OwnDonation {
                id: voucher.id.uuid(),
                amount: voucher.amount,
                purse: voucher.purse,
                is_confirmed: voucher.is_confirmed,
                number: voucher.number,
            })
            .collect(),
    }))
}
