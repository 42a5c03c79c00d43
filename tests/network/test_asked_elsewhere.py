"""What other parts ask of the slices: drills, the replay of the journal, the moderators' desk."""

from tests.harness.crowd import Town, good
from tests.pictures import photo

from rostra.network.accounts import access as accounts_access
from rostra.network.accounts.admission import set_disabled
from rostra.network.media import access as media_access
from rostra.network.posts.quote import revoked_again


async def test_members_who_sign_in_are_found_one_after_another(town: Town) -> None:
    # Ids of one millisecond stand in no order.
    first, second, third = sorted(await town.members("ann", "ben", "eve"), key=lambda each: each.id)
    async with town.db.write() as tx:
        await set_disabled(town.services, tx, second.id, disabled=True)
    async with town.db.read() as reader:
        found = [
            await accounts_access.signing_in_from(reader, each)
            for each in (first.id, first.id + 1, third.id, third.id + 1)
        ]
    assert [each and each.id for each in found] == [first.id, third.id, third.id, None]


async def test_files_of_anybody_are_found_by_their_ids(town: Town) -> None:
    ann = await town.member("ann")
    made = [int((await town.picture(ann, photo().jpegsave_buffer()))["id"]) for _ in range(2)]
    async with town.db.read() as reader:
        found = await media_access.by_ids(reader, [*made, 1])
        assert await media_access.by_ids(reader, []) == {}
    assert sorted(found) == sorted(made)
    assert {each.account_id for each in found.values()} == {ann.id}


async def test_consent_that_was_taken_back_is_taken_back_again(town: Town) -> None:
    """After a restore of an old copy, from the journal: once, and without a word to anybody."""
    ann, ben = await town.members("ann", "ben")
    first = await town.post(ann, "needle")
    quoting = await town.post(ben, "look", quoted_status_id=first)
    for _ in range(2):
        async with town.db.write() as tx:
            await revoked_again(tx, int(quoting))
        shown = good(await ben.client.get(f"/api/v1/statuses/{quoting}"))
        assert shown["quote"] == {"state": "revoked", "quoted_status": None}
    assert good(await ben.client.get("/api/v1/notifications")) == []
