"""Who hears which event, and which kinds of jobs there are: the one table of both.

``network`` emits events; the slices to the right of the emitting one, and later other parts of the
house, hear them. The composition root calls these two functions.
"""

from rostra.network.accounts.events import AccountRemoved
from rostra.network.accounts.jobs import JOBS as ACCOUNT_JOBS
from rostra.network.credentials.ending import forget_credentials
from rostra.network.credentials.letters import JOBS as CREDENTIAL_JOBS
from rostra.network.media.jobs import JOBS as MEDIA_JOBS
from rostra.network.posts.events import PostDeleted, PostPublished
from rostra.network.posts.jobs import JOBS as POST_JOBS
from rostra.network.timelines import fan_out
from rostra.network.timelines.jobs import JOBS as TIMELINE_JOBS
from rostra.store.database import Hooks
from rostra.store.outbox import JobKind


def jobs() -> tuple[JobKind, ...]:
    """Every kind of job of the network."""
    return (*ACCOUNT_JOBS, *CREDENTIAL_JOBS, *MEDIA_JOBS, *POST_JOBS, *TIMELINE_JOBS)


def subscribe(hooks: Hooks) -> None:
    """Wire the subscribers that run in the transaction of what they hear."""
    hooks.on(AccountRemoved, forget_credentials)
    hooks.on(PostPublished, fan_out.fan_out)
    hooks.on(PostDeleted, fan_out.drop)
