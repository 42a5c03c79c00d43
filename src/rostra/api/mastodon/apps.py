"""Apps make themselves known. Source: docs.joinmastodon.org/methods/apps."""

from typing import Any

import msgspec

from rostra.api.endpoint import GET, POST, Auth, Call, Endpoint
from rostra.api.mastodon.entities.oauth import Application, CredentialApplication
from rostra.http.params import NoParams
from rostra.kernel.errors import NotFound
from rostra.network.credentials import apps
from rostra.network.credentials.model import App
from rostra.network.push import keys


class AppParams(msgspec.Struct, frozen=True):
    """What an app says of itself; a single address may be a text with one a line."""

    client_name: str = ""
    redirect_uris: tuple[str, ...] = ()
    scopes: str = ""
    website: str = ""


async def register(call: Call[AppParams]) -> CredentialApplication:
    """Register an app."""
    params, services = call.params, call.services
    async with services.db.write() as tx:
        made = await apps.register_app(
            services,
            tx,
            name=params.client_name,
            redirect_uris="\n".join(params.redirect_uris),
            scopes_asked=params.scopes,
            website=params.website,
        )
    shown = msgspec.structs.replace(
        application(made.app), vapid_key=await keys.public_key(call.services)
    )
    return CredentialApplication(
        **msgspec.structs.asdict(shown), client_id=made.app.client_id, client_secret=made.secret
    )


async def verify(call: Call[NoParams]) -> Application:
    """The app whose token this is."""
    async with call.services.db.read() as reader:
        app = await apps.app_by_id(reader, call.viewer.app_id)
    if app is None:
        raise NotFound(f"app {call.viewer.app_id} of a token")
    return application(app)


def application(app: App) -> Application:
    """An app as everybody may see it."""
    return Application(
        id=str(app.id),
        name=app.name,
        website=app.website or None,
        scopes=tuple(app.scopes.split()),
        redirect_uris=app.uris,
        redirect_uri="\n".join(app.uris),
    )


ENDPOINTS: tuple[Endpoint[Any], ...] = (
    Endpoint(
        POST,
        "/api/v1/apps",
        register,
        auth=Auth.NONE,
        params=AppParams,
        answer=CredentialApplication,
        limits=("app_address",),
        summary="Register an app",
    ),
    Endpoint(
        GET,
        "/api/v1/apps/verify_credentials",
        verify,
        auth=Auth.APP,
        answer=Application,
        errors=(404,),
        summary="The app whose token this is",
    ),
)
