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
    images = " ".join(part for part in ("'self'", "data:", "blob:", media_origin) if part)
    played = " ".join(part for part in ("'self'", "blob:", media_origin) if part)
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
