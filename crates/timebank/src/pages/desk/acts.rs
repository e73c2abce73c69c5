//! What staff send from the desk.

use axum::extract::Path;
use axum::response::Response;
use kernel::{AccountId, CommunityId};
use shell::{Failure, Form, Member};

use super::answered;
use crate::model::{Bond, ComplaintId, ElderId, ServiceId, VisitId};
use crate::pages::Typed;
use crate::{
    ConfirmRelation, EndService, EnterTimes, EntitleElder, FundPool, MakeService, SettleComplaint,
    VetVolunteer,
};

pub(crate) async fn make_service(
    member: Member,
    Form(typed): Form<Typed>,
) -> Result<Response, Failure> {
    let command = MakeService {
        title: typed.text("title").to_owned(),
        minutes: typed.number("minutes"),
    };
    let sent = member.execute(command).await.map(drop);
    answered(&member, &typed, sent, "timebank-flash-done").await
}

pub(crate) async fn end_service(
    member: Member,
    Path((_, service)): Path<(CommunityId, ServiceId)>,
) -> Result<Response, Failure> {
    let sent = member.execute(EndService { service }).await;
    answered(&member, &Typed::default(), sent, "timebank-flash-done").await
}

pub(crate) async fn vet(
    member: Member,
    Path((_, account)): Path<(CommunityId, AccountId)>,
    Form(typed): Form<Typed>,
) -> Result<Response, Failure> {
    let command = VetVolunteer {
        account,
        is_fit: typed.text("fit") == "on",
        note: typed.text("note").to_owned(),
    };
    let sent = member.execute(command).await;
    answered(&member, &typed, sent, "timebank-flash-done").await
}

pub(crate) async fn entitle(
    member: Member,
    Path((_, elder)): Path<(CommunityId, ElderId)>,
    Form(typed): Form<Typed>,
) -> Result<Response, Failure> {
    let is_hardship = typed.text("hardship") == "on";
    let sent = member.execute(EntitleElder { elder, is_hardship }).await;
    answered(&member, &typed, sent, "timebank-flash-done").await
}

pub(crate) async fn relate(
    member: Member,
    Path((_, elder)): Path<(CommunityId, ElderId)>,
    Form(typed): Form<Typed>,
) -> Result<Response, Failure> {
    let command = ConfirmRelation {
        elder,
        number: typed.number("number"),
        bond: Bond::from_name(typed.text("bond")).unwrap_or(Bond::Friend),
        evidence: typed.text("evidence").to_owned(),
    };
    let sent = member.execute(command).await.map(drop);
    answered(&member, &typed, sent, "timebank-flash-done").await
}

pub(crate) async fn fund(member: Member, Form(typed): Form<Typed>) -> Result<Response, Failure> {
    let command = FundPool {
        minutes: typed.minutes(),
        reason: typed.text("reason").to_owned(),
    };
    let sent = member.execute(command).await;
    answered(&member, &typed, sent, "timebank-flash-done").await
}

pub(crate) async fn enter_times(
    member: Member,
    Path((_, visit)): Path<(CommunityId, VisitId)>,
    Form(typed): Form<Typed>,
) -> Result<Response, Failure> {
    let sent = match (typed.instant("came"), typed.instant("left")) {
        (Ok(came), Ok(left)) => {
            let command = EnterTimes { visit, came, left };
            member.execute(command).await.map(drop)
        }
        (Err(failure), _) | (_, Err(failure)) => Err(failure),
    };
    answered(&member, &typed, sent, "timebank-flash-done").await
}

pub(crate) async fn settle(
    member: Member,
    Path((_, complaint)): Path<(CommunityId, ComplaintId)>,
    Form(typed): Form<Typed>,
) -> Result<Response, Failure> {
    let right = typed.text("right_minutes").parse().unwrap_or(-1);
    let command = SettleComplaint {
        complaint,
        right_minutes: (typed.text("upheld") == "on").then_some(right),
        ruling: typed.text("ruling").to_owned(),
    };
    let sent = member.execute(command).await;
    answered(&member, &typed, sent, "timebank-flash-done").await
}
