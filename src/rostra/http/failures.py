"""Failures that only HTTP knows; the others are in `rostra.kernel.errors`."""

from rostra.kernel.errors import RostraError


class BadRequest(RostraError):
    """The request cannot be read: broken JSON, broken multipart, impossible parameters."""

    status = 400
    default_safe = "The request could not be read"
    default_code = "bad_request"


class TooSlow(RostraError):
    """The body did not arrive within its deadline."""

    status = 408
    default_safe = "The request took too long to arrive"
    default_code = "too_slow"


class HeadersTooLarge(RostraError):
    """More or longer headers than anybody needs."""

    status = 431
    default_safe = "The request headers are too large"
    default_code = "headers_too_large"


class MethodNotAllowed(RostraError):
    """The path exists but does not answer this method.

    Attributes:
        allow: the methods it does answer.
    """

    status = 405
    default_safe = "This method is not allowed here"
    default_code = "method_not_allowed"

    def __init__(self, allow: tuple[str, ...]) -> None:
        super().__init__()
        self.allow = allow


class ClientGone(Exception):
    """The client closed the connection before its request was complete."""
