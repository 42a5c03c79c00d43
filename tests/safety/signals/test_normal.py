"""What a disguised text reads as, and where each passage of it stood."""

import time

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from rostra.safety.signals.chars import CHARACTERS
from rostra.safety.signals.model import Material
from rostra.safety.signals.normal import normalise

READS = {
    "I will KiLL you": "i will kill you",
    "I will k i l l y o u": "i will kill you",
    "k.i.l.l them": "kill them",
    "I h4te th3m": "i hate them",
    "kiiiilll yooou!!": "kill you!!",
    "I will ki ll you": "i will kill you",
    "mur-der them": "murder them",
    "k*ll them": "kill them",
    "I will llik you": "i will kill you",
    "uoy llik lliw I": "i will kill you",
    "I lliw llik uoy": "i will kill you",
    "iwillkillyou": "i will kill you",
    "\uff4b\uff49\uff4c\uff4c you": "kill you",
    "\u043a\u0456ll y\u200bo\u0336u\u0336": "kill you",
    "\U0001d560\U0001d55f\U0001d556 \U0001d424\U0001d422\U0001d425\U0001d425": "one kill",
    "I need a \U0001f52b": "i need a gun",
    "no\u028e ll\u1d09\u029e ll\u1d09\u028d I": "i will kill you",
    "k!ll a$$ $hit": "kill ass shit",
    "kkiillll hhaattee": "kill hate",
    "\U0001f17a\U0001f178\U0001f17b\U0001f17b": "kill",
    # Contractions, and what belongs to somebody.
    "+hey'|| th*y'll c*n't d0n'+ they'11 7h3y'11": "they'll they'll can't don't they'll they'll",
    "7h3r3'5 th-ere's doe sn't does-n't": "there's there's doesn't doesn't",
    "k1d'5 a k*d's |@dy'$": "kid's a kid's lady's",
    "let's kill, you'rekilled": "let's kill, you're killed",
    "y o u ' r e d e a d . s o o n": "you're dead. soon",
    "w e ' l l s h o o t t h e m , a l l": "we'll shoot them, all",
    # A sentence without its blanks, with points and numbers in it.
    "killthemallin2020.theywillburn": "kill them all in 2020.they will burn",
    # Stars in seldom words, and for the vowels of the likelier word.
    "tr*ason k**p*rs m*r*th*n wh*l* th* n*ght": "treason keepers marathon while the night",
    # Digits for all letters of a word, where the line is full of them; measures stay.
    "8017 7h3 d00r 0r w3 5h007 9mm": "bolt the door or we shoot 9mm",
    "par|<. |)ea|) 83|), |<ill": "park. dead bed, kill",
    # Where most words come out of other scripts, the short ones with digits are words too.
    "\u0456 \u03c9\u03b9ll \u0441om\u0435 70 \uff59\uff4f\uff55\uff52 h0us3 4nd k\u0456ll": (
        "i will come to your house and kill"
    ),
    "kni fe trea son bul let": "knife treason bullet",
    "nohtaram eht, niart a": "marathon the, train a",
}

SAME = (
    "2024, b4 and gr8: the 4th of 10k, 3rd at 5pm, mp3 for $5",
    "h2o, covid19, 1984, room 101, call 0170 1234567",
    "don't, we'll, it's; he'll stay.",
    "they're doing it, don't allow it; the 80's, rock'n'roll, 5'11, 9mm",
    "d'accord, l'amour, qu'elle t'aime; o'brien's dog's bowl",
    "we have 70 and 4 of 11, 1n and 17",
    "adapters, a chairman and https://example.com/howtobakebread",
    "see https://example.com/K1LL/k.i.l.l".lower(),
    "a therapist with many skills in the background",
    "well-known words, his/her, e.g. this and a b",
    "der hund und die katze gehen nach hause, les enfants, tes amis",
    "\u0928\u092e\u0938\u094d\u0924\u0947 \u0926\u0941\u0928\u093f\u092f\u093e",
    "\uc548\ub155\ud558\uc138\uc694 \u4f60\u597d",
    "@bob@example.org h4te.com/x",
)


@pytest.mark.parametrize(("written", "read"), READS.items())
def test_a_disguise_is_undone(written: str, read: str) -> None:
    assert normalise(written).text == read


@pytest.mark.parametrize("text", SAME)
def test_what_is_honest_stays_as_it_is(text: str) -> None:
    assert normalise(text).text == text


PASSAGES = (
    ("Well, I will k i l l you.", "kill", "k i l l"),
    ("Well, k i l l y o u now", "kill", "k i l l"),
    ("Oh \uff4b\u200b\uff49\uff4c\u0336\uff4c him", "kill", "\uff4b\u200b\uff49\uff4c\u0336\uff4c"),
    ("I need a \U0001f52b now", "gun", "\U0001f52b"),
    ("they h4te us", "hate", "h4te"),
    ("the kiiiiilll them", "kill", "kiiiiilll"),
    ("then ki ll him", "kill", "ki ll"),
    ("yadnus no uoy llik lliw I", "kill", "llik"),
    ("yes iwillkillyou", "kill", "iwillkillyou"),
    ("http://example.com/x k-i-l-l", "kill", "k-i-l-l"),
    ("http://example.com/kill x", "kill", "kill"),
)


@pytest.mark.parametrize(("written", "read", "stood"), PASSAGES)
def test_a_passage_is_found_where_it_stood(written: str, read: str, stood: str) -> None:
    normal = Material(written, "post").normal
    at = normal.text.index(read)
    start, end = normal.origin(at, at + len(read))
    assert normal.original[start:end] == stood


_MEAN = ("k", "kil", "ll", "uoy", "llik", "aaa", "lll", "ia", "i", "1", "4", " ", "  ", "\n\n")
_SIGNS = (".", "-", "*", "@", "!", "#", "'", "://", "www.", ".com", "\u0301", "\u202e")
_PIECES = st.sampled_from((*READS, *SAME, *_MEAN, *_SIGNS))
TEXTS = st.one_of(
    st.text(max_size=80),
    st.lists(_PIECES, max_size=14).map("".join),
    st.text(alphabet="kiloyumd341@$!.-* \n", max_size=60),
)


@settings(max_examples=150, deadline=None)
@given(TEXTS)
@example("k i l l\n\ny o u")
def test_what_is_read_reads_as_itself_and_knows_its_way_back(text: str) -> None:
    normal = normalise(text)
    assert normalise(normal.text).text == normal.text
    covered = [normal.origin(at, at + 1) for at in range(len(normal.text))]
    for char, (start, end) in zip(normal.text, covered, strict=True):
        assert 0 <= start < end <= len(text)
        if end - start == 1 and char.isalpha():
            read = text[start:end].translate(CHARACTERS)
            assert char in read or not read.isalpha() or read in "nudpbq"
    for at in range(0, len(normal.text) - 3, 3):
        start, end = normal.origin(at, at + 3)
        assert start == min(one for one, _ in covered[at : at + 3])
        assert end == max(two for _, two in covered[at : at + 3])


HOSTILE = (
    "a", "a ", "k.", ".", "a-b", "@", "a@", "abc.", "llik ", "ki ll ", "z\u0300", " ", "1a", "kill",
    "k  i ", "k*", "a!", "uoy llik\n", "\U0001f52b", "\u028e", "iwill", "k" * 999 + " ",
    "k*", "k* ", "1l ", "|\\/", "@ll ", "k1ll ", "a.b ", "4 ", "th", "therapist", "q" * 39 + "1 ",
)  # fmt: skip


@pytest.mark.untraced  # what traces it takes longer than it does
def test_hostile_texts_take_a_time_that_grows_with_their_length() -> None:
    """Four times as much of anything takes four times as long, not sixteen times."""
    for unit in HOSTILE:
        short, long = (
            min(_cost(_much(unit, size)) for _ in range(2)) for size in (25_000, 100_000)
        )
        assert long < 0.2 + 8 * short, (unit[:20], short, long)


def _much(unit: str, size: int) -> str:
    return (unit * (size // len(unit) + 1))[:size]


def _cost(text: str) -> float:
    began = time.process_time()
    normalise(text)
    return time.process_time() - began
