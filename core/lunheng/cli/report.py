"""The command `lunheng report`: let report writers write what a study holds."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from lunheng.cli import lang_option, messages
from lunheng.cli.configuring import config_options, load_config

if TYPE_CHECKING:
    from lunheng.plugins import Stage
    from lunheng.study import Study


@click.command(epilog="Example: lunheng report study --to html --to markdown --lang zh")
@click.argument("study", type=click.Path(path_type=Path))
@click.option(
    "--to", "writers", multiple=True, metavar="WRITER", help="Report writer; may be repeated."
)
@click.option(
    "-o", "--output", type=click.Path(path_type=Path), help="Folder; default: STUDY/reports."
)
@config_options
@lang_option
def report(
    study: Path,
    writers: tuple[str, ...],
    output: Path | None,
    config_file: Path | None,
    assignments: tuple[str, ...],
    plugin_folders: tuple[Path, ...],
    lang: str,
) -> None:
    """Write the reports of STUDY and print where they are.

    One writer that fails does not stop the others; the exit code is 1 then.
    """
    from lunheng.plugins import discover
    from lunheng.selection import select_stages
    from lunheng.study import REPORTS, Study

    say = messages(lang)
    config = load_config(config_file, assignments, {"stages.reports": ",".join(writers)})
    _apply_corrections(study)
    with Study.open(study) as opened:
        selection = select_stages(config, discover(plugin_folders), ["reports"])
        failed = [failure.message for failure in selection.failures]
        for stage in selection.stages["reports"]:
            failed += _write(stage, opened, output or study / REPORTS, lang)
    for message in failed:
        click.echo(say("report_failed", message=message), err=True)
    sys.exit(1 if failed else 0)


def _apply_corrections(folder: Path) -> None:
    """Lay the analyst's corrections over the study if they changed since that was last done."""
    from lunheng.correcting import correct
    from lunheng.study import Study

    with Study.open(folder) as study:
        current = study.corrected
    if not current:
        correct(folder)


def _write(stage: Stage, study: Study, folder: Path, lang: str) -> list[str]:
    """Let one writer write; print what it wrote, or return why it could not."""
    from lunheng.containment import contained, strict
    from lunheng.errors import PluginError

    try:
        with contained(stage.entry, "failed"):
            folder.mkdir(parents=True, exist_ok=True)
            paths = [Path(path) for path in stage.made.write(study, folder, lang)]
    except PluginError as error:
        if strict():
            raise
        return [str(error)]
    for path in paths:
        click.echo(path)
    return []
