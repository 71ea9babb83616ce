"""The configuration in force: ``lunheng.toml``, then the environment, then ``--set``.

``[stages]`` chooses plugins by kind, ``[plugins.<name>]`` fills a plugin's settings; where several
kinds have a plugin of that name, ``[plugins.<kind>.<name>]`` says which, and
``[plugins.<kind>."*"]`` fills the settings of all plugins of a kind that have them. The
environment writes ``LUNHENG_PLUGINS__CUES__THRESHOLD=0.4``, the command line
``--set plugins.cues.threshold=0.4``.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import MISSING, dataclass, field, fields
from difflib import get_close_matches
from pathlib import Path
from typing import Any, get_origin, get_type_hints

import msgspec

from lunheng.errors import ConfigError
from lunheng.plugins import KINDS, SEVERAL, PluginEntry
from lunheng.toml_places import Key, Places

FILE = "lunheng.toml"
EVERY = "*"
PREFIX = "LUNHENG_"
SECTIONS = ("LUNHENG_STAGES__", "LUNHENG_PLUGINS__")

DEFAULT_STAGES: Mapping[str, tuple[str, ...]] = {
    "readers": (
        *("text", "markdown", "html", "jsonl", "csv", "tsv", "parquet"),
        *("docx", "epub", "pdf", "archive"),
    ),
    "cleaners": (
        "mojibake",
        "controls",
        "misdecoded",
        "html-remnants",
        "pinyin-brackets",
        "punctuation",
        "censored",
    ),
    "tokenizers": ("linear",),
    "entities": ("rules",),
    "quotes": ("rules",),
    "stance": ("cues",),
    "reports": ("html", "markdown", "json"),
    "engines": ("local",),
}

DISABLED = ("plugins", "disabled")


@dataclass(frozen=True, slots=True)
class Setting:
    """A value and where it was set; ``literal`` values are text that may stand for a number."""

    value: Any
    origin: str
    literal: bool = False


@dataclass(frozen=True, slots=True)
class Config:
    """All that was set, by its dotted key; what was not set has its default."""

    settings: Mapping[Key, Setting] = field(default_factory=dict)

    @property
    def disabled(self) -> frozenset[str]:
        """The stages (``kind.name``) that take part in no run.

        Raises:
            ConfigError: what was set is no list of names.
        """
        setting = self.settings.get(DISABLED)
        return _names(setting) if setting else frozenset()

    @classmethod
    def load(
        cls,
        path: Path | None = None,
        environment: Mapping[str, str] | None = None,
        assignments: Iterable[str] = (),
    ) -> Config:
        """Read a file (default: ``lunheng.toml`` here, when there is one) and what overrides it.

        Raises:
            ConfigError: the file cannot be read, or a key has no meaning.
        """
        merged: dict[Key, Setting] = {}
        if path is not None or Path(FILE).is_file():
            merged.update(_from_file(path or Path(FILE)))
        for name, text in sorted((environment or {}).items()):
            if name.startswith(SECTIONS):
                parts = tuple(part.lower() for part in name.removeprefix(PREFIX).split("__"))
                merged[_key(parts, name)] = Setting(_literal(text), name, literal=True)
        for assignment in assignments:
            dotted, equals, text = assignment.partition("=")
            origin = f"--set {assignment}"
            if not equals:
                raise ConfigError(f"expected --set KEY=VALUE, found {assignment!r}")
            key = _key(tuple(dotted.strip().split(".")), origin)
            merged[key] = Setting(_literal(text.strip()), origin, literal=True)
        return cls(merged)

    def stages(self, kind: str) -> tuple[str, ...]:
        """Return the names of the plugins chosen for ``kind``, in order; none is possible.

        Raises:
            ConfigError: what was set is no name or list of names.
        """
        setting = self.settings.get(("stages", kind))
        if setting is None:
            return DEFAULT_STAGES[kind]
        value = setting.value
        if isinstance(value, str):
            value = [part.strip() for part in value.split(",") if part.strip()]
        if not isinstance(value, list) or not all(isinstance(name, str) for name in value):
            raise ConfigError(
                f"{setting.origin}: expected a name or a list of names for stages.{kind}, found"
                f" {setting.value!r}"
            )
        if kind not in SEVERAL and len(value) > 1:
            raise ConfigError(f"{setting.origin}: expected one name for stages.{kind}, not several")
        return tuple(value)

    def fill(self, entry: PluginEntry, kind: type) -> Any:
        """Return a plugin's settings: its dataclass with what was set for it.

        Raises:
            ConfigError: a setting is unknown or does not fit its type; the message says where.
        """
        types = get_type_hints(kind)
        known = {each.name for each in fields(kind) if each.init}
        values = {
            name: _convert(setting, types[name], f"{entry.name}.{name}")
            for name, setting in self.of_kind(entry.kind).items()
            if name in known
        }
        for name, setting in self.of_plugin(entry).items():
            if name not in known:
                raise ConfigError(
                    f"{setting.origin}: expected a setting of the {entry.kind} plugin {entry.name}"
                    f" ({', '.join(sorted(known)) or 'it has none'}), found"
                    f" {name!r}.{_nearest(name, known)}"
                )
            values[name] = _convert(setting, types[name], f"{entry.name}.{name}")
        try:
            return kind(**values)
        except (TypeError, ValueError) as error:
            origins = ", ".join(s.origin for s in self.of_plugin(entry).values()) or "defaults"
            raise ConfigError(f"{origins}: settings of {entry} do not fit: {error}") from error

    def of_kind(self, kind: str) -> dict[str, Setting]:
        """Return what was set for all plugins of a kind that have the setting, by its name."""
        head = ("plugins", kind, EVERY)
        return {key[3]: each for key, each in self.settings.items() if key[:3] == head}

    def of_plugin(self, entry: PluginEntry) -> dict[str, Setting]:
        """Return what was set for one plugin, by the name of the setting."""
        name = _plain(entry.name)
        found = {}
        for key, setting in self.settings.items():
            if key[:2] == ("plugins", name) and len(key) == 3:
                found[key[2]] = setting
        for key, setting in self.settings.items():
            if key[:3] == ("plugins", entry.kind, name) and len(key) == 4:
                found[key[3]] = setting
        return found

    def with_settings(self, more: Mapping[Key, Setting]) -> Config:
        """Return this configuration with some settings replaced."""
        return Config({**self.settings, **more})

    def check_names(self, entries: Iterable[PluginEntry]) -> None:
        """Refuse settings for plugins that are not installed, and disabled ones that are not.

        Raises:
            ConfigError: there is such a setting; the message says where.
        """
        entries = tuple(entries)
        installed = {(entry.kind, _plain(entry.name)) for entry in entries}
        names = {name for _, name in installed}
        installed |= {(kind, EVERY) for kind in KINDS}
        for key, setting in self.settings.items():
            known = key == DISABLED or key[0] != "plugins" or key[1:3] in installed
            if not known and not (len(key) == 3 and key[1] in names):
                raise ConfigError(
                    f"{setting.origin}: expected a setting of an installed plugin, found"
                    f" {'.'.join(key)!r}.{_nearest(key[-2], names)} `lunheng plugins list` names"
                    " them."
                )
        keys = {entry.key for entry in entries}
        for name in sorted(self.disabled - keys):
            raise ConfigError(
                f"{self.settings[DISABLED].origin}: expected installed stages such as"
                f" reports.html, found {name!r}.{_nearest(name, keys)}"
            )


def _nearest(name: str, names: Iterable[str]) -> str:
    """Return a question after the nearest name, if one is near."""
    near = get_close_matches(name, sorted(names), n=1)
    return f" Did you mean {near[0]!r}?" if near else ""


def defaults(kind: type) -> dict[str, Any]:
    """Return the default values of a settings dataclass by name."""
    values = {}
    for each in fields(kind):
        if each.default is not MISSING:
            values[each.name] = each.default
        elif each.default_factory is not MISSING:
            values[each.name] = each.default_factory()
    return values


def _plain(name: str) -> str:
    """Return a plugin's name as keys write it: in lower case, with underscores."""
    return name.lower().replace("-", "_")


def _key(parts: Key, origin: str) -> Key:
    """Return a checked key with plain names.

    Raises:
        ConfigError: the key has no meaning.
    """
    if len(parts) == 2 and parts[0] == "stages" and parts[1] in KINDS:
        return parts
    if parts == DISABLED:
        return parts
    if parts[0] == "plugins":
        if len(parts) == 4 and parts[1] in KINDS:
            return ("plugins", parts[1], _plain(parts[2]), parts[3])
        if len(parts) == 3:
            return ("plugins", _plain(parts[1]), parts[2])
    raise ConfigError(
        f"{origin}: expected stages.<kind> (kinds: {', '.join(KINDS)}) or"
        f" plugins.<name>.<setting>, found {'.'.join(parts)!r}"
    )


def _from_file(path: Path) -> dict[Key, Setting]:
    """Read the settings of a TOML file, each with its line."""
    try:
        text = path.read_text("utf-8")
        tables = tomllib.loads(text)
    except OSError as error:
        raise ConfigError(f"{path} cannot be read: {error.strerror}") from error
    except tomllib.TOMLDecodeError as error:
        said, _, place = str(error).partition(" (at line ")
        where = ":".join(("", *re.findall("[0-9]+", place)))
        raise ConfigError(f"{path}{where}: this is not TOML: {said}") from error
    except UnicodeDecodeError as error:
        raise ConfigError(f"{path} is not TOML: {error}") from error
    places = Places.of(text)
    found = {}
    for parts, value in _flat(tables):
        origin = f"{path}:{places.place(parts)}"
        found[_key(parts, origin)] = Setting(value, origin)
    return found


def _flat(tables: Mapping[str, Any]) -> Iterable[tuple[Key, Any]]:
    """Yield the settings of a file; tables below a plugin's settings are values."""
    for section, content in tables.items():
        if not isinstance(content, dict):
            yield (section,), content
            continue
        for name, value in content.items():
            depth = 0 if section != "plugins" else 2 if name in KINDS else 1
            yield from _descend((section, name), value, depth)


def _descend(key: Key, value: Any, depth: int) -> Iterable[tuple[Key, Any]]:
    """Yield what lies ``depth`` tables below ``value``."""
    if depth == 0 or not isinstance(value, dict):
        yield key, value
        return
    for name, inner in value.items():
        yield from _descend((*key, name), inner, depth - 1)


def _literal(text: str) -> Any:
    """Return what a text stands for as a TOML value, or the text itself."""
    try:
        return tomllib.loads(f"value = {text}")["value"]
    except tomllib.TOMLDecodeError:
        return text


def _names(setting: Setting) -> frozenset[str]:
    """Return a setting that is a list of names."""
    value = setting.value.split(",") if isinstance(setting.value, str) else setting.value
    if not isinstance(value, list) or not all(isinstance(name, str) for name in value):
        raise ConfigError(f"{setting.origin}: expected a list of names, found {setting.value!r}")
    return frozenset(name.strip() for name in value)


def _convert(setting: Setting, kind: Any, name: str) -> Any:
    """Return a setting's value as the type that its field declares.

    Raises:
        ConfigError: it does not fit.
    """
    value = setting.value
    if setting.literal and isinstance(value, str) and get_origin(kind) in (tuple, list):
        value = [part.strip() for part in value.split(",") if part.strip()]
    if setting.literal and kind is str:
        value = str(value)
    try:
        return msgspec.convert(value, kind, dec_hook=_decode)
    except msgspec.ValidationError as error:
        raise ConfigError(f"{setting.origin}: {name}: {error}") from error


def _decode(kind: type, value: Any) -> Any:
    """Make the types that msgspec does not know from what TOML has."""
    if kind is Path and isinstance(value, str):
        return Path(value)
    raise NotImplementedError(f"settings of type {kind}")
