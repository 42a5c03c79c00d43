"""What this place does not have is answered truthfully: with nothing of it, and to reading only."""

import pytest
from tests.harness.crowd import Town, good

from rostra.api.routes import all_endpoints

MINE = [each for each in all_endpoints() if each.empty and "{" not in each.path]


@pytest.mark.parametrize("path", [each.path for each in MINE if each.status == 200])
async def test_there_is_none_of_it(town: Town, path: str) -> None:
    ada = await town.member("ada")
    answer = good(await ada.client.get(path))
    inside = answer.values() if isinstance(answer, dict) else answer
    assert not any(inside)
    for method in ("POST", "PUT", "DELETE"):
        wrote = await ada.client.request(method, path, json={"title": "x", "name": "x"})
        assert wrote.status_code in {404, 405}
