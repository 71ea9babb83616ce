"""The command `lunheng retry`: analyse again what failed in a study."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from lunheng.cli import lang_option, messages
from lunheng.cli.configuring import config_options, load_config
from lunheng.cli.run import analyse, described
from lunheng.cli.watching import shown

if TYPE_CHECKING:
    from lunheng.i18n import Catalog


@click.command(epilog="Example: lunheng retry study")
@click.argument("study", type=click.Path(path_type=Path))
@click.option("--list", "listed", is_flag=True, help="List what failed, and try nothing.")
@click.option("--json", "as_json", is_flag=True, help="With --list: one JSON object a line.")
@click.option("--quiet", is_flag=True, help="Say only what went wrong.")
@click.option("--json-progress", is_flag=True, help="Progress as JSON lines on stderr.")
@config_options
@lang_option
def retry(
    study: Path,
    listed: bool,
    as_json: bool,
    quiet: bool,
    json_progress: bool,
    config_file: Path | None,
    assignments: tuple[str, ...],
    plugin_folders: tuple[Path, ...],
    lang: str,
) -> None:
    """Analyse again the files of STUDY with a failure, as its last run did.

    With --list only say what failed: where, in which plugin of which version, and why.

    The paths and the configuration of the last run are taken from the study; call the command
    from the same folder, and override settings with --set.
    """
    from lunheng.batch import Options
    from lunheng.config import Config, Setting
    from lunheng.errors import StudyError
    from lunheng.study import Study

    if listed:
        _list(study, messages(lang), as_json=as_json)
        return
    with Study.open(study) as opened:
        manifest = opened.manifest
    if not manifest.get("paths"):
        raise StudyError(
            f"{study} has had no run yet. Start one with `lunheng run PATH -o {study}`."
        )
    before = Config(
        {
            tuple(key.split(".")): Setting(value, f"the last run of {study}")
            for key, value in manifest["configuration"].items()
        }
    )
    now = load_config(config_file, assignments, {})
    config = before.with_settings(now.settings)
    folders = plugin_folders or tuple(Path(folder) for folder in manifest["plugin_folders"])
    options = Options(only_failed=True, plugin_folders=folders)
    paths = tuple(manifest["paths"])
    analyse(paths, study, config, options, messages(lang), quiet, json_progress)


def _list(study: Path, say: Catalog, *, as_json: bool) -> None:
    """Print what failed in a study."""
    from lunheng.study import Study

    with Study.open(study) as opened:
        for failure in opened.rows("failures"):
            if as_json:
                click.echo(json.dumps(failure, ensure_ascii=False))
            else:
                click.echo(say("run_failure", **shown(described(failure), say.language)).strip())
