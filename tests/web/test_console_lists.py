"""Lists for screening in the console."""

import pytest
from tests.web.conftest import Streets
from tests.web.console import HERE, staff

from rostra.network.credentials.model import Role
from rostra.safety.lists import access

LISTS = f"{HERE}/lists"


@pytest.mark.postgresql
async def test_a_list_is_made_filled_tried_and_taken_away(streets: Streets) -> None:
    _, admin = await staff(streets, Role.ADMIN)
    assert "No lists yet" in (await admin.open(LISTS)).text
    new = {"kind": "phrases", "harm": "violence", "score": "80", "note": "Seen here"}
    await admin.send(LISTS, name="No!", **new)
    assert "small letters" in admin.text
    await admin.send(LISTS, name="threats", **{**new, "score": "many"})
    assert "must lie between 1 and 100" in admin.text
    await admin.send(LISTS, name="threats", **new)
    assert "It is made" in admin.text
    async with streets.rostra.db.read() as reader:
        kept = await access.named(reader, "threats")
    here = f"{LISTS}/{kept.id}"
    await admin.send(f"{here}/entries", content="kill you\n?\nx\ny\nz\nw\nv", reason="In July")
    assert "Line 2 entry has no letter or digit; Line 3 entry is too short" in admin.text
    assert "and 1 more" in admin.text
    await admin.send(f"{here}/entries", content=" ")
    assert "be blank" in admin.text
    await admin.send(f"{here}/entries", content="k!ll you\r\nshoot*", reason="In July")
    assert "2 added, 0 there already, 0 removed." in admin.text
    assert "In July" in admin.text
    await admin.send(
        f"{here}/entries", content="entry,reason\nkill you,heard", form="1", replace="1"
    )
    assert "1 added, 0 there already, 2 removed." in admin.text
    tried = (await admin.open(f"{LISTS}?text=I+k+i+l+l+you+now")).text
    assert "I <mark>k i l l you</mark> now" in tried
    await admin.open(here)
    await admin.send(here, harm="spam", score="0", enabled="1")
    assert "must lie between" in admin.text
    await admin.send(here, harm="spam", score="10", note="Now off", enabled="")
    assert "It is changed" in admin.text
    assert "Nothing of any list" in (await admin.open(f"{LISTS}?text=kill+you")).text
    async with streets.rostra.db.read() as reader:
        (entry,) = await access.all_entries(reader, kept.id)
    await admin.open(here)
    before = admin.page
    await admin.send(f"{here}/entries/{entry.id}/remove")
    assert "It is removed." in admin.text
    admin.page = before  # as somebody else has it open
    await admin.send(f"{here}/entries/{entry.id}/remove")
    assert "gone already" in admin.text
    await admin.send(f"{here}/drop")
    assert "The list is gone." in admin.text


async def test_a_name_is_taken_once_and_moderators_only_look(streets: Streets) -> None:
    _, admin = await staff(streets, Role.ADMIN)
    await admin.open(LISTS)
    for _ in range(2):
        await admin.send(LISTS, name="threats", kind="words", harm="hate", score="5")
        await admin.open(LISTS)
    assert admin.text.count(">threats<") == 1
    _, moderator = await staff(streets)
    looked = (await moderator.open(LISTS)).text
    assert ">threats<" in looked
    assert "Make it" not in looked
