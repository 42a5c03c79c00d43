"""What clients read out of version, levels and names, and that it is true."""

from tests.harness.crowd import Town, good

from rostra.api.routes import all_endpoints


async def test_rule_13_the_version_reads_as_mastodons_and_says_who_answers(town: Town) -> None:
    for path in ("/api/v1/instance", "/api/v2/instance"):
        version = good(await town.anybody.get(path))["version"]
        assert float(version[:3]) >= 4.3
        assert "compatible; Rostra" in version


async def test_rule_13_levels_are_promised_only_with_all_they_bring(town: Town) -> None:
    instance = good(await town.anybody.get("/api/v2/instance"))
    assert instance["api_versions"]["mastodon"] >= 1
    assert instance["api_versions"]["rostra"] == 1
    paths = {endpoint.path for endpoint in all_endpoints()}
    promised = {2: "/api/v2/notifications", 8: "/api/v1/profile", 10: "/api/v1/collections"}
    for level, path in promised.items():
        assert instance["api_versions"]["mastodon"] < level or path in paths, path


async def test_rule_13_nodeinfo_names_this_program(town: Town) -> None:
    node = good(await town.anybody.get("/.well-known/nodeinfo"))
    for link in node["links"]:
        document = good(await town.anybody.get(link["href"]))
        assert document["software"]["name"] == "rostra"
