"""Queries that mean harm, or nothing: each has a plain answer, on both databases."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.harness.neighbours import Place

from rostra.network.posts.events import PostPublished
from rostra.network.search import index, queries, words

PATH = "/api/v2/search"
HOSTILE = [
    '"', "'", "''", '""', "\\", "a\\'b", "a'b", "*", "a*", "-", "--", "- -", "()", "(a", "a)",
    "NOT", "a NOT", "NOT a", "AND", "a AND b", "a OR", "NEAR(a b)", "NEAR/3", "^a", "a:b", "text:a",
    "{a}", "a + b", "a & b", "a | !b", "!", "<->", "a:*", "':*", ":*", "$1", "?", ":match",
    "%", "_", "%_",
    "\x00", "a\x00b", "\ud7ff\ufffd", "\u202e", "🎉", "ิ", "กิน", "-東", '"東', "from:", "from:@",
    "from:'", "-from:me", '-"a b"', "x" * 5000, "a " * 5000, '"' * 999, "-" * 999, "ﷺ" * 500,
    "e\u0301" * 1000, "@", "@@", "@a@", "http://", "https://[", "http://127.0.0.1:8420/@",
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


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(query=st.text(max_size=60))
async def test_any_text_can_be_looked_for(place: Place, query: str) -> None:
    async with place.db.read() as reader:
        if reader.dialect == "sqlite":
            match = words.sqlite_match(words.parse(query))
            begin = words.sqlite_beginnings(words.beginnings(query))
        else:
            match = words.postgresql_match(words.parse(query))
            begin = words.postgresql_beginnings(words.beginnings(query))
        if match:
            await reader.all(queries.POST_MATCHES, match=match, below=2**63 - 1, above=0, limit=5)
        if begin:
            await reader.all(queries.ACCOUNT_MATCHES, match=begin, limit=5)


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(text=st.text(max_size=80))
async def test_a_text_is_found_by_its_own_words(place: Place, text: str) -> None:
    found = words.words(text, words.MOST_ASKED)
    post_id = place.services.ids.next()
    event = PostPublished(post_id=post_id, account_id=1, visibility=0, thread_id=1, text=text)
    async with place.db.write() as tx:
        await index.post_published(place.services, tx, event)
    if not found:
        return
    asked = words.Asked(wanted=(tuple(found),))
    async with place.db.read() as reader:
        sqlite = reader.dialect == "sqlite"
        match = words.sqlite_match(asked) if sqlite else words.postgresql_match(asked)
        rows = await reader.all(
            queries.POST_MATCHES, match=match, below=post_id + 1, above=post_id - 1, limit=5
        )
    assert rows == [post_id]


@given(st.text(max_size=300))
def test_words_are_folded_once_and_for_all(text: str) -> None:
    found = words.words(text)
    assert words.words(" ".join(found)) == found
    assert all(word.isalnum() for word in found)


def test_long_texts_and_queries_are_bounded() -> None:
    assert len(words.words("a " * 1_000_000)) == words.MOST_INDEXED
    asked = words.parse("a " * 1000)
    assert sum(len(row) for row in asked.wanted) == words.MOST_ASKED
