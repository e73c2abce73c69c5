//! The style sheet, scripts and icons, embedded in the binary and named by their content.

use std::{collections::HashMap, fmt::Write as _, io::Write as _, sync::LazyLock};

use flate2::{Compression, write::GzEncoder};
use sha2::{Digest, Sha256};

/// A file that the server answers from memory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Asset {
    /// The file's content.
    pub bytes: &'static [u8],
    /// The same packed with gzip, where that is smaller: send it with `Content-Encoding: gzip`
    /// and `Vary: Accept-Encoding` to a browser that accepts it.
    pub gzip: Option<&'static [u8]>,
    /// For the `Content-Type` header.
    pub content_type: &'static str,
    /// For the `ETag` header, with its quotes.
    pub etag: &'static str,
    /// For the `Cache-Control` header: a year where the address names the content, else a
    /// revalidation each time.
    pub cache_control: &'static str,
}

const IMMUTABLE: &str = "public, max-age=31536000, immutable";
const REVALIDATE: &str = "no-cache";

/// Parts of the style sheet, in the order of its layers.
const STYLES: [&str; 8] = [
    include_str!("../../../web/styles/layers.css"),
    include_str!("../../../web/styles/tokens.css"),
    include_str!("../../../web/styles/base.css"),
    include_str!("../../../web/styles/layout.css"),
    include_str!("../../../web/styles/forms.css"),
    include_str!("../../../web/styles/components.css"),
    include_str!("../../../web/styles/elder.css"),
    include_str!("../../../web/styles/print.css"),
];

/// The file behind `/assets/{name}`: `app-1f0c….css` (cached for good) or plainly `app.css`
/// (revalidated, e.g. for `/favicon.svg`). `None` for any other name.
pub fn asset(name: &str) -> Option<Asset> {
    let shelf = &*SHELF;
    let (file, cache_control) = match shelf.by_address.get(name) {
        Some(file) => (file, IMMUTABLE),
        None => (shelf.by_name.get(name)?, REVALIDATE),
    };
    Some(Asset {
        bytes: file.bytes,
        gzip: file.gzip.as_deref(),
        content_type: file.content_type,
        etag: &file.etag,
        cache_control,
    })
}

/// The address of a file by its plain name: `app.css` gives `/assets/app-<hash>.css`. An unknown
/// name gives `/assets/<name>`, which answers 404.
pub fn asset_url(name: &str) -> &'static str {
    SHELF
        .by_name
        .get(name)
        .map_or("/assets/unknown", |file| file.url.as_str())
}

/// Every file with its address, e.g. to write a page with its files to a folder.
pub fn assets() -> impl Iterator<Item = (&'static str, Asset)> {
    SHELF.by_name.values().filter_map(|file| {
        let name = file.url.strip_prefix("/assets/")?;
        Some((name, asset(name)?))
    })
}

struct File {
    bytes: &'static [u8],
    gzip: Option<Vec<u8>>,
    content_type: &'static str,
    etag: String,
    url: String,
}

struct Shelf {
    by_name: HashMap<&'static str, &'static File>,
    by_address: HashMap<String, &'static File>,
}

static STYLE_SHEET: LazyLock<String> = LazyLock::new(|| squeeze(&STYLES.concat()));
static MANIFEST: LazyLock<String> = LazyLock::new(manifest);
static FILES: LazyLock<Vec<(&'static str, File)>> = LazyLock::new(|| {
    [
        ("app.css", "text/css; charset=utf-8", STYLE_SHEET.as_bytes()),
        (
            "map.css",
            "text/css; charset=utf-8",
            include_bytes!("../../../web/styles/map.css").as_slice(),
        ),
        (
            "app.js",
            JAVASCRIPT,
            include_bytes!("../../../web/scripts/app.js"),
        ),
        (
            "passkey.js",
            JAVASCRIPT,
            include_bytes!("../../../web/scripts/passkey.js"),
        ),
        (
            "poll.js",
            JAVASCRIPT,
            include_bytes!("../../../web/scripts/poll.js"),
        ),
        (
            "htmx.js",
            JAVASCRIPT,
            include_bytes!("../../../web/vendor/htmx-2.0.11.min.js"),
        ),
        (
            "map.js",
            JAVASCRIPT,
            include_bytes!("../../../web/scripts/map.js"),
        ),
        (
            "maplibre-gl.js",
            JAVASCRIPT,
            include_bytes!("../../../web/vendor/maplibre-gl-5.24.1-csp.js"),
        ),
        (
            "maplibre-gl-worker.js",
            JAVASCRIPT,
            include_bytes!("../../../web/vendor/maplibre-gl-5.24.1-csp-worker.js"),
        ),
        (
            "maplibre-gl.css",
            "text/css; charset=utf-8",
            include_bytes!("../../../web/vendor/maplibre-gl-5.24.1.css"),
        ),
        ("favicon.svg", "image/svg+xml", FAVICON),
        (
            "manifest.webmanifest",
            "application/manifest+json",
            MANIFEST.as_bytes(),
        ),
    ]
    .map(|(name, content_type, bytes)| (name, file(name, content_type, bytes)))
    .into()
});
static SHELF: LazyLock<Shelf> = LazyLock::new(|| Shelf {
    by_name: FILES.iter().map(|(name, file)| (*name, file)).collect(),
    by_address: FILES
        .iter()
        .map(|(_, file)| (file.url.trim_start_matches("/assets/").to_owned(), file))
        .collect(),
});

const JAVASCRIPT: &str = "text/javascript; charset=utf-8";
const FAVICON: &[u8] = include_bytes!("../../../web/icons/favicon.svg");

fn file(name: &str, content_type: &'static str, bytes: &'static [u8]) -> File {
    let hash = short_hash(bytes);
    let (stem, extension) = name.rsplit_once('.').unwrap_or((name, ""));
    File {
        bytes,
        gzip: packed(bytes),
        content_type,
        etag: format!("\"{hash}\""),
        url: format!("/assets/{stem}-{hash}.{extension}"),
    }
}

/// Packed once when the program first needs an asset; `None` where it gains nothing.
fn packed(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes).ok()?;
    encoder
        .finish()
        .ok()
        .filter(|packed| packed.len() < bytes.len())
}

/// The first 8 bytes of SHA-256 in hex: enough to tell versions of one file apart.
fn short_hash(bytes: &[u8]) -> String {
    let mut hash = String::with_capacity(16);
    for byte in Sha256::digest(bytes).iter().take(8) {
        // Writing to a String cannot fail.
        let _ = write!(hash, "{byte:02x}");
    }
    hash
}

/// The web app manifest; it names the icon by its hashed address.
fn manifest() -> String {
    let icon = format!("/assets/favicon-{}.svg", short_hash(FAVICON));
    include_str!("../../../web/icons/manifest.webmanifest").replace("{icon}", &icon)
}

/// Drops comments and the space that only people need; what stands in quotes stays as it is.
fn squeeze(css: &str) -> String {
    let mut small = String::with_capacity(css.len());
    for (place, part) in without_comments(css).split('"').enumerate() {
        if place > 0 {
            small.push('"');
        }
        if place % 2 == 1 {
            small.push_str(part);
        } else {
            squeeze_code(part, &mut small);
        }
    }
    small
}

fn without_comments(css: &str) -> String {
    let mut code = String::with_capacity(css.len());
    let mut rest = css;
    while let Some((before, comment)) = rest.split_once("/*") {
        code.push_str(before);
        rest = comment.split_once("*/").map_or("", |(_, after)| after);
    }
    code.push_str(rest);
    code
}

/// Space matters between words and before `:` or `(`; after `: ; , {` and before `{ }` it doesn't.
fn squeeze_code(code: &str, small: &mut String) {
    let mut space = false;
    for character in code.chars() {
        if character.is_whitespace() {
            space = true;
            continue;
        }
        if character == '}' && small.ends_with(';') {
            small.pop();
        }
        let after_mark = small.is_empty() || small.ends_with([';', ':', ',', '{', '}', '>']);
        if space && !after_mark && !matches!(character, '{' | '}' | ';' | ',' | '>') {
            small.push(' ');
        }
        small.push(character);
        space = false;
    }
    if space && !small.ends_with([';', ':', ',', '{', '}', '>']) {
        small.push(' ');
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_names_its_content_and_is_cached_for_good() {
        let url = asset_url("app.css");
        let name = url.strip_prefix("/assets/").unwrap();
        let file = asset(name).unwrap();
        assert_eq!(file.content_type, "text/css; charset=utf-8");
        assert_eq!(file.cache_control, IMMUTABLE);
        assert_eq!(name, format!("app-{}.css", file.etag.trim_matches('"')));
        assert_eq!(short_hash(file.bytes), file.etag.trim_matches('"'));
    }

    #[test]
    fn a_plain_name_is_revalidated_and_others_are_not_found() {
        assert_eq!(asset("favicon.svg").unwrap().cache_control, REVALIDATE);
        for name in ["", "app-0000000000000000.css", "../Cargo.toml", "app.css/"] {
            assert_eq!(asset(name), None, "{name}");
        }
    }

    #[test]
    fn the_style_sheet_stays_small_and_its_braces_close() {
        let css = &*STYLE_SHEET;
        assert!(css.len() <= 40_000, "{} bytes", css.len());
        assert_eq!(css.matches('{').count(), css.matches('}').count());
        assert!(!css.contains("/*"));
        assert_eq!(css.matches('"').count() % 2, 0);
    }

    #[test]
    fn a_packed_asset_unpacks_to_itself() {
        use std::io::Read as _;
        for (name, asset) in assets() {
            let Some(gzip) = asset.gzip else { continue };
            let mut unpacked = Vec::new();
            flate2::read::GzDecoder::new(gzip)
                .read_to_end(&mut unpacked)
                .unwrap();
            assert!(unpacked == asset.bytes, "{name}");
        }
        assert!(asset("app.css").unwrap().gzip.unwrap().len() < 8_000);
    }

    #[test]
    fn squeezing_keeps_what_means_something() {
        let css =
            "a :hover > b {\n  margin: calc(1em + 2px) 0; /* why */\n  font: 1em \"A  B\", x;\n}\n";
        assert_eq!(
            squeeze(css),
            "a :hover>b{margin:calc(1em + 2px) 0;font:1em \"A  B\",x}"
        );
        assert_eq!(
            squeeze("@media (a: 1) { b { c: d } }"),
            "@media (a:1){b{c:d}}"
        );
    }

    #[test]
    fn the_manifest_names_an_icon_that_exists() {
        let manifest = std::str::from_utf8(asset("manifest.webmanifest").unwrap().bytes).unwrap();
        assert!(manifest.contains(asset_url("favicon.svg")));
    }
}
