"""``lunheng frames``: propose targets from a study, and show the frames there are."""

from __future__ import annotations

from pathlib import Path

import click

from lunheng.cli import LazyGroup, lang_option, messages

TABLE = {
    "suggest": ("lunheng.cli.frames:suggest", "Propose targets from a study, as TOML to edit."),
    "show": ("lunheng.cli.frames:show", "Show frames: their poles and expressions."),
}


@click.group(
    cls=LazyGroup,
    table=TABLE,
    epilog="Example: lunheng frames suggest study > targets.toml",
)
def frames() -> None:
    """Targets and frames of debate."""


@click.command(epilog="Example: lunheng frames suggest study -o targets.toml")
@click.argument("study", type=click.Path(path_type=Path))
@click.option(
    "-o", "--output", type=click.Path(dir_okay=False, path_type=Path), help="File; default: stdout."
)
@click.option("--most", type=click.IntRange(1), default=20, show_default=True)
@click.option(
    "--least", type=click.IntRange(1), default=2, show_default=True,
    help="Stances a target must have.",
)  # fmt: skip
@lang_option
def suggest(study: Path, output: Path | None, most: int, least: int, lang: str) -> None:
    """Propose targets from the open stances of STUDY: TOML to edit, then to give as --targets."""
    from lunheng.study import Study
    from lunheng.suggesting import as_toml
    from lunheng.suggesting import suggest as suggestions_of

    say = messages(lang)
    with Study.open(study) as opened:
        written = as_toml(suggestions_of(opened, most, least), say)
    if output is None:
        click.echo(written, nl=False)
    else:
        output.write_text(written, "utf-8", newline="\n")
        click.echo(say("frames_written", path=output), err=True)


@click.command(epilog="Example: lunheng frames show ai-routes")
@click.argument("names", nargs=-1)
@lang_option
def show(names: tuple[str, ...], lang: str) -> None:
    """Show frames by name or file, all that ship by default."""
    from lunheng.frames import load_frames, shipped_frames

    for frame in load_frames(names or shipped_frames()):
        click.secho(f"{frame.name}: {getattr(frame, lang)}", bold=True)
        for pole in frame.poles:
            against = ", ".join(getattr(frame.pole(name), lang) for name in pole.opposes)
            head = getattr(pole, lang) + (f" ≠ {against}" if against else "")
            click.echo(f"  {head}")
            click.echo(f"    {' · '.join(pole.expressions)}")
