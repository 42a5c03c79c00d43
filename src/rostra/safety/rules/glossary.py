"""Every word of the language with what it is, for editors that complete and for people who look."""

from typing import Final

import msgspec

from rostra.safety.rules.effects import FORMS
from rostra.safety.rules.vocabulary import COUNTERS, FEATURES, FUNCTIONS, Vocabulary

_STATEMENTS: Final = {
    "when": ("when(…)", "a post is caught where all of these conditions hold"),
    "catches": ('catches("text", author.age_days == 1)', "a post that it must catch"),
    "spares": ('spares("text", author.age_days == 1)', "a post that it must not catch"),
    "skips": ('skips("text")', "a post for which it must say that something is missing"),
}
_EFFECTS: Final = {
    "case": "somebody looks at it",
    "hold": "nobody sees it until somebody has looked",
    "label": "words beside it, until an end",
    "limit": "it is shown in fewer places, until an end",
    "slow": "its author posts only so often, until an end",
    "notify": "the team is told",
    "enqueue": "an adapter judges it later",
}


class Word(msgspec.Struct, frozen=True):
    """A word of the language.

    Attributes:
        name: what is typed first.
        form: how it is written as a whole.
        words: what it is.
    """

    name: str
    form: str
    words: str


def glossary(vocabulary: Vocabulary) -> tuple[tuple[str, tuple[Word, ...]], ...]:
    """All words by kind: statements, effects, features, counters, functions, signals, lists."""
    found = {
        "Statements": [Word(name, *said) for name, said in _STATEMENTS.items()],
        "Effects": [Word(name, FORMS[name], words) for name, words in _EFFECTS.items()],
        "Features": [
            Word(name, name, f"{each.kind}: {each.words}") for name, each in FEATURES.items()
        ],
        "Counters": [
            Word(name, f'{name}(author, "10m")', words) for name, words in COUNTERS.items()
        ],
        "Functions": [
            Word(name, form, words)
            for name, said in FUNCTIONS.items()
            for form, _, words in [said.partition(": ")]
        ],
        "Signals": [
            Word(form, form, "its score for this harm, from 0 to 1")
            for name, harms in sorted(vocabulary.signals.items())
            for form in [f'signal("{name}").{harm}' for harm in sorted(harms)]
        ]
        + [
            Word(form, form, "it judges later")
            for name, harms in sorted(vocabulary.signals.items())
            if not harms
            for form in [f'enqueue("{name}")']
        ],
        "Lists": [
            Word(form, form, "it holds something of this list")
            for form in [f'listed(post.text, "{name}")' for name in sorted(vocabulary.lists)]
        ],
    }
    return tuple((kind, tuple(words)) for kind, words in found.items() if words)
