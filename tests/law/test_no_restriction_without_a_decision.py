"""Law 4: whatever hides, holds or limits something is the effect of one decision record.

The code is searched, not a list of places that somebody keeps: for statements that write what a
restriction is made of, for whoever calls the verbs that do it, and for actions that do nothing.
"""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.harness.neighbours import Asker, Place
from tests.harness.statements import statements
from tests.safety.moderating import moderator, ruling, undo

import rostra
from rostra.kernel.clock import HOUR
from rostra.safety.decisions import access
from rostra.safety.decisions.decide import decide_subjects
from rostra.safety.decisions.ends import EndDue, end_due
from rostra.safety.decisions.model import Action, ActionKind
from rostra.safety.subjects import Subject, SubjectKind

SOURCE = Path(rostra.__file__).parent
# What a restriction is made of: columns, and whole tables.
COLUMNS = {
    "posts": {"limits", "visibility"},
    "accounts": {"limits", "state"},
    "media": {"limits"},
    "users": {"disabled_at"},
}
TABLES = {
    "post_labels",
    "hidden_on",
    "withheld_profiles",
    "slowed_accounts",
    "withheld_files",
    "reporter_standings",
}
VERBS = {"restrict_posts", "restrict_accounts", "restrict_media", "set_standings"}
# Statements that write there, and who is behind each.
WRITERS = {
    "accounts.queries.SET_STATE": "a member joins, waits, leaves or stays; keeps what was decided",
    "accounts.queries.SET_DISABLED": "an operator's command, which says so",
    "accounts.queries.restrict": "the verb",
    "media.queries.restrict": "the verb",
    "files.queries": "the verb: where withheld files lie",
    "posts.queries.restrict": "the verb",
    "reports.queries.SET_STANDING": "the verb",
    "reports.queries.CLEAR_STANDINGS": "the verb",
    "reports.queries.FORGET_STANDING": "whose it was is gone",
    "posts.queries.requests.RELEASE": "its author was asked and agreed; keeps what was decided",
    "posts.queries.requests.REFUSE": "its author was asked and did not agree",
    "posts.queries.purging.ORPHAN_REPLIES": "who was asked is gone",
    "posts.queries.writes.UPDATE_POST": "its author edits it; keeps what was decided",
}


def writers() -> Iterator[str]:
    """The statements that write what a restriction is made of."""
    for name, each in statements():
        sql = each.compiled("sqlite" if each.speaks("sqlite") else "postgresql").sql
        found = re.match(
            r'\s*(?:WITH .*?)?(UPDATE|INSERT INTO|DELETE FROM) "?(\w+)"?(.*)', sql, re.DOTALL
        )
        if found is None:
            continue
        verb, table, rest = found.groups()
        changed = rest.partition(" WHERE ")[0]
        columns = COLUMNS.get(table, set())
        if table in TABLES or (
            verb == "UPDATE" and any(re.search(rf"\b{column}\s*=", changed) for column in columns)
        ):
            yield name


def test_what_a_restriction_is_made_of_is_written_nowhere_else() -> None:
    found = list(writers())
    assert len(found) >= 15
    unknown = [name for name in found if not any(name.startswith(known) for known in WRITERS)]
    assert unknown == []
    gone = [known for known in WRITERS if not any(name.startswith(known) for name in found)]
    assert gone == []


def test_only_decisions_restrict() -> None:
    callers = set()
    for path in SOURCE.rglob("*.py"):
        if not VERBS & set(re.findall(r"\w+", path.read_text())):
            continue
        for node in ast.walk(ast.parse(path.read_text())):
            called = getattr(getattr(node, "func", None), "id", "") or getattr(
                getattr(node, "func", None), "attr", ""
            )
            if isinstance(node, ast.Call) and called in VERBS:
                callers.add(str(path.relative_to(SOURCE)))
    assert callers == {"safety/decisions/apply.py"}


async def _own(place: Place, who: Asker) -> dict[str, Any]:
    """What everybody sees of a member and their post; what is not there is None."""
    post_id = (await who.post("look at me"))["id"]
    return {"post": post_id, "account": str(who.account_id), "place": place}


async def _seen(place: Place, ids: dict[str, Any]) -> list[Any]:
    """Everything that nobody in particular is shown, and whether its member may sign in."""
    found: list[Any] = []
    for path in (
        f"/api/v1/statuses/{ids['post']}",
        f"/api/v1/accounts/{ids['account']}",
        f"/api/v1/accounts/{ids['account']}/statuses",
        "/api/v1/timelines/public",
    ):
        answer = await place.nobody.client.get(path)
        found.append(answer.json())
    async with place.db.read() as reader:
        rows = await access.in_force(reader, Subject(SubjectKind.ACCOUNT, int(ids["account"])))
    return [*found, [row.action for row in rows]]


DETAILS: dict[ActionKind, dict[str, Any]] = {
    ActionKind.LABEL: {"label": "Disputed"},
    ActionKind.HIDE_ON: {"surfaces": ("web",)},
    ActionKind.FIELDS: {"fields": ("display_name",)},
    ActionKind.SLOW: {"posts": 1, "per_ms": HOUR},
}
_RESTRICTING = [kind for kind in ActionKind if kind.restricts and kind is not ActionKind.WITHHOLD]


@pytest.mark.parametrize("kind", _RESTRICTING, ids=lambda kind: kind.wire)
async def test_each_restriction_has_its_record_and_ends_with_it(
    place: Place, kind: ActionKind
) -> None:
    ann = await place.member("ann")
    await ann.change(display_name="Ann of the Quay")
    ids = await _own(place, ann)
    before = await _seen(place, ids)
    ends_at = 0 if kind is ActionKind.DELETE_ACCOUNT else place.clock.now() + HOUR
    action = Action(kind=kind, ends_at=ends_at, **DETAILS.get(kind, {}))
    subject = Subject(SubjectKind.POST, int(ids["post"]))
    for end in ("undone", "by itself"):
        async with place.db.write() as tx:
            made = await decide_subjects(
                place.services, tx, moderator(), ruling(actions=(action,)), [subject]
            )
        async with place.db.read() as reader:
            (row,) = await access.restrictions_of(reader, made.id)
            stored = await access.one(reader, made.id)
        assert row.action == kind
        assert (stored.facts, stored.actor_id, stored.done[0].kind) == (made.facts, 1, kind)
        if kind is not ActionKind.HIDE_ON:  # the API is another surface than the web
            assert await _seen(place, ids) != before
        if end == "undone" or not ends_at:
            await undo(place, made.id)
        else:
            place.clock.advance(HOUR)
            async with place.db.write() as tx:
                await end_due(place.services, tx, EndDue())
        await place.app.work()
        assert await _seen(place, ids) == before
