"""Writing, answering, changing, deleting and reacting by plain forms, as without any script."""

import asyncio
import io
import re
from html import unescape
from pathlib import Path

import pytest
from PIL import Image
from tests.harness.app import running
from tests.harness.browser import Browser
from tests.harness.limits import limit_accounts
from tests.recordings import video
from tests.safety.screening.listener import Listener
from tests.web.conftest import Streets

from rostra.kernel.clock import HOUR
from rostra.network.accounts.limits import Slow


def picture(colour: str = "teal") -> bytes:
    """A small PNG."""
    out = io.BytesIO()
    Image.new("RGB", (64, 48), colour).save(out, "PNG")
    return out.getvalue()


async def write(browser: Browser, text: str, **fields: str) -> str:
    """Write a post; its id."""
    await browser.open("/compose")
    answer = await browser.send("/compose", None, text=text, **fields)
    assert answer.status_code == 200, answer.text
    found = re.fullmatch(r"/@\w+/(\d+)", browser.path)
    assert found, browser.path
    return found[1]


async def test_write_and_read(streets: Streets) -> None:
    _, browser = await streets.member("ada")
    await write(browser, "Good *morning* <b>all</b> #harbour", spoiler_text="Weather")
    text = unescape(browser.text)
    assert "Your post is out." in text
    assert "Weather" in text
    assert "&lt;b&gt;" in browser.text
    again = await browser.open(browser.path)
    assert "Your post is out." not in again.text
    visitor = streets.visitor()
    assert "Weather" in (await visitor.open("/tags/harbour")).text


async def test_pictures_come_with_their_words(streets: Streets) -> None:
    member, browser = await streets.member("ada")
    await browser.open("/compose")
    files = {f"picture_{at}": (f"{at}.png", picture(), "image/png") for at in (1, 2)}
    await browser.send("/compose", files, text="Look", alt_1="The sea", alt_2="The land")
    assert 'alt="The sea"' in browser.text
    assert 'alt="The land"' in browser.text
    post = browser.path.rpartition("/")[2]
    known = (await member.client.get(f"/api/v1/statuses/{post}")).json()
    assert [each["description"] for each in known["media_attachments"]] == ["The sea", "The land"]


async def test_what_was_typed_stays_with_its_pictures(streets: Streets) -> None:
    member, browser = await streets.member("ada")
    await browser.open("/compose")
    files = {"picture_1": ("1.png", picture(), "image/png")}
    long = "x" * 1001
    answer = await browser.send(
        "/compose", files, text=long, alt_1="The sea", visibility="unlisted", language="de"
    )
    assert answer.status_code == 422
    assert long in answer.text
    assert "character limit" in answer.text.lower()
    assert "The sea" in answer.text
    assert '<option value="unlisted" selected>' in answer.text
    assert '<option value="de" selected>' in answer.text
    await browser.send("/compose", text="Short")
    post = browser.path.rpartition("/")[2]
    known = (await member.client.get(f"/api/v1/statuses/{post}")).json()
    assert known["visibility"] == "unlisted"
    assert [each["description"] for each in known["media_attachments"]] == ["The sea"]


async def test_what_is_said_of_pictures_is_looked_at_once_before_it_is_written(
    data_dir: Path, database_url: str
) -> None:
    listener = Listener()
    async with running(data_dir, database_url, signals=(listener,)) as rostra:
        streets = Streets(rostra)
        member, browser = await streets.member("ada")
        await browser.open("/compose")
        files = {"picture_1": ("1.png", picture(), "image/png")}
        await browser.send("/compose", files, text="x" * 1001, alt_1="The sea")
        fields = [name for form in browser.forms() for name in form.fields]
        alt = next(name for name in fields if re.fullmatch(r"alt_\d{5,}", name))
        listener.heard.clear()
        await browser.send("/compose", text="Short", **{alt: "The sea at noon"})
        assert listener.texts == ["Short\n\nThe sea at noon"]
        post = browser.path.rpartition("/")[2]
        await browser.open(f"/posts/{post}/edit")
        listener.heard.clear()
        changed = {"text": "Short", alt: "The sea at night"}
        await browser.send(f"/posts/{post}/edit", None, **changed)
        assert listener.texts == ["Short\n\nThe sea at night"]
        await browser.client.aclose()
        await member.client.aclose()


async def test_a_video_is_waited_for(streets: Streets) -> None:
    _, browser = await streets.member("ada")
    page = await browser.open("/compose")
    assert "video/mp4" in page.text
    files = {"picture_1": ("1.mp4", video(), "video/mp4")}
    sending = asyncio.create_task(browser.send("/compose", files, text="Look", alt_1="Waves"))
    while not sending.done():
        await streets.rostra.work()
        await asyncio.sleep(0.05)
    assert "<video " in browser.text
    assert "Waves" in browser.text


async def test_a_video_that_takes_long_is_kept_for_the_next_try(
    data_dir: Path, sqlite_url: str
) -> None:
    async with running(data_dir, sqlite_url, ROSTRA_VIDEO__WAIT_S="0") as rostra:
        streets = Streets(rostra)
        _, browser = await streets.member("ada")
        await browser.open("/compose")
        files = {"picture_1": ("1.mp4", video(), "video/mp4")}
        answer = await browser.send("/compose", files, text="Look", alt_1="Waves")
        assert answer.status_code == 422
        assert "still being processed" in answer.text
        assert "Being processed" in answer.text
        await rostra.work()
        await browser.send("/compose", text="Look")
        assert "<video " in browser.text


async def test_what_is_no_picture_is_said(streets: Streets) -> None:
    _, browser = await streets.member("ada")
    await browser.open("/compose")
    files = {"picture_1": ("1.png", b"not a picture", "image/png")}
    answer = await browser.send("/compose", files, text="Words")
    assert answer.status_code == 422
    assert "File 1 was not taken" in answer.text
    assert ">Words</textarea>" in answer.text


async def test_nothing_is_no_post(streets: Streets) -> None:
    _, browser = await streets.member("ada")
    await browser.open("/compose")
    answer = await browser.send("/compose", text=" ")
    assert answer.status_code == 422
    assert "This can&#39;t be blank." in answer.text


async def test_the_same_form_twice_is_one_post(streets: Streets) -> None:
    member, browser = await streets.member("ada")
    await browser.open("/compose")
    form = browser.form("/compose")
    for _ in range(2):
        await browser.client.post("/compose", data={**form.fields, "text": "Once"})
    posts = (await member.client.get(f"/api/v1/accounts/{member.id}/statuses")).json()
    assert len(posts) == 1


async def test_reply(streets: Streets) -> None:
    ada, _ = await streets.member("ada")
    _, bob = await streets.member("bob")
    post = await streets.town.post(ada, "Who is there?", visibility="unlisted")
    await bob.open(f"/@ada/{post}")
    await bob.open(f"/compose?reply_to={post}")
    form = bob.form("/compose")
    assert form.fields["text"] == "@ada "
    assert form.fields["visibility"] == "unlisted"
    await bob.send("/compose", text="@ada Me")
    assert "Your reply is out." in bob.text
    assert "Who is there?" in bob.text
    _, reader = await streets.member("carol")
    assert "Me</p>" in (await reader.open(f"/@ada/{post}")).text


async def test_edit(streets: Streets) -> None:
    _, browser = await streets.member("ada")
    await browser.open("/compose")
    files = {"picture_1": ("1.png", picture(), "image/png")}
    await browser.send("/compose", files, text="Frist", alt_1="The sea")
    post = browser.path.rpartition("/")[2]
    await browser.open(f"/posts/{post}/edit")
    form = browser.form(f"/posts/{post}/edit")
    assert form.fields["text"] == "Frist"
    alt = next(name for name in form.fields if re.fullmatch(r"alt_\d{5,}", name))
    more = {"picture_1": ("2.png", picture("red"), "image/png")}
    await browser.send(
        f"/posts/{post}/edit", more, **{"text": "First", alt: "The sea at noon", "alt_1": "Red"}
    )
    assert "Your post is changed." in browser.text
    assert 'alt="The sea at noon"' in browser.text
    assert 'alt="Red"' in browser.text
    history = await browser.open(f"/@ada/{post}/history")
    assert "Frist" in history.text
    assert "First" in history.text
    await browser.open(f"/posts/{post}/edit")
    await browser.send(f"/posts/{post}/edit", None, **{alt.replace("alt_", "remove_"): "1"})
    assert 'alt="The sea at noon"' not in browser.text


async def test_a_refused_edit_keeps_what_was_typed(streets: Streets) -> None:
    _, browser = await streets.member("ada")
    post = await write(browser, "Words")
    await browser.open(f"/posts/{post}/edit")
    answer = await browser.send(f"/posts/{post}/edit", text="y" * 1001)
    assert answer.status_code == 422
    assert "y" * 1001 in answer.text


async def test_posts_of_others_are_not_edited_or_deleted(streets: Streets) -> None:
    ada, _ = await streets.member("ada")
    _, bob = await streets.member("bob")
    post = await streets.town.post(ada, "Mine")
    await bob.open("/compose")
    token = bob.form("/compose").fields["csrf_token"]
    for path in ("edit", "delete"):
        assert (await bob.client.get(f"/posts/{post}/{path}")).status_code == 404
        data = {"csrf_token": token, "text": "Yours"}
        assert (await bob.client.post(f"/posts/{post}/{path}", data=data)).status_code == 404


async def test_delete(streets: Streets) -> None:
    _, browser = await streets.member("ada")
    post = await write(browser, "Regretted")
    await browser.open(f"/posts/{post}/delete")
    await browser.send(f"/posts/{post}/delete")
    assert browser.path == "/@ada"
    assert "Your post is deleted." in browser.text
    assert (await browser.open(f"/@ada/{post}")).status_code == 404


async def test_delete_and_write_anew(streets: Streets) -> None:
    _, browser = await streets.member("ada")
    await browser.open("/compose")
    files = {"picture_1": ("1.png", picture(), "image/png")}
    await browser.send("/compose", files, text="Again", alt_1="The sea")
    post = browser.path.rpartition("/")[2]
    await browser.open(f"/posts/{post}/delete")
    await browser.send(f"/posts/{post}/delete", redraft="1")
    assert browser.form("/compose").fields["text"] == "Again"
    await browser.send("/compose", text="And again")
    assert 'alt="The sea"' in browser.text
    assert (await browser.open(f"/@ada/{post}")).status_code == 404


async def test_react_and_take_it_back(streets: Streets) -> None:
    ada, _ = await streets.member("ada")
    _, bob = await streets.member("bob")
    post = await streets.town.post(ada, "Like me")
    for verb, undo in (
        ("favourite", "unfavourite"), ("reblog", "unreblog"), ("bookmark", "unbookmark"),
        ("mute", "unmute"),
    ):  # fmt: skip
        await bob.open(f"/@ada/{post}")
        answer = await bob.send(f"/posts/{post}/{verb}")
        assert answer.status_code == 200, verb
        assert bob.path.startswith(f"/@ada/{post}"), verb
        assert bob.form(f"/posts/{post}/{undo}")
        await bob.send(f"/posts/{post}/{undo}")
        assert bob.form(f"/posts/{post}/{verb}")


async def test_pin(streets: Streets) -> None:
    _, browser = await streets.member("ada")
    post = await write(browser, "Read this first")
    await browser.send(f"/posts/{post}/pin")
    await browser.open("/@ada")
    assert "Pinned" in browser.text
    await browser.send(f"/posts/{post}/unpin")


async def test_htmx_gets_the_bar_alone(streets: Streets) -> None:
    ada, _ = await streets.member("ada")
    _, bob = await streets.member("bob")
    post = await streets.town.post(ada, "Like me")
    await bob.open("/public")
    form = bob.form(f"/posts/{post}/favourite")
    answer = await bob.client.post(
        f"/posts/{post}/favourite", data=form.fields, headers={"hx-request": "true"}
    )
    assert answer.status_code == 200
    assert answer.text.strip().startswith("<form")
    assert f"/posts/{post}/unfavourite" in answer.text
    assert f'name="next" value="/public#p{post}"' in answer.text


async def test_htmx_signed_out_is_led_to_sign_in(streets: Streets) -> None:
    answer = await streets.visitor().client.post(
        "/posts/1/favourite", data={}, headers={"hx-request": "true"}
    )
    assert answer.status_code == 200
    assert answer.headers["hx-redirect"].endswith("/sign-in")


async def test_people(streets: Streets) -> None:
    ada, _ = await streets.member("ada")
    _, bob = await streets.member("bob")
    steps = (
        ("follow", "unfollow"), ("hide-reblogs", "show-reblogs"), ("unfollow", "follow"),
        ("mute", "unmute"), ("unmute", "mute"), ("block", "unblock"), ("unblock", "block"),
    )  # fmt: skip
    await bob.open("/@ada")
    for verb, then in steps:
        await bob.send(f"/accounts/{ada.id}/{verb}")
        assert bob.path == "/@ada", verb
        assert bob.form(f"/accounts/{ada.id}/{then}"), verb
    await bob.send(f"/accounts/{ada.id}/note", note="Met at the <harbour>")
    assert "Met at the &lt;harbour&gt;" in bob.text


@pytest.mark.postgresql
async def test_asking_to_follow(streets: Streets) -> None:
    ada, hers = await streets.member("ada", locked=True)
    bob, his = await streets.member("bob")
    await his.open("/@ada")
    await his.send(f"/accounts/{ada.id}/follow")
    assert "Requested" in his.text
    await hers.open("/follow-requests")
    await hers.send(f"/follow-requests/{bob.id}/accept")
    assert "They follow you now." in hers.text
    assert "Following" in (await his.open("/@ada")).text
    await hers.open("/@bob")
    await hers.send(f"/accounts/{bob.id}/remove-follower")
    assert "Ask to follow" in (await his.open("/@ada")).text


async def test_notifications_are_read_and_cleared(streets: Streets) -> None:
    _, hers = await streets.member("ada")
    bob, _ = await streets.member("bob")
    await streets.town.post(bob, "@ada Hello")
    home = await hers.open("/home")
    assert "(1 new)" in home.text
    first = await hers.open("/notifications")
    assert "mentioned you" in first.text
    assert "is-unread" in first.text
    assert "is-unread" not in (await hers.open("/notifications")).text
    await hers.send("/notifications/clear")
    assert "All quiet" in hers.text


async def test_a_closed_gate_keeps_the_words(streets: Streets) -> None:
    _, browser = await streets.member("ada")
    await browser.open("/compose")
    streets.rostra.services.write_gate.close("Back in an hour.")
    answer = await browser.send("/compose", text="Not now")
    assert answer.status_code == 503
    assert ">Not now</textarea>" in answer.text
    assert (await browser.open("/public")).status_code == 200
    streets.rostra.services.write_gate.open()


@pytest.mark.postgresql
async def test_whoever_is_slowed_down_keeps_their_words_and_reads_when(streets: Streets) -> None:
    member, browser = await streets.member("ada")
    await limit_accounts(streets.town, member.id, slow=Slow(posts=1, per_ms=HOUR))
    await write(browser, "The first")
    await browser.open("/compose")
    answer = await browser.send("/compose", None, text="The second")
    assert answer.status_code == 429
    assert "You may post once in 1 hour" in unescape(answer.text)
    assert "Try again in 1 hour" in answer.text
    assert "The second" in answer.text
    await limit_accounts(streets.town, member.id)
    await write(browser, "The second")
