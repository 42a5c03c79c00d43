"""Law 3, moderation: what is for the team does nothing and tells nothing to anybody else."""

from typing import Any

from tests.harness.neighbours import EVERYTHING, Asker, Place
from tests.harness.staff import STAFF, TEAM_BODY, staff

from rostra.api.endpoint import Endpoint
from rostra.api.matrices import fill
from rostra.api.routes import all_endpoints
from rostra.network.credentials.model import Role
from rostra.network.credentials.tokens import issue_token

_REFUSED = {"error": "This action is not allowed"}


def for_the_team() -> list[Endpoint[Any]]:
    """The endpoints that ask for a scope of operators."""
    return [each for each in all_endpoints() if any(s.startswith("admin") for s in each.scopes)]


async def test_a_member_with_every_scope_is_still_nobody_of_the_team(place: Place) -> None:
    ann = await staff(place, "ann", Role.MEMBER)
    post = await (await place.member("bob")).post("needle")
    tried = 0
    for endpoint in for_the_team():
        for method in endpoint.methods:
            for known in (post["id"], "1"):
                path = fill(endpoint.path, {}, known)
                body: dict[str, Any] = {} if method in {"GET", "DELETE"} else {"json": TEAM_BODY}
                answer = await ann.client.request(method, path, **body)
                assert answer.status_code == 403, (endpoint.name, answer.status_code, answer.text)
                assert answer.json() == _REFUSED, endpoint.name
                tried += 1
    assert tried > 40


async def test_who_of_the_team_has_no_such_scope_is_refused(place: Place) -> None:
    mo = await staff(place, "mo")
    async with place.db.write() as tx:
        token = await issue_token(
            place.services, tx, app_id=0, account_id=mo.account_id, granted=EVERYTHING
        )
    without = Asker(place.app, token.access_token, mo.account_id, "mo")
    assert not EVERYTHING & (STAFF - EVERYTHING)
    for endpoint in for_the_team():
        answer = await without.client.request(endpoint.methods[0], fill(endpoint.path, {}))
        assert answer.status_code == 403, endpoint.name
        assert "scopes" in answer.json()["error"], endpoint.name
