"""The command `lunheng correct`: the analyst's last word on a study's stances and names."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from lunheng.cli import lang_option, messages
from lunheng.cli.watching import printable

if TYPE_CHECKING:
    from lunheng.correcting import Change
    from lunheng.corrections import Decision
    from lunheng.i18n import Catalog
    from lunheng.link import LinkedTables
    from lunheng.study import Study

POLARITIES = ("favor", "against", "neutral")
TYPES = ("PERSON", "ORG", "PRODUCT", "WORK", "PLACE")
SHOWN = ("stance_id", "holder", "polarity", "target", "evidence", "origin", "verdict")

EPILOG = """\b
Examples:
  lunheng correct study --find 开源                     the stances and their names
  lunheng correct study 4f1c0a9b2e --confirm
  lunheng correct study 4f1c0a9b2e --holder 周知远 --polarity against
  lunheng correct study --name 林若海 --alias 老林 --type PERSON
  lunheng correct study --not-name 小米
  lunheng correct study --import corrections.json       prepared in a report
  lunheng correct study --export data                   for train stance and eval gold
"""


@click.command(epilog=EPILOG)
@click.argument("study", type=click.Path(path_type=Path))
@click.argument("stances", nargs=-1, metavar="[STANCE]...")
@click.option("--confirm", is_flag=True, help="The stances are right.")
@click.option("--reject", is_flag=True, help="They are none.")
@click.option("--holder", help="Whose they are; '' for the article's author.")
@click.option("--target", help="What they are about.")
@click.option("--polarity", type=click.Choice(POLARITIES), help="Which way they go.")
@click.option("--note", default="", help="Why, kept with the correction.")
@click.option("--name", help="A name, whose aliases and type follow.")
@click.option("--alias", "aliases", multiple=True, help="Stands for --name; may be repeated.")
@click.option("--type", "type_", type=click.Choice(TYPES), help="What --name is.")
@click.option("--not-name", "ignored", multiple=True, metavar="WORDS", help="These are no name.")
@click.option("--undo", is_flag=True, help="Take back what was said of the stances or names.")
@click.option(
    "--import", "source", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE",
    help="Take over corrections that a report prepared, or another study's corrections.toml.",
)  # fmt: skip
@click.option(
    "--export", "export_to", type=click.Path(path_type=Path, file_okay=False), metavar="FOLDER",
    help="Write what was decided as training data and gold.",
)  # fmt: skip
@click.option("--find", metavar="WORDS", help="List the stances with all of these words.")
@click.option("--json", "as_json", is_flag=True, help="List as one JSON object a line.")
@lang_option
def correct(
    study: Path,
    stances: tuple[str, ...],
    confirm: bool,
    reject: bool,
    holder: str | None,
    target: str | None,
    polarity: str | None,
    note: str,
    name: str | None,
    aliases: tuple[str, ...],
    type_: str | None,
    ignored: tuple[str, ...],
    undo: bool,
    source: Path | None,
    export_to: Path | None,
    find: str | None,
    as_json: bool,
    lang: str,
) -> None:
    """Confirm, change or reject what STUDY says, and keep it through every rerun.

    STANCE is the name of a stance, ten characters that the reports show with its evidence. What
    is decided is written into STUDY/corrections.toml, which may be edited by hand; every view
    shows it as a human's. Without options the command lists the corrections and lays them over
    the study again.
    """
    from lunheng.correcting import correct as apply_change
    from lunheng.correcting import import_corrections
    from lunheng.study import Study

    say = messages(lang)
    if confirm and reject:
        raise click.UsageError("expected one of --confirm and --reject, found both.")
    verdict = "confirmed" if confirm else "rejected" if reject else None
    meant = {"holder": holder, "target": target, "polarity": polarity}
    to = {key: value for key, value in meant.items() if value is not None}
    _check(stances, verdict, to, name, aliases, type_, ignored, undo)
    with Study.open(study) as opened:
        if find is not None:
            _list(_found(opened, find), as_json, say)
            return
        if export_to is not None:
            _export(opened, export_to, say)
            return
        changes: list[Change] = []
        unknown: list[str] = []
        if source is not None:
            change, unknown = import_corrections(opened, source)
            changes.append(change)
        if stances:
            changes.append(_judging(opened, stances, verdict, to, note, undo))
        changes += _naming(name, aliases, type_, ignored, undo)
    linked = apply_change(study, *changes)
    with Study.open(study) as opened:
        if not changes:
            _list(_corrected(opened), as_json, say)
            _list_names(opened, say)
        _tell(opened, linked, say)
    if unknown:
        click.echo(say("correct_unknown", stances=", ".join(unknown)), err=True)
    if unknown or linked.judgements.idle:
        sys.exit(1)


def _check(
    stances: tuple[str, ...],
    verdict: str | None,
    to: Mapping[str, str],
    name: str | None,
    aliases: tuple[str, ...],
    type_: str | None,
    ignored: tuple[str, ...],
    undo: bool,
) -> None:
    """Refuse options that say nothing together.

    Raises:
        UsageError: they do.
    """
    wanted = [option for option, given in (("--confirm or --reject", verdict), ("--holder,"
              " --target or --polarity", to), ("--undo", undo)) if given]  # fmt: skip
    if stances and len(wanted) != 1:
        raise click.UsageError(
            "expected with STANCE one of --confirm, --reject, --undo, or some of --holder,"
            f" --target, --polarity; found {' and '.join(wanted) or 'none'}."
        )
    if not stances and (verdict or to):
        raise click.UsageError(f"{wanted[0]}: expected the name of a STANCE; --find lists them.")
    if (aliases or type_) and not name:
        raise click.UsageError("--alias and --type: expected --name with them.")
    if name and not (aliases or type_ or undo):
        raise click.UsageError("--name: expected --alias or --type with it.")
    if "target" in to and not to["target"].strip():
        raise click.UsageError("--target: expected what they are about, found nothing.")
    if undo and not (stances or name or ignored):
        raise click.UsageError("--undo: expected a STANCE, --name or --not-name.")


def _judging(
    study: Study,
    stances: tuple[str, ...],
    verdict: str | None,
    to: Mapping[str, str],
    note: str,
    undo: bool,
) -> Change:
    """Return the change that judges some stances, or takes a judgement back.

    Raises:
        UsageError: the study has no stance of such a name, or nothing was said of it.
    """
    from lunheng.correcting import resolve
    from lunheng.corrections import Decision
    from lunheng.errors import UsageError

    if undo:
        known = {correction.stance for correction in study.corrections().stances}
        if strange := [stance for stance in stances if stance not in known]:
            raise UsageError(f"expected stances with a correction; found {', '.join(strange)}.")
        return lambda file: file.forget(*stances)
    decisions: list[Decision] = [
        Decision(stance, verdict or "changed", to, note)  # type: ignore[arg-type]
        for stance in stances
    ]
    corrections = resolve(study, decisions)
    return lambda file: file.judge(*corrections)


def _naming(
    name: str | None,
    aliases: tuple[str, ...],
    type_: str | None,
    ignored: tuple[str, ...],
    undo: bool,
) -> list[Change]:
    """Return the changes that say what is a name and what none, or take that back."""
    if undo:
        surfaces = (*(aliases or ((name,) if name else ())), *ignored)
        return [lambda file: file.forget_names(*surfaces)] if surfaces else []
    changes: list[Change] = []
    if name:
        changes.append(lambda file: file.name(name, aliases, type_))  # type: ignore[arg-type]
    if ignored:
        changes.append(lambda file: file.ignore(*ignored))
    return changes


def _export(study: Study, folder: Path, say: Catalog) -> None:
    """Write training data and gold, and say what was written."""
    from lunheng.correcting import export

    done = export(study, folder)
    click.echo(folder / "training.jsonl")
    for path in done.gold:
        click.echo(path)
    click.echo(
        say(
            "correct_exported",
            examples=done.examples,
            gold=len(done.gold),
            unfinished=done.unfinished,
        ),
        err=True,
    )


def _found(study: Study, words: str) -> Iterable[dict[str, Any]]:
    """Yield the stances in which all words occur, whatever their script and case."""
    from lunheng.text import fold

    wanted = fold(words, case=True).split()
    for row in study.rows("stances"):
        said = fold(f"{row['holder']} {row['target']} {row['evidence']}", case=True)
        if all(word in said for word in wanted):
            yield row


def _corrected(study: Study) -> Iterable[dict[str, Any]]:
    """Yield the stances that the analyst confirmed or changed, then those they rejected."""
    for row in study.rows("stances", origin="human"):
        yield row
    changed = {row["stance_id"] for row in study.rows("stances", verdict="changed")}
    for row in study.rows("stances", verdict="rejected"):
        if row["stance_id"] not in changed:
            yield row


def _list(rows: Iterable[Mapping[str, Any]], as_json: bool, say: Catalog) -> None:
    """Print stances: name, verdict, who, which way, on what, in which words."""
    for row in rows:
        if as_json:
            click.echo(json.dumps({key: row[key] for key in SHOWN}, ensure_ascii=False))
            continue
        click.echo(
            say(
                "correct_stance",
                stance=row["stance_id"],
                verdict=say(f"verdict_{row['verdict'] or 'none'}"),
                holder=printable(row["holder"]) or say("the_author"),
                polarity=say(f"polarity_{row['polarity']}"),
                target=printable(row["target"]),
                evidence=printable(row["evidence"]),
            )
        )


def _list_names(study: Study, say: Catalog) -> None:
    """Print what the analyst said of names."""
    names = study.corrections().names
    for name in names.names:
        aliases = printable(", ".join(name.aliases))
        click.echo(
            say("correct_name", name=printable(name.name), type=name.type or "-", aliases=aliases)
        )
    for surface in sorted(names.ignored):
        click.echo(say("correct_ignored", name=printable(surface)))


def _tell(study: Study, linked: LinkedTables, say: Catalog) -> None:
    """Say how many corrections hold, and name those whose text is gone."""
    corrections = study.corrections()
    verdicts = [correction.verdict for correction in corrections.stances]
    click.echo(
        say(
            "correct_holds",
            confirmed=verdicts.count("confirmed"),
            changed=verdicts.count("changed"),
            rejected=verdicts.count("rejected"),
            names=len(corrections.names.names) + len(corrections.names.ignored),
        ),
        err=True,
    )
    for correction in linked.judgements.idle:
        where = printable(f"{correction.file}: {correction.words}")
        click.echo(say("correct_idle", stance=correction.stance, where=where), err=True)
