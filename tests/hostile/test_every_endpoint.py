"""Hostile values in every parameter of every endpoint: no answer is the server's fault."""

from typing import Any

from tests.harness.crowd import Town, good
from tests.hostile.inputs import UNICODE, requests_of, told_clearly

from rostra.api.routes import all_endpoints


async def test_hostile_values_in_every_parameter(town: Town) -> None:
    ada, ben = await town.members("ada", "ben")
    asked = 0
    for endpoint in all_endpoints():
        for request in requests_of(endpoint, str(ben.id)):
            answer = await ada.client.request(**request)
            told_clearly(answer, (endpoint.name, str(request)[:300]))
            asked += 1
    assert asked > 20 * len(all_endpoints())
    me = good(await ada.client.get("/api/v1/accounts/verify_credentials"))
    assert me["username"] == "ada"
    good(await ada.client.get("/api/v1/timelines/home"))


async def test_hundred_kilobytes_of_unicode(town: Town) -> None:
    (ada,) = await town.members("ada")
    await town.post(ada, "before")
    for text in UNICODE:
        asked: tuple[dict[str, Any], ...] = (
            {"url": "/api/v1/statuses", "json": {"status": text}},
            {"url": "/api/v1/statuses", "data": {"status": "a", "spoiler_text": text}},
            {"url": "/api/v1/apps", "json": {"client_name": text, "redirect_uris": text}},
        )
        for request in asked:
            answer = await ada.client.post(**request)
            told_clearly(answer, (request["url"], text[:20]))
            assert answer.elapsed.total_seconds() < 2
        answer = await ada.client.patch(
            "/api/v1/accounts/update_credentials", json={"note": text, "display_name": text}
        )
        told_clearly(answer, ("update_credentials", text[:20]))
        found = await ada.client.get("/api/v2/search", params={"q": text[:3_000]})
        told_clearly(found, ("search", text[:20]))
    page = await town.anybody.get("/@ada")
    assert page.status_code == 200


async def test_ten_thousand_mentions(town: Town) -> None:
    ada, ben = await town.members("ada", "ben")
    many = " ".join(f"@ben{number}" for number in range(10_000))
    for text in (many, "@ben " * 10_000, "@ben@" * 10_000, "#a " * 10_000):
        answer = await ada.client.post("/api/v1/statuses", json={"status": text})
        told_clearly(answer, text[:20])
        assert answer.status_code == 422
    listed = [f"id[]={number}" for number in range(5_000)]
    answer = await ada.client.get(f"/api/v1/accounts/relationships?{'&'.join(listed)}")
    told_clearly(answer, "relationships")
    assert good(await ben.client.get("/api/v1/notifications")) == []
