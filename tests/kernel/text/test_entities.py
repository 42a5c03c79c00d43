import pytest
from hypothesis import given
from tests.kernel.text.strategies import texts
from tests.kernel.text.work import HOSTILE, grows_linearly

from rostra.kernel.text import entities
from rostra.kernel.text.entities import Entity, Kind, Limits, extract


def values(text: str, kind: Kind) -> list[str]:
    return [entity.value for entity in extract(text) if entity.kind is kind]


@given(texts)
def test_spans_never_overlap_and_say_what_they_hold(text: str) -> None:
    end = 0
    for entity in extract(text):
        assert end <= entity.start < entity.end <= len(text)
        assert entity.value in text[entity.start : entity.end]
        end = entity.end


@pytest.mark.parametrize("piece", HOSTILE)
def test_work_grows_with_the_text_and_no_faster(piece: str) -> None:
    assert grows_linearly(extract, piece)


@pytest.mark.parametrize(
    ("text", "urls"),
    [
        ("see https://example.org.", ["https://example.org"]),
        ("(https://example.org/a)", ["https://example.org/a"]),
        ("https://en.wikipedia.org/wiki/A_(b)!", ["https://en.wikipedia.org/wiki/A_(b)"]),
        ("https://a.example/x(y", ["https://a.example/x"]),
        ("https://a.example/x((y))z", ["https://a.example/x((y))z"]),
        ("https://a.example/x(y z)", ["https://a.example/x"]),
        ("https://a.example:8080/?q=1&r=#s, and", ["https://a.example:8080/?q=1&r=#s"]),
        ("https://a.example/?", ["https://a.example/"]),
        ("HTTP://A.EXAMPLE/B", ["HTTP://A.EXAMPLE/B"]),
        ("https://b\u00fccher.example/\u00e9", ["https://b\u00fccher.example/\u00e9"]),
        ("<https://a.example/x>", ["https://a.example/x"]),
        ("https://a.example/\u202egnp", ["https://a.example/"]),
        ("https://a.example/@bob/#x", ["https://a.example/@bob/#x"]),
        ("xhttps://a.example $https://a.example @https://a.example", []),
        ("http://localhost https://127.0.0.1 https:// example.org", []),
        ("ftp://a.example javascript:alert(1)", []),
        ("http\u017f://a.example", []),
    ],
)
def test_addresses(text: str, urls: list[str]) -> None:
    assert values(text, Kind.URL) == urls


@pytest.mark.parametrize(
    ("text", "handles"),
    [
        ("@bob", ["bob"]),
        ("hi @bob, @Anna_2.", ["bob", "Anna_2"]),
        ("@bob@example.org.", ["bob@example.org"]),
        ("@bob@b\u00fccher.example", ["bob@b\u00fccher.example"]),
        ("(@bob) \n@bob", ["bob", "bob"]),
        ("a.b@example.org /@bob =@bob \u00e9@bob", []),
        ("@ @- @\u00e9", []),
        ("@bob@@", []),
        ("@bob\u00e9", []),
        ("@bob://", []),
        ("@@bob", ["bob"]),
        ("@" + "a" * 300, []),
    ],
)
def test_mentions(text: str, handles: list[str]) -> None:
    assert values(text, Kind.MENTION) == handles


@pytest.mark.parametrize(
    ("text", "tags"),
    [
        ("#tag, #Tag_2!", ["tag", "Tag_2"]),
        ("#1 #12 #_ #_1", []),
        ("#1_2 #1\u00b72 #2go", ["1_2", "1\u00b72", "2go"]),
        ("#a\u00b7 #\u00b7a", ["a"]),
        ("#\u0645\u06cc\u200c\u062e", ["\u0645\u06cc\u200c\u062e"]),
        ("#\u65e5\u672c\u30fb\u8a9e", ["\u65e5\u672c\u30fb\u8a9e"]),
        ("\uff03\u5168\u89d2", ["\u5168\u89d2"]),
        ("#\u0939\u093f\u0928\u094d\u0926\u0940", ["\u0939\u093f\u0928\u094d\u0926\u0940"]),
        ("a#b /#c )#d =#e", []),
        ("#a#b", ["a"]),
        ("#taghttps://x", ["tag"]),
        ("#\ufe0f\u20e3", []),
        ("#" + "a" * 101, []),
        ("#" + "a" * 100, ["a" * 100]),
    ],
)
def test_hashtags(text: str, tags: list[str]) -> None:
    assert values(text, Kind.HASHTAG) == tags
    assert all(entities.is_hashtag(tag) for tag in tags)


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        (":blob: (:a_1:)", ["blob", "a_1"]),
        ("a:blob: :blob:a :blob::x: :a: :b-c:", []),
        ("12:30:45", []),
    ],
)
def test_emoji(text: str, codes: list[str]) -> None:
    assert values(text, Kind.EMOJI) == codes


def test_what_is_over_the_limit_stays_text() -> None:
    found = extract("@a @b #c #d :ee: :ff: https://g.hi", Limits(1, 1, 1))

    assert [entity.value for entity in found] == ["a", "c", "ee", "https://g.hi"]


def test_each_name_once() -> None:
    found = extract("@Bob @bob #\u00c9b\u00e8ne #ebene @anna #x")

    assert entities.mentions(found) == ["Bob", "anna"]
    assert entities.hashtags(found) == ["\u00c9b\u00e8ne", "x"]
    assert found[0] == Entity(Kind.MENTION, 0, 4, "Bob")


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("Tag", "tag"),
        ("\u00c9b\u00e8ne", "ebene"),
        ("\u0141\u00f3d\u017a", "lodz"),
        ("\uff21\uff22", "ab"),
        ("\u30ac", "\u30ac"),
        ("\u0939\u093f\u0928", "\u0939\u093f\u0928"),
    ],
)
def test_hashtag_keys(name: str, key: str) -> None:
    assert entities.hashtag_key(name) == key


@given(texts)
def test_a_hashtag_key_is_its_own_key(text: str) -> None:
    for tag in values(text, Kind.HASHTAG):
        key = entities.hashtag_key(tag)
        assert entities.hashtag_key(key) == key


@given(texts)
def test_is_hashtag_agrees_with_extract(text: str) -> None:
    whole = [Entity(Kind.HASHTAG, 0, len(text) + 1, text)]
    assert not entities.is_hashtag(text) or extract("#" + text) == whole
