"""Put the stages of analysis in the order that their needs ask for, and say which needs are unmet.

Each kind has its usual place: words, turns, names, quotes, stances. A plugin that names a need with
the hook ``lunheng_requires`` is called after every stage that may fill it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from lunheng.errors import ConfigError, PluginError

if TYPE_CHECKING:
    from lunheng.plugins import PluginEntry, Stage

# The fields of a document that stages fill, in their usual order, and the kind that fills each.
MAKERS: Mapping[str, str] = {
    "tokens": "tokenizers",
    "turns": "quotes",
    "mentions": "entities",
    "quotes": "quotes",
    "stances": "stance",
}
# All fields that can be needed: words' tags come with the words, from tokenizers that know them.
NEEDABLE: Mapping[str, str] = {"tokens": "tokenizers", "tags": "tokenizers", **MAKERS}


@dataclass(frozen=True, slots=True, eq=False)
class Call:
    """One call of a stage on a document, and the field that it adds to."""

    stage: Stage
    field: str

    @property
    def needs(self) -> tuple[str, ...]:
        """What must be there before; turns come early and wait for words only."""
        if self.field == "turns":
            return tuple(need for need in self.stage.requires if kind_of(need) == "tokenizers")
        return self.stage.requires

    def meets(self, need: str, asking: Stage) -> bool:
        """Say whether this call may fill the need of another stage."""
        if self.stage is asking:
            return False
        if need == "tags":
            return self.field == "tokens" and hasattr(self.stage.made, "tags")
        return need in (self.field, self.stage.entry.key)


@dataclass(frozen=True, slots=True)
class Unmet:
    """A need that nothing fills, and the stages that would have, had they not failed."""

    need: str
    makers: tuple[str, ...]

    def __str__(self) -> str:
        makers = ", ".join(self.makers)
        return f"needs {self.need}, and {makers} failed" if makers else f"needs {self.need}"


def ordered(stages: Mapping[str, tuple[Stage, ...]]) -> tuple[Call, ...]:
    """Return the calls of stages, each after those that it needs, else in their usual order.

    Raises:
        ConfigError: some wait for each other.
    """
    left = [Call(stage, field) for field, kind in MAKERS.items() for stage in stages.get(kind, ())]
    done: list[Call] = []
    while left:
        ready = next((call for call in left if not _waits(call, left)), None)
        if ready is None:
            needs = {f"{c.stage.entry.key} (needs {', '.join(c.needs)})" for c in left if c.needs}
            raise ConfigError(
                "expected stages that can be put in order; these wait for each other:"
                f" {', '.join(sorted(needs))}. Leave one of them out of [stages]."
            )
        left.remove(ready)
        done.append(ready)
    return tuple(done)


def _waits(call: Call, left: Iterable[Call]) -> bool:
    """Say whether a call must wait for one of those left."""
    return any(other.meets(need, call.stage) for other in left for need in call.needs)


def kind_of(need: str) -> str:
    """Return the kind of the stages that may fill a need."""
    return NEEDABLE.get(need, need.partition(".")[0])


def unmet(call: Call, calls: Iterable[Call], missed: Collection[Call] = ()) -> Unmet | None:
    """Return the first need of a call that no other call fills but those that were ``missed``."""
    others = list(calls)
    for need in call.needs:
        makers = [other for other in others if other.meets(need, call.stage)]
        if all(maker in missed for maker in makers):
            return Unmet(need, tuple(sorted({maker.stage.entry.key for maker in makers})))
    return None


def _names_stage(name: str, kinds: Collection[str]) -> bool:
    """Say whether a name is that of a stage of some kinds."""
    kind, dot, stage = name.partition(".")
    return bool(dot and stage) and kind in kinds


def check_requires(named: object, entry: PluginEntry) -> tuple[str, ...]:
    """Return what a plugin requires, checked.

    Raises:
        PluginError: it is no list of names, or names what cannot be there when it is called.
    """
    if entry.kind not in MAKERS.values():
        wanted = f"nothing from a plugin of kind {entry.kind}, which is called before or after all"
        good = named in ([], ())
    else:
        fields = [field for field in NEEDABLE if field != "stances" or entry.kind == "stance"]
        wanted = f"a list of names of {', '.join(fields)} or of stages such as entities.rules"
        kinds = {NEEDABLE[field] for field in fields}
        good = isinstance(named, list | tuple) and all(
            isinstance(name, str)
            and (name in fields or (_names_stage(name, kinds) and name != entry.key))
            for name in named
        )
    if not good or not isinstance(named, list | tuple):
        raise PluginError(f"{entry}: expected from lunheng_requires {wanted}; found {named!r}")
    return tuple(named)
