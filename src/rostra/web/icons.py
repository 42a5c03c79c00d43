"""The icons, drawn for Rostra: one stroke on a 24 by 24 grid, put once into each page."""

from functools import lru_cache

from markupsafe import Markup

DRAWINGS = {
    "home": '<path d="M4 10.5 12 4l8 6.5V19a1 1 0 0 1-1 1h-4.5v-5.5h-5V20H5a1 1 0 0 1-1-1z"/>',
    "globe": '<circle cx="12" cy="12" r="8.5"/><path d="M3.5 12h17M12 3.5c2.6 2.3 3.9 5.1 3.9 8.5s-1.3 6.2-3.9 8.5c-2.6-2.3-3.9-5.1-3.9-8.5S9.4 5.8 12 3.5z"/>',
    "bell": '<path d="M6.5 16.5V11a5.5 5.5 0 0 1 11 0v5.5M4.5 16.5h15M10 19.5a2.1 2.1 0 0 0 4 0M12 5.5V3.5"/>',
    "search": '<circle cx="10.8" cy="10.8" r="6.3"/><path d="m15.5 15.5 5 5"/>',
    "bookmark": '<path d="M7 4h10a1 1 0 0 1 1 1v15l-6-4.2L6 20V5a1 1 0 0 1 1-1z"/>',
    "star": '<path d="m12 3.8 2.5 5.3 5.8.8-4.2 4 1 5.8-5.1-2.8-5.1 2.8 1-5.8-4.2-4 5.8-.8z"/>',
    "reply": '<path d="M9.5 6 4 11.5 9.5 17M4.5 11.5H14a6 6 0 0 1 6 6V19"/>',
    "repost": '<path d="M4 10.5V9a3 3 0 0 1 3-3h12M15.5 2.5 19 6l-3.5 3.5M20 13.5V15a3 3 0 0 1-3 3H5M8.5 21.5 5 18l3.5-3.5"/>',
    "more": '<path d="M5.5 12h.01M12 12h.01M18.5 12h.01"/>',
    "pen": '<path d="m4.5 19.5 1-4.5L16 4.5a1.8 1.8 0 0 1 2.5 0l1 1a1.8 1.8 0 0 1 0 2.5L9 18.5zM14 6.5l3.5 3.5"/>',
    "gear": '<circle cx="12" cy="12" r="3"/><path d="M12 3.5v3M12 17.5v3M3.5 12h3M17.5 12h3M6 6l2.1 2.1M15.9 15.9 18 18M18 6l-2.1 2.1M8.1 15.9 6 18"/>',
    "user": '<circle cx="12" cy="8.2" r="4"/><path d="M4.5 20c.6-4 3.6-6 7.5-6s6.9 2 7.5 6"/>',
    "users": '<circle cx="9" cy="8.5" r="3.6"/><path d="M2.5 19.5c.5-3.6 3.1-5.4 6.5-5.4s6 1.8 6.5 5.4M15.5 5.2a3.5 3.5 0 0 1 0 6.6M18 14.6c2 .8 3.2 2.5 3.5 4.9"/>',
    "user-plus": '<circle cx="10" cy="8.2" r="4"/><path d="M2.8 20c.6-4 3.4-6 7.2-6 2 0 3.7.5 5 1.6M18.5 14v6M15.5 17h6"/>',
    "lock": '<rect x="5" y="10.5" width="14" height="9.5" rx="2"/><path d="M8 10.5V8a4 4 0 0 1 8 0v2.5M12 14.5v2"/>',
    "moon": '<path d="M19.5 14.5A8 8 0 0 1 9.5 4.5a8 8 0 1 0 10 10z"/>',
    "sun": '<circle cx="12" cy="12" r="4"/><path d="M12 3v2M12 19v2M3 12h2M19 12h2M5.6 5.6 7 7M17 17l1.4 1.4M18.4 5.6 17 7M7 17l-1.4 1.4"/>',
    "auto": '<circle cx="12" cy="12" r="8"/><path d="M12 4v16M12 7.5h5.5M12 11h7.5M12 14.5h7M12 18h4"/>',
    "mail": '<rect x="3.5" y="5.5" width="17" height="13" rx="2"/><path d="m4.5 7.5 7.5 6 7.5-6"/>',
    "at": '<circle cx="12" cy="12" r="3.7"/><path d="M15.7 8.3v5c0 3 4.8 3 4.8-1.3a8.5 8.5 0 1 0-3.6 7"/>',
    "eye-off": '<path d="M4 12.5c2-3.7 4.6-5.5 8-5.5 1 0 2 .2 2.9.5M18 9.3c.7.9 1.4 2 2 3.2-2 3.7-4.6 5.5-8 5.5-1.5 0-2.9-.4-4.1-1.1M10 12.5a2 2 0 0 0 2.5 2M5 19.5 19 5"/>',
    "picture": '<rect x="3.5" y="5" width="17" height="14" rx="2"/><circle cx="8.5" cy="9.8" r="1.5"/><path d="m4.5 17.5 4.5-4.2 3 2.7 3.5-3.8 4.5 4.8"/>',
    "warning": '<path d="M12 4.5 21 19.5H3zM12 10v4.5M12 17h.01"/>',
    "check": '<path d="m5 12.5 4.5 4.5L19 7.5"/>',
    "cross": '<path d="m6 6 12 12M18 6 6 18"/>',
    "link": '<path d="M10 14a4 4 0 0 0 5.6 0l3.2-3.2a4 4 0 0 0-5.6-5.6L12 6.4M14 10a4 4 0 0 0-5.6 0l-3.2 3.2a4 4 0 0 0 5.6 5.6l1.2-1.2"/>',
    "rss": '<path d="M5 5a14 14 0 0 1 14 14M5 11a8 8 0 0 1 8 8M6 18h.01"/>',
    "back": '<path d="M10.5 6 4.5 12l6 6M5 12h15"/>',
    "hash": '<path d="M9.5 4 7.5 20M16.5 4l-2 16M4.5 9h16M3.5 15h16"/>',
    "leave": '<path d="M13 4.5H6a1 1 0 0 0-1 1v13a1 1 0 0 0 1 1h7M10 12h10M16.5 8.5 20 12l-3.5 3.5"/>',
    "flag": '<path d="M5.5 21V4M5.5 4.8c4.5-2.3 8 2.3 13 .2v9c-5 2-8.5-2.5-13-.2"/>',
    "mute": '<path d="M4 10v4h3.5l4.5 4V6L7.5 10zM16 9.5l5 5M21 9.5l-5 5"/>',
    "block": '<circle cx="12" cy="12" r="8.5"/><path d="m6 6 12 12"/>',
    "bin": '<path d="M4.5 7h15M9 7V4.5h6V7M6.5 7l1 12.5a.6.6 0 0 0 .6.5h7.8a.6.6 0 0 0 .6-.5L17.5 7M10 11v5M14 11v5"/>',
    "pin": '<path d="M9 4h6l-.8 6.5 3.3 3H6.5l3.3-3zM12 13.5V20.5"/>',
    "clock": '<circle cx="12" cy="12" r="8.5"/><path d="M12 7v5.2l3.5 2.3"/>',
    "key": '<circle cx="8" cy="15.5" r="4"/><path d="M11 12.5 19.5 4M15.5 8l3 3M12.5 11l2 2"/>',
    "shield": '<path d="M12 3.5 5 6v5.5c0 4.3 2.6 7.3 7 9 4.4-1.7 7-4.7 7-9V6zM9 12l2.2 2.2L15.2 10"/>',
    "download": '<path d="M12 4v11M7.5 11l4.5 4.5L16.5 11M5 19.5h14"/>',
    "ticket": '<path d="M4 7h16v3.2a1.9 1.9 0 0 0 0 3.6V17H4v-3.2a1.9 1.9 0 0 0 0-3.6zM14 7v2M14 11v2M14 15v2"/>',
    "info": '<circle cx="12" cy="12" r="8.5"/><path d="M12 11v5.5M12 7.8h.01"/>',
    "down": '<path d="m6 9.5 6 6 6-6"/>',
    "device": '<rect x="4" y="5" width="16" height="10.5" rx="1.5"/><path d="M2.5 19h19"/>',
    "app": '<rect x="7" y="3.5" width="10" height="17" rx="2"/><path d="M11 17.5h2"/>',
    "copy": '<rect x="8.5" y="8.5" width="11" height="11" rx="2"/><path d="M15.5 8.5V6a1.5 1.5 0 0 0-1.5-1.5H6A1.5 1.5 0 0 0 4.5 6v8A1.5 1.5 0 0 0 6 15.5h2.5"/>',
    "robot": '<rect x="5" y="8.5" width="14" height="11" rx="2.5"/><path d="M12 8.5V5M12 4.5h.01M9.5 13v1.5M14.5 13v1.5M2.5 13v3M21.5 13v3"/>',
    "leaf": '<path d="M5 19C4 10 9.5 4.5 19.5 4.5 20 14 15 19.5 7.5 17.5M5 19c1.5-4 4.5-7 8.5-9"/>',
    "bubble": '<path d="M5.5 5h13A1.5 1.5 0 0 1 20 6.5v9a1.5 1.5 0 0 1-1.5 1.5H12l-4.5 3.5V17h-2A1.5 1.5 0 0 1 4 15.5v-9A1.5 1.5 0 0 1 5.5 5z"/>',
    "gauge": '<path d="M4 17a8.5 8.5 0 1 1 16 0M12 15.5l4-5"/>',
}


@lru_cache(maxsize=128)
def icon(name: str) -> Markup:
    """Return an icon of the sprite. It says nothing to a screen reader; the words beside it do.

    Raises:
        KeyError: no such icon.
    """
    DRAWINGS[name]
    return Markup(
        '<svg class="icon" viewBox="0 0 24 24" aria-hidden="true"><use href="#i-{}"/></svg>'
    ).format(name)


def sprite() -> Markup:
    """Return the hidden sheet that every page carries once at its end."""
    symbols = "".join(
        f'<symbol id="i-{name}" viewBox="0 0 24 24">{drawing}</symbol>'
        for name, drawing in sorted(DRAWINGS.items())
    )
    # The drawings above are ours and constant.
    return Markup(f'<svg class="sprite" width="0" height="0" aria-hidden="true">{symbols}</svg>')  # noqa: S704
