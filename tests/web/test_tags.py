"""Hashtags and people on profiles, by plain forms."""

from tests.web.conftest import Streets

from rostra.network.tags import keep


async def test_following_a_hashtag(streets: Streets) -> None:
    ada, browser = await streets.member("ada")
    bob = await streets.town.member("bob")
    await streets.town.post(bob, "Ahoy #ships")
    await browser.open("/tags/ships")
    await browser.send("/tags/ships/follow")
    assert "Posts with it stand in your home" in browser.text
    await browser.open("/home")
    assert "Ahoy" in browser.text
    await browser.open("/followed-tags")
    assert (await browser.send("/followed-tags", name="no tag")).status_code == 422
    assert browser.form("/followed-tags").fields["name"] == "no tag"
    await browser.send("/followed-tags", name=" #Quay ")
    assert "#quay" in browser.text
    await browser.send("/tags/ships/unfollow")
    assert "#ships" not in browser.text
    await browser.open("/home")
    assert "Ahoy" not in browser.text
    services = streets.rostra.services
    async with services.db.write() as tx:
        for at in range(keep.FOLLOWED_MAX - 1):
            await keep.follow(services, tx, ada.id, f"t{at}")
    await browser.open("/followed-tags")
    assert (await browser.send("/followed-tags", name="more")).status_code == 422
    await browser.open("/tags/ships")
    await browser.send("/tags/ships/follow")
    assert "cannot follow more" in browser.text


async def test_a_profile_shows_hashtags(streets: Streets) -> None:
    ada, browser = await streets.member("ada")
    await streets.town.post(ada, "Ahoy #Ships")
    await streets.town.post(ada, "Ahoy without")
    await browser.open("/settings/featured")
    assert "#ships" in browser.text
    assert (await browser.send("/settings/featured", name="?")).status_code == 422
    await browser.send("/settings/featured", name="Ships")
    assert "It stands on your profile." in browser.text
    featured = browser.text.split("/settings/featured/")[1].split("/")[0]
    visitor = streets.visitor()
    await visitor.open("/@ada")
    assert "/@ada/tagged/Ships" in visitor.text
    await visitor.open("/@ada/tagged/Ships")
    assert "Ahoy" in visitor.text
    assert "Ahoy without" not in visitor.text
    await browser.send(f"/settings/featured/{featured}/remove")
    await visitor.open("/@ada")
    assert "/@ada/tagged/Ships" not in visitor.text


async def test_a_profile_shows_people(streets: Streets) -> None:
    ada, browser = await streets.member("ada")
    bob = await streets.town.member("bob")
    await browser.open("/@bob")
    assert "Show on your profile" not in browser.text
    await streets.town.follow(ada, bob)
    await browser.open("/@bob")
    await browser.send(f"/accounts/{bob.id}/endorse")
    visitor = streets.visitor()
    await visitor.open("/@ada/featured")
    assert "@bob" in visitor.text
    await browser.open("/@bob")
    await browser.send(f"/accounts/{bob.id}/unendorse")
    await visitor.open("/@ada/featured")
    assert "@bob" not in visitor.text
