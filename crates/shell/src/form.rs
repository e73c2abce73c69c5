//! What comes in: forms, JSON and files, each refusal told in the reader's language.

use std::error::Error as _;

use axum::extract::rejection::JsonRejection;
use axum::extract::{FromRequest, Multipart, Request};
use kernel::Kind;
use serde::de::DeserializeOwned;

use crate::{App, Failure};

/// A form's fields.
pub struct Form<T>(pub T);

impl<T: DeserializeOwned> FromRequest<App> for Form<T> {
    type Rejection = Failure;

    async fn from_request(request: Request, app: &App) -> Result<Self, Failure> {
        match axum::Form::from_request(request, app).await {
            Ok(axum::Form(fields)) => Ok(Self(fields)),
            Err(rejection) => Err(Failure::malformed(rejection.body_text())),
        }
    }
}

/// A JSON body.
pub struct Json<T>(pub T);

impl<T: DeserializeOwned> FromRequest<App> for Json<T> {
    type Rejection = Failure;

    async fn from_request(request: Request, app: &App) -> Result<Self, Failure> {
        match axum::Json::from_request(request, app).await {
            Ok(axum::Json(body)) => Ok(Self(body)),
            Err(rejection) => Err(unreadable(&rejection)),
        }
    }
}

type JsonError = serde_path_to_error::Error<serde_json::Error>;

/// Where a JSON body can't be read, in the reader's language; the parser's English goes beside it.
fn unreadable(rejection: &JsonRejection) -> Failure {
    let technical = rejection.body_text();
    if matches!(rejection, JsonRejection::MissingJsonContentType(_)) {
        return Failure::unreadable("error-json-type", technical);
    }
    // What the rejection wraps wraps the parser's error.
    let inner = rejection.source().and_then(std::error::Error::source);
    let Some(error) = inner.and_then(|inner| inner.downcast_ref::<JsonError>()) else {
        return Failure::malformed(technical);
    };
    let found = error.inner();
    let (code, field) = if !found.is_data() {
        ("error-json-syntax", String::new())
    } else if let Some(field) = missing_field(error) {
        ("error-json-missing", field)
    } else {
        match error.path().to_string().as_str() {
            "." => ("error-json-shape", String::new()),
            path => ("error-json-field", path.to_owned()),
        }
    };
    Failure::unreadable(code, technical)
        .with("field", field)
        .with("line", found.line().to_string())
        .with("column", found.column().to_string())
}

/// The path of a field that is not there, as serde says it.
fn missing_field(error: &JsonError) -> Option<String> {
    let said = error.inner().to_string();
    let name = said.strip_prefix("missing field `")?.split('`').next()?;
    Some(match error.path().to_string().as_str() {
        "." => name.to_owned(),
        path => format!("{path}.{name}"),
    })
}

/// A form with files.
#[derive(Debug, Default)]
pub struct Uploads {
    fields: Vec<(String, String)>,
    files: Vec<Upload>,
}

/// A file as it came in.
#[derive(Clone, Debug)]
pub struct Upload {
    /// The field it came in.
    pub field: String,
    /// Its name on the sender's device, without folders.
    pub name: String,
    /// The media type the browser gave it.
    pub media_type: String,
    /// Its content.
    pub content: Vec<u8>,
}

/// The most fields and files a form may have.
const MAX_PARTS: usize = 64;

impl Uploads {
    /// A field's text; empty where it is missing.
    pub fn text(&self, field: &str) -> &str {
        self.fields
            .iter()
            .find(|(name, _)| name == field)
            .map_or("", |(_, value)| value)
    }

    /// A field's file, if one was chosen.
    pub fn file(&self, field: &str) -> Option<&Upload> {
        self.files.iter().find(|file| file.field == field)
    }

    /// The same, owned.
    pub fn take_file(&mut self, field: &str) -> Option<Upload> {
        let at = self.files.iter().position(|file| file.field == field)?;
        Some(self.files.swap_remove(at))
    }
}

impl FromRequest<App> for Uploads {
    type Rejection = Failure;

    async fn from_request(request: Request, app: &App) -> Result<Self, Failure> {
        let mut multipart = Multipart::from_request(request, app)
            .await
            .map_err(|rejection| Failure::malformed(rejection.body_text()))?;
        let mut uploads = Self::default();
        while let Some(part) = multipart
            .next_field()
            .await
            .map_err(|error| refused(&error))?
        {
            if uploads.fields.len() + uploads.files.len() >= MAX_PARTS {
                return Err(Failure::malformed(format!("more than {MAX_PARTS} fields")));
            }
            uploads.take(part).await?;
        }
        Ok(uploads)
    }
}

impl Uploads {
    async fn take(&mut self, part: axum::extract::multipart::Field<'_>) -> Result<(), Failure> {
        let field = part.name().unwrap_or_default().to_owned();
        let Some(name) = part.file_name().map(base_name) else {
            let text = part.text().await.map_err(|error| refused(&error))?;
            self.fields.push((field, text));
            return Ok(());
        };
        let media_type = part
            .content_type()
            .unwrap_or("application/octet-stream")
            .to_owned();
        let content = part
            .bytes()
            .await
            .map_err(|error| refused(&error))?
            .to_vec();
        if !content.is_empty() {
            self.files.push(Upload {
                field,
                name,
                media_type,
                content,
            });
        }
        Ok(())
    }
}

/// A file's name without the folders that some browsers send along.
fn base_name(name: &str) -> String {
    name.rsplit(['/', '\\'])
        .next()
        .unwrap_or_default()
        .chars()
        .take(200)
        .collect()
}

fn refused(error: &axum::extract::multipart::MultipartError) -> Failure {
    if error.status() == axum::http::StatusCode::PAYLOAD_TOO_LARGE {
        Failure::new(
            Kind::TooLarge,
            "error-too-large",
            "the upload is larger than allowed",
        )
    } else {
        Failure::malformed(error.body_text())
    }
}

#[cfg(test)]
mod tests {
    use axum::body::Body;

    use super::*;

    #[derive(Debug, serde::Deserialize)]
    #[expect(dead_code, reason = "only read")]
    struct Typed {
        votes: Vec<Vote>,
    }

    #[derive(Debug, serde::Deserialize)]
    #[expect(dead_code, reason = "only read")]
    struct Vote {
        choice: bool,
    }

    async fn refused(media_type: &str, body: &str) -> (&'static str, Vec<String>) {
        let request = Request::post("/")
            .header("content-type", media_type)
            .body(Body::from(body.to_owned()))
            .unwrap();
        let rejection = axum::Json::<Typed>::from_request(request, &())
            .await
            .unwrap_err();
        let failure = unreadable(&rejection);
        assert!(failure.technical.is_some());
        let values = failure.arguments.into_iter().map(|(_, value)| value);
        (failure.code, values.collect())
    }

    #[tokio::test]
    async fn where_a_body_is_wrong_is_told_by_field_line_and_column() {
        for (body, code, at) in [
            ("{\n \"votes\": [}", "error-json-syntax", ["", "2", "12"]),
            ("{\"votes\": [", "error-json-syntax", ["", "1", "11"]),
            (
                "{\"votes\": [{\"choice\": \"x\"}]}",
                "error-json-field",
                ["votes[0].choice", "1", "25"],
            ),
            (
                "{\"votes\": [{}]}",
                "error-json-missing",
                ["votes[0].choice", "1", "13"],
            ),
            ("{}", "error-json-missing", ["votes", "1", "2"]),
            ("7", "error-json-shape", ["", "1", "1"]),
        ] {
            let (told, values) = refused("application/json", body).await;
            assert_eq!(
                (told, values),
                (code, at.map(ToOwned::to_owned).into()),
                "{body}"
            );
        }
        let (told, _) = refused("text/plain", "{}").await;
        assert_eq!(told, "error-json-type");
    }
}
