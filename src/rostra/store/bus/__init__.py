"""Short messages between the processes of an installation, such as "a job is there".

`Bus` is the port. Delivery is at most once and best effort: what must not be lost stands in the
database, a message only says that it is worth looking.
"""

from rostra.store.bus.local import LocalBus
from rostra.store.bus.memory import MemoryBus
from rostra.store.bus.port import Bus, Subscription
from rostra.store.bus.postgres import PostgresBus
from rostra.store.bus.valkey import ValkeyBus

__all__ = ["Bus", "LocalBus", "MemoryBus", "PostgresBus", "Subscription", "ValkeyBus"]
