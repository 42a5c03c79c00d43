"""The OpenAPI 3.1 document, made from the endpoint table and nothing else."""

import types
import typing
from datetime import datetime
from enum import Enum
from typing import Annotated, Any, Final, Literal, Union

import msgspec

import rostra
from rostra.api.endpoint import Auth, Endpoint, Endpoints
from rostra.http.body import Upload
from rostra.http.params import Count, Id
from rostra.http.site import Site
from rostra.network.credentials.scopes import KNOWN

Json = dict[str, Any]
_REFS: Final = "#/components/schemas/{name}"
_TOKEN: Final = "token"  # noqa: S105 (the name of a security scheme, no secret)
_ID: Final[Json] = {"type": "string", "pattern": "^(0|[1-9][0-9]{0,18})$"}
_SCALARS: Final[dict[Any, Json]] = {
    str: {"type": "string"},
    bool: {"type": "boolean"},
    int: {"type": "integer"},
    float: {"type": "number"},
    Id: _ID,
    # anything is taken and clamped, so nothing is promised
    Count: {"type": ["integer", "string"]},
    Upload: {"type": "string", "format": "binary"},
    datetime: {"type": "string", "format": "date-time"},
}
_MEANINGS: Final = {
    400: "The request cannot be read",
    401: "No valid token",
    403: "The token or the member may not do this",
    404: "No such thing, or not for this viewer",
    405: "The path does not answer this method",
    408: "The body came too slowly",
    409: "The state has changed or the same thing exists already",
    410: "Gone",
    413: "The body is too large",
    415: "A content type that is not read here",
    422: "What was sent is not valid; `details` names the fields",
    429: "A rate limit is used up; see `Retry-After`",
    431: "The headers are too large",
    500: "A bug of ours; `request_id` helps to find it",
    501: "The answer is not made in this form",
    503: "Not now; see `Retry-After`",
}


def document(endpoints: Endpoints, site: Site) -> Json:
    """The whole document for a table of endpoints."""
    answers = [
        each
        for endpoint in endpoints
        for each in (endpoint.answer, endpoint.instead)
        if each is not None
    ]
    unique = list({repr(answer): answer for answer in answers}.values())
    schemas, components = msgspec.json.schema_components(unique, ref_template=_REFS)
    by_type = {repr(answer): schema for answer, schema in zip(unique, schemas, strict=True)}
    paths: dict[str, Json] = {}
    for endpoint in endpoints:
        item = paths.setdefault(_plain_path(endpoint.path), {})
        for method in endpoint.methods:
            item[method.lower()] = _operation(endpoint, method, by_type)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Rostra",
            "version": rostra.__version__,
            "description": "The Mastodon client API as Rostra serves it, and Rostra's own.",
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "servers": [{"url": site.base_url}],
        "paths": paths,
        "components": {
            "schemas": {**components, "Error": _error_schema()},
            "securitySchemes": {_TOKEN: _token_scheme(site)},
        },
    }


def possible_statuses(endpoint: Endpoint[Any]) -> tuple[int, ...]:
    """Every status of an error that an endpoint can answer."""
    out = {400, 405, 429, 431, 500, 503, *endpoint.errors}
    if endpoint.auth is not Auth.NONE:
        out |= {401, 403, 422}
    if msgspec.structs.fields(endpoint.params):
        out.add(422)
    if endpoint.path_params:
        out.add(404)
    if endpoint.has_body:
        out |= {408, 409, 413, 415, 422}
    return tuple(sorted(out))


def params_schema(type_: type[msgspec.Struct]) -> Json:
    """The schema of a params struct, as it looks from outside (ids are text)."""
    hints = typing.get_type_hints(type_, include_extras=True)
    properties: Json = {}
    required = []
    for field in msgspec.structs.fields(type_):
        properties[field.encode_name] = _schema(hints[field.name])
        if field.required:
            required.append(field.encode_name)
            if properties[field.encode_name] == {"type": "string"}:
                properties[field.encode_name]["minLength"] = 1
    schema: Json = {"type": "object", "properties": properties}
    if required:
        schema["required"] = required
    return schema


def _operation(endpoint: Endpoint[Any], method: str, by_type: dict[str, Json]) -> Json:
    schema = params_schema(endpoint.params)
    operation: Json = {
        "operationId": f"{method.lower()}_{_slug(endpoint.path)}",
        "summary": endpoint.summary or endpoint.name,
        "tags": [area_of(endpoint)],
        "responses": _responses(endpoint, by_type),
    }
    in_path = set(endpoint.path_params)
    parameters = [
        {"name": name, "in": "path", "required": True, "schema": schema["properties"][name]}
        for name in endpoint.path_params
    ]
    rest = {name: each for name, each in schema["properties"].items() if name not in in_path}
    required = [name for name in schema.get("required", ()) if name not in in_path]
    if rest and not endpoint.has_body:
        parameters += [
            _query_parameter(name, each, required=name in required) for name, each in rest.items()
        ]
    elif rest:
        operation["requestBody"] = _request_body(rest, required)
    if parameters:
        operation["parameters"] = parameters
    if endpoint.auth is not Auth.NONE:
        wanted: list[Json] = [{_TOKEN: [scope]} for scope in endpoint.scopes] or [{_TOKEN: []}]
        operation["security"] = [*wanted, {}] if endpoint.auth is Auth.OPTIONAL else wanted
    if endpoint.deprecated:
        operation["deprecated"] = True
    return operation


def _query_parameter(name: str, schema: Json, *, required: bool) -> Json:
    listed = schema.get("type") == "array"
    out: Json = {"name": f"{name}[]" if listed else name, "in": "query", "schema": schema}
    if listed:
        out |= {"style": "form", "explode": True}
    if schema.get("type") == "object":
        out |= {"style": "deepObject", "explode": True}
    return out | ({"required": True} if required else {})


def _request_body(properties: Json, required: list[str]) -> Json:
    schema: Json = {"type": "object", "properties": properties}
    if required:
        schema["required"] = required
    kinds = ["application/json", "application/x-www-form-urlencoded", "multipart/form-data"]
    if any(_holds_file(each) for each in properties.values()):
        kinds = kinds[2:]
    return {"required": bool(required), "content": {kind: {"schema": schema} for kind in kinds}}


def _holds_file(schema: Json) -> bool:
    return schema.get("format") == "binary" or any(
        _holds_file(each) for each in schema.get("anyOf", ())
    )


def _responses(endpoint: Endpoint[Any], by_type: dict[str, Json]) -> Json:
    success: Json = {"description": "Done"}
    if endpoint.answer is not None:
        schema = by_type[repr(endpoint.answer)]
        if endpoint.instead is not None:
            schema = {"anyOf": [schema, by_type[repr(endpoint.instead)]]}
        kinds = (endpoint.content_type, endpoint.other_type)
        success["content"] = {
            kind.partition(";")[0]: {"schema": schema if "json" in kind else {"type": "string"}}
            for kind in kinds
            if kind
        }
    out: Json = {str(endpoint.status): success}
    for status in possible_statuses(endpoint):
        if status < 400:  # noqa: PLR2004 (a further success, such as 202 or 206)
            out[str(status)] = success
            continue
        error = {"schema": {"$ref": _REFS.format(name="Error")}}
        meaning = _MEANINGS.get(status, "Refused")
        out[str(status)] = {"description": meaning, "content": {"application/json": error}}
    return out


def _schema(hint: Any) -> Json:
    origin, args = typing.get_origin(hint), typing.get_args(hint)
    if origin is Annotated:
        return _schema(args[0]) | _constraints(args[1:])
    if origin in {Union, types.UnionType}:
        inner = [_schema(each) for each in args if each not in {type(None), msgspec.UnsetType}]
        if type(None) in args:
            inner.append({"type": "null"})
        return inner[0] if len(inner) == 1 else {"anyOf": inner}
    if origin in {list, tuple, set, frozenset}:
        return {"type": "array", "items": _schema(args[0])}
    if origin is dict:
        return {"type": "object", "additionalProperties": _schema(args[1])}
    return {"enum": list(args)} if origin is Literal else _plain_schema(hint)


def _plain_schema(hint: Any) -> Json:
    if isinstance(hint, type) and issubclass(hint, Enum):
        return {"enum": [each.value for each in hint]}
    if isinstance(hint, type) and issubclass(hint, msgspec.Struct):
        return params_schema(hint)
    if hint in _SCALARS:
        return dict(_SCALARS[hint])
    return {} if hint is Any else dict(msgspec.json.schema(hint))


def _constraints(metas: tuple[Any, ...]) -> Json:
    names = {
        "max_length": "maxLength", "min_length": "minLength", "ge": "minimum", "le": "maximum",
        "pattern": "pattern", "description": "description",
    }  # fmt: skip
    out: Json = {}
    for meta in metas:
        for ours, theirs in names.items():
            value = getattr(meta, ours, None)
            if value is not None:
                out[theirs] = value
    return out


def _error_schema() -> Json:
    fault = {
        "type": "object",
        "properties": {"error": {"type": "string"}, "description": {"type": "string"}},
        "required": ["error", "description"],
    }
    return {
        "type": "object",
        "properties": {
            "error": {"type": "string"},
            "error_description": {"type": "string"},
            "details": {
                "type": "object",
                "additionalProperties": {"type": "array", "items": fault},
            },
            "request_id": {"type": "string"},
        },
        "required": ["error"],
    }


def _token_scheme(site: Site) -> Json:
    flow = {
        "authorizationUrl": f"{site.base_url}/oauth/authorize",
        "tokenUrl": f"{site.base_url}/oauth/token",
        "scopes": dict.fromkeys(sorted(KNOWN), ""),
    }
    client = {key: value for key, value in flow.items() if key != "authorizationUrl"}
    flows = {"authorizationCode": flow, "clientCredentials": client}
    return {"type": "oauth2", "flows": flows}


def area_of(endpoint: Endpoint[Any]) -> str:
    """The group of an endpoint: the first word of its path that is not a prefix of all."""
    words = [word for word in endpoint.path.split("/") if word and not word.startswith("{")]
    useful = [word for word in words if word not in {"api", "v1", "v2", "v3", "v4", ".well-known"}]
    return useful[0] if useful else "api"


def _plain_path(pattern: str) -> str:
    return pattern.replace(":path}", "}")


def _slug(pattern: str) -> str:
    words = [word.strip("{}@.") for word in _plain_path(pattern).split("/")]
    return "_".join(word for word in words if word).replace(".", "_").replace("-", "_")
