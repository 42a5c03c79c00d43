"""A signal of the tests' own, and a place where it judges."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from tests.harness.app import running
from tests.harness.neighbours import Place

from rostra.safety.signals.model import Cost, Finding, Material, Signal, Span, Takes


class Listener:
    """Scores words that it was given, and remembers what it was asked about."""

    def __init__(
        self,
        words: dict[str, dict[str, float]] | None = None,
        *,
        name: str = "listener",
        cost: Cost = Cost.MICROSECONDS,
        takes: Takes = Takes.TEXT,
    ) -> None:
        self.name = name
        self.version = "1"
        self.cost = cost
        self.takes = takes
        self.words = words or {}
        self.heard: list[Material] = []

    def judge(self, material: Material) -> Finding | None:
        """The scores of the first word that is in the text as it reads."""
        self.heard.append(material)
        normal = material.normal
        for word, scores in self.words.items():
            at = normal.text.find(word)
            if at >= 0:
                start, end = normal.origin(at, at + len(word))
                spans = (Span(start, end, 1.0),)
                return Finding(self.name, self.version, scores, spans, f"It says {word}.")
        return None

    @property
    def texts(self) -> list[str]:
        """The words that it was asked about."""
        return [each.text for each in self.heard]


class Broken(Listener):
    """A signal that breaks."""

    def judge(self, material: Material) -> Finding | None:
        """It always does."""
        raise RuntimeError(material.kind)


@asynccontextmanager
async def judged_by(
    data_dir: Path, database_url: str, *signals: Signal, **environ: Any
) -> AsyncIterator[Place]:
    """A place where these signals judge."""
    async with running(data_dir, database_url, signals=signals, **environ) as app:
        yield Place(app)
