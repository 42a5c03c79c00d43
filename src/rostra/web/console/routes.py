"""Every page and form of the console."""

from typing import Any

from rostra.web.console import (
    appeals,
    case,
    clusters,
    deciding,
    decisions,
    evidence,
    ledger,
    letters,
    messages,
    pace,
    panels_page,
    queue,
    readiness,
    reporters,
    rules,
    standing,
    surge,
    team,
    work,
)
from rostra.web.route import Route

ROUTES: tuple[Route[Any], ...] = (
    *appeals.ROUTES,
    *case.ROUTES,
    *clusters.ROUTES,
    *deciding.ROUTES,
    *decisions.ROUTES,
    *evidence.ROUTES,
    *ledger.ROUTES,
    *letters.ROUTES,
    *messages.ROUTES,
    *pace.ROUTES,
    *panels_page.ROUTES,
    *queue.ROUTES,
    *readiness.ROUTES,
    *rules.ROUTES,
    *reporters.ROUTES,
    *standing.ROUTES,
    *surge.ROUTES,
    *team.ROUTES,
    *work.ROUTES,
)
