"""Words of the house: written by admins, used by the team, retired."""

import pytest
from tests.harness.neighbours import Place
from tests.harness.staff import staff

from rostra.network.credentials.model import Role
from rostra.safety.categories.model import Category
from rostra.safety.house_rules import messages, templates

HERE = "/api/rostra/v1/safety/templates"


@pytest.mark.postgresql
async def test_words_of_the_house_are_written_used_and_retired(place: Place) -> None:
    boss, mo = await staff(place, "boss", Role.ADMIN), await staff(place, "mo")
    await (await place.member("ann")).get(HERE, 403)
    ours = await mo.get(f"{HERE}?category=spam&language=de")
    assert {each["name"] for each in ours} == {"rule", "noise"}
    assert not any(each["own"] for each in ours)
    words = {"title": "Jam", "text": "On {place} jam is sold on {which day} alone."}
    await mo.ask("PUT", f"{HERE}/jam/en", 403, json=words)
    body = {**words, "categories": ["spam"]}
    made = await boss.ask("PUT", f"{HERE}/jam/en", json=body)
    assert (made["places"], made["own"]) == (["place", "which day"], True)
    await boss.ask("PUT", f"{HERE}/noise/de", json={"title": "Lärm", "text": "Leiser, bitte."})
    found = {each["name"]: each for each in await mo.get(f"{HERE}?category=spam&language=de")}
    assert (found["noise"]["text"], found["noise"]["own"]) == ("Leiser, bitte.", True)
    assert found["jam"]["language"] == "en"  # nobody has written it in German
    assert "jam" not in {each["name"] for each in await mo.get(f"{HERE}?category=hate")}
    async with place.db.read() as reader:
        own = await messages.own(reader)
    jam = templates.find("jam", "de", own)
    assert jam is not None
    filled = templates.filled(jam.text, {"place": "Saltmarsh"})
    assert filled == "On Saltmarsh jam is sold on {which day} alone."
    await boss.ask("DELETE", f"{HERE}/noise/de")
    await boss.ask("DELETE", f"{HERE}/noise/de", 404)
    back = {each["name"]: each for each in await mo.get(f"{HERE}?category=spam&language=de")}
    assert not back["noise"]["own"]
    await place.settle()
    with place.app.counted() as counted:
        await mo.get(HERE)
    assert counted.statements <= 4
    assert templates.fitting(Category.SPAM, "en", own)[-1].name == "jam"


@pytest.mark.parametrize(
    ("path", "body", "field"),
    [
        ("Jam/en", {}, "name"),
        ("jam/xx", {}, "language"),
        ("jam/en", {"title": " "}, "title"),
        ("jam/en", {"text": "x" * 5_001}, "text"),
        ("jam/en", {"text": "On {} day"}, "text"),
        ("jam/en", {"text": "On { day"}, "text"),
        ("jam/en", {"categories": ["jam"]}, "categories"),
    ],
)
async def test_what_can_not_be_written_names_the_field(
    place: Place, path: str, body: dict[str, object], field: str
) -> None:
    boss = await staff(place, "boss", Role.ADMIN)
    given = {"title": "Jam", "text": "Jam", **body}
    wrong = await boss.ask("PUT", f"{HERE}/{path}", 422, json=given)
    assert field in wrong["details"]
