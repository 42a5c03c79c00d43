"""What a page says of itself; nothing in it is trusted, and everything in it is short."""

import msgspec

MOST_BYTES = 524_288
"""How much of a page is read: what describes it stands at its beginning."""

LONGEST = 2000
"""Most characters of one value."""


class Page(msgspec.Struct, frozen=True):
    """The description of a page.

    Attributes:
        title: of the window.
        language: as the page names it.
        metas: `name`, `property` or `itemprop` of each `<meta>`, in lower case, with its first
            value.
        oembed: address of its oEmbed description in JSON, as written.
        article: what its JSON-LD says of an article: `headline`, `description`, `author`,
            `published`, `publisher`, `image`.
    """

    title: str = ""
    language: str = ""
    metas: dict[str, str] = {}
    oembed: str = ""
    article: dict[str, str] = {}
