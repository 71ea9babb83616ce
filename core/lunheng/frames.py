"""Frames of debate and the analyst's own targets, read from TOML."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

from lunheng.errors import ConfigError

_FRAME_KEYS = {"name", "zh", "en", "poles"}
_POLE_KEYS = {"name", "zh", "en", "opposes", "expressions"}
_TARGET_KEYS = {"name", "aliases", "expressions", "opposes"}


@dataclass(frozen=True, slots=True)
class Pole:
    """One side of a debate: its titles, the phrases that stand for it, the poles it opposes."""

    name: str
    zh: str
    en: str
    expressions: tuple[str, ...]
    opposes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Frame:
    """A debate with opposed poles."""

    name: str
    zh: str
    en: str
    poles: tuple[Pole, ...]

    def pole(self, name: str) -> Pole:
        """Return the pole called ``name``.

        Raises:
            KeyError: the frame has no such pole.
        """
        for pole in self.poles:
            if pole.name == name:
                return pole
        raise KeyError(name)


@dataclass(frozen=True, slots=True)
class Target:
    """Something the analyst asks about: a name, and the phrases that stand for it."""

    name: str
    expressions: tuple[str, ...]
    opposes: tuple[str, ...] = ()


def shipped_frames() -> tuple[str, ...]:
    """Return the names of the frames that come with Lunheng, sorted.

    >>> shipped_frames()
    ('ai-routes', 'electric-cars', 'remote-work')
    """
    folder = files("lunheng_seeds").joinpath("frames")
    return tuple(sorted(f.name[:-5] for f in folder.iterdir() if f.name.endswith(".toml")))


def load_frames(names: Iterable[str]) -> tuple[Frame, ...]:
    """Read frames by the names of shipped ones or by the paths of TOML files.

    A name may be cut short where it is clear: ``ai`` for ``ai-routes``.

    >>> load_frames(["ai-routes"])[0].pole("open-source").zh
    '开源'

    Raises:
        ConfigError: a frame is not shipped and no file, or its file is not as it must be.
    """
    return tuple(_load_frame(name) for name in names)


def load_targets(path: str | Path) -> tuple[Target, ...]:
    """Read the analyst's targets: a TOML file of ``[[targets]]`` with name and expressions.

    Raises:
        ConfigError: the file cannot be read or is not as it must be.
    """
    where = str(path)
    data = _read(Path(path), where)
    tables = data.get("targets")
    if not isinstance(tables, list) or not tables:
        raise ConfigError(f"{where}: expected one or more [[targets]] tables, found none")
    return tuple(_target(table, f"{where}, target {n}") for n, table in enumerate(tables, 1))


def _load_frame(name: str) -> Frame:
    source: Traversable | Path = Path(name)
    meant = [known for known in shipped_frames() if known.startswith(name)] if name else []
    if len(meant) == 1:
        source = files("lunheng_seeds").joinpath("frames", f"{meant[0]}.toml")
    elif not Path(name).is_file():
        known = ", ".join(shipped_frames())
        raise ConfigError(f"frame {name!r}: expected a file or one of {known}, found neither")
    data = _read(source, name)
    _check_keys(data, _FRAME_KEYS, name)
    poles = tuple(
        _pole(table, f"{name}, pole {n}") for n, table in enumerate(_list(data, "poles", name), 1)
    )
    known_poles = {pole.name for pole in poles}
    for pole in poles:
        if unknown := set(pole.opposes) - known_poles:
            raise ConfigError(
                f"{name}, pole {pole.name!r}: opposes {sorted(unknown)}, expected some of "
                f"{sorted(known_poles)}"
            )
    zh, en = _string(data, "zh", name), _string(data, "en", name)
    return Frame(_string(data, "name", name), zh, en, poles)


def _pole(table: Any, where: str) -> Pole:
    _check_keys(table, _POLE_KEYS, where)
    return Pole(
        _string(table, "name", where),
        _string(table, "zh", where),
        _string(table, "en", where),
        _strings(table, "expressions", where),
        _strings(table, "opposes", where) if "opposes" in table else (),
    )


def _target(table: Any, where: str) -> Target:
    _check_keys(table, _TARGET_KEYS, where)
    name = _string(table, "name", where)
    expressions = [name]
    for key in ("aliases", "expressions"):
        if key in table:
            expressions += _strings(table, key, where)
    opposes = _strings(table, "opposes", where) if "opposes" in table else ()
    return Target(name, tuple(dict.fromkeys(expressions)), opposes)


def _read(source: Traversable | Path, where: str) -> dict[str, Any]:
    try:
        return tomllib.loads(source.read_text("utf-8"))
    except OSError as error:
        raise ConfigError(f"{where}: cannot be read ({error.strerror})") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(f"{where}: expected TOML in UTF-8, found {error}") from error


def _check_keys(table: Any, known: set[str], where: str) -> None:
    if not isinstance(table, Mapping):
        raise ConfigError(f"{where}: expected a table, found {type(table).__name__}")
    if unknown := set(table) - known:
        raise ConfigError(f"{where}: unknown {sorted(unknown)}, expected some of {sorted(known)}")


def _list(table: Mapping[str, Any], key: str, where: str) -> list[Any]:
    value = table.get(key)
    if not isinstance(value, list) or not value:
        raise ConfigError(f"{where}: expected a list under {key!r}, found {value!r}")
    return value


def _string(table: Mapping[str, Any], key: str, where: str) -> str:
    value = table.get(key)
    if not isinstance(value, str) or not value.strip():
        raise ConfigError(f"{where}: expected a string under {key!r}, found {value!r}")
    return value


def _strings(table: Mapping[str, Any], key: str, where: str) -> tuple[str, ...]:
    values = _list(table, key, where)
    for value in values:
        if not isinstance(value, str) or not value.strip():
            raise ConfigError(f"{where}: expected strings under {key!r}, found {value!r}")
    return tuple(values)
