"""Law 3 for those who report without an account: no answer depends on what they may not see."""

import re
from typing import Any

from tests.harness.browser import Browser
from tests.harness.crowd import Town
from tests.law.surfaces import MADE_UP
from tests.safety.moderating import ruling

from rostra.kernel.paging import Page
from rostra.safety.decisions.decide import decide_subjects
from rostra.safety.decisions.model import ActionKind
from rostra.safety.reports import access
from rostra.safety.subjects import Subject, SubjectKind
from rostra.safety.team.model import Actor

PATH = "/api/rostra/v1/reports"
SAID: dict[str, Any] = {
    "category": "threat_to_life",  # which is a report before it is confirmed
    "comment": "It threatens me.",
    "name": "Olga",
    "email": "olga@outside.example",
    "good_faith": True,
}


async def test_a_report_tells_nobody_what_is_hidden(town: Town) -> None:
    bob = await town.member("bob")
    hidden = [
        await town.post(bob, "words", visibility=visibility) for visibility in ("private", "direct")
    ]
    removed = await town.post(bob, "words")
    services = town.rostra.services
    async with services.db.write() as tx:
        about = [Subject(SubjectKind.POST, int(removed))]
        moderator = Actor(1, 3)
        await decide_subjects(services, tx, moderator, ruling(ActionKind.REMOVE), about)
    base = services.settings.site.base_url
    for shape in ("/posts/{}", "/@bob/{}", "/@nobody/{}", "/users/bob/statuses/{}"):
        answers = set()
        for post_id in (MADE_UP, *hidden, removed):
            address = base + shape.format(post_id)
            body = SAID | {"addresses": [address], "email": f"{post_id}@outside.example"}
            answer = await town.anybody.post(PATH, json=body)
            answers.add((answer.status_code, _plain(answer.text, post_id)))
        assert len(answers) == 1, (shape, answers)
    async with services.db.read() as reader:
        found = await access.listed(reader, Page(40))
    named = {post_id for report in found for post_id in report.post_ids}
    assert named == {int(each) for each in (*hidden, removed)}  # the team sees them all the same
    async with Browser(town.rostra) as visitor:
        pages = set()
        for post_id in (MADE_UP, hidden[0]):
            page = await visitor.open(f"/report?address=/posts/{post_id}")
            pages.add((page.status_code, _plain(page.text, post_id)))
        assert len(pages) == 1


def _plain(text: str, post_id: str) -> str:
    """Without what is another one each time."""
    text = re.sub(r"token=[\w-]+", "", text.replace(post_id, "ID"))
    text = re.sub(r'(name="csrf_token" value=")[^"]*', r"\1", text)
    return re.sub(r'"id":"\d+"', "", text)
