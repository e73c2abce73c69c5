//! Pages being filled: what is drawn where, and which part of the document it belongs to.

use super::font::Fonts;
use super::line::{Line, break_lines};

/// A4, in points.
pub(super) const PAGE_WIDTH: f32 = 595.276;
/// A4, in points.
pub(super) const PAGE_HEIGHT: f32 = 841.89;
/// The type area's left edge: 28 mm.
pub(super) const LEFT: f32 = 79.37;
/// The type area's top edge: 37 mm.
pub(super) const TOP: f32 = 104.88;
/// The type area's width: 28 characters of the text, some 156 mm.
pub(super) const WIDTH: f32 = 28.0 * TEXT.size;
/// The type area's bottom edge: 225 mm below its top.
pub(super) const BOTTOM: f32 = 742.68;

/// The size of type, and the distance from line to line, in points.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Type {
    pub(super) size: f32,
    pub(super) pitch: f32,
    pub(super) bold: bool,
    /// 0 is black, 255 white.
    pub(super) grey: u8,
}

/// The text: size three (三号), 22 lines a page.
pub(super) const TEXT: Type = Type {
    size: 15.75,
    pitch: 28.95,
    bold: false,
    grey: 0,
};
/// Headings: the text's size, bold.
pub(super) const HEADING: Type = Type { bold: true, ..TEXT };
/// The title: size two (二号).
pub(super) const TITLE: Type = Type {
    size: 22.0,
    pitch: 35.0,
    bold: true,
    grey: 0,
};
/// Document number, captions and page numbers: size four (四号).
pub(super) const MIDDLE: Type = Type {
    size: 14.0,
    pitch: 24.0,
    bold: false,
    grey: 0,
};
/// Tables: size five (五号).
pub(super) const CELL: Type = Type {
    size: 10.5,
    pitch: 16.5,
    bold: false,
    grey: 0,
};
/// Remarks, the foot of the page and how to verify: small five (小五).
pub(super) const SMALL: Type = Type {
    size: 9.0,
    pitch: 14.0,
    bold: false,
    grey: 70,
};

/// Something drawn on a page; distances from the page's upper left corner.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Mark {
    /// Text on a baseline, with `spacing` points added after each character.
    Text {
        text: String,
        x: f32,
        baseline: f32,
        kind: Type,
        spacing: f32,
    },
    /// A filled rectangle, lines included.
    Fill {
        x: f32,
        y: f32,
        width: f32,
        height: f32,
        grey: u8,
    },
    /// A QR code: its modules row by row, true for dark.
    Code {
        modules: Vec<bool>,
        columns: usize,
        x: f32,
        y: f32,
        size: f32,
    },
}

/// What a mark is to a reader who hears the document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    /// Content of the part with this number.
    Content(usize),
    /// Decoration.
    Decoration,
    /// The foot of the page.
    Footer,
    /// The page's number.
    PageNumber,
}

/// A part of the document's structure.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Part {
    pub(super) kind: PartKind,
    /// The part it belongs to.
    pub(super) parent: Option<usize>,
}

/// What kind of part.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum PartKind {
    /// A heading, with its level, text and place for the outline.
    Heading {
        level: u16,
        text: String,
        page: usize,
        y: f32,
    },
    Paragraph,
    Table,
    Caption,
    Row,
    ColumnHeader,
    RowHeader,
    Cell,
    /// A picture, with what it says.
    Figure(String),
}

/// The set document.
#[derive(Default)]
pub(super) struct Pages {
    pub(super) marks: Vec<Vec<(Role, Mark)>>,
    pub(super) parts: Vec<Part>,
}

/// The pages with a place to go on at.
pub(super) struct Composer<'a> {
    pub(super) fonts: &'a Fonts,
    pub(super) pages: Pages,
    /// Where the next line's top stands.
    pub(super) y: f32,
}

impl<'a> Composer<'a> {
    pub(super) fn new(fonts: &'a Fonts) -> Self {
        let pages = Pages {
            marks: vec![Vec::new()],
            parts: Vec::new(),
        };
        Self {
            fonts,
            pages,
            y: TOP,
        }
    }

    /// Adds a part to the structure and gives its number.
    pub(super) fn part(&mut self, kind: PartKind, parent: Option<usize>) -> usize {
        self.pages.parts.push(Part { kind, parent });
        self.pages.parts.len() - 1
    }

    /// The current page's place, from 0.
    pub(super) fn page(&self) -> usize {
        self.pages.marks.len().saturating_sub(1)
    }

    pub(super) fn new_page(&mut self) {
        self.pages.marks.push(Vec::new());
        self.y = TOP;
    }

    /// Goes to a new page unless `height` points are left on this one, or it is empty anyway.
    pub(super) fn keep(&mut self, height: f32) {
        if self.y + height > BOTTOM + 0.01 && self.y > TOP {
            self.new_page();
        }
    }

    pub(super) fn draw(&mut self, role: Role, mark: Mark) {
        if let Some(page) = self.pages.marks.last_mut() {
            page.push((role, mark));
        }
    }

    /// Draws one line of type with its left end at `x` and its top at `top`.
    pub(super) fn text(
        &mut self,
        role: Role,
        text: &str,
        x: f32,
        top: f32,
        kind: Type,
        spacing: f32,
    ) {
        if text.is_empty() {
            return;
        }
        let baseline = top + (kind.pitch - kind.size) / 2.0 + 0.86 * kind.size;
        self.draw(
            role,
            Mark::Text {
                text: text.to_owned(),
                x,
                baseline,
                kind,
                spacing,
            },
        );
    }

    /// Sets text over the full measure, first lines indented by `indent` em, from page to page.
    pub(super) fn flow(&mut self, part: usize, text: &str, kind: Type, indent: f32) {
        let measure = WIDTH / kind.size;
        let mut first = true;
        for line in break_lines(self.fonts, text, measure, indent) {
            self.keep(kind.pitch);
            let shift = if first { indent } else { 0.0 };
            let spacing = spacing_of(&line, measure - shift) * kind.size;
            let (x, y) = (LEFT + shift * kind.size, self.y);
            self.text(Role::Content(part), &line.text, x, y, kind, spacing);
            self.y += kind.pitch;
            first = !line.goes_on;
        }
    }

    /// Sets text in centred lines, kept within `measure` em.
    pub(super) fn centred(&mut self, part: usize, text: &str, kind: Type, measure: f32) {
        for line in break_lines(self.fonts, text, measure, 0.0) {
            self.keep(kind.pitch);
            let x = LEFT + (WIDTH - self.fonts.width(&line.text) * kind.size) / 2.0;
            let y = self.y;
            self.text(Role::Content(part), &line.text, x, y, kind, 0.0);
            self.y += kind.pitch;
        }
    }
}

/// The space to add after each character so that the line fills the measure, in em. None for the
/// last line of a paragraph, nor where it would be wide enough to be read as spaces.
fn spacing_of(line: &Line, measure: f32) -> f32 {
    let gaps = line.text.chars().count().saturating_sub(1);
    if !line.goes_on || gaps == 0 {
        return 0.0;
    }
    let spacing = (measure - line.width) / points(gaps);
    if (0.0..=0.09).contains(&spacing) {
        spacing
    } else {
        0.0
    }
}

/// A small count as a number of points.
pub(super) fn points(count: usize) -> f32 {
    f32::from(u16::try_from(count).unwrap_or(u16::MAX))
}
