//! What the desk's forms do.

use axum::extract::Path;
use axum::response::{IntoResponse, Response};
use jiff::civil::Date;
use kernel::CommunityId;
use shell::{Failure, Form, Member, Uploads};

use super::desk::desk_page;
use super::grants::terms_of;
use super::{Typed, done, evidence, to_correct};
use crate::model::{
    CharterTerms, Display, DonorTerms, Means, PurposeId, PurposeTerms, Standing, VoucherKind,
    VoucherTerms, fen,
};
use crate::{EndPurpose, Error, GrantFromVote, MakePurpose, RecordVoucher, SetCharter};

const FIELDS: [&str; 11] = [
    "kind",
    "purse",
    "target",
    "amount",
    "means",
    "reference",
    "day",
    "what",
    "donor",
    "display",
    "gift_code",
];

pub(super) async fn record(member: Member, mut uploads: Uploads) -> Result<Response, Failure> {
    let typed = Typed::of(&uploads, &FIELDS);
    let sent = match voucher_of(&typed) {
        Ok(terms) => {
            let evidence = evidence(&mut uploads);
            member
                .execute(RecordVoucher { terms, evidence })
                .await
                .map(drop)
        }
        Err(error) => Err(error.into()),
    };
    match to_correct(sent)? {
        None => done(&member, "/desk", "fund-flash-recorded"),
        Some(failure) => {
            let page = desk_page(&member, &typed, Some(&failure)).await?;
            Ok(failure.again(page).into_response())
        }
    }
}

fn voucher_of(typed: &Typed) -> Result<VoucherTerms, Error> {
    let kind = VoucherKind::from_name(typed.text("kind"));
    let kind = kind.ok_or(Error::NoSuchChoice { field: "kind" })?;
    let means = Means::from_name(typed.text("means"));
    let gift_code = typed.text("gift_code");
    let gift_code = (!gift_code.is_empty()).then(|| gift_code.to_owned());
    let name = typed.text("donor");
    let donor = if name.is_empty() || gift_code.is_some() {
        None
    } else {
        let display = Display::from_name(typed.text("display"));
        Some(DonorTerms {
            name: name.to_owned(),
            display: display.ok_or(Error::NoSuchChoice { field: "display" })?,
        })
    };
    let target = typed.text("target");
    Ok(VoucherTerms {
        kind,
        purse: typed.purse("purse")?,
        target: if target.is_empty() {
            None
        } else {
            Some(typed.purse("target")?)
        },
        amount: fen("amount", typed.text("amount"))?,
        means: means.ok_or(Error::NoSuchChoice { field: "means" })?,
        reference: typed.text("reference").to_owned(),
        day: day(typed.text("day"))?,
        what: typed.text("what").to_owned(),
        donor,
        gift_code,
    })
}

fn day(text: &str) -> Result<Date, Error> {
    text.parse()
        .map_err(|_| Error::ImpossibleDay { field: "day" })
}

pub(super) async fn set_charter(
    member: Member,
    Form(typed): Form<Typed>,
) -> Result<Response, Failure> {
    let amount = |name: &'static str| match typed.text(name) {
        "" => Ok(0),
        text => fen(name, text),
    };
    let standing = Standing::from_name(typed.text("standing"));
    let share = amount("surplus_share")?;
    let terms = CharterTerms {
        name: typed.text("name").to_owned(),
        standing: standing.ok_or(Error::NoSuchChoice { field: "standing" })?,
        how: typed.text("how").to_owned(),
        // Per cent with two decimals are hundredths of a per cent.
        surplus_share: (share > 0).then_some(share),
        surplus_ground: typed.text("surplus_ground").to_owned(),
        prior_income: amount("prior_income")?,
        prior_net: amount("prior_net")?,
    };
    member.execute(SetCharter { terms }).await?;
    done(&member, "/desk", "fund-flash-charter")
}

pub(super) async fn make_purpose(
    member: Member,
    Form(typed): Form<Typed>,
) -> Result<Response, Failure> {
    let terms = PurposeTerms {
        title: typed.text("title").to_owned(),
        about: typed.text("about").to_owned(),
    };
    member.execute(MakePurpose { terms }).await?;
    done(&member, "/desk", "fund-flash-purpose")
}

pub(super) async fn end_purpose(
    member: Member,
    Path((_, purpose)): Path<(CommunityId, PurposeId)>,
) -> Result<Response, Failure> {
    member.execute(EndPurpose { purpose }).await?;
    done(&member, "/desk", "fund-flash-purpose-ended")
}

pub(super) async fn from_vote(
    member: Member,
    Form(typed): Form<Typed>,
) -> Result<Response, Failure> {
    let unknown = || Failure::from(Error::NotFound { what: "proposal" });
    let command = GrantFromVote {
        round: typed.text("round").parse().map_err(|_| unknown())?,
        proposal: typed.text("proposal").parse().map_err(|_| unknown())?,
        terms: terms_of(&typed)?,
    };
    let grant = member.execute(command).await?;
    done(&member, &format!("/grants/{grant}"), "fund-flash-decided")
}
