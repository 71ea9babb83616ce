"""What a run costs: bytes read, and seconds by stage and by phase."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from time import monotonic, process_time
from typing import Any


@dataclass(slots=True)
class Effort:
    """What a run cost: bytes read, and seconds of CPU time by stage and by phase.

    ``analysis`` is what all workers took, stages included; ``storing``, ``linking`` and
    ``indexing`` are the parent's; ``elapsed`` is on the clock.
    """

    seconds: dict[str, float] = field(default_factory=lambda: defaultdict(float))
    n_bytes: int = 0
    begun: float = field(default_factory=monotonic)

    def add(self, seconds: Mapping[str, float], n_bytes: int = 0) -> None:
        """Add seconds by their name, and bytes."""
        self.n_bytes += n_bytes
        for name, number in seconds.items():
            self.seconds[name] += number

    @contextmanager
    def spent(self, name: str) -> Iterator[None]:
        """Add the CPU time that this process spends inside the context."""
        begun = process_time()
        yield
        self.seconds[name] += process_time() - begun

    def report(self) -> dict[str, Any]:
        """Return what the manifest holds of it."""
        seconds = {**dict(sorted(self.seconds.items())), "elapsed": monotonic() - self.begun}
        return {
            "bytes": self.n_bytes,
            "seconds": {name: round(number, 3) for name, number in seconds.items()},
        }
