"""Makes the two fonts of this folder from the Debian packages fonts-noto-cjk and fonts-droid-fallback.

    python3 subset.py NotoSerifCJK-Regular.ttc DroidSansFallbackFull.ttf names.txt

The serif covers what notices are written with: GB 2312, signs, the characters of names.txt and all
supplementary ideographs it has but those that only Hong Kong's set needs. The fallback covers the rest of Unicode's first two ideograph blocks,
so that no resident's name shows as a box. Needs fonttools.
"""

import sys

from fontTools import subset
from fontTools.ttLib import TTFont

SIGNS = [
    (0x20, 0x7E), (0xA0, 0xFF), (0x2010, 0x202F), (0x2030, 0x205E), (0x20AC, 0x20AC), (0x2100, 0x214F),
    (0x2150, 0x218F), (0x2190, 0x219F), (0x2460, 0x24EA), (0x2500, 0x2612), (0x2713, 0x2717),
    (0x3000, 0x301F), (0x3220, 0x3243), (0x3280, 0x32B0), (0x3380, 0x33DF), (0xFE10, 0xFE4F),
    (0xFF01, 0xFF5E), (0xFFE0, 0xFFE6),
]


def gb2312():
    codes = set()
    for high in range(0xA1, 0xF8):
        for low in range(0xA1, 0xFF):
            try:
                codes.add(ord(bytes([high, low]).decode("gb2312")))
            except UnicodeDecodeError:
                pass
    return codes


def in_hong_kong_set(character):
    try:
        return bool(character.encode("big5hkscs"))
    except UnicodeEncodeError:
        return False


def write(source, number, codes, target):
    options = subset.Options()
    options.hinting = False
    options.layout_features = []
    options.drop_tables += ["GSUB", "GPOS", "GDEF", "BASE", "VORG", "vhea", "vmtx", "DSIG"]
    options.name_IDs = [0, 1, 2, 3, 4, 5, 6, 13, 14]
    options.notdef_outline = True
    options.font_number = number
    font = subset.load_font(source, options)
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=codes)
    subsetter.subset(font)
    font["head"].modified = font["head"].created
    subset.save_font(font, target, options)


def main(serif, fallback, names):
    simplified = 2  # the collection's face for mainland Chinese
    has = set(TTFont(serif, fontNumber=simplified).getBestCmap())
    wanted = gb2312() | {code for first, last in SIGNS for code in range(first, last + 1)}
    wanted |= {ord(name) for name in open(names, encoding="utf-8").read() if not name.isspace()}
    wanted |= {code for code in has if code >= 0x20000 and not in_hong_kong_set(chr(code))}
    write(serif, simplified, wanted & has, "serif.otf")
    ideographs = set(range(0x3400, 0x4DC0)) | set(range(0x4E00, 0xA000))
    write(fallback, -1, ideographs - (wanted & has), "fallback.ttf")


main(*sys.argv[1:])
