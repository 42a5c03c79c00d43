"""The document at `/api/openapi.json` and a page that people can read at `/api/docs`.

The page is made here, by string: the API knows no templates, and it holds no script, so the
strictest content security policy is enough for it.
"""

import asyncio
from functools import lru_cache
from html import escape
from itertools import groupby
from typing import Any, Final
from urllib.parse import urlsplit

import msgspec

from rostra.api.endpoint import GET, Auth, Call, Endpoint, Endpoints, Raw
from rostra.api.openapi import Json, area_of, document, params_schema
from rostra.http.params import NoParams
from rostra.http.response import HTML, Header, Response
from rostra.http.site import Site

_CSP: Final[Header] = (
    b"content-security-policy",
    b"default-src 'none'; style-src 'self'; base-uri 'none'; frame-ancestors 'none'",
)
_SPELT: Final = {
    "host-meta": "Host metadata",
    "host-meta.json": "Host metadata as JSON",
    "nodeinfo": "NodeInfo",
    "oauth": "OAuth",
    "oauth-authorization-server": "OAuth metadata",
    "oembed": "OEmbed",
    "webfinger": "WebFinger",
}
_CACHE: Final = "public, max-age=300"
_WHO: Final = {
    Auth.NONE: "anybody",
    Auth.OPTIONAL: "anybody; a token is minded",
    Auth.APP: "any token",
    Auth.USER_PENDING: "a member, even unconfirmed",
    Auth.USER: "a member",
}


def reference_endpoints(endpoints: Endpoints, site: Site) -> tuple[Endpoint[Any], ...]:
    """The two routes that describe all the others."""
    described = _Described(endpoints, site.base_url)

    async def openapi(_call: Call[NoParams]) -> Raw:
        encoded, _ = await described.made()
        return Raw(encoded)

    async def docs(_call: Call[NoParams]) -> Response:
        _, page = await described.made()
        return Response(page, 200, (HTML, _CSP, (b"cache-control", _CACHE.encode())))

    return (
        Endpoint(
            GET, "/api/openapi.json", openapi, Auth.NONE, answer=dict[str, Any],
            summary="This API as an OpenAPI document", cache=_CACHE,
        ),
        Endpoint(
            GET, "/api/docs", docs, Auth.NONE, content_type="text/html; charset=utf-8",
            summary="This API as a page",
        ),
    )  # fmt: skip


class _Described:
    """Document and page, made when somebody first asks for one of them.

    It takes a tenth of a second and megabytes that are not needed again, for what few ever ask.
    """

    def __init__(self, endpoints: Endpoints, base_url: str) -> None:
        self._endpoints = endpoints
        self._base_url = base_url
        self._making = asyncio.Lock()

    async def made(self) -> tuple[bytes, bytes]:
        """The document and the page; whoever asks meanwhile waits for the same."""
        async with self._making:
            return await asyncio.to_thread(_described, self._endpoints, self._base_url)


@lru_cache(maxsize=2)
def _described(endpoints: Endpoints, base_url: str) -> tuple[bytes, bytes]:
    """Document and page; they are the same for all applications that a process puts together."""
    site = Site(base_url)
    return msgspec.json.encode(document(endpoints, site)), render_page(endpoints, site).encode()


def render_page(endpoints: Endpoints, site: Site) -> str:
    """The reference as HTML."""
    ordered = sorted(endpoints, key=lambda each: (area_of(each), each.path, each.method))
    areas = [(area, list(members)) for area, members in groupby(ordered, key=area_of)]
    contents = "".join(
        f'<li><a href="#{escape(area)}">{escape(_title(area))}</a></li>' for area, _ in areas
    )
    sections = "".join(_section(area, members) for area, members in areas)
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        "<title>API reference</title>"
        '<link rel="stylesheet" href="/static/rostra.css"></head>'
        '<body class="reference">'
        f'<header><p><a href="/">{escape(urlsplit(site.base_url).netloc)}</a></p>'
        "<h1>API reference</h1>"
        f"<p>{len(ordered)} endpoints at <code>{escape(site.base_url)}</code>. "
        "Send JSON, a form or a multipart form; PUT and PATCH are the same. "
        'For machines: <a href="/api/openapi.json">OpenAPI document</a>.</p></header>'
        f'<nav aria-label="Areas"><ul>{contents}</ul></nav><main>{sections}</main></body></html>'
    )


def _section(area: str, members: list[Endpoint[Any]]) -> str:
    articles = "".join(_article(endpoint) for endpoint in members)
    return f'<section id="{escape(area)}"><h2>{escape(_title(area))}</h2>{articles}</section>'


def _title(area: str) -> str:
    words = _SPELT.get(area, area.replace("_", " "))
    return words[:1].upper() + words[1:]


def _article(endpoint: Endpoint[Any]) -> str:
    scopes = " or ".join(f"<code>{escape(scope)}</code>" for scope in endpoint.scopes)
    facts = f"For {_WHO[endpoint.auth]}" + (f", with {scopes}" if scopes else "")
    deprecated = " <strong>Deprecated.</strong>" if endpoint.deprecated else ""
    method = endpoint.method
    return (
        f'<article><h3><span class="method method-{method.lower()}">{method}</span>'
        f" <code>{escape(endpoint.path)}</code></h3>"
        f"<p>{escape(endpoint.summary)}</p><p>{facts}.{deprecated}</p>"
        f"{_table(params_schema(endpoint.params))}</article>"
    )


def _table(schema: Json) -> str:
    if not schema["properties"]:
        return ""
    required = schema.get("required", ())
    rows = "".join(
        f"<tr><td><code>{escape(name)}</code></td><td>{escape(_kind(each))}</td>"
        f"<td>{'required' if name in required else ''}</td></tr>"
        for name, each in schema["properties"].items()
    )
    heads = '<th scope="col">Parameter</th><th scope="col">Type</th><th scope="col">Needed</th>'
    return f"<table><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table>"


def _kind(schema: Json) -> str:
    if "enum" in schema:
        return " | ".join(str(each) for each in schema["enum"])
    if "anyOf" in schema:
        kinds = (_kind(each) for each in schema["anyOf"])
        return " | ".join(kind for kind in kinds if kind != "null")
    if schema.get("type") == "array":
        return f"list of {_kind(schema['items'])}"
    if schema.get("format") == "binary":
        return "file"
    kind = schema.get("type", "any")
    return " | ".join(kind) if isinstance(kind, list) else str(kind)
