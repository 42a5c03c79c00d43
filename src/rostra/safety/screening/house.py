"""The signals of the house, as far as the settings want them."""

import logging
from collections.abc import Callable
from functools import cached_property
from typing import Final

from rostra.safety.copies.signal import CopiesSignal
from rostra.safety.signals.account import AccountSignal
from rostra.safety.signals.model import Cost, Finding, Material, NotReady, Signal, Takes
from rostra.safety.signals.text_model.signal import TextModel, load
from rostra.safety.signals.text_model.weights import BadFile
from rostra.settings import Screening

_log = logging.getLogger(__name__)


class PackagedModel:
    """The text model of the package, read when it is first asked for: commands need none.

    Where its file can't be read it judges nothing, and each judgement says that it failed.

    Args:
        read: reads it.
    """

    name = TextModel.name
    cost = Cost.MICROSECONDS
    takes = Takes.TEXT

    def __init__(self, read: Callable[[], TextModel] = load) -> None:
        self._read = read

    @cached_property
    def model(self) -> TextModel | None:
        """The model; reading it takes some tenths of a second."""
        try:
            return self._read()
        except (OSError, BadFile):
            _log.warning("the text model can't be read, and judges nothing", exc_info=True)
            return None

    @property
    def version(self) -> str:
        """Of the trained file."""
        return self.model.version if self.model else ""

    def judge(self, material: Material) -> Finding | None:
        """See `TextModel.judge`.

        Raises:
            NotReady: there is no model.
        """
        if self.model is None:
            raise NotReady(self.name)
        return self.model.judge(material)


_ALL: Final[tuple[Signal, ...]] = (AccountSignal(), CopiesSignal(), PackagedModel())


def house_signals(settings: Screening) -> tuple[Signal, ...]:
    """Those that judge wherever this process runs."""
    return tuple(each for each in _ALL if each.name in settings.signals)


def warm(settings: Screening) -> None:
    """Read what takes a while to be read, before the first post asks for it."""
    for each in house_signals(settings):
        _log.debug("a signal is ready", extra={"signal": each.name, "version": each.version})
