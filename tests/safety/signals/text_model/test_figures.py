"""Figures, held against what they are by hand."""

import math
import random

import numpy as np
import pytest

from rostra.safety.signals.text_model.heads import GROUPS
from rostra.safety.signals.text_model.measuring.figures import (
    average_precision,
    calibration_error,
    fitted,
    line_for,
    precision_recall,
    share_from,
)
from rostra.safety.signals.text_model.naming import FORMS, PROTECTED, named, of_others

TRUTH = np.array([True, False, True, False])
SCORES = np.array([0.9, 0.8, 0.7, 0.1])


def test_average_precision_by_hand() -> None:
    assert average_precision(TRUTH, SCORES) == pytest.approx((1 + 2 / 3) / 2)
    assert average_precision(TRUTH, np.full(4, 0.5)) == pytest.approx(0.5)
    assert math.isnan(average_precision(np.zeros(4, bool), SCORES))


def test_a_line_lets_no_more_through_than_it_says() -> None:
    scores = np.arange(1000) / 1000
    line = line_for(scores, 0.01)
    assert share_from(scores, line) == pytest.approx(0.01)
    assert share_from(np.full(50, 0.5), line_for(np.full(50, 0.5), 0.01)) == 0
    assert math.isnan(line_for(np.zeros(0), 0.01))
    assert precision_recall(TRUTH, SCORES, 0.75) == (0.5, 0.5)


def test_scores_as_often_true_as_they_say_have_no_error() -> None:
    truth = np.arange(100) < 30
    assert calibration_error(truth, np.full(100, 0.3)) == pytest.approx(0)
    assert calibration_error(truth, np.full(100, 0.8)) == pytest.approx(0.5)


def test_log_odds_are_brought_to_how_often_they_hold() -> None:
    draw = np.random.default_rng(0)
    odds = draw.standard_normal(5_000)
    truth = (draw.random(5_000) < 1 / (1 + np.exp(-(2 * odds - 1)))).astype(float)
    factor, summand = fitted(truth, odds)
    assert factor == pytest.approx(2, abs=0.2)
    assert summand == pytest.approx(-1, abs=0.2)
    assert fitted(np.zeros(9), np.arange(9.0)) == (1, 0)
    assert fitted(1 - truth, odds) == (1, 0)


def test_groups_are_known_by_their_names() -> None:
    assert named("two jews and a black man met white horses") == {
        "jewish people",
        "men",
        "black people",
    }
    assert named("nobody was there") == frozenset()
    assert set(FORMS) == set(GROUPS)


def test_the_same_is_said_of_others() -> None:
    draw = random.Random(1)  # noqa: S311 (no secret)
    text, groups = of_others("muslims met a muslim man, and muslims sang", PROTECTED, draw)
    assert "muslim" not in text
    assert groups <= set(PROTECTED)
    assert "muslims" not in groups
    assert of_others("nobody", PROTECTED, draw) == ("nobody", set())
