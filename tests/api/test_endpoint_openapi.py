from datetime import datetime
from enum import Enum
from typing import Annotated, Any, Literal

import msgspec
import pytest
from tests.api.tiny import ENDPOINTS, Draft, House

from rostra.api.openapi import document, params_schema, possible_statuses
from rostra.api.reference import render_page


class Colour(Enum):
    RED = "red"


@pytest.fixture
def house() -> House:
    return House()


async def test_the_document_describes_every_endpoint(house: House) -> None:
    doc = (await house.ask("GET", "/api/openapi.json")).json
    assert doc == document(ENDPOINTS, house.site)
    assert set(doc["paths"]["/api/v1/profile"]) == {"put", "patch"}
    home_doc = doc["paths"]["/api/v1/timelines/home"]["get"]
    assert {each["name"] for each in home_doc["parameters"]} == {"limit", "max_id", "only[]"}
    assert home_doc["security"] == [{"token": ["read:statuses"]}]
    assert doc["paths"]["/api/v1/maybe"]["get"]["security"][-1] == {}
    post = doc["paths"]["/api/v1/statuses"]["post"]["requestBody"]
    assert set(post["content"]) == {
        "application/json", "application/x-www-form-urlencoded", "multipart/form-data",
    }  # fmt: skip
    media = doc["paths"]["/api/v2/media"]["post"]
    assert list(media["requestBody"]["content"]) == ["multipart/form-data"]
    assert media["responses"]["202"]["description"] == "Done"
    assert doc["paths"]["/api/v1/me"]["get"]["deprecated"] is True
    one = doc["paths"]["/api/v1/statuses/{id}"]
    assert set(one) == {"get", "delete"}
    assert one["get"]["parameters"][0]["in"] == "path"
    assert one["get"]["responses"]["200"]["content"]["application/json"]["schema"]["$ref"]


def test_statuses_follow_from_the_declaration() -> None:
    by_name = {each.name: set(possible_statuses(each)) for each in ENDPOINTS}
    assert {401, 403} <= by_name["GET /api/v1/me"]
    assert not {401, 403, 404} & by_name["GET /api/v1/open"]
    assert {404, 413, 415, 422} <= by_name["DELETE /api/v1/statuses/{id}"]


def test_schemas_of_parameters() -> None:
    class Odd(msgspec.Struct):
        either: int | str
        flags: dict[str, bool] = {}
        at: datetime | None = None
        kind: Literal["a", "b"] = "a"
        colour: Colour | None = None
        short: Annotated[str, msgspec.Meta(max_length=5)] = ""
        anything: Any = None

    odd = params_schema(Odd)["properties"]
    assert odd["either"]["anyOf"] == [{"type": "integer"}, {"type": "string"}]
    assert odd["flags"]["additionalProperties"] == {"type": "boolean"}
    assert odd["at"]["anyOf"][0]["format"] == "date-time"
    assert odd["kind"] == {"enum": ["a", "b"]}
    assert odd["colour"]["anyOf"][0] == {"enum": ["red"]}
    assert odd["short"]["maxLength"] == 5
    assert odd["anything"] == {}
    schema = params_schema(Draft)
    assert schema["required"] == ["status"]
    assert schema["properties"]["status"] == {"type": "string", "minLength": 1}
    assert schema["properties"]["poll"]["anyOf"][1] == {"type": "null"}
    assert schema["properties"]["media_ids"]["items"]["type"] == "string"


async def test_the_reference_page(house: House) -> None:
    page = await house.ask("GET", "/api/docs")
    assert page.header("content-type").startswith("text/html")
    assert "script-src" not in page.header("content-security-policy")
    assert "default-src 'none'" in page.header("content-security-policy")
    text = page.body.decode()
    assert text == render_page(ENDPOINTS, house.site)
    for endpoint in ENDPOINTS:
        assert f">{endpoint.method}</span> <code>{endpoint.path}</code>" in text
    assert "<script" not in text
    assert "style=" not in text
