//! A reader's choices kept in cookies: language, elder mode, and the message to show once.

use axum::extract::State;
use axum::http::header::{LOCATION, SET_COOKIE};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use web_ui::{Flash, Language, Messages, Tone, local_path};

use crate::visitor::{cookie, set_cookie};
use crate::{App, Failure, Form};

const LANGUAGE: &str = "language";
const MODE: &str = "mode";
const FLASH: &str = "flash";
/// A year, in seconds.
const KEPT_SECONDS: u32 = 31_536_000;

/// What the cookies say.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Preferences {
    pub(crate) language: Option<Language>,
    pub(crate) elder: Option<bool>,
}

impl Preferences {
    pub(crate) fn from_headers(headers: &HeaderMap) -> Self {
        Self {
            language: cookie(headers, LANGUAGE).and_then(Language::from_tag),
            elder: cookie(headers, MODE).map(|mode| mode == "elder"),
        }
    }
}

/// The two switches in every page's header.
#[derive(Deserialize)]
pub(crate) struct Chosen {
    #[serde(default)]
    next: String,
    language: Option<String>,
    mode: Option<String>,
}

/// Keeps a choice and goes back to the page it was made on.
pub(crate) async fn choose(
    State(app): State<App>,
    Form(chosen): Form<Chosen>,
) -> Result<Response, Failure> {
    let mut response = see_other(local_path(&chosen.next))?;
    let secure = if app.settings().secure {
        "; Secure"
    } else {
        ""
    };
    let language = chosen
        .language
        .as_deref()
        .and_then(Language::from_tag)
        .map(|one| (LANGUAGE, one.tag()));
    let mode = chosen
        .mode
        .as_deref()
        .filter(|mode| matches!(*mode, "elder" | "standard"))
        .map(|one| (MODE, one));
    for (name, value) in language.into_iter().chain(mode) {
        let kept = format!(
            "{name}={value}; Path=/; Max-Age={KEPT_SECONDS}; HttpOnly; SameSite=Lax{secure}"
        );
        response
            .headers_mut()
            .append(SET_COOKIE, set_cookie(&kept)?);
    }
    Ok(response)
}

/// A message to show once on the next page: a tone and a message key.
#[derive(Clone, Copy, Debug)]
pub struct FlashKey(pub Tone, pub &'static str);

/// Goes to a page of this site (303) and shows a message there once.
pub fn flash_to(path: &str, FlashKey(tone, key): FlashKey) -> Result<Response, Failure> {
    let mut response = see_other(path)?;
    let kept = format!(
        "{FLASH}={}.{key}; Path=/; Max-Age=60; HttpOnly; SameSite=Lax",
        tone.class()
    );
    response
        .headers_mut()
        .append(SET_COOKIE, set_cookie(&kept)?);
    Ok(response)
}

fn see_other(path: &str) -> Result<Response, Failure> {
    Ok((StatusCode::SEE_OTHER, [(LOCATION, set_cookie(path)?)]).into_response())
}

/// The message to show once. Only keys that exist are shown, so a forged cookie says nothing new.
pub(crate) fn read_flash(
    headers: &HeaderMap,
    messages: &Messages,
    language: Language,
) -> Option<Flash> {
    let (tone, key) = cookie(headers, FLASH)?.split_once('.')?;
    let tone = match tone {
        "success" => Tone::Success,
        "warning" => Tone::Warning,
        "danger" => Tone::Danger,
        _ => Tone::Info,
    };
    messages.has(key).then(|| Flash {
        tone,
        text: messages.text(language, key, &[]).into_owned(),
    })
}

/// The `Set-Cookie` that forgets the message once it was shown.
pub(crate) const FLASH_SHOWN: &str = "flash=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax";

/// Whether a request carries a message to show.
pub(crate) fn carries_flash(headers: &HeaderMap) -> bool {
    cookie(headers, FLASH).is_some()
}
