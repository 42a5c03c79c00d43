"""Reading times: whatever is read can be written again."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rostra.kernel.times import read_time


@pytest.mark.parametrize(
    ("text", "ms"),
    [
        ("1970-01-01", 0),
        ("2026-01-31T12:00:00.250Z", 1_769_860_800_250),
        (" 2026-01-31T13:00:00+01:00 ", 1_769_860_800_000),
        ("2026-01-31T12:00", 1_769_860_800_000),
    ],
)
def test_times_are_utc_milliseconds(text: str, ms: int) -> None:
    assert read_time(text) == ms


@pytest.mark.parametrize(
    "text",
    [
        "", "tomorrow", "9" * 40, "1969-12-31T23:59:59Z",
        "9999-12-31T23:59:59-12:00", "0001-01-01T00:00:00+14:00",
    ],
)  # fmt: skip
def test_no_time_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        read_time(text)


@given(st.datetimes(timezones=st.timezones()))
def test_what_is_read_can_be_written_again(moment: datetime) -> None:
    try:
        ms = read_time(moment.isoformat())
    except ValueError:
        return
    assert datetime.fromtimestamp(ms / 1000, UTC).year >= 1970
