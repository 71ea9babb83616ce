"""Worker processes on this machine, each under a limit of time and memory.

A worker that dies, hangs or hoards loses the one item it was working on and is replaced. The
parent keeps a second small item in each worker's pipe, so that workers need not wait for it.
"""

from __future__ import annotations

import os
import pickle
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from multiprocessing import get_all_start_methods, get_context
from multiprocessing.connection import Connection, wait
from typing import Any, Generic, TypeVar

import psutil

from lunheng import hookimpl
from lunheng.children import how_it_ended, start_method
from lunheng.protocols import Lost
from lunheng_plugins.engines.worker import ERROR, OUTPUT, READY, serve

In = TypeVar("In")
Out = TypeVar("Out")

LOADING = 60.0  # seconds that a worker may take at least until it has loaded its function
LOOK_EVERY = 0.2  # seconds between looks at the workers' time and memory
AHEAD = 2  # items in a worker's hands: the one it works on, and the next
SMALL = 16 * 1024  # two items of this size always fit into a pipe, so sending never blocks


@dataclass(frozen=True, slots=True)
class LocalSettings:
    """Settings of the local engine.

    ``jobs`` is the number of workers (0: one a core), ``seconds`` the time and ``memory_mb`` the
    memory beyond its start that a worker may take for one output (0: no limit). ``start`` is how
    workers are started: ``fork`` shares loaded models, ``spawn`` works everywhere.
    """

    jobs: int = 0
    seconds: float = 120.0
    memory_mb: int = 2048
    start: str = ""

    def __post_init__(self) -> None:
        """Refuse what cannot be meant."""
        if self.jobs < 0 or self.seconds < 0 or self.memory_mb < 0:
            raise ValueError("expected jobs, seconds and memory_mb of at least 0")
        if self.start and self.start not in get_all_start_methods():
            raise ValueError(f"expected start to be one of {', '.join(get_all_start_methods())}")


class LocalEngine:
    """Runs a function over items in worker processes."""

    def __init__(self, settings: LocalSettings) -> None:
        self.settings = settings

    def map(
        self, function: Callable[[In], Iterable[Out]], items: Iterable[In]
    ) -> Iterator[tuple[In, Out] | Lost[In]]:
        """Yield each item with what the function yields, or as lost; items in any order."""
        pool: Pool[In, Out] = Pool(self.settings, function)
        try:
            yield from pool.run(items)
        finally:
            pool.close()


@dataclass(slots=True)
class _Worker(Generic[In]):
    """A worker process, the items in its hands, and since when it owes the next output."""

    process: Any
    connection: Connection
    items: deque[In] = field(default_factory=deque)
    since: float = 0.0
    memory: int = 0
    ready: bool = False

    def give(self, item: In, data: bytes) -> None:
        """Send an item; it is lost with the worker only while it is the first in its hands."""
        if not self.items:
            self.since = time.monotonic()
        self.items.append(item)
        self.connection.send_bytes(data)

    def take(self) -> tuple[bytes, bytes] | None:
        """Return the kind and content of the worker's next message; ``None`` when it is dead."""
        try:
            data = self.connection.recv_bytes()
        except (EOFError, OSError):
            return None
        self.since = time.monotonic()
        return data[:1], data[1:]

    def end(self) -> str:
        """Kill the worker if it still runs, and say how it ended."""
        self.connection.close()
        self.process.join(LOOK_EVERY)
        if self.process.is_alive():
            self.process.kill()
            self.process.join()
        code = self.process.exitcode
        self.process.close()
        return how_it_ended(code)


class Pool(Generic[In, Out]):
    """The workers of one function; they stay between runs, until the pool is closed."""

    def __init__(self, settings: LocalSettings, function: Callable[[In], Iterable[Out]]) -> None:
        self.settings = settings
        self.function = function
        self.items: Iterator[In] = iter(())
        self.again: deque[In] = deque()
        self.waiting: tuple[In, bytes] | None = None
        self.workers: list[_Worker[In]] = []
        self.jobs = settings.jobs or _cores()
        self.looked = time.monotonic()

    def run(self, items: Iterable[In]) -> Iterator[tuple[In, Out] | Lost[In]]:
        """Yield outputs until every item is done or lost."""
        self.items = iter(items)
        while True:
            self._hand_out()
            busy = [worker for worker in self.workers if worker.items]
            if not busy:
                return
            ready = set(wait([worker.connection for worker in busy], LOOK_EVERY))
            for worker in busy:
                if worker.connection in ready:
                    yield from self._receive(worker)
            yield from self._look()

    def close(self) -> None:
        """End all workers."""
        for worker in self.workers:
            worker.process.kill()
        for worker in self.workers:
            worker.end()
        self.workers.clear()

    def _receive(self, worker: _Worker[In]) -> Iterator[tuple[In, Out] | Lost[In]]:
        """Yield one output of a worker that has a message, or its loss."""
        message = worker.take()
        if message is None:
            yield self._lose(worker, "died", "")
            return
        kind, content = message
        if kind == OUTPUT:
            yield worker.items[0], pickle.loads(content)
        elif kind == READY:
            worker.ready, worker.memory = True, int(content)
        elif kind == ERROR:
            yield self._lose(worker, "died", content.decode("utf-8", "replace"))
        else:
            worker.items.popleft()

    def _look(self) -> Iterator[Lost[In]]:
        """Yield the losses of workers that are over a limit; look now and then only."""
        now = time.monotonic()
        if now - self.looked < LOOK_EVERY:
            return
        self.looked = now
        for worker in [worker for worker in self.workers if worker.items]:
            if worker.connection.poll():
                continue  # it owes nothing, we do
            seconds = self.settings.seconds
            if not worker.ready:
                seconds = seconds and max(seconds, LOADING)
            if seconds and now - worker.since > seconds:
                yield self._lose(worker, "time", f"no result within {seconds:g} seconds")
            elif self._hoards(worker):
                limit = self.settings.memory_mb
                yield self._lose(worker, "memory", f"more than {limit} MB of memory")

    def _hoards(self, worker: _Worker[In]) -> bool:
        """Say whether a worker holds more memory than it may."""
        if not self.settings.memory_mb:
            return False
        try:
            held = psutil.Process(worker.process.pid).memory_info().rss
        except psutil.Error:
            return False
        return bool(held - worker.memory > self.settings.memory_mb * 2**20)

    def _lose(self, worker: _Worker[In], reason: Any, detail: str) -> Lost[In]:
        """Give up a worker and the item it worked on; others it had are done again."""
        self.workers.remove(worker)
        if detail:
            worker.process.kill()
        ended = worker.end()
        lost = worker.items.popleft()
        self.again.extend(worker.items)
        return Lost(lost, reason, detail or ended)

    def _hand_out(self) -> None:
        """Keep every worker supplied; start workers while there is more to do than they hold."""
        for depth in range(AHEAD):
            for worker in list(self.workers):
                if len(worker.items) == depth and not self._supply(worker):
                    return
            while not depth and len(self.workers) < self.jobs and self._next() is not None:
                worker = self._start()
                self.workers.append(worker)
                self._supply(worker)

    def _supply(self, worker: _Worker[In]) -> bool:
        """Give a worker the next item, if there is one and it fits; say whether there was one."""
        upcoming = self._next()
        if upcoming is None:
            return False
        item, data = upcoming
        if worker.items and len(data) > SMALL:
            return True
        self.waiting = None
        try:
            worker.give(item, data)
        except OSError:
            if len(worker.items) > 1:  # it died at an earlier item, which is the one to blame
                self.again.appendleft(worker.items.pop())
        return True

    def _next(self) -> tuple[In, bytes] | None:
        """Return the next item, pickled, without handing it out yet."""
        if self.waiting is None:
            for item in (self.again.popleft(),) if self.again else self.items:
                self.waiting = (item, pickle.dumps(item, pickle.HIGHEST_PROTOCOL))
                break
        return self.waiting

    def _start(self) -> _Worker[In]:
        """Start a worker."""
        method = self.settings.start or start_method()
        context: Any = get_context(method)
        ours, theirs = context.Pipe()
        inherited = [w.connection for w in self.workers] + [ours] if method == "fork" else []
        process = context.Process(
            target=serve,
            args=(theirs, self.function, self.settings.memory_mb * 2**20, inherited),
            daemon=True,
        )
        process.start()
        theirs.close()
        memory = psutil.Process(process.pid).memory_info().rss
        return _Worker(process, ours, memory=memory)


def _cores() -> int:
    """Return how many cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


@hookimpl
def lunheng_settings() -> type[LocalSettings]:
    """Return the settings."""
    return LocalSettings


@hookimpl
def lunheng_engines(settings: LocalSettings) -> LocalEngine:
    """Make the engine."""
    return LocalEngine(settings)
