"""The SQL of the rules of the house, private to this slice."""

import msgspec
from sqlalchemy import bindparam, select

from rostra.safety.categories.model import Category
from rostra.safety.house_rules.model import RuleText, Version
from rostra.safety.house_rules.templates import Template
from rostra.store.query import const, in_ids, insert, number, query, upsert
from rostra.store.tables.instance import rules
from rostra.store.tables.safety import message_templates, rule_harms, rule_versions

ID = number("id")

RULE = query(select(rules.c.id).where(rules.c.id == ID), int)
HARMS = query(
    select(rule_harms.c.rule_id, rule_harms.c.category).where(in_ids(rule_harms.c.rule_id, "ids"))
)
PUT_HARM = upsert(rule_harms, ["rule_id"])

_decode = msgspec.json.Decoder(tuple[RuleText, ...]).decode
_VERSION = select(rule_versions.c.number, rule_versions.c.rules, rule_versions.c.created_at)
_newest_first = _VERSION.order_by(rule_versions.c.number.desc())


def _version(version: int, said: str, created_at: int) -> Version:
    return Version(version, _decode(said), created_at)


RULES = query(
    select(rules.c.id, rules.c.text, rules.c.hint).order_by(rules.c.position, rules.c.id), RuleText
)
NEWEST = query(_newest_first.limit(const(1)), _version)
VERSIONS = query(_newest_first.limit(number("limit")), _version)
PAIR = query(
    _VERSION.where(
        rule_versions.c.number <= number("number"), rule_versions.c.number >= number("number") - 1
    ),
    _version,
)
ADD_VERSION = insert(rule_versions)
_messages = message_templates.c
_categories = msgspec.json.Decoder(frozenset[Category]).decode


def _message(name: str, language: str, title: str, text: str, categories: str) -> Template:
    return Template(
        name=name,
        language=language,
        title=title,
        text=text,
        categories=_categories(categories),
    )


MESSAGES = query(
    select(
        _messages.name, _messages.language, _messages.title, _messages.text, _messages.categories
    )
    .order_by(_messages.name, _messages.language)
    .limit(number("limit")),
    _message,
)
PUT_MESSAGE = upsert(message_templates, ["name", "language"])
DROP_MESSAGE = query(
    message_templates.delete().where(
        _messages.name == bindparam("template"), _messages.language == bindparam("spoken")
    )
)
DROP_HARM = query(rule_harms.delete().where(rule_harms.c.rule_id == ID))
