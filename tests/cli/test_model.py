"""`rostra model`: a model is trained, measured and asked."""

import json
from pathlib import Path

import pytest
from tests.safety.signals.text_model.learning import sentences

from rostra.cli.model import app


def run(*words: str | Path) -> None:
    app([str(word) for word in words], result_action="return_value")


def test_a_model_is_trained_measured_and_asked(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data, out = tmp_path / "rows.jsonl", tmp_path / "mine.npz"
    data.write_text("".join(json.dumps(values) + "\n" for values in sentences()))
    how = ("--epochs", "6", "--batch", "16", "--rate", "0.01", "--width", "16", "--pieces", "300")
    run("train", "--data", data, "--out", out, *how)
    told = capsys.readouterr().out
    assert "epoch 6: loss" in told
    assert f"{out}: 0.0" in told

    run("evaluate", out, "--data", data)
    told = capsys.readouterr().out
    assert "mine.npz, version " in told
    assert "60 texts of test" in told
    assert "100.0% of 30 threats are found" in told
    assert "teachers" in told
    assert "texts/s the model alone" in told

    run("judge", "Somebody must strangle all bakers", "--file", out)
    told = capsys.readouterr().out
    assert float(told.split()[1]) > 0.5
    assert "The text model reads a threat or a call to violence" in told


def test_what_cannot_be_used_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    data, wrong = tmp_path / "rows.jsonl", tmp_path / "wrong.npz"
    data.write_text('{"text": "hello", "split": "train"}\n')
    wrong.write_bytes(b"no model")

    def said(*words: str | Path) -> str:
        with pytest.raises(SystemExit) as ended:
            run(*words)
        assert ended.value.code == 1
        return capsys.readouterr().err

    assert "there must be texts" in said("train", "--data", data)
    assert "none.jsonl: No such file" in said("train", "--data", tmp_path / "none.jsonl")
    assert "not a trained text model" in said("evaluate", wrong, "--data", data)
    assert "no texts of split test" in said("evaluate", "--data", data)
    assert "none.npz: No such file" in said("judge", "x", "--file", tmp_path / "none.npz")
    assert "there are no words" in said("judge", " ")
    data.write_text('{"text": ""}\n')
    assert "row 1: text is missing" in said("train", "--data", data)
