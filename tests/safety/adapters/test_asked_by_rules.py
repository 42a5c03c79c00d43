"""A rule has an adapter asked about the posts that it catches, whatever the adapter's share."""

from pathlib import Path

import pytest
from tests.safety.adapters.elsewhere import Elsewhere, moderation, settings
from tests.safety.adapters.test_faults import place_with, state, work
from tests.safety.moderating import queue
from tests.safety.rules.keeping import add, live, to

from rostra.safety.categories.model import Category
from rostra.safety.rules.glossary import glossary
from rostra.safety.rules.model import State
from rostra.safety.rules.place import words
from rostra.safety.subjects import SubjectKind

RULE = """when("fire" in lower(post.text))
{}
catches("Let it be fire")
spares("Let it be tea")
"""
ASK = RULE.format('enqueue("guard")')
TEXT = "Fire to them all."


def place_of(service: Elsewhere, **more: str) -> dict[str, str]:
    """The settings of a place whose adapter is asked where a rule asks for it, and nowhere else."""
    service.reply = moderation(violence=0.95)
    return settings(service, "moderation", **{"share": "0", **more})


async def test_it_is_asked_about_what_the_rule_catches_alone(
    data_dir: Path, database_url: str, service: Elsewhere
) -> None:
    async with place_with(data_dir, database_url, **place_of(service)) as (place, ann, mod):
        await live(place, source=ASK)
        await ann.post("A cup of tea")
        made = await ann.post(TEXT)
        assert made["visibility"] == "public"
        assert await queue(place) == [], "the rule itself asks nobody to look"
        await work(place)
        assert [service.last()["input"]] == [TEXT]
        assert len(service.received) == 1
        [case] = await queue(place)
        assert case.subject_id == int(made["id"])
        assert case.status.category == Category.VIOLENCE_INCITEMENT
        assert (await state(mod))["answered"] == 1
        await ann.edit(made["id"], "A fire in the stove")
        await work(place)
        assert len(service.received) == 2


async def test_it_is_not_asked_in_shadow(
    data_dir: Path, database_url: str, service: Elsewhere
) -> None:
    async with place_with(data_dir, database_url, **place_of(service)) as (place, ann, _):
        await to(place, await add(place, source=ASK), State.SHADOW)
        await ann.post(TEXT)
        await work(place)
        assert service.received == []


@pytest.mark.parametrize("visibility", ["private", "direct"])
async def test_what_is_private_does_not_leave_because_a_rule_asks(
    data_dir: Path, database_url: str, service: Elsewhere, visibility: str
) -> None:
    async with place_with(data_dir, database_url, **place_of(service)) as (place, ann, _):
        await live(place, source=ASK)
        await ann.post(TEXT, visibility=visibility)
        await work(place)
        assert service.received == []
        assert await queue(place) == []


async def test_what_is_held_does_not_leave(
    data_dir: Path, database_url: str, service: Elsewhere
) -> None:
    hold = 'hold(category="spam", within="1h", message="It waits.")\nenqueue("guard")'
    async with place_with(data_dir, database_url, **place_of(service)) as (place, ann, _):
        await live(place, source=RULE.format(hold))
        assert (await ann.post(TEXT))["moderation"] == "held"
        await work(place)
        assert service.received == []
        assert len(await queue(place)) == 1


async def test_a_post_that_is_asked_about_anyway_is_asked_about_once(
    data_dir: Path, database_url: str, service: Elsewhere
) -> None:
    given = place_of(service, share="1")
    async with place_with(data_dir, database_url, **given) as (place, ann, _):
        await live(place, source=ASK)
        await ann.post(TEXT)
        await work(place)
        assert len(service.received) == 1


async def test_further_ones_are_left_out_while_too_many_wait(
    data_dir: Path, database_url: str, service: Elsewhere
) -> None:
    given = place_of(service, most_waiting="1")
    async with place_with(data_dir, database_url, **given) as (place, ann, mod):
        await live(place, source=ASK)
        await ann.post(TEXT)
        await ann.post(TEXT)
        assert (await state(mod))["skipped"] == 1
        await work(place)
        assert len(service.received) == 1


async def test_of_a_profile_somebody_looks_at_it(
    data_dir: Path, database_url: str, service: Elsewhere
) -> None:
    async with place_with(data_dir, database_url, **place_of(service)) as (place, ann, _):
        await live(place, source=ASK)
        await ann.change(note=TEXT)
        await work(place)
        assert service.received == []
        [case] = await queue(place)
        assert case.subject.kind == SubjectKind.ACCOUNT


async def test_the_language_knows_which_signals_judge_later(
    data_dir: Path, database_url: str, service: Elsewhere
) -> None:
    async with place_with(data_dir, database_url, **place_of(service)) as (place, _, _mod):
        async with place.db.read() as reader:
            known = await words(place.services, reader)
        forms = {word.form for _, each in glossary(known) for word in each}
        assert 'enqueue("guard")' in forms
        assert not any(form.startswith('signal("guard")') for form in forms)
