"""From the vendor's one color to the roles that the stylesheet needs, legible in both themes.

Contrast is the one of WCAG 2.2 (https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio): words need 4.5 to 1.
A color that is too light or too dark for a role keeps its hue and changes its lightness, a little at a time.
"""

import colorsys
import re

Color = tuple[int, int, int]

WHITE: Color = (255, 255, 255)
BLACK: Color = (0, 0, 0)
NIGHT_INK: Color = (15, 18, 23)
# The grounds on which words in the brand's color stand: `--sunken` in light, `--raised` in dark.
LIGHT_GROUND: Color = (228, 232, 240)
DARK_GROUND: Color = (38, 45, 56)
LEGIBLE = 4.6
COMFORTABLE = 6.5

_HEX = re.compile(r"#[0-9a-fA-F]{6}")


def parse(*, color: str) -> Color:
    """Read `#rrggbb`. Raises ValueError for anything else."""
    if not _HEX.fullmatch(color):
        raise ValueError(f"a color is written #rrggbb, not {color!r}")
    return int(color[1:3], 16), int(color[3:5], 16), int(color[5:7], 16)


def written(*, color: Color) -> str:
    """Write a color as `#rrggbb`."""
    return "#{:02x}{:02x}{:02x}".format(*color)


def _luminance(color: Color) -> float:
    def linear(part: int) -> float:
        share = part / 255
        return share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4

    red, green, blue = (linear(part) for part in color)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(*, first: Color, second: Color) -> float:
    """Return the contrast ratio of two colors, from 1 to 21."""
    darker, lighter = sorted((_luminance(first), _luminance(second)))
    return (lighter + 0.05) / (darker + 0.05)


def shaded(*, color: Color, by: float) -> Color:
    """Return the same hue, lighter by a share of the way to white, or darker where `by` is negative."""
    hue, lightness, saturation = colorsys.rgb_to_hls(*(part / 255 for part in color))
    lightness += by * (1 - lightness if by > 0 else lightness)
    red, green, blue = (round(part * 255) for part in colorsys.hls_to_rgb(hue, lightness, saturation))
    return red, green, blue


def legible(*, color: Color, ground: Color, ratio: float = LEGIBLE) -> Color:
    """Return the nearest tone of `color` that has this contrast `ratio` on `ground`."""
    way = 1 if contrast(first=WHITE, second=ground) > contrast(first=BLACK, second=ground) else -1
    for step in range(51):
        tone = shaded(color=color, by=way * step / 50)
        if contrast(first=tone, second=ground) >= ratio:
            return tone
    return WHITE if way > 0 else BLACK


def ink_on(*, fill: Color) -> Color:
    """Return white, or the dark ink where white could not be read on `fill`."""
    return WHITE if contrast(first=WHITE, second=fill) >= LEGIBLE else NIGHT_INK


def _filled(fill: Color) -> tuple[Color, Color, Color]:
    """Return a fill, the ink on it and its tone under the pointer, away from the ink."""
    ink = ink_on(fill=fill)
    if ink == NIGHT_INK:
        fill = legible(color=fill, ground=NIGHT_INK)
        return fill, ink, shaded(color=fill, by=0.2)
    return fill, ink, shaded(color=fill, by=-0.2)


def _fill_in_the_dark(brand: Color) -> Color:
    """Lift a dark brand color off the dark page, as far as white stays legible on it."""
    lifted = brand
    for step in range(26):
        tone = shaded(color=brand, by=step / 50)
        if contrast(first=WHITE, second=tone) < 5.2 and step:
            break
        lifted = tone
    return lifted


def roles(*, color: str) -> dict[str, str]:
    """Return what a brand color `#rrggbb` becomes in each role, by the role's name, written `#rrggbb`."""
    brand = parse(color=color)
    light = _filled(brand)
    dark = _filled(_fill_in_the_dark(brand))
    colors = {
        "brand": light[0],
        "brand-ink": light[1],
        "brand-hover": light[2],
        "brand-text": legible(color=brand, ground=LIGHT_GROUND),
        "brand-on-dark": dark[0],
        "brand-on-dark-ink": dark[1],
        "brand-on-dark-hover": dark[2],
        "brand-on-dark-text": legible(color=brand, ground=DARK_GROUND, ratio=COMFORTABLE),
    }
    return {name: written(color=value) for name, value in colors.items()}


def stylesheet(*, color: str) -> str:
    """Return the content of `/brand.css` for a brand color `#rrggbb`: custom properties only."""
    lines = "".join(f"  --{name}: {value};\n" for name, value in roles(color=color).items())
    return f":root {{\n{lines}}}\n"
