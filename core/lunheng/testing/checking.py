"""Run the contract of its kind on a plugin, where it can do no harm: `lunheng plugins check`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from lunheng.children import Ended, watched
from lunheng.containment import explain
from lunheng.plugins import PluginEntry
from lunheng.testing.contracts import CONTRACTS

CHECK_SECONDS = 120.0


@dataclass(frozen=True, slots=True)
class Check:
    """One check of a plugin: what was checked, and what was wrong (``""``: nothing)."""

    name: str
    problem: str


def check_plugin(entry: PluginEntry, seconds: float = CHECK_SECONDS) -> Iterator[Check]:
    """Run the contract of its kind on a plugin, check by check, in a child process.

    A plugin that hangs for ``seconds`` or takes the process down breaks the check at hand; the
    others run in another process.
    """
    left = sorted(name for name in dir(CONTRACTS[entry.kind]) if name.startswith("test_"))
    while left:
        for problem in watched(_problems, (entry, tuple(left)), seconds):
            words = left.pop(0).removeprefix("test_").replace("_", " ")
            yield Check(words, problem.reason if isinstance(problem, Ended) else problem)


def _problems(entry: PluginEntry, names: Sequence[str]) -> Iterator[str]:
    """Run checks and yield what was wrong in each (``""``: nothing)."""
    contract = type("Checked", (CONTRACTS[entry.kind],), {"plugin": entry})()
    for name in names:
        problem = ""
        try:
            getattr(contract, name)()
        except BaseException as error:
            plain = isinstance(error, AssertionError)
            problem = "; ".join([str(error) if plain else explain(error, entry), *_notes(error)])
        yield problem


def _notes(error: BaseException) -> list[str]:
    """Return the notes of an exception."""
    return list(getattr(error, "__notes__", ()))
