"""What our actions are called in the transparency database: each of them, and several at once."""

import pytest

from rostra.safety.categories.model import Category, Sender
from rostra.safety.decisions.model import OWN_INITIATIVE, Action, ActionKind
from rostra.safety.transparency.effects import ACCOUNT, VISIBILITY, effect_of, origin_of
from rostra.safety.transparency.words import Account, Origin, Visibility


def test_every_action_that_restricts_is_called_something() -> None:
    for kind in ActionKind:
        called = (kind in VISIBILITY) + (kind in ACCOUNT)
        assert called == int(kind.restricts), kind


@pytest.mark.parametrize("kind", [kind for kind in ActionKind if kind.restricts])
def test_what_is_other_is_told_in_words(kind: ActionKind) -> None:
    effect = effect_of([Action(kind=kind)], with_subject=True, with_account=True)
    assert effect.is_any
    assert bool(effect.other) == (Visibility.OTHER in effect.visibility)


def test_ends_hold_only_where_everything_ends() -> None:
    both = [Action(kind=ActionKind.REMOVE, ends_at=5), Action(kind=ActionKind.LABEL)]
    effect = effect_of(both, with_subject=True, with_account=True)
    assert effect.visibility == (Visibility.REMOVED, Visibility.LABELLED)
    assert effect.visibility_ends == 0
    assert effect_of(both[:1], with_subject=True, with_account=True).visibility_ends == 5


def test_accounts_and_subjects_apart() -> None:
    both = [Action(kind=ActionKind.REMOVE), Action(kind=ActionKind.SUSPEND, ends_at=9)]
    assert effect_of(both, with_subject=True, with_account=False).account is None
    alone = effect_of(both, with_subject=False, with_account=True)
    assert (alone.visibility, alone.account, alone.account_ends) == ((), Account.SUSPENDED, 9)
    worse = [*both, Action(kind=ActionKind.DELETE_ACCOUNT)]
    assert effect_of(worse, with_subject=True, with_account=True).account is Account.TERMINATED
    assert not effect_of(both, with_subject=False, with_account=False).is_any


@pytest.mark.parametrize(
    ("source", "category", "origin"),
    [
        (OWN_INITIATIVE, Category.SPAM, Origin.VOLUNTARY),
        (Sender.RULE, Category.SPAM, Origin.VOLUNTARY),
        (Sender.MEMBER, Category.SPAM, Origin.OTHER_NOTIFICATION),
        (Sender.MEMBER, Category.COPYRIGHT, Origin.ARTICLE_16),
        (Sender.OUTSIDER, Category.SPAM, Origin.ARTICLE_16),
        (Sender.TRUSTED_FLAGGER, Category.SPAM, Origin.TRUSTED_FLAGGER),
        (Sender.PROVIDER, Category.COPYRIGHT, Origin.OTHER_NOTIFICATION),
    ],
)
def test_who_pointed_to_it(source: int, category: Category, origin: Origin) -> None:
    assert origin_of(source, category) is origin
