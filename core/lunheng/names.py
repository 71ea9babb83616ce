"""The user's own names: a TOML file of names, aliases, types and surfaces to ignore.

::

    ignore = ["小米"]           # never a name here

    [[name]]
    name = "星河科技"
    type = "ORG"                # may be left out: only the aliases are given then
    aliases = ["星河", "Xinghe"]
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import get_args

from lunheng.documents import EntityType
from lunheng.errors import ConfigError
from lunheng.text import fold


@dataclass(frozen=True, slots=True)
class Name:
    """One name as the user gives it."""

    name: str
    type: EntityType | None = None
    aliases: tuple[str, ...] = ()


def _key(surface: str) -> str:
    return "".join(fold(surface).casefold().split())


@dataclass(frozen=True, slots=True)
class Names:
    """Names and ignored surfaces; look-ups disregard script, width, case and spaces.

    >>> names = Names((Name("星河科技", "ORG", ("星河",)),), frozenset({"小米"}))
    >>> names.find("星河").name, names.find("小米"), names.ignores("小米")
    ('星河科技', None, True)
    """

    names: tuple[Name, ...] = ()
    ignored: frozenset[str] = frozenset()
    by_surface: Mapping[str, Name] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        by_surface = {
            _key(surface): name for name in self.names for surface in (*name.aliases, name.name)
        }
        object.__setattr__(self, "by_surface", by_surface)
        object.__setattr__(self, "ignored", frozenset(map(_key, self.ignored)))

    def find(self, surface: str) -> Name | None:
        """Return the name that a surface stands for."""
        return self.by_surface.get(_key(surface)) if self.by_surface else None

    def ignores(self, surface: str) -> bool:
        """Tell whether a surface is never a name."""
        return bool(self.ignored) and _key(surface) in self.ignored

    def surfaces(self) -> Iterator[tuple[str, str]]:
        """Yield every surface with its canonical name."""
        for name in self.names:
            for surface in (*name.aliases, name.name):
                yield surface, name.name

    def __add__(self, other: Names) -> Names:
        """Return both; where they disagree ``other`` has the last word."""
        return Names(self.names + other.names, self.ignored | other.ignored)


def load_names(path: Path) -> Names:
    """Read a names file; a file that does not exist holds no names.

    Raises:
        ConfigError: the file is not TOML, or has a key or type that is not known.
    """
    try:
        tables = tomllib.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        return Names()
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ConfigError(f"{path}: expected a TOML file of names, found {error}") from error
    return parse_names(path, tables)


def parse_names(path: Path, tables: Mapping[str, object]) -> Names:
    """Return the names of a parsed file; ``path`` is what errors call it.

    Raises:
        ConfigError: there is a key or type that is not known.
    """
    unknown = set(tables) - {"ignore", "name"}
    if unknown:
        raise ConfigError(
            f"{path}: expected `ignore` and `[[name]]`, found `{min(unknown)}`; see `lunheng.names`"
        )
    ignored = tables.get("ignore", [])
    if not isinstance(ignored, list) or not all(isinstance(item, str) for item in ignored):
        raise ConfigError(f"{path}: expected `ignore` to be a list of strings, found {ignored!r}")
    given = tables.get("name", [])
    if not isinstance(given, list):
        raise ConfigError(f"{path}: expected `[[name]]` tables, found `name = {given!r}`")
    return Names(
        tuple(_name(path, number, table) for number, table in enumerate(given, 1)),
        frozenset(ignored),
    )


def _name(path: Path, number: int, table: Mapping[str, object]) -> Name:
    where = f"{path}: [[name]] number {number}"
    unknown = set(table) - {"name", "type", "aliases"}
    if unknown:
        raise ConfigError(f"{where}: expected name, type, aliases; found `{min(unknown)}`")
    name, type_, aliases = table.get("name"), table.get("type"), table.get("aliases", [])
    if not isinstance(name, str) or not name:
        raise ConfigError(f"{where}: expected `name` to be a string, found {name!r}")
    if type_ is not None and type_ not in get_args(EntityType):
        expected = ", ".join(get_args(EntityType))
        raise ConfigError(f"{where} ({name}): expected `type` among {expected}; found {type_!r}")
    if not isinstance(aliases, list) or not all(isinstance(item, str) for item in aliases):
        raise ConfigError(f"{where} ({name}): expected `aliases` to be strings, found {aliases!r}")
    return Name(name, type_, tuple(aliases))  # type: ignore[arg-type]
