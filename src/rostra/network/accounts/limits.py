"""What a decision may do to an account."""

from typing import Literal

import msgspec

ProfileField = Literal["display_name", "note", "fields", "avatar", "header"]


class AccountLimits(msgspec.Struct, frozen=True):
    """What an account is restricted to; none of it: as its member wants it."""

    sensitive: bool = False  # all their media are covered
    reach: bool = False  # they are met by those who follow or look for them alone
    fields: tuple[ProfileField, ...] = ()  # parts of the profile that are blanked
    frozen: bool = False  # nobody may sign in; what is there stays
    suspended: bool = False  # it is not there
    deletes_at: int = 0  # UTC ms, from which a suspended account is deleted; 0: it is kept
