"""`rostra admin webhooks`, on a database that no server has open."""

from tests.cli.admin import Admin


def test_endpoints_are_added_tried_and_taken_away(admin: Admin) -> None:
    url = "https://hooks.example.org/rostra"
    webhook, secret = admin("webhooks", "add", url, "--event", "letter.received").split()
    assert secret.startswith("rwh_")
    assert "https address" in admin.refused("webhooks", "add", "http://hooks.example.org:81/")
    assert "is no event" in admin.refused("webhooks", "add", url, "--event", "letter.burnt")
    listed = admin("webhooks", "list")
    for word in (url, "letter.received", "ids alone", "on"):
        assert word in listed
    assert secret not in listed
    assert admin("webhooks", "rotate", webhook).strip() != secret
    assert "waits" in admin("webhooks", "test", webhook)
    assert "webhook.test" in admin("webhooks", "deliveries", webhook)
    admin("webhooks", "switch", webhook, "--no-on")
    assert "off: by an admin" in admin("webhooks", "list")
    assert "switched off" in admin.refused("webhooks", "test", webhook)
    admin("webhooks", "remove", webhook)
    assert "there is no webhook" in admin.refused("webhooks", "deliveries", webhook)
