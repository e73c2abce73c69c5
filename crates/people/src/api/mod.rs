//! The JSON twin of the pages: the same commands and queries.

mod changes;
mod files;
mod persons;

use axum::Json;
use axum::extract::{FromRequest, Path, Query, Request};
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use kernel::{CommunityId, Uuid};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use shell::{App, Failure, Member, ProblemDetails, Uploads, Visitor};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::commands::{AppointVoice, CreateCommunity, EndVoice, ImportRoll};
use crate::import::{Counts, ImportCounts, RollFile, RollTable, Warning};
use crate::model::{BuildingId, Community, OwnerId, UnitId};
use crate::pages::{read_upload, sha256};
use crate::queries::{self, OwnerView, RollFilter, RollRow};
use crate::{Error, FieldFault, ROLL_IMPORT};

/// Every API route of the module.
pub(crate) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(communities, create_community))
        .routes(routes!(units))
        .routes(routes!(unit))
        .routes(routes!(appoint_voice, end_voice))
        .routes(routes!(import))
        .merge(changes::routes())
        .merge(files::routes())
        .merge(persons::routes())
}

/// A community.
#[derive(Serialize, ToSchema)]
struct CommunityBody {
    /// Its id.
    id: Uuid,
    /// Its name.
    name: String,
    /// The six digits of its district (GB/T 2260).
    place: String,
    /// Where it is.
    address: String,
    /// Whether its people are made up.
    demo: bool,
}

impl From<Community> for CommunityBody {
    fn from(community: Community) -> Self {
        Self {
            id: community.id.uuid(),
            name: community.name,
            place: community.place,
            address: community.address,
            demo: community.is_demo,
        }
    }
}

/// List the communities in which the caller holds a role; city staff and administrators see all.
#[utoipa::path(get, path = "/api/v1/communities", tag = "people",
    responses((status = 200, body = Vec<CommunityBody>), (status = "default", body = ProblemDetails)))]
async fn communities(visitor: Visitor) -> Result<Json<Vec<CommunityBody>>, Failure> {
    let signed_in = &visitor.signed_in()?.signed_in;
    let now = visitor.now;
    let own = signed_in.communities(now);
    let sees_all = own.contains(&CommunityId::CITY);
    let all = visitor
        .app
        .database()
        .read(|read| queries::communities(read))
        .await?;
    let seen = all
        .into_iter()
        .filter(|community| sees_all || own.contains(&community.id));
    Ok(Json(seen.map(CommunityBody::from).collect()))
}

/// A community to come.
#[derive(Deserialize, ToSchema)]
struct NewCommunity {
    /// Its name, at most 200 characters.
    name: String,
    /// The six digits of its district, such as `330602`; rules of law are chosen by it.
    place: String,
    /// Where it is; may be blank.
    #[serde(default)]
    address: String,
}

/// The id of what was made.
#[derive(Serialize, ToSchema)]
struct RollMade {
    /// The new id.
    id: Uuid,
}

/// Bring a community to Linli.
#[utoipa::path(post, path = "/api/v1/communities", tag = "people", request_body = NewCommunity,
    responses((status = 201, body = RollMade), (status = "default", body = ProblemDetails)))]
async fn create_community(
    visitor: Visitor,
    shell::Json(body): shell::Json<NewCommunity>,
) -> Result<(StatusCode, Json<RollMade>), Failure> {
    visitor.signed_in()?;
    let community = CommunityId::from_uuid(new_community_id(&visitor)?);
    let command = CreateCommunity {
        name: body.name,
        place: body.place,
        address: body.address,
        is_demo: false,
    };
    let id = visitor
        .app
        .journal()
        .execute(visitor.context(community)?, command)
        .await?;
    Ok((StatusCode::CREATED, Json(RollMade { id: id.uuid() })))
}

/// A new id; the same for a repeated idempotency key, whose answer stands in that community's journal.
fn new_community_id(visitor: &Visitor) -> Result<Uuid, Failure> {
    let ctx = visitor.context(CommunityId::CITY)?;
    let Some(key) = &ctx.idempotency_key else {
        return Ok(ctx.new_uuid());
    };
    let mut hash = Sha256::new();
    hash.update(b"people.community\0");
    hash.update(ctx.actor.uuid().as_bytes());
    hash.update(key.as_bytes());
    let mut bytes = [0; 16];
    for (byte, of_hash) in bytes.iter_mut().zip(hash.finalize()) {
        *byte = of_hash;
    }
    Ok(uuid::Builder::from_custom_bytes(bytes).into_uuid())
}

/// An owner as most people see one.
#[derive(Serialize, ToSchema)]
struct OwnerBody {
    /// Their id.
    id: Uuid,
    /// `person`, `organisation` or `developer`.
    kind: &'static str,
    /// The name: masked, but for organisations.
    name: String,
    /// The masked telephone number.
    phone: Option<String>,
    /// The masked identity number.
    id_number: Option<String>,
}

impl From<OwnerView> for OwnerBody {
    fn from(owner: OwnerView) -> Self {
        Self {
            id: owner.id.uuid(),
            kind: owner.kind.name(),
            name: owner.name,
            phone: owner.phone,
            id_number: owner.id_number,
        }
    }
}

/// A unit of the roll.
#[derive(Serialize, ToSchema)]
struct UnitBody {
    /// Its id.
    id: Uuid,
    /// Its building.
    building: String,
    /// Its number in the building.
    number: String,
    /// Exclusive area in 0.01 m².
    exclusive_area_hundredths: i64,
    /// `register`, `survey` or `contract`.
    area_source: &'static str,
    /// `residential`, `commercial`, `parking`, `storage` or `other`.
    unit_use: &'static str,
    /// Who owns it.
    owners: Vec<OwnerBody>,
    /// Who votes for it: the only owner, or the one whom the co-owners appointed.
    voice: Option<Uuid>,
}

impl From<RollRow> for UnitBody {
    fn from(row: RollRow) -> Self {
        Self {
            id: row.unit.uuid(),
            building: row.label.building,
            number: row.label.number,
            exclusive_area_hundredths: row.facts.exclusive_area.get(),
            area_source: row.facts.area_source.name(),
            unit_use: row.facts.unit_use.name(),
            owners: row.owners.into_iter().map(OwnerBody::from).collect(),
            voice: row.voice.map(OwnerId::uuid),
        }
    }
}

/// A page of units.
#[derive(Serialize, ToSchema)]
struct UnitPage {
    /// The units in the order of the roll.
    units: Vec<UnitBody>,
    /// The `after` of the next page; none on the last.
    next: Option<Uuid>,
}

#[derive(Deserialize, IntoParams)]
struct UnitFilter {
    /// Only units of this building.
    #[param(value_type = Option<uuid::Uuid>)]
    building: Option<BuildingId>,
    /// Only units whose number contains this.
    number: Option<String>,
    /// Only units after this one.
    #[param(value_type = Option<uuid::Uuid>)]
    after: Option<UnitId>,
    /// How many, at most 200; 50 where it is missing.
    limit: Option<u32>,
}

/// List units in the order of the roll, persons masked.
#[utoipa::path(get, path = "/api/v1/communities/{community}/units", tag = "people",
    params(("community" = uuid::Uuid, Path, description = "The community"), UnitFilter),
    responses((status = 200, body = UnitPage), (status = "default", body = ProblemDetails)))]
async fn units(member: Member, Query(asked): Query<UnitFilter>) -> Result<Json<UnitPage>, Failure> {
    let filter = RollFilter {
        building: asked.building,
        number_contains: asked.number.unwrap_or_default(),
        after: asked.after,
        limit: asked.limit.unwrap_or(0),
    };
    let page = member
        .read(move |read, ctx| queries::roll(read, ctx, &filter))
        .await?;
    Ok(Json(UnitPage {
        units: page.rows.into_iter().map(UnitBody::from).collect(),
        next: page.next.map(UnitId::uuid),
    }))
}

/// Read a unit, persons masked: whoever may see the roll, and those who own it or live in it.
#[utoipa::path(get, path = "/api/v1/communities/{community}/units/{unit}", tag = "people",
    params(("community" = uuid::Uuid, Path, description = "The community"), ("unit" = uuid::Uuid, Path, description = "The unit")),
    responses((status = 200, body = UnitBody), (status = "default", body = ProblemDetails)))]
async fn unit(
    member: Member,
    Path((_, id)): Path<(CommunityId, UnitId)>,
) -> Result<Json<UnitBody>, Failure> {
    let view = member
        .read(move |read, ctx| queries::unit(read, ctx, id))
        .await?;
    let row = RollRow {
        unit: view.unit,
        label: view.label,
        facts: view.facts,
        owners: view.owners,
        voice: view.voice,
    };
    Ok(Json(row.into()))
}

/// Who is to vote for a co-owned unit.
#[derive(Deserialize, ToSchema)]
struct VoiceBody {
    /// The co-owner.
    #[schema(value_type = uuid::Uuid)]
    owner: OwnerId,
    /// Who consented and how it is shown.
    consent: String,
}

/// Appoint the one who votes for a co-owned unit: by a co-owner, or by the committee with evidence.
#[utoipa::path(post, path = "/api/v1/communities/{community}/units/{unit}/voice", tag = "people", request_body = VoiceBody,
    params(("community" = uuid::Uuid, Path, description = "The community"), ("unit" = uuid::Uuid, Path, description = "The unit")),
    responses((status = 201), (status = "default", body = ProblemDetails)))]
async fn appoint_voice(
    member: Member,
    Path((_, unit)): Path<(CommunityId, UnitId)>,
    shell::Json(VoiceBody { owner, consent }): shell::Json<VoiceBody>,
) -> Result<StatusCode, Failure> {
    member
        .execute(AppointVoice {
            unit,
            owner,
            consent,
        })
        .await?;
    Ok(StatusCode::CREATED)
}

#[derive(Deserialize, IntoParams)]
struct Why {
    /// Why it ends.
    reason: String,
}

/// End the appointment.
#[utoipa::path(delete, path = "/api/v1/communities/{community}/units/{unit}/voice", tag = "people",
    params(("community" = uuid::Uuid, Path, description = "The community"), ("unit" = uuid::Uuid, Path, description = "The unit"), Why),
    responses((status = 204), (status = "default", body = ProblemDetails)))]
async fn end_voice(
    member: Member,
    Path((_, unit)): Path<(CommunityId, UnitId)>,
    Query(Why { reason }): Query<Why>,
) -> Result<StatusCode, Failure> {
    member.execute(EndVoice { unit, reason }).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// A table: the names of its columns as in the template, and its rows.
#[derive(Deserialize, ToSchema)]
struct TableBody {
    /// The columns' names, Chinese or English.
    header: Vec<String>,
    /// The rows' cells as text. Faults name the first row `line 2`, as in a spreadsheet.
    rows: Vec<Vec<String>>,
}

impl From<TableBody> for RollTable {
    fn from(table: TableBody) -> Self {
        Self {
            header: table.header,
            rows: (2..).zip(table.rows).collect(),
        }
    }
}

/// A roll to import.
#[derive(Deserialize, ToSchema)]
struct ImportBody {
    /// Whether only to say what would change: true unless it says false.
    #[serde(default = "yes")]
    dry_run: bool,
    /// Whether someone looked at the warnings and found the values right.
    #[serde(default)]
    confirmed: bool,
    /// Buildings, units, areas, owners.
    units: TableBody,
    /// Who lives where.
    residents: Option<TableBody>,
}

const fn yes() -> bool {
    true
}

/// A file to import.
#[derive(ToSchema)]
#[expect(dead_code, reason = "describes the form, which is read field by field")]
struct ImportForm {
    /// An Excel, OpenDocument or CSV file with the sheets 房屋 and 住户.
    #[schema(value_type = String, format = Binary)]
    file: Vec<u8>,
    /// `false` imports; anything else only says what would change.
    dry_run: Option<String>,
    /// `true` where someone looked at the warnings and found the values right.
    confirmed: Option<String>,
}

/// How many are new, changed, as before.
#[derive(Serialize, ToSchema)]
struct CountsBody {
    /// New on the roll.
    added: u64,
    /// On the roll and changed.
    changed: u64,
    /// On the roll and as before.
    unchanged: u64,
}

impl From<Counts> for CountsBody {
    fn from(
        Counts {
            added,
            changed,
            unchanged,
        }: Counts,
    ) -> Self {
        Self {
            added,
            changed,
            unchanged,
        }
    }
}

/// Something to look at.
#[derive(Serialize, ToSchema)]
struct WarningBody {
    /// `line N` of the units, or `residents line N`.
    at: String,
    /// What, in the language of `Accept-Language`.
    detail: String,
    /// Whether the import is refused until someone confirms it.
    needs_confirmation: bool,
}

/// What an import would do, or did.
#[derive(Serialize, ToSchema)]
struct ImportAnswer {
    /// Whether it was done.
    applied: bool,
    /// Units.
    units: CountsBody,
    /// Owners.
    owners: CountsBody,
    /// Residents.
    residents: CountsBody,
    /// Units of the roll with other owners than before.
    transfers: u64,
    /// Units of the roll that the file leaves out; they stay.
    missing: u64,
    /// What to look at, of a dry run.
    warnings: Vec<WarningBody>,
}

impl ImportAnswer {
    fn of(counts: ImportCounts, applied: bool, warnings: Vec<WarningBody>) -> Self {
        Self {
            applied,
            units: counts.units.into(),
            owners: counts.owners.into(),
            residents: counts.residents.into(),
            transfers: counts.transfers,
            missing: counts.missing,
            warnings,
        }
    }
}

/// Bring the roll to what a file or tables say, all of it or nothing; by default only a dry run. Every fault is told
/// with its line.
#[utoipa::path(post, path = "/api/v1/communities/{community}/imports", tag = "people",
    request_body(content((ImportBody = "application/json"), (ImportForm = "multipart/form-data"))),
    params(("community" = uuid::Uuid, Path, description = "The community")),
    responses((status = 200, description = "A dry run", body = ImportAnswer), (status = 201, description = "Imported", body = ImportAnswer), (status = "default", body = ProblemDetails)))]
async fn import(
    member: Member,
    request: Request,
) -> Result<(StatusCode, Json<ImportAnswer>), Failure> {
    member.context()?.require(ROLL_IMPORT)?;
    let asked = Asked::read(&member, request).await?;
    if asked.dry_run {
        return Ok((StatusCode::OK, Json(dry_run(&member, asked.file).await?)));
    }
    let counts = member
        .execute(ImportRoll {
            units: asked.file.units,
            residents: asked.file.residents,
            file_sha256: asked.file_sha256,
            is_confirmed: asked.confirmed,
        })
        .await?;
    Ok((
        StatusCode::CREATED,
        Json(ImportAnswer::of(counts, true, Vec::new())),
    ))
}

async fn dry_run(member: &Member, file: RollFile) -> Result<ImportAnswer, Failure> {
    let preview = member
        .read(move |read, ctx| {
            queries::preview_import(read, ctx, &file.units, file.residents.as_ref())
        })
        .await?;
    let warnings = told(member, &preview.warnings);
    Ok(ImportAnswer::of(preview.counts, false, warnings))
}

fn told(member: &Member, warnings: &[Warning]) -> Vec<WarningBody> {
    let findings = warnings
        .iter()
        .map(|warning| warning.finding.clone())
        .collect();
    let told = Failure {
        findings,
        ..Failure::not_found()
    };
    let sentences = told.finding_sentences(member.app().messages(), member.visitor.language);
    warnings
        .iter()
        .zip(sentences)
        .map(|(warning, (at, detail))| WarningBody {
            at,
            detail,
            needs_confirmation: warning.needs_confirmation,
        })
        .collect()
}

/// An import as it was asked for, by file or by tables.
struct Asked {
    dry_run: bool,
    confirmed: bool,
    file: RollFile,
    file_sha256: String,
}

impl Asked {
    async fn read(member: &Member, request: Request) -> Result<Self, Failure> {
        let media_type = request
            .headers()
            .get(CONTENT_TYPE)
            .and_then(|value| value.to_str().ok());
        if media_type.is_some_and(|media_type| media_type.starts_with("multipart/form-data")) {
            Self::of_form(Uploads::from_request(request, member.app()).await?).await
        } else {
            let shell::Json(body) = shell::Json::from_request(request, member.app()).await?;
            Self::of_tables(body)
        }
    }

    async fn of_form(mut form: Uploads) -> Result<Self, Failure> {
        let upload = form.take_file("file").ok_or(Error::Field {
            field: "file",
            reason: FieldFault::Blank,
        })?;
        let (file, file_sha256) = read_upload(upload.content).await?;
        Ok(Self {
            dry_run: form.text("dry_run") != "false",
            confirmed: form.text("confirmed") == "true",
            file,
            file_sha256,
        })
    }

    /// Tables have no file; their hash is that of what was read, as JSON.
    fn of_tables(body: ImportBody) -> Result<Self, Failure> {
        let file = RollFile {
            units: body.units.into(),
            residents: body.residents.map(RollTable::from),
        };
        let text = serde_json::to_vec(&file)
            .map_err(|error| Failure::internal("writing tables as JSON", &error))?;
        Ok(Self {
            dry_run: body.dry_run,
            confirmed: body.confirmed,
            file,
            file_sha256: sha256(&text),
        })
    }
}
