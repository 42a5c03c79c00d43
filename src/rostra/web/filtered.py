"""What a member's filters do to the posts on a page: warn, cover the pictures, leave them out."""

from collections.abc import Mapping, Sequence

from msgspec.structs import replace

from rostra.network.credentials.model import Viewer
from rostra.network.edge import Reader, Services
from rostra.network.filters import matching
from rostra.network.filters.model import Action, Context, Match, Subject
from rostra.network.posts.model import PostRow
from rostra.web.views.parts import PostView


async def filtered(
    reader: Reader,
    views: Mapping[int, PostView],
    rows: Mapping[int, PostRow],
    *,
    services: Services,
    viewer: Viewer,
    where: Context | None,
) -> dict[int, PostView]:
    """The views with what the viewer's filters say of them where they are shown.

    A member's own posts are never filtered. No statement for who has no filters, and none where the
    same posts were shown to the viewer before.
    """
    if where is None or not viewer.filters_version:
        return dict(views)
    subjects = [_subject(rows[post_id], rows) for post_id in views if not views[post_id].mine]
    found = await matching.matches(
        services, reader, viewer.account_id, viewer.filters_version, subjects
    )
    return {
        post_id: _marked(view, [m for m in found.get(post_id, ()) if m.filter.contexts & where])
        for post_id, view in views.items()
    }


def _subject(row: PostRow, rows: Mapping[int, PostRow]) -> Subject:
    text = rows[row.reblog_of_id] if row.reblog_of_id else row
    return Subject(row.id, text.id, text.version)


def _marked(view: PostView, matches: Sequence[Match]) -> PostView:
    if not matches:
        return view
    actions = {match.filter.action for match in matches}
    return replace(
        view,
        filtered=_titles(matches, Action.WARN, Action.HIDE),
        blurred=_titles(matches, Action.BLUR),
        hidden=Action.HIDE in actions,
    )


def _titles(matches: Sequence[Match], *actions: Action) -> str:
    return ", ".join(match.filter.title for match in matches if match.filter.action in actions)
