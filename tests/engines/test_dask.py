"""The Dask engine on a real cluster of two workers."""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import clusters
import psutil
import pytest

from lunheng.errors import PluginError
from lunheng_plugins.engines.cluster import ClusterSettings, Contained, chunks, packed

dask = pytest.importorskip("dask")
distributed = pytest.importorskip("distributed")

CHOSEN = ("stages.engines=dask", "plugins.engines.dask.chunk=2", "plugins.engines.dask.seconds=2")


@pytest.fixture(scope="module")
def cluster() -> Iterator[Any]:
    """Start two workers, each a process of its own."""
    settings = {"distributed.worker.daemon": False, "distributed.scheduler.allowed-failures": 1}
    with (
        dask.config.set(settings),
        distributed.LocalCluster(
            n_workers=2, threads_per_worker=1, dashboard_address=":0", silence_logs=logging.CRITICAL
        ) as cluster,
    ):
        yield cluster


@pytest.fixture
def engine(cluster: Any) -> tuple[str, ...]:
    return (*CHOSEN, f"plugins.engines.dask.address={cluster.scheduler_address}")


def workers(cluster: Any) -> list[int]:
    return [nanny.pid for nanny in cluster.workers.values()]


def test_a_study_equals_though_a_worker_is_killed(
    cluster: Any, engine: tuple[str, ...], tmp_path: Path
) -> None:
    clusters.check_equal_though_killed(
        tmp_path, lambda: psutil.Process(workers(cluster)[0]).kill(), *engine
    )


def test_a_poisoned_document_costs_no_worker(
    cluster: Any, engine: tuple[str, ...], tmp_path: Path
) -> None:
    with distributed.Client(cluster, set_as_default=False) as client:
        client.wait_for_workers(2, timeout=60)
    before = workers(cluster)
    clusters.check_poison(tmp_path, *engine)
    assert workers(cluster) == before


def test_a_slow_worker_does_the_smaller_part(cluster: Any, tmp_path: Path) -> None:
    from lunheng_plugins.engines.dask_ import DaskEngine

    settings = ClusterSettings(address=cluster.scheduler_address, chunk=1)
    clusters.check_slow_node(DaskEngine(settings), tmp_path)


def kill_the_asking(item: int) -> Iterator[int]:
    """Kill the cluster's worker whose child this is, if so the item says."""
    if item == 1:
        psutil.Process(os.getppid()).kill()
    yield item


@pytest.mark.slow
def test_what_kills_workers_of_the_cluster_is_lost_alone(cluster: Any) -> None:
    from lunheng_plugins.engines.dask_ import DaskEngine

    settings = ClusterSettings(address=cluster.scheduler_address, chunk=2)
    done = list(DaskEngine(settings).map(kill_the_asking, range(4)))
    lost = [each for each in done if not isinstance(each, tuple)]
    assert [(each.item, each.reason) for each in lost] == [(1, "died")]
    assert sorted(each for each in done if isinstance(each, tuple)) == [(0, 0), (2, 2), (3, 3)]


@pytest.mark.slow
def test_a_cluster_of_ones_own_is_started_and_ended(tmp_path: Path) -> None:
    clusters.check_poison(tmp_path, *CHOSEN, "plugins.engines.dask.jobs=2")
    assert not [
        child for child in psutil.Process().children() if "nanny" in " ".join(child.cmdline())
    ]


@pytest.mark.slow
def test_a_scheduler_that_is_not_there_is_named() -> None:
    from lunheng_plugins.engines.dask_ import DaskEngine

    with pytest.raises(PluginError, match="expected a Dask scheduler at tcp:"):
        list(DaskEngine(ClusterSettings(address="tcp://127.0.0.1:9")).map(kill_the_asking, [0]))


def upper(item: str) -> Iterator[str]:
    yield item.upper()


def test_a_child_stays_for_the_next_chunk_until_it_is_closed() -> None:
    contained: Contained[str, str] = Contained(ClusterSettings(), packed(upper))
    children = set()
    for chunk in chunks("abc", 2):
        assert contained.run(chunk) == [(item, item.upper()) for item in chunk]
        children |= {child.pid for child in psutil.Process().children()}
    (child,) = {pid for pid in children if contained._pools[0].workers[0].process.pid == pid}
    contained.close()
    assert not psutil.pid_exists(child)
    with pytest.raises(PluginError, match="closed"):
        contained.run(["a"])


@pytest.mark.parametrize("wrong", [{"chunk": 0}, {"jobs": -1}, {"seconds": -1.0}])
def test_settings_that_cannot_be_meant_are_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="expected"):
        ClusterSettings(**wrong)
