"""The types that edges hold without reaching below moderation: readers, transactions, services."""

from rostra.network.edge import Reader, Services, Transaction

__all__ = ["Reader", "Services", "Transaction"]
