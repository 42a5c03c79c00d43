"""Public pages about the place: rules by version, how it moderates, children, contacts."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from tests.harness.neighbours import Place, place_of
from tests.harness.staff import staff
from tests.safety.moderating import decide, queue, report, ruling

from rostra.kernel.clock import DAY
from rostra.network.credentials.model import Role
from rostra.network.instance import rules
from rostra.network.instance.model import Place as Place_
from rostra.network.instance.model import PlaceSettings, RuleWords
from rostra.network.instance.settings import change
from rostra.safety.decisions.model import ActionKind
from rostra.safety.house_rules.model import Change, RuleText
from rostra.safety.house_rules.versions import changes
from rostra.settings import Panels, Settings
from rostra.web.pages import house_words

SAFETY = "/api/rostra/v1/safety"
HERE = {"child_safety_contact_name": "Kim Example", "child_safety_contact_email": "kim@example.org"}


@pytest.fixture
async def place(database_url: str, data_dir: Path) -> AsyncIterator[Place]:
    async with place_of(data_dir, database_url) as made:
        yield made


async def page(place: Place, path: str, status: int = 200) -> str:
    answer = await place.nobody.client.get(path)
    assert answer.status_code == status, path
    return answer.text


@pytest.mark.postgresql
async def test_rules_by_version_and_the_decision_that_names_one(place: Place) -> None:
    services = place.services
    assert "No rules are written down." in await page(place, "/about/rules")
    await page(place, "/about/rules/1", 404)
    async with place.db.write() as tx:
        first = await rules.add_rule(services, tx, "Be kind.", "Even when you are tired.")
        await rules.translate_rule(services, tx, first, "de", RuleWords("Sei nett.", ""))
    mo = await staff(place, "mo", Role.OWNER)
    ann, bob = await place.members("ann", "bob")
    await report(ann, bob, (await bob.post("You fool"))["id"])
    (case,) = await queue(place)
    made = await decide(place, [case.id], ruling(ActionKind.REMOVE, clause_id=first))
    place.clock.advance(DAY)
    async with place.db.write() as tx:
        await rules.edit_rule(services, tx, first, "Be kind & fair.", "Even when you are tired.")
    async with place.db.write() as tx:
        await rules.add_rule(services, tx, "No spam.")
    assert (made.clause, made.clause_version) == ("Be kind.", 1)
    assert (await mo.get(f"{SAFETY}/decisions/{made.id}"))["rules_version"] == 1
    every = await page(place, "/about/rules")
    for words in ("Version 3, from", "Be kind &amp; fair.", "Added: No spam.", "Before: Be kind."):
        assert words in every, words
    old = await page(place, "/about/rules/1")
    assert "These rules do not hold any more." in old
    assert "No spam." not in old
    assert "Added: Be kind." in old
    assert "do not hold any more" not in await page(place, "/about/rules/3")
    for wrong in ("0", "4", "x", "9999999999", "\u0661"):
        await page(place, f"/about/rules/{wrong}", 404)
    # The member is led to the rules as they were, and so is the EU's database.
    day = f"since={made_on(made.created_at)}&until={made_on(made.created_at)}"
    batch = await mo.get(f"{SAFETY}/transparency/statements?{day}")
    (statement,) = batch["statements"]
    assert statement["decision_ground_reference_url"].endswith("/about/rules/1")


def made_on(at: int) -> str:
    return f"{datetime.fromtimestamp(at / 1000, UTC):%Y-%m-%d}"


def test_what_is_new_in_a_version() -> None:
    kind, spam = RuleText(1, "Be kind.", ""), RuleText(2, "No spam.", "")
    assert changes([], [kind]) == [Change("added", "Be kind.")]
    assert changes([kind, spam], [spam, kind]) == [Change("in another order")]
    assert changes([kind, spam], [spam]) == [Change("taken away", "Be kind.")]
    fair = RuleText(1, "Be fair.", "")
    assert changes([kind], [fair]) == [Change("worded anew", "Be fair.", "Be kind.")]
    why = RuleText(1, "Be kind.", "Always.")
    assert changes([kind], [why]) == [Change("explained anew", "Be kind.")]


async def test_what_is_said_follows_from_what_is_set(place: Place) -> None:
    how = await page(place, "/about/moderation")
    assert "Nobody is on the team at the moment." in how
    await staff(place, "mo")
    how = await page(place, "/about/moderation")
    for words in (
        "<dt>Moderators</dt><dd>1</dd>",
        "one person alone answers objections",
        "can object for 183 days",
        "More than 50 things at once are decided by two people.",
        "From 3 points on: freeze for 1 day.",
        "programs applied 0 restrictions so, and people decided 0",
        "seen in 1 hour, decided in 1 hour",
    ):
        assert words in how, words
    assert "@mo" not in how


def test_panels_are_told_of_where_there_are_any() -> None:
    for panels, there in ((Panels(), False), (Panels(categories=("spam",)), True)):
        settings = Settings(panels=panels)
        place = Place_(
            version=0,
            settings=PlaceSettings(),
            changed_at={},
            rules=(),
            terms=(),
            emoji_version=0,
            emojis={},
        )
        parts = {each.heading: each for each in house_words.moderation(settings, place, [], (0, 0))}
        assert ("Panels of members" in parts) == there
        if there:
            told = parts["Panels of members"]
            assert "5 members" in str(told.words)
            assert "4 equal votes" in str(told.words)
            assert [each.value for each in told.facts] == ["Spam", "none"]


async def test_what_nobody_has_set_is_missing_for_the_team_alone(place: Place) -> None:
    mo = await staff(place, "mo")
    for path in ("/about/child-safety", "/about/contact"):
        text = await page(place, path)
        assert "mailto:" not in text
        assert "not set" not in text
    missing = {each["asks"]: each["missing"] for each in await mo.get(f"{SAFETY}/readiness")}
    asked = "Child safety standards with a named contact"
    assert missing[asked] == "not set: child_safety_contact_name, child_safety_contact_email"
    async with place.db.write() as tx:
        given = {
            **HERE,
            "contact_email": "we@example.org",
            "authority_contact_email": "law@example.org",
            "contact_languages": ["de", "fr"],
            "postal_address": "1 Quay\nHarbour",
            "child_safety_standards": "<b>More</b> words.",
        }
        await change(place.services, tx, given)
    children = await page(place, "/about/child-safety")
    for words in (
        "Kim Example answers",
        "mailto:kim@example.org",
        "&lt;b&gt;More&lt;/b&gt; words.",
    ):
        assert words in children, words
    contact = await page(place, "/about/contact")
    for words in (
        *("mailto:we@example.org", "mailto:law@example.org", "German, French", "<p>Harbour</p>"),
    ):
        assert words in contact, words
    lines = {each["asks"]: each for each in await mo.get(f"{SAFETY}/readiness")}
    assert lines[asked]["met"]
    assert "Kim Example" in lines[asked]["evidence"]
    text = str(lines).lower()
    assert "certified" not in text
    links = await page(place, "/about")
    for path in ("rules", "moderation", "child-safety", "contact", "transparency"):
        assert f'href="/about/{path}"' in links


async def test_the_list_is_for_those_who_keep_the_record(place: Place) -> None:
    bob = await place.member("bob")
    await bob.get(f"{SAFETY}/readiness", 403)
