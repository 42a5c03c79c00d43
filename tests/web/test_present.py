"""Custom emoji in HTML, and faults as sentences."""

from rostra.kernel.errors import Invalid, Unavailable
from rostra.network.instance.model import CustomEmoji
from rostra.web.faults import form_of, sentence
from rostra.web.present import with_emoji

BOOK = {
    "blob": CustomEmoji(
        shortcode="blob", url='https://x/"b".png', static_url="", visible_in_picker=True
    )
}


def test_emoji_stand_between_tags_only() -> None:
    html = with_emoji('<a href="/:blob:">:blob: :none:</a>', BOOK)
    assert html.startswith('<a href="/:blob:"><img class="custom-emoji"')
    assert 'src="https://x/&#34;b&#34;.png"' in html
    assert ":none:</a>" in html
    assert with_emoji(":blob:", {}) == ":blob:"


def test_faults_are_sentences_beside_their_fields() -> None:
    form = form_of({"text": "x"}, Invalid("media_ids", "can't be more than 4"), {"media_ids": "p"})
    assert form.errors == {"p": "This can't be more than 4."}
    assert form.value("text") == "x"
    assert form_of({}, Invalid("base", "too many")).message == "Too many."
    assert form_of({}, Unavailable(5, safe="Closed for now")).message == "Closed for now."
    assert sentence("Done!") == "Done!"
