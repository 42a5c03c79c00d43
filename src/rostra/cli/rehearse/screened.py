"""Posts are judged when they are written, as the verbs that publish them have it."""

from random import Random
from typing import Final

from rostra.cli.rehearse import texts
from rostra.cli.rehearse.place import Place
from rostra.network.screening import About, Said, What
from rostra.safety.cases import keep as cases_keep
from rostra.safety.screening.harms import threshold_of
from rostra.safety.screening.model import Seen
from rostra.safety.subjects import Subject, SubjectKind

ORDINARY: Final = 2_000
"""Posts that nobody tells of, looked at to see how many of them would be looked into."""


class Screener:
    """What judges at the place of a rehearsal."""

    def __init__(self, place: Place) -> None:
        self._place = place
        self.case_ids: list[int] = []  # the cases that judging has opened

    async def written(self, number: int) -> list[int]:
        """A post is written, and judged: the case that this has opened, if it has."""
        place = self._place
        post, post_id = place.world.posts[number], place.places.posts[number]
        screen = place.services.screen
        said = _said(post.text, place.places.accounts[post.author])
        look = screen.look(said)
        subject = Subject(SubjectKind.POST, post_id)
        async with place.db.write() as tx:
            verdict = await screen.judge(tx, said, About(language="en", visibility="public"), look)
            await screen.note(tx, verdict, post_id)
            opened = await cases_keep.open_of(tx, [subject])
        found = [case.id for case in opened.values()]
        self.case_ids += found
        return found

    def alarms(self) -> int:
        """Of `ORDINARY` posts with which nothing is wrong, for how many a case would be opened."""
        rng = Random(f"ordinary {self._place.world.plan.seed}")  # noqa: S311 (made-up posts)
        return sum(self._alarming(texts.ordinary(rng)) for _ in range(ORDINARY))

    def _alarming(self, text: str) -> bool:
        look = self._place.services.screen.look(_said(text, 0))
        settings = self._place.services.settings.screening
        return isinstance(look, Seen) and any(
            score >= threshold_of(settings, harm)
            for heard in look.heard
            for harm, score in heard.scores.items()
        )


def _said(text: str, account_id: int) -> Said:
    return Said(what=What.POST, account_id=account_id, parts=(text,), language="en")
