"""Pictures drawn on the spot, as SVG: landscapes, nights, plants, charts, patterns, cats, faces.

Every kind gives the drawing and the words for those who can't see it.
"""

import colorsys
import math
import random
from collections.abc import Callable
from typing import NamedTuple

WIDTH, HEIGHT = 1200, 800
_HUES = (
    ("red", 8), ("orange", 30), ("yellow", 48), ("green", 125), ("turquoise", 175), ("blue", 212),
    ("violet", 265), ("pink", 330), ("red", 360),
)  # fmt: skip


_HAIR = (
    "M122,180 Q120,82 200,84 Q284,82 278,180 Q250,120 200,126 Q150,120 122,180 Z",
    "M120,170 Q110,80 210,78 Q296,90 280,186 Q276,120 170,128 Q140,132 120,170 Z",
    "M128,150 Q140,88 200,90 Q262,88 272,150 Q240,112 200,114 Q160,112 128,150 Z",
)
_GLASSES = (
    '<g fill="none" stroke="#222" stroke-width="5"><circle cx="172" cy="190" r="24"/>'
    '<circle cx="228" cy="190" r="24"/><path d="M196,190 h8"/></g>'
)


class Drawing(NamedTuple):
    """An SVG document, and what it shows."""

    svg: str
    alt: str


def colour(hue: float, saturation: float, lightness: float) -> str:
    """A colour as `#rrggbb`; the hue in degrees, the others from 0 to 1."""
    parts = colorsys.hls_to_rgb(hue % 360 / 360, min(1, lightness), saturation)
    return "#" + "".join(f"{round(part * 255):02x}" for part in parts)


def name_of(hue: float) -> str:
    """The everyday name of a hue."""
    return min(_HUES, key=lambda known: abs(known[1] - hue % 360))[0]


def _page(body: str, width: int = WIDTH, height: int = HEIGHT) -> str:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" '
        f'viewBox="0 0 {width} {height}">{body}</svg>'
    )


def _sky(top: str, bottom: str, width: int, height: int) -> str:
    return (
        f'<defs><linearGradient id="s" x1="0" y1="0" x2="0" y2="1"><stop offset="0" '
        f'stop-color="{top}"/><stop offset="1" stop-color="{bottom}"/></linearGradient></defs>'
        f'<rect width="{width}" height="{height}" fill="url(#s)"/>'
    )


def _ridge(rng: random.Random, level: float, rough: float, width: int, height: int) -> str:
    """The outline of one range of hills, closed at the lower edge."""
    waves = [(rng.uniform(0.6, 4.5), rng.uniform(0, 7), rng.uniform(0.2, 1)) for _ in range(4)]
    points = []
    for step in range(0, width + 20, 20):
        along = step / width * math.tau
        rise = sum(size * math.sin(speed * along + shift) for speed, shift, size in waves)
        points.append(f"{step},{level - rough * rise:.0f}")
    return f"M0,{height} L{' L'.join(points)} L{width},{height} Z"


def landscape(rng: random.Random, width: int = WIDTH, height: int = HEIGHT) -> Drawing:
    """Ranges of hills under a sun, sometimes with water in front."""
    hue, warm = rng.choice((150, 195, 215, 240, 280, 25)), rng.choice((18, 35, 45, 345))
    body = [_sky(colour(hue, 0.45, 0.72), colour(warm, 0.75, 0.84), width, height)]
    x, y = rng.uniform(0.15, 0.85) * width, rng.uniform(0.18, 0.42) * height
    sun = colour(warm, 0.9, 0.88)
    body.append(f'<circle cx="{x:.0f}" cy="{y:.0f}" r="{height * 0.075:.0f}" fill="{sun}"/>')
    layers = rng.randint(3, 5)
    for layer in range(layers):
        level = height * (0.45 + 0.13 * layer)
        shade = colour(hue + 8 * layer, 0.3 + 0.04 * layer, 0.62 - 0.1 * layer)
        path = _ridge(rng, level, height * (0.05 - 0.006 * layer), width, height)
        body.append(f'<path d="{path}" fill="{shade}"/>')
    water = rng.random() < 0.5
    if water:
        level = height * 0.86
        body.append(f'<rect y="{level:.0f}" width="{width}" height="{height}" '
                    f'fill="{colour(hue, 0.4, 0.55)}"/>')  # fmt: skip
        for _ in range(26):
            at, down = rng.uniform(-0.1, 1) * width, rng.uniform(level + 6, height)
            long = rng.uniform(40, 220)
            body.append(f'<rect x="{at:.0f}" y="{down:.0f}" width="{long:.0f}" height="4" rx="2" '
                        f'fill="{sun}" opacity=".45"/>')  # fmt: skip
    if rng.random() < 0.6:
        for _ in range(rng.randint(3, 9)):
            bx, by, s = x + rng.gauss(0, 220), y + rng.gauss(60, 50), rng.uniform(8, 18)
            body.append(f'<path d="M{bx - s:.0f},{by - s / 2:.0f} Q{bx:.0f},{by - s:.0f} {bx:.0f},'
                        f'{by:.0f} Q{bx:.0f},{by - s:.0f} {bx + s:.0f},{by - s / 2:.0f}" '
                        f'fill="none" stroke="#333" stroke-width="3"/>')  # fmt: skip
    alt = f"{layers} layers of {name_of(hue)} hills under a pale sun in a {name_of(warm)} sky"
    return Drawing(_page("".join(body), width, height), alt + (", water in front" * water) + ".")


def night(rng: random.Random) -> Drawing:
    """A dark sky with stars and a moon over roofs with some windows lit."""
    hue = rng.choice((215, 235, 255, 195))
    body = [_sky(colour(hue, 0.6, 0.08), colour(hue + 20, 0.45, 0.26), WIDTH, HEIGHT)]
    stars = rng.randint(60, 160)
    for _ in range(stars):
        x, y, r = rng.uniform(0, WIDTH), rng.uniform(0, HEIGHT * 0.65), rng.uniform(0.8, 2.8)
        body.append(f'<circle cx="{x:.0f}" cy="{y:.0f}" r="{r:.1f}" fill="#fff8e0"/>')
    mx, my, r = rng.uniform(200, 1000), rng.uniform(110, 260), rng.uniform(36, 64)
    body.append(f'<circle cx="{mx:.0f}" cy="{my:.0f}" r="{r:.0f}" fill="#fdf3d0"/>')
    x, lit = -20.0, 0
    while x < WIDTH:
        wide, high = rng.uniform(90, 190), rng.uniform(120, 300)
        top = HEIGHT - high
        dark = colour(hue, 0.35, rng.uniform(0.06, 0.13))
        body.append(f'<path d="M{x:.0f},{HEIGHT} V{top:.0f} L{x + wide / 2:.0f},{top - 60:.0f} '
                    f'L{x + wide:.0f},{top:.0f} V{HEIGHT} Z" fill="{dark}"/>')  # fmt: skip
        for row in range(int(high // 70)):
            for column in range(int(wide // 50)):
                if rng.random() < 0.28:
                    lit += 1
                    wx, wy = x + 16 + column * 48, top + 24 + row * 66
                    body.append(f'<rect x="{wx:.0f}" y="{wy:.0f}" width="24" height="34" '
                                f'fill="{colour(rng.uniform(35, 50), 0.9, 0.68)}"/>')  # fmt: skip
        x += wide
    return Drawing(
        _page("".join(body)),
        f"Night over a row of gabled roofs: a moon, stars, and {lit} lit windows.",
    )


def plant(rng: random.Random) -> Drawing:
    """A branching plant that grew by a few rules."""
    hue = rng.uniform(80, 150)
    paper = colour(rng.choice((40, 50, 200)), 0.35, 0.93)
    body = [f'<rect width="{WIDTH}" height="{HEIGHT}" fill="{paper}"/>']
    spread, shrink = rng.uniform(0.3, 0.55), rng.uniform(0.68, 0.76)
    leaves = 0

    def grow(x: float, y: float, angle: float, length: float, depth: int) -> None:
        nonlocal leaves
        x2, y2 = x + length * math.cos(angle), y - length * math.sin(angle)
        bark = colour(hue, 0.35, 0.3)
        body.append(f'<path d="M{x:.0f},{y:.0f} L{x2:.0f},{y2:.0f}" stroke-linecap="round" '
                    f'stroke="{bark}" stroke-width="{depth * 2.2:.0f}"/>')  # fmt: skip
        if depth <= 2:
            leaves += 1
            turn = -math.degrees(angle)
            shade = colour(hue + rng.uniform(-18, 18), 0.5, rng.uniform(0.35, 0.55))
            body.append(f'<ellipse cx="{x2:.0f}" cy="{y2:.0f}" rx="26" ry="10" fill="{shade}" '
                        f'transform="rotate({turn:.0f} {x2:.0f} {y2:.0f})"/>')  # fmt: skip
        if depth > 1:
            for side in (-spread, spread, rng.uniform(-0.1, 0.1))[: 3 if depth > 4 else 2]:
                grow(x2, y2, angle + side * rng.uniform(0.7, 1.3), length * shrink, depth - 1)

    grow(WIDTH / 2, HEIGHT - 40, math.pi / 2, rng.uniform(170, 200), 6)
    return Drawing(
        _page("".join(body)), f"Drawing of a branching green plant with {leaves} leaves on paper."
    )


def chart(rng: random.Random) -> Drawing:
    """Bars or a line over a grid."""
    hue, count = rng.choice((205, 150, 20, 265, 340)), rng.randint(14, 30)
    values, level = [], rng.uniform(0.3, 0.6)
    for _ in range(count):
        level = min(0.95, max(0.06, level + rng.gauss(0, 0.11)))
        values.append(level)
    peak = rng.randrange(count)
    values[peak] = min(1.0, values[peak] + 0.35)
    body = [f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#fbfaf7"/>']
    body += [
        f'<path d="M90,{y} H1130" stroke="#ddd8cf" stroke-width="2"/>' for y in range(90, 700, 120)
    ]
    step, main, accent = 1040 / count, colour(hue, 0.5, 0.5), colour(hue + 160, 0.7, 0.5)
    bars = rng.random() < 0.5
    if bars:
        for place, value in enumerate(values):
            high = value * 580
            body.append(f'<rect x="{94 + place * step:.0f}" y="{690 - high:.0f}" rx="4" '
                        f'width="{step * 0.72:.0f}" height="{high:.0f}" '
                        f'fill="{accent if place == peak else main}"/>')  # fmt: skip
    else:
        dots = [(90 + (p + 0.5) * step, 690 - v * 580) for p, v in enumerate(values)]
        line = " L".join(f"{x:.0f},{y:.0f}" for x, y in dots)
        body.append(f'<path d="M{line} L{dots[-1][0]:.0f},690 L{dots[0][0]:.0f},690 Z" '
                    f'fill="{main}" opacity=".18"/>')  # fmt: skip
        body.append(f'<path d="M{line}" fill="none" stroke="{main}" stroke-width="7" '
                    f'stroke-linejoin="round"/>')  # fmt: skip
        x, y = dots[peak]
        body.append(f'<circle cx="{x:.0f}" cy="{y:.0f}" r="14" fill="{accent}"/>')
    body.append('<path d="M90,60 V690 H1140" fill="none" stroke="#555" stroke-width="5"/>')
    kind = "Bar chart" if bars else "Line chart"
    trend = "rising" if values[-1] > values[0] + 0.1 else "falling"
    if abs(values[-1] - values[0]) <= 0.1:
        trend = "steady"
    return Drawing(
        _page("".join(body)),
        f"{kind} of {count} values, {trend} on the whole; the peak at number {peak + 1} is marked.",
    )


def pattern(rng: random.Random) -> Drawing:
    """A repeating pattern: arcs, triangles or dots in three colours."""
    hue = rng.uniform(0, 360)
    ground, first = colour(hue, 0.35, 0.9), colour(hue, 0.5, 0.42)
    second = colour(hue + 150, 0.6, 0.55)
    body = [f'<rect width="{WIDTH}" height="{HEIGHT}" fill="{ground}"/>']
    kind = rng.choice(("arcs", "triangles", "dots"))
    size = rng.choice((80, 100, 160))
    for x in range(0, WIDTH, size):
        for y in range(0, HEIGHT, size):
            ink = first if rng.random() < 0.72 else second
            if kind == "arcs":
                turn = rng.choice((0, 90))
                half = size / 2
                body.append(f'<g transform="rotate({turn} {x + half} {y + half})" fill="none" '
                            f'stroke="{ink}" stroke-width="{size * 0.16:.0f}">'
                            f'<path d="M{x + half},{y} A{half},{half} 0 0 1 {x},{y + half}"/>'
                            f'<path d="M{x + half},{y + size} A{half},{half} 0 0 1 '
                            f'{x + size},{y + half}"/></g>')  # fmt: skip
            elif kind == "triangles":
                corners = [(x, y), (x + size, y), (x + size, y + size), (x, y + size)]
                corners.pop(rng.randrange(4))
                points = " ".join(f"{a},{b}" for a, b in corners)
                body.append(f'<polygon points="{points}" fill="{ink}"/>')
            else:
                r = size * rng.choice((0.14, 0.26, 0.38))
                body.append(f'<circle cx="{x + size / 2}" cy="{y + size / 2}" r="{r:.0f}" '
                            f'fill="{ink}"/>')  # fmt: skip
    return Drawing(
        _page("".join(body)),
        f"A pattern of {kind} in {name_of(hue)} and {name_of(hue + 150)} on a light ground.",
    )


def cat(rng: random.Random) -> Drawing:
    """A sitting cat, seen from the front."""
    hue, light = rng.choice(((28, 0.55), (30, 0.25), (0, 0.12), (35, 0.75), (210, 0.45)))
    fur, dark = colour(hue, 0.45, light), colour(hue, 0.4, max(0.05, light - 0.15))
    wall, eyes = colour(rng.uniform(0, 360), 0.3, 0.82), colour(rng.choice((55, 90, 190)), 0.7, 0.6)
    body = (
        f'<rect width="1200" height="800" fill="{wall}"/><rect y="640" width="1200" height="160" '
        f'fill="{colour(30, 0.3, 0.5)}"/><ellipse cx="600" cy="590" rx="190" ry="210" '
        f'fill="{fur}"/><path d="M770,720 q180,-20 150,-170 q-10,-40 -40,-20" fill="none" '
        f'stroke="{dark}" stroke-width="44" stroke-linecap="round"/><circle cx="600" cy="330" '
        f'r="150" fill="{fur}"/><path d="M470,270 L480,110 L580,195 Z M730,270 L720,110 L620,195 Z"'
        f' fill="{dark}"/><ellipse cx="545" cy="320" rx="34" ry="40" fill="{eyes}"/><ellipse '
        f'cx="655" cy="320" rx="34" ry="40" fill="{eyes}"/><ellipse cx="545" cy="320" rx="9" '
        f'ry="34" fill="#111"/><ellipse cx="655" cy="320" rx="9" ry="34" fill="#111"/><path '
        f'd="M582,384 h36 l-18,20 Z" fill="#d9808c"/><path d="M600,404 v16 M600,420 q-26,24 -52,4 '
        f'M600,420 q26,24 52,4" fill="none" stroke="#222" stroke-width="5"/><path d="M520,395 '
        f'l-120,-18 M520,408 l-120,14 M680,395 l120,-18 M680,408 l120,14" stroke="#fff" '
        f'stroke-width="4"/><ellipse cx="530" cy="760" rx="62" ry="34" fill="{dark}"/><ellipse '
        f'cx="670" cy="760" rx="62" ry="34" fill="{dark}"/>'
    )
    return Drawing(
        _page(body), "Portrait of a cat that sits and looks straight at us, unimpressed."
    )


def face(rng: random.Random) -> Drawing:
    """An avatar: somebody in front of a coloured wall."""
    wall = rng.uniform(0, 360)
    skin = colour(
        rng.uniform(18, 32), rng.uniform(0.35, 0.6), rng.choice((0.3, 0.42, 0.58, 0.7, 0.8))
    )
    hair = colour(
        rng.choice((25, 30, 40, 15, 260)),
        rng.uniform(0.1, 0.6),
        rng.choice((0.1, 0.18, 0.3, 0.55, 0.75)),
    )
    coat = colour(wall + rng.choice((120, 150, 200)), 0.5, 0.45)
    light = colour(wall + 25, 0.55, 0.84)
    x, y = rng.randint(40, 360), rng.randint(20, 160)
    body = [f'<rect width="400" height="400" fill="{colour(wall, 0.5, 0.78)}"/>']
    body.append(f'<circle cx="{x}" cy="{y}" r="120" fill="{light}"/>')
    long = rng.random() < 0.45
    if long:
        body.append(f'<rect x="108" y="130" width="184" height="200" rx="80" fill="{hair}"/>')
    body.append(f'<path d="M60,400 q10,-110 140,-110 q130,0 140,110 Z" fill="{coat}"/>')
    body.append(f'<rect x="172" y="240" width="56" height="70" rx="24" fill="{skin}"/>')
    body.append(f'<ellipse cx="200" cy="190" rx="74" ry="88" fill="{skin}"/>')
    style = rng.choice(_HAIR)
    body.append(f'<path d="{style}" fill="{hair}"/>')
    for x in (172, 228):
        body.append(f'<circle cx="{x}" cy="190" r="7" fill="#221a18"/>')
        body.append(f'<path d="M{x - 14},170 q14,-9 28,0" fill="none" stroke="{hair}" '
                    f'stroke-width="6" stroke-linecap="round"/>')  # fmt: skip
    smile = rng.randint(4, 22)
    body.append(f'<path d="M172,228 q28,{smile} 56,0" fill="none" stroke="#5a2a27" '
                f'stroke-width="6" stroke-linecap="round"/>')  # fmt: skip
    if rng.random() < 0.35:
        body.append(_GLASSES)
    if not long and rng.random() < 0.3:
        body.append(f'<path d="M138,212 Q150,292 200,290 Q250,292 262,212 Q240,256 200,252 '
                    f'Q160,256 138,212 Z" fill="{hair}"/>')  # fmt: skip
    return Drawing(_page("".join(body), 400, 400), "Drawn portrait.")


KINDS: dict[str, Callable[[random.Random], Drawing]] = {
    "landscape": landscape,
    "night": night,
    "plant": plant,
    "chart": chart,
    "pattern": pattern,
    "cat": cat,
}
"""What a post can have a picture of."""
