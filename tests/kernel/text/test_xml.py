"""Whatever a text is, a document with it can be read, and says the same."""

from xml.etree import ElementTree as ET

from hypothesis import example, given
from hypothesis import strategies as st

from rostra.kernel.text.xml import element, xml_text


@given(st.text(st.characters(exclude_categories=())))
@example("]]><a b='&#0;'/>")
@example("\x00\x0b\x1f\ud800\udfff\ufffe\uffff")
def test_any_text_can_be_read_again(text: str) -> None:
    root = ET.fromstring(f"<r>{element('e', text)}</r>")  # noqa: S314 (our own document)
    assert [each.tag for each in root] == ["e"]
    read = root[0].text or ""
    assert read == xml_text(text).replace("\r\n", "\n").replace("\r", "\n")
    if text.isprintable():
        assert read == text
