"""Pages are in English and say so; what members write says in which language it is."""

import re
from datetime import UTC, datetime

from tests.harness.crowd import good
from tests.pictures import photo
from tests.web.conftest import Streets

from rostra.web import words


def spoken(page: str, text: str) -> set[str]:
    """The languages that a page says of the elements that hold these very words."""
    return set(re.findall(rf'<\w+[^<>]* lang="(\w+)"[^<>]*>(?:<p>)?{text}', page))


async def test_what_members_write_says_its_language(streets: Streets) -> None:
    ada, bob = await streets.town.members("ada", "bob")
    picture = await streets.town.picture(
        ada, photo(40, 30).jpegsave_buffer(), description="Das Bild"
    )
    first = {"language": "de", "spoiler_text": "Eine Warnung", "media_ids": [picture["id"]]}
    poll = {"options": ["Tee", "Milch"], "expires_in": 600}
    posts = [
        await streets.town.post(ada, "Viele Wörter @bob", **first),
        await streets.town.post(ada, "Eine Frage @bob", language="de", poll=poll),
    ]
    visitor = streets.visitor()
    told = ("Eine Warnung", "Viele Wörter", "Das Bild"), ("Eine Frage", "Tee", "Milch")
    for post, every in zip(posts, told, strict=True):
        await visitor.open(f"/@ada/{post}")
        assert '<html lang="en"' in visitor.text
        for text in every:
            assert spoken(visitor.text, text) == {"de"}, text
        assert 'alt="Das Bild" lang="de"' in visitor.text or post != posts[0]
    member = await streets.signed_in(bob.id)
    await member.open(f"/@ada/{posts[1]}")
    assert spoken(member.text, "Tee") == {"de"}
    quoting = await streets.town.post(bob, "Regardez", language="fr", quoted_status_id=posts[0])
    await member.open(f"/@bob/{quoting}")
    assert spoken(member.text, "Regardez") == {"fr"}
    assert spoken(member.text, "Eine Warnung") == {"de"}
    await streets.town.act(bob, "favourite", posts[0])
    owner = await streets.signed_in(ada.id)
    await owner.open("/notifications")
    assert spoken(owner.text, "Eine Warnung") == {"de"}


async def test_words_of_the_place_itself_are_no_members(streets: Streets) -> None:
    ada = await streets.town.member("ada")
    picture = await streets.town.picture(ada, photo(40, 30).jpegsave_buffer())
    fields = {"language": "de", "media_ids": [picture["id"]]}
    post = await streets.town.post(ada, "", **fields)
    visitor = streets.visitor()
    await visitor.open(f"/@ada/{post}")
    assert re.search(r'alt="Picture without a description"(?! lang)', visitor.text)
    shown = good(await streets.town.anybody.get(f"/api/v1/statuses/{post}"))
    assert shown["language"] == "de"


def test_months_are_english_whatever_the_machine_speaks() -> None:
    at = [int(datetime(2026, month, 5, 6, 7, 8, tzinfo=UTC).timestamp() * 1000)
          for month in range(1, 13)]  # fmt: skip
    assert [words.month(each) for each in at[::4]] == ["January 2026", "May 2026", "September 2026"]
    assert [words.long_date(each) for each in at[1::5]] == ["5 February 2026", "5 July 2026",
                                                            "5 December 2026"]  # fmt: skip
    assert words.long_time(at[2]) == "5 March 2026, 06:07 UTC"
    assert words.short_time(at[7], at[11]) == "5 Aug"
    assert words.rfc822_time(at[10]) == "Thu, 05 Nov 2026 06:07:08 +0000"
