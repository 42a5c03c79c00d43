"""Addresses in whatever dress, ours told from others."""

import pytest

from rostra.safety.notices.reading.home import Home, home
from rostra.safety.notices.reading.model import Kind, Reading
from rostra.safety.notices.reading.read import read_text

NOW = 1_795_683_600_000  # 26 November 2026, 09:00 UTC
ID = 1882823065600104729
PLACE = home("https://rostra.example", "", "https://rostra.example/media")
KEY = "media/k7/k7abcdefghijklmnopqrstuvwxyz2345.webp"


def read(text: str, place: Home = PLACE) -> Reading:
    return read_text(text, place, NOW)


def names(text: str, place: Home = PLACE) -> list[str]:
    return [address.name for address in read(text, place).addresses]


POST = [f"post:{ID}"]
FOUND = {
    "plain": f"https://rostra.example/@ann/{ID}",
    "end of a sentence": f"See https://rostra.example/@ann/{ID}.",
    "brackets": f"(see <https://rostra.example/@ann/{ID}>)",
    "quotes": f'"https://rostra.example/@ann/{ID}"',
    "no scheme": f"rostra.example/@ann/{ID}",
    "upper case": f"HTTPS://ROSTRA.EXAMPLE/@Ann/{ID}",
    "www": f"http://www.rostra.example/@ann/{ID}",
    "port": f"https://rostra.example:8443/@ann/{ID}",
    "user info": f"https://ann:secret@rostra.example/@ann/{ID}",
    "query": f"https://rostra.example/@ann/{ID}?a=1&b=2#c",
    "embed": f"https://rostra.example/@ann/{ID}/embed",
    "lasting": f"https://rostra.example/users/ann/statuses/{ID}",
    "api": f"https://rostra.example/api/v1/statuses/{ID}",
    "interface": f"https://rostra.example/posts/{ID}",
    "of somebody elsewhere": f"https://rostra.example/@ann@away.example/{ID}",
    "own domain repeated": f"https://rostra.example/@ann@rostra.example/{ID}",
    "hxxp": f"hxxps://rostra.example/@ann/{ID}",
    "brackets around signs": f"hxxps[:]//rostra[.]example/@ann/{ID}",
    "dot in words": f"rostra[dot]example/@ann/{ID}",
    "dot in braces": f"rostra{{.}}example/@ann/{ID}",
    "at in brackets": f"rostra.example/[at]ann/{ID}",
    "percent": f"https://rostra.example/%40ann/{ID}",
    "percent twice": f"https://away.example/?u=https%253A%252F%252Frostra.example%252F%2540ann%252F{ID}",
    "redirector": f"https://away.example/r?to=https://rostra.example/@ann/{ID}&x=1",
    "redirector without scheme": f"https://away.example/r?to=rostra.example/@ann/{ID}&x=1",
    "soft hyphen": f"https://ro\u00adstra.example/@ann/{ID}",
    "zero width": f"https://rostra.\u200bexample/@a\u2060nn/{ID}",
    "full width": f"\uff48ttps://rostra\uff0eexample/\uff20ann/{ID}",
    "json": f'{{"u": "https:\\/\\/rostra.example\\/@ann\\/{ID}"}}',
    "entities": f"https&#58;//rostra&period;example/&commat;ann/{ID}",
    "in an id": f"https://rostra.example/@ann/{str(ID)[:7]}\n{str(ID)[7:]}",
    "in an id, quoted": f"> > https://rostra.example/@ann/{str(ID)[:7]}\n> > {str(ID)[7:]}",
    "in a name": f"https://rostra.example/@a\nnn/{ID}",
    "in the host": f"https://rost\nra.example/@ann/{ID}",
    "behind the scheme": f"https:/\n/rostra.example/@ann/{ID}",
    "with a hyphen": f"https://rostra.example/@ann/{str(ID)[:9]}-\n   {str(ID)[9:]}",
    "soft line end": f"https://rostra.example/@ann/{str(ID)[:9]}=\n{str(ID)[9:]}",
    "over three lines": f"https://rostra.example/\n@ann/\n{ID}",
    "markdown": f"[here](https://rostra.example/@ann/{ID}) **now**",
    "table": f"| https://rostra.example/@ann/{ID} | x |",
    "csv": f'1,"https://rostra.example/@ann/{ID}",x',
    "no blank after": f"https://rostra.example/@ann/{ID}\u3002\u8bf7\u5220\u9664",
    "no blank before": f"\u8bf7\u770brostra.example/@ann/{ID}",
    "bare": f"Post ID: {ID}",
    "bare in a list": f"The posts:\n\n- {ID}\n",
    "bare in a column": f"post_id;seen\n{ID};today",
}


@pytest.mark.parametrize("text", FOUND.values(), ids=FOUND.keys())
def test_a_post_is_found(text: str) -> None:
    assert names(text) == POST


NOT_OURS = {
    "longer host": f"https://rostra.example.evil.test/@ann/{ID}",
    "host in front": f"https://evilrostra.example/@ann/{ID}",
    "hyphen": f"https://my-rostra.example/@ann/{ID}",
    "below ours": f"https://cdn.rostra.example/@ann/{ID}",
    "user info": f"https://rostra.example@evil.test/@ann/{ID}",
    "user info with a port": f"https://rostra.example:443@evil.test/@ann/{ID}",
    "in a path": f"https://evil.test/rostra.example/@ann/{ID}",
    "cyrillic": f"https://r\u043estra.example/@ann/{ID}",
    "no host": f"/@ann/{ID}",
    "mail address": "write to ann@rostra.example or abuse@rostra.example",
    "front page": "https://rostra.example/ and rostra.example",
    "terms": "https://rostra.example/about/terms https://rostra.example/about",
    "hashtag": "https://rostra.example/tags/ann",
    "message id": f"Message-ID: <{ID}@rostra.example>",
    "ticket": f"Ticket {ID}, order no. {ID}",
    "number alone": f"{ID}",
    "number that is no id": "Post ID: 9882823065600104729",
    "longer number": f"post {ID}1",
    "id that is cut off": f"https://rostra.example/@ann/{str(ID)[:12]} is bad",
    "name alone": "Follow us: @examplehost",
    "name in words": "please look @home",
    "name of a network": "Twitter: @examplehost",
    "other place's post": f"https://away.example/@ann/{ID}",
}


@pytest.mark.parametrize("text", NOT_OURS.values(), ids=NOT_OURS.keys())
def test_nothing_is_invented(text: str) -> None:
    assert names(text) == []


@pytest.mark.parametrize(
    ("text", "acct"),
    [
        ("https://rostra.example/@Ann", "ann"),
        ("https://rostra.example/@ann.", "ann"),
        ("_https://rostra.example/@ann_", "ann"),
        ("https://rostra.example/@ann_", "ann_"),
        ("https://rostra.example/@ann/followers", "ann"),
        ("https://rostra.example/@ann.rss", "ann"),
        ("https://rostra.example/users/ann", "ann"),
        ("<https://rostra.example/@an\nn>", "ann"),
        ("https://rostra.example/@bob.x@away.example", "bob.x@away.example"),
        ("@ann@rostra.example", "ann"),
        ("acct:ann@rostra.example", "ann"),
        ("the user ann@rostra.example", "ann"),
        ("the account @ann is fake", "ann"),
        ("das Konto @ann", "ann"),
        ("https://away.example/@ann@rostra.example", "ann"),
    ],
)
def test_an_account_is_found(text: str, acct: str) -> None:
    assert names(text) == [f"account:{acct}"]


def test_an_account_at_the_end_of_a_line_takes_nothing_from_the_next() -> None:
    assert names("https://rostra.example/@ann\nis bad") == ["account:ann"]
    assert names("rostra.example/@ann\nrostra.example/@bob") == ["account:ann", "account:bob"]


def test_files_and_numbers_of_accounts_and_media_are_found() -> None:
    text = (
        f"https://rostra.example/media/{KEY}, https://rostra.example/api/v1/accounts/{ID}"
        f" https://rostra.example/api/v1/media/{ID}"
    )

    assert names(text) == [f"media:{KEY}", f"account:{ID}", f"media:{ID}"]


def test_files_on_a_host_of_their_own() -> None:
    place = home("https://rostra.example", "people.example", "https://files.example/r")

    assert names(f"https://files.example/r/{KEY}", place) == [f"media:{KEY}"]
    assert names(f"https://files.example/{KEY}", place) == []
    assert names("@ann@people.example", place) == ["account:ann"]
    assert names("https://rostra.example/@ann", place) == ["account:ann"]


def test_a_domain_in_another_script_is_ours_in_both_spellings() -> None:
    place = home("https://xn--bcher-kva.example", "", "https://xn--bcher-kva.example/media")

    assert names(f"https://b\u00fccher.example/@ann/{ID}", place) == POST
    assert names(f"https://XN--BCHER-KVA.example/@ann/{ID}", place) == POST
    assert names(f"https://bucher.example/@ann/{ID}", place) == []


def test_where_it_stands() -> None:
    reading = read(
        f"Hello\n\n>> see hxxps://rostra[.]example/@ann/{ID} and\nrostra.example/@ann/{ID}"
    )

    (address,) = reading.addresses
    first, second = address.places
    assert (address.kind, address.id, address.acct, address.times) == (Kind.POST, ID, "ann", 2)
    assert (first.line, first.quoted, first.how, first.part) == (3, 2, "address", "text")
    assert first.written == f">> see hxxps://rostra[.]example/@ann/{ID} and"
    assert (second.line, second.quoted) == (4, 0)


def test_what_is_elsewhere_is_told_apart_and_look_alikes_are_marked() -> None:
    reading = read("https://rostra.examp1e/@x https://away.example/a. https://rostra.example/about")

    assert [(each.host, each.look_alike) for each in reading.elsewhere] == [
        ("rostra.examp1e", True),
        ("away.example", False),
    ]
    assert [each.name for each in reading.pages] == ["page:/about"]


def test_a_post_that_is_cut_off_is_shown_among_the_pages() -> None:
    reading = read("https://rostra.example/@ann/18828230 is bad")

    assert [each.name for each in reading.pages] == ["page:/@ann/18828230"]
