"""The `rostra` program: its commands, each loaded only when it is the one that was asked for."""

import gc
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
    "lists": (
        "rostra.cli.lists:app",
        "Lists of phrases, words, patterns and domains for screening.",
    ),
    "migrate": ("rostra.cli.migrate:migrate", "Bring the database to the newest schema."),
    "pace": ("rostra.cli.pace:pace", "How moderation keeps pace: times, what is late, forecast."),
    "transparency": (
        "rostra.cli.transparency:app",
        "Statements of reasons and reports for the public and authorities.",
    ),
    "rules": ("rostra.cli.rules:app", "Rules for screening: check, try, keep, switch them."),
    "banks": ("rostra.cli.banks:app", "Banks of hashes: pictures and files that are known."),
    "model": ("rostra.cli.model:app", "The text model of screening: train it, measure it, ask it."),
    "rehearse": (
        "rostra.cli.rehearse.command:app",
        "Rehearse a week in which moderation must keep pace.",
    ),
    "ark": ("rostra.cli.ark:app", "Sealed copies at other parties: make, check, restore them."),
    "drill": (
        "rostra.cli.drill.command:drill",
        "Is the newest copy a network that works, and how fast? Tried on a throw-away directory.",
    ),
    "export": ("rostra.cli.takeout:export_all", "Write the whole network as plain files."),
    "import": (
        "rostra.cli.takeout:import_all",
        "Make a network of such files, in an empty database of either kind.",
    ),
    "move": ("rostra.cli.move:move", "Move the network to this machine, from the places alone."),
    "dns": ("rostra.cli.dns:app", "Lead the names of this network to a host."),
    "certificate": (
        "rostra.cli.certificate:certificate",
        "A certificate for the names of this network, before they lead here.",
    ),
    "renew": ("rostra.cli.renew:renew", "New keys and secrets, after others may have had them."),
    "parties": (
        "rostra.cli.parties:app",
        "Outside parties: who they are, their seconds, their rehearsals.",
    ),
    "fence": ("rostra.cli.fence:app", "Which copy of this network may write: ask, claim, release."),
    "lifeboat": (
        "rostra.cli.lifeboat:app",
        "A page elsewhere that says how this network stands, and keeps it readable.",
    ),
    "doctor": ("rostra.cli.doctor:doctor", "Tell what is wrong with a server, and what to do."),
}
"""Every command: where it is, and its line in `rostra --help`."""

for _name, (_place, _help) in COMMANDS.items():
    app.command(_place, name=_name, help=_help)


# Young objects that are made before they are looked through for garbage, how often until those that
# stayed are as well, and how often until all are. What is imported stays: to look through all of it
# ten times took a fifth of the start.
_COLLECTED_AFTER = (5_000, 10, 20)


def main() -> None:
    """Run the command that the arguments name."""
    gc.set_threshold(*_COLLECTED_AFTER)
    try:
        app()
    except KeyboardInterrupt:
        sys.exit(130)  # as shells have it: ended by SIGINT


if __name__ == "__main__":
    main()
