"""What the index holds of a post: its words, and marks of what it is.

A mark is a token that no text can have, because it begins with a character of private use.
"""

from collections.abc import Iterable, Mapping, Sequence

from rostra.kernel.text.entities import Kind, extract
from rostra.network.edge import Reader
from rostra.network.search import queries, words
from rostra.network.search.model import Facts

_MARK = "\ue000"
PUBLIC = f"{_MARK}p"  # public, by an author who agreed to be found


def author(account_id: int) -> str:
    """The mark of a post's author."""
    return f"{_MARK}a{account_id:x}"


def mentioned(account_id: int) -> str:
    """The mark of somebody whom a post mentions."""
    return f"{_MARK}m{account_id:x}"


def facet(name: str) -> str:
    """The mark of what a post has or is (`image`, `reply`, `language-de`)."""
    return f"{_MARK}f{name}"


_KINDS = {"image": "image", "video": "video", "gifv": "video", "audio": "audio"}


def marks(facts: Facts, people: Iterable[int] = (), kinds: Iterable[str] = ()) -> list[str]:
    """Every mark of a post that mentions these people and shows these kinds of media."""
    found = [author(facts.account_id)]
    if facts.visibility == 0 and facts.indexable:
        found.append(PUBLIC)
    found += (mentioned(each) for each in people)
    names = dict.fromkeys(_KINDS[kind] for kind in kinds if kind in _KINDS)
    told = {
        "media": facts.media_count,
        "poll": facts.poll,
        "link": "://" in facts.text and any(each.kind is Kind.URL for each in extract(facts.text)),
        "embed": facts.framed,
        "quote": facts.quote,
        "reply": facts.in_reply_to_id,
        "sensitive": facts.sensitive,
    }
    found += (facet(name) for name in [*names, *(name for name, has in told.items() if has)])
    if facts.language:
        base = facts.language.partition("-")[0]
        found += (facet(f"language-{code}") for code in dict.fromkeys((facts.language, base)))
    return found


async def documents(
    reader: Reader, ids: Sequence[int], named: Mapping[int, Sequence[int]] | None = None
) -> dict[int, list[str]]:
    """The tokens of these posts, by id; of reblogs none. One statement, at most four.

    ``named``: whom they mention, by post, where that is known already.
    """
    facts = await reader.all(queries.FACTS, ids=ids)
    people: dict[int, list[int]] = {at: list(who) for at, who in (named or {}).items()}
    named_in = [each.post_id for each in facts if each.has_mentions and each.post_id not in people]
    if named_in:
        for post_id, account_id in await reader.all(queries.MENTIONED_IN, ids=named_in):
            people.setdefault(post_id, []).append(account_id)
    media: dict[int, list[tuple[str, str]]] = {}
    illustrated = [each.post_id for each in facts if each.media_count]
    if illustrated:
        for post_id, kind, description in await reader.all(queries.MEDIA_OF, ids=illustrated):
            media.setdefault(post_id, []).append((kind, description))
    options: dict[int, list[str]] = {}
    asking = [each.post_id for each in facts if each.poll]
    if asking:
        for post_id, title in await reader.all(queries.OPTIONS_OF, ids=asking):
            options.setdefault(post_id, []).append(title)
    found = {}
    for each in facts:
        shown = media.get(each.post_id, [])
        said = [description for _, description in shown] + options.get(each.post_id, [])
        text = "\n".join((each.spoiler_text, each.text, *said))
        kinds = [kind for kind, _ in shown]
        found[each.post_id] = words.document(text, marks(each, people.get(each.post_id, ()), kinds))
    return found
