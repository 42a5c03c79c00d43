"""Text inside XML documents. Source: XML 1.0, fifth edition, 2.2 and 2.4."""

from xml.sax.saxutils import escape


def xml_text(text: str) -> str:
    """Drop the characters that XML 1.0 can't hold in any spelling; nothing is escaped."""
    return "".join(c for c in text if c in "\t\n\r" or (c >= " " and not _outside(c)))


def _outside(character: str) -> bool:
    return character in "\ufffe\uffff" or "\ud800" <= character <= "\udfff"


def element(name: str, text: str) -> str:
    """An element with nothing but text in it, whatever the text is."""
    return f"<{name}>{escape(xml_text(text))}</{name}>"
