"""Rule 8: uploads. Videos are in `tests/api/posts/test_recordings.py`."""

import pytest
from tests.harness.crowd import Member, good
from tests.pictures import photo


@pytest.mark.parametrize("version", ["v1", "v2"])
async def test_rule_8_pictures_are_there_when_the_answer_is(ada: Member, version: str) -> None:
    files = {"file": ("a.png", bytes(photo().pngsave_buffer()), "image/png")}
    answer = await ada.client.post(f"/api/{version}/media", files=files)
    assert answer.status_code in {200, 202}
    made = answer.json()
    got = await ada.client.get(f"/api/v1/media/{made['id']}")
    assert got.status_code in {200, 206}
    assert good(got)["url"] == made["url"]


async def test_rule_8_what_is_not_there_is_404(ada: Member) -> None:
    """masto.js asks again after this as after 206, so it must be nothing else."""
    answer = await ada.client.get("/api/v1/media/1887436799999999999")
    assert good(answer, 404)["error"]
