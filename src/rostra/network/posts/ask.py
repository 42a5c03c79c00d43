"""The poll of a draft: checked before any transaction, and what it becomes when it is posted."""

from collections.abc import Iterator

import msgspec

from rostra.kernel.clock import SECOND
from rostra.kernel.errors import Fault, Invalid
from rostra.kernel.text.clean import one_line
from rostra.kernel.text.count import characters
from rostra.network.posts.model import Draft, PollDraft, PollForm
from rostra.settings import Posts, Settings

_MOST_READ = 64  # options, whatever the limit is: what comes after them can't be right
_NO_END = Fault("poll.expires_in", "can't be blank", "ERR_BLANK")


def cleaned(poll: PollDraft | None) -> PollDraft | None:
    """The poll with its options on one line each, without those left empty; None stays None."""
    if poll is None:
        return None
    return msgspec.structs.replace(poll, options=_options(poll))


def _options(poll: PollDraft) -> tuple[str, ...]:
    return tuple(filter(None, map(one_line, poll.options[:_MOST_READ])))


def poll_faults(
    settings: Settings, draft: Draft, poll: PollDraft, *, editing: bool
) -> Iterator[Fault]:
    """What is wrong with the poll of a draft. One that is edited may leave its end as it was."""
    limits = settings.posts
    yield from _options_faults(limits, _options(poll))
    if not editing or poll.lasts_s is not None:
        yield from _time_faults(limits, poll.lasts_s)
    if draft.media_ids:
        yield Fault("poll", "can't stand on a post with pictures", "ERR_INVALID")


def _options_faults(limits: Posts, options: tuple[str, ...]) -> list[Fault]:
    faults = []
    if len(options) < 2:  # noqa: PLR2004 (whoever is asked must have a choice)
        faults.append(Fault("poll.options", "must be more than one", "ERR_TOO_FEW"))
    if len(options) > limits.max_poll_options:
        message = f"can't be more than {limits.max_poll_options}"
        faults.append(Fault("poll.options", message, "ERR_TOO_MANY"))
    most = limits.max_poll_option_characters
    if any(len(option) > most * 32 or characters(option) > most for option in options):
        message = f"can't be longer than {most} characters each"
        faults.append(Fault("poll.options", message, "ERR_TOO_LONG"))
    if len(set(options)) != len(options):
        faults.append(Fault("poll.options", "must all be different", "ERR_TAKEN"))
    return faults


def _time_faults(limits: Posts, lasts_s: int | None) -> list[Fault]:
    if lasts_s is None:
        return [_NO_END]
    if lasts_s < limits.min_poll_seconds:
        message = f"can't be less than {limits.min_poll_seconds} seconds"
        return [Fault("poll.expires_in", message, "ERR_TOO_SOON")]
    if lasts_s > limits.max_poll_seconds:
        message = f"can't be more than {limits.max_poll_seconds} seconds"
        return [Fault("poll.expires_in", message, "ERR_TOO_LATE")]
    return []


def form_of(poll: PollDraft | None, now: int, ends_at: int = 0) -> PollForm | None:
    """The poll as it is posted now (UTC ms).

    Args:
        poll: what was asked.
        now: UTC ms.
        ends_at: the end that it has, where nothing else was said.

    Raises:
        Invalid: naming ``poll.expires_in``; it has no end.
    """
    if poll is None:
        return None
    if poll.lasts_s is not None:
        ends_at = now + poll.lasts_s * SECOND
    elif not ends_at:
        raise Invalid.many([_NO_END])
    return PollForm(poll.options, ends_at, poll.multiple, poll.hide_totals)
