"""Texts that look like posts, and texts that look like nothing."""

from hypothesis import strategies as st

anything = st.text(st.characters(codec=None))
_pieces = st.sampled_from(
    [
        "https://",
        "http://example.org",
        "https://www.example.com/a_(b)?q=1#x",
        "@bob",
        "@bob@example.org",
        "#tag",
        "#\u65e5\u672c\u8a9e",
        "\uff03",
        ":blob:",
        "://",
        "(",
        ")",
        "<b>",
        "&amp;",
        '"',
        "'",
        " ",
        "\n",
        "\n\n",
        "\u00b7",
        "\u200c",
        "\u0301",
        "\U0001f468\u200d\U0001f469",
        "\U0001f1e9\U0001f1ea",
        "a",
        "1",
        "_",
        ".",
        "/",
        "=",
        "?",
    ]
)
posts = st.lists(st.one_of(_pieces, st.text(max_size=3)), max_size=25).map("".join)
texts = st.one_of(anything, posts)
