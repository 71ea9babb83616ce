"""One name for one holder, target or entity, whatever script, width or alias a text uses."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from lunheng.names import Names
from lunheng.text import fold

if TYPE_CHECKING:
    from lunheng.study import Study


def name_key(name: str) -> str:
    """Return what the spellings of one name share.

    >>> name_key("Open AI") == name_key("ＯｐｅｎAI")
    True
    """
    return "".join(fold(name).casefold().split())


@dataclass(frozen=True, slots=True)
class KnownNames:
    """The canonical names of a study's entities, found by any of their spellings."""

    names: Mapping[str, str]
    given: Names = field(default_factory=Names)

    @classmethod
    def of(cls, study: Study) -> KnownNames:
        """Read the entities; a spelling that two of them share stands for neither.

        What the analyst says of a spelling goes before all that.
        """
        owners: dict[str, set[str]] = defaultdict(set)
        for row in study.rows("entities"):
            for spelling in (row["name"], *row["aliases"]):
                owners[name_key(spelling)].add(row["name"])
        known = {key: min(names) for key, names in owners.items() if len(names) == 1}
        given = study.corrections().names
        known.update((name_key(spelling), name) for spelling, name in given.surfaces())
        return cls(known, given)

    def canonical(self, name: str) -> str:
        """Return the canonical name, or the name itself where none is known."""
        return self.names.get(name_key(name), name)

    def marks(self, text: str, name: str) -> bool:
        """Tell whether a mention is one; the analyst may have said that it is no name."""
        return not (self.given.ignores(text) or self.given.ignores(name))


def common_spellings(names: Iterable[str]) -> dict[str, str]:
    """Return for every name the commonest of its spellings; of equals, the first in order."""
    tally = Counter(names)
    best: dict[str, str] = {}
    for name in sorted(tally, key=lambda n: (-tally[n], n)):
        best.setdefault(name_key(name), name)
    return {name: best[name_key(name)] for name in tally}
