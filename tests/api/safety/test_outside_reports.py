"""Reports without an account, from forms elsewhere; the page of ours: tests.web.test_outside."""

from typing import Any

from tests.harness.neighbours import Place
from tests.harness.staff import staff

PATH = "/api/rostra/v1/reports"
QUEUE = "/api/rostra/v1/safety/queue"


async def test_anybody_reports_through_the_api(place: Place) -> None:
    mo = await staff(place, "mo")
    (bob,) = await place.members("bob")
    post = await bob.post("You fool")
    base = place.services.settings.site.base_url
    given: dict[str, Any] = {
        "addresses": [f"{base}/@bob/{post['id']}"],
        "category": "harassment",
        "comment": "It insults me by name.",
        "name": "Olga Outside",
        "email": "olga@outside.example",
        "good_faith": True,
    }
    receipt = await place.nobody.do(PATH, **given)
    assert (receipt["state"], receipt["decided_before_at"]) == ("waiting", None)
    assert receipt["url"].startswith("http")
    assert "/report/state?token=" in receipt["url"]
    assert await mo.get(QUEUE) == []  # until they press the button behind the link in the letter
    # The worst needs no name, and waits for nobody.
    urgent = given | {"category": "child_abuse", "name": "", "email": ""}
    receipt = await place.nobody.do(PATH, **urgent)
    assert receipt["state"] == "filed"
    [case] = await mo.get(QUEUE)
    assert (case["subject_id"], case["category"]) == (post["id"], "child_abuse")


async def test_what_is_wrong_names_its_field(place: Place) -> None:
    refused = await place.nobody.do(PATH, 422, category="nonsense")
    assert refused["details"].keys() == {"category"}
    refused = await place.nobody.do(PATH, 422, category="spam", addresses=["https://far.example/"])
    assert refused["details"].keys() == {"addresses", "comment", "name", "email", "good_faith"}
