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


@dataclass(frozen=True, slots=True)
class Catalog:
    """The messages of one package in one language; a call fills a message's ``{fields}``.

    The catalogue file has one table a key: ``[done]``, ``zh = "…"``, ``en = "…"``.
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
        return self.messages[key].format(**fields)
