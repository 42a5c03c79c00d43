"""Lists of hashes come in as others write them; what is wrong is told with line and column."""

import random
from typing import Any

import pytest

from rostra.safety.banks import csv_form
from rostra.safety.banks.csv_form import MOST_FAULTS, Faulty
from rostra.safety.banks.items import Given
from rostra.safety.banks.model import HashKind, Item

_CHANCE = random.Random(5)  # noqa: S311 (the same in every run)
ONE, TWO, THREE = (_CHANCE.randbytes(32) for _ in range(3))
PDQ, SHA = HashKind.PDQ, HashKind.SHA256


def read(text: str, **more: Any) -> csv_form.Read:
    return csv_form.read(text.encode().splitlines(keepends=True), **more)


def faults(text: str | bytes, **more: Any) -> list[str]:
    data = text.encode() if isinstance(text, str) else text
    with pytest.raises(Faulty) as refused:
        csv_form.read(data.splitlines(keepends=True), **more)
    return [str(each) for each in refused.value.faults]


def item(kind: HashKind, value: bytes, note: str) -> Item:
    return Item(
        id=1, bank_id=1, kind=int(kind), hash=value, note=note, reason="", state=0,
        disabled_until=0, vetted_by=0, matches_count=0, matched_at=0, added_by=0, added_at=0,
    )  # fmt: skip


def test_what_is_written_is_read_again() -> None:
    kept = [
        Given(PDQ, ONE, "seen in May"),
        Given(SHA, TWO, 'commas, "quotes" and ünïcode'),
        Given(PDQ, THREE, "two\nlines"),
    ]
    text = csv_form.head() + "".join(
        csv_form.written(item(each.kind, each.hash, each.note), "own") for each in kept
    )
    assert text.startswith("signal_type,signal_str,collab,category,tags\n")
    assert read(text).hashes == tuple(kept)


def test_a_list_of_the_threatexchange_command_is_read() -> None:
    found = read(
        "\ufeffsignal_type,signal_str,collab,category,tags\r\n"
        f"pdq,{ONE.hex()},Some Collab,POSITIVE_CLASS,violent uploaded\r\n"
        f"pdq,{TWO.hex().upper()},Some Collab,INVESTIGATION_SEED,\r\n"
        f"pdq,{THREE.hex()},Some Collab,NEGATIVE_CLASS,disputed\r\n"
        "\r\n"
        "video_md5,00112233445566778899aabbccddeeff,Some Collab,POSITIVE_CLASS,\r\n"
        "url,https://example.org/,Some Collab,POSITIVE_CLASS,\r\n"
        f"pdq,{ONE.hex()},Other Collab,POSITIVE_CLASS,\r\n"
    )
    assert found.hashes == (Given(PDQ, ONE, "violent uploaded"), Given(PDQ, TWO))
    assert (found.harmless, found.twice) == (1, 1)
    assert found.others == {"video_md5": 1, "url": 1}


def test_a_list_without_heads_is_read() -> None:
    text = f"{ONE.hex()},2880742865368386,2020-07-31T18:47:52+0000,media_type_photo disputed\n"
    assert read(text).hashes == (Given(PDQ, ONE, "media_type_photo disputed"),)
    assert read(f"{ONE.hex()}\n{TWO.hex()}\n", kind=SHA).hashes == (
        Given(SHA, ONE),
        Given(SHA, TWO),
    )
    assert read("").hashes == ()


def test_faults_are_told_with_line_and_column() -> None:
    heads = "signal_type,signal_str,tags\n"
    assert faults(f"{heads}pdq,{ONE.hex()[:-2]},x\nsha256,{'z' * 64},x\npdq\n") == [
        "line 2, column signal_str: must be 64 hexadecimal digits; these are 62 signs",
        "line 3, column signal_str: must be 64 hexadecimal digits; these are 64 signs",
        "line 4, column signal_str: must be 64 hexadecimal digits; these are 0 signs",
    ]
    assert faults(f"{ONE.hex()}\nnothing of the kind\n") == [
        "line 2, column 1: must be 64 hexadecimal digits; these are 19 signs"
    ]
    assert faults("signal_type,tags\npdq,x\n") == ["line 1: none of the columns is signal_str"]
    assert faults(f"{heads}pdq,{ONE.hex()},{'x' * 501}\n") == [
        "line 2, column tags: has more than 500 characters"
    ]
    assert faults(f"{ONE.hex()}\n".encode() + b"\xff\xfe\n") == [
        "line 2, column byte 1: is not in UTF-8"
    ]
    (told,) = faults(f'{ONE.hex()}\n"never closed\n')
    assert told.startswith("line 2: is no line of a table")
    (told,) = faults("x" * 200_000)
    assert "field larger than field limit" in told


def test_what_is_read_and_told_is_bounded() -> None:
    lines = f"{ONE.hex()}\n{TWO.hex()}\n"
    assert faults(lines, most=1) == ["line 2: is beyond the 1 lines allowed"]
    assert len(read(lines, most=2).hashes) == 2
    assert len(faults("wrong\n" * 10_000)) == MOST_FAULTS


def test_digits_of_other_scripts_are_no_hash() -> None:
    (told,) = faults("\u0661" * 64 + "\n")
    assert "hexadecimal digits" in told
