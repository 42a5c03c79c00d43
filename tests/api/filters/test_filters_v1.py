"""Filters as old clients know them: a keyword each."""

from tests.api.filters.filing import PATH
from tests.harness.neighbours import Place

OLD = "/api/v1/filters"


async def test_old_clients_see_keywords_as_filters(place: Place) -> None:
    ann, ben, _ = await place.members("ann", "ben", "eve")
    answer = await ann.client.post(
        OLD, json={"phrase": "cat", "context": ["home", "account"], "irreversible": "true"}
    )
    old = answer.json()
    assert answer.headers["deprecation"]
    assert old == {
        "id": old["id"],
        "phrase": "cat",
        "context": ["home", "account"],
        "whole_word": False,
        "expires_at": None,
        "irreversible": True,
    }
    new = (await ann.get(PATH))[0]
    assert (new["title"], new["filter_action"]) == ("cat", "hide")
    assert new["keywords"] == [{"id": old["id"], "keyword": "cat", "whole_word": False}]
    at = f"{OLD}/{old['id']}"
    assert await ann.get(OLD) == [old]
    assert await ann.get(at) == old
    changes = {"phrase": "dog", "context": ["thread"], "irreversible": False, "expires_in": 60}
    changed = await ann.ask("PUT", at, json={**changes, "whole_word": True})
    assert (changed["phrase"], changed["context"]) == ("dog", ["thread"])
    assert (changed["whole_word"], changed["irreversible"]) == (True, False)
    assert changed["expires_at"]
    await ann.do(f"{PATH}/{new['id']}/keywords", keyword="bird")
    refused = await ann.ask("PUT", at, 422, json={"context": ["home"]})
    assert "more than one filter keyword" in refused["error"]
    assert (await ann.ask("PUT", at, json={"phrase": "horse"}))["phrase"] == "horse"
    await ben.ask("DELETE", at, 404)
    assert await ann.ask("DELETE", at) == {}
    await ann.get(at, 404)
    assert [each["phrase"] for each in await ann.get(OLD)] == ["bird"]
    for body in ({"context": ["home"]}, {"phrase": "", "context": ["home"]}):
        assert list((await ann.do(OLD, 422, **body))["details"]) == ["phrase"]
    assert list((await ann.do(OLD, 422, phrase="x"))["details"]) == ["context"]
