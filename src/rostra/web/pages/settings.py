"""The settings of how one is seen and sees: profile and preferences."""

from collections.abc import Mapping
from typing import Any, Final

import msgspec
from msgspec import UNSET

from rostra.http.body import Upload
from rostra.http.response import Response
from rostra.kernel.errors import Invalid, RostraError, TooLarge, TooManyRequests
from rostra.network.accounts import access as accounts_access
from rostra.network.accounts import pictures
from rostra.network.accounts.pictures import Picture
from rostra.network.accounts.profile import (
    PreferenceChanges,
    ProfileChanges,
    looked_at,
    update_preferences,
    update_profile,
)
from rostra.network.addresses import addresses
from rostra.network.posts import consent
from rostra.outside.translations import known
from rostra.web import answering, cookies
from rostra.web.call import PageCall
from rostra.web.faults import form_of, of_lines
from rostra.web.route import GET, MEMBER, POST, Route
from rostra.web.views.forms import Form
from rostra.web.views.settings import PreferencesPage, ProfileSettingsPage

# Two pictures of the largest size that the settings allow by default, and the words around them.
MAX_BODY: Final = 2 * 9 * 1024 * 1024
_FLAGS: Final = ("locked", "bot", "discoverable", "indexable", "hide_collections")
_TEXTS: Final = ("display_name", "note", "attribution_domains")
_NAMES: Final = {
    "privacy": "default_visibility",
    "language": "default_language",
    "quote_policy": "default_quote_policy",
    "answerers": "default_answerers",
}


class ProfileParams(msgspec.Struct, frozen=True, kw_only=True):
    """A profile as a form sends it; a box that is not ticked is not sent.

    Pictures and fields come as `avatar`, `header`, `field_name_1`…, read from the tree: a browser
    sends a file field that is left empty as an empty file.
    """

    display_name: str = ""
    note: str = ""
    remove_avatar: bool = False
    remove_header: bool = False
    locked: bool = False
    bot: bool = False
    discoverable: bool = False
    indexable: bool = False
    hide_collections: bool = False
    attribution_domains: str = ""


class PreferenceParams(msgspec.Struct, frozen=True, kw_only=True):
    """How the member posts and sees things."""

    theme: str = ""
    default_visibility: str = "public"
    default_quote_policy: str = ""
    default_answerers: str = ""
    default_language: str = ""
    locale: str = ""
    default_sensitive: bool = False
    expand_spoilers: bool = False
    report_mails: bool = False


async def profile_form(call: PageCall[Any]) -> Response:
    """The profile as it is."""
    async with call.read() as reader:
        row = await accounts_access.public(reader, call.viewer_id, call.viewer_id)
        profile = (await accounts_access.profiles(reader, [row.id]))[row.id]
    values = {
        "display_name": profile.display_name,
        "note": profile.note,
        "attribution_domains": "\n".join(profile.sites),
    }
    for number, line in enumerate(profile.lines, 1):
        values |= {f"field_name_{number}": line.name, f"field_value_{number}": line.value}
    values |= {name: "1" if getattr(row, name) else "" for name in _FLAGS}
    return await _profile_page(call, Form(values=values))


async def _profile_page(call: PageCall[Any], form: Form, status: int = 200) -> Response:
    async with call.read() as reader:
        profile = (await accounts_access.profiles(reader, [call.viewer_id]))[call.viewer_id]
    at, limits = addresses(call.services.settings), call.services.settings.accounts
    page = ProfileSettingsPage(
        form=form,
        avatar_url=at.blob(profile.avatar_key) if profile.avatar_key else at.static("avatar.png"),
        header_url=at.blob(profile.header_key) if profile.header_key else "",
        has_avatar=bool(profile.avatar_key),
        max_fields=limits.max_fields,
        max_note=limits.max_bio,
    )
    return await call.page(page, status)


async def profile_save(call: PageCall[ProfileParams]) -> Response:
    """Change the profile, or show what is wrong."""
    params, services = call.params, call.services
    lines = _lines(call.tree, services.settings.accounts.max_fields)
    try:
        files = (_file(call.tree, "avatar"), _file(call.tree, "header"))
        for file in files:
            if file is not None:
                call.count("media_account")
        async with pictures.stored(services, *files) as (avatar, header):
            changes = ProfileChanges(
                display_name=params.display_name,
                note=params.note,
                fields=lines,
                avatar=avatar or (Picture() if params.remove_avatar else UNSET),
                header=header or (Picture() if params.remove_header else UNSET),
                locked=params.locked,
                bot=params.bot,
                discoverable=params.discoverable,
                indexable=params.indexable,
                hide_collections=params.hide_collections,
                attribution_domains=params.attribution_domains.splitlines(),
            )
            look = await looked_at(services, call.viewer_id, changes)
            async with services.db.write() as tx:
                await update_profile(services, tx, call.viewer_id, changes, look)
    except (Invalid, TooLarge, TooManyRequests) as error:
        return await _profile_page(call, _profile_form(params, lines, error), error.status)
    return call.redirect("/settings/profile", flash="Your profile is saved.")


def _profile_form(params: ProfileParams, lines: list[tuple[str, str]], error: RostraError) -> Form:
    values = {name: getattr(params, name) for name in _TEXTS}
    for number, (name, value) in enumerate(lines, 1):
        values |= {f"field_name_{number}": name, f"field_value_{number}": value}
    values |= {name: "1" if getattr(params, name) else "" for name in _FLAGS}
    form = form_of(values, error)
    sites = of_lines(error, "attribution_domains")
    if sites:
        form = msgspec.structs.replace(form, errors={**form.errors, "attribution_domains": sites})
    if "fields" in form.errors:  # no single input carries it
        message = f"Fields: {form.errors['fields']}"
        return msgspec.structs.replace(form, message=message)
    return form


def _lines(tree: Mapping[str, Any], most: int) -> list[tuple[str, str]]:
    pairs = (
        (tree.get(f"field_name_{number}", ""), tree.get(f"field_value_{number}", ""))
        for number in range(1, most + 1)
    )
    return [
        (name, value) for name, value in pairs if isinstance(name, str) and isinstance(value, str)
    ]


def _file(tree: Mapping[str, Any], name: str) -> pictures.Upload | None:
    upload = tree.get(name)
    if not isinstance(upload, Upload) or not upload.size:
        return None
    return pictures.Upload(upload.read(), upload.content_type)


async def preferences_form(call: PageCall[Any]) -> Response:
    """The preferences as they are; the colours are this browser's."""
    async with call.read() as reader:
        user = await accounts_access.user(reader, call.viewer_id)
        usual = await consent.defaults(reader, call.viewer_id)
    choices = {answering.choice_of(packed) for packed in usual}
    values = {
        "theme": cookies.theme_of(call.request),
        "default_visibility": user.default_visibility,
        "default_quote_policy": user.default_quote_policy,
        # One choice for all visibilities; empty where apps have chosen different ones.
        "default_answerers": choices.pop() if len(choices) == 1 else "",
        "default_language": user.default_language or "en",
        "locale": known(user.locale),
        "default_sensitive": "1" if user.default_sensitive else "",
        "expand_spoilers": "1" if user.choices.expand_spoilers else "",
        "report_mails": "1" if user.choices.report_mails else "",
    }
    return await _preferences_page(call, Form(values=values))


async def _preferences_page(call: PageCall[Any], form: Form, status: int = 200) -> Response:
    answerers = answering.options_for(form.value("default_answerers"))
    return await call.page(PreferencesPage(form=form, answerers=answerers), status)


async def preferences_save(call: PageCall[PreferenceParams]) -> Response:
    """Change the preferences."""
    params = call.params
    changes = PreferenceChanges(
        theme=params.theme,
        visibility=params.default_visibility,
        quote_policy=params.default_quote_policy or UNSET,
        language=params.default_language,
        locale=known(params.locale) if params.locale else UNSET,
        sensitive=params.default_sensitive,
        expand_spoilers=params.expand_spoilers,
        report_mails=params.report_mails,
    )
    try:
        async with call.services.db.write() as tx:
            await update_preferences(tx, call.viewer_id, changes)
            if params.default_answerers:
                usual = await consent.defaults(tx, call.viewer_id)
                packed = [answering.chosen(params.default_answerers, each) for each in usual]
                await consent.set_defaults(tx, call.viewer_id, packed)
    except Invalid as error:
        typed = msgspec.structs.asdict(params)
        values = {
            name: value if isinstance(value, str) else "1" if value else ""
            for name, value in typed.items()
        }
        return await _preferences_page(call, form_of(values, error, _NAMES), 422)
    colours = cookies.theme_cookie(call.house.site, params.theme)
    return call.redirect(
        "/settings/preferences", flash="Your preferences are saved.", headers=(colours,)
    )


async def start(call: PageCall[Any]) -> Response:
    """The settings begin with the profile."""
    return call.redirect("/settings/profile")


ROUTES: tuple[Route[Any], ...] = (
    Route(GET, "/settings", start, MEMBER),
    Route(GET, "/settings/profile", profile_form, MEMBER),
    Route(POST, "/settings/profile", profile_save, MEMBER, params=ProfileParams, max_body=MAX_BODY),
    Route(GET, "/settings/preferences", preferences_form, MEMBER),
    Route(POST, "/settings/preferences", preferences_save, MEMBER, params=PreferenceParams),
)
