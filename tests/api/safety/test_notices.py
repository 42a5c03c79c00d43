"""Letters from outside, through the API: handed in, linked, answered, closed."""

import base64
from datetime import datetime, timedelta
from typing import Any

import pytest
from tests.harness.neighbours import Asker, Place
from tests.harness.staff import staff

BASE = "/api/rostra/v1/safety/notices"


def letter(place: Place, *paths: str) -> str:
    """A mail of a host about these addresses."""
    base = place.services.settings.site.base_url
    lines = "\n".join(f"{base}{path}" for path in paths)
    return (
        "From: Abuse desk <abuse@host.example>\nTo: desk@here.example\n"
        "Subject: [AbuseID:4711] Your server\nMessage-ID: <1@host.example>\n"
        "Date: Mon, 04 Jan 2027 08:00:00 +0000\n\n"
        f"Please act on these threats within 12 hours:\n\n{lines}\n"
    )


async def test_a_letter_is_read_linked_and_closed(place: Place) -> None:
    mo = await staff(place, "mo")
    bob = await place.member("bob")
    post = await bob.post("one")
    mail = letter(place, f"/@bob/{post['id']}", "/@bob/1887436800128692554")
    made = await mo.do(BASE, letter=mail)
    assert made["reference"] == "[AbuseID:4711]"
    assert made["sender_kind"] == "host"
    assert made["deadline_named"]
    assert made["addresses_count"] == 2
    again = await mo.do(BASE, letter=base64.b64encode(mail.encode()).decode(), encoding="base64")
    assert (again["id"], again["times"]) == (made["id"], 2)
    whole = await mo.get(f"{BASE}/{made['id']}")
    found, unknown = whole["addresses"]
    assert (found["state"], found["subject_type"]) == ("found", "post")
    assert found["subject_id"] == post["id"]
    assert unknown["state"] == "unknown"
    assert await mo.get(f"{BASE}/{made['id']}/addresses?after=0&limit=1") == [unknown]
    assert [each["direction"] for each in whole["messages"]] == ["in", "in"]
    (case,) = await mo.get("/api/rostra/v1/safety/queue?source=provider")
    assert case["id"] == found["case_id"]
    assert case["deadline_at"] == made["deadline_at"]
    await _corrected(mo, made)
    draft = await mo.get(f"{BASE}/{made['id']}/draft?language=de")
    assert draft["open_count"] == 1
    assert "[AbuseID:4711]" in draft["subject"]
    await mo.do(f"{BASE}/{made['id']}/close", 422)
    await mo.do(f"{BASE}/{made['id']}/answer", 422, subject="Re: yours", text=draft["text"])
    body = {"subject": draft["subject"], "text": draft["text"]}
    assert (await mo.do(f"{BASE}/{made['id']}/answer", **body))["state"] == "answered"
    await place.app.work()
    sent = (await mo.get(f"{BASE}/{made['id']}"))["messages"][-1]
    assert (sent["direction"], sent["state"], sent["text"]) == ("out", "sent", draft["text"])
    assert sent["mail_to"] == "abuse@host.example"
    assert sent["actor_id"] == str(mo.account_id)
    closed = await mo.do(f"{BASE}/{made['id']}/close", why="They are content")
    assert closed["state"] == "closed"
    await mo.do(f"{BASE}/{made['id']}/close", 409, why="Again")
    await mo.do(f"{BASE}/{made['id']}/correct", 409, sender_kind="store")
    assert await mo.get(BASE) == []
    assert [each["id"] for each in await mo.get(f"{BASE}?state=closed")] == [made["id"]]


async def _corrected(mo: Asker, made: dict[str, Any]) -> None:
    """What was read is put right: the deadline moves the case, and it moves back."""
    path, was = f"{BASE}/{made['id']}/correct", made["deadline_at"]
    for wrong in ({"deadline_at": "2020-01-01"}, {"deadline_at": "soon"}, {"sender_kind": "x"},
                  {"reference": "x" * 201}):  # fmt: skip
        assert next(iter(wrong)) in (await mo.do(path, 422, **wrong))["details"]
    later = (datetime.fromisoformat(was) + timedelta(hours=6)).isoformat()
    for at in (later, was):
        fixed = await mo.do(path, sender_kind="store", deadline_at=at)
        assert (fixed["sender_kind"], fixed["reference"]) == ("store", made["reference"])
        (case,) = await mo.get("/api/rostra/v1/safety/queue?source=provider")
        assert datetime.fromisoformat(case["deadline_at"]) == datetime.fromisoformat(at)
        assert case["deadline_at"] == fixed["deadline_at"]


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"form": "nonsense"}, "form"),
        ({"encoding": "nonsense"}, "encoding"),
        ({"encoding": "base64", "letter": "?"}, "letter"),
        ({"letter": " "}, "letter"),
        ({"form": "xarf", "letter": "{}"}, "xarf_version"),
    ],
)
async def test_bad_letters_name_the_field(place: Place, given: dict[str, Any], field: str) -> None:
    mo = await staff(place, "mo")
    answer = await mo.do(BASE, 422, **({"letter": letter(place, "/@bob")} | given))
    assert field in answer["details"]
    assert await mo.get(BASE) == []
    await mo.get(f"{BASE}?state=nonsense", 422)
    await mo.get(f"{BASE}/1887436800128692554", 404)
    await mo.do(BASE, letter=letter(place, "/@bob"))
    assert len(await mo.get(BASE)) == 1
