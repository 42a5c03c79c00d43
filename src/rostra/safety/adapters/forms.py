"""What an adapter is asked, and how its answer is read. No I/O.

What comes back is data from outside: it must be exactly what was asked for, or it is no answer.
"""

import re
import secrets
from typing import Any, Final, TypeVar
from urllib.parse import quote

import msgspec

from rostra.safety.adapters import harms
from rostra.safety.adapters.model import Answer, NoAnswer, Said
from rostra.safety.adapters.prompt import House, prompt
from rostra.settings import Adapter

LONGEST: Final = 8_000
"""Characters of a post that are sent at most."""

MOST_PICTURES: Final = 8
_MOST_BANKS: Final = 100
_LONGEST_REASON: Final = 300
_ANSWER_TOKENS: Final = 1_000
_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2066-\u2069]+")
_encode = msgspec.json.Encoder().encode
T = TypeVar("T")


class Question(msgspec.Struct, frozen=True):
    """One request: what is asked, and by what the answer to it is known."""

    method: str
    path: str
    body: bytes = b""
    check: str = ""


class _Result(msgspec.Struct):
    category_scores: dict[str, float | None]


class _Moderation(msgspec.Struct):
    results: list[_Result]


class _Message(msgspec.Struct):
    content: str | None = None


class _Choice(msgspec.Struct):
    message: _Message
    finish_reason: str | None = None


class _Chat(msgspec.Struct):
    choices: list[_Choice]


class _Told(msgspec.Struct, forbid_unknown_fields=True):
    check: str
    scores: dict[str, float]
    reason: str = ""


def questions(adapter: Adapter, said: Said, house: House) -> tuple[Question, ...]:
    """What to ask of a post; nothing where there is nothing of it that this form takes."""
    if adapter.form == "hma":
        return tuple(
            Question("GET", f"/m/lookup?signal_type=pdq&signal={quote(look)}")
            for look in said.looks[:MOST_PICTURES]
        )
    text = said.text.strip()[:LONGEST]
    if not text:
        return ()
    if adapter.form == "moderation":
        asked: dict[str, Any] = {"input": text}
        if adapter.model:
            asked["model"] = adapter.model
        return (Question("POST", "/v1/moderations", _encode(asked)),)
    check = secrets.token_hex(8)
    return (Question("POST", "/v1/chat/completions", _chat(adapter, said, house, check), check),)


def _chat(adapter: Adapter, said: Said, house: House, check: str) -> bytes:
    post = {"language": said.language, "post": said.text.strip()[:LONGEST]}
    return _encode(
        {
            "model": adapter.model,
            "temperature": 0,
            "max_tokens": _ANSWER_TOKENS,
            "messages": [
                {"role": "system", "content": prompt(house, adapter.asked, check)},
                {"role": "user", "content": _encode(post).decode()},
            ],
            "response_format": _format(adapter, check),
        }
    )


def _format(adapter: Adapter, check: str) -> dict[str, Any]:
    if adapter.answers == "object":
        return {"type": "json_object"}
    score = {"type": "number", "minimum": 0, "maximum": 1}
    scores = {
        "type": "object",
        "properties": dict.fromkeys(adapter.asked, score),
        "required": list(adapter.asked),
        "additionalProperties": False,
    }
    schema = {
        "type": "object",
        "properties": {
            "check": {"type": "string", "enum": [check]},
            "scores": scores,
            "reason": {"type": "string"},
        },
        "required": ["check", "scores", "reason"],
        "additionalProperties": False,
    }
    return {
        "type": "json_schema",
        "json_schema": {"name": "judgement", "strict": True, "schema": schema},
    }


def read(adapter: Adapter, question: Question, body: bytes) -> Answer:
    """What an answer says.

    Raises:
        NoAnswer: it is not in the form that was asked for.
    """
    if adapter.form == "moderation":
        return _moderation(adapter, body)
    if adapter.form == "chat":
        return _told(adapter, question, body)
    return _banks(adapter, body)


def together(answers: list[Answer]) -> Answer:
    """The answers to all questions about one post as one: the highest scores, every sentence."""
    scores: dict[str, float] = {}
    for answer in answers:
        for harm, score in answer.scores.items():
            scores[harm] = max(score, scores.get(harm, 0.0))
    reasons = dict.fromkeys(answer.reason for answer in answers if answer.reason)
    return Answer(scores, " ".join(reasons)[:_LONGEST_REASON])


def _moderation(adapter: Adapter, body: bytes) -> Answer:
    results = _decoded(body, _Moderation).results
    if len(results) != 1:
        raise NoAnswer(f"{len(results)} results for one post")
    return Answer(harms.ours(results[0].category_scores, adapter.translated or harms.OPENAI))


def _told(adapter: Adapter, question: Question, body: bytes) -> Answer:
    choices = _decoded(body, _Chat).choices
    if len(choices) != 1 or choices[0].finish_reason == "length":
        raise NoAnswer("no answer, or one that was cut short")
    told = _decoded((choices[0].message.content or "").encode(), _Told)
    if not secrets.compare_digest(told.check.encode(), question.check.encode()):
        raise NoAnswer("an answer to another question")
    if told.scores.keys() != set(adapter.asked):
        raise NoAnswer("scores of other harms than were asked for")
    scores = {harm: harms.checked(score) for harm, score in told.scores.items()}
    return Answer(scores, _CONTROLS.sub(" ", told.reason).strip()[:_LONGEST_REASON])


def _banks(adapter: Adapter, body: bytes) -> Answer:
    names = _decoded(body, list[str])
    if len(names) > _MOST_BANKS:
        raise NoAnswer(f"{len(names)} banks for one picture")
    known = adapter.translated
    found = {name: known.get(name, known.get("*", "")) for name in names}
    hit = [name for name, harm in found.items() if harm]
    shown = ", ".join(_CONTROLS.sub(" ", name)[:60] for name in hit[:3])
    reason = f"A picture is in the bank {shown}." if hit else ""
    return Answer({found[name]: 1.0 for name in hit}, reason)


def _decoded(body: bytes, kind: type[T]) -> T:
    try:
        return msgspec.json.decode(body, type=kind)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        # Without its words: they may quote what somebody has posted.
        raise NoAnswer(
            f"no answer in the form that was asked for ({type(error).__name__})"
        ) from error
