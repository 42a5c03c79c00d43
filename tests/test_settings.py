"""Settings: sources and their order, errors that name key and source, the page in docs."""

from pathlib import Path

import pytest

from rostra.settings import Settings, SettingsError, load
from rostra.settings.page import page
from rostra.settings.sources import Section, all_keys, keys_of, sections_of, sorts_of

ROOT = Path(__file__).parent.parent


def test_no_source_is_needed(tmp_path: Path) -> None:
    settings = load(data=tmp_path, environ={})
    assert settings.site.base_url == "http://127.0.0.1:8420"
    assert settings.domain == "127.0.0.1:8420"
    assert settings.media_store == str(tmp_path / "media")
    assert settings.media_url == "http://127.0.0.1:8420/media"
    assert settings.mail_from == "rostra@127.0.0.1"
    assert settings.workers in (1, 2)
    assert settings == Settings(data_dir=tmp_path)


def test_later_sources_win(tmp_path: Path) -> None:
    file = tmp_path / "rostra.toml"
    file.write_text('[site]\ntitle = "From file"\n[server]\nport = 1000\nworkers = 3\n')
    settings = load(data=tmp_path, environ={"ROSTRA_SERVER_PORT": "2000", "OTHER": "x"})
    assert settings.site.title == "From file"
    assert settings.server.port == 2000
    assert settings.workers == 3


def test_both_spellings_of_a_variable() -> None:
    settings = load(environ={"ROSTRA_SITE__TITLE": "One", "ROSTRA_DATA_DIR": "/nowhere"})
    assert settings.site.title == "One"
    assert settings.data_dir == Path("/nowhere")


def test_the_data_directory_of_the_command_line_wins(tmp_path: Path) -> None:
    assert load(data=tmp_path, environ={"ROSTRA_DATA_DIR": "/nowhere"}).data_dir == tmp_path


def test_the_file_can_be_named(tmp_path: Path) -> None:
    file = tmp_path / "other.toml"
    file.write_text('data_dir = "/srv/rostra"\n[mail]\nfrom = "us@example.org"\n')
    for settings in (load(config=file, environ={}), load(environ={"ROSTRA_CONFIG": str(file)})):
        assert settings.data_dir == Path("/srv/rostra")
        assert settings.mail_from == "us@example.org"


def test_lists_numbers_and_choices_from_the_environment() -> None:
    settings = load(
        environ={
            "ROSTRA_SERVER_TRUSTED_PROXIES": "10.0.0.1, 192.168.1.7/24",
            "ROSTRA_LIMITS_SCALE": "2.5",
            "ROSTRA_MAIL_TLS": "none",
        }
    )
    assert settings.server.trusted_proxies == ("10.0.0.1/32", "192.168.1.0/24")
    assert settings.limits.scale == 2.5
    assert settings.mail.tls == "none"


def test_networks_of_push_services_are_kept_as_written() -> None:
    assert load(environ={}).push.allowed_networks == ()
    settings = load(
        environ={
            "ROSTRA_PUSH_ALLOWED_NETWORKS": "10.1.2.3, fd12:3456::/64",
            "ROSTRA_PUSH_ALLOWED_PORTS": "443, 8080",
        }
    )
    assert settings.push.allowed_networks == ("10.1.2.3/32", "fd12:3456::/64")
    assert settings.push.allowed_ports == (443, 8080)


def test_addresses_lose_their_last_slash_and_domains_their_capitals() -> None:
    settings = load(
        environ={"ROSTRA_SITE_BASE_URL": "https://a.example/", "ROSTRA_SITE_DOMAIN": "B.example"}
    )
    assert settings.site.base_url == "https://a.example"
    assert settings.domain == "b.example"


@pytest.mark.parametrize(
    ("variable", "value", "says"),
    [
        ("ROSTRA_SITE_BASE_UR", "x", "did you mean ROSTRA_SITE_BASE_URL"),
        ("ROSTRA_SERVER_PORT", "many", "server.port in the environment variable ROSTRA_SERVER_POR"),
        ("ROSTRA_SERVER_PORT", "0", "'0' is not usable: Expected `int` >= 1"),
        ("ROSTRA_LOG_LEVEL", "loud", "log.level"),
        ("ROSTRA_SITE_BASE_URL", "example.org", "https://example.org"),
        ("ROSTRA_SITE_DOMAIN", "a/b", "expected a domain"),
        ("ROSTRA_DATABASE_URL", "mysql://root:hunter2@h/d", "expected postgresql://"),
        ("ROSTRA_LIMITS_TRUSTED", "everyone", "limits.trusted"),
        ("ROSTRA_PUSH_ALLOWED_NETWORKS", "our network", "push.allowed_networks in the environment"),
        ("ROSTRA_PUSH_ALLOWED_NETWORKS", "10.0.0.1/8", "10.0.0.1/8 has host bits set"),
        ("ROSTRA_PUSH_ALLOWED_NETWORKS", "fd00::/8,::/0", "::/0 would open every address"),
        ("ROSTRA_PUSH_ALLOWED_PORTS", "8080,70000", "push.allowed_ports in the environment"),
        ("ROSTRA_MAIL_PASSWORD_FILE", "/no/such/file", "mail.password_file"),
    ],
)
def test_a_bad_variable_is_named(variable: str, value: str, says: str) -> None:
    with pytest.raises(SettingsError) as caught:
        load(environ={variable: value})
    assert says in str(caught.value)
    assert "hunter2" not in str(caught.value)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("[site]\ntitel = 'x'", "unknown setting site.titel in"),
        ("nothing = 1", "unknown setting nothing in"),
        ("site = 1", "site in"),
        ("[server]\nport = '8420'", "server.port in"),
        ("[server", "can't be read"),
        ("[mail]\npassword = 'a'\npassword_file = 'b'", "both mail.password and"),
    ],
)
def test_a_bad_file_is_named(tmp_path: Path, text: str, says: str) -> None:
    file = tmp_path / "rostra.toml"
    file.write_text(text)
    with pytest.raises(SettingsError) as caught:
        load(data=tmp_path, environ={})
    assert says in str(caught.value)
    assert str(file) in str(caught.value)


def test_a_named_file_must_be_there(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="does not exist"):
        load(config=tmp_path / "none.toml", environ={})


def test_secrets_come_from_files_and_do_not_show(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("hunter2\n")
    (tmp_path / "rostra.toml").write_text("[mail]\npassword_file = 'secret'\n")
    settings = load(data=tmp_path, environ={})
    assert settings.mail.password == "hunter2"
    assert "hunter2" not in repr(settings)
    over = load(data=tmp_path, environ={"ROSTRA_MAIL_PASSWORD": "other"})
    assert over.mail.password == "other"


GUARD = """
[adapters.guard]
form = "chat"
endpoint = "http://127.0.0.1:11434/"
model = "safeguard"
allowed_networks = ["127.0.0.1/32"]
"""


def test_named_sections_come_from_the_file_and_the_environment(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("hunter2\n")
    file = tmp_path / "rostra.toml"
    file.write_text(
        GUARD + 'key_file = "secret"\n[adapters.hma]\nform = "hma"\nharms = ["*:spam"]\n'
    )
    settings = load(
        data=tmp_path,
        environ={
            "ROSTRA_ADAPTERS_HMA_ENDPOINT": "https://hma.example",
            "ROSTRA_ADAPTERS_GUARD_TIMEOUT_S": "3",
            "ROSTRA_ADAPTERS__THIRD__FORM": "moderation",
            "ROSTRA_ADAPTERS__THIRD__ENDPOINT": "https://api.example:8443",
        },
    )
    guard, hma, third = settings.adapters
    assert (guard.name, guard.endpoint, guard.port) == ("guard", "http://127.0.0.1:11434", 11434)
    assert (guard.timeout_s, guard.key, guard.harms) == (3.0, "hunter2", ())
    assert (hma.name, hma.port, hma.translated) == ("hma", 443, {"*": "spam"})
    assert (third.name, third.port, third.share) == ("third", 8443, 1.0)
    assert "hunter2" not in repr(settings)
    assert load(data=tmp_path / "none", environ={}).adapters == ()


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("adapters = 1", "adapters in"),
        ("[adapters.guard]", "adapters.guard.form is not set"),
        ("[adapters.Guard]\nform = 'chat'", "[adapters.Guard] in"),
        ("[adapters]\nguard = 1", "adapters.guard in"),
        (GUARD.replace("model", "modell"), "unknown setting adapters.guard.modell"),
        (GUARD.replace('model = "safeguard"', ""), "adapters.guard.model: a chat form needs"),
        (GUARD.replace("allowed", "# allowed"), "adapters.guard.endpoint: only an address in"),
        (GUARD + 'harms = ["rudeness"]', "adapters.guard.harms: there is no harm 'rudeness'"),
        (GUARD.replace("guard", "lists"), "[adapters.lists]: a signal of the house"),
        (GUARD.replace("127.0.0.1/32", "0.0.0.0/0"), "adapters.guard.allowed_networks in"),
        (GUARD.replace('"chat"', '"hma"'), "adapters.guard.harms: HMA needs"),
        (GUARD.replace('"chat"', '"moderation"') + 'harms = ["x"]', "'x' is not `theirs:ours`"),
        (GUARD.replace('"chat"', '"grpc"'), "adapters.guard.form in"),
        (GUARD.replace("http://127.0.0.1:11434/", ""), "adapters.guard.endpoint: an address"),
        ("".join(GUARD.replace("guard", f"g{at}") for at in range(17)), "more than 16 sections"),
    ],
)
def test_a_bad_named_section_is_named(tmp_path: Path, text: str, says: str) -> None:
    (tmp_path / "rostra.toml").write_text(text)
    with pytest.raises(SettingsError) as caught:
        load(data=tmp_path, environ={})
    assert says in str(caught.value)


def test_every_setting_is_described() -> None:
    keys = all_keys(Settings)
    assert len(keys) > 50
    for key in keys:
        assert key.description.endswith("."), key.dotted
    for name, section in (*sections_of(Settings), *sorts_of(Settings).items()):
        assert section.__doc__, name
        assert issubclass(section, Section)
        assert all(key.description.endswith(".") for key in keys_of(section, name))


def test_the_page_is_current() -> None:
    assert (ROOT / "docs" / "settings.md").read_text() == page(Settings), (
        "run: uv run python -m rostra.settings > docs/settings.md"
    )
