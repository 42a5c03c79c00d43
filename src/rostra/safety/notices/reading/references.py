"""What the sender wants to find in the answer: ticket numbers, file numbers, tags of a subject."""

import re
from typing import Final

_VALUE = r"[A-Z0-9][\w./:+#-]{1,60}[A-Za-z0-9]"
# The tag in a subject is kept whole: the sender's programs look for it as it stands.
_TAG = re.compile(
    r"\[(?:abuse(?:[ _-]?id)?|ticket|case|ref|notice|report|#|sir|incident|dossier|vorgang"
    r"|az|expediente|fall|tracking)[ :#.-]{0,3}[^\[\]\n]{2,60}\]"
    r"|\[[A-Z]{2,12}[-#:]?[0-9][\w./:-]{2,40}\]",
    re.IGNORECASE,
)
_LABELS: Final = (
    r"abuse[ _-]?(?:report|case|ticket|id)(?:[ _-]?(?:id|number|no\.?|nr\.?))?"
    r"|(?:our[ ]|your[ ])?(?:case|ticket|complaint|notice|incident|report|request|submission|claim"
    r"|order|warrant|removal[ ]order|reference|file|tracking)[ _-]?"
    r"(?:id|number|numbers|no\.?|nr\.?|ref(?:erence)?|code|#)"
    r"|(?:our|your)[ ]ref(?:erence|\.)?|case|ticket|reference|ref\.?(?:[ ]?(?:no|nr)\.?)?"
    r"|apple[ ]?id[ ]of[ ]app|submission[ ]id|control[ ]number|cybertip(?:line)?[ ]report"
    r"|az\.?|gesch\u00e4ftszeichen|gesch\.?-?z\.?|aktenzeichen|unser[ ]zeichen|unsere?[ ]referenz"
    r"|vorgangs(?:nummer|-?nr\.?|kennung|zeichen)|vorgang|ticket-?(?:nummer|nr\.?)"
    r"|fall-?(?:nummer|nr\.?)"
    r"|beschwerde-?(?:nummer|nr\.?)|referenz(?:nummer)?|tagebuch-?(?:nummer|nr\.?)"
    r"|meldungs-?(?:nummer|nr\.?|id)"
    r"|(?:n/|nos[ ]|notre[ ]|v/)?r\u00e9f(?:\u00e9rence|\.)?|num\u00e9ro[ ]de[ ](?:dossier"
    r"|ticket|signalement"
    r"|r\u00e9f\u00e9rence|proc\u00e9dure|requ\u00eate)|dossier(?:[ ]n\s?[\u00b0\u00ba])?"
    r"|n[\u00b0\u00ba][ ]de[ ](?:dossier|ticket|proc\u00e9dure|parquet|signalement)"
    r"|signalement[ ]n\s?[\u00b0\u00ba]|proc\u00e8s-verbal[ ]n\s?[\u00b0\u00ba]"
    r"|rg[ ]n\s?[\u00b0\u00ba]"
    r"|(?:n[\u00fa]mero|n\.?[\u00ba\u00b0])[ ]de[ ](?:expediente|referencia|caso|ticket"
    r"|incidencia|diligencias)"
    r"|expediente(?:[ ]n\.?[\u00ba\u00b0])?|(?:su|nuestra|n/)?[ ]?referencia"
    r"|diligencias(?:[ ]previas)?(?:[ ]n\.?[\u00ba\u00b0])?"
    r"|caso(?:[ ]n\.?[\u00ba\u00b0])?|procedimiento(?:[ ]n\.?[\u00ba\u00b0])?|ref\.?"
)
_COURT = r"\d{1,4} [A-Z][A-Za-z]{0,3} \d{1,6}/\d{2,4}(?: [A-Za-z]{1,4})?"
_LABELLED = re.compile(
    rf"(?<![\w/])(?:{_LABELS})\s{{0,3}}(?:is|ist|est|es"
    rf"|lautet)?\s{{0,2}}[:#\u2116=]?\s{{0,2}}[#\[\"'\u00ab]?\s{{0,1}}"
    rf"(?P<value>{_COURT}|{_VALUE})",
    re.IGNORECASE,
)
_COLON_LABEL = re.compile(
    r"[:#\u2116\u00b0\u00ba=]\s{0,3}[#\[\"'\u00ab]?\s?\Z|(?:nr\.?|no\.?|id|number|nummer)\s{0,3}\Z",
    re.IGNORECASE,
)
_AWS = re.compile(r"\bAbuse Report\s*[:#]?\s*\[?(?P<value>\d{6,20})\b", re.IGNORECASE)
_AFTER_HASH = re.compile(
    r"(?:ticket|case|request|report)\s?#\s?(?P<value>[A-Z0-9][\w-]{2,30})", re.IGNORECASE
)
_DATE = re.compile(
    r"(?:\d{4}[./-]\d{1,2}[./-]\d{1,2}|\d{1,2}[./-]\d{1,2}[./-](?:\d{4}|\d\d))(?:T[\d:]+)?"
)
_SLICE: Final = 60_000
_MOST: Final = 8


def references_of(subject: str, text: str) -> tuple[str, ...]:
    """All references, the one that the answer must carry first: tags of the subject lead."""
    found: list[str] = [each[0] for each in _TAG.finditer(subject[:1_000])]
    found += _values(subject[:1_000])
    found += [each[0] for each in _TAG.finditer(text[:_SLICE])]
    found += _values(text[:_SLICE])
    kept: list[str] = []
    for value in found:
        if not any(value in other for other in kept):
            kept.append(value)
    return tuple(kept[:_MOST])


def _values(text: str) -> list[str]:
    """The values behind labels, in their order."""
    found: list[tuple[int, str]] = []
    for form in (_LABELLED, _AWS, _AFTER_HASH):
        for each in form.finditer(text):
            value = each["value"].rstrip(".:/-")
            label = each[0][: each.start("value") - each.start()]
            said = form is not _LABELLED or _said(label)
            if said and any(sign.isdigit() for sign in value) and not _is_date(value):
                found.append((each.start("value"), value))
    return [value for _, value in sorted(found)]


def _said(label: str) -> bool:
    return _COLON_LABEL.search(label) is not None or label.strip().lower() in _ALONE


_ALONE: Final = frozenset(
    {"az.", "az", "aktenzeichen", "ticket", "case", "dossier", "expediente", "ref.", "r\u00e9f.",
     "reference", "vorgang", "diligencias previas", "diligencias", "case no.", "dossier n\u00b0",
     "gesch\u00e4ftszeichen", "referencia", "removal order number"}
)  # fmt: skip


def _is_date(value: str) -> bool:
    return _DATE.fullmatch(value) is not None
