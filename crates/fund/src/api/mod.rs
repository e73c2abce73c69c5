//! The JSON twin of the pages: the same commands and queries. Amounts are in fen.

mod found;
mod grants;
mod vouchers;

use axum::Json;
use axum::extract::{Path, Query};
use book::AccountLine;
use jiff::civil::Date;
use kernel::CommunityId;
use serde::{Deserialize, Serialize};
use shell::{App, Failure, Member, ProblemDetails, Uploads};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::model::{CharterTerms, Evidence, Figures, Purse, Watch};
use crate::queries::{self, Asked, Giver, Line, PurseView};
use crate::{Error, Ground};

/// Every API route of the module.
pub(crate) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(overview))
        .routes(routes!(lines))
        .routes(routes!(purse))
        .routes(routes!(trial))
        .merge(found::routes())
        .merge(vouchers::routes())
        .merge(grants::routes())
}

/// A purse and what it holds, in fen.
#[derive(Serialize, ToSchema)]
struct FundPurse {
    /// `general`, `operation`, or a purpose's id.
    #[schema(value_type = String)]
    purse: Purse,
    /// The purpose's name, where it is one.
    title: Option<String>,
    /// Whether nothing more is taken for it.
    has_ended: bool,
    /// All that came in.
    received: i64,
    /// All that went out.
    given: i64,
    /// What is held for grants.
    held: i64,
    /// What is free.
    free: i64,
}

impl FundPurse {
    fn of(view: &PurseView) -> Self {
        let purpose = view.purpose.as_ref();
        Self {
            purse: view.purse,
            title: purpose.map(|purpose| purpose.terms.title.clone()),
            has_ended: purpose.is_some_and(|purpose| purpose.ended_at.is_some()),
            received: view.balance.received,
            given: view.balance.given,
            held: view.balance.held,
            free: view.balance.free(),
        }
    }
}

/// The fund at a glance.
#[derive(Serialize, ToSchema)]
struct FundWhole {
    /// What it is; nothing before it began.
    #[schema(value_type = Option<Object>)]
    charter: Option<CharterTerms>,
    /// Every purse.
    purses: Vec<FundPurse>,
    /// The calendar year of the figures.
    year: i16,
    /// What came and went in it.
    #[schema(value_type = Object)]
    figures: Figures,
    /// The ratios that the law sets, and how they stand.
    #[schema(value_type = Vec<Object>)]
    ratios: Vec<Watch>,
    /// The clauses, and whether each text was read.
    #[schema(value_type = Vec<Object>)]
    grounds: Vec<Ground>,
}

/// Read the fund at a glance: every purse, the year's figures, the ratios.
#[utoipa::path(get, path = "/api/v1/communities/{community}/fund", tag = "fund",
    params(("community" = uuid::Uuid, Path, description = "The community")),
    responses((status = 200, body = FundWhole), (status = "default", body = ProblemDetails)))]
async fn overview(member: Member) -> Result<Json<FundWhole>, Failure> {
    let overview = member.read(queries::overview).await?;
    let watching = overview.watching;
    Ok(Json(FundWhole {
        charter: overview.charter.map(|charter| charter.terms),
        purses: overview.purses.iter().map(FundPurse::of).collect(),
        year: watching.year,
        figures: watching.figures,
        ratios: watching.watches,
        grounds: watching.grounds,
    }))
}

/// Which lines.
#[derive(Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
struct LinesAsked {
    /// The calendar year; this one if not said.
    year: Option<i16>,
    /// The purse; all if not said.
    purse: Option<String>,
}

/// A line of the public ledger.
#[derive(Serialize, ToSchema)]
struct FundLine {
    /// When it was booked, RFC 3339.
    at: String,
    /// A voucher's kind, `grant`, `returned` or `changed`.
    kind: &'static str,
    /// What it was.
    what: String,
    /// Who gave, as they chose to be shown; nothing for anonymous donors and for what nobody gave.
    donor: Option<String>,
    /// Whose money.
    #[schema(value_type = String)]
    purse: Purse,
    /// Where it was set aside to.
    #[schema(value_type = Option<String>)]
    target: Option<Purse>,
    /// What it changed the fund by, in fen.
    amount: i64,
    /// The voucher.
    #[schema(value_type = Option<uuid::Uuid>)]
    voucher: Option<crate::VoucherId>,
    /// The grant.
    #[schema(value_type = Option<uuid::Uuid>)]
    grant: Option<crate::GrantId>,
}

impl From<Line> for FundLine {
    fn from(line: Line) -> Self {
        Self {
            at: line.at.rfc3339(),
            kind: line.kind,
            what: line.what,
            donor: line.donor.and_then(Giver::name),
            purse: line.purse,
            target: line.target,
            amount: line.amount,
            voucher: line.voucher,
            grant: line.grant,
        }
    }
}

/// Read the lines of the public ledger, the newest first.
#[utoipa::path(get, path = "/api/v1/communities/{community}/fund/lines", tag = "fund",
    params(("community" = uuid::Uuid, Path, description = "The community"), LinesAsked),
    responses((status = 200, body = Vec<FundLine>), (status = "default", body = ProblemDetails)))]
async fn lines(
    member: Member,
    Query(asked): Query<LinesAsked>,
) -> Result<Json<Vec<FundLine>>, Failure> {
    let purse = asked.purse.as_deref().map(str::parse).transpose()?;
    let this_year = member.visitor.now.date().year();
    let asked = Asked {
        year: asked.year.unwrap_or(this_year),
        purse,
    };
    let lines = member
        .read(move |read, ctx| queries::lines(read, ctx, asked))
        .await?;
    Ok(Json(lines.into_iter().map(FundLine::from).collect()))
}

/// A movement of a purse.
#[derive(Serialize, ToSchema)]
struct FundMoved {
    /// The record's number in the community's book.
    seq: u64,
    /// When, RFC 3339.
    at: String,
    /// What it changed the balance by, in fen.
    change: i64,
    /// What it held or gave back.
    held: i64,
    /// The balance after it.
    balance: i64,
    /// The grant on its other side.
    #[schema(value_type = Option<uuid::Uuid>)]
    grant: Option<crate::GrantId>,
}

/// A purse with its movements.
#[derive(Serialize, ToSchema)]
struct FundStatement {
    /// The purse.
    purse: FundPurse,
    /// Its movements, the newest first.
    movements: Vec<FundMoved>,
}

/// Read a purse with every movement of its money.
#[utoipa::path(get, path = "/api/v1/communities/{community}/fund/purses/{purse}", tag = "fund",
    params(("community" = uuid::Uuid, Path, description = "The community"),
        ("purse" = String, Path, description = "`general`, `operation`, or a purpose's id")),
    responses((status = 200, body = FundStatement), (status = "default", body = ProblemDetails)))]
async fn purse(
    member: Member,
    Path((_, purse)): Path<(CommunityId, String)>,
) -> Result<Json<FundStatement>, Failure> {
    let purse: Purse = purse
        .parse()
        .map_err(|_| Error::NotFound { what: "purpose" })?;
    let statement = member
        .read(move |read, ctx| queries::purse(read, ctx, purse))
        .await?;
    let movements = statement.rows.into_iter().map(|row| FundMoved {
        seq: row.line.seq,
        at: row.line.at.rfc3339(),
        change: row.line.change,
        held: row.line.held,
        balance: row.line.balance,
        grant: row.grant.map(|(grant, _)| grant),
    });
    Ok(Json(FundStatement {
        purse: FundPurse::of(&statement.view),
        movements: movements.collect(),
    }))
}

/// Which day.
#[derive(Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
struct DayAsked {
    /// The day, as 2026-11-24; today if not said.
    day: Option<String>,
}

/// The accounts of one kind together.
#[derive(Serialize, ToSchema)]
struct BookAccount {
    /// Their kind.
    name: &'static str,
    /// `fen`, `points` or `minutes`.
    asset: &'static str,
    /// How many there are.
    accounts: u64,
    /// All that came in.
    received: i64,
    /// All that went out.
    given: i64,
    /// What is held.
    held: i64,
}

impl From<AccountLine> for BookAccount {
    fn from(line: AccountLine) -> Self {
        Self {
            name: line.name,
            asset: line.asset.name(),
            accounts: line.accounts,
            received: line.received,
            given: line.given,
            held: line.outgoing,
        }
    }
}

/// Read the community's whole book as it stood at the end of a day: points, hours and money.
#[utoipa::path(get, path = "/api/v1/communities/{community}/book", tag = "fund",
    params(("community" = uuid::Uuid, Path, description = "The community"), DayAsked),
    responses((status = 200, body = Vec<BookAccount>), (status = "default", body = ProblemDetails)))]
async fn trial(
    member: Member,
    Query(asked): Query<DayAsked>,
) -> Result<Json<Vec<BookAccount>>, Failure> {
    let day = match asked.day {
        Some(day) => parsed_day(&day)?,
        None => member.visitor.now.date(),
    };
    let lines = member
        .read(move |read, ctx| queries::trial(read, ctx, day))
        .await?;
    Ok(Json(lines.into_iter().map(BookAccount::from).collect()))
}

/// A day as a program says it.
fn parsed_day(day: &str) -> Result<Date, Error> {
    day.parse()
        .map_err(|_| Error::ImpossibleDay { field: "day" })
}

/// The id of what was made.
#[derive(Serialize, ToSchema)]
struct FundMade {
    /// The new id.
    id: uuid::Uuid,
}

/// The file of a form.
fn evidence(uploads: &mut Uploads) -> Option<Evidence> {
    let file = uploads.take_file("file")?;
    Some(Evidence {
        name: file.name,
        media_type: file.media_type,
        content: file.content,
    })
}
