"""Text as it comes in: one form, no invisible tricks, nothing that a database refuses."""

import re
import unicodedata
from typing import Final
from urllib.parse import urlsplit

# Python sorts a run of combining marks by insertion, so that 100,000 of them take minutes.
# Unicode's stream-safe format (UAX #15, 13) bounds a run at 30; no script needs more.
MAX_MARKS: Final = 30
# What a name can carry and still be read (Tibetan and Vietnamese stack up to four).
MAX_NAME_MARKS: Final = 6
MAX_URL: Final = 2048

_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
_SURROGATE = re.compile("[\ud800-\udfff]")
_ABOVE_LATIN = re.compile("[^\x00-\u02ff]")
_SPACE = re.compile(r"\s+")

# Invisible, or turning the direction of what follows: none of it belongs into a name.
_HIDDEN = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b\u200e\u200f"
    "\u202a-\u202e\u2060-\u206f\u2800\u3164\ufeff\uffa0\ufff0-\ufffb"
    "\U0001d173-\U0001d17a\U000e0000-\U000e001f\U000e0080-\U000e0fff]"
)
# A joiner means something only between characters of a script or of an emoji.
_LOOSE_JOINER = re.compile("(?<![^\x00-\u02ff])[\u200c\u200d]+|[\u200c\u200d]+(?![^\x00-\u02ff])")
# Tag characters spell the flags of England, Scotland and Wales; anywhere else they hide text.
_LOOSE_TAGS = re.compile("(\U0001f3f4[\U000e0020-\U000e007f]{1,8})|[\U000e0020-\U000e007f]+")
_URL_REFUSED = re.compile(
    r"[\s\x00-\x20\x7f-\xa0\\<>\"^`{|}\u200b-\u200f\u202a-\u202e\u2060-\u206f]"
)
_HOST = re.compile(r"[\w.-]+|\[[0-9A-Fa-f:.]+\]")


def normalise(text: str) -> str:
    """Return text in NFC with single line feeds, no controls but tab and line feed, no lone halves.

    A lone surrogate becomes U+FFFD, because UTF-8 has no place for it; a surrogate pair
    becomes its character. Runs of combining marks are cut at 30.
    """
    if text.isascii():
        return _CONTROL.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    if _SURROGATE.search(text):
        text = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    text = _CONTROL.sub("", text)
    return unicodedata.normalize("NFC", _limit_marks(text, MAX_MARKS))


def strip_nulls(text: str) -> str:
    """Remove U+0000 alone, for texts that must otherwise stay as they are."""
    return text.replace("\x00", "")


def one_line(text: str) -> str:
    """Return normalised text with every run of white space made one blank, ends trimmed."""
    return _SPACE.sub(" ", normalise(text)).strip()


def display_name(text: str) -> str:
    """Return a name that shows what it is.

    Removed: controls, zero-width characters, direction overrides, fillers that look like
    nothing, joiners outside of a script that needs them, piles of marks. May come out empty.
    """
    line = _SPACE.sub(" ", normalise(text))
    if not line.isascii():
        line = _HIDDEN.sub("", line)
        line = _LOOSE_TAGS.sub(lambda found: found.group(1) or "", line)
        line = _LOOSE_JOINER.sub("", line)
        line = unicodedata.normalize("NFC", _limit_marks(line, MAX_NAME_MARKS))
    return _SPACE.sub(" ", line).strip()


def safe_url(text: str) -> str | None:
    """Return an address that a page may link to, or None.

    It is http or https, has a host and no user name, and holds no blank, control, quote,
    bracket or direction override. At most 2,048 characters. Says nothing on where the host
    leads: the guarded client decides on that.
    """
    text = text.strip()
    if len(text) > MAX_URL or _SURROGATE.search(text) or _URL_REFUSED.search(text):
        return None
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError:
        return None
    if parts.scheme not in {"http", "https"} or "@" in parts.netloc or port == 0:
        return None
    host = parts.netloc.rpartition(":")[0] if port is not None else parts.netloc.rstrip(":")
    if not _HOST.fullmatch(host) or not host.strip(".-[]"):
        return None
    return text


def _limit_marks(text: str, limit: int) -> str:
    if not _ABOVE_LATIN.search(text):
        return text
    kept: list[str] = []
    run = 0
    for char in text:
        run = run + 1 if _is_mark(char) else 0
        if run <= limit:
            kept.append(char)
    return text if len(kept) == len(text) else "".join(kept)


def _is_mark(char: str) -> bool:
    return char > "\u02ff" and (
        unicodedata.combining(char) != 0 or unicodedata.category(char) in {"Mn", "Me"}
    )
