//! The election of a committee: what is filled, who stands and why they may, and the ballot with names.

use std::collections::BTreeMap;

use axum::extract::Path;
use axum::response::Response;
use ballot::election::Fate;
use kernel::CommunityId;
use maud::{Markup, html};
use people::model::UnitId;
use shell::{Failure, FlashKey, Form, Member, flash_to};
use web_ui::{
    Column, Heading, Icon, Input, Shade, Tone, Ui, badge, button, card, checkbox, empty, facts,
    field, form, link_button, notice, section, select, table, textarea,
};

use super::draft::grounds;
use super::{instant, local_time, path_of, stage_badge};
use crate::model::{
    CandidateId, Channel, Condition, DRAFT, ElectionPlan, RECORD_VOTE, ResolutionId, Route, Stage,
    VOTE,
};
use crate::queries::{self, CountedView, ElectionView, View};
use crate::store::Candidate;
use crate::{
    CastElectionBallot, CheckCandidate, Error, PlanElection, RecordCandidateWithdrawal,
    RecordElectionBallot, RecordNomination, StandForCommittee, WithdrawCandidacy,
};

pub(super) type Typed = BTreeMap<String, String>;

fn text<'a>(typed: &'a Typed, field: &str) -> &'a str {
    typed.get(field).map(String::as_str).unwrap_or_default()
}

async fn read(member: &Member, id: ResolutionId) -> Result<ElectionView, Failure> {
    member
        .read(move |read, ctx| queries::election(read, ctx, id))
        .await
}

pub(super) async fn page(
    member: Member,
    Path((_, id)): Path<(CommunityId, ResolutionId)>,
) -> Result<Markup, Failure> {
    let view = read(&member, id).await?;
    let ui = member.ui();
    let heading = Heading::new(ui.t("decisions-election"))
        .crumb(member.path("decisions"), ui.t("decisions-title"))
        .crumb(path_of(&member, id), view.resolution.draft.title.clone())
        .status(stage_badge(&ui, view.stage));
    let is_draft = view.stage == Stage::Draft;
    let open = view
        .plan
        .is_some_and(|plan| is_draft && member.visitor.now < plan.nominations_until);
    Ok(ui.page(heading, html! {
        @if let Some(plan) = &view.plan { (plan_part(&ui, plan)) }
        (section(ui.t("decisions-election-conditions"), html! {
            ul { @for condition in &view.rules.conditions { li { (ui.t(&condition_key(*condition))) } } }
            (grounds(&ui, &view.rules.grounds))
        }))
        (section(ui.t("decisions-candidates"), html! {
            @if view.candidates.is_empty() {
                (empty(Icon::People, ui.t("decisions-candidates-none")).text(ui.t("decisions-candidates-none-text")))
            }
            @for candidate in &view.candidates { (candidate_card(&member, &ui, &view, candidate)) }
        }))
        @if open && member.may(VOTE) && view.own.is_none() { (standing_form(&member, &ui, &view)) }
        @if open && member.may(DRAFT) { (nomination_form(&member, &ui, &view)) }
        @if is_draft && member.may(DRAFT) { (plan_form(&member, &ui, &view)) }
    }))
}

fn plan_part(ui: &Ui, plan: &ElectionPlan) -> Markup {
    html! {
        (facts([
            (ui.t("decisions-election-seats"), html! { (plan.seats) }),
            (ui.t("decisions-election-reserve"), html! { (plan.reserve) }),
            (ui.t("decisions-election-until"), html! { (ui.moment(plan.nominations_until.micros())) }),
        ]))
        p.hint { (ui.t("decisions-election-count")) }
    }
}

fn condition_key(condition: Condition) -> String {
    format!("decisions-condition-{}", condition.name().replace('_', "-"))
}

fn candidate_card(member: &Member, ui: &Ui, view: &ElectionView, candidate: &Candidate) -> Markup {
    let at = |what: &str| {
        let id = view.resolution.id;
        member.path(&format!(
            "decisions/{id}/candidates/{}/{what}",
            candidate.id
        ))
    };
    let on_ballot = view.on_ballot();
    let number = on_ballot
        .iter()
        .find(|(_, one)| one.id == candidate.id)
        .map(|(number, _)| *number);
    let title = match number {
        Some(number) => format!("{number}. {}", candidate.name),
        None => candidate.name.clone(),
    };
    let (shade, state) = match (&candidate.withdrawal, &candidate.check) {
        (Some(_), _) => (Shade::Wall, "decisions-candidate-withdrawn"),
        (None, None) => (Shade::Mist, "decisions-candidate-unchecked"),
        (None, Some((true, _))) => (Shade::Jade, "decisions-candidate-accepted"),
        (None, Some((false, _))) => (Shade::Vermilion, "decisions-candidate-refused"),
    };
    let may_withdraw = matches!(view.stage, Stage::Draft | Stage::Notice | Stage::Voting)
        && candidate.withdrawal.is_none();
    let is_own = view.own == Some(candidate.id);
    let body = html! {
        p { (candidate.statement) }
        p.hint {
            (ui.t(&format!("decisions-route-{}", candidate.route.name())))
            @if candidate.supporters > 0 { " · " (ui.t_with("decisions-supporters", &[("count", candidate.supporters.into())])) }
            " · " (ui.t("decisions-declared")) " "
            @for condition in &candidate.declared { (ui.t(&condition_key(*condition))) "；" }
        }
        @if let Some((_, reason)) = &candidate.check { p { strong { (ui.t("decisions-candidate-check")) } " " (reason) } }
        @if let Some((at, reason)) = &candidate.withdrawal { p { (ui.date(at.micros())) " " (reason) } }
        @if view.stage == Stage::Draft && candidate.withdrawal.is_none() && member.may(DRAFT) {
            (form(ui, at("check"), html! {
                (textarea(ui, "reason", ui.t("decisions-candidate-check")).lines(2).required())
                (checkbox(ui, "accepted", ui.t("decisions-candidate-accept")).checked(true))
            }).button(button(ui.t("decisions-candidate-check-save")).secondary()))
        }
        @if may_withdraw && (is_own || member.may(DRAFT)) {
            (form(ui, at("withdrawal"), html! {
                (textarea(ui, "reason", ui.t("decisions-reason")).lines(2).required())
            }).button(button(ui.t(if is_own { "decisions-candidate-withdraw" } else { "decisions-candidate-record-withdrawal" })).secondary()))
        }
    };
    html! { (card(title, body).status(badge(shade, ui.t(state)))) }
}

/// The conditions as boxes to tick.
fn conditions(ui: &Ui, view: &ElectionView) -> Markup {
    html! {
        @for condition in &view.rules.conditions {
            (checkbox(ui, format!("condition-{}", condition.name()), ui.t(&condition_key(*condition))))
        }
    }
}

fn declared(typed: &Typed) -> Vec<Condition> {
    Condition::ALL
        .iter()
        .copied()
        .filter(|condition| typed.contains_key(&format!("condition-{}", condition.name())))
        .collect()
}

fn standing_form(member: &Member, ui: &Ui, view: &ElectionView) -> Markup {
    let id = view.resolution.id;
    section(
        ui.t("decisions-stand"),
        form(
            ui,
            member.path(&format!("decisions/{id}/candidates")),
            html! {
                (textarea(ui, "statement", ui.t("decisions-statement")).lines(4).hint(ui.t("decisions-statement-hint")).required())
                p { (ui.t("decisions-declare")) }
                (conditions(ui, view))
            },
        )
        .button(button(ui.t("decisions-stand")).icon(Icon::Check)),
    )
}

fn nomination_form(member: &Member, ui: &Ui, view: &ElectionView) -> Markup {
    let id = view.resolution.id;
    let mut route = select(ui, "route", ui.t("decisions-route")).required();
    for one in Route::ALL {
        route = route.option(one.name(), ui.t(&format!("decisions-route-{}", one.name())));
    }
    web_ui::disclosure(
        ui.t("decisions-nominate-paper"),
        form(
            ui,
            member.path(&format!("decisions/{id}/nominations")),
            html! {
                (field(ui, "building", ui.t("decisions-building")).required())
                (field(ui, "unit", ui.t("decisions-own-unit")).required())
                (field(ui, "name", ui.t("decisions-candidate-name")).required())
                (route)
                (field(ui, "supporters", ui.t("decisions-supporters-count")).input(Input::Number).value("0"))
                (textarea(ui, "statement", ui.t("decisions-statement")).lines(3).required())
                p { (ui.t("decisions-declare")) }
                (conditions(ui, view))
                (textarea(ui, "evidence", ui.t("decisions-evidence")).lines(2).required())
            },
        )
        .button(button(ui.t("decisions-nominate-paper")).icon(Icon::Add)),
    )
}

fn plan_form(member: &Member, ui: &Ui, view: &ElectionView) -> Markup {
    let id = view.resolution.id;
    let days = view.rules.announced_days.unwrap_or(0);
    let latest = view.resolution.draft.window.opens.plus_days(-days);
    let plan = view.plan;
    let seats = plan.map_or(5, |plan| plan.seats);
    let until = plan.map_or(latest, |plan| plan.nominations_until);
    section(
        ui.t("decisions-election-plan"),
        form(
            ui,
            member.path(&format!("decisions/{id}/election")),
            html! {
                (field(ui, "seats", ui.t("decisions-election-seats")).input(Input::Number).value(seats.to_string()).required())
                (field(ui, "reserve", ui.t("decisions-election-reserve")).input(Input::Number)
                    .value(plan.map_or(0, |plan| plan.reserve).to_string()).required())
                (checkbox(ui, "whole", ui.t("decisions-election-whole")).checked(plan.is_none_or(|plan| plan.whole_committee)))
                (field(ui, "until", ui.t("decisions-election-until")).input(Input::DateTime).value(local_time(until)).required())
            },
        )
        .button(button(ui.t("decisions-election-plan")).icon(Icon::Check)),
    )
}

fn number(typed: &Typed, name: &'static str) -> Result<u32, Failure> {
    text(typed, name)
        .trim()
        .parse()
        .map_err(|_| Error::Blank { field: name }.into())
}

fn back(member: &Member, id: ResolutionId, key: &'static str) -> Result<Response, Failure> {
    flash_to(
        &member.path(&format!("decisions/{id}/election")),
        FlashKey(Tone::Success, key),
    )
}

pub(super) async fn plan(
    member: Member,
    Path((_, id)): Path<(CommunityId, ResolutionId)>,
    Form(typed): Form<Typed>,
) -> Result<Response, Failure> {
    let plan = ElectionPlan {
        seats: number(&typed, "seats")?,
        reserve: number(&typed, "reserve")?,
        whole_committee: typed.contains_key("whole"),
        nominations_until: instant(text(&typed, "until"))?,
    };
    let command = PlanElection {
        resolution: id,
        plan,
    };
    member.execute(command).await?;
    back(&member, id, "decisions-flash-election-planned")
}

pub(super) async fn stand(
    member: Member,
    Path((_, id)): Path<(CommunityId, ResolutionId)>,
    Form(typed): Form<Typed>,
) -> Result<Response, Failure> {
    let command = StandForCommittee {
        resolution: id,
        statement: text(&typed, "statement").to_owned(),
        declared: declared(&typed),
    };
    member.execute(command).await?;
    back(&member, id, "decisions-flash-nominated")
}

/// The unit of the roll with a building's name and a number.
async fn unit_of(member: &Member, typed: &Typed) -> Result<UnitId, Failure> {
    let (building, number) = (
        text(typed, "building").trim().to_owned(),
        text(typed, "unit").trim().to_owned(),
    );
    member
        .read(move |read, ctx| {
            ctx.require(DRAFT)?;
            let counted = people::model::UnitsCounted::default();
            let electorate = people::queries::electorate(read, ctx.community, counted)?;
            let found = electorate
                .units
                .into_iter()
                .find(|unit| unit.label.building == building && unit.label.number == number);
            found.map(|unit| unit.unit).ok_or(Error::NotInElectorate)
        })
        .await
}

pub(super) async fn nominate(
    member: Member,
    Path((_, id)): Path<(CommunityId, ResolutionId)>,
    Form(typed): Form<Typed>,
) -> Result<Response, Failure> {
    let command = RecordNomination {
        resolution: id,
        unit: unit_of(&member, &typed).await?,
        name: text(&typed, "name").trim().to_owned(),
        route: Route::from_name(text(&typed, "route")).ok_or(Error::Blank { field: "route" })?,
        supporters: text(&typed, "supporters").trim().parse().unwrap_or(0),
        statement: text(&typed, "statement").to_owned(),
        declared: declared(&typed),
        evidence: text(&typed, "evidence").to_owned(),
    };
    member.execute(command).await?;
    back(&member, id, "decisions-flash-nominated")
}

pub(super) async fn check(
    member: Member,
    Path((_, resolution, candidate)): Path<(CommunityId, ResolutionId, CandidateId)>,
    Form(typed): Form<Typed>,
) -> Result<Response, Failure> {
    let command = CheckCandidate {
        resolution,
        candidate,
        is_accepted: typed.contains_key("accepted"),
        reason: text(&typed, "reason").to_owned(),
    };
    member.execute(command).await?;
    back(&member, resolution, "decisions-flash-checked")
}

pub(super) async fn withdraw(
    member: Member,
    Path((_, resolution, candidate)): Path<(CommunityId, ResolutionId, CandidateId)>,
    Form(typed): Form<Typed>,
) -> Result<Response, Failure> {
    let view = read(&member, resolution).await?;
    let reason = text(&typed, "reason").to_owned();
    if view.own == Some(candidate) {
        let command = WithdrawCandidacy {
            resolution,
            candidate,
            reason,
        };
        member.execute(command).await?;
    } else {
        let command = RecordCandidateWithdrawal {
            resolution,
            candidate,
            reason,
        };
        member.execute(command).await?;
    }
    back(&member, resolution, "decisions-flash-candidate-withdrawn")
}

/// The names on a ballot as boxes to tick; those who withdrew can't be ticked.
fn names(ui: &Ui, candidates: &[(u32, &Candidate)], chosen: &[u32]) -> Markup {
    html! {
        @for (number, candidate) in candidates {
            @if candidate.withdrawal.is_some() {
                p { s { (number) ". " (candidate.name) } " " (badge(Shade::Wall, ui.t("decisions-candidate-withdrawn"))) }
            } @else {
                (checkbox(ui, format!("pick-{number}"), format!("{number}. {}", candidate.name))
                    .hint(candidate.statement.clone()).checked(chosen.contains(number)))
            }
        }
    }
}

/// The ballot with names, in place of for and against.
pub(super) async fn ballot_form(
    member: &Member,
    ui: &Ui,
    view: &View,
    unit: UnitId,
) -> Result<Markup, Failure> {
    let id = view.resolution.id;
    let election = read(member, id).await?;
    let candidates = election.on_ballot();
    let standing = view
        .own
        .iter()
        .find(|own| own.unit == unit)
        .and_then(|own| own.vote.as_ref());
    let chosen = standing
        .and_then(|vote| vote.picks.clone())
        .unwrap_or_default();
    let seats = election.plan.map_or(0, |plan| plan.seats);
    let label = if standing.is_some() {
        "decisions-change-vote"
    } else {
        "decisions-cast"
    };
    let path = member.path(&format!("decisions/{id}/ballot/{unit}/picks"));
    let made = form(
        ui,
        path,
        html! {
            p { strong { (ui.t_with("decisions-pick-at-most", &[("seats", seats.into())])) } }
            (names(ui, &candidates, &chosen))
            p.hint { (ui.t("decisions-pick-none")) }
        },
    )
    .button(button(ui.t(label)).icon(Icon::Vote).wide())
    .button(link_button(path_of(member, id), ui.t("decisions-back")).secondary());
    Ok(html! { (made) })
}

fn picks(typed: &Typed) -> Vec<u32> {
    typed
        .keys()
        .filter_map(|name| name.strip_prefix("pick-")?.parse().ok())
        .collect()
}

pub(super) async fn cast(
    member: Member,
    Path((_, id, unit)): Path<(CommunityId, ResolutionId, UnitId)>,
    Form(typed): Form<Typed>,
) -> Result<Response, Failure> {
    let command = CastElectionBallot {
        resolution: id,
        unit,
        picks: picks(&typed),
    };
    member.execute(command).await?;
    flash_to(
        &member.path(&format!("decisions/{id}/receipt/{unit}")),
        FlashKey(Tone::Success, "decisions-flash-voted"),
    )
}

/// The form that records an election's ballot from paper.
pub(super) async fn paper_page(
    member: &Member,
    id: ResolutionId,
    building: &str,
    unit: &str,
) -> Result<Markup, Failure> {
    let view = read(member, id).await?;
    let ui = member.ui();
    let mut channel = select(&ui, "channel", ui.t("decisions-channel")).required();
    for one in [Channel::Paper, Channel::Door, Channel::Phone] {
        channel = channel.option(
            one.name(),
            ui.t(&format!("decisions-channel-{}", one.name())),
        );
    }
    let heading = Heading::new(ui.t("decisions-record-vote"))
        .crumb(member.path("decisions"), ui.t("decisions-title"))
        .crumb(path_of(member, id), view.resolution.draft.title.clone())
        .lead(ui.t("decisions-record-vote-lead"));
    let now = local_time(member.visitor.now);
    Ok(ui.page(heading, html! {
        (form(&ui, member.path(&format!("decisions/{id}/ballots")), html! {
            (field(&ui, "building", ui.t("decisions-building")).value(building).required())
            (field(&ui, "unit", ui.t("decisions-own-unit")).value(unit).required())
            (names(&ui, &view.on_ballot(), &[]))
            (channel)
            (field(&ui, "at", ui.t("decisions-received-at")).input(Input::DateTime).value(now).required())
            (textarea(&ui, "evidence", ui.t("decisions-evidence")).lines(3).hint(ui.t("decisions-evidence-hint")).required())
        })
        .button(button(ui.t("decisions-record-vote")).icon(Icon::Check))
        .button(link_button(member.path(&format!("decisions/{id}/units")), ui.t("decisions-back")).secondary()))
    }))
}

pub(super) async fn record(
    member: Member,
    Path((_, id)): Path<(CommunityId, ResolutionId)>,
    Form(typed): Form<Typed>,
) -> Result<Response, Failure> {
    member
        .context()?
        .require(RECORD_VOTE)
        .map_err(Failure::from)?;
    let (building, number) = (
        text(&typed, "building").to_owned(),
        text(&typed, "unit").to_owned(),
    );
    let unit = member
        .read(move |read, ctx| queries::find_unit(read, ctx, id, &building, &number))
        .await?;
    let command = RecordElectionBallot {
        resolution: id,
        unit,
        picks: picks(&typed),
        channel: Channel::from_name(text(&typed, "channel"))
            .ok_or(Error::Blank { field: "channel" })?,
        received_at: instant(text(&typed, "at"))?,
        evidence: text(&typed, "evidence").to_owned(),
    };
    member.execute(command).await?;
    flash_to(
        &member.path(&format!("decisions/{id}/units")),
        FlashKey(Tone::Success, "decisions-flash-recorded"),
    )
}

/// What a ballot says: its choice, or the numbers of the candidates picked.
pub(super) fn said(ui: &Ui, choice: &str, picks: Option<&[u32]>) -> String {
    match picks {
        Some(picks) if !picks.is_empty() => {
            let numbers: Vec<String> = picks.iter().map(u32::to_string).collect();
            ui.t_with(
                "decisions-picked",
                &[("numbers", numbers.join("、").into())],
            )
            .into_owned()
        }
        _ => ui.t(&format!("decisions-choice-{choice}")).into_owned(),
    }
}

/// Every candidate with votes, place and fate.
pub(super) fn result_part(ui: &Ui, view: &CountedView) -> Markup {
    let Some(election) = &view.election else {
        return html! {};
    };
    let columns = [
        Column::text(ui.t("decisions-candidate-name")),
        Column::number(ui.t("decisions-count-heads")),
        Column::number(ui.t("decisions-count-area")),
        Column::text(ui.t("decisions-verdict")),
    ];
    let rows = election.standings.iter().map(|one| {
        let shade = match one.fate {
            Fate::Elected => Shade::Jade,
            Fate::Reserve => Shade::Tile,
            Fate::TiedForSeat | Fate::TiedForReserve => Shade::Vermilion,
            _ => Shade::Wall,
        };
        vec![
            html! { (one.candidate) ". " (name_of(view, one.candidate)) },
            html! { (ui.number(i64::from(one.votes.heads))) },
            html! { (ui.area(one.votes.area.get())) },
            html! { (badge(shade, ui.t(&format!("decisions-fate-{}", one.fate.name().replace('_', "-"))))) },
        ]
    });
    let filled = ui.t_with(
        "decisions-election-filled",
        &[
            ("filled", election.filled.into()),
            ("seats", election.seats.into()),
        ],
    );
    section(
        ui.t("decisions-election-result"),
        html! {
            p { (filled) }
            @if election.is_tied { (notice(ui, Tone::Warning, html! { (ui.t("decisions-election-tied")) })) }
            (table(ui, ui.t("decisions-election-result"), columns).rows(rows))
            p.hint { (ui.t("decisions-election-count")) }
        },
    )
}

/// A candidate's name by the number on the ballot.
pub(crate) fn name_of(view: &CountedView, number: u32) -> String {
    let found = view.candidates.iter().find(|(known, _)| *known == number);
    found.map(|(_, one)| one.name.clone()).unwrap_or_default()
}
