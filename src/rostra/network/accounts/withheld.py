"""Parts of profiles that a decision blanks, kept until it ends.

They are put back as they were, unless the member has written something else in their place.
"""

from collections.abc import Mapping, Sequence
from typing import Final

import msgspec
from msgspec.structs import asdict, replace

from rostra.network.accounts import access
from rostra.network.accounts.jobs import drop_blobs
from rostra.network.accounts.limits import ProfileField
from rostra.network.accounts.model import Profile
from rostra.network.accounts.queries import SET_PROFILE
from rostra.network.accounts.queries import restrict as queries
from rostra.network.edge import Transaction
from rostra.network.files.withhold import show_again, withhold

Kept = dict[str, str]  # columns of `profiles`
COLUMNS: Final[Mapping[ProfileField, tuple[str, ...]]] = {
    "display_name": ("display_name",),
    "note": ("note", "note_html"),
    "fields": ("fields",),
    "avatar": ("avatar_key", "avatar_static_key", "avatar_description"),
    "header": ("header_key", "header_static_key", "header_description"),
}
_BLANK: Final = {"fields": "[]"}
_decode = msgspec.json.Decoder(Kept).decode


class _Move(msgspec.Struct, frozen=True):
    """What a profile, and what is kept of it, become."""

    profile: Profile
    kept: Kept
    hidden: tuple[str, ...]  # files that nobody is to have any more
    shown: tuple[str, ...]
    dropped: tuple[str, ...]  # that were replaced meanwhile


async def withhold_fields(
    tx: Transaction, wanted: Mapping[int, Sequence[ProfileField]]
) -> list[int]:
    """Blank these parts of profiles and no others; whose look different now.

    Args:
        tx: the transaction.
        wanted: the parts, by account; of accounts with none left, all is put back.
    """
    ids = list(wanted)
    profiles = await access.profiles(tx, ids)
    kept = {at: _decode(words) for at, words in await tx.all(queries.KEPT, ids=ids)}
    moves = [
        move
        for at, profile in sorted(profiles.items())
        if (move := _moved(profile, kept.get(at, {}), wanted[at])) is not None
    ]
    for move in moves:
        columns = asdict(move.profile)
        await tx.run(SET_PROFILE, id=columns.pop("account_id"), **columns)
    await _keep(tx, moves)
    await withhold(tx, [key for move in moves for key in move.hidden])
    await show_again(tx, [key for move in moves for key in move.shown])
    await drop_blobs(tx, [key for move in moves for key in move.dropped])
    return [move.profile.account_id for move in moves]


async def _keep(tx: Transaction, moves: Sequence[_Move]) -> None:
    if moves:
        await tx.run(queries.DROP_KEPT, ids=[move.profile.account_id for move in moves])
        rows = [
            {
                "account_id": move.profile.account_id,
                "kept": msgspec.json.encode(move.kept).decode(),
            }
            for move in moves
            if move.kept
        ]
        await tx.run_many(queries.KEEP, rows)


def _moved(profile: Profile, kept: Kept, wanted: Sequence[ProfileField]) -> _Move | None:
    now, still = asdict(profile), dict(kept)
    hidden: list[str] = []
    shown: list[str] = []
    dropped: list[str] = []
    for field, columns in COLUMNS.items():
        files = [column for column in columns if column.endswith("_key")]
        if field in wanted and columns[0] not in still:
            still |= {column: now[column] for column in columns}
            hidden += [now[column] for column in files]
            now |= {column: _BLANK.get(column, "") for column in columns}
        elif field not in wanted and columns[0] in still:
            mine = {column: still.pop(column) for column in columns}
            untouched = now[columns[0]] == _BLANK.get(columns[0], "")
            (shown if untouched else dropped).extend(mine[column] for column in files)
            if untouched:
                now |= mine
    if still == kept:
        return None
    del now["account_id"]
    return _Move(replace(profile, **now), still, tuple(hidden), tuple(shown), tuple(dropped))


async def forget(tx: Transaction, account_id: int) -> None:
    """Delete what is kept of an account that is being deleted, files included."""
    for _, words in await tx.all(queries.KEPT, ids=[account_id]):
        kept = _decode(words)
        await drop_blobs(tx, [kept[name] for name in kept if name.endswith("_key")])
    await tx.run(queries.DROP_KEPT, ids=[account_id])
