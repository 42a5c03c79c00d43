"""The form in which something is decided: what can be chosen, and a ruling from what was."""

from collections.abc import Iterable, Sequence
from typing import Any, Final

import msgspec

from rostra.http.params import Id
from rostra.kernel.errors import Fault, Invalid
from rostra.network.edge import Reader
from rostra.network.instance import access as instance_access
from rostra.safety.cases.model import Case
from rostra.safety.categories.facts import category_of, facts_of
from rostra.safety.categories.model import Category
from rostra.safety.clusters.model import Cluster
from rostra.safety.decisions import strikes
from rostra.safety.decisions.model import (
    PROFILE_FIELDS,
    Action,
    ActionKind,
    Ground,
    Ruling,
)
from rostra.safety.house_rules import messages, templates
from rostra.safety.house_rules.templates import Template
from rostra.safety.subjects import SubjectKind
from rostra.safety.team.model import Actor, Permission
from rostra.web.call import PageCall
from rostra.web.console import standing, words
from rostra.web.console.common import ViewParams, categories_of
from rostra.web.views.console import ActionOption, DeskView
from rostra.web.views.forms import LANGUAGES, Form, Option

_OF_POST: Final = (
    ActionKind.NONE,
    ActionKind.REMOVE,
    ActionKind.HOLD,
    ActionKind.SENSITIVE,
    ActionKind.REACH,
    ActionKind.LABEL,
    ActionKind.HIDE_ON,
)
_OF: Final = {
    SubjectKind.POST: _OF_POST,
    SubjectKind.MEDIA: (ActionKind.NONE, ActionKind.WITHHOLD),
    SubjectKind.ACCOUNT: (ActionKind.NONE,),
}
_OF_MEMBER: Final = (
    ActionKind.WARN,
    ActionKind.FREEZE,
    ActionKind.SUSPEND,
    ActionKind.LIMIT_ACCOUNT,
    ActionKind.SENSITIVE_ACCOUNT,
    ActionKind.FIELDS,
    ActionKind.DELETE_ACCOUNT,
)
_ENDLESS: Final = frozenset({ActionKind.NONE, ActionKind.WARN, ActionKind.DELETE_ACCOUNT})
_KEYS: Final = "1234567890"
_LASTS: Final = {name: ms for name, _, ms in words.ENDS}
_FIELDS: Final = {
    "display_name": "Name",
    "note": "About them",
    "fields": "Table",
    "avatar": "Picture",
    "header": "Header",
}
_TEXTS: Final = (
    "label", "surfaces", "decided_as", "ground", "clause_id", "legal_ground", "facts",
    "template", "words", "spoken", "strikes", "note", "stand", "most",
)  # fmt: skip


class DecideParams(ViewParams, frozen=True, kw_only=True):
    """What is to be decided, as typed. `category` and `language` are the view's."""

    cases: tuple[Id, ...] = ()
    cluster: Id | None = None
    actions: tuple[str, ...] = ()
    ends: dict[str, str] = msgspec.field(default_factory=dict)
    profile: tuple[str, ...] = ()
    label: str = ""
    surfaces: str = ""
    decided_as: str = ""
    ground: str = ""
    clause_id: str = ""
    legal_ground: str = ""
    facts: str = ""
    template: str = ""
    words: str = ""
    spoken: str = ""
    strikes: str = ""
    note: str = ""
    stand: str = ""
    most: str = ""
    step: str = ""

    def values(self) -> dict[str, str]:
        """The same for the form."""
        made = {name: str(getattr(self, name)) for name in _TEXTS}
        made |= {f"action_{kind}": "1" for kind in self.actions}
        made |= {f"end_{kind}": end for kind, end in self.ends.items()}
        return made | {f"profile_{name}": "1" for name in self.profile}

    def fields(self) -> tuple[tuple[str, str], ...]:
        """The same for hidden fields."""
        return (
            *(("cases[]", str(case_id)) for case_id in self.cases),
            *((("cluster", str(self.cluster)),) if self.cluster else ()),
            *(("actions[]", kind) for kind in self.actions),
            *((f"ends[{kind}]", self.ends[kind]) for kind in self.actions if self.ends.get(kind)),
            *(("profile[]", name) for name in self.profile),
            *((name, str(getattr(self, name))) for name in _TEXTS if name != "template"),
            *self.kept().items(),
        )

    def ruling(self, now: int) -> Ruling:
        """The same for the verb; times in UTC ms.

        Raises:
            Invalid: on what can't be read, and on `words` where a place of theirs is not filled.
        """
        faults: list[Fault] = []
        category = category_of(self.decided_as)
        if category is None:
            faults.append(Fault("decided_as", "is no category", "ERR_INCLUSION"))
        left = templates.unfilled(self.words)
        if left:
            named = ", ".join(f"{{{each}}}" for each in left[:5])
            faults.append(Fault("words", f"has places left to fill: {named}", "ERR_INVALID"))
        points = self.strikes.strip() or "0"
        if not (points.isascii() and points.isdecimal() and len(points) < 4):  # noqa: PLR2004 (a hundred at most)
            faults.append(Fault("strikes", "must be a number", "ERR_INVALID"))
        actions = self._actions(now, faults)
        if self.stand:
            standing.wanted(self.stand, self.most, now, faults)
        if faults or category is None:
            raise Invalid.many(faults)
        law = self.ground == "law"
        clause = self.clause_id if self.clause_id.isdecimal() and not law else "0"
        return Ruling(
            actions=actions,
            category=category,
            ground=Ground.LAW if law else Ground.RULE,
            clause_id=int(clause),
            legal_ground=self.legal_ground if law else "",
            facts=self.facts,
            words=self.words,
            note=self.note,
            language=self.spoken or "en",
            strikes=int(points),
        )

    def _actions(self, now: int, faults: list[Fault]) -> tuple[Action, ...]:
        made: list[Action] = []
        for name in dict.fromkeys(self.actions):
            kind = _NAMED.get(name)
            lasts = _LASTS.get(self.ends.get(name, ""))
            if kind is None or lasts is None:
                faults.append(Fault("actions", f"has an unknown one: {name[:40]}", "ERR_INCLUSION"))
                continue
            made.append(
                Action(
                    kind=kind,
                    ends_at=now + lasts if lasts and kind not in _ENDLESS else 0,
                    label=self.label if kind is ActionKind.LABEL else "",
                    surfaces=_surfaces(self.surfaces) if kind is ActionKind.HIDE_ON else (),
                    fields=_profile(self.profile) if kind is ActionKind.FIELDS else (),
                )
            )
        return tuple(made)


_NAMED: Final = {kind.wire: kind for kind in ActionKind}


def _surfaces(given: str) -> tuple[str, ...]:
    return tuple(name.strip() for name in given.split(",") if name.strip())


def _profile(given: Iterable[str]) -> Any:
    return tuple(name for name in given if name in PROFILE_FIELDS)


async def view(  # noqa: PLR0917 (what the form is made of, once)
    call: PageCall[Any],
    reader: Reader,
    actor: Actor,
    cases: Sequence[Case],
    form: Form | None,
    kept: ViewParams,
    *,
    cluster: Cluster | None = None,
) -> DeskView:
    """The form for these cases; ``form`` as it was typed. Three statements at most.

    ``cluster``: it is about all of it, and the cases are some of them.
    """
    rules = await instance_access.rules(call.services, reader)
    own = await messages.own(reader)
    first = cases[0]
    category, language = first.status.category, first.language
    typed = form or Form(values=_defaults(cases, cluster))
    spoken = typed.value("spoken") or language or "en"
    decided_as = category_of(typed.value("decided_as")) or category
    accounts = {case.account_id for case in cases}
    points = ""
    if len(accounts) == 1 and not cluster:
        found = await strikes.outlook(reader, call.services, first.account_id, _points(typed))
        points = words.outlook(found)
    return DeskView(
        form=typed,
        actions=_actions(actor, cases, typed),
        ends=tuple(Option(name, label) for name, label, _ in words.ENDS),
        categories=categories_of(actor),
        clauses=(
            Option("0", "No rule in particular"),
            *(Option(str(rule.id), _short(rule.text)) for rule in rules),
        ),
        templates=_templates(int(decided_as), spoken, own),
        languages=LANGUAGES,
        profile_fields=tuple(
            Option(name, _FIELDS.get(name, name)) for name in sorted(PROFILE_FIELDS)
        ),
        cases=() if cluster else tuple(str(case.id) for case in cases),
        cluster=str(cluster.id) if cluster else "",
        stands=standing.CHOICES if cluster else (),
        fields=tuple(kept.kept().items()),
        wide=len(cases) > 1 or bool(cluster),
        points=points,
    )


def _templates(category: int, spoken: str, own: Sequence[Template]) -> tuple[Option, ...]:
    fitting = templates.fitting(category, spoken, own)
    return (
        Option("", "Words of your own"),
        *(Option(each.name, each.title) for each in fitting),
    )


def _points(form: Form) -> int:
    typed = form.value("strikes").strip()
    return int(typed) if typed.isascii() and typed.isdecimal() and len(typed) < 4 else 0  # noqa: PLR2004 (a hundred at most)


def _short(text: str, most: int = 90) -> str:
    return text if len(text) <= most else f"{text[: most - 1]}…"


def _defaults(cases: Sequence[Case], cluster: Cluster | None = None) -> dict[str, str]:
    """What the form holds when it is opened: what was said of the cases, for a person to check."""
    facts = facts_of(cases[0].status.category)
    reported = sum(case.status.reports_count for case in cases)
    times = "once" if reported == 1 else f"{reported} times"
    told = f"Reported {times} as “{facts.name.lower()}”. " if reported else ""
    looked = "Looked at by a person"
    if cluster:
        told = f"One of {cluster.members:,} that are nearly the same. "
        looked = "Some of them were looked at by a person"
    # What stands for everything else says nothing of what was found.
    vague = facts.category in {Category.OTHER, Category.OTHER_ILLEGAL}
    found = "" if vague else f", who found: {facts.explanation.rstrip('.')}"
    return {
        "decided_as": facts.slug,
        "ground": "rule",
        "clause_id": "0",
        "facts": f"{told}{looked}{found}.",
        "spoken": cases[0].language or "en",
        "strikes": "0",
        "most": str(standing.USUAL),
    }


def _actions(actor: Actor, cases: Sequence[Case], form: Form) -> tuple[ActionOption, ...]:
    kinds = {SubjectKind(case.subject_kind) for case in cases}
    fit = [kind for kind in _OF_POST if all(kind in _OF[each] for each in kinds)]
    if kinds == {SubjectKind.MEDIA}:
        fit = list(_OF[SubjectKind.MEDIA])
    about = [(kind, "What it is about") for kind in fit]
    may = actor.may(Permission.DECIDE_ACCOUNTS)
    about += [(kind, "Who it is by") for kind in _OF_MEMBER if may or kind is ActionKind.WARN]
    return tuple(
        ActionOption(
            kind=kind.wire,
            label=words.ACTIONS[kind][0],
            hint=words.ACTIONS[kind][1],
            key=_KEYS[at] if at < len(_KEYS) else "",
            ends=kind not in _ENDLESS,
            chosen=form.checked(f"action_{kind.wire}"),
            end=form.value(f"end_{kind.wire}"),
            group=group,
        )
        for at, (kind, group) in enumerate(about)
    )


async def written(call: PageCall[Any], reader: Reader, params: DecideParams) -> DecideParams:
    """The form with the words of the chosen template, filled as far as the decision tells."""
    spoken = params.spoken or "en"
    template = templates.find(params.template, spoken, await messages.own(reader))
    if template is None:
        return params
    place = await instance_access.settings(call.services, reader)
    rules = {str(rule.id): rule.text for rule in await instance_access.rules(call.services, reader)}
    values = {"place": place.title, "rule": rules.get(params.clause_id, "")}
    return msgspec.structs.replace(params, words=templates.filled(template.text, values))
