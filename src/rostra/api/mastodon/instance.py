"""The place: what it is, allows and counts. Source: docs.joinmastodon.org/methods/instance."""

from typing import Any

import msgspec

from rostra.api.endpoint import GET, Auth, Call, Endpoint, Handler
from rostra.api.mastodon import instance_document as document
from rostra.api.mastodon.entities.instance import (
    ActivityWeek,
    ConfigurationV1,
    Contact,
    Document,
    Icon,
    Instance,
    InstanceV1,
    Language,
    Rule,
    StatsV1,
    TermsOfService,
    Usage,
    Users,
)
from rostra.api.mastodon.times import date_or_none, iso_or_none
from rostra.http.params import NoParams
from rostra.kernel.errors import NotFound
from rostra.kernel.text.language import LANGUAGES
from rostra.network.addresses import addresses
from rostra.network.instance import access
from rostra.network.instance.figures import figures, weeks
from rostra.network.instance.model import Place, Terms
from rostra.network.push import keys

_DEPRECATED_V1 = 1_668_384_000  # 2022-11-14, Mastodon 4.0
_MINUTE = "public, max-age=60"


class DateParams(msgspec.Struct, frozen=True):
    """From which day on the terms hold."""

    date: str


class MaybeDateParams(msgspec.Struct, frozen=True):
    """The same where the path does not say it; empty: the terms in force."""

    date: str = ""


async def instance(call: Call[NoParams]) -> Instance:
    """The place."""
    services = call.services
    settings, at, now = services.settings, addresses(services.settings), services.clock.now()
    counted = await figures(services)
    async with services.db.read() as reader:
        place = await access.place(services, reader)
        contact = await document.contact_account(call, reader, place.settings)
    return Instance(
        domain=settings.domain,
        title=place.settings.title,
        version=document.VERSION,
        source_url=settings.site.source_url,
        description=place.settings.description,
        usage=Usage(Users(counted.active_month)),
        thumbnail=document.thumbnail_of(place, at),
        icon=(Icon(at.static("touch.png"), "180x180"),),
        languages=place.settings.languages,
        configuration=document.configuration(
            services, place, now, at, await keys.public_key(services)
        ),
        registrations=document.registrations(place.settings, at),
        api_versions=document.API_VERSIONS,
        contact=Contact(place.settings.contact_email, contact),
        rules=document.rules_of(place),
    )


async def instance_v1(call: Call[NoParams]) -> InstanceV1:
    """The place, in the form before Mastodon 4."""
    services = call.services
    settings, at = services.settings, addresses(services.settings)
    counted = await figures(services)
    async with services.db.read() as reader:
        place = await access.place(services, reader)
        contact = await document.contact_account(call, reader, place.settings)
    open_to = document.registrations(place.settings, at)
    return InstanceV1(
        uri=settings.domain,
        title=place.settings.title,
        short_description=place.settings.description,
        description=document.html(
            place.settings.extended_description or place.settings.description, at
        ),
        email=place.settings.contact_email,
        version=document.VERSION,
        urls={"streaming_api": settings.streaming_url} if settings.streaming_url else {},
        stats=StatsV1(counted.members, counted.posts, 1),
        thumbnail=document.thumbnail_of(place, at).url,
        languages=place.settings.languages,
        registrations=open_to.enabled,
        approval_required=open_to.approval_required,
        invites_enabled=place.settings.member_invites,
        configuration=ConfigurationV1(
            accounts=document.account_limits(settings),
            statuses=document.status_limits(settings),
            media_attachments=document.media_limits(services),
            polls=document.poll_limits(settings),
        ),
        contact_account=contact,
        rules=document.rules_of(place),
    )


async def _place(call: Call[NoParams]) -> Place:
    async with call.services.db.read() as reader:
        return await access.place(call.services, reader)


async def rules(call: Call[NoParams]) -> tuple[Rule, ...]:
    """The rules of the place."""
    return document.rules_of(await _place(call))


async def extended_description(call: Call[NoParams]) -> Document:
    """The long text about the place."""
    place = await _place(call)
    return _document(call, place, "extended_description")


async def privacy_policy(call: Call[NoParams]) -> Document:
    """How the place handles personal data."""
    place = await _place(call)
    if not place.settings.privacy_policy:
        raise NotFound("no privacy policy is set")
    return _document(call, place, "privacy_policy")


def _document(call: Call[NoParams], place: Place, name: str) -> Document:
    text: str = getattr(place.settings, name)
    html = document.html(text, addresses(call.services.settings))
    return Document(iso_or_none(place.changed_at.get(name, 0)), html)


async def terms_of_service(call: Call[MaybeDateParams]) -> TermsOfService:
    """The terms in force, or those of a day: some clients put it into the query."""
    if call.params.date:
        return await _of_day(call, call.params.date)
    async with call.services.db.read() as reader:
        place = await access.place(call.services, reader)
    now = call.services.clock.now()
    current = place.terms_at(now)
    if current is None:
        raise NotFound("no terms are in force")
    return _terms(call, place, current)


async def terms_of_day(call: Call[DateParams]) -> TermsOfService:
    """The terms that hold from a day on."""
    return await _of_day(call, call.params.date)


async def _of_day(call: Call[Any], day: str) -> TermsOfService:
    async with call.services.db.read() as reader:
        place = await access.place(call.services, reader)
    for terms in place.terms:
        if date_or_none(terms.effective_at) == day:
            return _terms(call, place, terms)
    raise NotFound("no terms hold from that day on")


def _terms(call: Call[Any], place: Place, terms: Terms) -> TermsOfService:
    newer = [each for each in place.terms if each.effective_at > terms.effective_at]
    return TermsOfService(
        effective_date=date_or_none(terms.effective_at) or "",
        effective=terms.effective_at <= call.services.clock.now(),
        content=document.html(terms.text, addresses(call.services.settings)),
        succeeded_by=date_or_none(newer[-1].effective_at) if newer else None,
    )


async def activity(call: Call[NoParams]) -> list[ActivityWeek]:
    """The last twelve weeks, the running one first."""
    return [
        ActivityWeek(
            str(week.starts_at // 1000),
            str(week.posts),
            str(week.sign_ins),
            str(week.registrations),
        )
        for week in await weeks(call.services)
    ]


async def nothing(_call: Call[NoParams]) -> list[str]:
    """An empty list: nothing is federated yet."""
    return []


async def no_translations(_call: Call[NoParams]) -> dict[str, list[str]]:
    """No language can be translated here."""
    return {}


async def languages(_call: Call[NoParams]) -> list[Language]:
    """The languages that posts can be in."""
    return [Language(code, name) for code, name in LANGUAGES.items()]


def _public(
    path: str,
    handler: Handler[NoParams],
    answer: Any,
    summary: str,
    *,
    errors: tuple[int, ...] = (),
    empty: bool = False,
) -> Endpoint[NoParams]:
    return Endpoint(
        GET,
        path,
        handler,
        auth=Auth.NONE,
        answer=answer,
        cache=_MINUTE,
        errors=errors,
        empty=empty,
        summary=summary,
    )


_V1 = "/api/v1/instance"

ENDPOINTS: tuple[Endpoint[Any], ...] = (
    _public("/api/v2/instance", instance, Instance, "The place"),
    Endpoint(
        GET,
        _V1,
        instance_v1,
        auth=Auth.NONE,
        answer=InstanceV1,
        cache=_MINUTE,
        deprecated=_DEPRECATED_V1,
        summary="The place, in the form before Mastodon 4",
    ),
    _public(f"{_V1}/rules", rules, list[Rule], "The rules of the place"),
    _public(
        f"{_V1}/extended_description",
        extended_description,
        Document,
        "The long text about the place",
    ),
    _public(
        f"{_V1}/privacy_policy",
        privacy_policy,
        Document,
        "How the place handles personal data",
        errors=(404,),
    ),
    Endpoint(
        GET,
        f"{_V1}/terms_of_service",
        terms_of_service,
        auth=Auth.NONE,
        params=MaybeDateParams,
        answer=TermsOfService,
        cache=_MINUTE,
        errors=(404,),
        summary="The terms in force",
    ),
    Endpoint(
        GET,
        f"{_V1}/terms_of_service/{{date}}",
        terms_of_day,
        auth=Auth.NONE,
        params=DateParams,
        answer=TermsOfService,
        cache=_MINUTE,
        errors=(404,),
        summary="The terms that hold from a day on",
    ),
    _public(f"{_V1}/activity", activity, list[ActivityWeek], "The last twelve weeks"),
    _public(f"{_V1}/peers", nothing, list[str], "Places that are known here", empty=True),
    _public(
        f"{_V1}/domain_blocks", nothing, list[str], "Places that are shut out here", empty=True
    ),
    _public(
        f"{_V1}/translation_languages",
        no_translations,
        dict[str, list[str]],
        "Which languages can be translated here",
        empty=True,
    ),
    _public(f"{_V1}/languages", languages, list[Language], "Languages that posts can be in"),
)
