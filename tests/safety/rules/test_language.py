"""The language of rules: what is one, what is none, where it is wrong, what it says of posts."""

import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rostra.safety.rules.effects import FORMS
from rostra.safety.rules.examples import EXPECTED
from rostra.safety.rules.faults import Faulty
from rostra.safety.rules.features import Features
from rostra.safety.rules.outcome import EffectKind, Verdict
from rostra.safety.rules.rule import Rule, evaluate, read_rule
from rostra.safety.rules.spans import span_of, span_words
from rostra.safety.rules.vocabulary import COUNTERS, FEATURES, FUNCTIONS, Needs, Vocabulary
from rostra.safety.signals.patterns import PatternRefused, searcher

PLACE = Vocabulary({"text_model": frozenset({"violence", "hate"})}, frozenset({"slurs"}))
WHOLE = '''"""Newcomers who threaten."""
young = author.age_days < 7
threat = signal("text_model").violence
when(young, posts_by(author, "10m") > 5 or threat > 0.8)
hold(category="violence_incitement", within="12h", message="It waits for a look.")
case(category="violence_incitement")
catches("I will hurt you", author.age_days == 1, posts_by(author, "600s") == 6)
spares("I will hurt you", author.age_days == 9)
skips("Hello", author.age_days == 1, posts_by(author, "10m") == 0)
'''


def rule(source: str) -> Rule:
    return read_rule(source, PLACE)


def faults(source: str) -> list[str]:
    with pytest.raises(Faulty) as raised:
        rule(source)
    return [str(each) for each in raised.value.faults]


def says(condition: str, **values: object) -> Verdict:
    """What a condition says of a post; the first `_` of a feature's name stands for its dot."""
    found = rule(f"""
when(post.language == "yes" or ({condition}) and post.language != "no")
case(category="spam")
catches("", post.language == "yes")
spares("", post.language == "no")
""")
    known = {name.replace("_", ".", 1): value for name, value in values.items()}
    return evaluate(found, Features({"post.language": "", **known})).verdict


def test_a_rule_says_what_it_does_needs_and_costs() -> None:
    made = rule(WHOLE)
    assert made.description == "Newcomers who threaten."
    assert made.needs == Needs(
        frozenset({"author.age_days"}),
        frozenset({("posts_by", 600_000)}),
        frozenset({"text_model"}),
    )
    assert 60 < made.cost < 100
    assert made.restricts
    hold, case = made.effects
    assert (hold.kind, hold.category, hold.lasts_ms) == (
        EffectKind.HOLD,
        "violence_incitement",
        12 * 3_600_000,
    )
    assert (hold.message, case.kind) == ("It waits for a look.", EffectKind.CASE)
    asked: list[str] = []

    def lookup(name: str) -> object:
        asked.append(name)
        return {"signal.text_model.violence": 0.9}.get(name)

    young = {"author.age_days": 1, "posts_by.600s": 0}
    outcome = evaluate(made, Features(young, lookup))
    assert (outcome.verdict, outcome.effects) == (Verdict.CAUGHT, made.effects)
    assert asked == ["signal.text_model.violence"]
    assert evaluate(made, Features({"author.age_days": 8}, lookup)).verdict is Verdict.PASSED
    assert len(asked) == 1  # what is dear is not asked for where it can't matter
    skipped = evaluate(made, Features({"posts_by.600s": 0, "author.age_days": None}))
    assert (skipped.verdict, skipped.effects) == (Verdict.SKIPPED, ())
    assert skipped.missing == ("author.age_days", "signal.text_model.violence")


CAUGHT, PASSED, SKIPPED = Verdict


@pytest.mark.parametrize(
    ("condition", "values", "verdict"),
    [
        ("author.posts > 1 and author.followers > 1", {"author_posts": 0}, PASSED),
        ("author.posts > 1 and author.followers > 1", {"author_posts": 2}, SKIPPED),
        ("author.posts > 1 or author.followers > 1", {"author_followers": 2}, CAUGHT),
        ("author.posts > 1 or author.followers > 1", {"author_followers": 0}, SKIPPED),
        ("not author.bot", {}, SKIPPED),
        ("not known(author.bot)", {}, CAUGHT),
        ("default(author.posts, 3) == 3", {}, CAUGHT),
        ("author.posts / post.media > 2", {"author_posts": 9, "post_media": 0}, SKIPPED),
        ("author.posts / author.followers > 2", {"author_posts": 9, "author_followers": 4}, CAUGHT),
        ("-author.posts + 2 * 3 - 1 == 4", {"author_posts": 1}, CAUGHT),
        ("1 < author.posts <= 3", {"author_posts": 3}, CAUGHT),
        ("1 < author.posts <= 3", {"author_posts": 4}, PASSED),
        ("author.posts in [1, 2]", {"author_posts": 2}, CAUGHT),
        ("post.visibility not in ['public']", {"post_visibility": "direct"}, CAUGHT),
        ("'b' in post.text", {"post_text": "abc"}, CAUGHT),
        ("'b' in post.tags", {"post_tags": ("abc",)}, PASSED),
        ("matches(post.text, 'buy +now')", {"post_text": "BUY  NOW!"}, CAUGHT),
        ("matches(post.links, '^https://a')", {"post_links": ("http://a", "https://a")}, CAUGHT),
        ("lower(post.text) == 'abc'", {"post_text": "ABC"}, CAUGHT),
        ("length(post.text) == 3", {"post_text": "ABC"}, CAUGHT),
        ("length(post.links) == 0", {"post_links": ()}, CAUGHT),
        ("listed(post.text, 'slurs')", {"post_text": "a b", "list_slurs": "b".__eq__}, PASSED),
        ("listed(post.tags, 'slurs')", {"post_tags": ("a", "b"), "list_slurs": "b".__eq__}, CAUGHT),
        ("listed(post.text, 'slurs')", {"post_text": "a b"}, SKIPPED),
        ("least(author.posts, 3) + most(author.posts, 3) == 10", {"author_posts": 7}, CAUGHT),
        ("author.posts * 1e15 * 1e15 > 1", {"author_posts": 1e300}, SKIPPED),
    ],
)  # fmt: skip
def test_what_conditions_say(condition: str, values: dict[str, object], verdict: Verdict) -> None:
    assert says(condition, **values) is verdict


def test_what_a_name_lacks_is_named_each_time_that_it_is_asked_for() -> None:
    made = rule("""
many = author.posts > 3
when(post.text != "no", known(many) or many or not many)
notify("many")
catches("a", author.posts == 1)
skips("b")
spares("no")
""")
    assert evaluate(made, Features({"post.text": "a"})).missing == ("author.posts",)


ENDS = "\ncase(category='spam')\ncatches('a')\nspares('b')"


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("", "1:1: the rule lacks when(…)"),
        ("import os", "1:1: there are no imports"),
        ("for x in post.tags: pass", "1:1: there are no loops"),
        ("def f():\n  return f()", "1:1: there are no functions"),
        ("f = lambda: f()", "1:5: there are no functions"),
        ("a = [x for x in post.tags]", "1:5: there are no loops"),
        ("post.text = 'a'", "1:1: this can't stand here"),
        ("when = 3", "1:1: when is a word of the language"),
        ("a = 1\na = 2", "2:1: a is named already"),
        ("a = 1", "1:1: a is named, and nothing asks for it"),
        ("when(1)", "1:6: this is a number; true or false is wanted"),
        ("when(post.txt == 'a')", "1:6: there is no feature post.txt; post.text may be meant"),
        ("when('é' == post.txt)", "1:13: there is no feature post.txt"),
        ("when(post == 1)", "1:6: post is no value"),
        ("when(matches)", "1:6: matches is called"),
        ("when(yung)\nyoung = author.bot", "1:6: there is no name yung"),
        ("when(post.__class__)", "1:6: there is no feature post.__class__"),
        ("when(post.text.upper() == 'A')", "1:6: functions of the language alone"),
        ("when(().__class__)", "1:6: post, author and signal(…) alone have features"),
        ("when(post.text[0] == 'a')", "1:6: there is nothing to take parts of"),
        ("when(f'{post.text}' == 'a')", "1:6: a text stands as it is"),
        ("when(post.text is None)", "1:19: whether a value is there"),
        ("when(post.text > 'a')", "1:18: numbers alone are smaller or larger"),
        ("when(post.text == 1)", "1:19: a text is compared with a number"),
        ("when(1 in post.tags)", "1:11: a number can't be in a list of texts"),
        ("when(post.text in [post.spoiler])", "1:19: a list holds texts alone"),
        ("when(author.posts ** 9 > 1)", "1:6: numbers are reckoned with + - * /"),
        ("when(author.posts > 1e999)", "1:21: a number is no larger"),
        ("when(length() > 1)", "1:6: length(text)"),
        ("when(length(1) > 1)", "1:13: this is a number; a text or a list of texts is wanted"),
        ("when(length(*post.tags) > 1)", "1:13: arguments are written out"),
        ("when(posts_by(author) > 1)", '1:6: posts_by(author, "10m") is wanted'),
        ("when(posts_by(post, '10m') > 1)", "1:15: it counts of the author alone"),
        ("when(posts_by(author, '10 m') > 1)", "1:23: a length of time is written"),
        ("when(posts_by(author, '31d') > 1)", "1:23: this is longer than 30 days"),
        ("when(post_by(author, '1d') > 1)", "1:6: there is no function post_by; posts_by"),
        ("when(signal('text').hate > 1)", "1:13: there is no signal text"),
        ("when(signal('text_model').hat > 1)", "1:6: there is no score of text_model hat; hate"),
        ("when(signal('text_model') > 1)", "1:6: one of its scores is asked for"),
        ("when(listed(post.text, 'jam'))", "1:24: there is no list jam"),
        ("when(default(author.posts, author.followers) > 1)", "1:28: what stands for a missing"),
        ("when(matches(post.text, r'(a)\\1'))", "1:25: this pattern is refused"),
        ("when(matches(post.text, '(?=a)b'))", "1:25: this pattern is refused"),
        ("when(matches(post.text, '(x(a+)b?)*'))", "1:25: a repeat stands in a repeat"),
        ("when(matches(post.text, '((a{1,9}){1,99}){1,99}'))", "1:25: this pattern is refused"),
        ("when(matches(post.text, 'a*'))", "1:25: this pattern is found in every text"),
        ("when(True)\nwhen(True)", "2:1: when(…) stands once"),
        ("whn(True)", "1:1: there is no statement whn; when may be meant"),
        ("hold(category='spam', within='12h')", "1:1: hold(category="),
        ("hold(category='spm', within='12h', message='a')", "1:15: there is no category spm"),
        ("hold(category='spam', within='8d', message='a')", "1:30: this is longer than 7 days"),
        ("hold(category='spam', within='1d', message=' ')", "1:44: a text of 1 to 500 characters"),
        ("hold('spam')", "1:6: hold("),
        ("hold(**post)", "1:6: hold(category="),
        ("label('a', words='b')", "1:12: label("),
        ("slow(posts=0, per='1h', ends='1d')", "1:12: a number from 1 to 1000"),
        ("enqueue('jam')", "1:9: there is no signal jam"),
        ("enqueue('text_model')", "1:9: text_model judges at once"),
        ("catches(post.text)", "1:9: catches("),
        ("catches('a', author.posts == post.mentions)", "1:14: catches("),
        ("catches('a', author.posts == 'b')", "1:14: author.posts is a number, and this is a text"),
        ("catches('a', post.text == 'b')", "1:14: post.text is said twice"),
        ("when(True)" + ENDS, "4:1: this is caught; it must be spared"),
        ("when(author.bot)" + ENDS, "3:1: this is skipped for want of author.bot; it must"),
        ("x = (1\n", "1:5: '(' was never closed"),
        ("x = 'a\0'", "1:7: this character can't be in a rule"),
        ("x = '\ud800'", "1:6: this character can't be in a rule"),
        ("when(" + "author.bot or " * 999 + "author.bot)", "1:7003: a rule has no more"),
    ],
)  # fmt: skip
def test_what_is_no_rule_names_the_spot(source: str, said: str) -> None:
    assert any(each.startswith(said) for each in faults(source)), faults(source)


@pytest.mark.parametrize(
    "source",
    [
        "when(post.text in [" + "'b'," * 1_000_000 + "])",
        "when('a' in post.text)\n" * 100_000,
        "x = '" + "a" * 1_000_000 + "'",
        "(" * 100_000,
        "-" * 100_000 + "1",
        "not " * 5_000 + "x",
        "x = a" + ".b" * 9_000,
        "x = a" + "()" * 9_000,
        "x = " + "1+" * 9_000 + "1",
        "x = " + "9" * 10_000,
        "x = 10" + "*10" * 600,
        "x0 = post.text\n" + "".join(f"x{n + 1} = x{n} == x{n}\n" for n in range(300)),
        "a0 = author.posts > 1\n" + "".join(f"a{n + 1} = a{n} or a{n}\n" for n in range(15))
        + "when(a15)",
        'f"' + "{" * 5_000,
        "\\\n" * 9_000,
        "if x:\n" + "".join(" " * n + "if x:\n" for n in range(1, 150)),
    ],
)  # fmt: skip
def test_what_is_too_large_or_too_deep_is_refused_soon(source: str) -> None:
    began = time.process_time()
    told = faults(source)
    assert all(each.partition(":")[0].isdecimal() for each in told)
    assert time.process_time() - began < 2


def test_names_within_names_are_found_out_once() -> None:
    made = rule(
        "a0 = author.posts > 1\n"
        + "".join(f"a{n + 1} = a{n} or not a{n}\n" for n in range(5))
        + "when(a5, post.text != 'b')\nnotify('x')\ncatches('a', author.posts == 2)\nspares('b')"
    )
    assert evaluate(made, Features({"post.text": "a"})).missing == ("author.posts",)


WORDS = st.sampled_from(
    [*"()[]{},.=:+-*/<>\n\t '\"#\\@", "when", "post", "text", "author", "age_days", "signal",
     "case", "category", "spam",
     "catches", "spares", "and", "or", "not", "in", "lambda", "for", "if", "1",
     "'a'", "matches", "known", "default", "==", "**", "import", "def f():", "\n    ", "x", "é",
     'posts_by(author, "10m")', "f'{x}'", "\x0c", "async", "await", "yield", "\r", "0x", "1e9"]
)  # fmt: skip


@settings(max_examples=300, deadline=2_000)
@given(
    st.one_of(
        st.text(max_size=200),
        st.lists(WORDS, max_size=60).map("".join),
        st.lists(WORDS, max_size=60).map(" ".join),
        st.tuples(st.integers(0, len(WHOLE)), st.integers(0, 9), st.lists(WORDS, max_size=5)).map(
            lambda cut: WHOLE[: cut[0]] + "".join(cut[2]) + WHOLE[cut[0] + cut[1] :]
        ),
    )
)
def test_no_source_makes_it_fall(source: str) -> None:
    lines = source.count("\n") + source.count("\r") + 2
    try:
        made = rule(source)
    except Faulty as faulty:
        told = faulty.faults
    else:
        assert evaluate(made, Features({})).verdict in set(Verdict)
        return
    assert told
    assert all(1 <= each.line <= lines and each.column >= 1 for each in told)


@settings(max_examples=100, deadline=2_000)
@given(st.text("ab(|)*+?[]{}\\\\^$.1,-", max_size=30), st.text("ab", max_size=200))
def test_no_pattern_stalls(pattern: str, text: str) -> None:
    try:
        test = searcher(pattern)
    except PatternRefused:
        return
    assert test(text) in {True, False}


def test_lengths_of_time() -> None:
    assert [span_of(text) for text in ("90s", "10m", "12h", "7d")] == [
        90_000,
        600_000,
        43_200_000,
        604_800_000,
    ]
    assert not any(map(span_of, ("", "0m", "1", "m", "1w", "999999d", "1m ")))
    assert [span_words(ms) for ms in (604_800_000, 5_400_000, 90_000)] == ["7d", "90m", "90s"]


def test_every_word_of_the_language_is_documented() -> None:
    page = (Path(__file__).parents[3] / "docs" / "rules-language.md").read_text()
    words = [*FEATURES, *COUNTERS, *FUNCTIONS, *FORMS, *EXPECTED]
    assert [word for word in words if f"`{word}" not in page] == []
    for form in FORMS.values():
        assert f"`{form}`" in page
