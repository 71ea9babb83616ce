"""Find plugins without importing them, and load the chosen ones.

An entry point of the group ``lunheng.<kind>`` names a module whose ``lunheng_<kind>`` hook makes
the stage. pluggy checks the hooks; each plugin has its own manager, so that one that is broken
stops nobody else.
"""

from __future__ import annotations

import hashlib
import re
import sys
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from importlib import import_module
from importlib.metadata import Distribution, distributions
from importlib.util import find_spec, module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType
from typing import Any

import pluggy

from lunheng import hookspecs, protocols
from lunheng.containment import contained
from lunheng.contracts import check_suffixes
from lunheng.errors import PluginError, UsageError
from lunheng.ordering import check_requires

KINDS: Mapping[str, type] = {
    "readers": protocols.Reader,
    "cleaners": protocols.Cleaner,
    "tokenizers": protocols.TokenizerStage,
    "entities": protocols.EntityExtractor,
    "quotes": protocols.QuoteExtractor,
    "stance": protocols.StanceTagger,
    "reports": protocols.ReportWriter,
    "engines": protocols.Engine,
}
SEVERAL = frozenset(KINDS) - {"tokenizers", "engines"}
API_ATTRIBUTE = "LUNHENG_API"
BUILT_IN = "lunheng"
_DEFINED = re.compile(rf"^def {hookspecs.PROJECT}_(\w+)\(", re.MULTILINE)


@dataclass(frozen=True, slots=True, order=True)
class PluginEntry:
    """Where a plugin is, known without importing it.

    ``module`` is the module to import, or the path of a loose file when ``loose``.
    """

    kind: str
    name: str
    module: str
    distribution: str
    version: str
    loose: bool = False

    @property
    def key(self) -> str:
        """The stage's name among all kinds: ``kind.name``."""
        return f"{self.kind}.{self.name}"

    def __str__(self) -> str:
        return f"{self.kind} plugin {self.name} ({self.distribution} {self.version})"


@dataclass(frozen=True, slots=True)
class Stage:
    """A loaded plugin: the object it made, its settings, and the seconds that loading took.

    ``requires`` are the needs that it named (see `lunheng.ordering`), ``api`` is the API version it
    is written for, ``deprecated`` what its hooks that are going to be replaced say of that.
    """

    entry: PluginEntry
    made: Any
    settings: Any
    seconds: float
    requires: tuple[str, ...] = ()
    api: int = hookspecs.API_VERSION
    deprecated: tuple[str, ...] = ()


def discover(folders: Iterable[Path] = ()) -> tuple[PluginEntry, ...]:
    """Return every installed plugin and those in loose files of ``folders``, sorted, unimported.

    Where two have one kind and name, a built-in one comes first, then by distribution.
    """
    groups = {f"{hookspecs.PROJECT}.{kind}": kind for kind in KINDS}
    found: list[PluginEntry] = []
    seen = set()
    for distribution in distributions():
        entries = _installed_entries(distribution, groups)
        if entries and entries[0].distribution not in seen:  # else shadowed by the first
            seen.add(entries[0].distribution)
            found += entries
    for folder in folders:
        found += _loose_entries(folder)
    ranked = sorted(set(found), key=lambda e: (e.kind, e.name, e.distribution != BUILT_IN, e))
    return tuple(ranked)


def _installed_entries(distribution: Distribution, groups: Mapping[str, str]) -> list[PluginEntry]:
    """Return the plugins of one distribution, named after it where its entries are unreadable."""
    try:
        points = [point for point in distribution.entry_points if point.group in groups]
        if not points:
            return []
        name, version = distribution.name, distribution.version
        return [PluginEntry(groups[p.group], p.name, p.value, name, version) for p in points]
    except Exception:
        text = distribution.read_text("entry_points.txt") or ""
        kinds = {groups[group] for group in groups if f"[{group}]" in text}
        name = str(distribution.metadata["Name"])
        return [PluginEntry(kind, name, "", name, "unknown") for kind in sorted(kinds)]


def _loose_entries(folder: Path) -> list[PluginEntry]:
    """Return the plugins in the Python files of one folder, by the hooks that they define.

    A file may be wrong in other places; that is met, and told, where it is loaded.
    """
    if not folder.is_dir():
        raise UsageError(f"expected a folder of plugin files, found none at {folder}")
    entries = []
    for path in sorted(folder.glob("*.py")):
        data = path.read_bytes()
        defined = _DEFINED.findall(data.decode("utf-8", "replace"))
        version = hashlib.blake2b(data, digest_size=4).hexdigest()
        name = path.stem.replace("_", "-")
        entries += [
            PluginEntry(kind, name, str(path.resolve()), str(folder), version, loose=True)
            for kind in KINDS
            if kind in defined
        ]
    return entries


def choose(entries: Iterable[PluginEntry], kind: str, name: str) -> PluginEntry:
    """Return the plugin of one kind and name.

    Raises:
        UsageError: there is none; the message names those there are.
    """
    names = []
    for entry in entries:
        if entry.kind == kind:
            if entry.name == name:
                return entry
            names.append(entry.name)
    near = get_close_matches(name, names, n=1)
    hint = f" Did you mean {near[0]!r}?" if near else ""
    raise UsageError(
        f"expected a plugin of kind {kind} ({', '.join(sorted(set(names))) or 'none installed'});"
        f" found {name!r}.{hint}"
    )


def named(entries: Iterable[PluginEntry], name: str, kind: str | None = None) -> list[PluginEntry]:
    """Return the plugins of one name, one a kind, or that of ``kind`` only.

    Raises:
        UsageError: there is none; the message names the nearest.
    """
    found: dict[str, PluginEntry] = {}
    names = set()
    for entry in entries:
        if kind in (None, entry.kind):
            names.add(entry.name)
            if entry.name == name:
                found.setdefault(entry.kind, entry)
    if not found:
        near = get_close_matches(name, sorted(names), n=1)
        hint = f" Did you mean {near[0]!r}?" if near else ""
        where = f" of kind {kind}" if kind else ""
        raise UsageError(
            f"expected the name of an installed plugin{where}, found {name!r}.{hint}"
            " `lunheng plugins list` names them."
        )
    return list(found.values())


def import_plugin(entry: PluginEntry) -> pluggy.PluginManager:
    """Import a plugin's module, or the object its entry point names, and check its hooks.

    Returns a manager that knows this plugin only.

    Raises:
        PluginError: it cannot be imported, its hooks do not fit, or it needs a newer API.
    """
    with contained(entry, "cannot be imported"):
        plugin = _import_loose(entry) if entry.loose else _import_installed(entry)
    with contained(entry, "does not fit its hooks"):
        manager = _manager(plugin, entry)
    _check_api(api_version(manager), entry)
    return manager


def api_version(manager: pluggy.PluginManager) -> Any:
    """Return the API version that a plugin says it is written for, or this one's."""
    (plugin,) = manager.get_plugins()
    return getattr(plugin, API_ATTRIBUTE, hookspecs.API_VERSION)


def _check_api(wanted: object, entry: PluginEntry) -> None:
    """Refuse a plugin of an API version that is not spoken here, with the way out.

    Raises:
        PluginError: it is too new, too old, or no number.
    """
    oldest, newest = hookspecs.OLDEST_API_VERSION, hookspecs.API_VERSION
    if type(wanted) is int and oldest <= wanted <= newest:
        return
    advice = f"{API_ATTRIBUTE} is to be a number"
    if type(wanted) is int:
        name = f"pip install --upgrade {BUILT_IN if wanted > newest else entry.distribution}"
        what = "Lunheng is older than the plugin" if wanted > newest else "The plugin is too old"
        advice = f"{what}: `{name}`, or leave it out with `lunheng plugins disable {entry.name}`"
    spoken = str(newest) if oldest == newest else f"{oldest} to {newest}"
    raise PluginError(f"{entry}: expected plugin API {spoken}, found {wanted!r}. {advice}.")


def deprecations(manager: pluggy.PluginManager) -> list[str]:
    """Return what a plugin's hooks that are going to be replaced say about their successors."""
    hooks = [hook for hook in vars(manager.hook).values() if isinstance(hook, pluggy.HookCaller)]
    return [
        str(hook.spec.warn_on_impl)
        for hook in hooks
        if hook.spec and hook.spec.warn_on_impl and hook.get_hookimpls()
    ]


def _import_installed(entry: PluginEntry) -> Any:
    """Import what an entry point names."""
    if not entry.module:
        raise PluginError("its entry_points.txt cannot be read; install it again")
    module, _, attributes = entry.module.partition(":")
    plugin: Any = import_module(module)
    for attribute in filter(None, attributes.split(".")):
        plugin = getattr(plugin, attribute)
    return plugin


def _import_loose(entry: PluginEntry) -> ModuleType:
    """Import a loose file under a name of its own, so that what it makes can be pickled."""
    path = Path(entry.module)
    name = f"lunheng_loose_{path.stem}_{entry.version}"
    if name in sys.modules:
        return sys.modules[name]
    spec = spec_from_file_location(name, path)
    if spec is None or spec.loader is None:
        raise ImportError(f"{path} is no Python file")
    module = module_from_spec(spec)
    sys.modules[name] = module
    try:
        spec.loader.exec_module(module)
    except BaseException:
        del sys.modules[name]
        raise
    return module


def _manager(plugin: Any, entry: PluginEntry) -> pluggy.PluginManager:
    """Return a manager that knows this plugin only, its hooks checked.

    A hook that is going to be replaced warns at its implementation's own line.
    """
    manager = pluggy.PluginManager(hookspecs.PROJECT)
    manager.add_hookspecs(hookspecs)
    manager.register(plugin, name=entry.name)
    manager.check_pending()
    hook = f"{hookspecs.PROJECT}_{entry.kind}"
    if not manager.hook.__dict__[hook].get_hookimpls():
        raise PluginError(f"expected a hook {hook} marked with @hookimpl, found none")
    return manager


def settings_type(manager: pluggy.PluginManager, entry: PluginEntry) -> type | None:
    """Return the dataclass of a plugin's settings, or ``None`` when it has none."""
    with contained(entry, f"{hookspecs.PROJECT}_settings failed"):
        declared = manager.hook.lunheng_settings()
    if not declared:
        return None
    if not isinstance(declared[0], type) or not hasattr(declared[0], "__dataclass_fields__"):
        raise PluginError(
            f"{entry}: expected a dataclass from lunheng_settings, found {declared[0]!r}"
        )
    kind: type = declared[0]
    return kind


def load(entry: PluginEntry, fill: Callable[[PluginEntry, type], Any]) -> Stage:
    """Import a plugin and let it make its stage with the settings that ``fill`` returns.

    Raises:
        PluginError: anything went wrong in the plugin; the message names it and its version.
        ConfigError: a setting does not fit.
    """
    begun = time.perf_counter()
    manager = import_plugin(entry)
    kind = settings_type(manager, entry)
    settings = fill(entry, kind) if kind else None
    hook = f"{hookspecs.PROJECT}_{entry.kind}"
    with contained(entry, f"{hook} failed"):
        made = manager.hook.__dict__[hook](settings=settings)
    if not made:
        raise PluginError(f"{entry}: expected {hook} to return a stage, found None")
    with contained(entry, "does not fit its stage"):
        _check_stage(made[0], entry.kind)
    requires = _requires(manager, entry)
    seconds = time.perf_counter() - begun
    api, deprecated = api_version(manager), tuple(deprecations(manager))
    return Stage(entry, made[0], settings, seconds, requires, api, deprecated)


def _check_stage(made: object, kind: str) -> None:
    """Check that a plugin made what its kind must be able to do.

    Raises:
        PluginError: it did not; the message says what is lacking.
    """
    protocol = KINDS[kind]
    if not isinstance(made, protocol):
        lacking = [name for name in _members(protocol) if not hasattr(made, name)]
        raise PluginError(
            f"expected an object that fits lunheng.protocols.{protocol.__name__}, found"
            f" {type(made).__name__} without {', '.join(lacking)}"
        )
    if isinstance(made, protocols.Reader):
        check_suffixes(made.suffixes)


def _requires(manager: pluggy.PluginManager, entry: PluginEntry) -> tuple[str, ...]:
    """Return the checked needs that a plugin names; one without the hook names none."""
    with contained(entry, f"{hookspecs.PROJECT}_requires failed"):
        named = manager.hook.lunheng_requires(kind=entry.kind)
    return check_requires(named[0], entry) if named else ()


def _members(protocol: type) -> list[str]:
    """Return the public names that a protocol asks for."""
    names = {*vars(protocol), *getattr(protocol, "__annotations__", {})}
    return sorted(name for name in names if not name.startswith("_"))


def code_hash(entry: PluginEntry) -> str:
    """Return a hash of a plugin's own source files, found without importing it.

    A module is hashed with the other modules of its folder, which it may use.
    """
    if entry.loose:
        files = [Path(entry.module)]
    else:
        module = entry.module.partition(":")[0]
        try:
            spec = find_spec(module)
        except ImportError:
            spec = None
        if spec is None or not spec.origin:
            return ""
        origin = Path(spec.origin)
        files = sorted(origin.parent.rglob("*.py")) if origin.suffix == ".py" else [origin]
    digest = hashlib.blake2b(digest_size=16)
    for path in files:
        digest.update(path.name.encode("utf-8", "surrogateescape") + b"\0")
        digest.update(path.read_bytes())
    return digest.hexdigest()
