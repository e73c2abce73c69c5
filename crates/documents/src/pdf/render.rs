//! From marks on pages to PDF bytes, with the structure that screen readers follow.

use std::num::NonZeroU16;

use krilla::SerializeSettings;
use krilla::color::luma;
use krilla::configure::{Accessibility, Archival, ConfigurationBuilder};
use krilla::destination::XyzDestination;
use krilla::geom::{Path, PathBuilder, Point, Rect};
use krilla::metadata::{DateTime, Metadata};
use krilla::outline::{Outline, OutlineNode};
use krilla::page::PageSettings;
use krilla::paint::{Fill, Stroke};
use krilla::surface::Surface;
use krilla::tagging::{
    Artifact, ArtifactType, ContentTag, Identifier, SpanTag, TableHeaderScope, Tag, TagGroup,
    TagKind, TagTree,
};
use krilla::text::{GlyphId, KrillaGlyph};

use super::Document;
use super::font::{Fonts, Glyph};
use super::page::{Mark, PAGE_HEIGHT, PAGE_WIDTH, Pages, Part, PartKind, Role, Type};

/// Writes the pages.
pub(super) fn render(document: &Document, fonts: &Fonts, pages: &Pages) -> Result<Vec<u8>, String> {
    let mut pdf = krilla::Document::new_with(settings(document.signature.is_some())?);
    pdf.set_metadata(metadata(document));
    let mut content: Vec<Vec<Identifier>> = pages.parts.iter().map(|_| Vec::new()).collect();
    let size = PageSettings::from_wh(PAGE_WIDTH, PAGE_HEIGHT).ok_or("the page has no size")?;
    for marks in &pages.marks {
        let mut page = pdf.start_page_with(size.clone());
        let mut surface = page.surface();
        for (role, mark) in marks {
            let identifier = surface.start_tagged(tag_of(*role));
            draw(&mut surface, fonts, mark);
            surface.end_tagged();
            if let Role::Content(part) = role
                && let Some(content) = content.get_mut(*part)
            {
                content.push(identifier);
            }
        }
        surface.finish();
        page.finish();
    }
    pdf.set_outline(outline(&pages.parts));
    pdf.set_tag_tree(tree(&pages.parts, content));
    pdf.finish().map_err(|error| format!("{error:?}"))
}

/// PDF/UA-1 always; PDF/A-2a where the document has a date, without which no archive takes it.
fn settings(dated: bool) -> Result<SerializeSettings, String> {
    let accessible = ConfigurationBuilder::new().with_accessibility_validator(Accessibility::UA1);
    let builder = if dated {
        accessible.with_archival_validator(Archival::A2_A)
    } else {
        accessible
    };
    let configuration = builder.finish().map_err(|error| format!("{error:?}"))?;
    Ok(SerializeSettings {
        configuration,
        ..SerializeSettings::default()
    })
}

fn metadata(document: &Document) -> Metadata {
    let title = if document.title.is_empty() {
        "无标题"
    } else {
        &document.title
    };
    let metadata = Metadata::new()
        .title(title.to_owned())
        .language("zh-CN".to_owned())
        .creator("Linli".to_owned())
        .document_id(format!("{} {title}", document.number));
    let Some(signature) = &document.signature else {
        return metadata;
    };
    let part = |number: i8| u8::try_from(number).unwrap_or(1);
    let date = signature.date;
    metadata
        .authors(signature.signatories.clone())
        .creation_date(
            DateTime::new(u16::try_from(date.year()).unwrap_or_default())
                .month(part(date.month()))
                .day(part(date.day())),
        )
}

fn tag_of(role: Role) -> ContentTag<'static> {
    let artifact = |kind| ContentTag::Artifact(Artifact::with_kind(kind));
    match role {
        Role::Content(_) => ContentTag::Span(SpanTag::empty()),
        Role::Decoration => artifact(ArtifactType::Layout),
        Role::Footer => artifact(ArtifactType::Footer),
        Role::PageNumber => artifact(ArtifactType::PageNumber),
    }
}

fn draw(surface: &mut Surface, fonts: &Fonts, mark: &Mark) {
    match mark {
        Mark::Text {
            text,
            x,
            baseline,
            kind,
            spacing,
        } => {
            draw_text(
                surface,
                fonts,
                text,
                Point::from_xy(*x, *baseline),
                *kind,
                *spacing,
            );
        }
        Mark::Fill {
            x,
            y,
            width,
            height,
            grey,
        } => {
            let mut path = PathBuilder::new();
            push_rect(&mut path, *x, *y, *width, *height);
            fill_path(surface, path.finish(), *grey);
        }
        Mark::Code {
            modules,
            columns,
            x,
            y,
            size,
        } => {
            fill_path(surface, code_path(modules, *columns, *x, *y, *size), 0);
        }
    }
}

fn fill_path(surface: &mut Surface, path: Option<Path>, grey: u8) {
    surface.set_fill(Some(Fill {
        paint: luma::Color::new(grey).into(),
        ..Fill::default()
    }));
    surface.set_stroke(None);
    if let Some(path) = path {
        surface.draw_path(&path);
    }
}

fn push_rect(path: &mut PathBuilder, x: f32, y: f32, width: f32, height: f32) {
    if let Some(rect) = Rect::from_xywh(x, y, width, height) {
        path.push_rect(rect);
    }
}

/// The code's dark modules, each a square.
fn code_path(modules: &[bool], columns: usize, x: f32, y: f32, size: f32) -> Option<Path> {
    let mut path = PathBuilder::new();
    let module = size / super::page::points(columns.max(1));
    let mut top = y;
    for row in modules.chunks(columns.max(1)) {
        let mut left = x;
        for dark in row {
            if *dark {
                push_rect(&mut path, left, top, module, module);
            }
            left += module;
        }
        top += module;
    }
    path.finish()
}

/// Draws a line of text, run by run of one face. Bold is the same face with its edges thickened.
fn draw_text(
    surface: &mut Surface,
    fonts: &Fonts,
    text: &str,
    start: Point,
    kind: Type,
    spacing: f32,
) {
    let paint = luma::Color::new(kind.grey);
    surface.set_fill(Some(Fill {
        paint: paint.into(),
        ..Fill::default()
    }));
    surface.set_stroke(kind.bold.then(|| Stroke {
        paint: paint.into(),
        width: kind.size * 0.03,
        ..Stroke::default()
    }));
    let mut at = start;
    let glyphs: Vec<(usize, char, Glyph)> = text
        .char_indices()
        .map(|(place, c)| (place, c, fonts.glyph(c)))
        .collect();
    for run in glyphs.chunk_by(|(_, _, a), (_, _, b)| std::ptr::eq(a.face, b.face)) {
        let Some((_, _, first)) = run.first() else {
            continue;
        };
        let shown: Vec<KrillaGlyph> = run
            .iter()
            .map(|(place, character, glyph)| KrillaGlyph {
                glyph_id: GlyphId::new(glyph.id),
                text_range: *place..*place + character.len_utf8(),
                x_advance: glyph.width + spacing / kind.size,
                x_offset: 0.0,
                y_offset: 0.0,
                y_advance: 0.0,
                location: None,
            })
            .collect();
        surface.draw_glyphs(
            at,
            &shown,
            first.face.font().clone(),
            text,
            kind.size,
            false,
        );
        let advance: f32 = shown.iter().map(|glyph| glyph.x_advance).sum();
        at = Point::from_xy(at.x + advance * kind.size, at.y);
    }
}

/// A title as one line of printable text; never empty, as PDF/UA wants.
fn named(title: &str) -> String {
    let line: String = title
        .chars()
        .filter(|character| !character.is_control())
        .collect();
    if line.is_empty() {
        "无标题".to_owned()
    } else {
        line
    }
}

/// The headings, for the reader's side bar.
fn outline(parts: &[Part]) -> Outline {
    let mut outline = Outline::new();
    for part in parts {
        if let PartKind::Heading { text, page, y, .. } = &part.kind {
            let place = XyzDestination::new(*page, Point::from_xy(0.0, *y));
            outline.push_child(OutlineNode::new(named(text), place));
        }
    }
    outline
}

/// The structure, from the last part to the first so that each is complete when its parent takes
/// it: parts stand after the one they belong to.
fn tree(parts: &[Part], content: Vec<Vec<Identifier>>) -> TagTree {
    let mut children: Vec<Vec<TagGroup>> = parts.iter().map(|_| Vec::new()).collect();
    let mut roots = Vec::new();
    for ((place, part), content) in parts.iter().enumerate().zip(content).rev() {
        let mut group = TagGroup::new(kind_of(&part.kind));
        for identifier in content {
            group.push(identifier);
        }
        let own = children
            .get_mut(place)
            .map(std::mem::take)
            .unwrap_or_default();
        own.into_iter().rev().for_each(|child| group.push(child));
        match part.parent.and_then(|parent| children.get_mut(parent)) {
            Some(siblings) => siblings.push(group),
            None => roots.push(group),
        }
    }
    let mut tree = TagTree::new().with_lang(Some("zh-CN".to_owned()));
    roots.into_iter().rev().for_each(|group| tree.push(group));
    tree
}

fn kind_of(kind: &PartKind) -> TagKind {
    match kind {
        PartKind::Heading { level, text, .. } => {
            let level = NonZeroU16::new(*level).unwrap_or(NonZeroU16::MIN);
            Tag::Hn(level, Some(named(text))).into()
        }
        PartKind::Paragraph => Tag::P.into(),
        PartKind::Table => Tag::Table.into(),
        PartKind::Caption => Tag::Caption.into(),
        PartKind::Row => Tag::TR.into(),
        PartKind::ColumnHeader => Tag::TH(TableHeaderScope::Column).into(),
        PartKind::RowHeader => Tag::TH(TableHeaderScope::Row).into(),
        PartKind::Cell => Tag::TD.into(),
        PartKind::Figure(text) => Tag::Figure(Some(text.clone())).into(),
    }
}
