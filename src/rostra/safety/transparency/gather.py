"""Statements of reasons from the decisions that were made."""

from collections.abc import Iterable, Sequence
from typing import Final

import msgspec

from rostra.kernel import ids
from rostra.safety.categories.model import Sender
from rostra.safety.decisions import access as decisions
from rostra.safety.decisions.model import Decision, Ground, SubjectState
from rostra.safety.edge import Reader, Services
from rostra.safety.subjects import SubjectKind
from rostra.safety.transparency import queries, words
from rostra.safety.transparency.effects import effect_of, origin_of
from rostra.safety.transparency.figures import Period
from rostra.safety.transparency.model import START, Cursor, SubjectRow
from rostra.safety.transparency.statement import Effect, Reasons, Statement, statement_of

_CONTENT: Final = {
    "image": words.Content.IMAGE,
    "gifv": words.Content.VIDEO,
    "video": words.Content.VIDEO,
    "audio": words.Content.AUDIO,
}
AN_ACCOUNT: Final = "An account as a whole"


async def page(
    services: Services,
    reader: Reader,
    period: Period,
    after: Cursor = START,
    *,
    limit: int = words.BATCH,
) -> tuple[list[Statement], Cursor | None]:
    """Statements of a period, and where the next page begins; None: that was the last.

    A page may hold fewer than `limit`, and none at all: not every decision restricts.
    """
    rows = await reader.all(
        queries.SUBJECTS,
        from_id=max(ids.floor_at(period.start), after.decision_id),
        until_id=ids.floor_at(period.end),
        after=after.decision_id,
        after_kind=after.kind,
        after_subject=after.subject_id,
        limit=limit,
    )
    made = [statement_of(each) for each in await reasons(services, reader, rows)]
    return made, rows[-1].cursor if len(rows) == limit else None


async def reasons(services: Services, reader: Reader, rows: Sequence[SubjectRow]) -> list[Reasons]:
    """What the statements of these subjects are made of; without those that need none.

    Orders of authorities need none (DSA Art. 17(5)), nor what restricts nothing.
    """
    known = await decisions.by_ids(reader, list({row.decision_id for row in rows}))
    told = [
        row
        for row in rows
        if (decision := known.get(row.decision_id)) and decision.source != Sender.AUTHORITY
    ]
    languages = dict(await reader.all(queries.LANGUAGES, ids=_of(told, SubjectKind.POST)))
    content = await _content(reader, told)
    names = await _names(reader, told, known)
    rules_url = f"{services.settings.site.base_url.rstrip('/')}/about/rules"
    found = []
    for row in told:
        decision = known[row.decision_id]
        effect = effect_of(
            decision.done,
            with_subject=row.state != SubjectState.GONE,
            with_account=bool(row.first),
        )
        if effect.is_any:
            whole = row.subject_kind == SubjectKind.ACCOUNT
            kinds = content.get((row.subject_kind, row.subject_id), (words.Content.TEXT,))
            made = msgspec.structs.replace(
                _of_decision(decision),
                subject_kind=row.subject_kind,
                subject_id=row.subject_id,
                effect=effect,
                rules_url=f"{rules_url}/{decision.clause_version}"
                if decision.clause_version
                else rules_url,
                content=(words.Content.OTHER,) if whole else kinds,
                content_other=AN_ACCOUNT if whole else "",
                language="" if whole else languages.get(row.subject_id, ""),
                made_at=ids.time_of(row.subject_id),
                names=names.get(row.decision_id, ()),
            )
            found.append(made)
    return found


def _of_decision(decision: Decision) -> Reasons:
    return Reasons(
        decision_id=decision.id,
        subject_kind=0,
        subject_id=0,
        effect=Effect(),
        category=decision.category,
        by_law=decision.ground == Ground.LAW,
        clause=decision.clause,
        legal_ground=decision.legal_ground,
        facts=decision.facts,
        explanation=decision.words,
        applied_at=decision.applied_at or decision.created_at,
        origin=origin_of(decision.source, decision.category),
        machine_found=bool(decision.machine_found),
        machine_decided=bool(decision.machine_decided),
    )


def _of(rows: Iterable[SubjectRow], kind: SubjectKind) -> list[int]:
    return [row.subject_id for row in rows if row.subject_kind == kind]


async def _content(
    reader: Reader, rows: Sequence[SubjectRow]
) -> dict[tuple[int, int], tuple[words.Content, ...]]:
    """What posts and media consist of, as far as they are still there."""
    found: dict[tuple[int, int], tuple[words.Content, ...]] = {}
    for post_id, kind in await reader.all(queries.MEDIA_OF_POSTS, ids=_of(rows, SubjectKind.POST)):
        key = (int(SubjectKind.POST), post_id)
        more = (*found.get(key, (words.Content.TEXT,)), _CONTENT.get(kind, words.Content.IMAGE))
        found[key] = tuple(dict.fromkeys(more))
    for media_id, kind in await reader.all(queries.MEDIA_KINDS, ids=_of(rows, SubjectKind.MEDIA)):
        content = _CONTENT.get(kind, words.Content.IMAGE)
        found[int(SubjectKind.MEDIA), media_id] = (content,)
    return found


async def _names(
    reader: Reader, rows: Sequence[SubjectRow], known: dict[int, Decision]
) -> dict[int, tuple[str, ...]]:
    """The people whom the words of a decision may name: owners, reporters, the team."""
    people: dict[int, set[int]] = {}
    for row in rows:
        decision = known[row.decision_id]
        people.setdefault(row.decision_id, set()).update(
            {row.account_id, decision.actor_id, decision.second_id}
        )
    for decision_id, account_id in await reader.all(queries.REPORTERS, ids=list(people)):
        people[decision_id].add(account_id)
    wanted = set().union(*people.values()) - {0}
    called: dict[int, tuple[str, ...]] = {}
    for name in await reader.all(queries.NAMES, ids=list(wanted)):
        called[name.id] = tuple(each for each in (name.username, name.display_name) if each)
    return {
        decision_id: tuple(
            dict.fromkeys(name for each in sorted(members) for name in called.get(each, ()))
        )
        for decision_id, members in people.items()
    }
