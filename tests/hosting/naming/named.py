"""Names of a network at throw-away name servers."""

import contextlib
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import dns.flags
import dns.message
from tests.harness.knot import ZONE, Knot

from rostra.hosting.naming.installation import names_of
from rostra.hosting.naming.names import Names
from rostra.settings import Settings, load
from rostra.store.gates import EgressGate, memory_gates


def environ(folder: Path, knot: Knot, *others: Knot, **more: str) -> dict[str, str]:
    """Settings that name these servers, the first as the one that takes changes."""
    return {
        "ROSTRA_DATA_DIR": str(folder / "data"),
        "ROSTRA_SITE__BASE_URL": f"https://{ZONE}",
        "ROSTRA_DNS__PROVIDER": "rfc2136",
        "ROSTRA_DNS__CREDENTIALS": str(knot.credentials(folder / "dns.toml")),
        "ROSTRA_DNS__SERVERS": ",".join(each.at for each in (knot, *others)),
        "ROSTRA_DNS__WAIT_S": "300",
        **more,
    }


class Named:
    """The names, and what is told of them."""

    def __init__(self, given: dict[str, str]) -> None:
        self.told: list[str] = []
        self.egress: EgressGate = memory_gates()[1]
        self.given = given
        self.settings: Settings = load(environ=given)

    def names(self) -> Names:
        """As a command has them."""
        return names_of(self.settings, self.egress, self.told.append)


@contextmanager
def named(folder: Path, **more: str) -> Iterator[tuple[Knot, Named]]:
    """One primary, and the names in its zone."""
    with Knot(folder / "knot") as knot:
        yield knot, Named(environ(folder, knot, **more))


@contextmanager
def silent() -> Iterator[str]:
    """A server that takes connections and never says anything; where it is."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        yield f"127.0.0.1:{listener.getsockname()[1]}"


@contextmanager
def hung_up() -> Iterator[str]:
    """A server that ends every connection without a word, and by UDP says to connect; where."""
    listener, datagrams = socket.socket(), socket.socket(type=socket.SOCK_DGRAM)
    with listener, datagrams:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        port = listener.getsockname()[1]
        datagrams.bind(("127.0.0.1", port))

        def accept() -> None:
            with contextlib.suppress(OSError):
                while True:
                    taken, _ = listener.accept()
                    taken.recv(4096)
                    taken.close()

        def refer() -> None:
            with contextlib.suppress(OSError):
                while True:
                    query, sender = datagrams.recvfrom(4096)
                    if not query:
                        return
                    answer = dns.message.make_response(dns.message.from_wire(query))
                    answer.flags |= dns.flags.TC
                    datagrams.sendto(answer.to_wire(), sender)

        threads = [threading.Thread(target=each, daemon=True) for each in (accept, refer)]
        for thread in threads:
            thread.start()
        yield f"127.0.0.1:{port}"
        listener.shutdown(socket.SHUT_RDWR)
        datagrams.sendto(b"", ("127.0.0.1", port))
        for thread in threads:
            thread.join()
