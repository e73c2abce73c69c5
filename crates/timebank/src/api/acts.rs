//! What can be sent as JSON: the same commands as the pages'.

use axum::Json;
use axum::extract::Path;
use axum::http::StatusCode;
use kernel::{AccountId, CommunityId};
use serde::{Deserialize, Serialize};
use shell::{App, Failure, Member, ProblemDetails};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::model::{
    Bond, Channel, ComplaintId, Consent, ElderId, ElderProfile, Gender, PaidBy, RequestId, Scheme,
    ServiceId, Slot, VisitId, VolunteerProfile,
};
use crate::{
    AcceptRequest, AskForVisit, CancelRequest, CancelVisit, CheckIn, CheckOut, ChooseScheme,
    Complain, ConfirmRelation, ConfirmVisit, DonateHours, EndService, Enrol, EnrolElder,
    EnterTimes, EntitleElder, Error, FundPool, GiveHours, MakeService, Receiver, SettleComplaint,
    VetVolunteer, WithdrawConsent,
};

/// Every route that changes something.
pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(choose))
        .routes(routes!(make_service))
        .routes(routes!(end_service))
        .routes(routes!(fund))
        .routes(routes!(enrol))
        .routes(routes!(vet))
        .routes(routes!(enrol_elder))
        .routes(routes!(withdraw))
        .routes(routes!(entitle))
        .routes(routes!(relate))
        .routes(routes!(ask))
        .routes(routes!(take_back))
        .routes(routes!(accept))
        .routes(routes!(cancel))
        .routes(routes!(check_in))
        .routes(routes!(check_out))
        .routes(routes!(enter_times))
        .routes(routes!(confirm))
        .routes(routes!(complain))
        .routes(routes!(settle))
        .routes(routes!(give))
        .routes(routes!(donate))
}

/// What was made.
#[derive(Serialize, ToSchema)]
struct HoursMade {
    /// Its id.
    #[schema(value_type = uuid::Uuid)]
    id: kernel::Uuid,
}

fn made(id: kernel::Uuid) -> (StatusCode, Json<HoursMade>) {
    (StatusCode::CREATED, Json(HoursMade { id }))
}

/// How many minutes came of it.
#[derive(Serialize, ToSchema)]
struct MinutesBody {
    /// Minutes.
    minutes: i64,
}

/// An instant as RFC 3339.
fn instant(text: &str) -> Result<kernel::Timestamp, Failure> {
    let at: Result<jiff::Timestamp, _> = text.parse();
    at.map(|at| kernel::Timestamp::from_micros(at.as_microsecond()))
        .map_err(|_| Failure::from(Error::ImpossibleTimes))
}

fn day(text: &str) -> Result<jiff::civil::Date, Failure> {
    text.parse()
        .map_err(|_| Failure::from(Error::ImpossibleBirth))
}

/// A scheme to choose.
#[derive(Deserialize, ToSchema)]
struct SchemeBody {
    /// `nanjing`, `beijing`, `shanghai` or `hangzhou_xihu`.
    #[schema(value_type = String)]
    scheme: Scheme,
    /// After how many days Linli itself confirms a visit.
    confirm_after_days: i64,
}

/// Chooses a scheme.
#[utoipa::path(post, path = "/api/v1/communities/{community}/timebank/scheme", tag = "timebank",
    params(("community" = uuid::Uuid, Path, description = "The community")), request_body = SchemeBody,
    responses((status = 204), (status = "default", body = ProblemDetails)))]
async fn choose(member: Member, Json(body): Json<SchemeBody>) -> Result<StatusCode, Failure> {
    let command = ChooseScheme {
        scheme: body.scheme,
        confirm_after_days: body.confirm_after_days,
    };
    member.execute(command).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// A service to list.
#[derive(Deserialize, ToSchema)]
struct ServiceBody {
    /// What it is.
    title: String,
    /// How long it takes.
    minutes: i64,
}

/// Lists a service.
#[utoipa::path(post, path = "/api/v1/communities/{community}/timebank/services", tag = "timebank",
    params(("community" = uuid::Uuid, Path, description = "The community")), request_body = ServiceBody,
    responses((status = 201, body = HoursMade), (status = "default", body = ProblemDetails)))]
async fn make_service(
    member: Member,
    Json(body): Json<ServiceBody>,
) -> Result<(StatusCode, Json<HoursMade>), Failure> {
    let command = MakeService {
        title: body.title,
        minutes: body.minutes,
    };
    Ok(made(member.execute(command).await?.uuid()))
}

/// Takes a service off the list.
#[utoipa::path(post, path = "/api/v1/communities/{community}/timebank/services/{service}/end", tag = "timebank",
    params(("community" = uuid::Uuid, Path, description = "The community"),
        ("service" = uuid::Uuid, Path, description = "The service")),
    responses((status = 204), (status = "default", body = ProblemDetails)))]
async fn end_service(
    member: Member,
    Path((_, service)): Path<(CommunityId, ServiceId)>,
) -> Result<StatusCode, Failure> {
    let command = EndService { service };
    member.execute(command).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Hours for the pool.
#[derive(Deserialize, ToSchema)]
struct FundBody {
    /// How many minutes.
    minutes: i64,
    /// On what ground.
    reason: String,
}

/// Gives the pool hours.
#[utoipa::path(post, path = "/api/v1/communities/{community}/timebank/pool", tag = "timebank",
    params(("community" = uuid::Uuid, Path, description = "The community")), request_body = FundBody,
    responses((status = 204), (status = "default", body = ProblemDetails)))]
async fn fund(member: Member, Json(body): Json<FundBody>) -> Result<StatusCode, Failure> {
    let command = FundPool {
        minutes: body.minutes,
        reason: body.reason,
    };
    member.execute(command).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// A volunteer.
#[derive(Deserialize, ToSchema)]
struct VolunteerBody {
    /// Their name.
    name: String,
    /// Born on, as 1960-02-29.
    birth: String,
    /// `female` or `male`.
    #[schema(value_type = String)]
    gender: Gender,
    /// Languages and dialects.
    languages: Vec<String>,
    /// Services they can do; empty for any.
    #[schema(value_type = Vec<uuid::Uuid>)]
    skills: Vec<ServiceId>,
    /// When they have time, such as `weekday_morning`.
    #[schema(value_type = Vec<String>)]
    slots: Vec<Slot>,
    /// The team with which they go.
    team: Option<String>,
}

/// The number of a volunteer.
#[derive(Serialize, ToSchema)]
struct NumberBody {
    /// The number.
    number: i64,
}

/// Volunteers, or says anew what one can do.
#[utoipa::path(put, path = "/api/v1/communities/{community}/timebank/volunteer", tag = "timebank",
    params(("community" = uuid::Uuid, Path, description = "The community")), request_body = VolunteerBody,
    responses((status = 200, body = NumberBody), (status = "default", body = ProblemDetails)))]
async fn enrol(
    member: Member,
    Json(body): Json<VolunteerBody>,
) -> Result<Json<NumberBody>, Failure> {
    let profile = VolunteerProfile {
        name: body.name,
        birth: day(&body.birth)?,
        gender: body.gender,
        languages: body.languages,
        skills: body.skills,
        slots: body.slots,
        team: body.team,
    };
    let number = member.execute(Enrol { profile }).await?;
    Ok(Json(NumberBody { number }))
}

/// What vetting came to.
#[derive(Deserialize, ToSchema)]
struct VettingBody {
    /// Whether they are fit.
    is_fit: bool,
    /// What was looked at.
    note: String,
}

/// Says whether a volunteer is fit to visit.
#[utoipa::path(post, path = "/api/v1/communities/{community}/timebank/volunteers/{account}/vetting", tag = "timebank",
    params(("community" = uuid::Uuid, Path, description = "The community"),
        ("account" = uuid::Uuid, Path, description = "The volunteer's login")), request_body = VettingBody,
    responses((status = 204), (status = "default", body = ProblemDetails)))]
async fn vet(
    member: Member,
    Path((_, account)): Path<(CommunityId, AccountId)>,
    Json(body): Json<VettingBody>,
) -> Result<StatusCode, Failure> {
    let command = VetVolunteer {
        account,
        is_fit: body.is_fit,
        note: body.note,
    };
    member.execute(command).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// An elder.
#[derive(Deserialize, ToSchema)]
struct ElderBody {
    /// Their name.
    name: String,
    /// Their telephone number.
    phone: String,
    /// Born on, as 1940-02-29.
    birth: String,
    /// `female` or `male`.
    #[schema(value_type = String)]
    gender: Gender,
    /// Languages and dialects.
    languages: Vec<String>,
    /// The building.
    building: String,
    /// The door in it.
    door: String,
    /// `own` for oneself; `signed`, `spoken` or `guardian` for somebody else.
    #[schema(value_type = String)]
    consent: Consent,
    /// What shows somebody else's consent.
    evidence: Option<String>,
}

/// Enrols an elder.
#[utoipa::path(post, path = "/api/v1/communities/{community}/timebank/elders", tag = "timebank",
    params(("community" = uuid::Uuid, Path, description = "The community")), request_body = ElderBody,
    responses((status = 201, body = HoursMade), (status = "default", body = ProblemDetails)))]
async fn enrol_elder(
    member: Member,
    Json(body): Json<ElderBody>,
) -> Result<(StatusCode, Json<HoursMade>), Failure> {
    let command = EnrolElder {
        profile: ElderProfile {
            name: body.name,
            phone: body.phone,
            birth: day(&body.birth)?,
            gender: body.gender,
            languages: body.languages,
            building: body.building,
            door: body.door,
        },
        consent: body.consent,
        evidence: body.evidence.unwrap_or_default(),
    };
    Ok(made(member.execute(command).await?.uuid()))
}

/// Takes the elder's consent back.
#[utoipa::path(post, path = "/api/v1/communities/{community}/timebank/elders/{elder}/withdrawal", tag = "timebank",
    params(("community" = uuid::Uuid, Path, description = "The community"),
        ("elder" = uuid::Uuid, Path, description = "The elder")),
    responses((status = 204), (status = "default", body = ProblemDetails)))]
async fn withdraw(
    member: Member,
    Path((_, elder)): Path<(CommunityId, ElderId)>,
) -> Result<StatusCode, Failure> {
    let command = WithdrawConsent { elder };
    member.execute(command).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// On what ground the pool pays.
#[derive(Deserialize, ToSchema)]
struct EntitlementBody {
    /// Whether the elder is in hardship.
    is_hardship: bool,
}

/// Finds that the pool pays for an elder.
#[utoipa::path(post, path = "/api/v1/communities/{community}/timebank/elders/{elder}/entitlement", tag = "timebank",
    params(("community" = uuid::Uuid, Path, description = "The community"),
        ("elder" = uuid::Uuid, Path, description = "The elder")), request_body = EntitlementBody,
    responses((status = 204), (status = "default", body = ProblemDetails)))]
async fn entitle(
    member: Member,
    Path((_, elder)): Path<(CommunityId, ElderId)>,
    Json(body): Json<EntitlementBody>,
) -> Result<StatusCode, Failure> {
    let command = EntitleElder {
        elder,
        is_hardship: body.is_hardship,
    };
    member.execute(command).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// A relation that staff saw papers of.
#[derive(Deserialize, ToSchema)]
struct RelationBody {
    /// The relative's number as a volunteer.
    number: i64,
    /// `spouse`, `direct`, `relative` or `friend`.
    #[schema(value_type = String)]
    bond: Bond,
    /// What was seen.
    evidence: String,
}

/// Confirms that somebody is an elder's family.
#[utoipa::path(post, path = "/api/v1/communities/{community}/timebank/elders/{elder}/relations", tag = "timebank",
    params(("community" = uuid::Uuid, Path, description = "The community"),
        ("elder" = uuid::Uuid, Path, description = "The elder")), request_body = RelationBody,
    responses((status = 201, body = HoursMade), (status = "default", body = ProblemDetails)))]
async fn relate(
    member: Member,
    Path((_, elder)): Path<(CommunityId, ElderId)>,
    Json(body): Json<RelationBody>,
) -> Result<(StatusCode, Json<HoursMade>), Failure> {
    let command = ConfirmRelation {
        elder,
        number: body.number,
        bond: body.bond,
        evidence: body.evidence,
    };
    Ok(made(member.execute(command).await?.uuid()))
}

/// A visit to ask for.
#[derive(Deserialize, ToSchema)]
struct AskBody {
    /// What.
    #[schema(value_type = uuid::Uuid)]
    service: ServiceId,
    /// When, RFC 3339.
    begins: String,
    /// Whom the elder wishes for.
    #[schema(value_type = Option<String>)]
    gender_wish: Option<Gender>,
    /// What else to know.
    note: Option<String>,
    /// `page` unless staff enter what came by `phone` or on `paper`.
    #[schema(value_type = Option<String>)]
    channel: Option<Channel>,
    /// `elder`, `family` or `pool`.
    #[schema(value_type = String)]
    paid_by: PaidBy,
}

/// Asks for a visit.
#[utoipa::path(post, path = "/api/v1/communities/{community}/timebank/elders/{elder}/requests", tag = "timebank",
    params(("community" = uuid::Uuid, Path, description = "The community"),
        ("elder" = uuid::Uuid, Path, description = "The elder")), request_body = AskBody,
    responses((status = 201, body = HoursMade), (status = "default", body = ProblemDetails)))]
async fn ask(
    member: Member,
    Path((_, elder)): Path<(CommunityId, ElderId)>,
    Json(body): Json<AskBody>,
) -> Result<(StatusCode, Json<HoursMade>), Failure> {
    let command = AskForVisit {
        elder,
        service: body.service,
        begins: instant(&body.begins)?,
        gender_wish: body.gender_wish,
        note: body.note.unwrap_or_default(),
        channel: body.channel.unwrap_or(Channel::Page),
        paid_by: body.paid_by,
    };
    Ok(made(member.execute(command).await?.uuid()))
}

/// Why.
#[derive(Deserialize, ToSchema)]
struct WhyBody {
    /// Why, for the others to read.
    reason: String,
}

/// Takes a request back.
#[utoipa::path(post, path = "/api/v1/communities/{community}/timebank/requests/{request}/cancellation", tag = "timebank",
    params(("community" = uuid::Uuid, Path, description = "The community"),
        ("request" = uuid::Uuid, Path, description = "The request")), request_body = WhyBody,
    responses((status = 204), (status = "default", body = ProblemDetails)))]
async fn take_back(
    member: Member,
    Path((_, request)): Path<(CommunityId, RequestId)>,
    Json(body): Json<WhyBody>,
) -> Result<StatusCode, Failure> {
    let command = CancelRequest {
        request,
        reason: body.reason,
    };
    member.execute(command).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// How one goes.
#[derive(Deserialize, ToSchema)]
struct AcceptBody {
    /// Whether the minutes are one's team's.
    for_team: bool,
}

/// Accepts a request: the minutes are held.
#[utoipa::path(post, path = "/api/v1/communities/{community}/timebank/requests/{request}/acceptance", tag = "timebank",
    params(("community" = uuid::Uuid, Path, description = "The community"),
        ("request" = uuid::Uuid, Path, description = "The request")), request_body = AcceptBody,
    responses((status = 201, body = HoursMade), (status = "default", body = ProblemDetails)))]
async fn accept(
    member: Member,
    Path((_, request)): Path<(CommunityId, RequestId)>,
    Json(body): Json<AcceptBody>,
) -> Result<(StatusCode, Json<HoursMade>), Failure> {
    let command = AcceptRequest {
        request,
        for_team: body.for_team,
    };
    Ok(made(member.execute(command).await?.uuid()))
}

/// Calls a visit off.
#[utoipa::path(post, path = "/api/v1/communities/{community}/timebank/visits/{visit}/cancellation", tag = "timebank",
    params(("community" = uuid::Uuid, Path, description = "The community"),
        ("visit" = uuid::Uuid, Path, description = "The visit")), request_body = WhyBody,
    responses((status = 204), (status = "default", body = ProblemDetails)))]
async fn cancel(
    member: Member,
    Path((_, visit)): Path<(CommunityId, VisitId)>,
    Json(body): Json<WhyBody>,
) -> Result<StatusCode, Failure> {
    let command = CancelVisit {
        visit,
        reason: body.reason,
    };
    member.execute(command).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// At the door.
#[derive(Deserialize, ToSchema)]
struct DoorBody {
    /// The code that the elder says.
    code: String,
    /// Where, if one wants to say so.
    place: Option<String>,
}

/// Begins a visit.
#[utoipa::path(post, path = "/api/v1/communities/{community}/timebank/check-in", tag = "timebank",
    params(("community" = uuid::Uuid, Path, description = "The community")), request_body = DoorBody,
    responses((status = 201, body = HoursMade), (status = "default", body = ProblemDetails)))]
async fn check_in(
    member: Member,
    Json(body): Json<DoorBody>,
) -> Result<(StatusCode, Json<HoursMade>), Failure> {
    let command = CheckIn {
        code: body.code,
        place: body.place.unwrap_or_default(),
    };
    Ok(made(member.execute(command).await?.uuid()))
}

/// Ends a visit.
#[utoipa::path(post, path = "/api/v1/communities/{community}/timebank/check-out", tag = "timebank",
    params(("community" = uuid::Uuid, Path, description = "The community")), request_body = DoorBody,
    responses((status = 200, body = MinutesBody), (status = "default", body = ProblemDetails)))]
async fn check_out(
    member: Member,
    Json(body): Json<DoorBody>,
) -> Result<Json<MinutesBody>, Failure> {
    let command = CheckOut { code: body.code };
    let minutes = member.execute(command).await?;
    Ok(Json(MinutesBody { minutes }))
}

/// When a visit was.
#[derive(Deserialize, ToSchema)]
struct TimesBody {
    /// When it began, RFC 3339.
    came: String,
    /// When it ended, RFC 3339.
    left: String,
}

/// Enters when a visit was, as told by telephone.
#[utoipa::path(post, path = "/api/v1/communities/{community}/timebank/visits/{visit}/times", tag = "timebank",
    params(("community" = uuid::Uuid, Path, description = "The community"),
        ("visit" = uuid::Uuid, Path, description = "The visit")), request_body = TimesBody,
    responses((status = 200, body = MinutesBody), (status = "default", body = ProblemDetails)))]
async fn enter_times(
    member: Member,
    Path((_, visit)): Path<(CommunityId, VisitId)>,
    Json(body): Json<TimesBody>,
) -> Result<Json<MinutesBody>, Failure> {
    let command = EnterTimes {
        visit,
        came: instant(&body.came)?,
        left: instant(&body.left)?,
    };
    let minutes = member.execute(command).await?;
    Ok(Json(MinutesBody { minutes }))
}

/// How a visit is confirmed.
#[derive(Deserialize, ToSchema)]
struct ConfirmBody {
    /// Whether to pay for longer than was booked.
    longer: bool,
}

/// Confirms a visit: the real minutes are credited.
#[utoipa::path(post, path = "/api/v1/communities/{community}/timebank/visits/{visit}/confirmation", tag = "timebank",
    params(("community" = uuid::Uuid, Path, description = "The community"),
        ("visit" = uuid::Uuid, Path, description = "The visit")), request_body = ConfirmBody,
    responses((status = 200, body = MinutesBody), (status = "default", body = ProblemDetails)))]
async fn confirm(
    member: Member,
    Path((_, visit)): Path<(CommunityId, VisitId)>,
    Json(body): Json<ConfirmBody>,
) -> Result<Json<MinutesBody>, Failure> {
    let command = ConfirmVisit {
        visit,
        longer: body.longer,
    };
    let minutes = member.execute(command).await?;
    Ok(Json(MinutesBody { minutes }))
}

/// A complaint.
#[derive(Deserialize, ToSchema)]
struct ComplaintBody {
    /// What is wrong.
    said: String,
}

/// Complains about a visit.
#[utoipa::path(post, path = "/api/v1/communities/{community}/timebank/visits/{visit}/complaint", tag = "timebank",
    params(("community" = uuid::Uuid, Path, description = "The community"),
        ("visit" = uuid::Uuid, Path, description = "The visit")), request_body = ComplaintBody,
    responses((status = 201, body = HoursMade), (status = "default", body = ProblemDetails)))]
async fn complain(
    member: Member,
    Path((_, visit)): Path<(CommunityId, VisitId)>,
    Json(body): Json<ComplaintBody>,
) -> Result<(StatusCode, Json<HoursMade>), Failure> {
    let command = Complain {
        visit,
        said: body.said,
    };
    Ok(made(member.execute(command).await?.uuid()))
}

/// A ruling.
#[derive(Deserialize, ToSchema)]
struct RulingBody {
    /// The minutes that are right, if the complaint is.
    right_minutes: Option<i64>,
    /// The ruling, for both sides to read.
    ruling: String,
}

/// Settles a complaint.
#[utoipa::path(post, path = "/api/v1/communities/{community}/timebank/complaints/{complaint}/settlement", tag = "timebank",
    params(("community" = uuid::Uuid, Path, description = "The community"),
        ("complaint" = uuid::Uuid, Path, description = "The complaint")), request_body = RulingBody,
    responses((status = 204), (status = "default", body = ProblemDetails)))]
async fn settle(
    member: Member,
    Path((_, complaint)): Path<(CommunityId, ComplaintId)>,
    Json(body): Json<RulingBody>,
) -> Result<StatusCode, Failure> {
    let command = SettleComplaint {
        complaint,
        right_minutes: body.right_minutes,
        ruling: body.ruling,
    };
    member.execute(command).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Hours for family: name an account or an elder.
#[derive(Deserialize, ToSchema)]
struct HoursGift {
    /// A family member's login.
    #[schema(value_type = Option<uuid::Uuid>)]
    account: Option<AccountId>,
    /// An elder.
    #[schema(value_type = Option<uuid::Uuid>)]
    elder: Option<ElderId>,
    /// How many minutes.
    minutes: i64,
}

impl HoursGift {
    fn to(&self) -> Result<Receiver, Failure> {
        match (self.account, self.elder) {
            (Some(account), None) => Ok(Receiver::Account(account)),
            (None, Some(elder)) => Ok(Receiver::Elder(elder)),
            _ => Err(Error::NotFound { what: "elder" }.into()),
        }
    }
}

/// Gives hours to family.
#[utoipa::path(post, path = "/api/v1/communities/{community}/timebank/gifts", tag = "timebank",
    params(("community" = uuid::Uuid, Path, description = "The community")), request_body = HoursGift,
    responses((status = 204), (status = "default", body = ProblemDetails)))]
async fn give(member: Member, Json(body): Json<HoursGift>) -> Result<StatusCode, Failure> {
    let command = GiveHours {
        to: body.to()?,
        minutes: body.minutes,
    };
    member.execute(command).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Hours for the pool.
#[derive(Deserialize, ToSchema)]
struct DonationBody {
    /// How many minutes.
    minutes: i64,
}

/// Gives hours to the pool.
#[utoipa::path(post, path = "/api/v1/communities/{community}/timebank/donations", tag = "timebank",
    params(("community" = uuid::Uuid, Path, description = "The community")), request_body = DonationBody,
    responses((status = 204), (status = "default", body = ProblemDetails)))]
async fn donate(member: Member, Json(body): Json<DonationBody>) -> Result<StatusCode, Failure> {
    let command = DonateHours {
        minutes: body.minutes,
    };
    member.execute(command).await?;
    Ok(StatusCode::NO_CONTENT)
}
