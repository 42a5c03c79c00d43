"""Errors that edges turn into answers.

Each error has an inside text (for the log, may name ids and reasons), a safe text (for
whoever asked), a machine code and an HTTP-like status. Only the safe text leaves the house.
"""

from collections.abc import Iterable
from typing import ClassVar, NamedTuple, Self


class RostraError(Exception):
    """The base of all expected failures; itself an unexpected one (500)."""

    status: ClassVar[int] = 500
    default_safe: ClassVar[str] = "Something went wrong on our end"
    default_code: ClassVar[str] = "internal"

    def __init__(self, inside: str = "", *, safe: str = "", code: str = "") -> None:
        self.safe = safe or self.default_safe
        self.code = code or self.default_code
        self.inside = inside or self.safe
        super().__init__(self.inside)


class NotFound(RostraError):
    """It does not exist, or this viewer may not know that it does: both look the same."""

    status = 404
    default_safe = "Record not found"
    default_code = "not_found"


class Unauthorized(RostraError):
    """No valid credential was given."""

    status = 401
    default_safe = "The access token is invalid"
    default_code = "unauthorized"


class Forbidden(RostraError):
    """The credential is valid but does not allow this."""

    status = 403
    default_safe = "This action is not allowed"
    default_code = "forbidden"


class Conflict(RostraError):
    """The state has changed or the same thing exists already."""

    status = 409
    default_safe = "The request conflicts with the current state"
    default_code = "conflict"


class TooLarge(RostraError):
    """A body, file or text is over its limit."""

    status = 413
    default_safe = "The request is too large"
    default_code = "too_large"


class Unsupported(RostraError):
    """A body or file of a type that is not accepted here."""

    status = 415
    default_safe = "Unsupported media type"
    default_code = "unsupported"


class NotOffered(RostraError):
    """A form of the answer that is not made here, though another is."""

    status = 501
    default_safe = "Not implemented"
    default_code = "not_implemented"


class TooManyRequests(RostraError):
    """A rate limit is used up.

    Attributes:
        retry_after_s: seconds until asking again makes sense, at least 1.
        limit: how many requests the window allows; 0 where it is not told.
        reset_at_ms: UTC ms at which the window starts anew; 0 where it is not told.
    """

    status = 429
    default_safe = "Too many requests"
    default_code = "too_many_requests"

    def __init__(
        self,
        retry_after_s: int,
        limit: int = 0,
        reset_at_ms: int = 0,
        *,
        inside: str = "",
        safe: str = "",
        code: str = "",
    ) -> None:
        super().__init__(inside, safe=safe, code=code)
        self.retry_after_s = max(1, retry_after_s)
        self.limit = limit
        self.reset_at_ms = reset_at_ms


class Unavailable(RostraError):
    """Not now: the write gate is closed, a queue is full, something needed is down.

    Attributes:
        retry_after_s: seconds until asking again makes sense, at least 1.
    """

    status = 503
    default_safe = "Temporarily unavailable, please try again later"
    default_code = "unavailable"

    def __init__(
        self, retry_after_s: int = 5, *, inside: str = "", safe: str = "", code: str = ""
    ) -> None:
        super().__init__(inside, safe=safe, code=code)
        self.retry_after_s = max(1, retry_after_s)


class NotHeld(Unavailable):
    """What was written is on disk, and must not be acknowledged: the fence may be lost since."""


class Contended(Unavailable):
    """Two transactions waited for each other, and this one was taken back: try it again."""

    def __init__(self, inside: str = "") -> None:
        super().__init__(1, inside=inside)


class Fault(NamedTuple):
    """One thing wrong with one field: `Fault("username", "can't be blank", "ERR_BLANK")`."""

    field: str
    message: str
    code: str = "ERR_INVALID"


class Invalid(RostraError):
    """What was sent cannot be accepted.

    `Invalid("username", "can't be blank", "ERR_BLANK")` says "Validation failed: Username
    can't be blank"; the field "base" (or "") says its message alone.

    Attributes:
        details: Mastodon's form, `{field: [{"error": code, "description": message}]}`;
            empty where no field is at fault.
    """

    status = 422
    default_safe = "Validation failed"
    default_code = "invalid"

    def __init__(self, field: str, message: str, code: str = "ERR_INVALID") -> None:
        self._tell((Fault(field, message, code),))

    @classmethod
    def many(cls, faults: Iterable[Fault | tuple[str, str, str]]) -> Self:
        """Join several faults, in the order given; at least one is needed."""
        joined = tuple(Fault(*fault) for fault in faults)
        if not joined:
            raise ValueError("Invalid.many needs at least one fault")
        error = cls.__new__(cls)
        error._tell(joined)  # noqa: SLF001 (our own alternate constructor)
        return error

    @classmethod
    def plain(cls, sentence: str, code: str = "invalid") -> Self:
        """Refuse with one sentence of its own, without naming a field."""
        error = cls.__new__(cls)
        error.details = {}
        RostraError.__init__(error, safe=sentence, code=code)
        return error

    def _tell(self, faults: tuple[Fault, ...]) -> None:
        self.details: dict[str, list[dict[str, str]]] = {}
        for fault in faults:
            entry = {"error": fault.code, "description": fault.message}
            self.details.setdefault(fault.field or "base", []).append(entry)
        sentence = "Validation failed: " + ", ".join(_sentence(fault) for fault in faults)
        super().__init__(safe=sentence)


def _sentence(fault: Fault) -> str:
    if fault.field in {"", "base"}:
        return fault.message
    return f"{fault.field.replace('_', ' ').capitalize()} {fault.message}"
