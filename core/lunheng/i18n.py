"""Messages in Chinese and English, kept in TOML catalogues beside the code that shows them."""

from __future__ import annotations

import locale
import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files

LANGUAGES = ("zh", "en")


def default_language() -> str:
    """Return ``zh`` where the user's locale is Chinese, else ``en``."""
    for variable in ("LC_ALL", "LC_MESSAGES", "LANG"):
        if value := os.environ.get(variable):
            return "zh" if value.lower().startswith("zh") else "en"
    return "zh" if (locale.getlocale()[0] or "").lower().startswith(("zh", "chinese")) else "en"


class Number(int):
    """A number that a message may count something with: ``{n:file}``, ``{n:entity|entities}``.

    >>> f"{Number(1):file}, {Number(1200):file}, {Number(2):entity|entities}, {Number(7)}"
    '1 file, 1,200 files, 2 entities, 7'
    """

    def __format__(self, spec: str) -> str:
        """Return the number with the noun that ``spec`` is, in the form that goes with it."""
        one, _, many = spec.partition("|")
        if not one.isalpha() or len(one) == 1:
            return super().__format__(spec)
        return f"{int(self):,} {one if self == 1 else many or one + 's'}"


@dataclass(frozen=True, slots=True)
class Catalog:
    """The messages of one package in one language; a call fills a message's ``{fields}``.

    The catalogue file has one table a key: ``[done]``, ``zh = "…"``, ``en = "…"``. Numbers are
    formatted as ``Number`` says.
    """

    messages: Mapping[str, str]
    language: str

    @classmethod
    def load(cls, package: str, language: str, name: str = "messages.toml") -> Catalog:
        """Read the catalogue ``name`` that lies in ``package``.

        Raises:
            KeyError: a key has no text in ``language``.
        """
        tables = tomllib.loads(files(package).joinpath(name).read_text("utf-8"))
        return cls({key: texts[language] for key, texts in tables.items()}, language)

    def __call__(self, key: str, /, **fields: object) -> str:
        """Return the message ``key`` with its fields filled in."""
        counted = {
            name: Number(value) if type(value) is int else value for name, value in fields.items()
        }
        return self.messages[key].format(**counted)
