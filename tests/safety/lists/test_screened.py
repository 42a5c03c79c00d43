"""A post that has something of a list is judged by it, whatever it was before."""

from tests.harness.neighbours import Place
from tests.safety.lists.keeping import made
from tests.safety.moderating import queue

from rostra.network.accounts.sign_up import SignUp, sign_up
from rostra.safety.screening import access
from rostra.safety.subjects import Subject, SubjectKind


async def test_a_list_judges_from_the_next_post_on(place: Place) -> None:
    ann = await place.member("ann")
    await ann.post("I will kill you")
    await made(place, "threats", "phrases", "kill you", score=40)
    post = await ann.post("I will k i l l you, I said")
    await ann.post("Peace")
    async with place.db.read() as reader:
        [shown] = await access.of_subject(reader, Subject(SubjectKind.POST, int(post["id"])))
    [heard] = shown.judgement.heard
    assert (heard.signal, heard.score, heard.reason) == ("lists", 0.4, "threats: kill you")
    assert [each.text for each in shown.passages(heard) if each.weight] == ["k i l l you"]


async def _of_account(place: Place, account_id: int) -> list[access.Shown]:
    async with place.db.read() as reader:
        return await access.of_subject(reader, Subject(SubjectKind.ACCOUNT, account_id))


async def test_a_user_name_is_judged_when_somebody_signs_up(place: Place) -> None:
    """Nothing is refused for it: a case tells the team."""
    await made(place, "slurs", "words", "vermin", harm="hate", score=95)
    ids = []
    for name in ("vermin_88", "gardener"):
        place.clock.advance(1)
        form = SignUp(username=name, email=f"{name}@example.org", password_hash="x", agreement=True)
        async with place.db.write() as tx:
            ids.append((await sign_up(place.services, tx, form)).account_id)
    [shown] = await _of_account(place, ids[0])
    [heard] = shown.judgement.heard
    assert (heard.signal, heard.reason) == ("lists", "slurs: vermin")
    assert [each.text for each in shown.passages(heard) if each.weight] == ["vermin"]
    assert [case.subject_id for case in await queue(place)] == [ids[0]]


async def test_a_user_name_is_judged_with_the_rest_of_a_profile(place: Place) -> None:
    ann = await place.member("vermin_88")
    await made(place, "slurs", "words", "vermin", harm="hate", score=95)
    await ann.change(display_name="A gardener")
    [shown] = await _of_account(place, ann.account_id)
    assert shown.text == "vermin_88\n\nA gardener"
