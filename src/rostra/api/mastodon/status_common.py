"""What the endpoints of posts share."""

import msgspec

from rostra.api.endpoint import Raw
from rostra.api.mastodon import render
from rostra.http.params import Id
from rostra.kernel.errors import Invalid
from rostra.network.posts.model import QuotePolicy, Visibility


class StatusId(msgspec.Struct, frozen=True):
    """Which post."""

    id: Id


async def status_answer(call: render.Asking, post_id: int) -> Raw:
    """One post as an answer. Raises NotFound where the viewer may not see it."""
    async with call.services.db.read() as reader:
        return Raw(await render.status(call, reader, post_id))


def policy_of(name: str) -> QuotePolicy | None:
    """The policy with this name; None for none. Raises Invalid for an unknown one."""
    found = QuotePolicy.from_wire(name)
    if name and found is None:
        raise Invalid("quote_approval_policy", "is not included in the list", "ERR_INCLUSION")
    return found


def visibility_of(name: str) -> Visibility | None:
    """The visibility with this name; None for none. Raises Invalid for an unknown one."""
    found = Visibility.from_wire(name)
    if name and found is None:
        raise Invalid("visibility", "is not included in the list", "ERR_INCLUSION")
    return found
