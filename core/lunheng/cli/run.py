"""The command `lunheng run`: analyse files into a study."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from lunheng.cli import lang_option, messages
from lunheng.cli.configuring import config_options, load_config
from lunheng.cli.watching import JsonWatcher, shown, watcher

if TYPE_CHECKING:
    from lunheng.batch import Options, Summary
    from lunheng.config import Config
    from lunheng.i18n import Catalog

INTERRUPTED = 130


@click.command(epilog="Example: lunheng run articles/ -o study --frames ai-routes --jobs 2 --prune")
@click.argument("paths", nargs=-1)
@click.option(
    "-o", "--output", default="study", show_default=True, type=click.Path(path_type=Path),
    help="Folder of the study; made where there is none, continued where there is one.",
)  # fmt: skip
@click.option("--fresh", is_flag=True, help="Do everything again, also what is unchanged.")
@click.option("--prune", is_flag=True, help="Drop files that are no longer among PATHS.")
@click.option("--jobs", type=click.IntRange(min=1), help="Worker processes; default: all cores.")
@click.option("--frames", help="Frames of debate: names or files, separated by commas.")
@click.option(
    "--only", type=click.Path(path_type=Path), help="Analyse this file only, instead of PATHS."
)
@click.option("--debug", is_flag=True, help="With --only: print every stage's records, no study.")
@click.option("--quiet", is_flag=True, help="Say only what went wrong.")
@click.option("--json-progress", is_flag=True, help="Progress as JSON lines on stderr.")
@config_options
@lang_option
def run(
    paths: tuple[str, ...],
    output: Path,
    fresh: bool,
    prune: bool,
    jobs: int | None,
    frames: str | None,
    only: Path | None,
    debug: bool,
    quiet: bool,
    json_progress: bool,
    config_file: Path | None,
    assignments: tuple[str, ...],
    plugin_folders: tuple[Path, ...],
    lang: str,
) -> None:
    """Analyse the texts at PATHS, files and folders, into a study.

    The name `samples` stands for the sample articles that come with Lunheng, `-` for standard
    input. What is unchanged since the last run is not done again.
    """
    from lunheng.batch import Options

    if not paths and only is None:
        raise click.UsageError("Missing argument 'PATHS...': expected files or folders, or --only.")
    config = load_config(config_file, assignments, {})
    config = _with_shorthands(config, jobs, frames)
    if debug:
        from lunheng.cli.debugging import print_stages

        print_stages([str(only)] if only else list(paths), config, plugin_folders)
        return
    if only is not None:
        if prune:
            raise click.UsageError("--only and --prune: that would drop all but one file.")
        paths = (str(only),)
    options = Options(prune=prune, fresh=fresh, plugin_folders=plugin_folders)
    analyse(paths, output, config, options, messages(lang), quiet, json_progress)


def analyse(
    paths: tuple[str, ...],
    output: Path,
    config: Config,
    options: Options,
    say: Catalog,
    quiet: bool,
    json_progress: bool,
) -> None:
    """Run the analysis, show how it goes, and leave with the exit code that tells how it went."""
    from lunheng.batch import run as run_batch
    from lunheng.cli.logs import LoggedRun

    try:
        with watcher(say, quiet=quiet, as_json=json_progress) as observer:
            logged = LoggedRun(observer)
            summary = run_batch(paths, output, config, options, logged)
            logged.end(output, summary)
            if json_progress:
                observer.note("done", **asdict(summary))
    except KeyboardInterrupt:
        command = shlex.join(["lunheng", *sys.argv[1:]])
        if json_progress:
            JsonWatcher(say).note("interrupted", command=command)
        else:
            click.echo(say("run_interrupted", command=command), err=True)
        sys.exit(INTERRUPTED)
    if not json_progress:
        _show(summary, output, say, quiet=quiet)
    sys.exit(1 if summary.failures else 0)


def _with_shorthands(config: Config, jobs: int | None, frames: str | None) -> Config:
    """Return the configuration with ``--jobs`` for the engine and ``--frames`` for stance."""
    from lunheng.config import Setting

    more: dict[tuple[str, ...], Setting] = {}
    if jobs is not None:
        for name in config.stages("engines"):
            more["plugins", "engines", name.replace("-", "_"), "jobs"] = Setting(jobs, "--jobs")
    if frames is not None:
        for name in config.stages("stance"):
            key = ("plugins", "stance", name.replace("-", "_"), "frames")
            more[key] = Setting(frames, "--frames", literal=True)
    return config.with_settings(more)


def _show(summary: Summary, output: Path, say: Catalog, *, quiet: bool) -> None:
    """Say what was done, what the study holds, what failed and how to go on."""
    study = shlex.quote(str(output))

    def tell(key: str, **fields: object) -> None:
        click.echo(say(f"run_{key}", **fields), err=True)

    if not quiet:
        tell(
            "done",
            files=summary.files,
            analysed=summary.analysed,
            unchanged=summary.unchanged,
            dropped=summary.dropped,
        )
        if summary.not_given:
            tell("not_given", number=summary.not_given)
        tell("holds", **summary.counts)
    if summary.failures:
        tell("failures", number=summary.failures)
        for failure in summary.first_failures:
            tell("failure", **shown(described(failure), say.language))
        if summary.failures > len(summary.first_failures):
            tell("failures_more", number=summary.failures - len(summary.first_failures))
        tell("failures_next", study=study)
    if not quiet:
        tell("next", study=study)


def described(failure: Mapping[str, Any]) -> dict[str, object]:
    """Return where a failure happened, in which plugin of which version, and what it says."""
    where = " ".join(part for part in (failure["path"], failure["record"]) if part)
    stage = ".".join(part for part in (failure["stage"], failure["plugin"]) if part)
    return {
        "where": where or "-",
        "plugin": f"{stage} {failure['version']}".rstrip(),
        "message": failure["message"],
    }
