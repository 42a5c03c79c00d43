import hashlib

from rostra.safety.clusters.compare import (
    SENTENCES,
    Content,
    Place,
    Reason,
    Relation,
    content_of,
    relate,
)

FLOOD = (
    "They sold our town. Saturday at noon we meet at the old market square, bring rope and make "
    "the mayor pay for what he did!"
)
MARKS = 2
LOOK = hashlib.sha256(b"one").digest()
NEAR = (int.from_bytes(LOOK, "big") ^ 0xFF).to_bytes(32, "big")
OTHER = hashlib.sha256(b"another").digest()


def related(leader: Content, other: Content, *, answers: bool = False) -> Relation | None:
    marks = {key for key in leader.kept if key >> 61 == MARKS} & set(other.asked)
    return relate(leader.traits, other.traits, shared_marks=len(marks), answers=answers)


def found(text: str, leader: str = FLOOD, *, answers: bool = False) -> tuple[str, list[str]]:
    relation = related(content_of(leader), content_of(text), answers=answers)
    if relation is None:
        return "nothing", []
    return relation.place.name, [reason.name for reason in relation.reasons]


def test_copies_are_members() -> None:
    assert found(FLOOD) == ("MEMBER", [])
    assert found(
        "th3y s0ld our town!! saturday at noon, meet at the old market square, bring "
        "rope & make the mayor pay for what he did @bob #now"
    ) == ("MEMBER", [])


def test_what_speaks_about_it_is_an_outlier_and_says_why() -> None:
    assert found(f"I reported this: {FLOOD}") == ("OUTLIER", ["REPORTS"])
    assert found(f"{FLOOD} Shame!") == ("OUTLIER", ["CONDEMNS"])
    assert found(f"Don't! {FLOOD}") == ("OUTLIER", ["NEGATES"])
    assert found(f"Bo wrote: {FLOOD}") == ("OUTLIER", ["ATTRIBUTES"])
    assert found(f"Oh my, oh my “{FLOOD}”") == ("OUTLIER", ["QUOTES"])
    assert found(f"{FLOOD} https://www.reuters.com/a") == ("OUTLIER", ["NEWS"])
    assert found(f"{FLOOD} So it went on in every street that I walked through today.") == (
        "OUTLIER",
        ["ADDS"],
    )
    assert found(FLOOD, answers=True) == ("OUTLIER", ["ANSWERS"])


def test_a_part_in_a_long_text_is_found_by_its_marks() -> None:
    around = " ".join(f"w{at}ord{at * 7}" for at in range(80))
    assert found(f"{around} {FLOOD} {around}") == ("OUTLIER", ["ADDS"])
    place, reasons = found(f"{around} “{FLOOD[:60]}” {around} they wrote")
    assert (place, reasons) == ("OUTLIER", ["ADDS", "QUOTES", "ATTRIBUTES"]) or place == "OUTLIER"


def test_where_the_first_is_the_outlier_it_is_turned_round() -> None:
    about = f"I reported this to the police today, it is a disgusting threat: {FLOOD}"
    assert found(FLOOD, leader=about)[0] == "TURNED"
    around = " ".join(f"w{at}ord{at * 7}" for at in range(30))
    assert found(FLOOD, leader=f"{FLOOD} {around}")[0] == "TURNED"


def test_a_negation_that_is_missing_turns_the_meaning() -> None:
    leader = "Nobody should ever wait for the judge at her door on Friday morning with a knife"
    other = leader.replace("Nobody", "Somebody")
    assert found(other, leader=leader) == ("OUTLIER", ["LACKS"])


def test_others_have_nothing_to_do_with_it() -> None:
    assert found("The mayor sold our town hall. Come to the meeting on Saturday.") == (
        "nothing",
        [],
    )
    assert found("") == ("nothing", [])
    assert found("Hang them up", leader="Hang them all") == ("nothing", [])
    assert found("HANG them aaall", leader="Hang them all") == ("MEMBER", [])


def test_pictures_that_look_the_same_are_members() -> None:
    one = content_of("", LOOK, 90)
    assert related(one, content_of("", NEAR, 90)) == Relation(Place.MEMBER, 1 - 8 / 256)
    assert related(one, content_of("look", NEAR, 90)) == Relation(Place.MEMBER, 1 - 8 / 256)
    assert related(one, content_of("", OTHER, 90)) is None
    assert related(one, content_of("", NEAR, 49)) is None


def test_the_same_picture_under_other_words_is_an_outlier() -> None:
    one = content_of(FLOOD, LOOK, 90)
    other = content_of("This picture was taken in another year and another country.", NEAR, 90)
    relation = related(one, other)
    assert relation is not None
    assert (relation.place, relation.reasons) == (Place.OUTLIER, (Reason.OTHER_WORDS,))
    fake = related(one, content_of("Fake!", NEAR, 90))
    assert fake is not None
    assert fake.reasons == (Reason.OTHER_WORDS, Reason.CONDEMNS)


def test_every_reason_has_a_sentence() -> None:
    assert set(SENTENCES) == set(Reason)
