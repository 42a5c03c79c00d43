"""Every endpoint of moderation."""

from typing import Any

from rostra.api.endpoint import Endpoint
from rostra.api.safety import (
    appeals,
    cases,
    clusters,
    decisions,
    evidence,
    flaggers,
    ledger,
    notices,
    outside,
    pace,
    panel,
    panels,
    reporters,
    surge,
    team,
    templates,
    transparency,
    webhooks,
)

ENDPOINTS: tuple[Endpoint[Any], ...] = (
    *appeals.ENDPOINTS,
    *cases.ENDPOINTS,
    *clusters.ENDPOINTS,
    *decisions.ENDPOINTS,
    *evidence.ENDPOINTS,
    *flaggers.ENDPOINTS,
    *notices.ENDPOINTS,
    *ledger.ENDPOINTS,
    *pace.ENDPOINTS,
    *outside.ENDPOINTS,
    *reporters.ENDPOINTS,
    *surge.ENDPOINTS,
    *panel.ENDPOINTS,
    *panels.ENDPOINTS,
    *team.ENDPOINTS,
    *templates.ENDPOINTS,
    *transparency.ENDPOINTS,
    *webhooks.ENDPOINTS,
)
