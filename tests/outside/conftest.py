import asyncio
import ssl
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.harness.patience import PATIENCE_S

from rostra.kernel.errors import Unavailable
from rostra.outside.images.workers import ImageWorkers
from rostra.settings import Images, Settings

CERTIFICATE = Path(__file__).with_name("certificate.pem")
"""For example.test, localhost and 127.0.0.1; made for these tests, valid till the year 2126."""


class Gate:
    """An egress gate that counts who passed it."""

    def __init__(self) -> None:
        self.passed: list[str] = []
        self.shut = False

    def check(self, channel: str) -> None:
        if self.shut:
            raise Unavailable(inside="closed")
        self.passed.append(channel)


@pytest.fixture
def gate() -> Gate:
    return Gate()


@pytest.fixture
def server_tls() -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(CERTIFICATE)
    return context


@pytest.fixture
def client_tls() -> ssl.SSLContext:
    return ssl.create_default_context(cafile=str(CERTIFICATE))


@pytest.fixture(scope="session")
def images() -> Iterator[ImageWorkers]:
    """One pool with one child for all tests, each of which has an event loop of its own."""
    pool = ImageWorkers(Settings(images=Images(deadline_s=PATIENCE_S)))
    yield pool
    asyncio.run(pool.close())
