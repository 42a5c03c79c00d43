"""A place becomes a store that can be asked."""

import ipaddress
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final
from urllib.parse import SplitResult, unquote, urlsplit

from obstore.store import AzureStore, GCSStore, ObjectStore, S3Store

from rostra.hosting.places.bucket import BucketStore
from rostra.hosting.places.folder import FolderStore
from rostra.hosting.places.model import Place, PlaceFailed
from rostra.hosting.places.port import Store
from rostra.hosting.places.sftp import PORT, Login, SftpStore
from rostra.hosting.places.webdav import Address, WebdavStore
from rostra.outside import addresses

_CLIENT: Final[Any] = {"timeout": "300s", "connect_timeout": "10s"}
# What fails is asked again by whoever asked, who knows how long it makes sense.
_RETRY: Final[Any] = {"max_retries": 1}
_FIELDS: Final = ("account", "credentials", "region", "endpoint", "host_key")


def open_place(place: Place) -> Store:
    """The store of a place. Nothing is asked yet.

    Raises:
        PlaceFailed: what it is said to be is no store; the text names the field.
    """
    scheme, separator, _ = place.store.partition("://")
    if not separator:
        _given(place, "a folder")
        if not Path(place.store).is_absolute():
            raise PlaceFailed(place.name, f"{place.store} is no address, and no absolute path")
        return FolderStore(place.name, Path(place.store))
    if scheme not in _KINDS:
        known = ", ".join(f"{each}://" for each in _KINDS)
        raise PlaceFailed(
            place.name, f"store can't be {scheme}://; there are {known} and absolute paths"
        )
    try:
        return _KINDS[scheme](place)
    except PlaceFailed:
        raise
    except Exception as error:  # obstore raises several kinds for what is misspelt
        why = next(iter(str(error).splitlines()), type(error).__name__)
        raise PlaceFailed(place.name, f"store can't be used: {why}") from error


def _given(place: Place, kind: str, needs: tuple[str, ...] = (), may: tuple[str, ...] = ()) -> None:
    """Refuse a place without what its kind needs, or with what it has no use for.

    Without credentials some libraries would look for those of the machine, which stay behind
    when the network moves.
    """
    for field in _FIELDS:
        value = getattr(place, field)
        if field in needs and not value.strip():
            raise PlaceFailed(place.name, f"{field} is empty; {kind} needs it")
        if value and field not in needs + may:
            raise PlaceFailed(place.name, f"{field} means nothing for {kind}")


def _bucket(place: Place, store: ObjectStore) -> Store:
    return BucketStore(place.name, store)


def _more(place: Place) -> Any:
    client = {**_CLIENT, "allow_http": place.endpoint.startswith("http://")}
    return {"client_options": client, "retry_config": _RETRY}


def _s3(place: Place) -> Store:
    _given(place, "S3", needs=("account", "credentials"), may=("region", "endpoint"))
    given = {
        "access_key_id": place.account,
        "secret_access_key": place.credentials,
        "region": place.region,
        "endpoint": place.endpoint,
    }
    config: Any = {name: value for name, value in given.items() if value}
    return _bucket(place, S3Store.from_url(place.store, config=config, **_more(place)))


def _gs(place: Place) -> Store:
    _given(place, "Google Cloud Storage", needs=("credentials",))
    config: Any = {"service_account_key": place.credentials}
    return _bucket(place, GCSStore.from_url(place.store, config=config, **_more(place)))


def _az(place: Place) -> Store:
    _given(place, "Azure", needs=("account", "credentials"), may=("endpoint",))
    given = {
        "account_name": place.account,
        "account_key": place.credentials,
        "endpoint": place.endpoint,
    }
    config: Any = {name: value for name, value in given.items() if value}
    return _bucket(place, AzureStore.from_url(place.store, config=config, **_more(place)))


def _sftp(place: Place) -> Store:
    _given(place, "SFTP", needs=("account", "credentials", "host_key"))
    url = _plain(place)
    # As other programs write it: below the folder where a login arrives.
    root = (
        unquote(url.path).removeprefix("/~/") if url.path.startswith("/~/") else unquote(url.path)
    )
    if root in {"", "/"}:
        raise PlaceFailed(place.name, "store names no folder: sftp://host/folder")
    login = Login(
        host=url.hostname or "",
        port=url.port or PORT,
        root=root,
        user=place.account,
        secret=place.credentials,
        host_key=place.host_key,
    )
    return SftpStore(place.name, login)


def _webdav(place: Place) -> Store:
    _given(place, "WebDAV", needs=("credentials",), may=("account",))
    url = _plain(place)
    if url.scheme == "http" and not _near(url.hostname or ""):
        raise PlaceFailed(
            place.name, "store is http://: the password would go there unencrypted; use https://"
        )
    return WebdavStore(
        place.name, Address(url=place.store, user=place.account, secret=place.credentials)
    )


def _plain(place: Place) -> SplitResult:
    url = urlsplit(place.store)
    if url.username is not None or url.password is not None:
        raise PlaceFailed(
            place.name, "store names a user: say `account`, and `credentials` for the password"
        )
    if not url.hostname or url.query or url.fragment:
        raise PlaceFailed(place.name, f"{place.store} is no address of a folder")
    return url


def _near(host: str) -> bool:
    """Whether a host is this machine, or an address that the public network does not reach."""
    if host == "localhost":
        return True
    try:
        return not addresses.is_public(ipaddress.ip_address(host))
    except ValueError:
        return False


_KINDS: Final[dict[str, Callable[[Place], Store]]] = {
    "s3": _s3,
    "gs": _gs,
    "az": _az,
    "sftp": _sftp,
    "https": _webdav,
    "http": _webdav,
}
