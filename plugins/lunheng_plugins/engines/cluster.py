"""What engines on a cluster share: settings, and work contained in a child of a cluster's worker.

The cluster schedules, and replaces its workers; a child process under limits does the work, so
that a document which crashes, hangs or hoards costs no worker of the cluster.
"""

from __future__ import annotations

import pickle
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from multiprocessing import current_process
from typing import Any, Generic, TypeVar

from lunheng.errors import PluginError
from lunheng.protocols import Lost
from lunheng_plugins.engines.local import LocalSettings, Pool

In = TypeVar("In")
Out = TypeVar("Out")

AHEAD = 4  # chunks a worker that are with the cluster at once


@dataclass(frozen=True, slots=True)
class ClusterSettings:
    """Settings of an engine on a cluster.

    ``address`` is where the cluster's scheduler listens (empty: a cluster on this machine, for the
    time of the run), ``jobs`` the number of workers that are started or used (0: one a core, or
    all that the cluster has), ``chunk`` how many items go to a worker at once; ``seconds`` and
    ``memory_mb`` limit one output as they do with the local engine.
    """

    address: str = ""
    jobs: int = 0
    chunk: int = 8
    seconds: float = 120.0
    memory_mb: int = 2048

    def __post_init__(self) -> None:
        """Refuse what cannot be meant."""
        if self.jobs < 0 or self.seconds < 0 or self.memory_mb < 0:
            raise ValueError("expected jobs, seconds and memory_mb of at least 0")
        if self.chunk < 1:
            raise ValueError("expected chunks of at least 1 item")


@dataclass(frozen=True, slots=True)
class Packed:
    """A pickled function on its way through a process that has no need to load it.

    Pickled once more, it arrives as the function itself.
    """

    data: bytes

    def __reduce__(self) -> tuple[Any, ...]:
        return pickle.loads, (self.data,)


class Contained(Generic[In, Out]):
    """Does chunks of work in child processes, one for each thread of the worker that asks.

    A child is started anew, not forked, as workers of clusters have threads; it stays for the next
    chunk until ``close``.
    """

    def __init__(self, settings: ClusterSettings, function: bytes) -> None:
        self._settings = LocalSettings(1, settings.seconds, settings.memory_mb, "spawn")
        self._function: Any = Packed(function)
        self._pools: list[Pool[In, Out]] = []
        self._idle: list[Pool[In, Out]] = []
        self._lock = threading.Lock()
        self._closed = False

    def run(self, items: Iterable[In]) -> list[tuple[In, Out] | Lost[In]]:
        """Return each item with each thing that the function yields for it, or as lost.

        Raises:
            PluginError: the worker may not have children, or was closed.
        """
        if current_process().daemon:
            raise PluginError(
                "expected workers that may start processes, found daemonic ones; start them with"
                " DASK_DISTRIBUTED__WORKER__DAEMON=False"
            )
        with self._pool() as pool:
            return list(pool.run(items))

    @contextmanager
    def _pool(self) -> Iterator[Pool[In, Out]]:
        """Lend a pool of one child to a thread."""
        with self._lock:
            if self._closed:
                raise PluginError("the worker was closed")
            if not self._idle:
                self._idle.append(Pool(self._settings, self._function))
                self._pools.append(self._idle[-1])
            pool = self._idle.pop()
        yield pool
        with self._lock:
            self._idle.append(pool)

    def close(self) -> None:
        """End all children, also those at work."""
        with self._lock:
            self._closed = True
            for pool in self._pools:
                pool.close()
            self._pools.clear()
            self._idle.clear()


def chunks(items: Iterable[In], size: int) -> Iterator[list[In]]:
    """Yield items in lists of ``size``, the last one as long as what is left."""
    upcoming = iter(items)
    while chunk := list(islice(upcoming, size)):
        yield chunk


def packed(function: Callable[[In], Iterable[Out]]) -> bytes:
    """Return a function pickled as it goes to the workers."""
    return pickle.dumps(function, pickle.HIGHEST_PROTOCOL)
