"""What the people of the demo say: their texts, read from `texts/`, and filled in by chance."""

import random
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

TEXTS = Path(__file__).parent / "texts"
_CHOICE = re.compile(r"\[([^\[\]]*)\]")
_MARK = re.compile(r"^(?:CW (?P<warning>.*?)|PIC (?P<picture>\w+)) :: ")
_MOST_TRIES = 30


@dataclass(frozen=True)
class Line:
    """One thing that can be said."""

    template: str
    warning: str = ""
    picture: str = ""


@dataclass
class Section:
    """What is said about one topic, or in one language."""

    name: str
    tags: list[str] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)


@dataclass(frozen=True)
class Character:
    """One of the people: a line of `people.txt`."""

    username: str
    display_name: str
    languages: list[str]
    interests: list[str]
    note: str


@dataclass(frozen=True)
class Thread:
    """Posts of one author that belong together."""

    username: str
    tags: list[str]
    posts: list[str]


@dataclass(frozen=True)
class Question:
    """A poll: when it began, how long it runs, and whether several can be chosen."""

    username: str
    days_ago: int
    days: int
    flags: str
    tags: list[str]
    words: str
    options: list[str]


def questions() -> list[Question]:
    """The polls, as they are."""
    found = []
    for line in _lines("polls.txt"):
        username, ago, days, flags, tags, words, options = map(str.strip, line.split("|"))
        chosen = [option.strip() for option in options.split(" / ")]
        found.append(Question(username, int(ago), int(days), flags, tags.split(), words, chosen))
    return found


def characters() -> list[Character]:
    """Everybody, the operator and the member whose sign-in is told first."""
    found = []
    for line in _lines("people.txt"):
        username, name, languages, interests, note = (part.strip() for part in line.split("|"))
        found.append(Character(username, name, languages.split(), interests.split(), note))
    return found


def sections(name: str) -> dict[str, Section]:
    """The sections of one file by their names."""
    found: dict[str, Section] = {}
    section = Section("")
    for line in _lines(name):
        if line.startswith("= "):
            title, _, tags = line[2:].partition("|")
            section = found.setdefault(title.strip(), Section(title.strip(), tags.split()))
        else:
            mark = _MARK.match(line)
            template = line[mark.end() :] if mark else line
            warning, picture = (mark["warning"], mark["picture"]) if mark else ("", "")
            section.lines.append(Line(template, warning or "", picture or ""))
    return found


def threads() -> list[Thread]:
    """The threads, as they are."""
    found = []
    for block in "\n".join(_lines("threads.txt", keep_blank=True)).split("\n\n"):
        head, *posts = block.strip().splitlines()
        username, _, tags = head.partition("|")
        found.append(Thread(username.strip().removeprefix("@"), tags.split(), posts))
    return found


def _lines(name: str, *, keep_blank: bool = False) -> Iterator[str]:
    for line in (TEXTS / name).read_text(encoding="utf-8").splitlines():
        if not line.startswith("#") and (line or keep_blank):
            yield line


class Speaker:
    """Chooses what is said and takes care that nobody repeats anybody."""

    def __init__(self, rng: random.Random) -> None:
        self._rng = rng
        self._said: set[str] = set()
        self._used: dict[str, int] = {}

    def say(self, section: Section, *, again: bool = False) -> tuple[Line, str] | None:
        """A line and its text, of those used least; None where all has been said.

        With `again` a text may come more than once, as short answers do.
        """
        for _ in range(_MOST_TRIES):
            few = self._rng.sample(section.lines, min(3, len(section.lines)))
            line = min(few, key=lambda each: self._used.get(each.template, 0))
            text = self.fill(line.template)
            if again or text not in self._said:
                self._said.add(text)
                self._used[line.template] = self._used.get(line.template, 0) + 1
                return line, text
        return None

    def fill(self, template: str) -> str:
        """The template with its choices made, the inner ones first."""
        while _CHOICE.search(template):
            template = _CHOICE.sub(lambda found: self._rng.choice(found[1].split("|")), template)
        return template.replace("\\n", "\n").strip()
