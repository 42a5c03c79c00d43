"""Panels without a database: texts without names, the draw, the outcome, the agreement."""

from typing import get_args

import pytest

from rostra.safety.categories.facts import all_facts
from rostra.safety.decisions.model import ActionKind
from rostra.safety.panels import model
from rostra.safety.panels.agreement import Agreement, Compared, agreement
from rostra.safety.panels.anonymous import Hider, Names
from rostra.safety.panels.draw import order
from rostra.safety.panels.outcome import Verdict, reached
from rostra.settings.safety import PanelCategory, PanelOutcome, Panels

NONE, SENSITIVE, REMOVE = ActionKind.NONE, ActionKind.SENSITIVE, ActionKind.REMOVE
NAMES = Names(
    author=("zyxann", "Zyx Ann of the Quay", "\u00c9va"),
    others=(("bob", "Bobby Brown"), ("al",)),
    here="rostra.example",
)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("I am Zyxann, you fool", "I am [author], you fool"),
        ("\uff20zyxann \uff20\uff3a\uff39\uff38\uff21\uff2e\uff2e", "[author] [author]"),
        ("@zyxann@rostra.example.", "[author]."),
        ("zyx\u200bann z\u0301yxann \u2063zyxan\u0303n", "[author] [author] \u2063[author]"),
        ("\u0437\u0443\u0445 z\u0443\u0445\u0430nn", "\u0437\u0443\u0445 [author]"),
        ("#TeamZyxAnn and EVA", "#Team[author] and [author]"),
        ("zyx\n ANN of  the quay", "[author]"),
        ("@bob @carol @BOB Bobby Brown", "[person 1] [person 3] [person 1] [person 1]"),
        ("al, also Al", "[person 2], also [person 2]"),
        ("mail zyxann@mail.org", "mail [address]"),
        ("https://rostra.example/@zyxann/1", "[link]"),
        ("see https://www.zyx-ann.org/a or zyxann.org/b", "see [link] or [link]"),
        ("https://evil.org/zyxann?u=zyxann", "[link: evil.org]"),
        ("https://zyxann@evil.org/x", "[link: evil.org]"),
        ("\u202ennaxyz 3.5/4 e.g. this", "nnaxyz 3.5/4 e.g. this"),
        ("<b>zyxann</b> &#64;zyxann", "<b>[author]</b> &#64;[author]"),
        ("", ""),
    ],
)
def test_names_give_way(text: str, shown: str) -> None:
    hidden = Hider(NAMES).hide(text)
    assert hidden.replace("\u2063", "") == shown.replace("\u2063", "")


def test_somebody_is_the_same_in_all_texts_and_long_ones_are_quick() -> None:
    hider = Hider(NAMES)
    assert hider.hide("@carol") == "[person 3]"
    assert hider.hide("@dave to @Carol and @carol") == "[person 4] to [person 3] and [person 3]"
    for text in ("@" * 30_000, "a." * 15_000, "zyx " * 9_000, "http://" * 5_000, "a@" * 9_000):
        assert "zyxann" not in hider.hide(text)


def test_the_draw_follows_from_the_seed() -> None:
    people = list(range(1, 30))
    drawn = order(7, people)
    assert sorted(drawn) == people
    assert drawn == order(7, reversed(people)) != order(8, people)
    # Whoever else there is, the order among the others stays.
    assert order(7, people[:20]) == [each for each in drawn if each <= 20]
    firsts = {order(seed, people)[0] for seed in range(300)}
    assert len(firsts) > 25


@pytest.mark.parametrize(
    ("votes", "seats", "verdict", "outcome"),
    [
        ({}, 5, Verdict.GOES_ON, 0),
        ({REMOVE: 3, NONE: 1}, 5, Verdict.GOES_ON, 0),
        ({REMOVE: 4}, 5, Verdict.AGREED, REMOVE),
        ({NONE: 4, REMOVE: 1}, 5, Verdict.AGREED, NONE),
        ({REMOVE: 2, NONE: 2}, 5, Verdict.SPLIT, 0),
        ({REMOVE: 3}, 3, Verdict.SPLIT, 0),  # nobody else can be asked
    ],
)
def test_what_votes_come_to(
    votes: dict[int, int], seats: int, verdict: Verdict, outcome: int
) -> None:
    assert reached(votes, needed=4, seats=seats) == (verdict, outcome)


def test_agreement_is_with_what_holds_in_the_end() -> None:
    assert agreement([]) == Agreement()
    assert agreement([]).share is None
    found = agreement(
        [
            Compared(NONE, [NONE]),
            Compared(REMOVE, [REMOVE, ActionKind.WARN]),
            Compared(SENSITIVE, [REMOVE]),
            Compared(NONE, [REMOVE]),
            Compared(REMOVE, [NONE]),
            Compared(REMOVE, [REMOVE], taken_back=True),
            Compared(NONE, [REMOVE], taken_back=True),
        ]
    )
    assert (found.compared, found.same, found.near) == (7, 3, 1)
    assert found.share == pytest.approx(3 / 7)


def test_what_is_urgent_or_illegal_can_not_be_opened() -> None:
    """The settings name just what may be opened, whatever else is put there."""
    may = {facts.slug for facts in all_facts() if model.allowed(facts.category)}
    assert set(get_args(PanelCategory)) == may
    every = tuple(facts.slug for facts in all_facts())
    forced = Panels(categories=every)  # type: ignore[arg-type] # past the check of the settings
    assert {each.name.lower() for each in model.open_categories(forced)} == may
    assert model.open_categories(Panels()) == frozenset()
    outcomes = {kind.wire for kind in ActionKind}
    assert set(get_args(PanelOutcome)) <= outcomes


def test_two_outcomes_never_win_at_once() -> None:
    assert model.needed(Panels()) == 4
    assert model.needed(Panels(seats=6, votes=2)) == 4
    assert model.needed(Panels(seats=3, votes=15)) == 3
    assert model.choices(Panels(outcomes=("remove",))) == (NONE, REMOVE)
    assert not model.decides(Panels(), REMOVE)
    assert model.decides(Panels(decides=("sensitive",)), SENSITIVE)
