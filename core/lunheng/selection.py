"""Choose and load the stages of a run, and say what their results depend on.

A fingerprint is a hash of all that can change a stage's results: its version and code, its
settings, the files that these name, and the package's own code and data.
"""

from __future__ import annotations

import hashlib
import platform
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

from lunheng import __version__
from lunheng.config import Config
from lunheng.containment import strict
from lunheng.errors import ConfigError, PluginError
from lunheng.ordering import NEEDABLE, kind_of, ordered, unmet
from lunheng.pipeline import ANALYSIS_KINDS, Pipeline, StageFailure
from lunheng.plugins import SEVERAL, PluginEntry, Stage, choose, code_hash, load
from lunheng.tables import as_json
from lunheng.trial import attempt, foreign

_NOT_CODE = frozenset({"cli", "__pycache__"})
_NOT_DATA = frozenset({"samples", "__pycache__"})


@dataclass(frozen=True, slots=True)
class Selection:
    """The stages chosen for a run: those loaded, in order, and those that could not be."""

    stages: Mapping[str, tuple[Stage, ...]]
    failures: tuple[StageFailure, ...] = ()

    @property
    def pipeline(self) -> Pipeline:
        """The stages that analyse one document."""
        return Pipeline({kind: self.stages.get(kind, ()) for kind in ANALYSIS_KINDS})

    def one(self, kind: str) -> Stage:
        """Return the only stage of a kind that cannot be done without.

        Raises:
            PluginError: it could not be loaded, or none was chosen.
        """
        if self.stages.get(kind):
            return self.stages[kind][0]
        reasons = [f.message for f in self.failures if f.entry.kind == kind]
        raise PluginError("; ".join(reasons) or f"no plugin of kind {kind} was chosen")

    def entries(self) -> Iterator[PluginEntry]:
        """Yield the plugins chosen, loaded or not."""
        for stages in self.stages.values():
            yield from (stage.entry for stage in stages)
        yield from (failure.entry for failure in self.failures)


def select_stages(
    config: Config,
    installed: Iterable[PluginEntry],
    kinds: Iterable[str],
    *,
    tried: bool = False,
) -> Selection:
    """Load the stages that the configuration chooses; what fails to load is kept as a failure.

    Plugins from elsewhere are loaded in a child process first, unless they were ``tried`` before:
    one that hangs or crashes while it is imported is a failure like any other.

    Raises:
        UsageError: a chosen plugin is not installed.
        ConfigError: a setting does not fit.
        PluginError: a plugin fails to load and ``LUNHENG_STRICT=1``.
    """
    installed = tuple(installed)
    chosen = {
        kind: [
            choose(installed, kind, name)
            for name in config.stages(kind)
            if f"{kind}.{name}" not in config.disabled
        ]
        for kind in kinds
    }
    entries = [entry for of_kind in chosen.values() for entry in of_kind if foreign(entry)]
    trials = {} if tried or not entries else attempt(entries, config.fill)
    stages: dict[str, tuple[Stage, ...]] = {}
    failures = []
    for kind, of_kind in chosen.items():
        loaded = []
        for entry in of_kind:
            try:
                if entry in trials and trials[entry].problem:
                    raise PluginError(trials[entry].problem)
                loaded.append(load(entry, config.fill))
            except PluginError as error:
                if strict():
                    raise
                failures.append(StageFailure(entry, str(error)))
        stages[kind] = tuple(loaded)
    _leave_out_unmet(stages, failures, installed, config)
    return Selection(stages, tuple(failures))


def _leave_out_unmet(
    stages: dict[str, tuple[Stage, ...]],
    failures: list[StageFailure],
    installed: Iterable[PluginEntry],
    config: Config,
) -> None:
    """Move stages that need one which could not be loaded to the failures.

    Raises:
        ConfigError: a stage needs one that was not chosen, or some wait for each other.
    """
    calls = ordered(stages)
    for call in calls:
        lacking = unmet(call, calls)
        if lacking is None or kind_of(lacking.need) not in stages:
            continue
        entry, kind = call.stage.entry, kind_of(lacking.need)
        broken = [f.entry for f in failures if f.entry.kind == kind]
        if not broken:
            raise ConfigError(_advice(call.stage, lacking.need, installed, config))
        names = ", ".join(map(str, broken))
        message = f"{entry}: {lacking}, and these could not be loaded: {names}"
        failures.append(StageFailure(entry, message))
        stages[entry.kind] = tuple(s for s in stages[entry.kind] if s is not call.stage)
        _leave_out_unmet(stages, failures, installed, config)
        return


def _advice(stage: Stage, need: str, installed: Iterable[PluginEntry], config: Config) -> str:
    """Return what a stage needs that was not chosen, and what to choose."""
    kind = kind_of(need)
    names = [e.name for e in installed if e.kind == kind and need in (e.key, *NEEDABLE)]
    names = sorted({name for name in names if f"{kind}.{name}" != stage.entry.key})
    there = config.stages(kind)
    off = [name for name in there if f"{kind}.{name}" in config.disabled]
    advice = f"choose one of {', '.join(names)}" if names else "install one"
    if names:
        example = ",".join((*(there if kind in SEVERAL else ()), *names[:1]))
        advice += f", for example with --set stages.{kind}={example}"
    if off:
        advice = f"{off[0]} is disabled; `lunheng plugins enable {off[0]}` lets it take part again"
    setting = config.settings.get(("stages", kind))
    origin = f" (stages.{kind} is set by {setting.origin})" if setting else ""
    return f"{stage.entry} needs {need}, and no stage chosen gives it{origin}: {advice}"


@dataclass(frozen=True, slots=True)
class Fingerprints:
    """Hashes of everything that results depend on, by name: ``code``, ``data``, ``kind.plugin``."""

    parts: Mapping[str, str]
    analysis: tuple[str, ...] = field(default=())

    def setup(self, *readers: str) -> str:
        """Return the hash of all that the analysis of a file which these read depends on."""
        names = (*self.analysis, *(f"readers.{reader}" for reader in readers))
        return _hash(as_json([[name, self.parts.get(name, "")] for name in names]).encode())

    def changed_since(self, before: Mapping[str, str]) -> list[str]:
        """Return the names of the parts of the analysis that differ from ``before``."""
        names = {*self.analysis, *(name for name in self.parts if name.startswith("readers."))}
        gone = {name for name in before if name.partition(".")[0] in ANALYSIS_KINDS}
        return sorted(name for name in names | gone if before.get(name) != self.parts.get(name))


def fingerprints(selection: Selection) -> Fingerprints:
    """Return the fingerprints of a selection's readers and analysis stages."""
    parts = {
        "code": _tree_hash(files("lunheng"), _NOT_CODE),
        "data": _tree_hash(files("lunheng_seeds"), _NOT_DATA),
    }
    kinds = (*ANALYSIS_KINDS, "readers")
    for kind in kinds:
        for stage in selection.stages.get(kind, ()):
            parts[f"{kind}.{stage.entry.name}"] = _stage_hash(stage.entry, stage.settings)
    for failure in selection.failures:
        if failure.entry.kind in kinds:
            parts[f"{failure.entry.kind}.{failure.entry.name}"] = f"failed: {failure.message}"
    order = [
        f"{kind}.{stage.entry.name}"
        for kind in ANALYSIS_KINDS
        for stage in selection.stages.get(kind, ())
    ]
    failed = sorted(
        f"{f.entry.kind}.{f.entry.name}"
        for f in selection.failures
        if f.entry.kind in ANALYSIS_KINDS
    )
    return Fingerprints(parts, ("code", "data", *order, *failed))


def manifest(selection: Selection, prints: Fingerprints, config: Config) -> dict[str, Any]:
    """Return what a run is made of: versions, plugins, configuration and hashes."""
    import numpy

    return {
        "lunheng": __version__,
        "python": platform.python_version(),
        "numpy": numpy.__version__,
        "platform": platform.platform(),
        "plugins": [
            {
                "kind": stage.entry.kind,
                "name": stage.entry.name,
                "distribution": stage.entry.distribution,
                "version": stage.entry.version,
                "settings": plain(asdict(stage.settings)) if stage.settings else {},
            }
            for stages in selection.stages.values()
            for stage in stages
        ],
        "failed": [{"plugin": str(f.entry), "message": f.message} for f in selection.failures],
        "configuration": {".".join(key): plain(s.value) for key, s in config.settings.items()},
        "disabled": sorted(config.disabled),
        "fingerprints": dict(prints.parts),
    }


def _stage_hash(entry: PluginEntry, settings: Any) -> str:
    """Return the hash of a plugin's version, code, settings and the files that these name."""
    values = asdict(settings) if settings is not None else {}
    named = {
        str(path): _hash(path.read_bytes()) for path in _paths(values.values()) if path.is_file()
    }
    parts = [entry.distribution, entry.version, code_hash(entry), plain(values), named]
    return _hash(as_json(parts).encode("utf-8", "surrogateescape"))


def _paths(values: Iterable[Any]) -> Iterator[Path]:
    """Yield what may be a path among the values of settings."""
    for value in values:
        if isinstance(value, Path):
            yield value
        elif isinstance(value, str) and value and "\0" not in value and len(value) < 256:
            yield Path(value)
        elif isinstance(value, tuple | list | set | frozenset):
            yield from _paths(value)
        elif isinstance(value, dict):
            yield from _paths(value.values())


def plain(value: Any) -> Any:
    """Return a value of a setting as JSON can hold it."""
    if isinstance(value, dict):
        return {str(key): plain(inner) for key, inner in value.items()}
    if isinstance(value, set | frozenset):
        return sorted(plain(inner) for inner in value)
    if isinstance(value, tuple | list):
        return [plain(inner) for inner in value]
    if value is None or isinstance(value, str | int | float | bool):
        return value
    return str(value)


def _tree_hash(root: Traversable, left_out: frozenset[str]) -> str:
    """Return the hash of the files below a package's folder."""
    digest = hashlib.blake2b(digest_size=16)
    for name, file in sorted(_tree(root, "", left_out), key=lambda pair: pair[0]):
        digest.update(name.encode() + b"\0")
        digest.update(file.read_bytes())
    return digest.hexdigest()


def _tree(
    folder: Traversable, prefix: str, left_out: frozenset[str]
) -> Iterator[tuple[str, Traversable]]:
    """Yield the files below a folder with their names."""
    for item in folder.iterdir():
        if item.name in left_out:
            continue
        if item.is_dir():
            yield from _tree(item, f"{prefix}{item.name}/", left_out)
        elif not item.name.endswith((".pyc", ".pyx", ".pyi", ".pxd", ".c")):
            yield f"{prefix}{item.name}", item


def _hash(data: bytes) -> str:
    """Return a short hash of bytes."""
    return hashlib.blake2b(data, digest_size=16).hexdigest()
