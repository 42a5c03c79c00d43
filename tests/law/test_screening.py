"""Nothing is seen that was not judged before; what is judged are the words that are written.

The code is searched for statements that write words and for whoever runs them; then everything is
said everywhere, and what stands in the database is compared with what was judged.
"""

import ast
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import select
from tests.harness.app import running
from tests.harness.browser import Browser
from tests.harness.crowd import Member, Town, good
from tests.harness.neighbours import Place
from tests.harness.statements import statements
from tests.pictures import photo
from tests.safety.rules import keeping as rules
from tests.safety.screening.listener import Listener
from tests.web.conftest import Streets

import rostra
from rostra.kernel.clock import HOUR
from rostra.network.posts.model import Visibility
from rostra.safety.decisions import access as decisions_access
from rostra.safety.subjects import Subject, SubjectKind
from rostra.store.query import query
from rostra.store.tables.accounts import profiles
from rostra.store.tables.polls import poll_options
from rostra.store.tables.posts import media, post_texts, posts
from rostra.store.tables.safety import cases, decisions, restrictions

SOURCE = Path(rostra.__file__).parent
POSTS = "/api/v1/statuses"
# Where the words of members stand that others see.
COLUMNS = {
    "post_texts": {"text", "spoiler_text"},
    "poll_options": {"title"},
    "media": {"description"},
    "profiles": {"display_name", "note", "fields", "avatar_description", "header_description"},
}
# Statements that write them, and why what they write was judged.
WRITERS = {
    "posts.queries.writes.INSERT_TEXT": "`publish` judges, and `bring_in`",
    "posts.queries.writes.UPDATE_TEXT": "`edit` judges",
    "polls.queries.INSERT_OPTION": "with the post that asks, by its event",
    "media.queries.INSERT": "no post shows it yet: judged with the post that will",
    "media.queries.UPDATE": "no post shows it yet, or `edit` judges",
    "accounts.queries.ADD_PROFILE": "without words",
    "accounts.queries.SET_PROFILE": "`update_profile` judges",
}
# Who runs those that a screen stands before; `withheld` gives back what was judged before.
JUDGING = {
    "INSERT_TEXT": {"network/posts/publish.py", "network/posts/past.py"},
    "UPDATE_TEXT": {"network/posts/edit.py"},
    "SET_PROFILE": {"network/accounts/profile.py", "network/accounts/withheld.py"},
}
VERBS = {
    "rostra.network.posts.publish.publish": "screened",
    "rostra.network.posts.past.bring_in": "screened",
    "rostra.network.posts.edit.edit": "screened",
    "rostra.network.accounts.profile.update_profile": "looked_at",
}


def writers() -> Iterator[str]:
    """The statements that write words."""
    for name, each in statements():
        sql = each.compiled("sqlite" if each.speaks("sqlite") else "postgresql").sql
        found = re.match(r'\s*(?:WITH .*?)?(UPDATE|INSERT INTO) "?(\w+)"?(.*)', sql, re.DOTALL)
        if found is None:
            continue
        verb, table, rest = found.groups()
        columns = COLUMNS.get(table, set())
        changed = rest.partition(" WHERE ")[0] if verb == "UPDATE" else rest
        mark = r"\s*=" if verb == "UPDATE" else r"\b"
        if any(re.search(rf"\b{column}{mark}", changed) for column in columns):
            yield name


def test_words_are_written_nowhere_else() -> None:
    assert sorted(set(writers())) == sorted(WRITERS)


def _modules() -> Iterator[tuple[str, ast.Module]]:
    for path in SOURCE.rglob("*.py"):
        yield str(path.relative_to(SOURCE)), ast.parse(path.read_text())


def test_whoever_writes_words_judges_them() -> None:
    found: dict[str, set[str]] = {name: set() for name in JUDGING}
    judging = set()
    for module, tree in _modules():
        for node in ast.walk(tree):
            name = getattr(node, "attr", getattr(node, "id", ""))
            if name in found and "queries" not in module:
                found[name].add(module)
            if isinstance(node, ast.Call) and name_of(node.func) == "judge":
                judging.add(module)
    assert found == JUDGING
    assert judging >= {
        "network/posts/publish.py",
        "network/posts/edit.py",
        "network/accounts/profile.py",
    }


def name_of(node: ast.expr) -> str:
    """The last name of what is called."""
    return str(getattr(node, "attr", getattr(node, "id", "")))


def test_the_edges_look_before_they_write() -> None:
    """Judging takes time, and one writer writes: whoever calls the verbs has looked before."""
    callers = set()
    for module, tree in _modules():
        known = _imported(tree)
        for function in ast.walk(tree):
            if not isinstance(function, ast.AsyncFunctionDef):
                continue
            calls = [node for node in ast.walk(function) if isinstance(node, ast.Call)]
            looked = {_path(call.func, known).rpartition(".")[2] for call in calls}
            for call in calls:
                before = VERBS.get(_path(call.func, known))
                unsaid = any(name_of(each) == "UNSEEN" for each in call.args)
                if before and not unsaid:
                    callers.add(f"{module}: {function.name}")
                    assert before in looked, f"{module}: {function.name}"
    assert len(callers) == 8, callers


def _imported(tree: ast.Module) -> dict[str, str]:
    """What each name of a module stands for."""
    return {
        each.asname or each.name: f"{node.module}.{each.name}"
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom)
        for each in node.names
    }


def _path(node: ast.expr, known: dict[str, str]) -> str:
    if isinstance(node, ast.Attribute):
        return f"{_path(node.value, known)}.{node.attr}"
    name = name_of(node)
    return known.get(name, name)


async def test_a_score_restricts_nothing(database_url: str, data_dir: Path) -> None:
    """Law 5: however sure a machine is, it moves a case in the queue and no more."""
    sure = Listener({"kill": {"violence": 1.0, "hate": 1.0}})
    async with running(data_dir, database_url, signals=(sure,)) as rostra:
        town = Town(rostra)
        ann, bob = await town.members("ann", "bob")
        post = await town.post(ann, "kill them all")
        await town.rostra.work()
        seen = good(await bob.client.get(f"{POSTS}/{post}"))
        assert seen["visibility"] == "public"
        assert not seen["sensitive"]
        assert await town.count(cases) == 1
        assert await town.count(decisions) == 0
        assert await town.count(restrictions) == 0


async def test_what_is_held_as_it_is_written_has_its_decision(
    database_url: str, data_dir: Path
) -> None:
    """Law 4: a rule that a person has switched on holds it, by a record that says so."""
    source = '''"""Pills."""
when("pills" in post.text)
hold(category="spam", within="12h", message="It waits.")
catches("pills")
spares("tea")
'''
    async with running(data_dir, database_url) as rostra:
        await rules.live(Place(rostra), source=source)
        town = Town(rostra)
        ann, bob = await town.members("ann", "bob")
        picture = await town.picture(ann, _png())
        held = await town.post(ann, "pills", media_ids=[picture["id"]])
        await town.post(ann, "tea")
        good(await bob.client.get(f"{POSTS}/{held}"), 404)
        await rostra.work()
        assert (await bob.client.get(picture["url"])).status_code == 404
        assert await town.count(posts, posts.c.visibility >= int(Visibility.HELD)) == 1
        async with town.db.read() as reader:
            subject = Subject(SubjectKind.POST, int(held))
            [restriction] = await decisions_access.in_force(reader, subject)
            decision = await decisions_access.one(reader, restriction.decision_id)
        assert decision.machine_decided
        assert decision.actor_id == rules.admin().account_id
        assert "the rule links, version 1" in decision.facts


async def test_all_that_is_said_anywhere_was_judged(database_url: str, data_dir: Path) -> None:
    listener = Listener()
    async with running(data_dir, database_url, signals=(listener,)) as rostra:
        streets = Streets(rostra)
        town = streets.town
        ann, browser = await streets.member("ann")
        await _by_programs(town, ann)
        first = await _unjudged(town, listener)
        await _by_pages(browser)
        assert first == await _unjudged(town, listener) == []
        await browser.client.aclose()


async def _unjudged(town: Town, listener: Listener) -> list[str]:
    """The words that stand in the database and were not judged."""
    judged = "\n".join(listener.texts)
    said = {text for text in await _written(town) if text}
    assert len(said) >= 12
    return [text for text in said if text not in judged]


async def _by_programs(town: Town, ann: Member) -> None:
    picture = await town.picture(ann, _png(), description="first alt")
    await ann.client.put(f"/api/v1/media/{picture['id']}", json={"description": "second alt"})
    post = await town.post(ann, "with a file", media_ids=[picture["id"]], spoiler_text="warned")
    change = {"id": picture["id"], "description": "third alt"}
    body = {
        "status": "changed",
        "media_ids": [picture["id"]],
        "media_attributes": [change],
    }
    good(await ann.client.put(f"{POSTS}/{post}", json=body))
    poll = {"options": ["this choice", "that choice"], "expires_in": 3600}
    asked = await town.post(ann, "a question", poll=poll)
    poll["options"] = ["other choice", "that choice"]
    good(await ann.client.put(f"{POSTS}/{asked}", json={"status": "asked anew", "poll": poll}))
    await _later(town, ann)
    await _held(town, ann)
    fields = [{"name": "my line", "value": "my value"}]
    profile = {"display_name": "My name", "note": "my note", "fields_attributes": fields}
    good(await ann.client.patch("/api/v1/accounts/update_credentials", json=profile))
    good(await ann.client.patch("/api/v1/profile", json={"note": "my other note"}))
    good(
        await ann.client.patch(
            "/api/v1/profile",
            files={"avatar": ("a.png", _png(), "image/png")},
            data={"avatar_description": "my face"},
        )
    )


async def _later(town: Town, ann: Member) -> None:
    """A post that a job publishes."""
    due = town.rostra.clock.now() + HOUR
    at = datetime.fromtimestamp(due / 1000, UTC).isoformat()
    body = {"status": "said later", "scheduled_at": at}
    good(await ann.client.post(POSTS, json=body))
    town.rostra.clock.advance(2 * HOUR)
    await town.rostra.work()


async def _held(town: Town, ann: Member) -> None:
    """An answer that waits for an approval, and is rewritten while it does."""
    cat = await town.member("cat")
    ask = {"can_reply": {"always": [], "with_approval": ["public"]}}
    asking = await town.post(cat, "ask me", interaction_policy=ask)
    held = await town.post(ann, "it waits", in_reply_to_id=asking)
    good(await ann.client.put(f"{POSTS}/{held}", json={"status": "it still waits"}))


async def _by_pages(browser: Browser) -> None:
    files = {"picture_1": ("1.png", _png(), "image/png")}
    await browser.open("/compose")
    await browser.send("/compose", files, text="by a page", alt_1="alt by a page")
    post = browser.path.rpartition("/")[2]
    await browser.open(f"/posts/{post}/edit")
    await browser.send(f"/posts/{post}/edit", text="changed by a page")
    await browser.open("/settings/profile")
    await browser.send(
        "/settings/profile",
        display_name="Page name",
        note="page note",
        field_name_1="page line",
        field_value_1="page value",
    )


def _png() -> bytes:
    return bytes(photo(64, 48).write_to_buffer(".png"))


async def _written(town: Town) -> list[str]:
    """Every word that stands in the database."""
    found: list[str] = []
    async with town.db.read() as reader:
        for table, names in (
            (post_texts, ("text", "spoiler_text")),
            (poll_options, ("title",)),
            (media, ("description",)),
            (profiles, ("display_name", "note", "avatar_description")),
        ):
            statement = query(select(*[table.c[name] for name in names]))
            found += [text for row in await reader.all(statement) for text in row]
        lines = await reader.all(query(select(profiles.c.fields)))
    for (line,) in lines:
        found += re.findall(r'"(?:name|value)":"([^"<]+)"', line)
    return found
