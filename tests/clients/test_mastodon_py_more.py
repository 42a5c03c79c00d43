"""Mastodon.py over a real socket: lists, filters, inboxes and the rest of what members arrange."""

from datetime import UTC, datetime, timedelta

import pytest
from mastodon import Mastodon, MastodonNotFoundError
from tests.clients.place import Place, ids
from tests.harness.patience import wait_for
from tests.pictures import photo


def test_lists(ada: Mastodon, bob: Mastodon) -> None:
    ada.account_follow(bob.me().id)
    friends = ada.list_create("Friends", replies_policy="none")
    ada.list_accounts_add(friends, [bob.me().id])
    assert ids(ada.list_accounts(friends)) == ids([bob.me()])
    assert ids(ada.account_lists(bob.me().id)) == ids(ada.lists()) == ids([friends])
    post = bob.status_post("for those who list me")
    assert ids(ada.timeline_list(friends))[0] == str(post.id)
    renamed = ada.list_update(friends, "Close friends", exclusive=True)
    assert (renamed.title, renamed.exclusive) == ("Close friends", True)
    assert str(post.id) not in ids(ada.timeline_home())
    ada.list_accounts_delete(friends, [bob.me().id])
    assert ids(ada.list_accounts(friends)) == []
    ada.list_delete(friends)
    assert ada.lists() == []


def test_filters(ada: Mastodon, bob: Mastodon) -> None:
    ada.account_follow(bob.me().id)
    made = ada.create_filter_v2(
        "Sports", ["home", "public"], "warn", keywords_attributes=[{"keyword": "football"}]
    )
    post = bob.status_post("football again")
    [seen] = [each for each in ada.timeline_home() if each.id == post.id]
    assert [each.filter.title for each in seen.filtered] == ["Sports"]
    word = ada.add_filter_keyword_v2(made, "tennis", whole_word=True)
    assert {each.keyword for each in ada.filter_keywords_v2(made)} == {"football", "tennis"}
    ada.delete_filter_keyword_v2(word)
    single = ada.add_filter_status_v2(made, post)
    assert ids(ada.filter_statuses_v2(made)) == ids([single])
    ada.delete_filter_status_v2(single)
    assert (
        ada.update_filter_v2(made, title="Ball games", filter_action="hide").title == "Ball games"
    )
    assert ids(ada.filters_v2()) == ids([made])
    [seen] = [each for each in ada.timeline_home() if each.id == post.id]
    assert [each.filter.filter_action for each in seen.filtered] == ["hide"]  # what apps obey
    ada.delete_filter_v2(made)
    assert ada.filters_v2() == []


@pytest.mark.filterwarnings("ignore::mastodon.errors.MastodonDeprecationWarning")
def test_filters_as_old_apps_know_them(ada: Mastodon, bob: Mastodon) -> None:
    made = ada.filter_create("cricket", ["home"], whole_word=False, expires_in=3600)
    assert ids(ada.filters()) == ids([made])
    posts = [bob.status_post("cricket"), bob.status_post("chess")]
    assert ids(ada.filters_apply(posts, ada.filters(), "home")) == ids(posts[1:])
    assert ada.filter_update(made, phrase="baseball", context=["home"]).phrase == "baseball"
    ada.filter_delete(made)
    assert ada.filters() == []


def test_posts_that_appear_later(ada: Mastodon) -> None:
    soon = datetime.now(UTC) + timedelta(hours=2)
    planned = ada.status_post("tomorrow's news", scheduled_at=soon)
    assert ids(ada.scheduled_statuses()) == ids([planned])
    assert ada.scheduled_status(planned).params.text == "tomorrow's news"
    moved = ada.scheduled_status_update(planned, soon + timedelta(hours=1))
    assert moved.scheduled_at - soon > timedelta(minutes=59)
    ada.scheduled_status_delete(planned)
    assert ada.scheduled_statuses() == []


def test_an_inbox(place: Place, ada: Mastodon) -> None:
    cid = place.joined("cid")
    post = cid.status_post("@ada between us", visibility="direct")
    [talk] = ada.conversations()
    assert (talk.unread, talk.last_status.id, ids(talk.accounts)) == (
        True,
        post.id,
        ids([cid.me()]),
    )
    assert ada.conversations_read(talk).unread is False
    assert ids(cid.conversations()) != []


def test_hashtags_followed_and_featured(ada: Mastodon, bob: Mastodon) -> None:
    assert ada.tag_follow("gardening").following
    assert [tag.name for tag in ada.followed_tags()] == ["gardening"]
    post = bob.status_post("roses #gardening")
    assert str(post.id) in ids(ada.timeline_home())
    assert not ada.tag_unfollow("gardening").following
    assert bob.tag_feature("gardening").featuring
    assert [tag.name for tag in ada.account_featured_tags(bob.me().id)] == ["gardening"]
    assert not bob.tag_unfeature("gardening").featuring
    featured = bob.featured_tag_create("roses")
    assert ids(bob.featured_tags()) == ids([featured])
    bob.featured_tag_delete(featured)
    assert "gardening" in [tag.name for tag in bob.featured_tag_suggestions()]


def test_people_one_shows_and_meets(place: Place, ada: Mastodon, bob: Mastodon) -> None:
    ada.account_follow(bob.me().id)
    assert ada.account_endorse(bob.me().id).endorsed
    assert ids(ada.endorsements()) == ids([bob.me()])
    assert not ada.account_unendorse(bob.me().id).endorsed
    dora = place.joined("dora")
    dora.account_follow(ada.me().id)
    [familiar] = dora.account_familiar_followers(bob.me().id)
    assert ids(familiar.accounts) == ids([ada.me()])
    assert not ada.account_remove_from_followers(dora.me().id).followed_by
    bob.account_update_credentials(discoverable=True)
    assert str(bob.me().id) in ids(dora.directory(local=True, order="new"))
    for suggested in dora.suggestions_v2():
        dora.suggestion_delete(suggested.account.id)
    assert dora.suggestions_v2() == []


def test_notifications_in_groups(ada: Mastodon, bob: Mastodon) -> None:
    ada.notifications_clear()
    post = ada.status_post("like me")
    bob.status_favourite(post)
    told = wait_for(lambda: ada.grouped_notifications().notification_groups)
    assert [(group.type, group.notifications_count) for group in told] == [("favourite", 1)]
    key = told[0].group_key
    assert ids(ada.grouped_notification_accounts(key)) == ids([bob.me()])
    assert ada.grouped_notification(key).notification_groups[0].group_key == key
    assert ada.unread_grouped_notifications_count() == 1
    ada.dismiss_grouped_notification(key)
    assert ada.grouped_notifications().notification_groups == []


def test_whom_to_hear_of(place: Place, ada: Mastodon) -> None:
    ada.update_notifications_policy(for_not_following="filter")
    stranger = place.joined("stranger")
    stranger.status_post("@ada hello")
    [asked] = wait_for(ada.notification_requests)
    assert asked.account.id == stranger.me().id
    assert ada.notification_request(asked).id == asked.id
    assert ada.notifications_policy().summary.pending_requests_count == 1
    ada.accept_notification_request(asked)
    assert wait_for(ada.notifications_merged) is True
    assert ids(ada.notification_requests()) == []
    stranger.status_post("@ada hello again")
    assert stranger.me().id in [each.account.id for each in ada.notifications()]
    assert ada.update_notifications_policy(for_not_following="accept").for_not_following == "accept"


def test_a_device_subscribes(ada: Mastodon) -> None:
    _, public = ada.push_subscription_generate_keys()
    made = ada.push_subscription_set(
        "https://push.example/device", public, mention_events=True, follow_events=False
    )
    assert (made.endpoint, made.alerts.mention) == ("https://push.example/device", True)
    assert ada.push_subscription().id == made.id
    assert ada.push_subscription_update(favourite_events=True).alerts.favourite is True
    ada.push_subscription_delete()
    with pytest.raises(MastodonNotFoundError):
        ada.push_subscription()


def test_profiles_as_new_apps_edit_them(ada: Mastodon) -> None:
    changed = ada.profile_update(display_name="Ada L.", fields=[("Where", "Graz")])
    assert changed.display_name == ada.profile().display_name == "Ada L."
    assert ada.me().display_name == "Ada L."
    assert ada.preferences()["posting:default:visibility"] == "public"


def test_several_at_once(ada: Mastodon, bob: Mastodon) -> None:
    posts = [ada.status_post("one"), bob.status_post("two")]
    assert set(ids(ada.statuses([post.id for post in posts]))) == set(ids(posts))
    both = [ada.me(), bob.me()]
    assert set(ids(ada.accounts([each.id for each in both]))) == set(ids(both))


def test_pictures_are_described_later(ada: Mastodon) -> None:
    picture = ada.media_post(bytes(photo().pngsave_buffer()), "image/png")
    described = ada.media_update(picture, description="a hill", focus=(0.5, -0.5))
    assert (described.description, described.meta.focus.x) == ("a hill", 0.5)
    assert ada.media(picture).description == "a hill"


def test_drafts_of_edits_and_histories(ada: Mastodon) -> None:
    post = ada.status_post("first words", spoiler_text="careful")
    assert ada.status_source(post).text == "first words"
    ada.status_update(post, "second words")
    assert len(ada.status_history(post)) == 2
    assert ada.status_mute(post).muted
    assert not ada.status_unmute(post).muted


def test_what_the_place_says_of_itself(place: Place, ada: Mastodon) -> None:
    assert ada.announcements() == []
    assert "en" in [language.code for language in ada.instance_languages()]
    assert ada.instance_rules() == []
    assert ada.oauth_authorization_server_info().issuer.rstrip("/") == place.url
    assert ada.domain_blocks() == []
    assert ada.instance_nodeinfo().software.name == "rostra"
    assert ada.instance_health() is True
