"""The content security policy of the pages: no inline script, no inline style, no third party."""

from collections.abc import Iterable


def content_security_policy(
    media_origin: str = "", form_targets: Iterable[str] = (), scripts: str = "'self'"
) -> str:
    """Write the policy header.

    Args:
        media_origin: Scheme and host of pictures and videos served elsewhere; empty for none.
        form_targets: Further origins or schemes that a form's answer may redirect to. Browsers
            check redirects against `form-action`, so the authorise page needs the app's.
        scripts: Where scripts may come from.
    """
    images = _sources("'self'", "data:", "blob:", media_origin)
    played = _sources("'self'", "blob:", media_origin)
    forms = " ".join(("'self'", *form_targets))
    return "; ".join(
        (
            "default-src 'none'",
            f"script-src {scripts}",
            "style-src 'self'",
            f"img-src {images}",
            f"media-src {played}",
            "connect-src 'self'",
            "manifest-src 'self'",
            f"form-action {forms}",
            "frame-ancestors 'none'",
            "base-uri 'none'",
        )
    )


def framed_policy(media_origin: str = "") -> str:
    """The policy of a page that anybody may frame: no script, no form, no cookie to misuse."""
    images = _sources("'self'", "data:", media_origin)
    played = _sources("'self'", media_origin)
    return "; ".join(
        (
            "default-src 'none'",
            "style-src 'self'",
            f"img-src {images}",
            f"media-src {played}",
            "form-action 'none'",
            "frame-ancestors *",
            "base-uri 'none'",
        )
    )


def _sources(*sources: str) -> str:
    return " ".join(source for source in sources if source)
