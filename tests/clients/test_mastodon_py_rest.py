"""Mastodon.py over a real socket: what few programs use, older names, and its own helpers."""

from datetime import UTC, date, datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import httpx2
import pytest
from mastodon import Mastodon, MastodonAPIError, MastodonNotFoundError, MastodonVersionError
from tests.clients.place import Place, ids
from tests.harness.patience import wait_for
from tests.recordings import sound


def test_several_who_were_set_aside(place: Place) -> None:
    ina = place.joined("ina")
    ina.update_notifications_policy(for_not_following="filter")
    strangers = [place.joined(f"stranger{number}") for number in range(4)]
    for stranger in strangers:
        stranger.status_post("@ina hello")
    asked = wait_for(lambda: len(found := ina.notification_requests()) == 4 and found)
    by_name = {each.account.username: each for each in asked}
    ina.accept_multiple_notification_requests([by_name["stranger0"], by_name["stranger1"]])
    wait_for(ina.notifications_merged)
    mentions = ina.notifications(types=["mention"])
    assert {each.account.username for each in mentions} == {"stranger0", "stranger1"}
    ina.dismiss_notification_request(by_name["stranger2"])
    assert ids(ina.notification_requests()) == ids([by_name["stranger3"]])
    ina.dismiss_multiple_notification_requests([by_name["stranger3"]])
    assert ids(ina.notification_requests()) == []


def test_pictures_of_a_profile_go(ada: Mastodon, picture: bytes) -> None:
    given = {"avatar_mime_type": "image/png", "header_mime_type": "image/png"}
    before = ada.me()
    with_both = ada.account_update_credentials(avatar=picture, header=picture, **given)
    assert with_both.avatar != before.avatar
    assert ada.account_delete_avatar().avatar == before.avatar
    without = ada.account_delete_header()
    assert (without.avatar, without.header) == (before.avatar, before.header)


def test_announcements(place: Place, ada: Mastodon) -> None:
    place.operate("admin", "announcements", "add", "The quay is closed on Sunday.")
    [told] = wait_for(ada.announcements)
    assert (told.read, told.reactions) == (False, [])
    assert "quay" in told.content
    ada.announcement_reaction_create(told, "👍")
    assert [(each.name, each.count) for each in ada.announcements()[0].reactions] == [("👍", 1)]
    ada.announcement_reaction_delete(told, "👍")
    assert ada.announcements()[0].reactions == []
    with pytest.raises(MastodonAPIError):
        ada.announcement_reaction_create(told, "nothing")
    ada.announcement_dismiss(told)
    assert ada.announcements()[0].read is True


def test_quotes(ada: Mastodon, bob: Mastodon) -> None:
    first = ada.status_post("quote me", quote_approval_policy="public")
    quoting = bob.status_post("Look:", quoted_status_id=first)
    assert (quoting.quote.state, quoting.quote.quoted_status.id) == ("accepted", first.id)
    assert ids(ada.status_quotes(first)) == ids([quoting])
    assert ada.status_quote_revoke(first, quoting).quote.state == "revoked"
    assert ids(ada.status_quotes(first)) == []
    closed = ada.status_update_quote_approval_policy(first, "nobody")
    assert closed.quote_approval.automatic == []
    with pytest.raises(MastodonAPIError):
        bob.status_post("Look again:", quoted_status_id=first)


@pytest.mark.filterwarnings("ignore::mastodon.errors.MastodonDeprecationWarning")
def test_trends(place: Place, ada: Mastodon) -> None:
    place.operate("admin", "settings", "set", "trends_unreviewed", "true")
    people = [place.joined(f"trendy{number}") for number in range(4)]
    for each in people:
        each.account_update_credentials(discoverable=True, indexable=True)
        each.status_post("at the #regatta", language="en")
    post = people[0].status_post("Who rows?", language="en")
    for each in people[1:]:
        each.status_favourite(post)
        each.status_reblog(post)
    assert ada.trending_links() == []
    assert isinstance(ada.trending_statuses(limit=5, lang="en"), list)
    assert [tag.name for tag in ada.trending_tags(limit=5)] == [
        tag.name for tag in ada.trends(limit=5)
    ]
    with pytest.raises(MastodonNotFoundError):
        ada.timeline_link("https://example.org/no-trend")


@pytest.mark.filterwarnings("ignore::mastodon.errors.MastodonDeprecationWarning")
def test_older_names(ada: Mastodon, bob: Mastodon) -> None:
    assert ada.follows("bob").following
    assert ada.account_pin(bob.me()).endorsed
    assert not ada.account_unpin(bob.me()).endorsed
    ada.account_unfollow(bob.me())
    post = ada.toot("by an older name")
    assert ada.status_card(post) is None
    assert str(post.id) in ids(bob.timeline("local"))
    assert str(post.id) in ids(bob.timeline("public", local=True))
    assert str(ada.me().id) in ids(bob.search_v2("ada", result_type="accounts").accounts)
    assert ids(bob.suggestions()) == ids(each.account for each in bob.suggestions_v2())
    assert ids(bob.suggestions_v1()) == ids(bob.suggestions())
    made = ada.filter_create("cricket", ["home"])
    assert ada.filter(made).phrase == "cricket"
    ada.filter_delete(made)


def test_single_filters_and_their_posts(ada: Mastodon, bob: Mastodon) -> None:
    made = ada.create_filter_v2("Ball games", ["home"], "warn")
    assert ada.filter_v2(made).title == "Ball games"
    filed = ada.add_filter_status_v2(made, bob.status_post("one game"))
    assert ada.filter_status_v2(filed).status_id == filed.status_id
    ada.delete_filter_v2(made)


def test_single_lists_and_hashtags(ada: Mastodon) -> None:
    made = ada.list_create("Rowers", exclusive=True)
    assert (ada.list(made).title, ada.list(made).exclusive) == ("Rowers", True)
    ada.list_delete(made)
    ada.status_post("at the #boathouse")
    tag = ada.tag("boathouse")
    assert (tag.name, tag.following) == ("boathouse", False)


def test_turning_a_follower_away(ada: Mastodon, bob: Mastodon) -> None:
    ada.account_update_credentials(locked=True)
    assert bob.account_follow(ada.me()).requested
    assert not ada.follow_request_reject(bob.me()).followed_by
    assert not bob.account_relationships(ada.me())[0].requested
    ada.account_update_credentials(locked=False)


def test_reading_on_from_page_to_page(place: Place) -> None:
    writer: Any = place.joined("walt")
    written = [writer.status_post(f"number {number}") for number in range(7)]
    newest_first = ids(reversed(written))
    page = writer.account_statuses(writer.me(), limit=3)
    assert ids(writer.pagination_iterator(page)) == newest_first
    pages = list(writer.pagination_page_iterator(page))
    assert [post for each in pages for post in ids(each)] == newest_first
    onward = writer.get_pagination_info(page, "next")
    assert ids(writer.pagination_iterator(onward)) == newest_first[3:]
    back = writer.fetch_next(onward)
    assert ids(writer.pagination_iterator(back, direction="previous"))[:6] == [
        *newest_first[3:6],
        *newest_first[:3],
    ]
    # What has pages, but is no list.
    fans = [place.joined(f"fan{number}") for number in range(3)]
    for fan in fans:
        fan.account_follow(writer.me())
        fan.status_favourite(written[0])
        fan.status_favourite(written[1])
    first = wait_for(lambda: writer.grouped_notifications(limit=1))
    groups = [
        group.group_key
        for each in writer.pagination_page_iterator(first)
        for group in each.notification_groups
    ]
    assert len(set(groups)) == 3  # who came earlier to a group stands on a later page
    found = writer.search_v2("fan", result_type="accounts", limit=2)
    names = [
        account.username
        for each in writer.pagination_page_iterator(found)
        for account in each.accounts
    ]
    assert sorted(names) == ["fan0", "fan1", "fan2"]


def test_what_else_the_place_tells(place: Place, ada: Mastodon) -> None:
    assert ada.instance_v2().domain == place.domain
    weeks = ada.instance_activity()
    assert len(weeks) == 12
    assert int(weeks[0].statuses) > 0
    assert ada.instance_peers() == []
    assert ada.instance_domain_blocks() == []
    assert ada.instance_translation_languages() == {}
    with pytest.raises(MastodonNotFoundError):
        ada.instance_terms_of_service()
    text = place.served.data.parent / "terms.txt"
    text.write_text("Be kind.")
    place.operate("admin", "terms", "publish", str(text))
    terms = wait_for(lambda: published(ada))
    assert "Be kind." in terms.content
    assert terms.effective is True
    with pytest.raises(MastodonNotFoundError):
        ada.instance_terms_of_service(date(2020, 1, 1))
    assert ada.annual_reports().annual_reports == []
    assert ada.annual_report_state(2025).state == "ineligible"


def published(member: Mastodon) -> object:
    """The terms that are in force; nothing before there are any."""
    try:
        return member.instance_terms_of_service()
    except MastodonNotFoundError:
        return None


def test_versions_times_and_languages(place: Place, ada: Mastodon, bob: Mastodon) -> None:
    program: Any = place.program(str(bob.access_token))
    assert program.retrieve_mastodon_version().startswith("4.")
    assert (program.mastodon_major, program.mastodon_api_version >= 7) == (4, True)
    assert program.verify_minimum_version("4.5.0", cached=True)
    assert program.get_supported_version()
    program.clear_caches()
    assert program.verify_minimum_version("4.5.0")
    assert abs(program.get_approx_server_time() - datetime.now()) < timedelta(minutes=1)  # noqa: DTZ005 (that of the library has no zone)
    for feed in ("public", "hashtag"):
        assert program.timeline_is_available(feed, fail_hard=True)
    program.set_language("de")
    assert program.account_lookup("ada").id == ada.me().id
    with pytest.raises(MastodonVersionError):
        program.reports()


def test_the_length_of_a_post_is_counted_alike(ada: Mastodon) -> None:
    most = ada.instance_v2().configuration.statuses.max_characters
    head = "👩‍👩‍👧 é https://example.org/a/very/long/path/that/counts/less @ada@example.org café "
    text = head + "x" * (most - ada.get_status_length(head))
    assert ada.get_status_length(text) == most
    assert len(text) != most
    assert ada.status_post(text, visibility="direct").id
    with pytest.raises(MastodonAPIError, match="character limit"):
        ada.status_post(text + "x", visibility="direct")


def test_pictures_are_described_with_an_edit(ada: Mastodon, picture: bytes) -> None:
    media = ada.media_post(picture, "image/png", description="before")
    post = ada.status_post("a hill", media_ids=[media])
    change = ada.generate_media_edit_attributes(media, description="after", focus=(0.25, -0.5))
    edited = ada.status_update(post.id, "a hill", media_attributes=[change])
    [shown] = edited.media_attachments
    assert (shown.description, shown.meta.focus.y) == ("after", -0.5)


def test_another_picture_stands_for_a_recording(ada: Mastodon, picture: bytes) -> None:
    media = ada.media_post(sound(), "audio/mpeg", synchronous=True)
    post = ada.status_post("a song", media_ids=[media])
    assert post.media_attachments[0].preview_url is None
    change = ada.generate_media_edit_attributes(
        media, description="waves", thumbnail=BytesIO(picture), thumb_mimetype="image/png"
    )
    edited = ada.status_update(post.id, "a song", media_attributes=[change])
    [shown] = edited.media_attachments
    assert (shown.id, shown.description) == (media.id, "waves")
    assert httpx2.get(shown.preview_url).status_code == 200
    change["thumbnail"] = "data:image/svg+xml;base64,PHN2Zy8+"
    with pytest.raises(MastodonAPIError, match="thumbnail"):
        ada.status_update(post.id, "a song", media_attributes=[change])


def test_credentials_that_are_kept(place: Place, ada: Any, tmp_path: Path) -> None:
    kept = tmp_path / "credentials"
    kept.write_text(ada.persistable_login_credentials())
    again = Mastodon(access_token=kept)
    assert again.me().id == ada.me().id
    assert again.api_base_url == place.url


def test_nothing_is_refreshed_behind_an_answer(ada: Mastodon) -> None:
    context = ada.status_context(ada.status_post("alone"))
    assert ada.get_async_refresh_info(context) is None
    assert ada.await_async_refresh(context) is context


def test_no_mail_is_sent_again_to_who_needs_none(ada: Mastodon) -> None:
    with pytest.raises(MastodonAPIError, match="confirm"):
        ada.email_resend_confirmation()


def test_posts_of_a_time(ada: Mastodon) -> None:
    before = datetime.now(UTC)
    post = ada.status_post("now")
    assert ids(ada.account_statuses(ada.me(), since_id=before - timedelta(seconds=1)))[0] == str(
        post.id
    )
