"""What the operators say about the place, as the other slices and the edges see it."""

from collections.abc import Mapping
from typing import Literal

import msgspec

Registrations = Literal["open", "approval", "invite", "closed"]


class PlaceSettings(msgspec.Struct, frozen=True, kw_only=True):
    """Settings that operators change while the server runs; texts are Markdown-free plain text.

    Attributes:
        registrations: who may sign up.
        title: the name of the place.
        description: one or two sentences.
        extended_description: the long text of the about page.
        privacy_policy: how the place handles personal data.
        contact_email: where people reach the operators; empty: nowhere.
        contact_username: the account that speaks for the place; empty: none.
        minimum_age: years a member must have; 0: not asked.
        approval_message: what a new member reads who waits for approval.
        closed_message: what is said where nobody may sign up.
        languages: main languages of the place.
        public_timelines: whether strangers may read the public timelines.
        profile_directory: whether the directory is there.
        trends: whether the place shows what is talked about.
        trends_unreviewed: whether it shows what no operator has approved, unless one has rejected
            it.
        password_grant: OAuth's password grant, for old scripts and test suites; leave it off.
        member_invites: whether every member may invite.
        status_url: where it is told whether the place works; empty: nowhere.
        authority_contact_email: where authorities reach the place (DSA Art. 11).
        contact_languages: languages in which people and authorities may write; none: the main
            languages of the place.
        postal_address: where letters on paper reach the operators.
        legal_representative: who acts for a place outside of the European Union in it (DSA Art.
            13), with their address.
        child_safety_contact_name: a person or an office that answers for the safety of children.
        child_safety_contact_email: how they are reached.
        child_safety_standards: what the place adds to the standards that it always names.
        terms_for_apps: whether apps, too, wait until a member has accepted new terms; else only
            pages ask.
    """

    registrations: Registrations = "open"
    title: str = "Rostra"
    description: str = ""
    extended_description: str = ""
    privacy_policy: str = ""
    contact_email: str = ""
    contact_username: str = ""
    minimum_age: int = 0
    approval_message: str = ""
    closed_message: str = ""
    languages: tuple[str, ...] = ("en",)
    public_timelines: bool = True
    profile_directory: bool = True
    trends: bool = True
    trends_unreviewed: bool = False
    password_grant: bool = False
    member_invites: bool = True
    terms_for_apps: bool = False
    status_url: str = ""
    authority_contact_email: str = ""
    contact_languages: tuple[str, ...] = ()
    postal_address: str = ""
    legal_representative: str = ""
    child_safety_contact_name: str = ""
    child_safety_contact_email: str = ""
    child_safety_standards: str = ""


class Measure(msgspec.Struct, frozen=True):
    """A measure against a flood that is in force. Times are UTC ms."""

    since: int
    until: int
    most: int = 0  # what it lets pass; what that means is the measure's own
    switch_id: int = 0  # what switched it on


class Surge(msgspec.Struct, frozen=True, kw_only=True):
    """What the place does against a flood, as moderation has switched it on; None: not.

    Attributes:
        hold_first_posts: the first public posts of new accounts wait for a look.
        slow_replies: so many replies a minute to one post, from all others than its author.
        close_sign_up: nobody may sign up.
    """

    hold_first_posts: Measure | None = None
    slow_replies: Measure | None = None
    close_sign_up: Measure | None = None

    def in_force(self, name: str, now: int) -> Measure | None:
        """The measure of this name, if it is in force at this time (UTC ms)."""
        found: Measure | None = getattr(self, name)
        return found if found is not None and found.until > now else None

    @property
    def any(self) -> bool:
        """Whether anything was switched on, and not off again."""
        return any(getattr(self, name) is not None for name in self.__struct_fields__)

    def running(self, now: int) -> dict[str, Measure]:
        """All that are in force at this time (UTC ms), by name."""
        found = {name: self.in_force(name, now) for name in self.__struct_fields__}
        return {name: measure for name, measure in found.items() if measure is not None}


class RuleWords(msgspec.Struct, frozen=True):
    """A rule in another language."""

    text: str
    hint: str


class Rule(msgspec.Struct, frozen=True):
    """One rule of the place, in its order; in other languages by their codes."""

    id: int
    position: int
    text: str
    hint: str
    translations: Mapping[str, RuleWords] = {}


class Thumbnail(msgspec.Struct, frozen=True):
    """The picture of the place: blob keys of a large and a small one, and what is on it."""

    key: str
    small_key: str
    blurhash: str = ""
    description: str = ""


class Terms(msgspec.Struct, frozen=True):
    """One version of the terms of service; its id is the version that members accept."""

    id: int
    text: str
    changelog: str
    effective_at: int  # UTC ms
    consent: int = 1  # 0: only the wording is new, and nobody is asked again


class EmojiRow(msgspec.Struct, frozen=True):
    """A custom emoji as it is stored."""

    id: int
    shortcode: str
    category: str
    image_key: str
    static_key: str
    visible: int
    updated_at: int


class CustomEmoji(msgspec.Struct, frozen=True, kw_only=True):
    """A picture that stands for a shortcode in texts."""

    shortcode: str
    url: str
    static_url: str
    visible_in_picker: bool
    category: str | None = None


EmojiBook = Mapping[str, CustomEmoji]


class Invite(msgspec.Struct, frozen=True):
    """An invitation; `max_uses` 0 has no limit, `expires_at` 0 never ends (UTC ms)."""

    id: int
    code: str
    created_by: int
    max_uses: int
    uses: int
    expires_at: int
    revoked_at: int

    def open_at(self, now: int) -> bool:
        """Whether somebody can sign up with it at this time (UTC ms)."""
        return (
            self.revoked_at == 0
            and (self.expires_at == 0 or self.expires_at > now)
            and (self.max_uses == 0 or self.uses < self.max_uses)
        )


class Place(msgspec.Struct, frozen=True, kw_only=True):
    """All of it, as one process knows it for a moment; `version` rises with every change."""

    version: int
    settings: PlaceSettings
    changed_at: Mapping[str, int]  # UTC ms by the name of a setting that was changed
    rules: tuple[Rule, ...]
    terms: tuple[Terms, ...]  # newest first
    emoji_version: int
    emojis: EmojiBook
    thumbnail: Thumbnail | None = None
    surge: Surge = Surge()
    loaded_at: int = 0  # UTC ms

    def terms_at(self, now: int) -> Terms | None:
        """The terms in force at this time (UTC ms); None where there are none."""
        return next((terms for terms in self.terms if terms.effective_at <= now), None)

    def terms_to_accept(self, accepted: int, now: int) -> Terms | None:
        """The terms in force, where a member has accepted only older ones (an id; 0: none).

        None where nothing is to be accepted: no terms, or only other words since.
        """
        since = next((each.effective_at for each in self.terms if each.id == accepted), -1)
        new = any(each.consent and since < each.effective_at <= now for each in self.terms)
        return self.terms_at(now) if new else None
