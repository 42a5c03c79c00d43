"""The rules of the house in the console."""

from tests.web.conftest import Streets
from tests.web.console import HERE, staff

from rostra.network.credentials.model import Role
from rostra.network.instance import access as instance_access
from rostra.safety.categories.model import Category
from rostra.safety.house_rules import harms
from rostra.safety.house_rules.versions import versions

RULES = f"{HERE}/rules"


async def test_rules_are_written_ordered_and_dropped(streets: Streets) -> None:
    _, moderator = await staff(streets)
    assert (await moderator.open(RULES)).status_code in {403, 404}
    assert RULES not in (await moderator.open(HERE)).text
    _, admin = await staff(streets, Role.ADMIN)
    assert "No rules yet" in (await admin.open(RULES)).text
    await admin.send(RULES, text=" ")
    assert "be blank" in admin.text
    await admin.send(RULES, text="Be kind.", harm="gossip")
    assert "This is no category." in admin.text
    await admin.send(RULES, text="Be kind.", harm="harassment")
    await admin.send(RULES, text="Sell nothing.", hint="Not even jam.", harm="")
    async with streets.rostra.db.read() as reader:
        first, second = await instance_access.all_rules(reader)
        assert await harms.harms(reader, [first.id, second.id]) == {first.id: Category.HARASSMENT}
    here = f"{RULES}/{second.id}"
    await admin.send(here, text="x" * 301)
    assert "is too long" in admin.text
    await admin.send(here, text="Sell nothing.", hint="Not even jam.", place="1", harm="spam")
    assert "It is changed" in admin.text
    assert admin.text.index("Sell nothing.") < admin.text.index("Be kind.")
    assert "Sell nothing." in (await admin.open("/about/rules")).text
    await admin.open(RULES)
    await admin.send(f"{RULES}/{first.id}/drop")
    assert "Be kind." not in admin.text.partition("<main")[2]
    async with streets.rostra.db.read() as reader:
        assert [rule.text for rule in await instance_access.all_rules(reader)] == ["Sell nothing."]
        assert await harms.harms(reader, [first.id, second.id]) == {second.id: Category.SPAM}
        # What was sent as it stood made no version of its own.
        made = len(await versions(reader))
    await admin.send(here)
    async with streets.rostra.db.read() as reader:
        assert len(await versions(reader)) == made
    assert (await admin.open(f"{RULES}/1/drop")).status_code in {404, 405}
