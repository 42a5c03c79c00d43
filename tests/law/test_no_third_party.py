"""Law 9: nobody else is needed to sign up, sign in and post; what fails, fails closed."""

from pathlib import Path

from tests.harness.app import running
from tests.harness.crowd import good, ids_of
from tests.harness.people import PASSWORD, join, register, sign_up_form

from rostra.kernel.errors import Unavailable
from rostra.network.credentials import sign_in
from rostra.outside.mail import Mail, NoMailer


class BrokenMailer:
    """A mail server that is configured and does not answer."""

    configured = True

    def __init__(self) -> None:
        self.asked = 0

    async def send(self, mail: Mail) -> None:
        """Fail."""
        self.asked += 1
        raise Unavailable(60, inside=f"no connection for {mail.subject!r}")


async def test_sign_up_sign_in_and_post_without_anybody_else(
    data_dir: Path, database_url: str
) -> None:
    """The tests' sockets reach nothing but this machine, and mail is off."""
    async with running(data_dir, database_url, NoMailer()) as rostra:
        ann = await join(rostra, "ann")
        post = good(await ann.client.post("/api/v1/statuses", json={"status": "I am here"}))
        shown = good(await rostra.client().get("/api/v1/timelines/public"))
        assert ids_of(shown) == [post["id"]]
        identity = await sign_in.identify(rostra.services, "ann", PASSWORD)
        async with rostra.db.write() as tx:
            assert await sign_in.open_session(
                rostra.services, tx, identity, address="::1", user_agent="a browser"
            )


async def test_mail_that_fails_lets_nobody_in_unconfirmed(
    data_dir: Path, database_url: str
) -> None:
    mailer = BrokenMailer()
    async with running(data_dir, database_url, mailer) as rostra:
        program = await register(rostra)
        form = sign_up_form("ann")
        answer = await rostra.client(program.token).post("/api/v1/accounts", json=form)
        ann = rostra.client(good(answer)["access_token"])
        await rostra.work()
        assert mailer.asked >= 1
        good(await ann.post("/api/v1/statuses", json={"status": "x"}), 403)
        assert good(await rostra.client().get("/api/v1/timelines/public")) == []
