//! Putting a round's feasible proposals to the vote: the rule, the ballot and its limits, who and when.

use axum::extract::Path;
use axum::response::{IntoResponse, Response};
use ballot::pabulib::Rule;
use kernel::{CommunityId, Kind, Window};
use maud::{Markup, html};
use serde::Deserialize;
use shell::{Failure, FlashKey, Form, Member, flash_to};
use web_ui::{
    Choice, Heading, Icon, Input, Tone, Ui, button, choices, field, form, link_button, select,
};

use super::super::draft::instant;
use super::{errors_of, path_of};
use crate::model::{Ballots, DRAFT, Entitled, RoundId, VoteTerms};
use crate::{Error, PutToVote, queries};

/// The rules that a community can choose.
pub(in crate::pages) const RULES: [Rule; 6] = [
    Rule::EqualSharesAdd1,
    Rule::EqualShares,
    Rule::Greedy,
    Rule::GreedyThreshold,
    Rule::GreedyNoSkip,
    Rule::Phragmen,
];

/// The form as typed.
#[derive(Clone, Default, Deserialize)]
#[serde(default)]
pub(in crate::pages) struct Typed {
    rule: String,
    ballots: String,
    max_projects: String,
    max_points: String,
    threshold: String,
    entitled: String,
    min_age: String,
    opens: String,
    closes: String,
}

impl Typed {
    fn terms(&self) -> Result<VoteTerms, Error> {
        let blank = |field: &'static str| Error::Blank { field };
        let number =
            |text: &str, field: &'static str| text.trim().parse::<u32>().map_err(|_| blank(field));
        Ok(VoteTerms {
            rule: self.rule.parse().map_err(|_| blank("rule"))?,
            ballots: Ballots::from_name(&self.ballots).ok_or(blank("ballots"))?,
            max_projects: number(&self.max_projects, "max_projects")?,
            max_points: number(&self.max_points, "max_points")?,
            threshold: number(&self.threshold, "threshold")?,
            entitled: Entitled::from_name(&self.entitled).ok_or(blank("entitled"))?,
            min_age: self.min_age.trim().parse().map_err(|_| blank("min_age"))?,
            window: Window {
                opens: instant(&self.opens).ok_or(blank("opens"))?,
                closes: instant(&self.closes).ok_or(blank("closes"))?,
            },
        })
    }
}

pub(in crate::pages) async fn page(
    member: Member,
    Path((_, id)): Path<(CommunityId, RoundId)>,
) -> Result<Markup, Failure> {
    member.context()?.require(DRAFT).map_err(Failure::from)?;
    let now = member.visitor.now;
    let typed = Typed {
        rule: Rule::EqualSharesAdd1.name().to_owned(),
        ballots: Ballots::Approval.name().to_owned(),
        max_projects: "10".to_owned(),
        max_points: "10".to_owned(),
        threshold: "0".to_owned(),
        entitled: Entitled::Residents.name().to_owned(),
        opens: format!("{}T09:00", now.plus_days(7).date()),
        closes: format!("{}T18:00", now.plus_days(21).date()),
        ..Typed::default()
    };
    vote_page(&member, id, &typed, None).await
}

pub(in crate::pages) async fn put(
    member: Member,
    Path((_, round)): Path<(CommunityId, RoundId)>,
    Form(typed): Form<Typed>,
) -> Result<Response, Failure> {
    let sent = match typed.terms() {
        Ok(terms) => member.execute(PutToVote { round, terms }).await,
        Err(error) => Err(error.into()),
    };
    match sent {
        Ok(poll) => flash_to(
            &member.path(&format!("polls/{poll}")),
            FlashKey(Tone::Success, "polls-flash-put-to-vote"),
        ),
        Err(failure) if failure.kind == Kind::Invalid => {
            let page = vote_page(&member, round, &typed, Some(&failure)).await?;
            Ok((axum::http::StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
        }
        Err(failure) => Err(failure),
    }
}

async fn vote_page(
    member: &Member,
    id: RoundId,
    typed: &Typed,
    failure: Option<&Failure>,
) -> Result<Markup, Failure> {
    let view = member
        .read(move |read, ctx| queries::round(read, ctx, id))
        .await?;
    let ui = member.ui();
    let errors = errors_of(&ui, failure);
    let feasible = view.proposals.iter().filter(|proposal| {
        proposal.withdrawn.is_none() && proposal.check.as_ref().is_some_and(|check| check.feasible)
    });
    let feasible = u64::try_from(feasible.count()).unwrap_or(u64::MAX);
    let heading = Heading::new(ui.t("polls-put-to-vote"))
        .crumb(member.path("budgets"), ui.t("polls-budgets"))
        .crumb(path_of(member, id), view.round.terms.title.clone())
        .lead(ui.t_with("polls-put-to-vote-lead", &[("count", feasible.into())]));
    let back = path_of(member, id);
    Ok(ui.page(
        heading,
        html! {
            (form(&ui, member.path(&format!("budgets/{id}/vote")), fields(&ui, typed, &errors))
                .errors(&ui, &errors)
                .button(button(ui.t("polls-put-to-vote")).icon(Icon::Vote))
                .button(link_button(back, ui.t("polls-back")).secondary()))
        },
    ))
}

fn fields(ui: &Ui, typed: &Typed, errors: &web_ui::FormErrors) -> Markup {
    let mut rule = choices(ui, "rule", ui.t("polls-rule"))
        .selected(&typed.rule)
        .error(errors.of("rule"))
        .required();
    for one in RULES {
        let name = one.name();
        let text = ui.t(&format!("polls-rule-{name}-text"));
        rule = rule.choice(Choice::new(name, ui.t(&format!("polls-rule-{name}"))).text(text));
    }
    let mut ballots = select(ui, "ballots", ui.t("polls-ballots"))
        .selected(&typed.ballots)
        .error(errors.of("ballots"))
        .required();
    for one in Ballots::ALL {
        ballots = ballots.option(one.name(), ui.t(&format!("polls-ballots-{}", one.name())));
    }
    let mut entitled = choices(ui, "entitled", ui.t("polls-entitled"))
        .selected(&typed.entitled)
        .error(errors.of("entitled"))
        .required();
    for one in Entitled::ALL {
        let key = format!("polls-entitled-{}", one.name());
        entitled = entitled.choice(Choice::new(one.name(), ui.t(&key)));
    }
    html! {
        (rule)
        (ballots)
        (field(ui, "max_projects", ui.t("polls-max-projects")).input(Input::Number).value(&typed.max_projects)
            .error(errors.of("max_projects")).required())
        (field(ui, "max_points", ui.t("polls-max-points")).input(Input::Number).value(&typed.max_points)
            .hint(ui.t("polls-max-points-hint")).error(errors.of("max_points")).required())
        (field(ui, "threshold", ui.t("polls-threshold")).input(Input::Number).value(&typed.threshold)
            .hint(ui.t("polls-threshold-hint")).error(errors.of("threshold")).required())
        (entitled)
        (field(ui, "min_age", ui.t("polls-field-min-age")).input(Input::Number).value(&typed.min_age)
            .hint(ui.t("polls-field-min-age-hint")).error(errors.of("min_age")).required())
        (field(ui, "opens", ui.t("polls-field-opens")).input(Input::DateTime).value(&typed.opens)
            .error(errors.of("opens")).required())
        (field(ui, "closes", ui.t("polls-field-closes")).input(Input::DateTime).value(&typed.closes)
            .error(errors.of("closes")).required())
    }
}
