"""Ray Data: items become a data set, actors of a Ray cluster map its blocks.

Ray schedules blocks, moves them to where there is room, and starts actors that died again with
what they had to do.
"""

from __future__ import annotations

import logging
import pickle
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, suppress
from functools import cached_property
from typing import Any, TypeVar

from lunheng import hookimpl
from lunheng.errors import PluginError
from lunheng.extras import require
from lunheng.protocols import Lost
from lunheng_plugins.engines.cluster import ClusterSettings, Contained, chunks, packed

In = TypeVar("In")
Out = TypeVar("Out")


class RayEngine:
    """Runs a function over items on a Ray cluster."""

    def __init__(self, settings: ClusterSettings) -> None:
        self.settings = settings

    @cached_property
    def ray(self) -> Any:
        """Ray, imported when it is needed."""
        return require("ray", "ray")

    @cached_property
    def data(self) -> Any:
        """Ray Data."""
        return require("ray.data", "ray")

    @cached_property
    def arrow(self) -> Any:
        """What Ray's blocks are made of."""
        return require("pyarrow", "ray")

    def map(
        self, function: Callable[[In], Iterable[Out]], items: Iterable[In]
    ) -> Iterator[tuple[In, Out] | Lost[In]]:
        """Yield each item with what the function yields, or as lost; items in any order.

        All items are known to Ray before the first is done.

        Raises:
            PluginError: the cluster cannot be reached.
        """
        with ExitStack() as stack:
            self._connect(stack)
            blocks = [self._block(chunk) for chunk in chunks(items, self.settings.chunk)]
            if not blocks:
                return
            done = self.data.from_arrow(blocks).map_batches(
                Actor,
                fn_constructor_args=(self.settings, packed(function)),
                batch_size=self.settings.chunk,
                batch_format="pyarrow",
                compute=self.data.ActorPoolStrategy(size=self._actors(len(blocks))),
            )
            for batch in done.iter_batches(batch_size=None, batch_format="pyarrow"):
                for chunk in batch.column("chunk"):
                    yield from pickle.loads(chunk.as_py())

    def _block(self, items: list[In]) -> Any:
        """Return items as a block of a data set: one column of pickles."""
        pickled = [pickle.dumps(item, pickle.HIGHEST_PROTOCOL) for item in items]
        return self.arrow.table({"item": self.arrow.array(pickled, self.arrow.large_binary())})

    def _connect(self, stack: ExitStack) -> None:
        """Connect to the cluster, or start one on this machine, unless this process has one."""
        self.data.DataContext.get_current().enable_progress_bars = False
        logging.getLogger("ray.data").setLevel(logging.WARNING)
        if self.ray.is_initialized():
            return
        place: dict[str, Any] = {"address": self.settings.address}
        if not self.settings.address:
            place = {"address": "local", "num_cpus": self.settings.jobs or None}
            place["include_dashboard"] = False
        try:
            self.ray.init(**place, log_to_driver=False, logging_level="ERROR")
        except (ConnectionError, ValueError) as error:
            raise PluginError(f"expected a Ray cluster at {place['address']}: {error}") from error
        stack.callback(self.ray.shutdown)

    def _actors(self, most: int) -> int:
        """Return how many actors are to work, no more than there is work for."""
        cores = int(self.ray.cluster_resources().get("CPU", 1))
        return max(min(self.settings.jobs or cores, most), 1)


class Actor:
    """What an actor of the cluster does with a block."""

    def __init__(self, settings: ClusterSettings, function: bytes) -> None:
        self.contained: Contained[Any, Any] = Contained(settings, function)

    def __call__(self, block: Any) -> Any:
        """Return one row: all that came of the items of a block, pickled."""
        import pyarrow as pa

        outputs = self.contained.run([pickle.loads(item.as_py()) for item in block["item"]])
        pickled = pickle.dumps(outputs, pickle.HIGHEST_PROTOCOL)
        return pa.table({"chunk": pa.array([pickled], pa.large_binary())})

    def __del__(self) -> None:
        with suppress(AttributeError):  # where the constructor failed
            self.contained.close()


@hookimpl
def lunheng_settings() -> type[ClusterSettings]:
    """Return the settings."""
    return ClusterSettings


@hookimpl
def lunheng_engines(settings: ClusterSettings) -> RayEngine:
    """Make the engine."""
    return RayEngine(settings)
