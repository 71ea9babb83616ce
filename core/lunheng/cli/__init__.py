"""The command line: one lazy group; a command's module is imported when the command is invoked.

Exit codes: 0 done, 1 done with failed documents, 2 wrong use. Data goes to stdout, progress and
messages to stderr.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from importlib import import_module
from itertools import pairwise
from typing import TYPE_CHECKING, Any, TypeVar

import click

from lunheng import __version__
from lunheng.errors import LunhengError

if TYPE_CHECKING:
    from lunheng.i18n import Catalog

LANGUAGES = ("zh", "en")
# Set in a context's ``meta`` once something failed that the command passes over.
FAILED = "lunheng.failed"
# What the command line was, kept in ``meta`` for the language of what is wrong with it.
GIVEN = "lunheng.given"

COMMANDS = {
    "run": ("lunheng.cli.run:run", "Analyse texts into a study."),
    "report": ("lunheng.cli.report:report", "Write a study's reports."),
    "correct": ("lunheng.cli.correct:correct", "Confirm, change or reject what a study says."),
    "serve": ("lunheng.cli.serve:serve", "Serve a study's views on this machine."),
    "retry": ("lunheng.cli.retry:retry", "Analyse again what failed in a study."),
    "study": ("lunheng.cli.study:study", "Look after studies; put several into one."),
    "clean": ("lunheng.cli.clean:clean", "Repair scraped text and show what was repaired."),
    "tokenize": ("lunheng.cli.tokenize:tokenize", "Cut text into words."),
    "entities": ("lunheng.cli.entities:entities", "Find names, amounts and dates."),
    "quotes": ("lunheng.cli.quotes:quotes", "Find who speaks: turns and quotations."),
    "stance": ("lunheng.cli.stance:stance", "Find who stands where, on what, in which words."),
    "frames": ("lunheng.cli.frames:frames", "Propose targets from a study; show the frames."),
    "index": ("lunheng.cli.index:index", "Build and ask an n-gram index."),
    "eval": ("lunheng.cli.eval:evaluate", "Score the stages against annotated texts."),
    "train": ("lunheng.cli.train:train", "Train a model."),
    "plugins": ("lunheng.cli.plugins:plugins", "List, make and check plugins."),
    "config": ("lunheng.cli.config:config", "Show the configuration in force."),
}

Decorated = TypeVar("Decorated", bound=Callable[..., Any])


class Refusal(click.ClickException):
    """An error of ours, shown as one message."""

    exit_code = 2


class LazyGroup(click.Group):
    """A group whose commands are known by a table and imported on use.

    The table has a row a command: its name, then where it is and what it does in one line.
    """

    def __init__(self, *args: Any, table: Mapping[str, tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.table = table

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the commands in the order of the table."""
        return list(self.table)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import the module of one command and return the command."""
        if cmd_name not in self.table:
            return None
        module, attribute = self.table[cmd_name][0].split(":")
        command = getattr(import_module(module), attribute)
        assert isinstance(command, click.Command)
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Name the nearest command when there is none of that name."""
        if args and args[0] not in self.table and not args[0].startswith("-"):
            from difflib import get_close_matches

            near = get_close_matches(args[0], self.table, n=1)
            hint = f" Did you mean {near[0]!r}?" if near else ""
            ctx.fail(f"There is no command {args[0]!r}.{hint}")
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the table of commands without importing any."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, line) for name, (_, line) in self.table.items()])

    def make_context(
        self,
        info_name: str | None,
        args: list[str],
        parent: click.Context | None = None,
        **extra: Any,
    ) -> click.Context:
        """Read the options of the group, and keep in mind what was given."""
        given = tuple(args)
        with _in_the_language_of(given):
            context = super().make_context(info_name, args, parent, **extra)
        context.meta.setdefault(GIVEN, given)
        return context

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; show an error of ours as one message with exit code 2."""
        with _in_the_language_of(ctx.meta[GIVEN]):
            try:
                result = super().invoke(ctx)
                if ctx.meta.get(FAILED):
                    ctx.exit(1)
                return result
            except LunhengError as error:
                if os.environ.get("LUNHENG_STRICT") == "1":
                    raise
                raise Refusal(str(error)) from error


@contextmanager
def _in_the_language_of(arguments: Sequence[str]) -> Iterator[None]:
    """Have errors of the command line told in the language that its arguments ask for."""
    try:
        yield
    except (click.exceptions.NoArgsIsHelpError, click.exceptions.Exit):
        raise
    except click.ClickException as error:
        from lunheng.cli.translating import Told

        if isinstance(error, Told) or _language_in(arguments) != "zh":
            raise
        raise Told(error) from error


def _language_in(arguments: Sequence[str]) -> str:
    """Return the language that arguments ask for, however wrong they are, or the locale's."""
    from lunheng.i18n import default_language

    joined = (part for word in arguments for part in word.split("=", 1))
    asked = [value for option, value in pairwise(joined) if option == "--lang"]
    return asked[-1] if asked and asked[-1] in LANGUAGES else default_language()


def language(ctx: click.Context, parameter: click.Parameter | None, value: str | None) -> str:
    """Return the language asked for here, before the command, or by the user's locale."""
    from lunheng.i18n import default_language

    return value or ctx.find_root().params.get("lang") or default_language()


def lang_option(command: Decorated) -> Decorated:
    """Add ``--lang zh|en`` to a command; it receives ``lang: str``."""
    option = click.option(
        "--lang",
        type=click.Choice(LANGUAGES),
        callback=language,
        help="Language of messages and reports; default: the locale's.",
    )
    return option(command)


def messages(lang: str) -> Catalog:
    """Return the command line's messages in one language."""
    from lunheng.i18n import Catalog

    return Catalog.load("lunheng.cli", lang)


@click.group(
    cls=LazyGroup,
    table=COMMANDS,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="Example: lunheng run articles/ -o study && lunheng report study --to html",
)
@click.option("--lang", type=click.Choice(LANGUAGES), help="Language of messages and reports.")
@click.version_option(__version__, "-V", "--version", package_name="lunheng", prog_name="lunheng")
@click.option(
    "--log-level",
    type=click.Choice(("debug", "info", "warning", "error")),
    help="Log to stderr from this level upwards; default: no log.",
)
@click.option(
    "--log-format",
    type=click.Choice(("text", "json")),
    default="text",
    show_default=True,
    help="Log lines for people, or a JSON object a line.",
)
@click.pass_context
def main(ctx: click.Context, lang: str | None, log_level: str | None, log_format: str) -> None:
    """Lunheng 论衡: who stands where, on what, in which words."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
    if log_level is not None:
        from lunheng.cli.logs import begin

        begin(ctx, log_level, log_format)
