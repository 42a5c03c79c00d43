"""What a text says of itself: addresses, hosts, hashtags, mentions."""

from typing import Any

from rostra.kernel.text.entities import NO_LIMITS, Kind, extract, hashtag_key


def found_in_text(text: str) -> dict[str, Any]:
    """The features of a post that stand in its text."""
    found = extract(text, NO_LIMITS)
    links = tuple(dict.fromkeys(each.value for each in found if each.kind is Kind.URL))
    return {
        "post.links": links,
        "post.domains": tuple(dict.fromkeys(map(_host, links))),
        "post.tags": tuple(
            dict.fromkeys(hashtag_key(each.value) for each in found if each.kind is Kind.HASHTAG)
        ),
        "post.mentions": sum(each.kind is Kind.MENTION for each in found),
    }


def _host(address: str) -> str:
    host = address.partition("://")[2]
    for end in "/?#":
        host = host.partition(end)[0]
    host = host.rpartition("@")[2].partition(":")[0].lower()
    return host.removeprefix("www.")
