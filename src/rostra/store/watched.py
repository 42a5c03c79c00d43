"""Which tables the journal watches, and which it leaves out and why.

Every table stands in one of the two: whoever adds one says whether what is deleted from it may come
back with an old copy. Only keys, numbers and hashes are kept of a row, and what a decision does; no
words of anybody.
"""

from typing import Final

import msgspec


class Watch(msgspec.Struct, frozen=True):
    """What is noted of a table.

    Attributes:
        kept: of rows that are made or changed, these columns: they are there again.
        changed: of rows that are changed, these columns: they are as they were last.
        gone: whether deleted rows are noted.
    """

    kept: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    gone: bool = True


def _names(text: str) -> tuple[str, ...]:
    return tuple(text.split())


WATCHED: Final[dict[str, Watch]] = {
    # Posts, media and accounts: whatever hangs on them goes with them.
    "posts": Watch(),
    "media": Watch(),
    "accounts": Watch(changed=("state",)),
    "scheduled_posts": Watch(),
    # What was brought in and then deleted is not brought in again, whatever copy is restored.
    "post_origins": Watch(kept=_names("account_id origin post_id gone"), gone=False),
    "archives": Watch(),
    "imports": Watch(),
    "import_chunks": Watch(),
    "conversations": Watch(),
    "conversation_members": Watch(),
    "conversation_posts": Watch(),
    "notifications": Watch(),
    # What a member takes back.
    "quotes": Watch(changed=("state",), gone=False),  # by whoever is quoted
    "favourites": Watch(),
    "bookmarks": Watch(),
    "pins": Watch(),
    "follows": Watch(),
    "follow_requests": Watch(),
    "endorsements": Watch(),
    "tag_follows": Watch(),
    "featured_tags": Watch(),
    "lists": Watch(),
    "list_accounts": Watch(),
    "filters": Watch(),
    "filter_keywords": Watch(),
    "filter_posts": Watch(),
    "account_notes": Watch(),
    "cleanup_rules": Watch(),
    "notification_permissions": Watch(),
    # Whom members do not want to see.
    "blocks": Watch(kept=("id",)),
    "mutes": Watch(kept=_names("id notifications expires_at")),
    "thread_mutes": Watch(kept=_names("account_id")),
    "suggestion_dismissals": Watch(kept=_names("account_id")),
    # Who may come in.
    "users": Watch(
        changed=_names(
            "password_hash role duties disabled_at leaves_at totp_secret totp_last_step "
            "totp_pending"
        ),
        gone=False,  # with the account
    ),
    "oauth_apps": Watch(),
    "oauth_tokens": Watch(),
    "sessions": Watch(),
    "push_subscriptions": Watch(),
    "recovery_codes": Watch(kept=_names("account_id code_hash")),
    "passkeys": Watch(
        kept=_names(
            "account_id credential_id public_key sign_count transports backed_up created_at"
        )
    ),
    "invites": Watch(changed=_names("uses revoked_at")),
    "webhooks": Watch(changed=_names("enabled generation rotated_at")),
    # What the team decides, and takes away from itself.
    "decisions": Watch(
        kept=_names(
            "kind state undoes_id undone_by case_id cluster_id actions category ground clause_id "
            "clause_version source machine_found machine_decided rule_id strikes strikes_until "
            "ends_at actor_id second_id panel_id subjects_count done_count created_at applied_at"
        )
    ),
    "decision_subjects": Watch(kept=_names("account_id case_id state")),
    "restrictions": Watch(
        kept=_names(
            "decision_id subject_kind subject_id account_id action data ends_at ended_at created_at"
        )
    ),
    "statements": Watch(kept=_names("decision_id account_id taken_back_at created_at")),
    "trends": Watch(changed=_names("decision decided_at of_publisher"), gone=False),
    "trend_publishers": Watch(kept=_names("decision decided_at")),
    "standing_decisions": Watch(changed=_names("ends_at ended_at ended_by")),
    "screening_rules": Watch(changed=_names("state state_at switched_by")),
    "screening_lists": Watch(),
    "screening_list_entries": Watch(),
    "hash_banks": Watch(),
    "hash_bank_items": Watch(),
    "trusted_flaggers": Watch(),
    "reviewed_categories": Watch(),
    "panel_members": Watch(changed=("state",)),
    "message_templates": Watch(),
    "announcements": Watch(),
    "custom_emojis": Watch(),
    "instance_settings": Watch(),
    "rules": Watch(),
    "rule_translations": Watch(),
    "terms": Watch(),
}

LEFT_OUT: Final = frozenset(
    {
        # Parts of a post, which go with it.
        *_names("post_texts post_mentions post_tags post_edits post_cards post_labels hidden_on"),
        *_names("public_posts polls poll_options poll_votes interaction_requests"),
        # Parts of an account, which go with it.
        *_names("profiles withheld_profiles slowed_accounts markers notification_policies"),
        *_names("reporter_standings"),
        # Made again by themselves, or for minutes only.
        *_names("home arrivals jobs dead_jobs schedules idempotency_keys tags cards"),
        *_names("called_domains oauth_codes email_tokens passkey_challenges import_kept"),
        *_names("adapter_circuits adapter_days adapter_waiting webhook_deliveries push_keys"),
        # Deleted when their time has come, which it has in an old copy as well.
        *_names("evidence evidence_texts evidence_files evidence_log statement_links"),
        *_names("notices notice_addresses notice_messages outside_links outside_parts"),
        *_names("outside_reports copy_keys copy_posts copy_texts hash_matches hash_look_backs"),
        *_names("withheld_files kept_files"),
        # Never deleted but with what they are about: records of the team.
        *_names("reports report_posts report_rules cases case_events case_keys case_reports"),
        *_names("case_skips case_traits clusters cluster_events appeals panels panel_seats"),
        *_names("reviews rule_harms rule_holds rule_tryouts rule_versions reserved_names"),
        *_names("screening_judgements screening_rule_log screening_rule_versions"),
        *_names("standing_applied surge_holds surge_log surge_terms"),
        *_names("ledger ledger_checkpoints ledger_heads ledger_salts journal lifeboat_marks"),
        # The operator's list of providers; nothing of a member is in it.
        *_names("parties"),
        # Counts of other things.
        *_names("announcement_reactions announcement_reactors announcement_reads"),
        *_names("pace_alarms pace_heads pace_tallies screening_rule_catches screening_rule_hours"),
        *_names("screening_states screening_tallies screening_tally_heads trend_days trend_hours"),
        *_names("trend_uses"),
    }
)
