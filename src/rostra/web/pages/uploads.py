"""The pictures of a form: those that come with it and those that are there already.

Fields: `picture_1`… with `alt_1`… for new ones; `alt_<id>` and `remove_<id>` for stored ones.
"""

from collections.abc import Collection, Mapping, Sequence
from typing import Any, Final

import msgspec
from msgspec import structs

from rostra.http.body import Upload
from rostra.kernel import ids
from rostra.kernel.errors import Invalid, NotFound, RostraError, TooLarge, TooManyRequests
from rostra.network.addresses import addresses
from rostra.network.edge import Reader, Transaction
from rostra.network.media import access, change, intake
from rostra.network.media.model import Media, State
from rostra.network.media.upload import Details, checked_details
from rostra.web.call import PageCall
from rostra.web.faults import sentence
from rostra.web.present import picture_view
from rostra.web.views.forms import Form
from rostra.web.views.parts import PictureView

_SLOTS: Final = 16
_SHORTEST_ID: Final = 4  # digits; slots have fewer
_MOST_KEPT: Final = 16


class Chosen(msgspec.Struct):
    """What a form says of pictures."""

    new: list[tuple[Any, str]]  # uploads, each with its description
    kept: list[int]
    alts: dict[int, str]


class Taken(msgspec.Struct):
    """The pictures that a post is to have, in their order, and what went wrong with others."""

    ids: list[int]
    alts: dict[int, str]
    fault: str = ""

    def check(self) -> None:
        """Stop where a picture could not be taken in.

        Raises:
            Invalid: says which and why.
        """
        if self.fault:
            raise Invalid("pictures", self.fault)

    def tell(self, form: Form) -> Form:
        """Say beside the pictures what was wrong with them, whatever else was."""
        if not self.fault or "pictures" in form.errors:
            return form
        return structs.replace(form, errors={**form.errors, "pictures": self.fault})


def chosen(tree: Mapping[str, Any], there: Collection[int] = ()) -> Chosen:
    """Read the fields of pictures.

    Args:
        tree: the form.
        there: pictures that a post has, which stay unless they are removed.
    """
    new = []
    for number in range(1, _SLOTS + 1):
        file = tree.get(f"picture_{number}")
        if isinstance(file, Upload) and file.size:
            new.append((file, _text(tree, f"alt_{number}")))
    alts = {
        media_id: _text(tree, name)
        for name in tree
        if name.startswith("alt_") and len(name) > len("alt_") + _SHORTEST_ID
        if (media_id := ids.parse(name.removeprefix("alt_"))) is not None
    }
    named = list(dict.fromkeys((*there, *alts)))[:_MOST_KEPT]
    kept = [each for each in named if not _text(tree, f"remove_{each}")]
    return Chosen(new, kept, alts)


def _text(tree: Mapping[str, Any], name: str) -> str:
    value = tree.get(name, "")
    return value if isinstance(value, str) else ""


async def take(call: PageCall[Any], wanted: Chosen) -> Taken:
    """Take new pictures in, each processed and stored before the post is written.

    What arrived stays the member's even where the form is refused, so that it is sent only once.
    """
    taken = Taken(list(wanted.kept), wanted.alts)
    most = call.services.settings.posts.max_media
    if len(wanted.kept) + len(wanted.new) > most:
        taken.fault = f"At most {most} files fit on a post."
        return taken
    for number, (file, alt) in enumerate(wanted.new, 1):
        try:
            row = await _take(call, file, alt)
            taken.ids.append(row.id)
            if row.state == State.WAITING:
                taken.fault = (
                    f"File {number} is still being processed. Send this again in a moment."
                )
        except (Invalid, TooLarge, TooManyRequests) as error:
            taken.fault = f"File {number} was not taken: {_reason(error)}"
    return taken


def _reason(error: RostraError) -> str:
    if isinstance(error, TooLarge):
        return "It is too large."
    if isinstance(error, Invalid) and error.details:
        return sentence(next(iter(error.details.values()))[0]["description"])
    return sentence(error.safe)


async def _take(call: PageCall[Any], file: Upload, alt: str) -> Media:
    services = call.services
    call.count("media_account")
    details = checked_details(Details(alt))
    row = await intake.take_in(services, call.viewer_id, file, details)
    row = await intake.settled(services, row, services.settings.video.wait_s)
    intake.refuse_failed(row)
    return row


async def describe(
    call: PageCall[Any], tx: Transaction, taken: Taken, *, but: Collection[int] = ()
) -> None:
    """Write what is said of stored pictures that no post shows yet."""
    for media_id in taken.ids:
        if media_id in taken.alts and media_id not in but:
            details = checked_details(Details(taken.alts[media_id]))
            try:
                await change.describe(call.services, tx, call.viewer_id, media_id, details)
            except NotFound:
                raise Invalid("pictures", "One of the pictures is no longer there.") from None


def said(taken: Taken, *, but: Collection[int] = ()) -> dict[int, str]:
    """What `describe` will say of pictures, so that it is looked at before the transaction.

    Raises:
        Invalid: as `describe`.
    """
    return {
        media_id: checked_details(Details(taken.alts[media_id])).description or ""
        for media_id in taken.ids
        if media_id in taken.alts and media_id not in but
    }


async def own(call: PageCall[Any], reader: Reader, media_ids: Sequence[int]) -> list[Media]:
    """Those of the pictures that are the member's and on no post."""
    found = []
    for media_id in media_ids:
        try:
            media = await access.own(reader, call.viewer_id, media_id)
        except NotFound:
            continue
        if not media.post_id:
            found.append(media)
    return found


async def views(
    call: PageCall[Any], reader: Reader, taken: Taken, *, but: Collection[int] = ()
) -> tuple[PictureView, ...]:
    """The pictures that a refused form keeps, with what was typed of them."""
    at = addresses(call.services.settings)
    found = await own(call, reader, [each for each in taken.ids if each not in but])
    return tuple(
        structs.replace(picture_view(media, at), alt=taken.alts.get(media.id, media.description))
        for media in found
    )
