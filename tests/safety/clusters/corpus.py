"""Reads the labelled floods beside it, and makes more of them by the tricks that floods use."""

import random
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Literal

import msgspec

Label = Literal["member", "outlier", "other"]
Part = Literal["tuned", "held-out"]

_FOLDER = Path(__file__).parent / "corpus"
_LOOK_ALIKES = str.maketrans("aeocpx", "\u0430\u0435\u043e\u0441\u0440\u0445")
_DIGITS = str.maketrans("aeiost", "431057")
_WORDS = {
    "en": "now friends really look people everybody please listen",
    "de": "jetzt Freunde wirklich schaut Leute alle bitte hört",
    "fr": "maintenant amis vraiment regardez gens tous alors écoutez",
    "es": "ahora amigos vaya mirad gente todos venga oíd",
}


class Flood(msgspec.Struct, frozen=True):
    """One flood: the text, its copies, what speaks about it, what only looks like it."""

    id: str
    text: str
    members: list[str]
    outliers: list[tuple[str, str]]
    others: list[str]

    @property
    def language(self) -> str:
        """Two letters."""
        return self.id[:2]


class Example(msgspec.Struct, frozen=True):
    """A text beside a flood's, what it is, and how it came about."""

    flood: Flood
    text: str
    label: Label
    kind: str


def floods(part: Part) -> list[Flood]:
    """The floods that thresholds were chosen on, or those written after that."""
    held_out = part == "held-out"
    found: list[Flood] = []
    for path in sorted(_FOLDER.glob("*.toml")):
        if path.stem.startswith("held-out") == held_out:
            raw = tomllib.loads(path.read_text(encoding="utf-8"))
            found += msgspec.convert(raw["flood"], list[Flood])
    return found


def written(part: Part) -> list[Example]:
    """Every hand-written text beside its flood."""
    found: list[Example] = []
    for flood in floods(part):
        found += [Example(flood, text, "member", "by hand") for text in flood.members]
        found += [Example(flood, text, "outlier", kind) for kind, text in flood.outliers]
        found += [Example(flood, text, "other", "look-alike") for text in flood.others]
    return found


def varied(flood: Flood, count: int, seed: int = 1) -> list[Example]:
    """Copies of a flood, each with one to three of the tricks, the same for the same seed."""
    chance = random.Random(f"{flood.id} {seed}")  # noqa: S311 (texts for a test)
    found = []
    for _ in range(count):
        text, names = flood.text, chance.sample(sorted(TRICKS), chance.randint(1, 3))
        for name in names:
            text = TRICKS[name](text, flood, chance)
        found.append(Example(flood, text, "member", " + ".join(sorted(names))))
    return found


def _upper(text: str, _flood: Flood, chance: random.Random) -> str:
    return text.upper() if chance.random() < 0.5 else text.lower()


def _looks(text: str, _flood: Flood, chance: random.Random) -> str:
    return _some(text, chance, lambda char: char.translate(_LOOK_ALIKES))


def _digits(text: str, _flood: Flood, chance: random.Random) -> str:
    return _some(text, chance, lambda char: char.translate(_DIGITS), 0.4)


def _hidden(text: str, _flood: Flood, chance: random.Random) -> str:
    return _some(text, chance, lambda char: char + chance.choice("\u200b\u200d\u2060\u00ad"), 0.3)


def _longer(text: str, _flood: Flood, chance: random.Random) -> str:
    return _some(text, chance, lambda char: char * 4 if char.isalpha() else char, 0.06)


def _signs(text: str, _flood: Flood, chance: random.Random) -> str:
    return "".join(
        char + chance.choice(["!!", " ...", ",", " -", ""]) if char == " " else char
        for char in text
    ).replace(" !!", "!! ")


def _around(text: str, _flood: Flood, chance: random.Random) -> str:
    names = " ".join(f"@user{chance.randint(1, 99999)}" for _ in range(chance.randint(1, 6)))
    tags = " ".join(f"#{chance.choice(['now', 'share', 'truth', 'top'])}{n}" for n in range(3))
    return f"{names} {text} {tags} {chance.choice('🔥😡🎉👀')}"


def _linked(text: str, _flood: Flood, chance: random.Random) -> str:
    plain = " ".join(word for word in text.split() if not word.startswith("http"))
    return f"{plain} https://site{chance.randint(1, 9999)}.example/{chance.randint(1, 99999)}"


def _typos(text: str, _flood: Flood, chance: random.Random) -> str:
    at = sorted(chance.sample(range(len(text) - 1), max(1, len(text) // 60)))
    for place in at:
        text = text[:place] + text[place + 1] + text[place] + text[place + 2 :]
    return text


def _dropped(text: str, _flood: Flood, chance: random.Random) -> str:
    words = text.split()
    if len(words) > 8:
        del words[chance.randrange(len(words))]
    return " ".join(words)


def _added(text: str, flood: Flood, chance: random.Random) -> str:
    words = text.split()
    for _ in range(max(1, len(words) // 12)):
        words.insert(chance.randrange(len(words)), chance.choice(_WORDS[flood.language].split()))
    return " ".join(words)


def _some(
    text: str, chance: random.Random, change: Callable[[str], str], share: float = 0.6
) -> str:
    return "".join(change(char) if chance.random() < share else char for char in text)


TRICKS = {
    "case": _upper,
    "look-alikes": _looks,
    "digits": _digits,
    "hidden": _hidden,
    "longer": _longer,
    "signs": _signs,
    "around": _around,
    "links": _linked,
    "typos": _typos,
    "dropped": _dropped,
    "added": _added,
}
