"""Training: gradients are right, what is learned is what was shown, a file keeps it."""

from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from tests.safety.signals.text_model.learning import sentences

from rostra.safety.signals.model import Material
from rostra.safety.signals.text_model.heads import HARMS, OUTPUTS
from rostra.safety.signals.text_model.network import Network
from rostra.safety.signals.text_model.pieces import SPECIAL, Pieces
from rostra.safety.signals.text_model.signal import TextModel
from rostra.safety.signals.text_model.training import model
from rostra.safety.signals.text_model.training.rows import row_of
from rostra.safety.signals.text_model.training.train import NothingToLearn, Plan, train
from rostra.safety.signals.text_model.training.vocabulary import BadStart, start_from, start_with
from rostra.safety.signals.text_model.weights import BadFile, unpacked

PLAN = Plan(epochs=6, batch=16, rate=1e-2, width=16, pieces=300)
ROWS = [row_of(values) for values in sentences()]


@pytest.fixture(scope="module")
def learned() -> bytes:
    return train(ROWS, PLAN, print)


def test_gradients_are_the_slopes_of_the_loss() -> None:
    # In floats of 64 bits, so that a slope can be measured.
    exact = SimpleNamespace(**{name: getattr(np, name) for name in dir(np) if name[0] != "_"})
    exact.float32 = np.float64
    draw = np.random.default_rng(0)
    weights = model.fresh(exact, 8, draw.standard_normal((12, 8)), 0)
    weights = {name: one + 0.1 * draw.standard_normal(one.shape) for name, one in weights.items()}
    ids = np.array([[1, 2, 3, 4, 5], [6, 7, 2, 0, 0]])
    mask = np.array([[1.0, 1, 1, 1, 1], [1, 1, 1, 0, 0]])
    labels, counts = draw.random((2, 2, OUTPUTS))

    def loss() -> float:
        odds, _ = model.forward(exact, weights, ids, mask)
        return model.loss(exact, odds, labels, counts)[0]

    odds, passed = model.forward(exact, weights, ids, mask)
    grads = model.backward(exact, weights, passed, model.loss(exact, odds, labels, counts)[1])
    assert set(grads) == set(weights)
    for name, values in weights.items():
        flat = values.reshape(-1)
        for at in draw.choice(flat.size, 6):
            kept = flat[at]
            flat[at] = kept + 1e-5
            above = loss()
            flat[at] = kept - 1e-5
            below = loss()
            flat[at] = kept
            slope = (above - below) / 2e-5
            assert grads[name].reshape(-1)[at] == pytest.approx(slope, abs=2e-6), name


def test_what_was_shown_is_learned(learned: bytes) -> None:
    signal = TextModel(unpacked(learned))
    for row in ROWS:
        if row.split == "test":
            finding = signal.judge(Material(row.text, "post"))
            assert finding
            assert (finding.scores["violence"] > 0.5) == (row.labels[0] == 1), row.text


def test_training_and_judging_are_one_network(learned: bytes) -> None:
    trained = unpacked(learned)
    weights = trained.params | {"table": trained.table * trained.scale}
    ids = Pieces(trained.pieces).cut("somebody must visit all strangers!")
    mask = np.ones((1, len(ids)), np.float32)
    odds, _ = model.forward(np, weights, np.array([ids]), mask)
    output = Network(trained).judge(ids)
    expected = odds[0] * trained.calibration[:, 0] + trained.calibration[:, 1]
    assert output.odds == pytest.approx(expected, abs=1e-4)
    summed = output.parts.sum(axis=0)
    assert output.odds[: len(HARMS)] - summed == pytest.approx(
        (trained.params["out_b"] * trained.calibration[:, 0] + trained.calibration[:, 1])[
            : len(HARMS)
        ],
        abs=1e-4,
    )


def test_more_pieces_than_are_kept_are_judged_alike(learned: bytes) -> None:
    trained = unpacked(learned)
    whole, little = Network(trained), Network(trained, most_rows=8)
    count = len(trained.pieces)
    texts = [[at % count for at in range(begin, begin + 6)] for begin in range(0, 4 * count, 3)]
    for ids in texts:
        one, other = whole.judge(ids), little.judge(ids)
        assert other.odds == pytest.approx(one.odds, abs=1e-4)
        assert other.parts == pytest.approx(one.parts, abs=1e-4)
    longer = [at % count for at in range(20)]
    assert little.judge(longer).odds == pytest.approx(whole.judge(longer).odds, abs=1e-4)


def test_the_same_rows_make_the_same_file(learned: bytes) -> None:
    again = unpacked(train(ROWS, PLAN, print))
    first = unpacked(learned)
    assert again.pieces == first.pieces
    assert (again.table == first.table).all()
    assert again.about.data == {"made up": 120}


def test_nothing_is_learned_of_nothing() -> None:
    with pytest.raises(NothingToLearn, match="val"):
        train([row for row in ROWS if row.split == "train"], PLAN, print)
    with pytest.raises(NothingToLearn, match="train"):
        train([], PLAN, print)


def test_a_file_that_is_none_is_refused(learned: bytes) -> None:
    for data in (b"", b"PK\x03\x04", learned[:-200], b"x" + learned):
        with pytest.raises(BadFile):
            unpacked(data)


def test_pieces_and_rows_to_start_from(tmp_path: Path) -> None:
    made = start_with(["some words", "some more words"], most=60, width=16, seed=1)
    assert made.pieces[: len(SPECIAL)] == SPECIAL
    assert {"some", "words"} <= set(made.pieces)
    path = tmp_path / "start.npz"
    names = np.frombuffer("\n".join(made.pieces).encode(), np.uint8)
    np.savez(path, pieces=names, rows=made.table)
    again = start_from(path)
    assert again.pieces == made.pieces
    assert (again.table == made.table).all()
    np.savez(path, pieces=names, rows=made.table[1:])
    with pytest.raises(BadStart, match="fit"):
        start_from(path)
    path.write_bytes(b"no archive")
    with pytest.raises(BadStart, match="no archive"):
        start_from(path)


def test_training_starts_from_given_pieces(tmp_path: Path) -> None:
    texts = [row.text for row in ROWS]
    made = start_with([*texts, "never seen never seen"], most=300, width=16, seed=1)
    path = tmp_path / "start.npz"
    names = np.frombuffer("\n".join(made.pieces).encode(), np.uint8)
    np.savez(path, pieces=names, rows=made.table)
    plan = Plan(epochs=1, batch=16, width=8, pieces=300, start=path, processes=2)
    trained = unpacked(train(ROWS, plan, print))
    assert trained.table.shape[1] == 16
    assert "stab" in trained.pieces
    assert "seen" not in trained.pieces
