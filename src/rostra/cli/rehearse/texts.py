"""What people of the rehearsal write: each ordinary post its own words, each flood one text varied.

The texts are mild on purpose. What decides is how alike they are, not how bad.
"""

import re
from pathlib import Path
from random import Random
from typing import Final

from rostra.safety.categories.model import Category

_LISTS: Final = {
    name: [word.strip() for word in words.split(",") if word.strip()]
    for name, words in re.findall(
        r"\[(\w+)\]\n([^\[]+)", (Path(__file__).parent / "words.txt").read_text(encoding="utf-8")
    )
}
_NOUNS, _VERBS, _WORDS = _LISTS["nouns"], _LISTS["verbs"], _LISTS["words"]
_WHEN, _PLACES, _PEOPLE = _LISTS["when"], _LISTS["places"], _LISTS["people"]
_LINES: Final = {
    name: [line for line in lines.splitlines() if line]
    for name, lines in re.findall(
        r"\[(\w+)\]\n([^\[]+)", (Path(__file__).parent / "floods.txt").read_text(encoding="utf-8")
    )
}
_FLOODS: Final = {
    Category.VIOLENCE_INCITEMENT: "violence",
    Category.HATE: "hate",
    Category.MISINFORMATION_CIVIC: "votes",
    Category.SPAM: "spam",
}
_EMOJI: Final = ("🔥", "🔥🔥🔥", "‼️", "👀", "🚨🚨", "💥")
_HEADS: Final = ("Pass it on!", "READ THIS:", "Copy and paste.")
_LEET: Final = str.maketrans("aeios", "43105")


def ordinary(rng: Random) -> str:
    """A post of its own words."""
    return " ".join(_sentence(rng) for _ in range(rng.randint(2, 4)))


def _sentence(rng: Random) -> str:
    said = (
        f"the {rng.choice(_WORDS)} {rng.choice(_NOUNS)} {rng.choice(_VERBS)} "
        f"a {rng.choice(_WORDS)} {rng.choice(_NOUNS)} {rng.choice(_WHEN)}"
    )
    shape = rng.randrange(3)
    if shape == 0:
        said = f"{rng.choice(_PLACES)}: {said}"
    elif shape == 1:
        said = f"my {rng.choice(_NOUNS)} says {said}"
    return said[0].upper() + said[1:] + rng.choice((".", ".", "!", "?"))


def flood(rng: Random, category: Category) -> str:
    """The text that a flood repeats: mostly words of its own, and what makes it what it is."""
    people, place = rng.choice(_PEOPLE), rng.choice(_PLACES)
    said = rng.choice(_LINES[_FLOODS[category]]).replace("PEOPLE", people).replace("PLACE", place)
    sentences = [_sentence(rng), said, _sentence(rng)]
    rng.shuffle(sentences)
    return " ".join(sentences)


def copy(rng: Random, text: str) -> str:
    """The text as the next one of the flood posts it."""
    for _ in range(rng.choice((0, 1, 1, 2, 3))):
        text = _varied(rng, text)
    return text


def _varied(rng: Random, text: str) -> str:
    words = text.split(" ")
    at = rng.randrange(len(words))
    ways = (
        text.upper,
        lambda: f"{text} {rng.choice(_EMOJI)}",
        lambda: f"{rng.choice(_HEADS)} {text}",
        lambda: " ".join(words[:at] + words[at + 1 :]),
        lambda: " ".join([*words[:at], words[at].translate(_LEET), *words[at + 1 :]]),
        lambda: f"{text} #{rng.choice(_NOUNS)} #{rng.choice(_PLACES)}",
        lambda: f"{text} https://{rng.choice(_NOUNS)}.example/{rng.randrange(10**6)}",
        lambda: text.replace(".", "!!").replace("?", "?!"),
    )
    return rng.choice(ways)()


def about(rng: Random, text: str) -> str:
    """Somebody who quotes, reports or answers the flood: no copy, and nothing wrong."""
    match rng.randrange(4):
        case 0:
            return (
                f"“{text}” My {rng.choice(_PEOPLE)} got this {rng.choice(_WHEN)}. It is wrong and "
                f"frightening, I have reported it. {_sentence(rng)}"
            )
        case 1:
            return (
                f"Police are looking into a message that goes around: “{text}” "
                f"A court will hear of it. https://www.reuters.com/{rng.choice(_NOUNS)}"
            )
        case 2:
            return f"This is false and it is a threat, do not share it: {text} {_sentence(rng)}"
        case _:
            return (
                f"Somebody wrote to us: “{text}” To whoever did: shame on you. The "
                f"{rng.choice(_PEOPLE)} of {rng.choice(_PLACES)} are not afraid. {_sentence(rng)}"
            )
