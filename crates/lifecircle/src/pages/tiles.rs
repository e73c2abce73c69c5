//! The map in squares, for a map that is drawn in the browser: what the picture shows, as vector tiles.

use axum::Extension;
use axum::extract::{Path, Query};
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use kernel::CommunityId;
use serde::Deserialize;
use shell::{Failure, Member};
use street_map::{Layer, Tile, tile};

use super::{building_name, place_of};
use crate::Error;
use crate::analyses::{Analyses, ready};
use crate::found::Found;
use crate::model::CircleId;
use crate::picture::{Drawn, tint};

#[derive(Deserialize)]
pub(super) struct Asked {
    kind: Option<String>,
}

pub(super) async fn one(
    member: Member,
    Extension(analyses): Extension<Analyses>,
    Path((_, id, z, x, y)): Path<(CommunityId, CircleId, u8, u32, u32)>,
    Query(asked): Query<Asked>,
) -> Result<Response, Failure> {
    let (_, found) = ready(&analyses, &member, id).await?;
    let at = Tile::new(z, x, y).ok_or(Error::NoSuchPart { what: "tile" })?;
    let kind = place_of(&found.types, asked.kind.as_deref());
    let drawn = tokio::task::spawn_blocking(move || drawn(&found, at, kind));
    let bytes = drawn
        .await
        .map_err(|error| Failure::internal("a tile", &error))?;
    let headers = [
        (CONTENT_TYPE, "application/vnd.mapbox-vector-tile"),
        (CACHE_CONTROL, "private, max-age=60"),
    ];
    Ok((headers, bytes).into_response())
}

fn drawn(found: &Found, at: Tile, kind: Option<usize>) -> Vec<u8> {
    let mut ways = Layer::new(at, "ways");
    let point = |number: u32| found.map.points.get(usize::try_from(number).ok()?).copied();
    let pieces = found.map.segments.iter();
    ways.lines(
        pieces.filter_map(|piece| Some((point(piece.from)?, point(piece.to)?))),
        &[],
    );
    let (mut areas, mut dots) = (Layer::new(at, "buildings"), Layer::new(at, "dots"));
    let shown = Drawn {
        kind,
        ..Drawn::default()
    };
    for (place, building) in (0_u64..).zip(&found.map.buildings) {
        let own = usize::try_from(place).map_or("plain", |place| tint(found, &shown, place).name());
        let name = building_name(building);
        let words = [("tint", own), ("name", name.as_str())];
        if building.outline.len() > 2 {
            areas.area(place, &building.outline, &words);
        } else {
            dots.point(place, building.position, &words);
        }
    }
    let mut facilities = Layer::new(at, "facilities");
    for (place, facility) in (0_u64..).zip(
        kind.and_then(|kind| found.map.facilities.get(kind))
            .into_iter()
            .flatten(),
    ) {
        let name = facility
            .name
            .clone()
            .unwrap_or_else(|| facility.object.to_string());
        facilities.point(place, facility.position, &[("name", &name)]);
    }
    let mut lost = Layer::new(at, "lost");
    for (kind, place) in &found.analysis.unsnapped.facilities {
        if let Some(one) = found
            .map
            .facilities
            .get(*kind)
            .and_then(|list| list.get(*place))
        {
            lost.point(0, one.position, &[]);
        }
    }
    for place in &found.analysis.unsnapped.buildings {
        if let Some(one) = found.map.buildings.get(*place) {
            lost.point(0, one.position, &[]);
        }
    }
    tile(&[ways, areas, dots, facilities, lost])
}
