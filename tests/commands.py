"""Call commands in this process: as they are, or with the small stages of ``tests/stages``."""

from __future__ import annotations

from click.testing import CliRunner, Result

from lunheng.cli import main
from studies import PLAIN, SERIAL, STAGES

PLAIN_OPTIONS = [*(part for each in PLAIN for part in ("--set", each)), "--plugin-dir", str(STAGES)]
STAGE_OPTIONS = [*PLAIN_OPTIONS, "--set", SERIAL]


def call(*arguments: object, input: bytes | str | None = None) -> Result:
    """Run a command, in English."""
    words = [str(argument) for argument in arguments]
    return CliRunner().invoke(main, ["--lang", "en", *words], input=input)


def call_plain(*arguments: object, input: bytes | str | None = None) -> Result:
    """Run a command with the small stages, in English."""
    return call(*arguments, *STAGE_OPTIONS, input=input)


def output(*arguments: object, input: bytes | str | None = None) -> str:
    """Return what a command writes to stdout, when it does well."""
    result = call(*arguments, input=input)
    assert result.exit_code == 0, result.output
    return result.stdout
