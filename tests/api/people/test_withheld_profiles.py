"""Parts of profiles that decisions blank, and put back."""

from typing import Any

import pytest
from tests.harness.crowd import Member, Town, good
from tests.harness.limits import everything_stored, limit_accounts
from tests.pictures import photo

from rostra.store.tables.accounts import withheld_profiles
from rostra.store.tables.files import withheld_files

FIELDS = ("display_name", "note", "fields", "avatar", "header")


async def _dressed(town: Town) -> tuple[Member, Any]:
    """Somebody whose profile has all that one can have; the account as it is shown."""
    ann = await town.member("ann")
    picture = ("a.jpg", photo(800, 300).jpegsave_buffer(), "image/jpeg")
    form = {
        "display_name": "Needle Ann",
        "note": "needlenote",
        "fields_attributes[0][name]": "Site",
        "fields_attributes[0][value]": "needlefield",
        "avatar_description": "needleface",
    }
    files = {"avatar": picture, "header": picture}
    url = "/api/v1/accounts/update_credentials"
    return ann, good(await ann.client.patch(url, data=form, files=files))


async def _shown(town: Town, who: Member) -> Any:
    return good(await town.anybody.get(f"/api/v1/accounts/{who.id}"))


async def test_all_of_a_profile_is_blanked_and_put_back(town: Town) -> None:
    ann, account = await _dressed(town)
    before = await everything_stored(town)
    await limit_accounts(town, ann.id, fields=FIELDS)
    await town.rostra.work()
    blank = await _shown(town, ann)
    assert (blank["display_name"], blank["note"], blank["fields"]) == ("", "", [])
    assert "static" in blank["avatar"]
    for name in ("avatar", "header"):
        path = account[name].partition("8420")[2]
        assert (await town.anybody.get(path)).status_code == 404
    assert "needle" not in (await town.anybody.get("/@ann")).text.lower()
    assert good(await town.anybody.get("/api/v2/search?q=needle&type=accounts"))["accounts"] == []
    restricted = await everything_stored(town)
    await limit_accounts(town, ann.id, fields=FIELDS)
    assert await everything_stored(town) == restricted
    await limit_accounts(town, ann.id)
    await town.rostra.work()
    assert await everything_stored(town) == before
    path = account["avatar"].partition("8420")[2]
    assert (await town.anybody.get(path)).status_code == 200


async def test_one_part_after_the_other(town: Town) -> None:
    ann, _ = await _dressed(town)
    before = await everything_stored(town)
    await limit_accounts(town, ann.id, fields=("note", "avatar"))
    assert ((await _shown(town, ann))["note"], (await _shown(town, ann))["display_name"]) == (
        "",
        "Needle Ann",
    )
    await limit_accounts(town, ann.id, fields=("display_name", "avatar"))
    shown = await _shown(town, ann)
    assert (shown["note"], shown["display_name"]) == ("<p>needlenote</p>", "")
    await limit_accounts(town, ann.id, reach=True)
    await limit_accounts(town, ann.id)
    await town.rostra.work()
    assert await everything_stored(town) == before


@pytest.mark.postgresql
async def test_what_was_written_meanwhile_stays(town: Town) -> None:
    ann, _ = await _dressed(town)
    await limit_accounts(town, ann.id, fields=FIELDS)
    picture = ("b.jpg", photo(400, 400).jpegsave_buffer(), "image/jpeg")
    changes = {"display_name": "Another", "avatar_description": "new"}
    url = "/api/v1/accounts/update_credentials"
    new = good(await ann.client.patch(url, data=changes, files={"avatar": picture}))
    await limit_accounts(town, ann.id)
    await town.rostra.work()
    shown = await _shown(town, ann)
    assert (shown["display_name"], shown["avatar"]) == ("Another", new["avatar"])
    assert shown["note"] == "<p>needlenote</p>"
    assert await town.count(withheld_profiles) == 0
    assert await town.count(withheld_files) == 0


async def test_what_is_withheld_goes_with_the_account(town: Town) -> None:
    ann, _ = await _dressed(town)
    day = town.services.clock.now()
    await limit_accounts(town, ann.id, fields=FIELDS, suspended=True, deletes_at=day)
    await town.rostra.work()
    assert await town.count(withheld_profiles) == 0
    assert await town.count(withheld_files) == 0
    for folder in ("avatars/", "headers/", "withheld/"):
        assert [each.key async for each in town.services.blobs.list(folder)] == []
