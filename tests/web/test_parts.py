"""Words, assets, blurhash, QR, the policy and the small rules of the view-models."""

import base64
import gzip
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import rostra.web
from rostra.web import blurhash, icons, qr, words
from rostra.web.assets import Assets, load_assets
from rostra.web.csp import content_security_policy
from rostra.web.views.forms import Form
from rostra.web.views.parts import PictureView
from rostra.web.views.reading import excerpt

NOW = 1_764_000_000_000  # 24 November 2025, 16:00 UTC
ROOT = Path(rostra.web.__file__).parent


@pytest.mark.parametrize(
    ("ago", "said"),
    [
        (-5_000, "now"), (59_999, "now"), (60_000, "1m"), (3_599_999, "59m"), (3_600_000, "1h"),
        (86_399_999, "23h"), (86_400_000, "1d"), (6 * 86_400_000, "6d"), (7 * 86_400_000, "17 Nov"),
        (400 * 86_400_000, "20 Oct 2024"),
    ],
)  # fmt: skip
def test_short_times(ago: int, said: str) -> None:
    assert words.short_time(NOW - ago, NOW) == said


@pytest.mark.parametrize(
    ("ago", "said"),
    [
        (-5_000, "just now"), (59_999, "just now"), (60_000, "1 minute ago"),
        (3_599_999, "59 minutes ago"), (3_600_000, "1 hour ago"), (86_400_000, "1 day ago"),
        (6 * 86_400_000, "6 days ago"), (7 * 86_400_000, "on 17 November 2025"),
    ],
)  # fmt: skip
def test_times_in_sentences(ago: int, said: str) -> None:
    assert words.ago(NOW - ago, NOW) == said


def test_days_in_sentences() -> None:
    day = 24 * 3_600_000
    midnight = NOW - 16 * 3_600_000
    assert [words.day(at, NOW) for at in (midnight, midnight - 1, midnight - day - 1)] == [
        "today", "yesterday", "22 November 2025",
    ]  # fmt: skip


def test_long_times() -> None:
    assert words.long_time(NOW) == "24 November 2025, 16:00 UTC"
    assert words.rfc822_time(NOW) == "Mon, 24 Nov 2025 16:00:00 +0000"
    assert 'datetime="2025-11-24T16:00:00Z"' in words.short_time_tag(NOW, NOW)


@pytest.mark.parametrize(
    ("number", "said"),
    [(0, "0"), (999, "999"), (1_000, "1K"), (1_249, "1.2K"), (12_400, "12K"), (999_999, "999K"),
     (1_000_000, "1M"), (5_650_000, "5.6M"), (43_000_000, "43M")],
)  # fmt: skip
def test_short_numbers(number: int, said: str) -> None:
    assert words.short_number(number) == said


def test_plurals_and_sizes() -> None:
    assert words.plural(1, "post") == "1 post"
    assert words.plural(2, "reply", "replies") == "2 replies"
    assert [words.size(n) for n in (999, 1_500, 18_204_112, 5 * 10**9)] == [
        "999 bytes", "1.5 kB", "18.2 MB", "5.0 GB",
    ]  # fmt: skip


@given(st.text(max_size=400))
def test_an_excerpt_is_one_line_of_bounded_length(text: str) -> None:
    cut = excerpt(text)
    assert len(cut) <= 200
    assert cut == " ".join(cut.split())


def test_an_excerpt_ends_at_a_word() -> None:
    assert excerpt("one two three four", 12) == "one two…"
    assert excerpt("x" * 30, 10) == "xxxxxxxxx…"


@given(st.text(max_size=60))
def test_a_blurhash_never_raises(text: str) -> None:
    assert isinstance(blurhash.placeholder(text), str)


def test_a_blurhash_is_a_small_png() -> None:
    uri = blurhash.placeholder("LEHV6nWB2yk8pyo0adR*.7kCMdnj")
    body = base64.b64decode(uri.removeprefix("data:image/png;base64,"))
    assert body.startswith(b"\x89PNG")
    assert len(uri) < 500
    assert blurhash.placeholder("LEHV6n") == ""
    assert blurhash.placeholder("") == ""


def test_a_qr_code_is_a_picture() -> None:
    assert qr.data_uri("otpauth://totp/x").startswith("data:image/svg+xml")


def test_assets_have_addresses_that_change_with_them() -> None:
    first, second = Assets({"rostra.css": b"a{}"}), Assets({"rostra.css": b"b{}"})
    assert first.url("rostra.css") != second.url("rostra.css")
    found = first.get(first.url("rostra.css").removeprefix("/static/"))
    assert found is not None
    assert (found[0].body, found[1]) == (b"a{}", True)
    assert first.get("rostra.css") == (found[0], False)
    assert first.get(f"{second.build}/rostra.css") == (found[0], False)
    assert first.get("../render.py") is None
    with pytest.raises(KeyError):
        first.url("none.css")


def test_the_shipped_assets() -> None:
    assets = load_assets()
    found = assets.get("rostra.css")
    assert found is not None
    style = found[0].body.decode()
    assert style.startswith("/* The order of the layers")
    assert gzip.decompress(found[0].compressed) == found[0].body
    assert found[0].media_type == "text/css; charset=utf-8"
    assert "@import" not in style
    assert {"vendor/htmx.min.js", "js/rostra.js", "img/favicon.svg"} <= set(assets.names())


def test_every_class_of_the_style_sheet_layer_is_in_a_layer() -> None:
    for sheet in (ROOT / "static" / "css").glob("*.css"):
        outside = re.sub(r"/\*.*?\*/", "", sheet.read_text(), flags=re.DOTALL).strip()
        assert outside.startswith("@layer"), sheet.name
        assert outside.count("{") == outside.count("}"), sheet.name


def test_every_icon_that_is_used_is_drawn_and_the_other_way_round() -> None:
    used = set()
    for template in (ROOT / "templates").rglob("*.html"):
        text = template.read_text()
        used |= {name for name in icons.NAMES if f'"{name}"' in text}
    assert used == icons.NAMES
    with pytest.raises(KeyError):
        icons.icon("none")


def test_the_policy() -> None:
    policy = content_security_policy("https://media.example", ("https://app.example",))
    assert "script-src 'self';" in policy
    assert "img-src 'self' data: blob: https://media.example;" in policy
    assert "form-action 'self' https://app.example;" in policy
    assert "unsafe" not in policy


def test_focal_points_become_classes() -> None:
    def classes(x: float, y: float) -> str:
        return PictureView(id="1", url="", preview_url="", focus_x=x, focus_y=y).focus_class()

    assert classes(0, 0) == "fx-5 fy-5"
    assert classes(-1, 1) == "fx-0 fy-0"
    assert classes(7, -7) == "fx-10 fy-10"


def test_a_form_answers_for_fields_it_does_not_have() -> None:
    form = Form(values={"on": "1", "off": "0"})
    assert (form.value("none"), form.error("none")) == ("", "")
    assert [form.checked(name) for name in ("on", "off", "none")] == [True, False, False]
