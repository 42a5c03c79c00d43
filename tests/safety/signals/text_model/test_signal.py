"""The packaged model as a signal: small, quick to load, and what it says of texts."""

import statistics
import time

import pytest

from rostra.safety.signals.model import Cost, Finding, Material, Takes
from rostra.safety.signals.text_model.parts import ALONE, LONGEST, READ, Parts
from rostra.safety.signals.text_model.pieces import SPECIAL, Pieces
from rostra.safety.signals.text_model.signal import PACKAGED, TextModel, load
from rostra.safety.signals.training.contrasts import Part, read_pairs

THREAT = "I am going to shoot up the school and kill every teacher"
WIDE = "".join(chr(ord(letter) + 0xFEE0) for letter in "SHOOT")
KIND = "I am going to bring cake to the school and thank every teacher"


@pytest.fixture(scope="module")
def signal() -> TextModel:
    return load()


def judged(signal: TextModel, text: str) -> Finding:
    finding = signal.judge(Material(text, "post"))
    assert finding
    return finding


def test_the_file_is_small_and_loads_at_once() -> None:
    assert PACKAGED.stat().st_size < 6_000_000
    start = time.thread_time()
    signal = load()
    assert time.thread_time() - start < 1
    assert (signal.name, signal.cost, signal.takes) == ("text_model", Cost.MICROSECONDS, Takes.TEXT)
    assert len(signal.version) == 10


def test_a_threat_is_told_from_thanks(signal: TextModel) -> None:
    threat, kind = judged(signal, THREAT), judged(signal, KIND)
    assert threat.scores["violence"] > 0.6
    assert kind.scores["violence"] < 0.2
    assert "teachers" in threat.targets
    assert threat.reason.startswith("The text model reads a threat or a call to violence")
    assert all(0 <= score <= 1 for score in threat.scores.values())


def test_words_that_weighed_are_those_of_the_original(signal: TextModel) -> None:
    written = f"I am going to {WIDE} up the school and k1ll every teacher"
    finding = judged(signal, written)
    assert finding.spans
    words = [written[span.start : span.end] for span in finding.spans]
    assert all(word and word == word.strip() for word in words)
    assert all(f"“{word}”" in finding.reason for word in words)
    assert all(span.weight > 0 for span in finding.spans)


def test_of_nothing_nothing_is_said(signal: TextModel) -> None:
    assert signal.judge(Material("", "post")) is None
    assert signal.judge(Material(" \n\u200b ", "post")) is None


def test_a_threat_is_not_lost_in_what_stands_around_it(signal: TextModel) -> None:
    kind = "We had a lovely walk by the lake and fed the ducks. "
    calm = judged(signal, kind * 40)
    assert calm.scores["violence"] < 0.05
    for before, behind in ((3, 0), (0, 3), (40, 40)):
        text = f"{kind * before}{THREAT}. {kind * behind}"
        finding = judged(signal, text)
        assert finding.scores["violence"] > 0.4, (before, behind)
        assert all(text.index(THREAT) <= span.start < span.end for span in finding.spans)


def test_every_part_of_a_text_is_looked_at() -> None:
    pieces = Pieces((*SPECIAL, ".", "kill", "x"))
    parts = Parts(pieces)
    dot, kill, x = range(len(SPECIAL), len(SPECIAL) + 3)
    plain = [x] * 10 * LONGEST
    found = list(parts.of(plain))
    assert {at for part in found for at in range(part.at, part.at + len(part.ids))} == set(
        range(len(plain))
    )
    assert all(part.less == 0 for part in found)
    assert [len(part.ids) for part in parts.of([x, kill])] == [2]
    _, sentence = parts.of([*[x] * 20, dot, *[x] * 8, kill, dot, *[x] * 20])
    assert (sentence.at, len(sentence.ids), sentence.less) == (21, 10, ALONE)
    assert len(list(parts.of([kill] * 100_000))) < 40


def test_of_a_text_that_is_too_long_beginning_and_end_are_read(signal: TextModel) -> None:
    pieces = Pieces((*SPECIAL, "x"))
    long = [len(SPECIAL)] * (2 * READ)
    found = list(Parts(pieces).of(long))
    read = {at for part in found for at in range(part.at, part.at + len(part.ids))}
    assert len(found) == 24
    assert {0, READ // 2 - LONGEST, 2 * READ - READ // 2 + LONGEST, 2 * READ - 1} <= read
    assert READ not in read
    fits = list(Parts(pieces).of(long[:READ]))
    assert (len(fits), fits[-1].at + len(fits[-1].ids)) == (24, READ)
    kind = "We had a lovely walk by the lake and fed the ducks. "
    short, longer = judged(signal, kind * 40), judged(signal, kind * 400)
    assert "too long" not in short.reason
    assert "read its beginning and its end" in longer.reason
    assert "read its beginning and its end" in judged(signal, f"{THREAT}. {kind * 400}").reason


def test_any_text_is_answered(signal: TextModel) -> None:
    for text in ("\U0001f600" * 300, "ж" * 5_000, "a" * 20_000, "@me", "http://x.example", "\x00?"):
        judged(signal, text)


def test_threats_score_higher_than_their_look_alikes_that_it_never_saw(signal: TextModel) -> None:
    held_out = [pair for pair in read_pairs() if pair.part is Part.HELD_OUT]
    threats = [judged(signal, pair.threat).scores["violence"] for pair in held_out]
    contrasts = [judged(signal, pair.contrast).scores["violence"] for pair in held_out]
    assert statistics.mean(threats) > statistics.mean(contrasts) + 0.1
    higher = sum(one > two for one, two in zip(threats, contrasts, strict=True))
    assert higher > 0.65 * len(held_out)


def test_words_are_cut_by_the_longest_piece_that_is_known() -> None:
    pieces = Pieces((*SPECIAL, "kill", "k", "##ing", "##i", "!", "##n", "##g", "##s"))
    names = [pieces.pieces[at] for at in pieces.cut("killing kings! ж @anna.b see www.x.example")]
    assert names == [
        "kill", "##ing", "k", "##ing", "##s", "!", "[unk]", "[name]", "[unk]", "[link]",
    ]  # fmt: skip
    assert pieces.words("killing ж")[:2] == [(0, 7), (0, 7)]
