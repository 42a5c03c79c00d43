"""Programs elsewhere that are asked about posts, a section for each: `[adapters.NAME]`."""

from typing import Annotated, Final, Literal
from urllib.parse import urlsplit

from msgspec import Meta

from rostra.settings.sources import SECRET, Named

# How signals call the kinds of harm that they tell apart; all others by the slug of a category.
KEYS: Final = ("violence", "hate", "harassment", "spam")
SLUGS: Final = (
    "child_abuse",
    "terrorism",
    "threat_to_life",
    "violence_incitement",
    "self_harm",
    "nonconsensual_intimate",
    "hate",
    "harassment",
    "doxxing",
    "sexual_content",
    "minors_safety",
    "impersonation",
    "fraud_scam",
    "spam",
    "malware_phishing",
    "copyright",
    "trademark",
    "defamation",
    "privacy",
    "illegal_goods",
    "misinformation_civic",
    "animal_cruelty",
    "graphic_violence",
    "other_illegal",
    "other",
)
HARMS: Final = frozenset((*KEYS, *SLUGS))
# Signals of the house itself.
TAKEN: Final = frozenset({"account", "banks", "lists", "copies", "model", "rules"})


class Adapter(Named, frozen=True, kw_only=True):
    """A program elsewhere that is asked about posts after they are published.

    Off unless there is such a section; see [adapters](adapters.md).
    """

    form: Annotated[
        Literal["moderation", "chat", "hma"],
        Meta(
            description="What it speaks: OpenAI's moderation form, OpenAI's chat form (with the "
            "rules of the house as its prompt), or HMA's look-up of hashes of pictures."
        ),
    ]
    endpoint: Annotated[
        str,
        Meta(
            description="Its address, such as `https://api.example.org` or "
            "`http://127.0.0.1:11434`, without `/v1/…` or `/m/…`. By http only in a network that "
            "`allowed_networks` names."
        ),
    ]
    model: Annotated[
        str, Meta(description="The model that is asked; of a chat form it must be named.")
    ] = ""
    key: Annotated[
        str, Meta(description="Sent as `Authorization: Bearer …`; empty: nothing is.", extra=SECRET)
    ] = ""
    timeout_s: Annotated[
        float, Meta(description="Seconds that one answer may take.", gt=0, le=120)
    ] = 10.0
    share: Annotated[
        float,
        Meta(
            description="The share of posts that it is asked about; 0: those alone for which a "
            "[rule](rules-language.md) asks for it.",
            ge=0,
            le=1,
        ),
    ] = 1.0
    at_once: Annotated[
        int, Meta(description="Questions that are under way at a time.", ge=1, le=16)
    ] = 2
    most_waiting: Annotated[
        int,
        Meta(
            description="Posts that wait for it at most; while so many do, further ones are left "
            "out and counted.",
            ge=1,
            le=100_000,
        ),
    ] = 1_000
    visibilities: Annotated[
        tuple[Literal["public", "unlisted", "followers", "direct"], ...],
        Meta(
            description="Posts of which visibility it is asked about. Those for followers and "
            "direct ones go there only where they are named here.",
            min_length=1,
        ),
    ] = ("public", "unlisted")
    harms: Annotated[
        tuple[str, ...],
        Meta(
            description="Of a chat form: the harms that it is asked about (empty: `violence`, "
            "`hate`, `harassment`, `spam`). Of the others `theirs:ours`: what its categories, or "
            "HMA's banks, are here, `*` for any other bank (empty: OpenAI's categories)."
        ),
    ] = ()
    case_from: Annotated[
        float,
        Meta(description="Scores from this on open a case, or join one.", gt=0, le=1),
    ] = 0.8
    answers: Annotated[
        Literal["schema", "object"],
        Meta(
            description="How a chat form is told to answer in JSON: by a schema, or, where it "
            "knows none, as any object."
        ),
    ] = "schema"
    allowed_networks: Annotated[
        tuple[str, ...],
        Meta(
            description="Networks (CIDR) in which it is called although they are not public, such "
            "as `127.0.0.1/32`; as for `push.allowed_networks`."
        ),
    ] = ()

    @property
    def asked(self) -> tuple[str, ...]:
        """Of a chat form: the harms that it is asked about."""
        return self.harms or KEYS

    @property
    def translated(self) -> dict[str, str]:
        """Of the other forms: ours by theirs, as far as `harms` says."""
        return {theirs: ours for theirs, _, ours in (each.rpartition(":") for each in self.harms)}

    @property
    def port(self) -> int:
        """The port of its address."""
        at = urlsplit(self.endpoint)
        return at.port or (443 if at.scheme == "https" else 80)

    def fault(self) -> tuple[str, str] | None:
        """What its settings lack together."""
        wrong = (
            ("", self.name in TAKEN, f"a signal of the house is called {self.name} already"),
            ("endpoint", not self.endpoint, "an address is needed"),
            (
                "endpoint",
                self.endpoint.startswith("http:") and not self.allowed_networks,
                "only an address in `allowed_networks` is called by http",
            ),
            ("model", self.form == "chat" and not self.model, "a chat form needs a model"),
            ("harms", *self._wrong_harms()),
        )
        return next(((key, why) for key, is_wrong, why in wrong if is_wrong), None)

    def _wrong_harms(self) -> tuple[bool, str]:
        if self.form == "hma" and not self.harms:
            return True, "HMA needs `bank:harm`, or `*:harm` for any bank"
        plain = [each for each in self.harms if ":" not in each]
        if self.form != "chat" and plain:
            return True, f"{plain[0]!r} is not `theirs:ours`"
        named = self.harms if self.form == "chat" else self.translated.values()
        strange = [harm for harm in named if harm not in HARMS]
        return bool(strange), f"there is no harm {strange[0]!r}" if strange else ""
