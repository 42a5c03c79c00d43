"""What clients read out of version, levels and names, and that it is true."""

from scripts.api_coverage import here, key
from tests.harness.crowd import Town, good

from rostra.api.mastodon.instance_document import API_VERSIONS
from rostra.api.openapi import document
from rostra.api.routes import all_endpoints
from rostra.http.site import Site

DOCUMENT = document(all_endpoints(), Site())
# What each level brought, by what clients that look at the level ask for from it on.
LEVELS = {
    2: """
        GET:/api/v2/notifications GET:/api/v2/notifications/:key
        GET:/api/v2/notifications/:key/accounts POST:/api/v2/notifications/:key/dismiss
        GET:/api/v2/notifications/unread_count GET:/api/v2/notifications/policy
        PUT:/api/v2/notifications/policy GET:/api/v1/notifications/requests
        GET:/api/v1/notifications/requests/:id POST:/api/v1/notifications/requests/:id/accept
        POST:/api/v1/notifications/requests/:id/dismiss GET:/api/v1/notifications/requests/merged
        POST:/api/v1/notifications/requests/accept POST:/api/v1/notifications/requests/dismiss
        GET:/api/v1/notifications/unread_count GET:/api/v1/accounts GET:/api/v1/statuses
        GET:/api/v1/timelines/link""",
    3: "GET:/.well-known/oauth-authorization-server POST:/oauth/token",
    4: """
        POST:/api/v1/push/subscription DELETE:/api/v1/media/:id GET:/oauth/userinfo
        GET:/api/v1/instance/terms_of_service GET:/api/v1/instance/terms_of_service/:date""",
    5: "POST:/api/v2/filters PUT:/api/v2/filters/:id",
    6: """
        GET:/api/v1/accounts/:id/endorsements POST:/api/v1/accounts/:id/endorse
        POST:/api/v1/accounts/:id/unendorse POST:/api/v1/tags/:name/feature
        POST:/api/v1/tags/:name/unfeature""",
    7: """
        GET:/api/v1/statuses/:id/quotes PUT:/api/v1/statuses/:id/interaction_policy
        POST:/api/v1/statuses/:id/quotes/:quote/revoke""",
    8: "GET:/api/v1/profile PUT:/api/v1/profile",
}


async def test_rule_13_the_version_reads_as_mastodons_and_says_who_answers(town: Town) -> None:
    for path in ("/api/v1/instance", "/api/v2/instance"):
        version = good(await town.anybody.get(path))["version"]
        assert float(version[:3]) >= 4.3
        assert "compatible; Rostra" in version


async def test_rule_13_levels_are_promised_only_with_all_they_bring(town: Town) -> None:
    versions = good(await town.anybody.get("/api/v2/instance"))["api_versions"]
    assert versions["rostra"] == 1
    answered = {name for name, (state, _) in here().items() if state == "implemented"}
    lacking = {
        level: [name for name in names.split() if key(*name.split(":", 1)) not in answered]
        for level, names in LEVELS.items()
        if level <= versions["mastodon"]
    }
    assert lacking == {level: [] for level in range(2, versions["mastodon"] + 1)}


def test_rule_13_levels_are_told_by_more_than_endpoints() -> None:
    """PKCE, push messages as the standard has them, blurring filters, and quotes in posts."""
    schemas = DOCUMENT["components"]["schemas"]
    level = API_VERSIONS["mastodon"]
    subscribing = DOCUMENT["paths"]["/api/v1/push/subscription"]["post"]["requestBody"]
    device = subscribing["content"]["application/json"]["schema"]["properties"]["subscription"]
    there = {
        3: "code_challenge_methods_supported" in schemas["AuthorizationServer"]["properties"],
        4: "standard" in device["properties"],
        5: "blur" in schemas["Filter"]["properties"]["filter_action"]["enum"],
        7: schemas["Status"]["properties"]["quote"].get("type") != "null",
    }
    assert [each for each, brought in there.items() if each <= level and not brought] == []


async def test_rule_13_nodeinfo_names_this_program(town: Town) -> None:
    node = good(await town.anybody.get("/.well-known/nodeinfo"))
    for link in node["links"]:
        document = good(await town.anybody.get(link["href"]))
        assert document["software"]["name"] == "rostra"
