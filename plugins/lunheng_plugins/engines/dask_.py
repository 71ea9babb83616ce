"""Workers of a Dask cluster, one that runs or one on this machine.

Dask's scheduler hands chunks of items to its workers, moves them to those with less to do, and
gives what a dead worker had to others.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from functools import cached_property
from itertools import islice
from typing import Any, TypeVar
from uuid import uuid4

from lunheng import hookimpl
from lunheng.errors import PluginError
from lunheng.extras import require
from lunheng.protocols import Lost
from lunheng_plugins.engines.cluster import AHEAD, ClusterSettings, Contained, chunks, packed

In = TypeVar("In")
Out = TypeVar("Out")


class DaskEngine:
    """Runs a function over items on a Dask cluster."""

    def __init__(self, settings: ClusterSettings) -> None:
        self.settings = settings

    @cached_property
    def distributed(self) -> Any:
        """Dask's scheduler, imported when it is needed."""
        return require("distributed", "dask")

    def map(
        self, function: Callable[[In], Iterable[Out]], items: Iterable[In]
    ) -> Iterator[tuple[In, Out] | Lost[In]]:
        """Yield each item with what the function yields, or as lost; items in any order.

        Raises:
            PluginError: the cluster cannot be reached, or has no worker that can do the work.
        """
        with ExitStack() as stack:
            client = self._client(stack)
            name = f"lunheng-{uuid4().hex}"
            plugin = _plugin(self.distributed, self.settings, packed(function))
            client.register_plugin(plugin, name=name)
            stack.callback(client.unregister_worker_plugin, name)
            yield from _Round(self.distributed, client, name, self.settings).run(items)

    def _client(self, stack: ExitStack) -> Any:
        """Connect to the cluster, or start one on this machine."""
        settings, distributed = self.settings, self.distributed
        if settings.address:
            try:
                client = distributed.Client(settings.address, set_as_default=False, timeout="10s")
            except (OSError, ValueError) as error:
                raise PluginError(
                    f"expected a Dask scheduler at {settings.address}: {error}"
                ) from error
            return stack.enter_context(client)
        import dask

        stack.enter_context(dask.config.set({"distributed.worker.daemon": False}))
        cluster = stack.enter_context(
            distributed.LocalCluster(
                n_workers=settings.jobs or None,
                threads_per_worker=1,
                dashboard_address=":0",
                silence_logs=logging.ERROR,
            )
        )
        return stack.enter_context(distributed.Client(cluster, set_as_default=False))


class _Round:
    """The chunks of one call of ``map``, on their way."""

    def __init__(self, distributed: Any, client: Any, name: str, settings: ClusterSettings) -> None:
        self.distributed = distributed
        self.client = client
        self.name = name
        self.settings = settings
        self.given: dict[Any, list[Any]] = {}

    def run(self, items: Iterable[In]) -> Iterator[tuple[In, Any] | Lost[In]]:
        """Yield what comes back, and keep the cluster supplied but not flooded."""
        upcoming = chunks(items, self.settings.chunk)
        done = self.distributed.as_completed(loop=self.client.loop)
        self._supply(done, upcoming)
        for future in done:
            chunk = self.given.pop(future)
            outputs = self._outputs(future, chunk)
            if outputs is None:
                self._supply(done, ([item] for item in chunk), len(chunk))
            else:
                yield from outputs
            self._supply(done, upcoming)

    def _outputs(self, future: Any, chunk: list[In]) -> list[tuple[In, Any] | Lost[In]] | None:
        """Return what came of a chunk; ``None`` where its items are to be tried one by one.

        Results that a dead worker took along are waited for: the scheduler has them done again.

        Raises:
            PluginError: the chunk could not be done.
        """
        try:
            outputs: list[tuple[In, Any] | Lost[In]] = future.result()
        except self.distributed.KilledWorker:
            if len(chunk) > 1:
                return None
            return [Lost(chunk[0], "died", "workers of the cluster died of it, one after another")]
        except Exception as error:
            raise PluginError(str(error)) from error
        return outputs

    def _supply(self, done: Any, upcoming: Iterator[list[Any]], at_least: int = 0) -> None:
        """Give chunks to the cluster: some, and as many as its workers can use, also late ones."""
        missing = AHEAD * self._threads() - len(self.given)
        for chunk in islice(upcoming, max(missing, at_least)):
            future = self.client.submit(_run, self.name, chunk, pure=False)
            self.given[future] = chunk
            done.add(future)

    def _threads(self) -> int:
        """Return how many chunks the cluster's workers can do at a time.

        Raises:
            PluginError: there is no worker.
        """
        try:
            self.client.wait_for_workers(1, timeout=60)
        except TimeoutError as error:
            raise PluginError("expected workers of the Dask cluster, found none") from error
        return max(int(sum(self.client.nthreads().values())), 1)


def _run(name: str, items: list[Any]) -> list[Any]:
    """Do a chunk of work in the worker of a cluster that this is called in."""
    from distributed import get_worker

    plugin: Any = get_worker().plugins[name]
    outputs: list[Any] = plugin.contained.run(items)
    return outputs


def _plugin(distributed: Any, settings: ClusterSettings, function: bytes) -> Any:
    """Return what keeps children ready in each worker, also in those that come later."""

    class Children(distributed.WorkerPlugin):  # type: ignore[misc]
        def setup(self, worker: Any) -> None:
            self.contained: Contained[Any, Any] = Contained(settings, function)

        def teardown(self, worker: Any) -> None:
            self.contained.close()

    return Children()


@hookimpl
def lunheng_settings() -> type[ClusterSettings]:
    """Return the settings."""
    return ClusterSettings


@hookimpl
def lunheng_engines(settings: ClusterSettings) -> DaskEngine:
    """Make the engine."""
    return DaskEngine(settings)
