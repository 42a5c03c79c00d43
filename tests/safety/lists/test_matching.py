"""What is found in a text, and where: phrases, words, patterns, domains."""

import time
from collections.abc import Sequence

import pytest

from rostra.safety.lists.entries import Refused, checked, read, time_of, wanted
from rostra.safety.lists.hosts import Hosts, listed
from rostra.safety.lists.model import ListKind
from rostra.safety.lists.patterns import Patterns
from rostra.safety.lists.phrases import Laid, Phrases, folded
from rostra.safety.signals.normal import normalise

PHRASES = ("kill you", "shoot*", "tod", "\u6bba\u3059", "lynch them all", "you")


def _phrases(text: str, phrases: Sequence[str] = PHRASES) -> list[tuple[str, str]]:
    found = Phrases([folded(each) for each in phrases]).find(Laid(normalise(text)))
    return sorted((phrases[hit.which], text[hit.start : hit.end]) for hit in found)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("I will kill, you!", [("kill you", "kill, you"), ("you", "you")]),
        ("K.I.L.L, y0u", [("kill you", "K.I.L.L, y0u"), ("you", "y0u")]),
        ("sh00ting and shoot", [("shoot*", "sh00ting"), ("shoot*", "shoot")]),
        ("skill your", []),
        ("todlich Tod.", [("tod", "Tod")]),
        ("\u304a\u524d\u3092\u6bba\u3059\u3088", [("\u6bba\u3059", "\u6bba\u3059")]),
        ("you you", [("you", "you"), ("you", "you")]),
        ("", []),
    ],
)
def test_phrases_are_found_at_the_bounds_of_words(text: str, found: list[tuple[str, str]]) -> None:
    assert _phrases(text) == found


@pytest.mark.parametrize(
    ("phrase", "found", "not_in"),
    [
        (
            "\u092e\u093e\u0930\u094b",
            "\u0909\u0938\u0947 \u092e\u093e\u0930\u094b!",
            "\u092e\u0947\u0930\u0947",
        ),
        (
            "\u0939\u093f\u0902\u0926\u0942",
            "\u0939\u093f\u0902\u0926\u0942 \u0939\u0948",
            "\u0939 \u0926",
        ),
        ("\u0998\u09c3\u09a3\u09be", "\u0998\u09c3\u09a3\u09be.", "\u0998\u09a3\u09c0"),
        (
            "\u0e06\u0e48\u0e32",
            "\u0e09\u0e31\u0e19\u0e06\u0e48\u0e32\u0e04\u0e38\u0e13",
            "\u0e06\u0e32",
        ),
        ("\u0e14\u0e35", "\u0e14\u0e35", "\u0e14\u0e35\u0e48"),
        ("\u3070\u304b", "\u304a\u524d\u306f\u3070\u304b", "\u306f\u304b \u3070\u304c"),
    ],
)
def test_vowels_that_are_marks_are_part_of_their_words(
    phrase: str, found: str, not_in: str
) -> None:
    """Hindi, Bengali, Thai, Japanese: what differs in its vowels alone is another word."""
    assert _phrases(found, [phrase]) == [(phrase, phrase)]
    assert _phrases(not_in, [phrase]) == []
    assert checked(ListKind.WORDS, phrase)


def test_a_word_in_hindi_may_go_on() -> None:
    assert _phrases("\u092e\u093e\u0930\u0928\u093e", ["\u092e\u093e\u0930*"]) == [
        ("\u092e\u093e\u0930*", "\u092e\u093e\u0930\u0928\u093e")
    ]
    assert _phrases("\u092e\u093e\u0930\u094b", ["\u092e\u093e\u0930"]) == []


def test_patterns_are_found_as_written_and_without_disguise() -> None:
    text = "k!ll 555-1234"
    found = Patterns([r"\bk[ai]ll\b", r"\d{3}-\d{4}", "zzz"]).find(normalise(text))
    assert {(hit.which, text[hit.start : hit.end]) for hit in found} == {
        (0, "k!ll"),
        (1, "555-1234"),
    }


def _hosts(text: str, *entries: str) -> list[str]:
    found = Hosts([listed(each) for each in entries]).find(text)
    return [text[hit.start : hit.end] for hit in found]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("see www.EXAMPLE.com.", ["www.EXAMPLE.com"]),
        ("notexample.com example.com.evil.net examplecom", []),
        (
            "\u0435xample.com, sub.ex\u0430mple.com:80/x",
            ["\u0435xample.com", "sub.ex\u0430mple.com:80/x"],
        ),
        ("https://example.com/a?b=c", ["example.com/a?b=c"]),
        ("example[.]com", ["example[.]com"]),
        ("hxxps://a.example (dot) com/x", ["a.example (dot) com/x"]),
        ("example dot com", ["example dot com"]),
        ("exam\u200bple\u3002com", ["exam\u200bple\u3002com"]),
        ("xn--bcher-kva.de and b\u00fccher.de", ["xn--bcher-kva.de", "b\u00fccher.de"]),
        (
            "x.\u0939\u093f\u0928\u094d\u0926\u0940.com!",
            ["x.\u0939\u093f\u0928\u094d\u0926\u0940.com"],
        ),
        ("bad.org/spam/1 bad.org/spam?x bad.org/spammer", ["bad.org/spam/1", "bad.org/spam?x"]),
    ],
)
def test_domains_are_found_however_they_are_written(text: str, found: list[str]) -> None:
    entries = (
        "Example.com",
        "https://www.bad.org/spam/",
        "b\u00fccher.de",
        "\u0939\u093f\u0928\u094d\u0926\u0940.com",
    )
    assert _hosts(text, *entries) == found


def test_links_are_looked_up_by_their_host() -> None:
    hosts = Hosts([listed("evil.net"), listed("bad.org/a")])
    assert list(hosts.of_link("https://x.evil.net/")) == [0]
    assert list(hosts.of_link("https://bad.org/a/b?c")) == [1]
    assert not list(hosts.of_link("https://bad.org/b"))
    assert not list(hosts.of_link("https://[bad"))


@pytest.mark.parametrize(
    "entry", ["site.example/bad", "site.example//x/../%62ad/", "site.example/bad#y"]
)
@pytest.mark.parametrize(
    "path",
    [
        "/bad",
        "/%62ad",
        "//bad",
        "/./bad",
        "/x/../bad",
        "/%2e%2e/bad",
        "/bad;x",
        "/bad%2Fx",
        "/bad?x",
        "/bad#x",
        "/bad//x",
        "\\bad",
        "/x/..//%2E/bad/",
    ],
)
def test_a_path_is_found_however_it_is_written(entry: str, path: str) -> None:
    hosts = Hosts([listed(entry)])
    assert list(hosts.of_link(f"https://www.site.example{path}")) == [0]
    assert len(list(hosts.find(f"see www.site.example{path} now"))) == 1


@pytest.mark.parametrize(
    "path", ["/", "", "/badge", "/x/bad", "/bad/../x", "/%2562ad", "/?bad", "/#bad"]
)
def test_another_path_is_not_found(path: str) -> None:
    hosts = Hosts([listed("site.example/bad")])
    assert list(hosts.of_link(f"https://site.example{path}")) == []
    assert list(hosts.find(f"see site.example{path} now")) == []


def test_what_is_asked_of_a_page_may_be_listed() -> None:
    hosts = Hosts([listed("site.example/page?id=7")])
    for asked, found in (("id=7", [0]), ("id=7&x=1", [0]), ("id=%37", [0]), ("id=77", [])):
        assert list(hosts.of_link(f"https://site.example/./page?{asked}")) == found


REFUSED = {
    (ListKind.PHRASES, " "): "can't be blank",
    (ListKind.PHRASES, "!?"): "has no letter or digit",
    (ListKind.PHRASES, "x" * 201): "is too long (most: 200 characters)",
    (ListKind.PHRASES, "a*"): "is too short: it would be found in every text",
    (ListKind.WORDS, "two words"): "must be one word",
    (ListKind.PATTERNS, "(a+)+b"): "is refused: a repeat stands in a repeat",
    (ListKind.PATTERNS, "a*"): "is refused: this pattern is found in every text",
    (ListKind.PATTERNS, "("): "is refused: this pattern is refused: missing )",
    (ListKind.DOMAINS, "nothing"): "is no domain or address of a page",
    (ListKind.DOMAINS, "1.2.3.4"): "is no domain or address of a page",
}


@pytest.mark.parametrize(("given", "words"), REFUSED.items())
def test_what_can_not_stand_in_a_list_is_refused(given: tuple[ListKind, str], words: str) -> None:
    with pytest.raises(Refused) as refused:
        checked(*given)
    assert str(refused.value).startswith(words)


def test_an_entry_is_kept_as_it_is_compared() -> None:
    assert checked(ListKind.PHRASES, "  K!ll   YOU*") == "kill you*"
    assert checked(ListKind.WORDS, "SH00T*") == "shoot*"
    assert checked(ListKind.PATTERNS, "K[i1]ll") == "K[i1]ll"
    assert checked(ListKind.DOMAINS, "hxxps://www.Evil[.]net/a/*") == "evil.net/a"


def test_files_are_read_and_faults_name_line_and_field() -> None:
    text = "# what we saw\nkill you\n\n  shoot  \n#hashtag\n"
    lines = read(text, as_csv=False)
    assert [(line.number, line.text) for line in lines] == [
        (2, "kill you"),
        (4, "shoot"),
        (5, "#hashtag"),
    ]
    rows = 'entry,ends,reason\n"kill\nyou",2030-01-01,seen\n,x,\nkill you,2020-01-01,' + "y" * 501
    found, faults = wanted(ListKind.PHRASES, read(rows, as_csv=True), "why", time_of("2026-01-01"))
    assert [tuple(each) for each in found] == [("kill you", "seen", time_of("2030-01-01"))]
    assert [(fault.field, fault.message) for fault in faults] == [
        ("line_4_entry", "can't be blank"),
        ("line_4_ends", "must be a day such as 2027-05-01"),
        ("line_5_reason", "is too long (most: 500 characters)"),
        ("line_5_ends", "lies in the past"),
    ]
    bare, _ = wanted(ListKind.WORDS, read("one\none,again\n", as_csv=True), "why", 0)
    assert [tuple(each) for each in bare] == [("one", "why", 0)]


HOSTILE = ("kill you ", "a.", "a dot ", "[.]", "x.y.", "\u6bba\u3059", "http://", "you", "a-b.c/")


@pytest.mark.untraced  # what traces it takes longer than it does
def test_hostile_texts_take_a_time_that_grows_with_their_length() -> None:
    """A hundred thousand characters against ten thousand entries and a hundred patterns."""
    phrases = Phrases([folded(f"word{number} kill you") for number in range(10_000)])
    patterns = Patterns([rf"\bk{number}[a-z]+ll\b" for number in range(100)])
    hosts = Hosts([listed(f"bad{number}.example.com") for number in range(10_000)])
    for unit in HOSTILE:
        normal = normalise((unit * (100_000 // len(unit) + 1))[:100_000])
        began = time.process_time()
        list(phrases.find(Laid(normal)))
        list(patterns.find(normal))
        list(hosts.find(normal.original))
        assert time.process_time() - began < 5, unit
