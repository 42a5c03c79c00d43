"""The bus inside one process; the other buses deliver through it."""

from rostra.store.bus.port import QUEUE_SIZE, Bus, Message, Subscription, checked


class MemoryBus:
    """Everything within one process."""

    def __init__(self, owner: Bus | None = None) -> None:
        """`owner`: the bus that this one delivers for."""
        self._owner: Bus = owner or self
        self._by_topic: dict[str, list[Subscription]] = {}

    def publish(self, topic: str, body: bytes) -> None:
        """Tell all subscribers of the topic. See `Bus.publish`."""
        checked(topic, body)
        for subscription in tuple(self._by_topic.get(topic, ())):
            subscription.offer(Message(topic, body))

    def subscribe(self, *topics: str, size: int = QUEUE_SIZE) -> Subscription:
        """Listen to some topics, from now on."""
        subscription = Subscription(self._owner, frozenset(topics), size)
        for topic in subscription.topics:
            self._by_topic.setdefault(topic, []).append(subscription)
        return subscription

    def forget(self, subscription: Subscription) -> None:
        """Called by a subscription that closes."""
        for topic in subscription.topics:
            listeners = self._by_topic.get(topic, [])
            if subscription in listeners:
                listeners.remove(subscription)
            if not listeners:
                self._by_topic.pop(topic, None)

    async def start(self) -> None:
        """Nothing to connect."""

    async def close(self) -> None:
        """End every subscription."""
        for listeners in tuple(self._by_topic.values()):
            for subscription in tuple(listeners):
                subscription.close()
