//! Texts without tables: Word's `.docx`, and plain text in UTF-8 or GBK.

use std::io::{Cursor, Read as _};

use quick_xml::Reader;
use quick_xml::events::Event;
use zip::ZipArchive;

use super::{ZIP, check_size, delimited::decode};
use crate::Error;
use crate::table::Limits;

/// Where a `.docx` keeps its text.
const TEXT_PART: &str = "word/document.xml";

/// Reads the paragraphs of a `.docx` file or a plain text, in order, blank ones left out. Deleted text of tracked changes,
/// headers, footnotes and numbers that Word counts by itself are not read.
///
/// # Errors
/// [`Error::EmptyFile`], [`Error::FileTooLarge`], [`Error::UnpacksTooLarge`], [`Error::NotAText`] and
/// [`Error::UnknownEncoding`].
pub fn read_paragraphs(bytes: &[u8], limits: &Limits) -> Result<Vec<String>, Error> {
    check_size(bytes, limits)?;
    let paragraphs = if bytes.starts_with(ZIP) {
        paragraphs_of(&text_part(bytes, limits)?)?
    } else {
        let text = decode(bytes)?;
        if text.contains('\0') {
            return Err(not_a_text("it is neither a .docx file nor plain text"));
        }
        text.lines().map(str::to_owned).collect()
    };
    let trimmed = paragraphs.iter().map(|one| one.trim().to_owned());
    Ok(trimmed.filter(|one| !one.is_empty()).collect())
}

fn not_a_text(reason: impl std::fmt::Display) -> Error {
    Error::NotAText {
        reason: reason.to_string(),
    }
}

/// Unpacks the one part that is needed, up to the limit; what the archive says about its size proves nothing.
fn text_part(bytes: &[u8], limits: &Limits) -> Result<String, Error> {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(not_a_text)?;
    let part = archive.by_name(TEXT_PART).map_err(not_a_text)?;
    let mut text = String::new();
    let most = limits.unpacked_bytes.saturating_add(1);
    let unpacked = part
        .take(most)
        .read_to_string(&mut text)
        .map_err(not_a_text)?;
    if u64::try_from(unpacked).unwrap_or(u64::MAX) >= most {
        return Err(Error::UnpacksTooLarge {
            limit: limits.unpacked_bytes,
        });
    }
    Ok(text)
}

fn paragraphs_of(xml: &str) -> Result<Vec<String>, Error> {
    let mut reader = Reader::from_str(xml);
    let mut paragraphs = vec![String::new()];
    let (mut in_text, mut fallbacks) = (false, 0_usize);
    loop {
        let event = reader.read_event().map_err(not_a_text)?;
        let mut say = |said: &str| {
            if let Some(last) = paragraphs.last_mut().filter(|_| fallbacks == 0) {
                last.push_str(said);
            }
        };
        match event {
            Event::Eof => return Ok(paragraphs),
            Event::Start(tag) => match tag.name().as_ref() {
                "w:t" => in_text = true,
                // What an old Word shows instead of a shape: the same text again.
                "mc:Fallback" => fallbacks += 1,
                _ => {}
            },
            Event::Empty(tag) => match tag.name().as_ref() {
                "w:tab" => say(" "),
                "w:br" | "w:cr" => say("\n"),
                _ => {}
            },
            Event::End(tag) => match tag.name().as_ref() {
                "w:t" => in_text = false,
                "w:p" => paragraphs.push(String::new()),
                "mc:Fallback" => fallbacks = fallbacks.saturating_sub(1),
                _ => {}
            },
            Event::Text(text) if in_text => say(&text),
            Event::CData(text) if in_text => say(&text),
            Event::GeneralRef(entity) if in_text => {
                let whole = format!("&{};", &*entity);
                say(&quick_xml::escape::unescape(&whole).map_err(not_a_text)?);
            }
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use zip::write::SimpleFileOptions;

    use super::read_paragraphs;
    use crate::{Error, Limits};

    fn docx(body: &str) -> Vec<u8> {
        let mut file = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
        file.start_file("word/document.xml", SimpleFileOptions::default())
            .unwrap();
        write!(file, "<w:document><w:body>{body}</w:body></w:document>").unwrap();
        file.finish().unwrap().into_inner()
    }

    #[test]
    fn a_word_file_gives_its_paragraphs() {
        let body = "<w:p><w:r><w:t>（一）甲</w:t></w:r><w:r><w:t xml:space=\"preserve\"> &amp; 乙</w:t></w:r></w:p>\
            <w:p/><w:p><w:r><w:delText>x</w:delText><w:t>丙</w:t><w:br/><w:t>丁</w:t></w:r></w:p>\
            <mc:AlternateContent><mc:Fallback><w:p><w:r><w:t>again</w:t></w:r></w:p></mc:Fallback></mc:AlternateContent>";
        let read = read_paragraphs(&docx(body), &Limits::default()).unwrap();
        assert_eq!(read, ["（一）甲 & 乙", "丙\n丁"]);
    }

    #[test]
    fn plain_text_is_read_in_both_encodings_and_other_files_are_refused() {
        let limits = Limits::default();
        let text = "第一条 甲\r\n\r\n第二条 乙";
        let gbk = encoding_rs::GB18030.encode(text).0.into_owned();
        for bytes in [text.as_bytes(), &gbk] {
            assert_eq!(
                read_paragraphs(bytes, &limits).unwrap(),
                ["第一条 甲", "第二条 乙"]
            );
        }
        for wrong in [
            &b"a\0b"[..],
            b"PK\x03\x04",
            &docx("<w:p><w:t>&nope;</w:t></w:p>"),
        ] {
            assert!(matches!(
                read_paragraphs(wrong, &limits),
                Err(Error::NotAText { .. })
            ));
        }
        let small = Limits {
            unpacked_bytes: 20,
            ..limits
        };
        assert!(matches!(
            read_paragraphs(&docx(""), &small),
            Err(Error::UnpacksTooLarge { limit: 20 })
        ));
    }
}
