//! Which files are taken as attachments, and whether a file is of the kind it says: by the bytes it begins with.

/// What a file of a kind begins with.
enum Beginning {
    /// These bytes at this place, any of them.
    Bytes(usize, &'static [&'static [u8]]),
    /// Text in UTF-8 or GB 18030 without control characters.
    Text,
}

/// Media types that are taken: none that a browser would run.
const KINDS: &[(&str, Beginning)] = &[
    ("application/pdf", Beginning::Bytes(0, &[b"%PDF-"])),
    ("application/msword", Beginning::Bytes(0, &[COMPOUND])),
    ("application/vnd.ms-excel", Beginning::Bytes(0, &[COMPOUND])),
    (
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        Beginning::Bytes(0, &[ZIP]),
    ),
    (
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        Beginning::Bytes(0, &[ZIP]),
    ),
    // An MPEG audio frame, or an ID3 tag before the first one.
    (
        "audio/mpeg",
        Beginning::Bytes(
            0,
            &[b"ID3", b"\xff\xfb", b"\xff\xf3", b"\xff\xf2", b"\xff\xfa"],
        ),
    ),
    ("audio/mp4", Beginning::Bytes(4, &[b"ftyp"])),
    ("video/mp4", Beginning::Bytes(4, &[b"ftyp"])),
    ("image/jpeg", Beginning::Bytes(0, &[b"\xff\xd8\xff"])),
    ("image/png", Beginning::Bytes(0, &[b"\x89PNG\r\n\x1a\n"])),
    ("image/webp", Beginning::Bytes(8, &[b"WEBP"])),
    ("text/plain", Beginning::Text),
];

/// A compound file of the older Office formats (MS-CFB 2.2).
const COMPOUND: &[u8] = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1";
/// The first file of a ZIP archive.
const ZIP: &[u8] = b"PK\x03\x04";

/// Whether files of this media type are taken.
pub fn is_taken(media_type: &str) -> bool {
    KINDS.iter().any(|(name, _)| *name == media_type)
}

/// Whether a file begins as its media type does.
pub fn fits(media_type: &str, content: &[u8]) -> bool {
    let kind = KINDS.iter().find(|(name, _)| *name == media_type);
    match kind {
        Some((_, Beginning::Bytes(at, beginnings))) => content
            .get(*at..)
            .is_some_and(|rest| beginnings.iter().any(|bytes| rest.starts_with(bytes))),
        Some((_, Beginning::Text)) => !content
            .iter()
            .any(|byte| matches!(byte, 0..=8 | 11 | 14..=26 | 28..=31 | 127)),
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_what_it_begins_with() {
        assert!(fits("application/pdf", b"%PDF-1.7 and so on"));
        assert!(fits("image/webp", b"RIFF\x10\0\0\0WEBPVP8 "));
        assert!(fits("video/mp4", b"\0\0\0\x18ftypmp42"));
        assert!(fits("text/plain", "会议纪要\r\n\t一、".as_bytes()));
        for (media_type, content) in [
            ("application/pdf", &b"<script>alert(1)</script>"[..]),
            ("image/png", b"%PDF-1.7"),
            ("image/webp", b"RIFF"),
            ("text/plain", b"MZ\x90\0\x03"),
            ("text/html", b"<html>"),
            ("video/mp4", b""),
        ] {
            assert!(!fits(media_type, content), "{media_type}");
        }
        assert!(is_taken("image/jpeg") && !is_taken("image/svg+xml"));
    }
}
