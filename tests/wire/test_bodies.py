"""Rules 2 and 4: how parameters are sent, and how their values are spelled."""

from collections.abc import Iterator
from typing import Any

import httpx2
import pytest
from tests.harness.crowd import Member, Town, good, ids_of
from tests.harness.people import OUT_OF_BAND
from tests.pictures import photo

from rostra.api.endpoint import Endpoint
from rostra.api.matrices import fill
from rostra.api.routes import all_endpoints

KINDS = ["json", "form", "multipart"]
STATUSES = "/api/v1/statuses"


def pairs(value: Any, name: str = "") -> Iterator[tuple[str, str]]:
    """A nested value as the pairs of a form, with Rails' brackets."""
    if isinstance(value, dict):
        for key, each in value.items():
            yield from pairs(each, f"{name}[{key}]" if name else key)
    elif isinstance(value, list):
        for each in value:
            yield from pairs(each, f"{name}[]")
    else:
        yield name, str(value).lower() if isinstance(value, bool) else str(value)


async def sent(
    who: Member, method: str, path: str, kind: str, body: dict[str, Any]
) -> httpx2.Response:
    """Send the same body in one of the three ways."""
    if kind == "json":
        return await who.client.request(method, path, json=body)
    if kind == "multipart":
        parts = [(name, (None, value)) for name, value in pairs(body)]
        return await who.client.request(method, path, files=parts)
    data: dict[str, list[str]] = {}
    for name, value in pairs(body):
        data.setdefault(name, []).append(value)
    return await who.client.request(method, path, data=data)


async def test_rule_2_every_write_reads_json_forms_and_multipart(ada: Member) -> None:
    writes: list[Endpoint[Any]] = [each for each in all_endpoints() if each.has_body]
    assert len(writes) > 60
    for endpoint in writes:
        path = fill(endpoint.path, {})
        answers = [
            await sent(ada, endpoint.methods[0], path, kind, {"unknown": "x"}) for kind in KINDS
        ]
        statuses = {answer.status_code for answer in answers}
        assert len(statuses) == 1, endpoint.name
        assert statuses != {415}, endpoint.name


@pytest.mark.parametrize("kind", KINDS)
async def test_rule_2_lists_of_ids(town: Town, ada: Member, kind: str) -> None:
    media = [await town.picture(ada, bytes(photo().pngsave_buffer())) for _ in range(2)]
    body = {"status": "a", "media_ids": ids_of(media)}
    post = good(await sent(ada, "POST", STATUSES, kind, body))
    assert ids_of(post["media_attachments"]) == ids_of(media)


@pytest.mark.parametrize("kind", KINDS)
async def test_rule_2_polls(ada: Member, kind: str) -> None:
    poll = {"options": ["tea", "coffee"], "expires_in": 600, "multiple": True}
    post = good(await sent(ada, "POST", STATUSES, kind, {"status": "a", "poll": poll}))
    assert [each["title"] for each in post["poll"]["options"]] == ["tea", "coffee"]
    assert post["poll"]["multiple"] is True


@pytest.mark.parametrize("kind", KINDS)
async def test_rule_2_keywords_of_filters(ada: Member, kind: str) -> None:
    body = {"title": "a", "context": ["home", "public"]}
    if kind == "json":
        words: Any = [{"keyword": "one", "whole_word": False}, {"keyword": "two"}]
        made = good(
            await ada.client.post("/api/v2/filters", json={**body, "keywords_attributes": words})
        )
    else:
        # A new element begins where a name comes again, as Rails has it.
        text = (
            "title=a&context[]=home&context[]=public&keywords_attributes[][keyword]=one"
            "&keywords_attributes[][whole_word]=false&keywords_attributes[][keyword]=two"
        )
        given = [tuple(pair.split("=")) for pair in text.split("&")]
        if kind == "form":
            headers = {"content-type": "application/x-www-form-urlencoded"}
            asked = ada.client.post("/api/v2/filters", content=text, headers=headers)
        else:
            parts = [(name, (None, value)) for name, value in given]
            asked = ada.client.post("/api/v2/filters", files=parts)
        made = good(await asked)
    assert made["context"] == ["home", "public"]
    found = [(each["keyword"], each["whole_word"]) for each in made["keywords"]]
    assert found == [("one", False), ("two", True)]


@pytest.mark.parametrize("spelling", ["list", "numbered", "form"])
async def test_rule_2_fields_and_source_of_a_profile(ada: Member, spelling: str) -> None:
    path = "/api/v1/accounts/update_credentials"
    field, source = {"name": "Home", "value": "Graz"}, {"privacy": "unlisted"}
    fields: Any = [field] if spelling == "list" else {"0": field}
    kind = "form" if spelling == "form" else "json"
    body = {"fields_attributes": fields, "source": source}
    me = good(await sent(ada, "PATCH", path, kind, body))
    assert [(each["name"], each["value"]) for each in me["fields"]] == [("Home", "Graz")]
    assert me["source"]["privacy"] == "unlisted"


@pytest.mark.parametrize("kind", KINDS)
async def test_rule_2_apps_and_tokens(town: Town, kind: str) -> None:
    nobody = Member(0, "", "", town.anybody)
    body = {"client_name": "Toot", "redirect_uris": OUT_OF_BAND, "scopes": "read write"}
    app = good(await sent(nobody, "POST", "/api/v1/apps", kind, body))
    asked = {
        "grant_type": "client_credentials",
        "client_id": app["client_id"],
        "client_secret": app["client_secret"],
    }
    token = good(await sent(nobody, "POST", "/oauth/token", kind, asked))
    assert token["access_token"]


@pytest.mark.parametrize("yes", [True, "true", 1, "1", "on"])
async def test_rule_4_spellings_of_true(ada: Member, yes: object) -> None:
    for kind in KINDS:
        post = good(await sent(ada, "POST", STATUSES, kind, {"status": "a", "sensitive": yes}))
        assert post["sensitive"] is True, kind


@pytest.mark.parametrize("no", [False, "false", 0, "0", "off"])
async def test_rule_4_spellings_of_false(ada: Member, no: object) -> None:
    await ada.client.patch(
        "/api/v1/accounts/update_credentials", json={"source": {"sensitive": True}}
    )
    for kind in KINDS:
        post = good(await sent(ada, "POST", STATUSES, kind, {"status": "a", "sensitive": no}))
        assert post["sensitive"] is False, kind


@pytest.mark.parametrize("kind", KINDS)
async def test_rule_4_unknown_parameters_are_ignored(ada: Member, kind: str) -> None:
    body = {"status": "a", "unknown": {"x": ["y"]}, "another": "z"}
    assert good(await sent(ada, "POST", STATUSES, kind, body))["id"]


@pytest.mark.parametrize("kind", KINDS)
async def test_rule_4_empty_text_counts_as_not_sent(ada: Member, kind: str) -> None:
    body = {
        "status": "a", "in_reply_to_id": "", "visibility": "", "sensitive": "", "scheduled_at": "",
        "language": "",
    }  # fmt: skip
    post = good(await sent(ada, "POST", STATUSES, kind, body))
    told = (post["in_reply_to_id"], post["visibility"], post["sensitive"], post["language"])
    assert told == (None, "public", False, good(await ada.client.post(
        STATUSES, json={"status": "a"}
    ))["language"])  # fmt: skip
