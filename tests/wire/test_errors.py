"""Rule 9: what went wrong, and what it looks like."""

from tests.harness.crowd import Member, Town, good
from tests.harness.people import register, sign_up_form


async def test_rule_9_errors_have_their_status(town: Town, ada: Member, ben: Member) -> None:
    secret = await town.post(ada, "mine", visibility="direct")
    reading = town.rostra.client(await town.token(ben.id, "read"))
    cases = (
        (town.rostra.client("wrong"), "GET", "/api/v1/timelines/home", 401),
        (town.anybody, "GET", "/api/v1/timelines/home", 401),
        (reading, "POST", "/api/v1/statuses", 403),
        (ben.client, "GET", f"/api/v1/statuses/{secret}", 404),
        (ben.client, "GET", f"/api/v1/statuses/{secret}/context", 404),
        (ben.client, "POST", f"/api/v1/statuses/{secret}/favourite", 404),
        (ben.client, "DELETE", f"/api/v1/statuses/{secret}", 404),
        (ben.client, "GET", "/api/v1/statuses/garbage", 404),
        (ben.client, "GET", "/api/v1/nothing", 404),
        (ada.client, "POST", "/api/v1/statuses", 422),
    )
    for client, method, path, status in cases:
        answer = await client.request(method, path)
        assert answer.status_code == status, (method, path, answer.text)
        assert answer.json()["error"]


async def test_rule_9_validation_names_the_field(town: Town) -> None:
    program = await register(town.rostra)
    form = sign_up_form("not a name", agreement=False)
    answer = await town.rostra.client(program.token).post("/api/v1/accounts", json=form)
    details = good(answer, 422)["details"]
    assert details["username"][0]["error"] == "ERR_INVALID"
    assert details["agreement"][0]["error"] == "ERR_ACCEPTED"
    assert details["username"][0]["description"]
