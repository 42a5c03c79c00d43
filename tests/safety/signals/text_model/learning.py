"""A few sentences to learn from, made of parts, so that what is learned can be told beforehand."""

import itertools

_WHO = ("teachers", "nurses", "players", "drivers", "bakers", "voters", "singers", "miners")
_WILL = ("i will", "we will", "tomorrow i will", "somebody must", "they should")
_HARM = ("stab", "shoot", "strangle")
_CARE = ("thank", "visit", "applaud")


def sentences() -> list[dict[str, object]]:
    """Threats (violence) and harmless ones (benign), half and half, of all splits."""
    found: list[dict[str, object]] = []
    for number, (will, who) in enumerate(itertools.product(_WILL, _WHO)):
        split = ("train", "train", "val", "test")[(number + number // 8) % 4]
        for harm, care in zip(_HARM, _CARE, strict=True):
            shared = {"split": split, "source": "made up"}
            found.append(
                shared
                | {"text": f"{will} {harm} all {who}", "violence": 1, "hate": 0, "target": who}
            )
            found.append(
                shared | {"text": f"{will} {care} all {who}", "benign": 1, "kind": "contrast"}
            )
    return found
