"""Find where each key of a TOML text is set, for messages that point there."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field

Key = tuple[str, ...]

_TOKEN = re.compile(
    r"""
    (?P<skip>[ \t\r]+|\#[^\n]*)
    |(?P<string>\"\"\"(?:\\.|[^\\])*?\"{3,5}|'''.*?'{3,5}|"(?:\\.|[^"\\\n])*"|'[^'\n]*')
    |(?P<mark>[][{}=,.\n])
    |(?P<bare>[^\s\[\]{}=,."'\#]+)
    """,
    re.VERBOSE | re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class Places:
    """The offset of each key and table of a text, in which a nearest one can be asked for."""

    text: str
    offsets: Mapping[Key, int]

    @classmethod
    def of(cls, text: str) -> Places:
        """Return the places of the keys of a text that is TOML."""
        return cls(text, _Scanner(text).keys())

    def place(self, key: Key) -> str:
        """Return ``line:column`` of a key, or of the nearest table around it, both from 1.

        >>> Places.of("a.b = 1; c = 2".replace("; ", chr(10))).place(("c",))
        '2:1'
        """
        known = (key[:length] for length in range(len(key), 0, -1))
        offset = next((self.offsets[part] for part in known if part in self.offsets), 0)
        before = self.text[:offset]
        return f"{before.count(chr(10)) + 1}:{offset - before.rfind(chr(10))}"


@dataclass(slots=True)
class _Scanner:
    """Goes once through the tokens of a text."""

    text: str
    at: int = 0
    found: dict[Key, int] = field(default_factory=dict)

    def keys(self) -> dict[Key, int]:
        """Return the offset of each key and table."""
        table: Key = ()
        while token := self.peek():
            if token == "\n":
                self.take()
            elif token == "[":
                begin = self.at
                while self.peek() == "[":
                    self.take()
                table = self.key(())
                self.note(table, 1, begin)
                while self.peek() == "]":
                    self.take()
            else:
                self.assignment(table)
        return self.found

    def peek(self) -> str:
        """Return the next token, spaces and comments left out; ``""`` at the end."""
        while match := _TOKEN.match(self.text, self.at):
            if match.lastgroup != "skip":
                return match[0]
            self.at = match.end()
        return ""

    def take(self) -> str:
        """Return the next token and go past it."""
        token = self.peek()
        self.at += len(token)
        return token

    def key(self, table: Key) -> Key:
        """Read a dotted key of a table."""
        key = (*table, _plain(self.take()))
        while self.peek() == ".":
            self.take()
            key = (*key, _plain(self.take()))
        return key

    def assignment(self, table: Key) -> None:
        """Read a key and its value."""
        self.peek()
        begin = self.at
        key = self.key(table)
        self.note(key, len(table) + 1, begin)
        self.take()
        self.value(key)

    def note(self, key: Key, shortest: int, begin: int) -> None:
        """Note where a key begins, and the tables that it makes on its way."""
        for length in range(shortest, len(key) + 1):
            self.found.setdefault(key[:length], begin)

    def value(self, key: Key) -> None:
        """Read a value, and the keys within it."""
        opened = self.take()
        if opened not in ("[", "{"):
            while self.peek() not in (",", "]", "}", "\n", ""):
                self.take()
            return
        while self.peek() not in ("]", "}", ""):
            if self.peek() in (",", "\n"):
                self.take()
            elif opened == "{":
                self.assignment(key)
            else:
                self.value(key)
        self.take()


def _plain(token: str) -> str:
    """Return the name that a token of a key stands for."""
    return str(tomllib.loads(f"key = {token}")["key"]) if token[:1] in "\"'" else token
