"""Corrects a study: writes the analyst's word down and lays it over the tables.

The texts are not analysed again; names, positions and verdicts are linked anew.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from lunheng.corrections import (
    CorrectionsFile,
    Decision,
    StanceCorrection,
    parse_corrections,
    parse_decisions,
)
from lunheng.errors import ConfigError, UsageError
from lunheng.gold import AUTHOR, SUFFIX, Gold, GoldRecord, GoldStance, dump_gold
from lunheng.link import LinkedTables, link
from lunheng.recording import Recording
from lunheng.study import CORRECTIONS, Study

Change = Callable[[CorrectionsFile], None]


def correct(folder: Path, *changes: Change) -> LinkedTables:
    """Change a study's corrections and lay them over its tables; both happen, or neither.

    Without ``changes`` the file is taken as it is, such as after somebody edited it.

    Raises:
        StudyError: there is no study, or a run is writing it.
        ConfigError: the file of corrections is not what it should be.
    """
    Study.open(folder).close()
    with Recording.open(folder) as recording:
        path = folder / CORRECTIONS
        before = path.read_bytes() if path.exists() else None
        if changes:
            corrections = CorrectionsFile.read(path)
            for change in changes:
                change(corrections)
            corrections.write()
        try:
            study = recording.read()
            linked = link(study, study.clusters())
            recording.store_links(linked)
        except BaseException:
            if changes:
                _restore(path, before)
            raise
        return linked


def _restore(path: Path, before: bytes | None) -> None:
    """Put a file back to what it was."""
    if before is None:
        path.unlink(missing_ok=True)
    else:
        path.write_bytes(before)


def resolve(study: Study, decisions: Iterable[Decision]) -> list[StanceCorrection]:
    """Return decisions with all that tells their stances in a later run.

    Raises:
        UsageError: the study has no stance of such a name; the message names all of them.
    """
    resolved, unknown = resolve_known(study, decisions)
    if unknown:
        raise UsageError(
            f"expected the names of stances of {study.folder}; found {', '.join(unknown)}."
            " `lunheng correct STUDY --find WORDS` lists them, and reports show them."
        )
    return resolved


def resolve_known(
    study: Study, decisions: Iterable[Decision]
) -> tuple[list[StanceCorrection], list[str]]:
    """Return the decisions on stances that the study has, and the names of those it has not."""
    known = {correction.stance: correction for correction in study.corrections().stances}
    resolved, unknown = [], []
    for decision in decisions:
        row = next(_rows(study, decision.stance), None)
        if row is not None:
            resolved.append(_correction(study, row, decision))
        elif (earlier := known.get(decision.stance)) is not None:
            resolved.append(_again(earlier, decision))
        else:
            unknown.append(decision.stance)
    return resolved, unknown


COLUMNS = (
    "doc_id", "source_start", "source_end", "evidence", "holder", "target", "polarity", "stance_id",
)  # fmt: skip


def _rows(study: Study, name: str) -> Iterator[dict[str, Any]]:
    """Yield what the machine found under the name of a stance."""
    for _, *values in study.found_stances(*COLUMNS, stance_id=name):
        yield dict(zip(COLUMNS, values, strict=True))


def _correction(study: Study, row: dict[str, Any], decision: Decision) -> StanceCorrection:
    """Return a decision on a row, without changes that change nothing."""
    (document,) = study.rows("documents", doc_id=row["doc_id"])
    to = {key: value for key, value in decision.to.items() if row[key] != value}
    verdict = "confirmed" if decision.verdict == "changed" and not to else decision.verdict
    return StanceCorrection(
        verdict=verdict,
        document=row["doc_id"],
        file=document["path"],
        place=(row["source_start"], row["source_end"]),
        words=row["evidence"],
        holder=row["holder"],
        target=row["target"],
        polarity=row["polarity"],
        to=to,
        note=decision.note,
    )


def _again(earlier: StanceCorrection, decision: Decision) -> StanceCorrection:
    """Return a new decision on a stance that only an earlier correction still knows."""
    return replace(earlier, verdict=decision.verdict, to=dict(decision.to), note=decision.note)


def import_corrections(study: Study, path: Path) -> tuple[Change, list[str]]:
    """Return the change that takes over a file: corrections in TOML, or a report's in JSON.

    With it come the names of stances that the study has no more, such as after a rerun.

    Raises:
        ConfigError: the file cannot be read, or is neither.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise ConfigError(f"{path}: cannot be read: {error.strerror}") from error
    if not data.lstrip().startswith(b"{"):
        corrections = parse_corrections(path, data)
        return lambda file: file.merge(corrections.names, corrections.stances), []
    decisions, names = parse_decisions(path, data)
    judged, unknown = resolve_known(study, decisions)
    return lambda file: file.merge(names, judged), unknown


@dataclass(frozen=True, slots=True)
class Exported:
    """What an export wrote: how many examples to train on, gold files, and unfinished documents."""

    examples: int
    gold: tuple[Path, ...]
    unfinished: int


def export(study: Study, folder: Path) -> Exported:
    """Write what the analyst decided as data: ``training.jsonl`` and gold beside its texts.

    An example has ``text`` (the sentences around the evidence), ``target`` and ``stance``, as
    ``lunheng train stance`` reads them. A document becomes gold when the analyst has judged every
    stance in it; its source is written beside as UTF-8.
    """
    folder.mkdir(parents=True, exist_ok=True)
    touched = {
        doc_id for doc_id, verdict in study.values("stances", "doc_id", "verdict") if verdict
    }
    touched |= {row["doc_id"] for row in study.rows("stances", verdict="rejected")}
    examples: list[str] = []
    gold: list[Path] = []
    unfinished = 0
    for document in study.rows("documents"):
        if document["doc_id"] not in touched:
            continue
        rows = list(study.rows("stances", doc_id=document["doc_id"]))
        judged = [row for row in rows if row["verdict"]]
        examples += [json.dumps(_example(study, row), ensure_ascii=False) for row in judged]
        if len(judged) == len(rows):
            gold.append(_write_gold(study, folder, document, judged))
        else:
            unfinished += 1
    lines = "".join(f"{line}\n" for line in examples)
    (folder / "training.jsonl").write_text(lines, "utf-8", errors="replace", newline="\n")
    return Exported(len(examples), tuple(gold), unfinished)


def _example(study: Study, row: dict[str, Any]) -> dict[str, str]:
    """Return one labelled text, the whole sentences that the evidence touches."""
    start, end = row["start_char"], row["end_char"]
    sentences = [
        (s["start_char"], s["end_char"])
        for s in study.rows("sentences", doc_id=row["doc_id"])
        if s["start_char"] < end and start < s["end_char"]
    ]
    first = min([start, *(s for s, _ in sentences)])
    last = max([end, *(e for _, e in sentences)])
    text = study.text(row["doc_id"])[first:last].strip()
    return {"text": text, "target": row["target"], "stance": row["polarity"]}


def _write_gold(
    study: Study, folder: Path, document: dict[str, Any], rows: Iterable[dict[str, Any]]
) -> Path:
    """Write a document's source and its stances beside it; return the path of the gold."""
    source = study.source(document["doc_id"])
    name = f"{Path(document['path']).stem}-{document['doc_id'][:8]}"
    stances = tuple(
        GoldStance(
            start=row["source_start"],
            end=row["source_end"],
            text=source[row["source_start"] : row["source_end"]],
            holder=row["holder"] or AUTHOR,
            target=row["target"],
            polarity=row["polarity"],
            attribution=row["attribution"],
            reporter=row["reporter"],
            flags=tuple(row["flags"]),
        )
        for row in rows
        if row["source_start"] is not None
    )
    gold = Gold(f"{name}.txt", "", "", (GoldRecord("", stances=stances),))
    (folder / f"{name}.txt").write_text(source, "utf-8", errors="replace", newline="")
    path = folder / f"{name}{SUFFIX}"
    path.write_text(dump_gold(gold), "utf-8", errors="replace", newline="\n")
    return path
