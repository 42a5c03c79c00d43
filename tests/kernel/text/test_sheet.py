"""Files of comma-separated values: what programs write, and what nobody should send."""

import csv
import io
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rostra.kernel.errors import Invalid
from rostra.kernel.text import sheet

MOST = 20_001


def cells(data: bytes) -> list[tuple[str, ...]]:
    return [row.cells for row in sheet.rows(sheet.text_of(data), MOST)]


def refused(data: bytes) -> str:
    with pytest.raises(Invalid) as caught:
        cells(data)
    return str(caught.value.details["file"][0]["description"])


@pytest.mark.parametrize(
    "data",
    [
        b"ann,yes\nbob,no\n",
        b"\xef\xbb\xbfann,yes\r\nbob,no",
        b"ann;yes\rbob;no\r",
        b"ann\tyes\n\n\nbob\tno\n",
        b'"ann", yes\n"bob","no"\n',
        "ann,yes\nbob,no\n".encode("utf-16"),
    ],
    ids=["plain", "mark and CRLF", "semicolons and CR", "tabs", "quotes", "UTF-16"],
)
def test_what_programs_write_is_read(data: bytes) -> None:
    found = [tuple(cell.strip(' "') for cell in line) for line in cells(data)]
    assert found == [("ann", "yes"), ("bob", "no")]


def test_lines_are_numbered_as_in_the_file() -> None:
    text = sheet.text_of(b'\n"two\nlines",x\n\nlast\n')
    assert [row.number for row in sheet.rows(text, MOST)] == [2, 5]


def test_a_comma_counts_before_a_semicolon() -> None:
    assert cells(b'"a;b;c",x;y\n') == [("a;b;c", "x;y")]


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"ann\n\xe4\n", "Line 2 is not UTF-8"),
        (b"ann\nbob\n\0\n", "Line 3 holds a NUL, so this is no text"),
        (b"\xff\xfea", "Line 1 is not UTF-8"),
        (b'ann\n"bob\ncat\n', "Line 2 begins a quote that is never closed"),
        (b'ann\n"b"ob\n', "Line 2 has a quote where none can stand"),
        (b"ann\n" + b"x" * 5_000, "Line 2 holds a cell of more than 4096 characters"),
        (b"x" * 8_000_000, "Line 1 holds a cell of more than 4096 characters"),
        (b'"' + b"x" * 8_000_000, "Line 1 holds a cell of more than 4096 characters"),
        (b"a\n" * 1_000_000, "The file has more than 20,001 lines"),
        (b"\n" * 1_000_000, "The file has more than 20,001 lines"),
        (b",;\n" * 1_000_000, "The file has more than 20,001 lines"),
    ],
)
def test_what_cannot_be_read_names_its_line(data: bytes, said: str) -> None:
    started = time.process_time()
    assert refused(data) == said
    assert time.process_time() - started < 2  # some hundredths of a second, on a busy machine too


def test_a_line_of_a_million_cells_is_cut() -> None:
    ((first, *rest),) = cells(b"a," * 1_000_000)
    assert first == "a"
    assert len(rest) < 32


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@sum", "\t=1", "\n=1", " @x", "'=1", "''@x"])
def test_no_program_runs_what_we_write(cell: str) -> None:
    written = sheet.written([[cell, "plain"]])
    ((shown, plain),) = csv.reader(io.StringIO(written.decode(), newline=""))
    assert shown == f"'{cell}"
    assert plain == "plain"


@given(st.lists(st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1), min_size=2))
def test_what_is_written_is_read_again(line: list[str]) -> None:
    expected = tuple(cell.strip() for cell in line[:32])
    if not any(expected):
        return
    ((read),) = cells(sheet.written([line]))
    assert read == expected
