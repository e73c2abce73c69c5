//! The API's description as a page: every path, what it takes and gives, without a script.

use std::collections::BTreeMap;

use axum::extract::State;
use axum::response::IntoResponse;
use maud::{Markup, html};
use serde_json::Value;
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityRequirement, SecurityScheme};
use utoipa::openapi::{OpenApi, RefOr};
use web_ui::{Heading, Shade, badge, disclosure};

use crate::api::PROBLEM_TYPE;
use crate::{Failure, Visitor};

/// `GET /api/v1/openapi.json`.
pub(crate) async fn openapi(
    State(description): State<std::sync::Arc<OpenApi>>,
) -> impl IntoResponse {
    axum::Json(description.as_ref().clone())
}

/// Says of every operation that what it refuses comes as RFC 9457 has it; the handlers name the body only.
pub(crate) fn describe_problems(description: &mut OpenApi) {
    for path in description.paths.paths.values_mut() {
        let operations = [
            &mut path.get,
            &mut path.put,
            &mut path.post,
            &mut path.delete,
            &mut path.patch,
        ];
        for operation in operations.into_iter().flatten() {
            if let Some(RefOr::T(refusal)) = operation.responses.responses.get_mut("default") {
                let bodies = std::mem::take(&mut refusal.content).into_values();
                refusal.content = bodies.map(|body| (PROBLEM_TYPE.to_owned(), body)).collect();
            }
        }
    }
}

/// The name of the one way to say who is asking.
const BEARER: &str = "bearer";

/// Says that a session's token goes with every operation, but those whose handlers say otherwise: `security(())` where
/// nobody needs to have signed in.
pub(crate) fn describe_security(description: &mut OpenApi) {
    let scheme = HttpBuilder::new()
        .scheme(HttpAuthScheme::Bearer)
        .description(Some("The token that `POST /api/v1/sessions` told."))
        .build();
    description
        .components
        .get_or_insert_default()
        .add_security_scheme(BEARER, SecurityScheme::Http(scheme));
    description.security = Some(vec![SecurityRequirement::new(BEARER, Vec::<String>::new())]);
}

/// `GET /api/v1`: the same for people.
pub(crate) fn page(visitor: &Visitor, description: &OpenApi) -> Result<Markup, Failure> {
    let description = serde_json::to_value(description)
        .map_err(|error| Failure::internal("the API's description", &error))?;
    let ui = visitor.ui();
    let heading = Heading::new(ui.t("reference-title")).lead(html! {
        (ui.t("reference-lead")) " " a href="/api/v1/openapi.json" { "openapi.json" }
    });
    let empty = serde_json::Map::new();
    let paths = description
        .get("paths")
        .and_then(Value::as_object)
        .unwrap_or(&empty);
    Ok(ui.page(heading, html! {
        @for (tag, operations) in by_tag(paths) {
            (disclosure(tag_title(&ui, tag, operations.len()), html! {
                @for (path, method, operation) in operations {
                    (operation_section(&ui, path, method, operation))
                }
            }))
        }
        (disclosure(html! { (ui.t("reference-schemas")) }, html! {
            @for (name, schema) in description.pointer("/components/schemas").and_then(Value::as_object).unwrap_or(&empty) {
                (disclosure(html! { code { (name) } }, html! { pre { (pretty(schema)) } }))
            }
        }))
    }))
}

/// Path, method and what they do.
type Operation<'a> = (&'a str, &'a str, &'a Value);

/// The operations of each tag, tags by name.
fn by_tag(paths: &serde_json::Map<String, Value>) -> BTreeMap<&str, Vec<Operation<'_>>> {
    let mut tags: BTreeMap<&str, Vec<Operation<'_>>> = BTreeMap::new();
    for (path, operations) in paths {
        for (method, operation) in operations.as_object().into_iter().flatten() {
            let tag = operation.pointer("/tags/0").and_then(Value::as_str);
            let operations = tags.entry(tag.unwrap_or_default()).or_default();
            operations.push((path, method, operation));
        }
    }
    tags
}

/// A tag, what it is about where that has a name, and how many operations it has.
fn tag_title(ui: &web_ui::Ui, tag: &str, operations: usize) -> Markup {
    let key = format!("reference-tag-{tag}");
    html! {
        @if ui.has(&key) { (ui.t(&key)) " " }
        code { (tag) } " (" (operations) ")"
    }
}

fn operation_section(ui: &web_ui::Ui, path: &str, method: &str, operation: &Value) -> Markup {
    let text = |key: &str| {
        operation
            .get(key)
            .and_then(Value::as_str)
            .unwrap_or_default()
    };
    let list = |key: &str| {
        operation
            .get(key)
            .and_then(Value::as_array)
            .map(Vec::as_slice)
            .unwrap_or_default()
    };
    let shade = if method == "get" {
        Shade::Wall
    } else {
        Shade::Jade
    };
    let summary =
        html! { (badge(shade, method.to_uppercase())) " " code { (path) } " " (text("summary")) };
    disclosure(
        summary,
        html! {
            @if !text("description").is_empty() { p { (text("description")) } }
            @if !list("parameters").is_empty() {
                h3 { (ui.t("reference-parameters")) }
                ul {
                    @for parameter in list("parameters") {
                        li {
                            code { (parameter.get("name").and_then(Value::as_str).unwrap_or_default()) } " "
                            (parameter.get("description").and_then(Value::as_str).unwrap_or_default())
                        }
                    }
                }
            }
            @if let Some(body) = operation.get("requestBody") {
                h3 { (ui.t("reference-body")) }
                pre { (pretty(body)) }
            }
            @if let Some(responses) = operation.get("responses") {
                h3 { (ui.t("reference-answers")) }
                pre { (pretty(responses)) }
            }
        },
    )
}

fn pretty(value: &Value) -> String {
    serde_json::to_string_pretty(value).unwrap_or_default()
}
