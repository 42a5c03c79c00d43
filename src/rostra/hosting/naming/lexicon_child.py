"""The child process that dns-lexicon runs in: work on standard input, its outcome on output.

`lexicon.client` would ask publicsuffix.org for a list in order to guess the zone, which the
settings name; so the provider is opened by itself.
"""

import contextlib
import sys
from typing import Any

import msgspec

from rostra.hosting.naming.model import Change, Record
from rostra.kernel.lazy import ExtraMissing, extra


class Work(msgspec.Struct, frozen=True, kw_only=True):
    """A change, and who takes it.

    Attributes:
        provider: as dns-lexicon calls it.
        zone: in which the records are.
        options: of the provider.
        change: that it takes.
    """

    provider: str
    zone: str
    options: dict[str, str]
    change: Change


class Said(msgspec.Struct, frozen=True, kw_only=True):
    """What became of it.

    Attributes:
        why: it came to nothing; empty: it was taken.
        setting: which one that is about.
        raised: the kind of exception by which the provider said so, whose words `why` are then;
            empty: they are our own.
    """

    why: str = ""
    setting: str = "dns.credentials"
    raised: str = ""


def do(work: Work) -> Said:
    """Hand a change over, the new records first."""
    try:
        discovery = extra("lexicon._private.discovery", "dns")
    except ExtraMissing as error:
        return Said(why=str(error), setting="dns.provider")
    known = discovery.find_providers()
    if work.provider not in known:
        names = ", ".join(sorted(known))
        return Said(why=f"there is no such provider; there are {names}", setting="dns.provider")
    if not known[work.provider]:
        install = f"it needs more: install dns-lexicon[{work.provider}]"
        return Said(why=install, setting="dns.provider")
    try:
        _write(_opened(discovery, work), work.change)
    except Exception as error:  # noqa: BLE001 (providers raise whatever they like)
        kind = type(error).__name__
        return Said(why=f"{kind}: {error}", raised=kind)
    return Said()


def _opened(discovery: Any, work: Work) -> Any:
    config = extra("lexicon.config", "dns").ConfigResolver()
    config.with_dict(
        {
            "provider_name": work.provider,
            "domain": work.zone,
            "ttl": work.change.ttl_s,
            work.provider: {"domain": work.zone, **work.options},  # `ddns` asks for it there
        }
    )
    provider = discovery.load_provider_module(work.provider).Provider(config)
    provider.authenticate()
    return provider


def _write(provider: Any, change: Change) -> None:
    try:
        for record in change.add:
            _check(provider.create_record(record.kind, record.name, record.content), record)
        for record in change.remove:
            remove(provider, record)
    finally:
        provider.cleanup()


def remove(provider: Any, record: Record) -> None:
    """Have a provider remove a record; one that is gone already is gone.

    Some raise then, others say that they did nothing: whether it is there tells it from a refusal.

    Raises:
        Exception: whatever the provider raises; the record is there all the same.
    """
    found = {"rtype": record.kind, "name": record.name, "content": record.content}
    try:
        _check(provider.delete_record(**found), record)
    except Exception:
        if _is_there(provider, found):
            raise


def _is_there(provider: Any, found: dict[str, str]) -> bool:
    try:
        return bool(provider.list_records(**found))
    except Exception:  # noqa: BLE001 (it can't be asked: what it said before counts)
        return True


def _check(done: object, record: object) -> None:
    if not done:
        raise RuntimeError(f"it did not take {record}")


def main() -> None:
    """Read the work, do it, say what became of it."""
    work = msgspec.json.decode(sys.stdin.buffer.read(), type=Work)
    with contextlib.redirect_stdout(sys.stderr):  # what a provider prints is no answer
        said = do(work)
    sys.stdout.buffer.write(msgspec.json.encode(said))


if __name__ == "__main__":
    main()
