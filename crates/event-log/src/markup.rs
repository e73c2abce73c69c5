//! Tags of an XML document in a stream: names and attributes, as bytes, and nothing between. General readers copy and
//! check text that logs are full of and that nobody asks for; leaving it out halves the work.

use std::io::Read;

use memchr::{memchr, memchr3, memmem};

use crate::Error;

/// The longest single tag, comment or text, in bytes.
pub(crate) const LONGEST: usize = 16 << 20;

const BLOCK: usize = 64 << 10;

/// What a tag does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Start,
    Empty,
    End,
}

/// A tag.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Tag<'b> {
    pub(crate) kind: Kind,
    pub(crate) name: &'b [u8],
    /// What stands behind the name.
    pub(crate) attributes: &'b [u8],
    /// Where it begins, in bytes from the start of the document.
    pub(crate) offset: u64,
}

/// What nearly every line of a log is: `<string key="…" value="…"/>`.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Line<'b> {
    pub(crate) key: &'b [u8],
    pub(crate) value: &'b [u8],
    /// Where it begins, in bytes from the start of the document.
    pub(crate) offset: u64,
}

/// Reads tags.
pub(crate) struct Markup<R> {
    source: R,
    buffer: Vec<u8>,
    /// What was handed out ends here.
    at: usize,
    /// What was read ends here.
    filled: usize,
    /// Where the buffer begins in the document.
    before: u64,
    ended: bool,
}

impl<R: Read> Markup<R> {
    pub(crate) fn new(source: R) -> Self {
        Self {
            source,
            buffer: vec![0; BLOCK],
            at: 0,
            filled: 0,
            before: 0,
            ended: false,
        }
    }

    /// How far it has read.
    pub(crate) fn offset(&self) -> u64 {
        self.before + u64::try_from(self.at).unwrap_or(u64::MAX)
    }

    /// The next tag; `None` at the end. Text, comments, instructions and the like are passed over.
    pub(crate) fn next(&mut self) -> Result<Option<Tag<'_>>, Error> {
        loop {
            if !self.find_tag()? {
                return Ok(None);
            }
            let passed = match self.rest() {
                [b'<', b'?', ..] => self.pass(b"?>")?,
                [b'<', b'!', b'-', b'-', ..] => self.pass(b"-->")?,
                [b'<', b'!', b'[', ..] => self.pass(b"]]>")?,
                [b'<', b'!', rest @ ..] if rest.len() >= 2 || self.ended => self.pass(b">")?,
                [b'<', b'!', ..] | [b'<'] if !self.ended => {
                    self.more()?;
                    true
                }
                _ => false,
            };
            if !passed {
                break;
            }
        }
        let offset = self.offset();
        let end = self.tag_end()?;
        let inner = self
            .rest()
            .get(1..end)
            .map_or(0..0, |_| self.at + 1..self.at + end);
        self.at += end + 1;
        Ok(Some(tag(
            self.buffer.get(inner).unwrap_or_default(),
            offset,
        )))
    }

    /// The line here, if it is one that can be read in one go; else nothing is passed over and `next` reads it by all the
    /// rules. Lines are nine tenths of a log, and this is half the work.
    pub(crate) fn line(&mut self) -> Option<Line<'_>> {
        let rest = self.buffer.get(self.at..self.filled)?;
        let space = rest.iter().take_while(|byte| byte.is_ascii_whitespace());
        let start = space.count();
        let (key, value, behind) = line(rest.get(start..)?)?;
        let offset = self.before + u64::try_from(self.at + start).ok()?;
        self.at = self.filled - behind;
        Some(Line { key, value, offset })
    }

    fn rest(&self) -> &[u8] {
        self.buffer.get(self.at..self.filled).unwrap_or_default()
    }

    /// Goes to the next `<`.
    fn find_tag(&mut self) -> Result<bool, Error> {
        loop {
            if let Some(found) = memchr(b'<', self.rest()) {
                self.at += found;
                return Ok(true);
            }
            self.at = self.filled;
            if !self.more()? {
                return Ok(false);
            }
        }
    }

    /// Goes behind the next occurrence of some bytes.
    fn pass(&mut self, until: &[u8]) -> Result<bool, Error> {
        let mut looked_at = 0;
        loop {
            let rest = self.rest().get(looked_at..).unwrap_or_default();
            if let Some(found) = memmem::find(rest, until) {
                self.at += looked_at + found + until.len();
                return Ok(true);
            }
            looked_at = self.rest().len().saturating_sub(until.len());
            if !self.more()? {
                return Err(self.cut());
            }
        }
    }

    /// How far it is to the `>` that closes the tag here, quotation marks heeded.
    fn tag_end(&mut self) -> Result<usize, Error> {
        let mut looked_at = 1;
        let mut quote = None;
        loop {
            let rest = self.rest().get(looked_at..).unwrap_or_default();
            let found = match quote {
                Some(quote) => memchr(quote, rest),
                None => memchr3(b'>', b'"', b'\'', rest),
            };
            let Some(found) = found else {
                looked_at = self.rest().len();
                if !self.more()? {
                    return Err(self.cut());
                }
                continue;
            };
            let byte = rest.get(found).copied();
            looked_at += found + 1;
            quote = match (quote, byte) {
                (None, Some(b'>')) => return Ok(looked_at - 1),
                (None, mark) => mark,
                (Some(_), _) => None,
            };
        }
    }

    /// Reads on; `false` at the end.
    fn more(&mut self) -> Result<bool, Error> {
        if self.ended {
            return Ok(false);
        }
        if self.at > 0 {
            self.buffer.copy_within(self.at..self.filled, 0);
            self.before = self.offset();
            self.filled -= self.at;
            self.at = 0;
        }
        if self.filled == self.buffer.len() {
            if self.buffer.len() >= LONGEST {
                return Err(Error::TooLong {
                    offset: self.before,
                    most: u64::try_from(LONGEST).unwrap_or(u64::MAX),
                });
            }
            self.buffer.resize(self.buffer.len() * 2, 0);
        }
        let room = self.buffer.get_mut(self.filled..).unwrap_or_default();
        let read = loop {
            match self.source.read(room) {
                Err(fault) if fault.kind() == std::io::ErrorKind::Interrupted => {}
                read => break read?,
            }
        };
        self.filled += read;
        self.ended = read == 0;
        Ok(read > 0)
    }

    fn cut(&self) -> Error {
        Error::Xml {
            offset: self.offset(),
            reason: "it ends in the middle of a tag".to_owned(),
        }
    }
}

/// Key, value, and how many bytes stand behind, of a whole line of one of the types of XES that stand alone.
#[inline]
fn line(text: &[u8]) -> Option<(&[u8], &[u8], usize)> {
    let text = text
        .strip_prefix(b"<string key=\"")
        .or_else(|| text.strip_prefix(b"<date key=\""))
        .or_else(|| text.strip_prefix(b"<int key=\""))
        .or_else(|| text.strip_prefix(b"<float key=\""))
        .or_else(|| text.strip_prefix(b"<boolean key=\""))
        .or_else(|| text.strip_prefix(b"<id key=\""))?;
    let (key, text) = text.split_at_checked(memchr(b'"', text)?)?;
    let text = text.strip_prefix(b"\" value=\"")?;
    let (value, text) = text.split_at_checked(memchr(b'"', text)?)?;
    Some((key, value, text.strip_prefix(b"\"/>")?.len()))
}

/// What stands between `<` and `>`.
fn tag(inner: &[u8], offset: u64) -> Tag<'_> {
    let (kind, inner) = match inner {
        [b'/', inner @ ..] => (Kind::End, inner),
        [inner @ .., b'/'] => (Kind::Empty, inner),
        inner => (Kind::Start, inner),
    };
    let end = inner.iter().position(u8::is_ascii_whitespace);
    let (name, attributes) = inner.split_at(end.unwrap_or(inner.len()));
    // A prefix of a namespace is no part of the name.
    let name = name.rsplit(|byte| *byte == b':').next().unwrap_or_default();
    Tag {
        kind,
        name,
        attributes,
        offset,
    }
}

/// Name, value, and what stands behind.
pub(crate) type Attribute<'b> = (&'b [u8], &'b [u8], &'b [u8]);

/// The first attribute of a list, and what stands behind it; `None` at the end.
///
/// # Errors
/// What is wrong, where there is no `name="value"`.
pub(crate) fn attribute(list: &[u8]) -> Result<Option<Attribute<'_>>, &'static str> {
    const MALFORMED: &str = "an attribute is not written as name=\"value\"";
    let list = list.trim_ascii_start();
    if list.is_empty() {
        return Ok(None);
    }
    let equals = memchr(b'=', list).ok_or(MALFORMED)?;
    let (name, rest) = list.split_at(equals);
    let rest = rest.get(1..).unwrap_or_default().trim_ascii_start();
    let [quote @ (b'"' | b'\''), rest @ ..] = rest else {
        return Err(MALFORMED);
    };
    let end = memchr(*quote, rest).ok_or(MALFORMED)?;
    let (value, rest) = rest.split_at(end);
    Ok(Some((
        name.trim_ascii_end(),
        value,
        rest.get(1..).unwrap_or_default(),
    )))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Hands out one byte after the other, as slow as a source can be.
    struct Drop<'b>(&'b [u8]);

    impl Read for Drop<'_> {
        fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
            let count = self.0.len().min(1).min(buffer.len());
            buffer[..count].copy_from_slice(&self.0[..count]);
            self.0 = &self.0[count..];
            Ok(count)
        }
    }

    fn tags(text: &str) -> Vec<String> {
        let mut markup = Markup::new(Drop(text.as_bytes()));
        let mut found = Vec::new();
        while let Some(tag) = markup.next().unwrap() {
            let name = String::from_utf8_lossy(tag.name);
            found.push(format!("{:?} {name} {}", tag.kind, tag.offset));
        }
        found
    }

    #[test]
    fn only_tags_are_told_wherever_blocks_end() {
        let text = "\u{feff}<?xml version='1.0'?><!DOCTYPE log><!-- <a> --><x:log a='>'>t<![CDATA[<b>]]><c d=\"'/>\"/></x:log>\n";
        assert_eq!(tags(text), ["Start log 50", "Empty c 79", "End log 91"]);
    }

    #[test]
    fn a_line_is_read_in_one_go_only_where_it_is_whole_and_plain() {
        let told = |text: &'static str| {
            let found = line(text.as_bytes());
            found.map(|(key, value, behind)| {
                let text = |bytes| std::str::from_utf8(bytes).unwrap();
                (text(key), text(value), behind)
            })
        };
        assert_eq!(
            told("<string key=\"a>\" value=\"'b&amp;\"/>\n<"),
            Some(("a>", "'b&amp;", 2))
        );
        assert_eq!(told("<date key=\"\" value=\"\"/>"), Some(("", "", 0)));
        for other in [
            "<event key=\"a\" value=\"b\"/>",
            "<x:string key=\"a\" value=\"b\"/>",
            "<string key='a' value=\"b\"/>",
            "<string value=\"b\" key=\"a\"/>",
            "<string key=\"a\" value=\"b\">",
            "<string key=\"a\" value=\"b\" />",
            "<string key=\"a\" value=\"b",
            "</trace>",
            "",
        ] {
            assert_eq!(told(other), None, "{other}");
        }
    }

    #[test]
    fn attributes_are_read_one_by_one() {
        let (name, value, rest) = attribute(b" key = 'a\"b' value=\"c\"").unwrap().unwrap();
        assert_eq!((name, value), (&b"key"[..], &b"a\"b"[..]));
        let (name, value, rest) = attribute(rest).unwrap().unwrap();
        assert_eq!((name, value, rest), (&b"value"[..], &b"c"[..], &b""[..]));
        assert!(attribute(b" key").is_err() && attribute(b" key=a").is_err());
    }
}
