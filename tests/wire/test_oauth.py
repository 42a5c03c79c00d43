"""Rules 11 and 12: apps, tokens, scopes and signing up."""

from tests.harness.crowd import Member, Town, good
from tests.harness.people import OUT_OF_BAND, register, sign_up_form


async def test_rule_11_apps_and_tokens(town: Town) -> None:
    for uris in (OUT_OF_BAND, f"https://a.example/cb\n{OUT_OF_BAND}", ["https://a.example/cb"]):
        app = await register(town.rostra, redirect_uris=uris)
        client = town.rostra.client(app.token)
        good(await client.get("/api/v1/apps/verify_credentials"))
        gone = {"client_id": app.client_id, "client_secret": app.client_secret, "token": app.token}
        good(await client.post("/oauth/revoke", data=gone))
        assert (await client.get("/api/v1/apps/verify_credentials")).status_code == 401
    metadata = good(await town.anybody.get("/.well-known/oauth-authorization-server"))
    assert "S256" in metadata["code_challenge_methods_supported"]
    assert {"read", "write", "follow", "push", "profile"} <= set(metadata["scopes_supported"])
    assert metadata["grant_types_supported"] == ["authorization_code", "client_credentials"]


async def test_rule_11_scopes_have_a_hierarchy_and_userinfo(town: Town, ada: Member) -> None:
    reader = town.rostra.client(await town.token(ada.id, "read"))
    assert (await reader.get("/api/v1/notifications")).status_code == 200
    narrow = town.rostra.client(await town.token(ada.id, "read:statuses"))
    assert (await narrow.get("/api/v1/notifications")).status_code == 403
    profile = town.rostra.client(await town.token(ada.id, "profile"))
    info = good(await profile.get("/oauth/userinfo"))
    assert info["preferred_username"] == "ada"
    good(await profile.get("/api/v1/accounts/verify_credentials"))


async def test_rule_12_signing_up_gives_a_token_that_works(town: Town) -> None:
    program = await register(town.rostra)
    client = town.rostra.client(program.token)
    token = good(await client.post("/api/v1/accounts", data=sign_up_form("eve")))
    assert token["token_type"] == "Bearer"
    eve = town.rostra.client(token["access_token"])
    assert good(await eve.post("/api/v1/statuses", json={"status": "here"}))["id"]


async def test_rule_11_administrators_scopes_are_known(town: Town) -> None:
    app = await register(town.rostra, scopes="admin:read admin:write:accounts")
    answer = await town.rostra.client(app.token).get("/api/v1/apps/verify_credentials")
    assert good(answer)["scopes"] == ["admin:read", "admin:write:accounts"]


async def test_rule_11_an_authorise_address_may_name_a_language(town: Town) -> None:
    app = await register(town.rostra, redirect_uris="https://a.example/cb", scopes="read")
    asked = {
        "client_id": app.client_id, "redirect_uri": "https://a.example/cb",
        "response_type": "code", "scope": "read", "lang": "de", "force_login": "false",
    }  # fmt: skip
    answer = await town.anybody.get("/oauth/authorize", params=asked)
    assert answer.status_code == 303
    assert answer.headers["location"].startswith("http://127.0.0.1:8420/sign-in?next=")


async def test_rule_12_signing_up_needs_the_token_of_an_app(town: Town) -> None:
    answer = await town.anybody.post("/api/v1/accounts", data=sign_up_form("eve"))
    assert good(answer, 401)["error"]
