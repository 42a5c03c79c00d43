"""Which groups a text names, and the same text about another group.

For measuring whether harmless posts are marked because of whom they speak of, and for training
against it. Names that are meant as insults are not among them.
"""

import random
import re
from typing import Final, NamedTuple


class Forms(NamedTuple):
    """How a group is named.

    Attributes:
        several: nouns for many of them; the first is put in for another group's.
        one: nouns for one of them.
        described: words before a person, as in `... man`.
    """

    several: tuple[str, ...]
    one: tuple[str, ...]
    described: tuple[str, ...]


FORMS: Final = {
    "women": Forms(("women", "ladies", "girls"), ("woman", "girl"), ("female",)),
    "men": Forms(("men", "boys"), ("man", "boy"), ("male",)),
    "black people": Forms(
        ("black people", "blacks", "africans", "african americans"),
        ("black person", "african"),
        ("black", "african", "african american"),
    ),
    "white people": Forms(("white people", "whites"), ("white person",), ("white",)),
    "asian people": Forms(
        ("asians", "asian people", "chinese people", "indians"), ("asian",), ("asian", "chinese")
    ),
    "hispanic people": Forms(
        ("mexicans", "latinos", "hispanics", "hispanic people"),
        ("mexican", "latino", "hispanic"),
        ("mexican", "latino", "hispanic"),
    ),
    "indigenous people": Forms(
        ("indigenous people", "native americans"),
        ("indigenous person", "native american"),
        ("indigenous", "native american"),
    ),
    "immigrants": Forms(
        ("immigrants", "migrants", "refugees", "foreigners"),
        ("immigrant", "migrant", "refugee", "foreigner"),
        ("immigrant", "foreign"),
    ),
    "jewish people": Forms(("jews", "jewish people"), ("jew", "jewish person"), ("jewish",)),
    "muslims": Forms(("muslims", "muslim people"), ("muslim",), ("muslim", "islamic")),
    "christians": Forms(("christians", "catholics"), ("christian", "catholic"), ("christian",)),
    "gay people": Forms(
        ("gay people", "gays", "lesbians"), ("gay person", "lesbian"), ("gay", "lesbian", "queer")
    ),
    "trans people": Forms(
        ("trans people", "transgender people"),
        ("trans person", "transgender person"),
        ("trans", "transgender"),
    ),
    "disabled people": Forms(
        ("disabled people", "deaf people", "blind people"),
        ("disabled person",),
        ("disabled", "autistic", "deaf", "blind"),
    ),
    "teachers": Forms(("teachers",), ("teacher",), ()),
    "athletes": Forms(("athletes", "players"), ("athlete", "player"), ()),
    "politicians": Forms(
        ("politicians", "senators", "lawmakers"), ("politician", "senator", "congressman"), ()
    ),
    "executives": Forms(("executives", "ceos"), ("executive", "ceo"), ()),
    "police": Forms(("police officers", "cops"), ("police officer", "cop"), ()),
    "journalists": Forms(("journalists", "reporters"), ("journalist", "reporter"), ()),
    "judges": Forms(("judges",), ("judge",), ()),
    "health workers": Forms(("nurses", "doctors"), ("nurse", "doctor"), ()),
    "election workers": Forms(("election workers", "poll workers"), ("election worker",), ()),
}
"""By the group, in lower case as normalised texts are."""

PROTECTED: Final = tuple(FORMS)[: tuple(FORMS).index("teachers")]
"""Those against whom it is hate; against the others it is a threat or harassment."""

_PERSON: Final = (
    r"(?= (?:people|folks?|persons?|man|men|woman|women|guys?|girls?|boys?|kids?|lives|students?"
    r"|community|communities|couples?|friends?|neighbou?rs?|family|families|history|rights)\b)"
)


class _Named(NamedTuple):
    group: str
    form: int


def _table() -> tuple[re.Pattern[str], dict[str, _Named]]:
    nouns: dict[str, _Named] = {}
    described: dict[str, _Named] = {}
    for group, forms in FORMS.items():
        nouns |= {name: _Named(group, 0) for name in forms.several}
        nouns |= {name: _Named(group, 1) for name in forms.one}
        described |= {name: _Named(group, 2) for name in forms.described}
    longest = sorted(nouns, key=len, reverse=True)
    before = sorted(described, key=len, reverse=True)
    pattern = re.compile(
        rf"(?<![\w@#])(?:(?P<noun>{'|'.join(longest)})\b|(?P<described>{'|'.join(before)}){_PERSON})"
    )
    return pattern, {f"noun {k}": v for k, v in nouns.items()} | {
        f"described {k}": v for k, v in described.items()
    }


_NAME, _NAMED = _table()


def _named(found: re.Match[str]) -> _Named:
    return _NAMED[f"{found.lastgroup} {found[0]}"]


def named(text: str) -> frozenset[str]:
    """The groups that a normalised text names."""
    return frozenset(_named(found).group for found in _NAME.finditer(text))


def of_others(text: str, groups: tuple[str, ...], draw: random.Random) -> tuple[str, set[str]]:
    """The text about other groups, one for each that it names, and which; else the text itself.

    Args:
        text: normalised.
        groups: that may be put in.
        draw: the chance.
    """
    names = sorted(named(text))
    rest = [group for group in groups if group not in names]
    if not names or len(rest) < len(names):
        return text, set()
    other = dict(zip(names, draw.sample(rest, len(names)), strict=True))

    def instead(found: re.Match[str]) -> str:
        was = _named(found)
        forms = FORMS[other[was.group]]
        return (forms[was.form] or forms[1])[0]

    return _NAME.sub(instead, text), set(other.values())
