"""Until when an answer is due, in four languages: the earliest that can be meant."""

from datetime import UTC, datetime

import pytest

from rostra.safety.notices.reading.deadlines import deadline_of
from rostra.safety.notices.reading.model import Deadline


def utc(text: str) -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp() * 1000)


RECEIVED = utc("2026-11-26T09:00")  # a Thursday


def read(text: str, language: str = "en", zone: int | None = 0, sent: int = RECEIVED) -> Deadline:
    return deadline_of(
        text, language=language, received_at=RECEIVED, sent_at=sent, header_zone=zone
    )


@pytest.mark.parametrize(
    ("text", "language", "at"),
    [
        ("Please answer within 24 hours.", "en", "2026-11-27T09:00"),
        ("no later than 48 hours from receipt", "en", "2026-11-28T09:00"),
        ("within twenty-four (24) hours", "en", "2026-11-27T09:00"),
        ("within 24-48 hours", "en", "2026-11-27T09:00"),
        ("You have 12 hours to respond", "en", "2026-11-26T21:00"),
        ("There is a 6-hour deadline", "en", "2026-11-26T15:00"),
        ("within one hour of receipt", "en", "2026-11-26T10:00"),
        ("within 30 minutes", "en", "2026-11-26T09:30"),
        ("within 3 business days", "en", "2026-12-01T09:00"),
        ("within one week", "en", "2026-12-03T09:00"),
        ("innerhalb von 24 Stunden", "de", "2026-11-27T09:00"),
        ("binnen zweier Tage oder binnen 3 Tagen", "de", "2026-11-29T09:00"),
        ("innerhalb der n\u00e4chsten 48 Std.", "de", "2026-11-28T09:00"),
        ("Frist: 2 Werktage", "de", "2026-11-30T09:00"),
        ("sous 48 heures", "fr", "2026-11-28T09:00"),
        ("sous 24h", "fr", "2026-11-27T09:00"),
        ("dans un d\u00e9lai maximum de deux jours ouvr\u00e9s", "fr", "2026-11-30T09:00"),
        ("en un plazo de 24 horas", "es", "2026-11-27T09:00"),
        ("en el plazo m\u00e1ximo de 3 d\u00edas h\u00e1biles", "es", "2026-12-01T09:00"),
        ("by 2026-11-28T12:00:00Z", "en", "2026-11-28T12:00"),
        ("by 2026-11-28 12:00 +02:00", "en", "2026-11-28T10:00"),
        ("Deadline: November 28, 2026, 5:00 PM EST", "en", "2026-11-28T22:00"),
        ("by 5 pm PST on November 28th, 2026", "en", "2026-11-29T01:00"),
        ("no later than 28 Nov 2026 10:00 UTC", "en", "2026-11-28T10:00"),
        ("before 28 November 2026", "en", "2026-11-28T00:00"),
        ("until 28 November", "en", "2026-11-29T00:00"),
        ("by noon tomorrow", "en", "2026-11-27T12:00"),
        ("by Friday", "en", "2026-11-28T00:00"),
        ("by Friday, 27 November 2026, 15:00 UTC", "en", "2026-11-27T15:00"),
        ("bis zum 28.11.2026, 12:00 Uhr", "de", "2026-11-28T11:00"),
        ("sp\u00e4testens am 28. November 2026 um 18 Uhr MEZ", "de", "2026-11-28T17:00"),
        ("bis morgen 12 Uhr", "de", "2026-11-27T11:00"),
        ("bis zum 1. Juli 2027, 12:00 Uhr", "de", "2027-07-01T10:00"),
        ("avant le 28 novembre 2026 \u00e0 18h30", "fr", "2026-11-28T17:30"),
        ("au plus tard le 28/11/2026", "fr", "2026-11-28T23:00"),
        ("antes del 28 de noviembre de 2026 a las 12:00", "es", "2026-11-28T11:00"),
        ("hasta el 28/11/2026 a las 9:00 UTC", "es", "2026-11-28T09:00"),
    ],
)
def test_a_deadline_is_read(text: str, language: str, at: str) -> None:
    found = read(text, language)

    assert (found.named, found.at) == (True, utc(at)), found
    assert found.words


@pytest.mark.parametrize(
    "text",
    [
        "Please have a look.",
        "We will get back to you within 2 hours.",
        "Wir melden uns innerhalb von 3 Stunden.",
        "This was posted within the last 24 hours.",
        "You may appeal this within 6 days.",
        "Gegen diesen Bescheid kann innerhalb eines Monats Widerspruch eingelegt werden.",
        "It was posted by somebody on 2026-11-26.",
        "The order of 28 November 2026 stands.",
        "Please preserve the data for the next 90 days.",
        "Set the deadline to 1970-01-01.",
    ],
)
def test_without_a_deadline_it_is_a_day_from_receipt(text: str) -> None:
    found = read(text, sent=RECEIVED - 3_600_000)

    assert (found.named, found.at) == (False, utc("2026-11-27T09:00")), found


def test_the_earliest_of_several_counts_and_it_is_said() -> None:
    found = read("Answer within 3 days, at the latest by 27 November 2026, 10:00 UTC.")

    assert found.at == utc("2026-11-27T10:00")
    assert "several deadlines" in found.note


def test_a_date_that_can_be_read_in_two_ways_is_the_earlier_to_come() -> None:
    assert read("by 12/01/2026").at == utc("2026-12-02T00:00")  # 12 January is over
    two = read("by 01/02/2027 UTC")
    assert two.at == utc("2027-01-03T00:00")
    assert "two ways" in two.note


def test_without_a_zone_the_earliest_that_is_hinted_at_counts() -> None:
    late = read("by 28 November 2026, 12:00", zone=None)
    assert late.at == utc("2026-11-27T22:00")
    assert "earliest on earth" in late.note
    assert read("by 28 November 2026, 12:00", zone=-300).at == utc("2026-11-28T17:00")
    assert read("bis zum 28.11.2026, 12:00", "de", zone=0).at == utc("2026-11-28T11:00")


def test_spans_count_from_the_sending_if_its_time_can_be_believed() -> None:
    hour = 3_600_000
    assert read("within 24 hours", sent=RECEIVED - hour).at == RECEIVED + 23 * hour
    assert read("within 24 hours", sent=RECEIVED + hour).at == RECEIVED + 24 * hour
    assert read("within 24 hours", sent=0).at == RECEIVED + 24 * hour
    assert read("within 24 hours", sent=RECEIVED - 300 * hour).at == RECEIVED + 24 * hour


def test_something_at_once_is_urgent() -> None:
    assert read("Remove it immediately.").urgent
    assert read("Bitte unverz\u00fcglich entfernen.", "de").urgent
    assert not read("Please have a look.").urgent
