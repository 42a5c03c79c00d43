"""What every edge, job and subscriber holds: the house's parts, composed once in ``rostra.app``."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from rostra.kernel.byte_cache import ByteCache
from rostra.kernel.clock import Clock
from rostra.kernel.ids import IdSource
from rostra.network.screening import NO_SCREEN, Screen
from rostra.settings import Settings
from rostra.store.database import Database

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rostra.outside.http import HttpClient
    from rostra.outside.images.workers import ImageWorkers
    from rostra.outside.mail import Mailer
    from rostra.outside.pages import PageReader
    from rostra.outside.video import VideoTools
    from rostra.store.blobs import Blobs
    from rostra.store.bus import Bus
    from rostra.store.gates import EgressGate, WriteGate


@dataclass(frozen=True, slots=True)
class Services:
    """The parts of one running Rostra."""

    settings: Settings
    clock: Clock
    ids: IdSource
    db: Database
    blobs: "Blobs"
    bus: "Bus"
    mailer: "Mailer"
    images: "ImageWorkers"
    video: "VideoTools"
    push: "HttpClient"
    webhooks: "HttpClient"
    fetch: "HttpClient"
    adapters: "Mapping[str, HttpClient]"  # by the names of the settings
    pages: "PageReader"
    egress: "EgressGate"
    write_gate: "WriteGate"
    fragments: ByteCache
    screen: Screen = NO_SCREEN
