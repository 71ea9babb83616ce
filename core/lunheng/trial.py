"""Load plugins in a child process first: one that hangs or crashes there harms nobody else.

An exception can be caught, an endless loop or a crash of the interpreter cannot. So plugins that
do not come with Lunheng are loaded here once before a command loads them itself.
"""

from __future__ import annotations

import faulthandler
import os
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing import get_context
from multiprocessing.connection import Connection
from typing import Any

from lunheng.children import how_it_ended, leave_streams, limit_memory, start_method
from lunheng.errors import ConfigError, PluginError
from lunheng.plugins import BUILT_IN, PluginEntry, load

LIMIT = "LUNHENG_LOAD_SECONDS"
SECONDS = 60.0
MEMORY = 8 << 30

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
        for trial in _in_a_child(left, fill, limit):
            found[left.pop(0)] = trial
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


def _in_a_child(entries: Sequence[PluginEntry], fill: Fill, seconds: float) -> list[Trial]:
    """Return how loading went for the first plugins, up to one that took the child down."""
    context: Any = get_context(start_method())
    ours, theirs = context.Pipe(duplex=False)
    process = context.Process(target=_load_each, args=(theirs, entries, fill), daemon=True)
    process.start()
    theirs.close()
    trials: list[Trial] = []
    try:
        for entry in entries:
            begun = time.monotonic()
            if not ours.poll(seconds):
                problem = f"{entry}: cannot be loaded: no end within {seconds:g} seconds ({LIMIT})"
                trials.append(Trial(time.monotonic() - begun, problem))
                break
            try:
                trials.append(ours.recv())
            except (EOFError, OSError):
                process.join(1)
                ended = how_it_ended(process.exitcode)
                problem = f"{entry}: cannot be loaded: the process {ended}"
                trials.append(Trial(time.monotonic() - begun, problem))
                break
    finally:
        process.kill()
        process.join()
        process.close()
        ours.close()
    return trials


def _load_each(connection: Connection, entries: Iterable[PluginEntry], fill: Fill) -> None:
    """Load plugins in this process and send how each went."""
    faulthandler.disable()  # the parent tells of a crash, in one line
    leave_streams(silent=True)
    limit_memory(MEMORY)
    for entry in entries:
        begun = time.perf_counter()
        problem = ""
        try:
            load(entry, fill)
        except PluginError as error:
            problem = str(error)
        except ConfigError:
            pass
        connection.send(Trial(time.perf_counter() - begun, problem))
    os._exit(0)  # whatever a plugin left running
