"""What the commands that show one stage's records share: their options, a view or the records."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import reduce, wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from lunheng.cli import lang_option, messages
from lunheng.cli.analysing import FORMATS, analysed_documents, write_records
from lunheng.cli.configuring import config_options, load_config

if TYPE_CHECKING:
    from lunheng.config import Config, Setting
    from lunheng.documents import Document
    from lunheng.i18n import Catalog

Records = Callable[["Document"], Iterable[Mapping[str, Any]]]
Show = Callable[["Document", "Catalog"], None]


@dataclass(frozen=True, slots=True)
class Presentation:
    """What a command was asked for: texts, the configuration, and the form of the answer."""

    paths: tuple[str, ...]
    config: Config
    folders: tuple[Path, ...]
    form: str
    lang: str

    def with_settings(self, kind: str, values: Mapping[str, Setting]) -> Presentation:
        """Return this with settings of every chosen stage of one kind."""
        more: dict[tuple[str, ...], Setting] = {
            ("plugins", kind, name.replace("-", "_"), field): setting
            for name in self.config.stages(kind)
            for field, setting in values.items()
        }
        return replace(self, config=self.config.with_settings(more))

    def present(self, records: Records, show: Show) -> None:
        """Analyse the texts and show each, or write the records of all."""
        documents = analysed_documents(self.paths, self.config, self.folders)
        if self.form == "text":
            say = messages(self.lang)
            for document in documents:
                show(document, say)
        else:
            write_records((row for document in documents for row in records(document)), self.form)


def presenting(command: Callable[..., None]) -> Callable[..., None]:
    """Add PATHS, ``--to`` and the options of configuration to a command.

    The command receives a ``Presentation`` before its own options.
    """

    @wraps(command)
    def gathered(
        paths: tuple[str, ...],
        form: str,
        config_file: Path | None,
        assignments: tuple[str, ...],
        plugin_folders: tuple[Path, ...],
        lang: str,
        **own: Any,
    ) -> None:
        config = load_config(config_file, assignments, {})
        command(Presentation(paths, config, plugin_folders, form, lang), **own)

    options = (
        click.argument("paths", nargs=-1, required=True),
        click.option(
            "--to", "form", type=click.Choice(FORMATS), default="text", show_default=True,
            help="A coloured view of the text, or the records.",
        ),
        config_options,
        lang_option,
    )  # fmt: skip
    return reduce(lambda inner, option: option(inner), reversed(options), gathered)
