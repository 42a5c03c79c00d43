"""Until when an answer is due: the earliest that the letter can mean, a day if it names nothing.

Spans ("within 24 hours") count from when the letter was sent, or received if that is earlier or
not known. Dates without a zone are read in the earliest one that the letter hints at.
"""

import re
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Final, NamedTuple

from rostra.safety.notices.reading import dates
from rostra.safety.notices.reading.dates import DATE, TIME, WEEKDAY, ZONE
from rostra.safety.notices.reading.model import DAY_MS, Deadline

_HOUR: Final = 3_600_000
_NUMBERS: Final = {
    word: number
    for number, words in {
        1: "one a an ein eine einer einem eines un une uno una", 2: "two zwei deux dos",
        3: "three drei trois tres", 4: "four vier quatre cuatro", 5: "five f\u00fcnf cinq cinco",
        6: "six sechs seis", 7: "seven sieben sept siete", 8: "eight acht huit ocho",
        10: "ten zehn dix diez",
        12: "twelve zw\u00f6lf douze doce",
        14: "fourteen vierzehn quatorze catorce",
        24: "twenty-four vierundzwanzig vingt-quatre veinticuatro",
        48: "forty-eight achtundvierzig quarante-huit",
        72: "seventy-two zweiundsiebzig soixante-douze",
    }.items()
    for word in words.split()
}  # fmt: skip
_NUMBER = rf"(?P<n>\d{{1,3}}|{'|'.join(sorted(_NUMBERS, key=len, reverse=True))})"
_UNIT = (
    r"(?P<unit>(?P<business>business days?|working days?|business hours|werktag(?:en?|s)?"
    r"|arbeitstag(?:en?|s)?|gesch\u00e4ftstag(?:en?|s)?"
    r"|jours? (?:ouvr\u00e9s?|ouvrables?)|d\u00edas? (?:h\u00e1bil(?:es)?|laborables?))"
    r"|(?P<hours>hours?|hrs?|stunden?|std\.?|heures?|horas?|h)\b"
    r"|(?P<minutes>minutes?|minuten?|minutos?)\b"
    r"|(?P<days>(?:calendar |kalender)?(?:days?|tag(?:en?|es)?)|jours?(?: calendaires)?"
    r"|d\u00edas?(?: naturales)?)\b"
    r"|(?P<weeks>weeks?|wochen?|semaines?|semanas?)\b)"
)
_PREFIX = (
    r"(?:within|inside|in the next|not? (?:later|more) than|less than|under|for the next"
    r"|deadline(?: is| of)?:?|time ?frame:?|response (?:due|required)(?: in| within)?:?"
    r"|innerhalb|binnen|in den n\u00e4chsten|sp\u00e4testens(?: in| nach)?|frist(?: von)?:?"
    r"|antwortfrist:?"
    r"|sous|dans(?: un d\u00e9lai(?: maximum| maximal)?)?|d['\u2019]ici|en moins"
    r"|d\u00e9lai(?: de r\u00e9ponse)?\s?:?|disposez"
    r"|en (?:el|un) plazo(?: m\u00e1ximo| improrrogable)?|plazo(?: m\u00e1ximo)?:?|dentro"
    r"|en menos|en las pr\u00f3ximas|dispon(?:e|en|dr\u00e1)|antes de que transcurran"
    r"|you have|sie haben|have)"
)
_FILLERS = (
    r"(?:(?:the|of|at most|a maximum of|next|following|only|von|der|den|dem|n\u00e4chsten|folgenden"
    r"|einer frist von|h\u00f6chstens|de|des|les|un d\u00e9lai|prochaines|las|los|pr\u00f3ximas"
    r"|siguientes|no superior a|maximum|no m\u00e1s)\s){0,4}"
)
_RANGE = r"(?:\s?(?:-|\u2013|to|bis|\u00e0|a|oder|or)\s?\d{1,3})?"
_SPAN = re.compile(
    rf"\b{_PREFIX}\s?{_FILLERS}{_NUMBER}(?:\b"
    rf"|(?=h\b))(?:\s?\(\d{{1,3}}\))?{_RANGE}[\s-]{{0,2}}{_UNIT}",
    re.IGNORECASE,
)
_SPAN_AFTER = re.compile(
    rf"\b{_NUMBER}[\s-]{{1,2}}{_UNIT}[\s-]{{1,2}}"
    r"(?:deadline|from (?:the )?(?:receipt|receiving)|of (?:the )?receipt|to (?:respond|reply"
    r"|act|comply|remove)|notice|zeit\b|frist|nach (?:erhalt|eingang|zugang)"
    r"|\u00e0 compter|pour (?:r\u00e9pondre|retirer)|para (?:responder|retirar)"
    r"|desde la recepci\u00f3n|a partir de)",
    re.IGNORECASE,
)
# The sender's own times, times that are over, and times to object: none is ours to keep.
_OTHERS_BEFORE = re.compile(
    r"(?:\bwe (?:will|shall|aim|usually|normally|try|endeavou?r|expect to|hope to|process|review"
    r"|answer)\b"
    r"|\bour team (?:will|aims|responds)\b|\bwir (?:werden|melden|antworten|bem\u00fchen"
    r"|bearbeiten)\b"
    r"|\bnous (?:vous r\u00e9pon|nous engage|traitons|r\u00e9pondons)|\b(?:le )?responderemos\b"
    r"|\bnuestro equipo\b"
    r"|\bappeal\w*|\bcounter-?notice|\bobjection|\bwiderspruch|\bbeschwerde (?:einlegen|kann)"
    r"|\brechtsbehelf|\bklage\b"
    r"|\brecours\b|\brecurso\b|\brecurrir|\bcontest\w*\b"
    r"|\b(?:was|were|wurde|has been|have been) (?:sent|posted|published|reported)\b)[^.!?]{0,110}\Z"
    r"|\b(?:preserve|retain|aufbewahr|conserv)\w*[^.!?]{0,40}\Z",
    re.IGNORECASE,
)
_OTHERS_AFTER = re.compile(
    r"\A[^.!?\n]{0,12}\b(?:ago|earlier|later)\b|\A[^.!?]{0,70}\b(?:appeal|widerspruch"
    r"|rechtsbehelf|rechtsmittel|klage erh"
    r"|recours|recurso|wird sich .{0,20}melden|we will (?:respond|get back))",
    re.IGNORECASE,
)
_UNTIL = (
    r"(?:no later than|not later than|by|until|till|before|deadline(?: for (?:\w+ ){1,4})?"
    r"(?: is)?|due(?: date| by| on)?|response due|respond by|expir(?:es|y)(?: on)?|at the latest"
    r"|bis(?: sp\u00e4testens| l\u00e4ngstens)?(?: zum)?|sp\u00e4testens(?: am| bis(?: zum)?"
    r"| zum)?|frist(?:ende|ablauf)?(?: l\u00e4uft ab)?(?: am)?|fristablauf|vor dem"
    r"|avant|au plus tard|jusqu['\u2019]au|d['\u2019]ici|date limite(?: de r\u00e9ponse)?"
    r"|\u00e9ch\u00e9ance|d\u00e9lai"
    r"|antes|hasta|a m\u00e1s tardar|fecha l\u00edmite(?: de respuesta)?|vencimiento|vence"
    r"|plazo(?: de respuesta)?)"
)
_BEFORE = re.compile(r"\A(?:before|vor dem|avant|antes)\b", re.IGNORECASE)
_BETWEEN = (
    r"(?:(?:the|on|at|of|is|den|dem|am|um|zum|le|la|les|du|\u00e0|el|a|las|del|de|al|d\u00eda"
    rf"|{WEEKDAY})[,.]?\s|[,:;\s(\u2013-]){{0,8}}"
)
_DATED = re.compile(
    rf"\b{_UNTIL}[\s:]{{0,3}}{_BETWEEN}(?:{TIME}[\s,]{{0,2}}{ZONE}[\s,]{{0,2}}{_BETWEEN})?{DATE}",
    re.IGNORECASE,
)
_TIME_AFTER = re.compile(
    rf"[\s,T\u2013-]{{0,3}}(?:(?:at|um|\u00e0|a las|las|by|bis|before|,|kl\.?)\s){{0,2}}\(?{TIME}",
    re.IGNORECASE,
)
_ZONE_AFTER = re.compile(rf"\s{{0,2}}{ZONE}", re.IGNORECASE)
_NAMED_DAY = re.compile(
    rf"\b{_UNTIL}[\s:]{{0,3}}(?:(?:the|end of|next|this|den|dem|le|la|el|heute|kommenden"
    rf"|n\u00e4chsten|a|las|ma\u00f1ana)\s){{0,3}}"
    rf"(?:{TIME}[\s,]{{0,2}}{ZONE}[\s,]{{0,2}}(?:on |am |le |del? |of )?)?"
    rf"(?P<day>{WEEKDAY}|today|tomorrow|heute|morgen|aujourd['\u2019]hui|demain|hoy|ma\u00f1ana"
    rf"|business day)\b",
    re.IGNORECASE,
)
# A weekday before a date says nothing that the date does not say.
_DATE_FOLLOWS = re.compile(
    rf"[,\s]{{0,3}}(?:(?:the|den|dem|le|el)\s)?(?:\d{{1,4}}(?!\d|:|[ \t]?(?:uhr|h|[ap]m)\b)"
    rf"|{dates.MONTH}\b)",
    re.IGNORECASE,
)
_TODAY: Final = frozenset({"today", "heute", "hoy", "business day"})
_URGENT = re.compile(
    r"\b(?:immediate(?:ly)?|without (?:undue )?delay|at once|as soon as possible|expeditiously"
    r"|urgent(?:ly)?"
    r"|unverz\u00fcglich\w*|sofort\w*|umgehend\w*|sans d\u00e9lai|imm\u00e9diat\w*|promptement"
    r"|dans les plus brefs d\u00e9lais"
    r"|de inmediato|inmediat\w+|sin demora|urgente(?:mente)?)\b",
    re.IGNORECASE,
)
_FRONT: Final = 120_000
_BACK: Final = 30_000
_AROUND: Final = 130
_MOST: Final = 200
_TRUSTED_DATE: Final = 3 * DAY_MS
_END_OF_DAY: Final = (24, 0)


class _Candidate(NamedTuple):
    at: int
    words: str
    note: str


class _Frame(NamedTuple):
    """What dates are read against."""

    sent: int
    language: str
    header_zone: int | None


class _When(NamedTuple):
    """A time of a day, and its zone if it is said."""

    clock: tuple[int, int]
    zone: int | None


def deadline_of(
    text: str, *, language: str, received_at: int, sent_at: int, header_zone: int | None
) -> Deadline:
    """The deadline of a letter.

    Args:
        text: what the sender says, subject first.
        language: code, or empty.
        received_at: UTC ms.
        sent_at: UTC ms, as the letter says; 0 if it does not.
        header_zone: minutes east of UTC of the letter's date; None if it has none.
    """
    plain = _one_line(text)
    trusted = 0 < sent_at <= received_at and received_at - sent_at <= _TRUSTED_DATE
    sent = sent_at if trusted else received_at
    frame = _Frame(sent, language, header_zone)
    urgent = _URGENT.search(plain) is not None
    named = [*_spans(plain, frame), *_dated(plain, frame), *_named_days(plain, frame)]
    coming = [each for each in named if each.at > sent - DAY_MS]
    if not coming:
        note = "the date that the letter names was over when it was sent" if named else ""
        return Deadline(received_at + DAY_MS, named=False, words="", note=note, urgent=urgent)
    first = min(coming)
    notes = [first.note] if first.note else []
    if len({each.at for each in coming}) > 1:
        notes.append("several deadlines are named: the earliest counts")
    return Deadline(first.at, named=True, words=first.words, note="; ".join(notes), urgent=urgent)


def _one_line(text: str) -> str:
    shown = text if len(text) <= _FRONT + _BACK else f"{text[:_FRONT]}\n{text[-_BACK:]}"
    return " ".join(re.sub(r"^[>|\s]+", " ", shown, flags=re.MULTILINE).split())


def _spans(text: str, frame: _Frame) -> Iterator[_Candidate]:
    for form in (_SPAN, _SPAN_AFTER):
        for count, found in enumerate(form.finditer(text)):
            if count >= _MOST:
                break
            if _somebody_elses(text, found):
                continue
            number = found["n"].lower()
            amount = int(number) if number.isdigit() else _NUMBERS[number]
            if amount:
                yield _Candidate(_after(frame.sent, amount, found), found[0], "")


def _after(sent: int, amount: int, found: re.Match[str]) -> int:
    if found["business"] and "hour" not in found["business"].lower():
        return dates.business_days_after(sent, amount)
    if found["minutes"]:
        return sent + amount * 60_000
    if found["days"]:
        return sent + amount * DAY_MS
    if found["weeks"]:
        return sent + amount * 7 * DAY_MS
    return sent + amount * _HOUR


def _somebody_elses(text: str, found: re.Match[str]) -> bool:
    before = text[max(0, found.start() - _AROUND) : found.start()]
    after = text[found.end() : found.end() + _AROUND]
    return bool(_OTHERS_BEFORE.search(before) or _OTHERS_AFTER.match(after))


def _dated(text: str, frame: _Frame) -> Iterator[_Candidate]:
    for count, found in enumerate(_DATED.finditer(text)):
        if count >= _MOST:
            return
        days = dates.days_of(found, dates.day_at(frame.sent), frame.language)
        if not days or _somebody_elses(text, found):
            continue
        note = "the date can be read in two ways: the earlier counts" if len(days) > 1 else ""
        clock, zone, end = _clock_around(text, found)
        if clock is None:
            clock = (0, 0) if _BEFORE.match(found[0]) else _END_OF_DAY
        yield _made(days[0], _When(clock, zone), frame, text[found.start() : end], note)


def _clock_around(
    text: str, found: re.Match[str]
) -> tuple[tuple[int, int] | None, int | None, int]:
    """The time and zone that stand before or behind a date, and where they end."""
    clock, zone, end = dates.clock_of(found), dates.zone_of(found), found.end()
    if clock is None:
        behind = _TIME_AFTER.match(text, end)
        if behind:
            clock, end = dates.clock_of(behind), behind.end()
    if zone is None:
        said = _ZONE_AFTER.match(text, end)
        zone = dates.zone_of(said)
        end = said.end() if said and zone is not None else end
    return clock, zone, end


def _named_days(text: str, frame: _Frame) -> Iterator[_Candidate]:
    for count, found in enumerate(_NAMED_DAY.finditer(text)):
        if count >= _MOST:
            return
        if _somebody_elses(text, found) or _DATE_FOLLOWS.match(text, found.end()):
            continue
        name = found["day"].lower().replace("\u2019", "'")
        today = dates.day_at(frame.sent, frame.header_zone or 0)
        if name in _TODAY or name == "aujourd'hui":
            day = today
        elif name in {"tomorrow", "morgen", "demain", "ma\u00f1ana"}:
            day = today + timedelta(days=1)
        else:
            day = dates.weekday_after(today, name)
        clock, zone, end = _clock_around(text, found)
        if clock is None:
            clock = (0, 0) if _BEFORE.match(found[0]) else _END_OF_DAY
        yield _made(day, _When(clock, zone), frame, text[found.start() : end], "")


def _made(day: date, when: _When, frame: _Frame, words: str, note: str) -> _Candidate:
    clock, zone = when
    if zone is None:
        zone, assumed = dates.assumed_zone(day, frame.language, frame.header_zone)
        note = "; ".join(each for each in (note, assumed) if each)
    return _Candidate(dates.moment(day, clock, zone), words.strip()[:120], note)
