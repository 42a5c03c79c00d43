"""Queries that mean harm, or nothing: each has a plain answer, on both databases."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.harness.neighbours import Place

from rostra.kernel.text.clean import normalise
from rostra.network.search import access, grammar, words
from rostra.network.search.model import Part, PostQuery

PATH = "/api/v2/search"
HOSTILE = [
    '"', "'", "''", '""', "\\", "a\\'b", "a'b", "*", "a*", "-", "--", "- -", "()", "(a", "a)",
    "NOT", "a NOT", "NOT a", "AND", "a AND b", "a OR", "NEAR(a b)", "NEAR/3", "^a", "a:b", "text:a",
    "{a}", "a + b", "a & b", "a | !b", "!", "<->", "a:*", "':*", ":*", "$1", "?", ":match",
    "%", "_", "%_",
    "\x00", "a\x00b", "\ud7ff\ufffd", "\u202e", "🎉", "ิ", "กิน", "-東", '"東', "from:", "from:@",
    "from:'", "-from:me", '-"a b"', "x" * 5000, "a " * 5000, '"' * 999, "-" * 999, "ﷺ" * 500,
    "e\u0301" * 1000, "@", "@@", "@a@", "http://", "https://[", "http://127.0.0.1:8420/@",
    "has:", "has:x", "-has:", "is:'", 'in:"', "language:'", "before:0000", "during:9999",
    "after:2024-13", "during:2024-02-30", "-during:2024", "from:me has:image", "\ue000p",
    "\ue000a1", "in:library", "-in:all", "“a b”", "+a", "+-a", "before:2024 after:2025",
    "language:en -language:de is:reply", "\ue0001 東",
    "1; DROP TABLE posts", "' OR 1=1 --", "#", "##", "#%", "[]", "\n", "\t",
]  # fmt: skip


async def test_hostile_queries_have_plain_answers(place: Place) -> None:
    ann = await place.member("ann")
    await ann.post("a b text not near 東京 กิน 🎉 x")
    for query in HOSTILE:
        for kind in ("accounts", "hashtags", "statuses"):
            answer = await ann.client.get(PATH, params={"q": query, "type": kind})
            assert answer.status_code in {200, 422}, (query, kind, answer.text)
        answer = await ann.client.get("/api/v1/accounts/search", params={"q": query})
        assert answer.status_code in {200, 422}, (query, answer.text)
        await ann.post(f".{query}"[:900])


QUIETLY = settings(
    max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@QUIETLY
@given(query=st.text(max_size=60))
async def test_any_text_can_be_looked_for(place: Place, query: str) -> None:
    now = place.clock.now()
    async with place.db.read() as reader:
        await access.posts(reader, 1, PostQuery(query), Part(), now=now)
        await access.accounts(reader, 1, query, Part())
        await access.tags(reader, query, Part(), now=now)


@QUIETLY
@given(text=st.text(max_size=80))
async def test_a_text_is_found_by_its_own_words(place: Place, text: str) -> None:
    quoted = normalise(text).translate(grammar.QUOTES).replace('"', " ")
    if not words.rows(quoted, grammar.MOST_TOKENS):
        return
    ann = await place.member(f"ann{place.services.ids.next() % 10**12}")
    post = await ann.post(text)
    answer = await ann.get(PATH, params={"q": f'"{quoted}"', "type": "statuses"})
    assert [status["id"] for status in answer["statuses"]] == [post["id"]]


def test_long_texts_and_queries_are_bounded() -> None:
    assert len(words.document("a " * 1_000_000)) == words.MOST_INDEXED
    asked = grammar.parse("a " * 1000)
    assert sum(len(row) for row in asked.wanted) == grammar.MOST_TOKENS
    assert len(grammar.parse("from:a from:b from:c from:d from:e from:f").authors) == 4
