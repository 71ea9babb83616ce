"""What the analyst decided about a study: ``corrections.toml``, read, merged and edited.

Names are written as in ``lunheng.names``; a stance is told by what the machine made of it::

    ignore = ["小米"]              # never a name here

    [[name]]
    name = "星河科技"
    aliases = ["星河"]

    [[stance]]
    verdict = "changed"            # or confirmed, or rejected
    document = "0f3c…"             # the hash of its source text
    file = "articles/a.txt"
    place = [120, 131]             # half-open code points of the source
    words = "开源路线一定会赢"
    holder = "林若海"              # whose stance the machine took it for, on what, which way
    target = "开源路线"
    polarity = "favor"
    to = { holder = "周知远" }     # what it should be; the rest stays

Comments and order survive whatever the program writes into the file.
"""

from __future__ import annotations

import hashlib
import json
import tomllib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, Self, get_args

import tomlkit
from tomlkit.items import AoT, Table

from lunheng.documents import EntityType, Polarity
from lunheng.errors import ConfigError
from lunheng.names import Names, parse_names
from lunheng.tables import stance_id

Verdict = Literal["confirmed", "changed", "rejected"]
VERDICTS: tuple[str, ...] = get_args(Verdict)
CHANGEABLE = ("holder", "target", "polarity")
_TEXTS = ("document", "file", "words", "holder", "target", "polarity")


@dataclass(frozen=True, slots=True)
class StanceCorrection:
    """What the analyst thinks of one stance; ``to`` is what changes of holder, target, polarity."""

    verdict: Verdict
    document: str
    file: str
    place: tuple[int | None, int | None]
    words: str
    holder: str
    target: str
    polarity: str
    to: Mapping[str, str] = field(default_factory=dict)
    note: str = ""

    @property
    def stance(self) -> str:
        """The name of the stance, as the column ``stance_id`` has it."""
        return stance_id(self.document, self.place, self.holder, self.target, self.polarity)

    @property
    def meant(self) -> tuple[str, str, str]:
        """Holder, target and polarity as they should be."""
        given = {"holder": self.holder, "target": self.target, "polarity": self.polarity, **self.to}
        return given["holder"], given["target"], given["polarity"]


@dataclass(frozen=True, slots=True)
class Corrections:
    """All of a study's corrections; ``digest`` is 0 where there are none."""

    names: Names = field(default_factory=Names)
    stances: tuple[StanceCorrection, ...] = ()
    digest: int = 0


def load_corrections(path: Path) -> Corrections:
    """Read a file of corrections; one that does not exist holds none.

    Raises:
        ConfigError: the file is not TOML, or says something unknown; the message says where.
    """
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        return Corrections()
    except OSError as error:
        raise ConfigError(f"{path}: cannot be read: {error.strerror}") from error
    return parse_corrections(path, data)


def parse_corrections(path: Path, data: bytes) -> Corrections:
    """Return the corrections of a TOML file's bytes; ``path`` is what errors call it.

    Raises:
        ConfigError: the bytes are not TOML in UTF-8, or say something unknown.
    """
    try:
        tables = tomllib.loads(data.decode("utf-8"))
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ConfigError(f"{path}: expected corrections in TOML, found {error}") from error
    stances = tables.pop("stance", [])
    if not isinstance(stances, list):
        raise ConfigError(f"{path}: expected `[[stance]]` tables, found `stance = {stances!r}`")
    unknown = set(tables) - {"ignore", "name"}
    if unknown:
        expected = "`ignore`, `[[name]]` and `[[stance]]`"
        raise ConfigError(f"{path}: expected {expected}, found `{min(unknown)}`")
    digest = int.from_bytes(hashlib.sha256(data).digest()[:6], "big")
    return Corrections(
        parse_names(path, tables),
        tuple(
            _stance(f"{path}: [[stance]] number {number}", table)
            for number, table in enumerate(stances, 1)
        ),
        digest if stances or tables else 0,
    )


def _stance(where: str, table: Mapping[str, Any]) -> StanceCorrection:
    """Return one entry, checked.

    Raises:
        ConfigError: a key is missing, unknown, or has a value that means nothing.
    """
    unknown = set(table) - {"verdict", *_TEXTS, "place", "to", "note"}
    if unknown:
        raise ConfigError(f"{where}: `{min(unknown)}` is not known; see `lunheng.corrections`")
    for key in _TEXTS:
        if not isinstance(table.get(key), str):
            raise ConfigError(f"{where}: expected `{key}` to be a string, found {table.get(key)!r}")
    check_decision(where, table)
    place = table.get("place")
    if not (
        isinstance(place, list) and len(place) in (0, 2) and all(type(n) is int for n in place)
    ):
        raise ConfigError(f"{where}: expected `place` to be two numbers or [], found {place!r}")
    start, end = place or (None, None)
    texts = {key: table[key] for key in _TEXTS}
    to, note = dict(table.get("to", {})), str(table.get("note", ""))
    return StanceCorrection(table["verdict"], place=(start, end), to=to, note=note, **texts)


def check_decision(where: str, table: Mapping[str, Any]) -> None:
    """Check the verdict of an entry and what it changes.

    Raises:
        ConfigError: the verdict is none, or changes nothing, or into something unknown.
    """
    verdict, to = table.get("verdict"), table.get("to", {})
    if verdict not in VERDICTS:
        raise ConfigError(f"{where}: expected `verdict` among {_list(VERDICTS)}; found {verdict!r}")
    if not isinstance(to, Mapping) or not all(isinstance(value, str) for value in to.values()):
        raise ConfigError(f"{where}: expected `to` to be a table of strings, found {to!r}")
    if not set(to) <= set(CHANGEABLE):
        raise ConfigError(f"{where}: expected `to` with {_list(CHANGEABLE)}; found {sorted(to)}")
    if (verdict == "changed") != bool(to):
        raise ConfigError(f"{where}: expected `to` with the verdict `changed`, and only there")
    if to.get("polarity", "favor") not in get_args(Polarity):
        expected, found = _list(get_args(Polarity)), to["polarity"]
        raise ConfigError(f"{where}: expected `polarity` among {expected}; found {found!r}")


def _list(names: Iterable[str]) -> str:
    return ", ".join(names)


class CorrectionsFile:
    """The file of a study's corrections, opened for changes; ``write`` makes them last."""

    def __init__(self, path: Path, document: tomlkit.TOMLDocument) -> None:
        self.path = path
        self._document = document

    @classmethod
    def read(cls, path: Path) -> Self:
        """Read the file, or begin one.

        Raises:
            ConfigError: the file is not what it should be.
        """
        load_corrections(path)
        text = path.read_text("utf-8") if path.exists() else ""
        return cls(path, tomlkit.parse(text))

    def judge(self, *corrections: StanceCorrection) -> None:
        """Write what the analyst thinks of stances over what they thought of them before."""
        self.forget(*(correction.stance for correction in corrections))
        self._tables("stance").extend(map(_stance_table, corrections))

    def forget(self, *stances: str) -> None:
        """Take verdicts on stances back."""
        self._remove("stance", lambda entry: _stance("", entry).stance in stances)

    def name(self, name: str, aliases: Sequence[str] = (), type_: EntityType | None = None) -> None:
        """Say what one name is: its aliases join those it has, a type replaces another.

        A surface belongs to one name, so it leaves any other and the list of what is ignored.
        """
        for surface in (name, *aliases):
            self._release(surface)
        entries = self._tables("name")
        entry = next((e for e in entries if e["name"] == name), None)
        made = tomlkit.table() if entry is None else entry
        made["name"] = _clean(name)
        if type_:
            made["type"] = type_
        known = list(made.get("aliases", ()))
        if more := [_clean(alias) for alias in aliases if alias not in known and alias != name]:
            made["aliases"] = [*known, *more]
        if entry is None:
            made.add(tomlkit.nl())
            entries.append(made)

    def ignore(self, *surfaces: str) -> None:
        """Say that surfaces are no names."""
        self.forget_names(*surfaces)
        self._document["ignore"] = [*self._document.get("ignore", ()), *map(_clean, surfaces)]

    def forget_names(self, *surfaces: str) -> None:
        """Take back what was said of names or other surfaces."""
        self._remove("name", lambda entry: entry["name"] in surfaces)
        for surface in surfaces:
            self._release(surface)

    def _release(self, surface: str) -> None:
        """Take a surface off the aliases of all names and off the list of what is ignored."""
        for entry in self._tables("name") if "name" in self._document else ():
            if surface in (aliases := list(entry.get("aliases", ()))):
                entry["aliases"] = [alias for alias in aliases if alias != surface]
        if surface in (ignored := list(self._document.get("ignore", ()))):
            self._document["ignore"] = [other for other in ignored if other != surface]

    def merge(self, names: Names, stances: Iterable[StanceCorrection]) -> None:
        """Take over other corrections; where both speak, the others have the word."""
        if names.ignored:
            self.ignore(*sorted(names.ignored))
        for name in names.names:
            self.name(name.name, name.aliases, name.type)
        if judged := tuple(stances):
            self.judge(*judged)

    def write(self) -> Corrections:
        """Write the file whole or not at all, and return what it says now."""
        data = tomlkit.dumps(self._document).encode("utf-8")
        checked = parse_corrections(self.path, data)
        new = self.path.with_name(f"{self.path.name}.new")
        new.write_bytes(data)
        new.replace(self.path)
        return checked

    def _tables(self, key: str) -> AoT:
        """Return the tables under a key, made where there are none."""
        known = self._document.get(key)
        if not isinstance(known, AoT):
            tables = tomlkit.aot()
            for entry in known or ():  # somebody wrote them as one list
                tables.append(tomlkit.item(entry.unwrap()))
            self._document.pop(key, None)
            self._document.add(key, tables)
            return tables
        return known

    def _remove(self, key: str, holds: Callable[[Mapping[str, Any]], bool]) -> None:
        """Remove the tables under a key of which something holds."""
        if key not in self._document:
            return
        entries = self._tables(key)
        for number in reversed([n for n, entry in enumerate(entries) if holds(entry.unwrap())]):
            del entries[number]
        if not len(entries):
            del self._document[key]


def _stance_table(correction: StanceCorrection) -> Table:
    """Return the entry that says a correction."""
    table = tomlkit.table()
    table.add("verdict", correction.verdict)
    for key in ("document", "file"):
        table.add(key, _clean(getattr(correction, key)))
    table.add("place", [n for n in correction.place if n is not None])
    for key in ("words", *CHANGEABLE):
        table.add(key, _clean(getattr(correction, key)))
    if correction.to:
        to = tomlkit.inline_table()
        to.update({key: _clean(value) for key, value in correction.to.items()})
        table.add("to", to)
    if correction.note:
        table.add("note", _clean(correction.note))
    table.add(tomlkit.nl())
    return table


def _clean(text: str) -> str:
    """Return text that a file in UTF-8 can hold."""
    return text.encode("utf-8", "replace").decode("utf-8")


@dataclass(frozen=True, slots=True)
class Decision:
    """What a report prepared: a verdict on a stance that is told by its name alone."""

    stance: str
    verdict: Verdict
    to: Mapping[str, str] = field(default_factory=dict)
    note: str = ""


def parse_decisions(path: Path, data: bytes) -> tuple[tuple[Decision, ...], Names]:
    """Return the decisions that a report's page prepared as JSON, and the names among them.

    Raises:
        ConfigError: the bytes are not such JSON; the message says what was expected.
    """
    try:
        tables = json.loads(data)
    except ValueError as error:
        raise ConfigError(f"{path}: expected decisions in JSON, found {error}") from error
    if not isinstance(tables, dict) or not isinstance(tables.get("stance", []), list):
        raise ConfigError(f"{path}: expected a JSON object with a list `stance`")
    decisions = []
    for number, entry in enumerate(tables.pop("stance", []), 1):
        where = f"{path}: stance number {number}"
        if not isinstance(entry, dict) or not isinstance(entry.get("id"), str):
            raise ConfigError(f"{where}: expected an object with `id`, found {entry!r}")
        check_decision(where, entry)
        to, note = entry.get("to", {}), str(entry.get("note", ""))
        decisions.append(Decision(entry["id"], entry["verdict"], to, note))
    return tuple(decisions), parse_names(path, tables)
