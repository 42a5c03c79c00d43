"""Law 3, for panels: a seat is shown a post without names, and nobody's vote but its own.

A post that names its author in every way that it can is given to a panel; then all that a seat is
sent, by the API and on pages, is read.
"""

from pathlib import Path

from tests.harness.neighbours import Asker
from tests.harness.staff import staff
from tests.law.surfaces import MADE_UP
from tests.pictures import photo
from tests.safety.moderating import queue, report
from tests.safety.panels.sitting import PANEL, TEAM, seated, vote, waiting, with_panels

AUTHOR, SHOWN, OTHER, REPORTER = "zyxauthorix", "Zyx O\u2019Authorix", "qwothrix", "vvreportrix"
TRACES = (AUTHOR, "o\u2019authorix", OTHER, REPORTER, "avatar", "/@", "account_id", "display_name")
HOSTILE = (
    f"I, {AUTHOR.title()}, say \uff20{AUTHOR} @{AUTHOR}@rostra.example @{OTHER} that "
    f"zyx\u200bautho\u0301rix and z\u0443\u0445\u0430uthorix {SHOWN.upper()} #Team{AUTHOR} "
    f"https://rostra.example/@{AUTHOR} http://{AUTHOR}.example/x mail {AUTHOR}@example.org "
    f"https://evil.example/{AUTHOR}?a={OTHER} "
    + "".join(chr(0x1D51E + ord(each) - ord("a")) for each in AUTHOR)
)


async def read(who: Asker, seat_id: str) -> str:
    """All that a seat is sent."""
    return "\n".join(
        [
            (await who.client.get(path)).text
            for path in (PANEL, f"{PANEL}/cases", f"{PANEL}/cases/{seat_id}", f"{PANEL}/votes")
        ]
    )


async def _not_theirs(first: Asker, other_seat: str) -> None:
    """Another's seat is answered as one that never was."""
    for way in ("vote", "pass"):
        said = {"choice": "none"}
        answers = {
            (each.status_code, each.text)
            for seat_id in (other_seat, MADE_UP)
            for each in [await first.client.post(f"{PANEL}/cases/{seat_id}/{way}", json=said)]
        }
        assert len(answers) == 1
        assert answers.pop()[0] == 404


async def test_a_seat_learns_no_names_and_no_votes(data_dir: Path, database_url: str) -> None:
    async with with_panels(data_dir, database_url) as place:
        mia = await staff(place, "mia")
        sitting = await seated(place, "cleo", "dan", "eve", "fay", "gus")
        author, other, reporter = await place.members(AUTHOR, OTHER, REPORTER)
        await author.change(display_name=SHOWN)
        files = {"file": ("picture", bytes(photo(64, 48).pngsave_buffer()), "image/png")}
        upload = await author.client.post(
            "/api/v2/media", files=files, data={"description": f"Me, {AUTHOR}"}
        )
        await place.app.work()
        post = await author.post(
            HOSTILE, spoiler_text=f"By {AUTHOR}", media_ids=[upload.json()["id"]]
        )
        await report(reporter, author, post["id"], harm="harassment", comment=f"{AUTHOR} lies")
        (case,) = await queue(place)
        panel = await mia.do(f"{TEAM}/panels", case_id=str(case.id))
        asked = await waiting(sitting)
        (first, seat), (second, other_seat), *_ = asked
        shown = await first.get(f"{PANEL}/cases/{seat}")
        assert shown["spoiler_text"] == "By [author]"
        assert shown["media"][0]["description"] == "Me, [author]"
        assert shown["text"].startswith("I, [author], say [author] [author] [person 1] that")
        assert shown["text"].count("[author]") == 8
        await vote(first, seat, "remove", reason="Secretly so")
        for who, seat_id in asked:
            text = (await read(who, seat_id)).lower()
            found = [trace for trace in TRACES if trace in text]
            assert found == [], text
            people = (author, other, reporter, *(each for each in sitting if each is not who))
            ids = {str(each.account_id) for each in people} | {post["id"], str(case.id)}
            assert not [each for each in ids | {panel["id"]} if each in text]
            if who is not first:
                assert "remove" not in text.partition('"choices"')[0]
                assert "secretly" not in text
        # Whoever was not asked learns nothing of it, and what it is about can't be seen by its id.
        for who in (author, reporter, mia, place.nobody):
            status = 401 if who is place.nobody else 404
            await who.get(f"{PANEL}/cases/{seat}", status)
        await second.get(f"{PANEL}/cases/{panel['id']}", 404)
        await _not_theirs(first, other_seat)
        # What was for everybody is not any more: nothing of it is shown.
        await author.delete(post["id"])
        await second.get(f"{PANEL}/cases/{other_seat}", 404)
