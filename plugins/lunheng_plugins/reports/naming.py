"""One name for one holder, target or entity, whatever script, width or alias a text uses."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from lunheng.errors import ConfigError
from lunheng.frames import Frame, Pole, load_frames
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


@dataclass(frozen=True, slots=True)
class FrameTitles:
    """What frames and their poles are called in a report's language.

    A stance on a pole has the pole's Chinese title for a target.
    """

    frames: Mapping[str, Frame]
    language: str

    @classmethod
    def of(cls, study: Study, language: str) -> FrameTitles:
        """Find the frames that a study's stances name: shipped ones, or configured by path."""
        wanted = {frame for (frame,) in study.values("stances", "frame") if frame}
        found: dict[str, Frame] = {}
        for source in (*sorted(wanted), *_configured(study.manifest)):
            try:
                (frame,) = load_frames([source])
            except ConfigError:  # a file that is no longer there has no titles
                continue
            found.setdefault(frame.name, frame)
        return cls({name: found[name] for name in sorted(wanted & set(found))}, language)

    def title(self, part: Frame | Pole) -> str:
        """Return the title of a frame or a pole."""
        return part.zh if self.language == "zh" else part.en

    def name(self, frame: str) -> str:
        """Return the title of a frame by its name, or the name where the frame is not known."""
        return self.title(self.frames[frame]) if frame in self.frames else frame

    def shown(self, target: str, frame: str | None) -> str:
        """Return what a target is called: a pole by its title, all else as it is."""
        if frame is None or frame not in self.frames:
            return target
        titles = {pole.zh: self.title(pole) for pole in self.frames[frame].poles}
        return titles.get(target, target)

    def stored(self) -> dict[str, str]:
        """Return what a study calls the poles that are called otherwise here."""
        poles = [pole for frame in self.frames.values() for pole in frame.poles]
        return {self.title(p): p.zh for p in poles if self.title(p) != p.zh}


def _configured(manifest: Mapping[str, Any]) -> list[str]:
    """Return the frames that the plugins of a run were configured with."""
    plugins = manifest.get("plugins", ())
    return [frame for p in plugins for frame in p.get("settings", {}).get("frames", ())]
