"""The place as clients and other servers see it."""

from typing import Any

import pytest
from tests.harness.app import InProcess
from tests.harness.crowd import Town
from tests.harness.people import join
from tests.pictures import photo

from rostra import __version__
from rostra.api.mastodon.instance_document import API_VERSIONS
from rostra.kernel.errors import Invalid, NotFound
from rostra.network.instance import emoji, rules, thumbnail
from rostra.network.instance import settings as place_settings
from rostra.network.instance.emoji import EmojiPicture
from rostra.network.instance.model import RuleWords
from rostra.network.tags.keep import FEATURED_MAX

JSON = {"accept": "application/json"}


async def test_instance(rostra: InProcess) -> None:
    await join(rostra, "alice")
    async with rostra.db.write() as tx:
        changes = {"title": "Town", "contact_username": "alice", "contact_email": "a@example.org"}
        await place_settings.change(rostra.services, tx, changes)
        await rules.add_rule(rostra.services, tx, "Be kind", "It is easy")
    client, settings = rostra.client(), rostra.services.settings
    told = (await client.get("/api/v2/instance")).json()
    assert told["version"] == f"4.5.0 (compatible; Rostra {__version__})"
    assert float(told["version"][:3]) == 4.5
    assert (told["title"], told["domain"]) == ("Town", settings.domain)
    assert told["contact"]["account"]["username"] == "alice"
    assert [rule["text"] for rule in told["rules"]] == ["Be kind"]
    assert (await client.get("/api/v1/instance/rules")).json() == told["rules"]
    limits = told["configuration"]
    assert limits["statuses"]["max_characters"] == settings.posts.max_characters
    assert limits["media_attachments"]["image_size_limit"] == settings.media.max_picture_bytes
    assert limits["accounts"]["max_featured_tags"] == FEATURED_MAX
    assert limits["urls"]["status"] is None
    assert limits["urls"]["streaming"] == settings.streaming_url
    assert told["usage"]["users"]["active_month"] == 1
    assert told["api_versions"] == API_VERSIONS
    older = await client.get("/api/v1/instance")
    assert older.headers["deprecation"].startswith("@")
    assert older.json()["stats"] == {"user_count": 1, "status_count": 0, "domain_count": 1}
    assert older.json()["contact_account"]["acct"] == "alice"


@pytest.mark.postgresql
async def test_what_operators_say_of_the_place(rostra: InProcess) -> None:
    services, client = rostra.services, rostra.client()
    words = RuleWords("Sei nett", "Es ist leicht")
    async with rostra.db.write() as tx:
        await place_settings.change(services, tx, {"status_url": "https://status.example"})
        wrong: tuple[tuple[str, Any], ...] = (
            ("status_url", "javascript:alert(1)"), ("status_url", "status"),
            ("contact_email", "nobody"), ("contact_username", "no name"),
            ("minimum_age", -1), ("minimum_age", 121), ("minimum_age", "old"),
            ("languages", ("xx",)), ("languages", ("en",) * 21), ("title", "x" * 101),
            ("registrations", "some"), ("nothing", 1),
        )  # fmt: skip
        for name, value in wrong:
            with pytest.raises(Invalid) as refused:
                await place_settings.change(services, tx, {name: value})
            assert list(refused.value.details) == [name]
        right = {"languages": ("de-AT", "zh-TW"), "minimum_age": 16, "contact_username": ""}
        await place_settings.change(services, tx, right)
        first = await rules.add_rule(services, tx, "Be kind")
        second = await rules.add_rule(services, tx, "No spam")
        await rules.edit_rule(services, tx, first, "Be kind to all", "It is easy")
        await rules.move_rule(services, tx, second, 1)
        await rules.translate_rule(services, tx, first, "de-AT", words)
        await rules.translate_rule(services, tx, first, "fr", words)
        await rules.translate_rule(services, tx, first, "fr", RuleWords(" ", ""))
        with pytest.raises(Invalid):
            await rules.translate_rule(services, tx, first, "nonsense", words)
        for verb in (rules.edit_rule(services, tx, 1, "x"), rules.move_rule(services, tx, 1, 1),
                     rules.translate_rule(services, tx, 1, "de", words)):  # fmt: skip
            with pytest.raises(NotFound):
                await verb
    told = (await client.get("/api/v2/instance")).json()
    assert told["languages"] == ["de", "zh-TW"]
    assert told["registrations"]["min_age"] == 16
    assert told["configuration"]["urls"]["status"] == "https://status.example"
    assert told["rules"] == (await client.get("/api/v1/instance/rules")).json()
    [spam, kind] = told["rules"]
    assert spam == {"id": str(second), "text": "No spam", "hint": "", "translations": {}}
    assert kind["text"] == "Be kind to all"
    assert kind["translations"] == {"de": {"text": "Sei nett", "hint": "Es ist leicht"}}
    [icon] = told["icon"]
    assert icon["size"] == "180x180"
    for url in (icon["src"], told["thumbnail"]["url"]):
        assert (await client.get(url)).headers["content-type"] == "image/png"
    async with rostra.db.write() as tx:
        assert await rules.drop_rule(services, tx, first)
    assert await Town(rostra).anywhere("Sei nett") == []


async def test_the_picture_of_the_place(rostra: InProcess) -> None:
    services, client = rostra.services, rostra.client()
    data = bytes(photo(1200, 630).pngsave_buffer())
    with pytest.raises(Invalid):
        async with thumbnail.stored_thumbnail(services, b"no picture"):
            pass
    with pytest.raises(Invalid):
        async with thumbnail.stored_thumbnail(services, data, "x" * 2_000):
            pass
    async with (
        thumbnail.stored_thumbnail(services, data, "The quay") as made,
        rostra.db.write() as tx,
    ):
        assert await thumbnail.set_thumbnail(services, tx, made) == ()
    told = (await client.get("/api/v2/instance")).json()["thumbnail"]
    assert told["description"] == "The quay"
    assert told["blurhash"]
    assert set(told["versions"]) == {"@1x", "@2x"}
    for url in (told["url"], *told["versions"].values()):
        assert (await client.get(url)).status_code == 200
    assert (await client.get("/api/v1/instance")).json()["thumbnail"] == told["url"]
    assert told["url"] in (await client.get("/about")).text
    async with rostra.db.write() as tx:
        gone = await thumbnail.set_thumbnail(services, tx, None)
    assert gone == (made.key, made.small_key)
    told = (await client.get("/api/v2/instance")).json()["thumbnail"]
    assert told["url"].endswith("/static/preview.png")


async def test_registrations_are_told(rostra: InProcess) -> None:
    client = rostra.client()
    seen = {}
    for mode in ("open", "approval", "invite", "closed"):
        async with rostra.db.write() as tx:
            await place_settings.change(rostra.services, tx, {"registrations": mode})
        told = (await client.get("/api/v2/instance")).json()["registrations"]
        node = (await client.get("/nodeinfo/2.0")).json()
        assert node["openRegistrations"] == told["enabled"]
        seen[mode] = (told["enabled"], told["approval_required"])
    assert seen == {
        "open": (True, False),
        "approval": (True, True),
        "invite": (False, False),
        "closed": (False, False),
    }


async def test_texts_of_the_operators(rostra: InProcess) -> None:
    client = rostra.client()
    for missing in ("privacy_policy", "terms_of_service", "terms_of_service/2026-01-01"):
        assert (await client.get(f"/api/v1/instance/{missing}")).status_code == 404
    async with rostra.db.write() as tx:
        texts = {"privacy_policy": "We <keep> little.", "extended_description": "A\n\nB"}
        await place_settings.change(rostra.services, tx, texts)
        await place_settings.publish_terms(rostra.services, tx, "Be kind", changelog="first")
    policy = (await client.get("/api/v1/instance/privacy_policy")).json()
    assert policy["content"] == "<p>We &lt;keep&gt; little.</p>"
    assert policy["updated_at"] == "2027-01-15T08:00:00.000Z"
    about = (await client.get("/api/v1/instance/extended_description")).json()
    assert about["content"] == "<p>A</p><p>B</p>"
    terms = (await client.get("/api/v1/instance/terms_of_service")).json()
    assert (terms["effective"], terms["succeeded_by"]) == (True, None)
    day = terms["effective_date"]
    dated = await client.get(f"/api/v1/instance/terms_of_service/{day}")
    assert dated.json() == terms
    asked = "/api/v1/instance/terms_of_service"  # some clients ask for a day this way
    assert (await client.get(asked, params={"date": day})).json() == terms
    assert (await client.get(asked, params={"date": "2020-01-01"})).status_code == 404
    assert "Be kind" in (await client.get(f"/about/terms/{day}")).text
    for wrong in ("2020-01-01", "soon"):
        assert (await client.get(f"/about/terms/{wrong}")).status_code == 404


async def test_honest_lists(rostra: InProcess) -> None:
    await join(rostra, "alice")
    client = rostra.client()
    weeks = (await client.get("/api/v1/instance/activity")).json()
    assert len(weeks) == 12
    assert (weeks[0]["registrations"], weeks[1]["registrations"]) == ("1", "0")
    for name, empty in (("peers", []), ("domain_blocks", []), ("translation_languages", {})):
        assert (await client.get(f"/api/v1/instance/{name}")).json() == empty
    codes = {each["code"] for each in (await client.get("/api/v1/instance/languages")).json()}
    assert {"en", "de", "zh-TW"} <= codes


async def test_custom_emoji(rostra: InProcess) -> None:
    alice = await join(rostra, "alice")
    services = rostra.services
    url = "/api/v1/accounts/update_credentials"
    await alice.client.patch(url, json={"display_name": "Alice :cat:"})
    path = f"/api/v1/accounts/{alice.id}"
    assert (await rostra.client().get(path)).json()["emojis"] == []
    async with rostra.db.write() as tx:
        picture = EmojiPicture("emoji/ab/abc.png")
        assert await emoji.put_emoji(services, tx, "cat", picture, category="Pets") == ()
    (cat,) = (await rostra.client().get("/api/v1/custom_emojis")).json()
    assert (cat["shortcode"], cat["category"], cat["static_url"]) == ("cat", "Pets", cat["url"])
    (used,) = (await rostra.client().get(path)).json()["emojis"]
    assert used["shortcode"] == "cat"
    async with rostra.db.write() as tx:
        assert await emoji.drop_emoji(services, tx, "cat") == ("emoji/ab/abc.png",)
    assert (await rostra.client().get("/api/v1/custom_emojis")).json() == []


async def test_webfinger(rostra: InProcess) -> None:
    await join(rostra, "Alice")
    client, settings = rostra.client(), rostra.services.settings
    base = settings.site.base_url
    url = "/.well-known/webfinger"
    for resource in (f"acct:alice@{settings.domain}", f"{base}/@alice", f"{base}/users/Alice"):
        told = await client.get(url, params={"resource": resource})
        assert told.headers["content-type"].startswith("application/jrd+json")
        assert told.headers["access-control-allow-origin"] == "*"
        assert told.json()["subject"] == f"acct:Alice@{settings.domain}"
        assert told.json()["aliases"] == [f"{base}/@Alice", f"{base}/users/Alice"]
    for resource in ("acct:alice@elsewhere.example", "acct:nobody@" + settings.domain, "alice"):
        assert (await client.get(url, params={"resource": resource})).status_code == 404
    assert (await client.get(url)).status_code == 400


async def test_host_meta_and_nodeinfo(rostra: InProcess) -> None:
    client = rostra.client()
    xml = await client.get("/.well-known/host-meta")
    assert xml.headers["content-type"].startswith("application/xrd+xml")
    assert "/.well-known/webfinger?resource={uri}" in xml.text
    as_json = await client.get("/.well-known/host-meta", headers=JSON)
    assert as_json.json() == (await client.get("/.well-known/host-meta.json")).json()
    links = (await client.get("/.well-known/nodeinfo")).json()["links"]
    for link in links:
        told = (await client.get(link["href"])).json()
        assert (told["software"]["name"], told["protocols"]) == ("rostra", [])
        assert told["version"] == link["href"][-3:]


async def test_health(rostra: InProcess) -> None:
    answer = await rostra.client().get("/health")
    assert (answer.status_code, answer.text) == (200, "OK")
