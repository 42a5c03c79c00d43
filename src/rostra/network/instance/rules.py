"""The rules of the place: added, worded anew, put into another order, said in other languages."""

from rostra.kernel.errors import Invalid, NotFound
from rostra.kernel.text import clean
from rostra.kernel.text.language import normalise_language
from rostra.network.edge import Services, Transaction
from rostra.network.instance import access, queries
from rostra.network.instance.events import RulesChanged
from rostra.network.instance.model import Rule, RuleWords
from rostra.network.instance.settings import changed

MAX_RULE = 300
MAX_HINT = 1000


async def add_rule(services: Services, tx: Transaction, text: str, hint: str = "") -> int:
    """Add a rule after the others; its id.

    Raises:
        Invalid: it is empty or too long.
    """
    text, hint = _words(text, hint)
    known = await tx.all(queries.RULES)
    rule_id = services.ids.next()
    position = known[-1].position + 1 if known else 1
    await tx.run(queries.ADD_RULE, id=rule_id, position=position, text=text, hint=hint)
    await _told(services, tx)
    return rule_id


async def edit_rule(
    services: Services, tx: Transaction, rule_id: int, text: str, hint: str = ""
) -> None:
    """Give a rule other words; those in other languages stay.

    Raises:
        NotFound: there is none.
        Invalid: it is empty or too long.
    """
    text, hint = _words(text, hint)
    known = await _rule(tx, rule_id)
    await tx.run(queries.PUT_RULE, id=rule_id, position=known.position, text=text, hint=hint)
    await _told(services, tx)


async def move_rule(services: Services, tx: Transaction, rule_id: int, place: int) -> None:
    """Put a rule into another place among the others; the first one is 1.

    Raises:
        NotFound: there is none.
    """
    moved = await _rule(tx, rule_id)
    others = [rule for rule in await tx.all(queries.RULES) if rule.id != rule_id]
    others.insert(max(0, place - 1), moved)
    for position, rule in enumerate(others, 1):
        await tx.run(
            queries.PUT_RULE, id=rule.id, position=position, text=rule.text, hint=rule.hint
        )
    await _told(services, tx)


async def translate_rule(
    services: Services, tx: Transaction, rule_id: int, language: str, words: RuleWords
) -> None:
    """Say a rule in another language; an empty text takes that back.

    Raises:
        NotFound: there is no such rule.
        Invalid: on `language` or `text`.
    """
    await _rule(tx, rule_id)
    code = normalise_language(language)
    if not code:
        raise Invalid("language", "is not a language this place knows", "ERR_INCLUSION")
    if words.text.strip():
        text, hint = _words(words.text, words.hint)
        await tx.run(queries.PUT_RULE_WORDS, rule_id=rule_id, language=code, text=text, hint=hint)
    else:
        await tx.run(queries.DROP_RULE_WORDS, id=rule_id, language=code)
    await _told(services, tx)


async def drop_rule(services: Services, tx: Transaction, rule_id: int) -> bool:
    """Remove a rule; whether there was one."""
    found = await tx.run(queries.DROP_RULE, id=rule_id)
    await tx.run(queries.DROP_WORDS_OF, id=rule_id)
    await _told(services, tx)
    return found > 0


async def _told(services: Services, tx: Transaction) -> None:
    await changed(services, tx)
    await tx.emit(RulesChanged())


async def _rule(tx: Transaction, rule_id: int) -> Rule:
    for rule in await access.all_rules(tx):
        if rule.id == rule_id:
            return rule
    raise NotFound(f"rule {rule_id}")


def _words(text: str, hint: str) -> tuple[str, str]:
    text, hint = clean.one_line(text), clean.normalise(hint).strip()
    if not text:
        raise Invalid("text", "can't be blank", "ERR_BLANK")
    if len(text) > MAX_RULE or len(hint) > MAX_HINT:
        raise Invalid("text", "is too long", "ERR_TOO_LONG")
    return text, hint
