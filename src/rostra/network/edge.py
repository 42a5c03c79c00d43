"""The types that edges hold without reaching below the network: readers, transactions, services."""

from rostra.network.services import Services
from rostra.store.bus import Bus, Subscription
from rostra.store.database import Database, Reader, Transaction

__all__ = ["Bus", "Database", "Reader", "Services", "Subscription", "Transaction"]
