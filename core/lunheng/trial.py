"""Load plugins in a child process first: one that hangs or crashes there harms nobody else.

An exception can be caught, an endless loop or a crash of the interpreter cannot. So plugins that
do not come with Lunheng are loaded here once before a command loads them itself.
"""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from lunheng.children import Ended, watched
from lunheng.errors import ConfigError, PluginError
from lunheng.plugins import BUILT_IN, PluginEntry, load

LIMIT = "LUNHENG_LOAD_SECONDS"
SECONDS = 60.0

Fill = Callable[[PluginEntry, type], Any]


@dataclass(frozen=True, slots=True)
class Trial:
    """How loading a plugin went: the seconds it took, and what was wrong (nothing: empty)."""

    seconds: float
    problem: str = ""


def attempt(
    entries: Iterable[PluginEntry], fill: Fill, seconds: float = 0
) -> dict[PluginEntry, Trial]:
    """Load plugins one after the other in a child process, each within ``seconds``.

    The limit is 60 seconds, or what the environment says (``LUNHENG_LOAD_SECONDS``), if none is
    given.
    The child is replaced when a plugin takes it down. A setting that does not fit is no problem
    here: whoever loads the plugin meets it, and can say where it was set.
    """
    limit = seconds or _limit()
    left = list(entries)
    found: dict[PluginEntry, Trial] = {}
    while left:
        for trial in watched(_load_each, (tuple(left), fill), limit):
            entry = left.pop(0)
            if isinstance(trial, Ended):
                problem = f"{entry}: cannot be loaded: {trial.reason} ({LIMIT})"
                trial = Trial(trial.seconds, problem)
            found[entry] = trial
    return found


def foreign(entry: PluginEntry) -> bool:
    """Say whether a plugin comes from elsewhere than Lunheng itself."""
    return entry.loose or entry.distribution != BUILT_IN


def _limit() -> float:
    """Return how many seconds loading a plugin may take.

    Raises:
        ConfigError: the environment says something else than a number above 0.
    """
    given = os.environ.get(LIMIT, "")
    with suppress(ValueError):
        seconds = float(given or SECONDS)
        if 0 < seconds < threading.TIMEOUT_MAX:
            return seconds
    raise ConfigError(f"{LIMIT}: expected a number of seconds above 0, found {given!r}")


def _load_each(entries: Sequence[PluginEntry], fill: Fill) -> Iterator[Trial]:
    """Load plugins in this process and yield how each went."""
    for entry in entries:
        begun = time.perf_counter()
        problem = ""
        try:
            load(entry, fill)
        except PluginError as error:
            problem = str(error)
        except ConfigError:
            pass
        yield Trial(time.perf_counter() - begun, problem)
