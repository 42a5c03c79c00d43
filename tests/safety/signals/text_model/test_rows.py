"""Labelled texts from files, and what is said where one is wrong."""

import json
import math
from pathlib import Path

import pytest

from rostra.safety.signals.text_model.training.rows import BadRows, row_of, rows_of
from rostra.safety.signals.training.contrasts import PAIRS_FILE


def test_json_and_csv_say_the_same(tmp_path: Path) -> None:
    values = {"text": "one, two", "hate": 1, "violence": -1, "target": "muslims,nobody"}
    lines, table = tmp_path / "rows.jsonl", tmp_path / "rows.csv"
    lines.write_text(json.dumps(values) + "\n")
    table.write_text('text,hate,violence,target,spam\n"one, two",1,-1,"muslims,nobody",\n')
    (one,), (two,) = rows_of(lines), rows_of(table)
    assert repr(one) == repr(two)
    assert one.labels[1] == 1
    assert math.isnan(one.labels[0])
    assert one.groups == ("muslims",)
    assert not one.benign


def test_what_is_harmless_is_nothing_of_all() -> None:
    assert row_of({"text": "hello", "benign": 1}).labels == (0, 0, 0, 0)
    assert row_of({"text": "x", "violence": 0, "hate": 0, "harassment": 0, "spam": 0}).benign
    assert not row_of({"text": "hello", "violence": 0}).benign
    assert not row_of(
        {"text": "x", "violence": 0, "hate": 0, "harassment": 0, "spam": 0, "benign": 0}
    ).benign


def test_some_texts_are_kept_to_choose_by() -> None:
    splits = [row_of({"text": f"text {number}"}).split for number in range(400)]
    assert 5 < splits.count("val") < 60
    assert splits.count("train") == 400 - splits.count("val")


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("a.jsonl", '{"text": " "}\n', "row 1: text is missing"),
        (
            "a.jsonl",
            '{"text": "x"}\n{"text": "x", "hate": 2}\n',
            "row 2: hate is 2, not from 0 to 1",
        ),
        ("a.jsonl", '{"text": "x", "split": "mine"}\n', "row 1: split is 'mine'"),
        ("a.jsonl", "[1]\n", "row 1: not an object"),
        ("a.jsonl", "{\n", "row 1: Expecting"),
        ("a.csv", "words\nx\n", "row 1: text is missing"),
        ("a.txt", "x", "not .jsonl, .csv, .parquet or .tsv"),
        ("a.tsv", "x", "line 1: expected the columns"),
    ],
)
def test_what_is_wrong_is_said_with_its_place(
    tmp_path: Path, name: str, text: str, said: str
) -> None:
    path = tmp_path / name
    path.write_text(text)
    with pytest.raises(BadRows) as told:
        list(rows_of(path))
    assert said in str(told.value)


def test_pairs_that_are_held_out_are_never_learned_from() -> None:
    rows = list(rows_of(PAIRS_FILE))
    threats = [row for row in rows if row.labels[0] == 1]
    contrasts = [row for row in rows if row.kind == "contrast"]
    assert len(threats) == len(contrasts) == len(rows) / 2
    assert all(row.benign for row in contrasts)
    held_out = sum(row.split == "test" for row in rows)
    assert held_out * 3 == len(rows)
    assert {row.split for row in rows} == {"train", "val", "test"}
