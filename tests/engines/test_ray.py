"""The Ray engine on a real cluster of two actors."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import clusters
import psutil
import pytest

from lunheng_plugins.engines.cluster import ClusterSettings

ray = pytest.importorskip("ray")

pytestmark = [
    pytest.mark.slow,
    pytest.mark.filterwarnings("ignore"),  # Ray's own, of its dependencies
]

CHOSEN = (
    *("stages.engines=ray", "plugins.engines.ray.chunk=2"),
    *("plugins.engines.ray.jobs=2", "plugins.engines.ray.seconds=2"),
)


@pytest.fixture(scope="module", autouse=True)
def cluster() -> Iterator[None]:
    """Start Ray with two processors."""
    ray.init(num_cpus=2, include_dashboard=False, log_to_driver=False, logging_level="ERROR")
    yield
    ray.shutdown()


def actors() -> list[psutil.Process]:
    """Return the processes of the actors that do our work."""
    children = psutil.Process().children(recursive=True)
    return [child for child in children if any("MapWorker" in part for part in child.cmdline())]


def test_a_study_equals_though_a_worker_is_killed(tmp_path: Path) -> None:
    clusters.check_equal_though_killed(tmp_path, lambda: actors()[0].kill(), *CHOSEN)


def test_a_poisoned_document_costs_no_worker(tmp_path: Path) -> None:
    clusters.check_poison(tmp_path, *CHOSEN)


def test_a_slow_worker_does_the_smaller_part(tmp_path: Path) -> None:
    from lunheng_plugins.engines.ray_ import RayEngine

    clusters.check_slow_node(RayEngine(ClusterSettings(jobs=2, chunk=1)), tmp_path)
