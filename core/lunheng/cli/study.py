"""The command `lunheng study`: what a study holds, whether it is whole, and less room for it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from lunheng.cli import LazyGroup, lang_option, messages
from lunheng.cli.watching import MEGA, printable

if TYPE_CHECKING:
    from lunheng.i18n import Catalog

TABLE = {
    "info": ("lunheng.cli.study:info", "Say what a study holds and takes, and what its run cost."),
    "check": ("lunheng.cli.study:check", "Verify database, texts, evidence and index."),
    "assemble": ("lunheng.cli.study:assemble", "Put studies that were made apart into one."),
    "vacuum": ("lunheng.cli.study:vacuum", "Give back what deleted rows and texts took."),
}


@click.group(cls=LazyGroup, table=TABLE, epilog="Example: lunheng study info study --json")
def study() -> None:
    """Look after a study."""


@click.command(epilog="Example: lunheng study info study")
@click.argument("folder", metavar="STUDY", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
@lang_option
def info(folder: Path, as_json: bool, lang: str) -> None:
    """Say what STUDY holds and takes, and what its last run cost."""
    from lunheng.upkeep import describe

    facts = describe(folder)
    if as_json:
        click.echo(json.dumps(facts, ensure_ascii=False, indent=2))
        return
    say = messages(lang)
    click.echo(say("run_holds", **facts["rows"]))
    shown = {"characters": facts["characters"], "reposts": facts["reposts"]}
    click.echo(say("study_texts", **shown, failures=facts["rows"]["failures"]))
    database, index, reports = (f"{n / MEGA:.1f}" for n in facts["bytes"].values())
    click.echo(say("study_sizes", database=database, index=index, reports=reports))
    if facts["index"] is None:
        click.echo(say("study_behind"))
    else:
        click.echo(say("study_index", **facts["index"]))
    _show_run(facts["last_run"], say)


def _show_run(run: dict[str, Any] | None, say: Catalog) -> None:
    """Say when the last run was, and what each of its stages and phases cost."""
    if run is None:
        return
    click.echo(say("study_run", started=run["started"], finished=run["finished"] or "-"))
    for name, seconds in (run["seconds"] or {}).items():
        click.echo(f"  {name:<28}{seconds:>10.3f} s")


@click.command(epilog="Example: lunheng study check study && echo whole")
@click.argument("folder", metavar="STUDY", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="One JSON object a problem.")
@lang_option
@click.pass_context
def check(ctx: click.Context, folder: Path, as_json: bool, lang: str) -> None:
    """Verify the database, the texts, the evidence and the index of STUDY.

    The exit code is 1 when something is wrong.
    """
    from lunheng.upkeep import check as problems_of

    say, found = messages(lang), False
    for problem in problems_of(folder):
        found = True
        if as_json:
            click.echo(json.dumps({"problem": problem.kind, **problem.details}, ensure_ascii=False))
        else:
            details = {name: printable(value) for name, value in problem.details.items()}
            click.echo(say(f"study_problem_{problem.kind}", **details))
    if found:
        ctx.exit(1)
    if not as_json:
        click.echo(say("study_whole"))


@click.command(epilog="Example: lunheng study vacuum study")
@click.argument("folder", metavar="STUDY", type=click.Path(path_type=Path))
@lang_option
def vacuum(folder: Path, lang: str) -> None:
    """Write the database of STUDY anew and merge its index, so that both take less room."""
    from lunheng.upkeep import vacuum as give_back

    before, after = (f"{number / MEGA:.1f}" for number in give_back(folder))
    click.echo(messages(lang)("study_vacuumed", before=before, after=after), err=True)


@click.command(epilog="Example: lunheng study assemble part-1 part-2 -o study")
@click.argument("parts", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option(
    "-o", "--output", required=True, type=click.Path(path_type=Path), help="Folder of the study."
)
@lang_option
def assemble(parts: tuple[Path, ...], output: Path, lang: str) -> None:
    """Put PARTS, studies of different files, together into one.

    It equals the study of one run over all these files: names, near-duplicates and positions are
    computed anew, and the index is made of all texts. The parts are left as they are.
    """
    from lunheng.assembling import assemble as put_together

    click.echo(messages(lang)("run_holds", **put_together(parts, output)), err=True)
