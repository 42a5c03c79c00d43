"""Reads a letter: from bytes of a mail, from pasted text, from a report in XARF."""

import hashlib
import re
from typing import Final

import msgspec

from rostra.kernel.errors import Invalid
from rostra.safety.notices.reading import mail, xarf
from rostra.safety.notices.reading.addresses import Finder
from rostra.safety.notices.reading.concerns import bases_of, concerns_of
from rostra.safety.notices.reading.deadlines import deadline_of
from rostra.safety.notices.reading.feedback import Feedback, read_feedback
from rostra.safety.notices.reading.fold import lines_of
from rostra.safety.notices.reading.home import Home
from rostra.safety.notices.reading.model import (
    MAX_LETTER,
    Deadline,
    Form,
    Piece,
    Reading,
    Sender,
    SenderKind,
)
from rostra.safety.notices.reading.references import references_of
from rostra.safety.notices.reading.senders import sender_of
from rostra.safety.notices.reading.tongue import language_of

_HEADER = re.compile(r"([A-Za-z][A-Za-z-]{1,40}):[ \t]*(.*(?:\n[ \t]+.*)*)\n")
_MAIL_HEADERS: Final = frozenset({"mime-version", "content-type", "message-id", "received"})
_PASTED_LABELS: Final = {
    "from": "from", "von": "from", "de": "from", "subject": "subject", "betreff": "subject",
    "objet": "subject", "asunto": "subject", "date": "date", "datum": "date", "fecha": "date",
    "sent": "date", "gesendet": "date", "reply-to": "reply-to", "to": "to", "an": "to",
    "\u00e0": "to", "para": "to",
}  # fmt: skip
_PASTED = re.compile(rf"\s*({'|'.join(_PASTED_LABELS)})\s?:[ \t]*([^\n]*)\n", re.IGNORECASE)
_NOT_IN_ID = re.compile(r"[^\w.-]")
_KEPT_TEXT: Final = 200_000
_MESSAGE_IDS = re.compile(r"<[^<>\s]{3,250}>")
_MOST_IDS: Final = 30
_MOST_HEADERS: Final = 200
# What XARF and ARF call what is complained of, in our words.
_XARF_CONCERNS: Final = {
    "csam": "child_abuse", "csem": "child_abuse", "ncii": "intimate_images", "phishing": "phishing",
    "malware": "malware", "fraud": "fraud", "spam": "spam", "copyright": "copyright",
    "brand_infringement": "trademark", "ugc_platform": "copyright", "exposed_data": "privacy",
    "abuse": "spam", "virus": "malware",
}  # fmt: skip


def read_letter(data: bytes, place: Home, received_at: int) -> Reading:
    """Read a mail as it came over the wire, or a file that holds a XARF report.

    Args:
        data: any bytes; over the limit the rest is not read, which is said.
        place: our names.
        received_at: UTC ms.
    """
    broken = ""
    if xarf.looks_like_xarf(data[:4_096]) and len(data) <= MAX_LETTER:
        try:
            return read_report(data, place, received_at)
        except Invalid as error:  # whatever it names is found in its text
            broken = error.safe
            data = b"\n" + data
    letter = mail.take_apart(data)
    reports = [part for part in letter.parts if part.kind == "message/feedback-report"]
    feedback = read_feedback(lines_of(reports[0].text)) if reports else None
    faults = [*letter.faults, *(feedback.faults if feedback else ())]
    faults += [broken] if broken else []
    pieces, concern, reference = _pieces(letter, feedback, place, faults)
    headers = letter.headers
    sent, zone = mail.sent_at(headers.get("date", ""))
    made = _Words(headers, headers.get("subject", ""), sent, zone, pieces, place, received_at)
    return made.reading(
        Form.FEEDBACK if feedback else Form.MAIL,
        left_out=letter.unread,
        faults=tuple(faults),
        concerns=concern,
        references=reference,
    )


def read_text(text: str, place: Home, received_at: int) -> Reading:
    """Read what somebody has pasted: a whole mail with its headers, a XARF report, or words."""
    text = lines_of(text).lstrip("\n\ufeff ")
    first = {found[1].lower() for found in _leading_headers(text)}
    if (first & _MAIL_HEADERS and first & {"from", "subject"}) or text.startswith("{"):
        data = text.encode("utf-8", "replace")
        if not text.startswith("{") or xarf.looks_like_xarf(data[:4_096]):
            return read_letter(data, place, received_at)
    left_out: tuple[str, ...] = ()
    if len(text) > MAX_LETTER:
        left_out = (f"the text has {len(text)} characters; the first {MAX_LETTER} were read",)
        text = text[:MAX_LETTER]
    headers, body = _pasted_headers(text)
    sent, zone = mail.sent_at(headers.get("date", ""))
    pieces = [Piece("text", text)]
    made = _Words(headers, headers.get("subject", ""), sent, zone, pieces, place, received_at)
    return made.reading(Form.TEXT, left_out=left_out, words=body)


def read_report(data: bytes, place: Home, received_at: int) -> Reading:
    """Read a report in XARF.

    Raises:
        Invalid: names the field that is missing or wrong.
    """
    report = xarf.read_xarf(data)
    core = report.xarf
    contact = core.sender.contact if "@" in core.sender.contact else core.reporter.contact
    headers = {
        "from": f"{core.reporter.org} <{contact}>" if "@" in contact else core.reporter.org,
        "message-id": f"<{_NOT_IN_ID.sub('', core.report_id)}@xarf>",
    }
    pieces = [Piece(field, lines_of(text)) for field, text in report.texts]
    title = f"{core.category}/{core.type}"
    made = _Words(headers, "", 0, None, pieces, place, received_at)
    named = _XARF_CONCERNS.get(core.type.replace("-", "_"), "")
    references = tuple(each for each in (core.reporter_reference_id, core.report_id) if each)
    return made.reading(
        Form.XARF,
        left_out=report.unread,
        concerns=(named,) if named else (),
        references=references,
        words=core.description,
        title=title,
    )


def _pieces(
    letter: mail.Letter, feedback: Feedback | None, place: Home, faults: list[str]
) -> tuple[list[Piece], tuple[str, ...], tuple[str, ...]]:
    """The texts of a mail, and what reports among its parts say it is about."""
    ours = letter.enclosed_from.rpartition("@")[2].strip(" >")
    shown_only = feedback is not None and (bool(feedback.uris) or place.ours(ours))
    made: list[Piece] = []
    concerns: list[str] = []
    references: list[str] = []
    for part in letter.parts:
        if part.kind == "message/feedback-report":
            if feedback is not None:
                made.append(Piece("feedback report", "\n".join(feedback.uris), spoken=False))
                concerns.append(_XARF_CONCERNS.get(feedback.kind, feedback.kind))
        elif part.kind == "text/rfc822-headers":
            continue
        elif xarf.looks_like_xarf(part.text[:4_096].encode("utf-8", "replace")):
            made += _reported(part, faults, concerns, references)
        else:
            spoken = not part.attached and not part.enclosed
            made.append(Piece(part.name, lines_of(part.text), part.enclosed and shown_only, spoken))
    return made, tuple(each for each in concerns if each), tuple(references)


def _reported(
    part: mail.Part, faults: list[str], concerns: list[str], references: list[str]
) -> list[Piece]:
    """The texts of a XARF report that came with a mail; of a broken one all that it holds."""
    try:
        report = xarf.read_xarf(part.text.encode("utf-8", "replace"))
    except Invalid as error:
        faults.append(f"{part.name}: {error.safe}")
        return [Piece(part.name, lines_of(part.text), spoken=False)]
    concerns.append(_XARF_CONCERNS.get(report.xarf.type.replace("-", "_"), ""))
    core = report.xarf
    references += [each for each in (core.reporter_reference_id, core.report_id) if each]
    return [
        Piece(f"{part.name} {field}", lines_of(text), spoken=False) for field, text in report.texts
    ]


class _Words(msgspec.Struct, frozen=True):
    """The headers and texts of a letter, on the way to its reading."""

    headers: dict[str, str]
    subject: str
    sent: int
    zone: int | None
    pieces: list[Piece]
    place: Home
    received_at: int

    def reading(
        self,
        form: Form,
        *,
        left_out: tuple[str, ...] = (),
        faults: tuple[str, ...] = (),
        concerns: tuple[str, ...] = (),
        references: tuple[str, ...] = (),
        words: str | None = None,
        title: str = "",
    ) -> Reading:
        """Everything that is found."""
        finder = Finder(self.place, self.received_at)
        if self.subject:
            finder.take(Piece("subject", self.subject))
        for piece in self.pieces:
            finder.take(piece)
        said = self._said() if words is None else words
        language = language_of(said) or language_of(self.subject)
        sender = sender_of(self.headers, self.subject, said)
        found = references_of(self.subject, said)
        about = concerns_of(self.subject, said) or concerns_of("", self._everything())
        return Reading(
            form=form,
            message_id=_first_id(self.headers.get("message-id", "")),
            thread=_thread(self.headers),
            sender=sender,
            subject=self.subject or title,
            sent_at=self.sent,
            references=tuple(dict.fromkeys((*found, *references))),
            deadline=self._deadline(said, language),
            language=language,
            concerns=tuple(dict.fromkeys((*concerns, *about))),
            bases=bases_of(f"{self.subject}\n{said}"),
            addresses=finder.subjects,
            mentioned=finder.mentioned,
            pages=finder.pages,
            elsewhere=finder.elsewhere,
            left_out=(*left_out, *finder.left_out),
            faults=faults,
            text=said[:_KEPT_TEXT],
            digest=self._digest(sender),
        )

    def _said(self) -> str:
        """The sender's own words: the plain text, else the HTML, else whatever there is."""
        spoken = [piece for piece in self.pieces if piece.spoken]
        plain = [piece.text for piece in spoken if piece.part != "html" and piece.text.strip()]
        return "\n".join(plain or [piece.text for piece in spoken or self.pieces])

    def _everything(self) -> str:
        """The beginning of each text, those that are enclosed too."""
        return "\n".join(piece.text[:_KEPT_TEXT] for piece in self.pieces[:_MOST_IDS])

    def _deadline(self, said: str, language: str) -> Deadline:
        return deadline_of(
            f"{self.subject}.\n{said}",
            language=language,
            received_at=self.received_at,
            sent_at=self.sent,
            header_zone=self.zone,
        )

    def _digest(self, sender: Sender) -> str:
        """A hash of who writes, the subject and every text, blanks and case left out."""
        whole = hashlib.sha256()
        for text in (sender.email, self.subject, *(piece.text for piece in self.pieces)):
            whole.update("".join(text.lower().split()).encode("utf-8", "replace"))
            whole.update(b"\0")
        return whole.hexdigest()


def _leading_headers(text: str) -> list[re.Match[str]]:
    found: list[re.Match[str]] = []
    at = 0
    while len(found) < _MOST_HEADERS and (each := _HEADER.match(text, at, at + 8_192)):
        found.append(each)
        at = each.end()
    return found


def _pasted_headers(text: str) -> tuple[dict[str, str], str]:
    """The lines on who wrote when that a mail program leaves above a copied letter."""
    headers: dict[str, str] = {}
    at = 0
    while found := _PASTED.match(text, at):
        headers.setdefault(_PASTED_LABELS[found[1].lower()], found[2].strip())
        at = found.end()
    return headers, text[at:]


def _first_id(value: str) -> str:
    found = _MESSAGE_IDS.search(value)
    return found[0] if found else ""


def _thread(headers: dict[str, str]) -> tuple[str, ...]:
    """The letters that this one answers, the nearest first."""
    both = f"{headers.get('in-reply-to', '')} {headers.get('references', '')}"
    ids = _MESSAGE_IDS.findall(both)
    return tuple(dict.fromkeys([*ids[:1], *ids[:0:-1]]))[:_MOST_IDS]


__all__ = ["SenderKind", "read_letter", "read_report", "read_text"]
