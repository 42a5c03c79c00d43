"""Lists for screening in the API of the team: made, filled, tried, switched, files of them."""

from typing import Any

import pytest
from tests.harness.neighbours import Asker, Place
from tests.harness.staff import staff

from rostra.network.credentials.model import Role

HERE = "/api/rostra/v1/safety/lists"


@pytest.fixture
async def boss(place: Place) -> Asker:
    return await staff(place, "boss", Role.ADMIN)


async def threats(boss: Asker, **more: Any) -> Any:
    given = {"name": "threats", "kind": "phrases", "harm": "violence", "score": 80, **more}
    return await boss.do(HERE, **given)


async def test_a_list_is_made_filled_and_tried(place: Place, boss: Asker) -> None:
    mo = await staff(place, "mo")
    made = await threats(boss, note="Seen here")
    here = f"{HERE}/{made['id']}"
    assert (made["kind"], made["score"], made["enabled"]) == ("phrases", 80, True)
    assert (made["created_by"], made["entries_count"]) == (str(boss.account_id), 0)
    body: dict[str, Any] = {
        "entries": ["K!ll you", "shoot*"],
        "reason": "In July",
        "ends": "2100-01-01",
    }
    assert await boss.do(f"{here}/entries", **body) == {"added": 2, "known": 0, "removed": 0}
    assert [each["entries_count"] for each in await mo.get(HERE)] == [2]
    entries = await mo.get(f"{here}/entries")
    assert {each["text"] for each in entries} == {"kill you", "shoot*"}
    assert entries[0]["reason"] == "In July"
    assert entries[0]["ends_at"] == "2100-01-01T00:00:00.000Z"
    rest = await mo.get(f"{here}/entries", params={"below": entries[0]["id"], "limit": 1})
    assert rest == entries[1:]
    [found] = await mo.do(f"{HERE}/test", text="I will k i l l you")
    assert found == {
        "list_id": made["id"],
        "list_name": "threats",
        "entry": "kill you",
        "harm": "violence",
        "score": 80,
        "start": 7,
        "end": 18,
    }
    gone = await boss.ask("DELETE", f"{here}/entries/{entries[0]['id']}")
    assert gone["removed"] == 1
    off = await boss.ask("PUT", here, json={"enabled": False})
    assert (off["enabled"], off["note"], off["entries_count"]) == (False, "Seen here", 1)
    assert await mo.get(here) == off
    assert await mo.do(f"{HERE}/test", text="kill you") == []
    assert await boss.ask("DELETE", here) == {}
    await mo.get(here, 404)


async def test_files_come_in_and_go_out(boss: Asker) -> None:
    here = f"{HERE}/{(await threats(boss))['id']}"
    done = await boss.do(f"{here}/import", content="kill you\n\n# why\nhang them\n", reason="x")
    assert done == {"added": 2, "known": 0, "removed": 0}
    file = await boss.get(f"{here}/export", params={"format": "csv"})
    assert file["content"] == "entry,reason,ends\nhang them,x,\nkill you,x,\n"
    again = await boss.do(f"{here}/import", content="kill you\n", replace=True)
    assert again == {"added": 1, "known": 0, "removed": 2}
    assert (await boss.get(f"{here}/export"))["content"] == "kill you\n"
    wrong = await boss.do(f"{here}/import", 422, content=",,soon\n", format="csv")
    assert set(wrong["details"]) == {"line_1_entry", "line_1_ends"}
    table = f"entry,reason\nkill you,x\n{'x' * 140_000},y\n"
    wrong = await boss.do(f"{here}/import", 422, content=table, format="csv")
    assert wrong["details"]["content"][0]["description"] == "line 3 is no line of a table"
    await boss.do(f"{here}/entries", 422, entries=["?"])


async def test_what_is_wrong_is_told_and_names_are_taken_once(place: Place, boss: Asker) -> None:
    wrong = await boss.do(HERE, 422, name="No", kind="x", harm="fun", score=101)
    assert set(wrong["details"]) == {"name", "kind", "harm", "score"}
    made = await threats(boss)
    taken = await boss.do(HERE, 409, name="threats", kind="words", harm="hate")
    assert "threats" in taken["error"]
    mo = await staff(place, "mo")
    await mo.do(HERE, 403, name="mine", kind="words", harm="hate")
    await mo.ask("PUT", f"{HERE}/{made['id']}", 403, json={"score": 1})
    await mo.do(f"{HERE}/{made['id']}/entries", 403, entries=["kill you"])
