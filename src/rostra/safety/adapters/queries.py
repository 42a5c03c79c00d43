"""The SQL of adapters, private to this slice."""

from typing import Any

from sqlalchemy import Executable, bindparam, case, func, or_, select

from rostra.safety.adapters.model import Circuit, Figures, Item
from rostra.store.query import const, in_ids, number, query, query_in, upsert
from rostra.store.tables.adapters import adapter_circuits, adapter_days, adapter_waiting
from rostra.store.tables.polls import poll_options
from rostra.store.tables.posts import media, post_texts, posts

ID, NOW, LIMIT = number("id"), number("now"), number("limit")
NAME: Any = bindparam("adapter")
_w, _c, _d = adapter_waiting.c, adapter_circuits.c, adapter_days.c
_COUNTED = Figures.__struct_fields__

# How many wait, as far as anybody needs to know, and when the adapter may be asked again.
WAITING = query(
    select(
        select(func.count())
        .select_from(
            select(_w.post_id).where(_w.adapter == NAME).limit(LIMIT).subquery(),
        )
        .scalar_subquery(),
        func.coalesce(
            select(_c.retry_at).where(_c.adapter == NAME).scalar_subquery(),
            const(0),
        ),
    )
)
HAS_LOOK = query(
    select(media.c.id)
    .where(media.c.post_id == ID, or_(media.c.look != "", media.c.cover_look != ""))
    .limit(const(1)),
    int,
)


def _put(words: Any) -> Executable:
    names = ("adapter", "post_id", "stamp", "since", "tries")
    added = words.insert(adapter_waiting).values(
        {name: bindparam(name, type_=_w[name].type) for name in names}
    )
    made: Executable = added.on_conflict_do_update(
        index_elements=["adapter", "post_id"],
        set_={"stamp": added.excluded.stamp, "tries": added.excluded.tries},
    )
    return made


PUT = query_in(_put)
OLDEST = query(
    select(_w.post_id, _w.stamp, _w.since, _w.tries)
    .where(_w.adapter == NAME)
    .order_by(_w.tries, _w.post_id)
    .limit(LIMIT),
    Item,
)
_THIS = (_w.adapter == NAME, _w.post_id == number("post"), _w.stamp == number("stamp"))
TAKE = query(adapter_waiting.delete().where(*_THIS))
TRIED = query(adapter_waiting.update().where(*_THIS).values(tries=_w.tries + const(1)))
FORGET_POST = query(adapter_waiting.delete().where(_w.post_id == ID))
FORGET_OLD = query(adapter_waiting.delete().where(_w.since < number("before")))

CIRCUIT = query(
    select(*(_c[name] for name in Circuit.__struct_fields__)).where(_c.adapter == NAME), Circuit
)
SET_CIRCUIT = upsert(adapter_circuits, ["adapter"])


def _add(words: Any) -> Executable:
    """Add to the figures of a day; of the slowest, the slower."""
    added = words.insert(adapter_days).values(
        {name: bindparam(name, type_=_d[name].type) for name in ("adapter", "day", *_COUNTED)}
    )
    sums = {name: _d[name] + added.excluded[name] for name in _COUNTED if name != "slowest_ms"}
    slower = case(
        (added.excluded.slowest_ms > _d.slowest_ms, added.excluded.slowest_ms),
        else_=_d.slowest_ms,
    )
    made: Executable = added.on_conflict_do_update(
        index_elements=["adapter", "day"], set_={**sums, "slowest_ms": slower}
    )
    return made


COUNT = query_in(_add)
FIGURES = query(
    select(
        *(func.coalesce(func.sum(_d[name]), const(0)) for name in _COUNTED if name != "slowest_ms"),
        func.coalesce(func.max(_d.slowest_ms), const(0)),
    ).where(_d.adapter == NAME, _d.day >= number("day")),
    lambda *columns: Figures(*map(int, columns)),
)
FORGET_DAYS = query(adapter_days.delete().where(_d.day < number("day")))

# What of posts may leave. A post whose visibility is not among those that may does not.
POSTS = query(
    select(posts.c.id, post_texts.c.spoiler_text, post_texts.c.text, post_texts.c.language)
    .select_from(posts.join(post_texts, post_texts.c.post_id == posts.c.id))
    .where(
        in_ids(posts.c.id, "ids"),
        in_ids(posts.c.visibility, "visibilities"),
        posts.c.reblog_of_id == const(0),
    )
)
OPTIONS = query(
    select(poll_options.c.post_id, poll_options.c.title)
    .where(in_ids(poll_options.c.post_id, "ids"))
    .order_by(poll_options.c.post_id, poll_options.c.position)
)
PICTURES = query(
    select(media.c.post_id, media.c.description, media.c.look, media.c.cover_look)
    .where(
        in_ids(media.c.post_id, "ids"),
        media.c.limits == const(0),
        or_(media.c.description != "", media.c.look != "", media.c.cover_look != ""),
    )
    .order_by(media.c.post_id, media.c.position)
)
