"""Cases join clusters: copies as members, what speaks about them as outliers."""

import pytest
from tests.harness.neighbours import Place
from tests.pictures import waves
from tests.safety.flooding import FLOOD, cluster, doing, spots, told
from tests.safety.moderating import moderator, queue, report

from rostra.kernel.clock import DAY, HOUR
from rostra.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from rostra.safety.cases.events import CaseOpened
from rostra.safety.clusters import access, correct, join, tidy
from rostra.safety.clusters.compare import Place as Spot
from rostra.safety.clusters.compare import Reason
from rostra.safety.team.model import Actor


async def test_copies_are_members_of_one_cluster(place: Place) -> None:
    cases = await told(place, FLOOD, FLOOD.upper(), f"@bob {FLOOD} #now", "Lovely day at the lake")
    first, second, third, alone = await spots(place, cases)
    assert first.cluster_id == second.cluster_id == third.cluster_id != 0
    assert {each.place for each in (first, second, third)} == {Spot.MEMBER}
    assert second.alike == 1000
    assert (alone.cluster_id, alone.place) == (0, 0)
    assert [case.cluster_id for case in cases] == [first.cluster_id] * 3 + [0]
    found = await cluster(place, cases[0])
    assert found.leader_id == cases[0].id
    assert (found.members, found.outliers, found.open_members, found.authors) == (3, 0, 3, 3)
    assert found.first_at == cases[0].status.opened_at
    assert found.last_at == cases[2].status.opened_at


async def test_what_speaks_about_it_is_an_outlier_with_a_reason_to_read(place: Place) -> None:
    cases = await told(place, FLOOD, FLOOD, f'My neighbour wrote "{FLOOD}" and I am scared')
    *_, outlier = await spots(place, cases)
    assert outlier.place == Spot.OUTLIER
    assert Reason.QUOTES in outlier.reasons
    assert "The words stand in quotation marks" in outlier.sentences[0]
    found = await cluster(place, cases[0])
    assert (found.members, found.outliers) == (2, 1)
    async with place.db.read() as reader:
        outliers = await access.cases_of(reader, found.id, Spot.OUTLIER)
        members = await access.cases_of(reader, found.id, Spot.MEMBER, limit=1)
        rest = await access.cases_of(reader, found.id, Spot.MEMBER, after=members[0].case_id)
        hidden = await access.cases_of(reader, found.id, Spot.MEMBER, categories=[])
        over_time = await access.over_time(reader, found.id)
    assert [each.case_id for each in outliers] == [cases[2].id]
    assert [each.case_id for each in members + rest] == [cases[0].id, cases[1].id]
    assert hidden == []
    hour = cases[0].status.opened_at // HOUR * HOUR
    assert sum(count for _, count in over_time) == 3
    assert over_time[0][0] == hour


async def test_replies_and_quotes_of_a_member_are_outliers(place: Place) -> None:
    (first,) = await told(place, FLOOD)
    ben, cleo = await place.member("ben"), await place.member("cleo")
    answer = await ben.post(FLOOD, in_reply_to_id=str(first.subject_id))
    await report(cleo, ben, answer["id"])
    case = next(c for c in await queue(place) if c.subject_id == int(answer["id"]))
    # The first of its cluster was alone until now: then nobody can know that it is one of a flood.
    (spot,) = await spots(place, [case])
    assert spot.place == Spot.MEMBER
    again = await ben.post(FLOOD, in_reply_to_id=str(first.subject_id))
    await report(cleo, ben, again["id"])
    case = next(c for c in await queue(place) if c.subject_id == int(again["id"]))
    (spot,) = await spots(place, [case])
    assert (spot.place, spot.reasons) == (Spot.OUTLIER, (Reason.ANSWERS,))


async def test_the_first_may_be_the_outlier(place: Place) -> None:
    about = f"I told the police about this disgusting threat, everybody please report it: {FLOOD}"
    cases = await told(place, about, FLOOD, FLOOD)
    outlier, leader, copy = await spots(place, cases)
    assert (outlier.place, leader.place, copy.place) == (Spot.OUTLIER, Spot.MEMBER, Spot.MEMBER)
    assert outlier.cluster_id == leader.cluster_id == copy.cluster_id
    assert (await cluster(place, cases[0])).leader_id == cases[1].id


async def test_pictures_that_look_the_same(place: Place) -> None:
    ann, ben, cleo = [await place.member(name) for name in ("ann", "ben", "cleo")]
    picture = waves(1, 400, 300)
    sent = [
        bytes(picture.pngsave_buffer()),
        bytes(picture.jpegsave_buffer(Q=40)),
        bytes(picture.resize(0.6).jpegsave_buffer()),
    ]
    ids = []
    for who, data, text in ((ann, sent[0], ""), (ben, sent[1], ""), (cleo, sent[2], FLOOD)):
        files = {"file": ("x", data)}
        medium = await who.ask("POST", "/api/v2/media", files=files)
        post = await who.post(text, media_ids=[medium["id"]])
        await report(await place.member(f"x{post['id']}"), who, post["id"])
        ids.append(int(post["id"]))
    by_subject = {case.subject_id: case for case in await queue(place)}
    one, two, three = await spots(place, [by_subject[each] for each in ids])
    assert (one.place, two.place) == (Spot.MEMBER, Spot.MEMBER)
    assert (three.place, three.reasons) == (Spot.OUTLIER, (Reason.OTHER_WORDS,))
    assert one.cluster_id == two.cluster_id == three.cluster_id


async def test_accounts_with_the_same_profile(place: Place) -> None:
    ann = await place.member("ann")
    bots = [await place.member(f"bot{at}") for at in range(2)]
    for bot in bots:
        await bot.change(
            display_name="Easy money",
            note="I made 4,300 dollars last week working from home, ask me how you can too",
        )
        await report(ann, bot)
    one, two = await spots(place, await queue(place))
    assert one.cluster_id == two.cluster_id != 0


async def test_a_change_by_its_author_sets_it_aside(place: Place) -> None:
    cases = await told(place, FLOOD, FLOOD)
    ann = await place.member("ann")
    ben = await place.member("ben")
    post = await ben.post(FLOOD)
    await report(ann, ben, post["id"])
    await ben.edit(post["id"], "Cats are lovely animals")
    case = next(c for c in await queue(place) if c.subject_id == int(post["id"]))
    (spot,) = await spots(place, [case])
    assert (spot.place, spot.reasons) == (Spot.OUTLIER, (Reason.CHANGED,))
    assert spot.cluster_id == cases[0].cluster_id


async def test_what_was_alone_is_compared_again_when_it_changes(place: Place) -> None:
    cases = await told(place, FLOOD, FLOOD)
    ann, ben = await place.member("ann"), await place.member("ben")
    post = await ben.post("Cats are lovely animals, and dogs are too")
    await report(ann, ben, post["id"])
    await ben.edit(post["id"], FLOOD)
    case = next(c for c in await queue(place) if c.subject_id == int(post["id"]))
    (spot,) = await spots(place, [case])
    assert (spot.place, spot.cluster_id) == (Spot.MEMBER, cases[0].cluster_id)


async def test_members_are_left_out_and_taken_in(place: Place) -> None:
    cases = await told(place, FLOOD, FLOOD, FLOOD)
    actor = moderator()
    await doing(place, correct.leave_out, actor, cases[1].id)
    (spot,) = await spots(place, [cases[1]])
    assert (spot.place, spot.reasons, spot.placed_by) == (Spot.OUTLIER, (Reason.LEFT_OUT,), 1)
    assert (await cluster(place, cases[0])).members == 2
    place.clock.advance(1)
    await doing(place, correct.take_in, actor, cases[1].id)
    (spot,) = await spots(place, [cases[1]])
    assert (spot.place, spot.reasons) == (Spot.MEMBER, ())
    async with place.db.read() as reader:
        events = await access.events(reader, spot.cluster_id)
    assert [(each.kind, each.case_id, each.actor_id) for each in events] == [
        (2, cases[1].id, 1),
        (1, cases[1].id, 1),
    ]


async def test_another_leads_when_the_first_is_left_out(place: Place) -> None:
    cases = await told(place, FLOOD, FLOOD)
    await doing(place, correct.leave_out, moderator(), cases[0].id)
    assert (await cluster(place, cases[1])).leader_id == cases[1].id
    (late,) = await told(place, FLOOD)
    (spot,) = await spots(place, [late])
    assert (spot.place, spot.cluster_id) == (Spot.MEMBER, cases[1].cluster_id)
    await doing(place, correct.leave_out, moderator(), cases[1].id)
    await doing(place, correct.leave_out, moderator(), late.id)
    (alone,) = await told(place, FLOOD)
    assert (await spots(place, [alone]))[0].cluster_id == 0


async def test_clusters_are_merged(place: Place) -> None:
    other = "Everybody knows that the lake is poisoned by those people who came here last winter"
    cases = await told(place, FLOOD, FLOOD, other, other)
    one, two = cases[0].cluster_id, cases[2].cluster_id
    await doing(place, correct.merge, moderator(), two, one)
    found = await cluster(place, cases[3])
    assert (found.id, found.members) == (one, 4)
    async with place.db.read() as reader:
        assert (await access.one(reader, two)).merged_into == one
        assert [each.other_id for each in await access.events(reader, one)] == [two]
    assert {case.cluster_id for case in await queue(place)} == {one}
    (late,) = await told(place, other)
    assert late.cluster_id == one
    with pytest.raises(Conflict):
        await doing(place, correct.merge, moderator(), two, one)
    with pytest.raises(Invalid):
        await doing(place, correct.merge, moderator(), one, one)
    with pytest.raises(NotFound):
        await doing(place, correct.merge, moderator(), one, 12345)


async def test_only_the_team_changes_clusters(place: Place) -> None:
    cases = await told(place, FLOOD, FLOOD, "Lovely day at the lake with the dogs")
    for verb in (correct.leave_out, correct.take_in):
        with pytest.raises(Forbidden):
            await doing(place, verb, Actor(5), cases[0].id)
        with pytest.raises(NotFound):
            await doing(place, verb, moderator(), cases[2].id)
    with pytest.raises(Forbidden):
        await doing(place, correct.merge, Actor(5), cases[0].cluster_id, 1)
    with pytest.raises(NotFound):
        async with place.db.read() as reader:
            await access.one(reader, 12345)


async def test_clusters_in_the_order_of_their_worst_case(place: Place) -> None:
    other = "Everybody knows that the lake is poisoned by those people who came here last winter"
    cases = await told(place, FLOOD, FLOOD, other, other, "Lovely day at the lake with the dogs")
    category = cases[0].status.category
    async with place.db.read() as reader:
        found = await access.listed(reader)
        assert [(each.id, each.open_cases) for each in found] == [
            (cases[0].cluster_id, 2),
            (cases[2].cluster_id, 2),
        ]
        assert await access.listed(reader, categories=[category]) == found
        assert await access.listed(reader, categories=[]) == []
        assert await access.listed(reader, limit=1, offset=1) == found[1:]


async def test_short_texts_that_read_the_same(place: Place) -> None:
    cases = await told(place, "Hang them all!", "hang them ALL", "Hang them up!", "so true")
    one, two, three, four = await spots(place, cases)
    assert one.cluster_id == two.cluster_id != 0
    assert three.cluster_id == four.cluster_id == 0


async def test_old_ones_are_compared_with_no_more(place: Place) -> None:
    from_then = await told(place, FLOOD)
    place.clock.advance(tidy.KEPT_MS + DAY)
    await doing(place, tidy.tidy, tidy.Tidy())
    (still,) = await told(place, FLOOD)  # the first is open: it is kept
    assert (await spots(place, [still]))[0].cluster_id != 0
    assert (await spots(place, from_then))[0].place == Spot.MEMBER


@pytest.mark.parametrize(
    ("text", "statements"), [(FLOOD, 6), ("Something else entirely, and of today", 4)]
)
async def test_to_join_costs_few_statements(place: Place, text: str, statements: int) -> None:
    *_, case = await told(place, FLOOD, FLOOD, text)
    event = CaseOpened(case.id, case.subject, case.account_id, case.status.category)
    await place.settle()
    async with place.db.write() as tx:
        with place.app.counted() as counted:
            await join.opened(place.services, tx, event)
    assert counted.statements == statements


async def test_loading_a_cluster_costs_one_statement_each(place: Place) -> None:
    cases = await told(place, FLOOD, FLOOD, f'Bo wrote "{FLOOD}"')
    cluster_id = cases[0].cluster_id
    await place.settle()
    for load in (
        lambda reader: access.one(reader, cluster_id),
        lambda reader: access.cases_of(reader, cluster_id, Spot.MEMBER),
        lambda reader: access.over_time(reader, cluster_id),
        access.listed,
        lambda reader: access.events(reader, cluster_id),
    ):
        with place.app.counted() as counted:
            async with place.db.read() as reader:
                await load(reader)
        assert counted.statements == 1
