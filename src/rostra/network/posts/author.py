"""What posting needs to know of whoever posts."""

import msgspec

from rostra.network.edge import Reader
from rostra.network.posts.interaction import DefaultPolicies, defaults_of, told
from rostra.network.posts.limits import Standing
from rostra.network.posts.model import Draft, PostRow, QuotePolicy, Visibility
from rostra.network.posts.prepare import Prepared
from rostra.network.posts.queries import writes


class Author(msgspec.Struct, frozen=True):
    """How many people a member reaches, and what is usual for their posts."""

    id: int
    followers: int
    merged_since: int
    visibility: Visibility
    sensitive: bool
    language: str
    quote_policy: QuotePolicy
    policies: DefaultPolicies
    limits: int  # what decisions have done to them

    def standing(
        self, visibility: Visibility, *, sensitive: bool = False, held: bool = False
    ) -> Standing:
        """What a new post of theirs is that they want to be so; ``held``: it is not released."""
        wanted = Standing(int(visibility), int(sensitive), 0).of_author(self.limits)
        return wanted.held() if held else wanted

    def quotes(self, draft: Draft, visibility: Visibility) -> QuotePolicy:
        """Who may quote the post: what the draft says, else what is usual."""
        policy = self.quote_policy if draft.quote_policy is None else draft.quote_policy
        return policy.of(visibility)

    def interactions(self, draft: Draft, visibility: Visibility) -> int:
        """The packed interaction policy: what the draft says, else what is usual."""
        chosen = draft.interaction_policy
        return told(self.policies[visibility] if chosen is None else chosen)

    def habits(self, prepared: Prepared, quoted: PostRow | None) -> tuple[Visibility, bool, str]:
        """Visibility, sensitivity and language: what the draft says, else what is usual.

        Who quotes what few may see (their own, then) does it for the same few.
        """
        draft = prepared.draft
        visibility = self.visibility if draft.visibility is None else draft.visibility
        if quoted and quoted.visibility >= Visibility.FOLLOWERS:
            visibility = max(visibility, Visibility.FOLLOWERS)
        return (
            visibility,
            self.sensitive if draft.sensitive is None else draft.sensitive,
            prepared.language or self.language,
        )


async def author_of(reader: Reader, account_id: int) -> Author:
    """What is known of a member who posts, as somebody whom the edge has authenticated."""
    row = await reader.first(writes.AUTHOR, account=account_id)
    assert row is not None  # noqa: S101 (the edge has just authenticated them)
    followers, merged_since, visibility, sensitive, language, quotes, policies, limits = row
    policy = QuotePolicy.from_wire(quotes)
    return Author(
        id=account_id,
        followers=followers,
        merged_since=merged_since,
        visibility=Visibility.from_wire(visibility) or Visibility.PUBLIC,
        sensitive=bool(sensitive),
        language=language,
        quote_policy=QuotePolicy.NOBODY if policy is None else policy,
        policies=defaults_of(policies),
        limits=limits,
    )
