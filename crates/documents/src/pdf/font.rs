//! The two faces that ship with the program: a serif for what notices are written with, and one
//! that has the rare ideographs of people's names. Where they come from: `fonts/subset.py`.

use krilla::text::Font;
use skrifa::charmap::Charmap;
use skrifa::instance::{LocationRef, Size};
use skrifa::metrics::GlyphMetrics;
use skrifa::{FontRef, MetadataProvider as _};

static SERIF: &[u8] = include_bytes!("../../fonts/serif.otf");
static FALLBACK: &[u8] = include_bytes!("../../fonts/fallback.ttf");

/// Shown for characters that neither face has: the geta mark, which printers use for that.
const GETA: char = '〓';

/// The faces in the order in which they are asked for a character.
pub(super) struct Fonts {
    serif: Face,
    fallback: Face,
}

/// A face: its glyphs for characters, and their widths.
pub(super) struct Face {
    font: Font,
    characters: Charmap<'static>,
    widths: GlyphMetrics<'static>,
    units_per_em: f32,
}

/// A character's glyph.
#[derive(Clone, Copy)]
pub(super) struct Glyph<'a> {
    pub(super) face: &'a Face,
    pub(super) id: u32,
    /// In em.
    pub(super) width: f32,
}

impl Fonts {
    pub(super) fn load() -> Option<Self> {
        Some(Self {
            serif: Face::load(SERIF)?,
            fallback: Face::load(FALLBACK)?,
        })
    }

    /// The glyph for a character; that of the geta mark if there is none.
    pub(super) fn glyph(&self, character: char) -> Glyph<'_> {
        let missing = Glyph {
            face: &self.serif,
            id: 0,
            width: 1.0,
        };
        [character, GETA]
            .into_iter()
            .find_map(|c| self.serif.glyph(c).or_else(|| self.fallback.glyph(c)))
            .unwrap_or(missing)
    }

    /// The text's width in em.
    pub(super) fn width(&self, text: &str) -> f32 {
        text.chars()
            .map(|character| self.glyph(character).width)
            .sum()
    }
}

impl Face {
    pub(super) fn font(&self) -> &Font {
        &self.font
    }

    fn load(bytes: &'static [u8]) -> Option<Self> {
        let face = FontRef::new(bytes).ok()?;
        let units_per_em = face
            .metrics(Size::unscaled(), LocationRef::default())
            .units_per_em;
        Some(Self {
            font: Font::new(bytes.into(), 0)?,
            characters: face.charmap(),
            widths: face.glyph_metrics(Size::unscaled(), LocationRef::default()),
            units_per_em: f32::from(units_per_em),
        })
    }

    fn glyph(&self, character: char) -> Option<Glyph<'_>> {
        let id = self.characters.map(character)?;
        let width = self.widths.advance_width(id)? / self.units_per_em;
        Some(Glyph {
            face: self,
            id: id.to_u32(),
            width,
        })
    }
}
