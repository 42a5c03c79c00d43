"""Asks an adapter about one post; what goes wrong is told in our own words, never raised."""

import asyncio
import time
from collections.abc import Iterable
from typing import Final

import msgspec

from rostra.outside.egress import Egress
from rostra.outside.http import FetchFailed, FetchRefused, HttpClient, Policy
from rostra.safety.adapters import forms
from rostra.safety.adapters.model import Answer, Item, NoAnswer, Said
from rostra.safety.adapters.prompt import House
from rostra.settings import Adapter

CHANNEL: Final = "adapters"
_MOST_BYTES: Final = 256 << 10
_LONGEST_FAILURE: Final = 200
_GOOD: Final = 200


class Outcome(msgspec.Struct, frozen=True):
    """What became of asking about a post.

    Attributes:
        item: the post.
        answer: what was said; None: nothing was asked (there is nothing to ask), or see `failure`.
        failure: why there is no answer.
        reached: it was there; so the post may be the reason.
        took_ms: how long it took.
    """

    item: Item
    answer: Answer | None = None
    failure: str = ""
    took_ms: int = 0
    reached: bool = True


def clients(egress: Egress, adapters: Iterable[Adapter]) -> dict[str, HttpClient]:
    """A client for each of them, by its name."""
    return {each.name: HttpClient(egress, _policy_of(each), channel=CHANNEL) for each in adapters}


def _policy_of(adapter: Adapter) -> Policy:
    """Its own address alone: by https anywhere, by http in the networks that it names."""
    return Policy(
        ports=frozenset({adapter.port}),
        schemes=frozenset({"https"}),
        allowed=adapter.allowed_networks,
        allowed_ports=frozenset({adapter.port}),
        deadline_s=adapter.timeout_s,
        max_bytes=_MOST_BYTES,
        max_redirects=0,
    )


async def ask(
    client: HttpClient, adapter: Adapter, item: Item, said: Said | None, house: House
) -> Outcome:
    """Ask all there is to ask about a post; all of it within the time of one answer.

    Raises:
        Unavailable: the egress gate is closed.
    """
    asked = forms.questions(adapter, said, house) if said is not None else ()
    if not asked:
        return Outcome(item)
    begun = time.monotonic()
    answer, failure, reached = None, "", True
    try:
        async with asyncio.timeout(adapter.timeout_s):
            answers = [await _one(client, adapter, question) for question in asked]
        answer = forms.together(answers)
    except FetchFailed as error:
        failure, reached = str(error), False
    except (FetchRefused, NoAnswer) as error:
        failure = str(error)
    except TimeoutError:
        failure = f"no whole answer within {adapter.timeout_s:g} s"
    took = int((time.monotonic() - begun) * 1000)
    return Outcome(item, answer, failure[:_LONGEST_FAILURE], took, reached)


async def _one(client: HttpClient, adapter: Adapter, question: forms.Question) -> Answer:
    headers = {"accept": "application/json"}
    if question.body:
        headers["content-type"] = "application/json"
    if adapter.key:
        headers["authorization"] = f"Bearer {adapter.key}"
    fetched = await client.request(
        question.method,
        f"{adapter.endpoint}{question.path}",
        headers=headers,
        content=question.body,
    )
    if fetched.status != _GOOD:
        raise NoAnswer(f"it answered {fetched.status}")
    return forms.read(adapter, question, fetched.body)
