"""The `rostra` program: its commands, each loaded only when it is the one that was asked for."""

import sys
from importlib.metadata import version

from cyclopts import App

app = App(
    name="rostra",
    help="A social network server for people who run a community and must not lose it.",
    version=lambda: f"rostra {version('rostra')}",
)

COMMANDS = {
    "serve": ("rostra.cli.serve:serve", "Run the server: web, background work and schedule."),
    "demo": ("rostra.cli.demo:demo", "Fill a server with a small lively town, then run it."),
    "admin": (
        "rostra.cli.admin:app",
        "Accounts, tokens, roles, invites, settings, gates.",
    ),
    "ledger": ("rostra.cli.ledger:app", "The record of decisions: check it, sign its end."),
    "migrate": ("rostra.cli.migrate:migrate", "Bring the database to the newest schema."),
    "pace": ("rostra.cli.pace:pace", "How moderation keeps pace: times, what is late, forecast."),
    "transparency": (
        "rostra.cli.transparency:app",
        "Statements of reasons and reports for the public and authorities.",
    ),
    "rules": ("rostra.cli.rules:app", "Rules for screening: check them, try them on the past."),
    "rehearse": (
        "rostra.cli.rehearse.command:app",
        "Rehearse a week in which moderation must keep pace.",
    ),
    "doctor": ("rostra.cli.doctor:doctor", "Tell what is wrong with a server, and what to do."),
}
"""Every command: where it is, and its line in `rostra --help`."""

for _name, (_place, _help) in COMMANDS.items():
    app.command(_place, name=_name, help=_help)


def main() -> None:
    """Run the command that the arguments name."""
    try:
        app()
    except KeyboardInterrupt:
        sys.exit(130)  # as shells have it: ended by SIGINT


if __name__ == "__main__":
    main()
