"""Lays the analyst's corrections over the stances that the machine found.

What the machine found stays in the table and can come back: a stance that is rejected, or replaced
by a changed one, keeps its row with the verdict ``rejected`` and is not shown. A correction holds
through reruns: it finds its stance by its name, else by its words' place and what is said there;
where the machine no longer finds what the analyst confirmed or changed, the analyst's own row says
it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from lunheng.corrections import StanceCorrection, Verdict
from lunheng.tables import ANALYST, HUMAN, TABLES, Row
from lunheng.text import fold

if TYPE_CHECKING:
    from lunheng.study import Study

HOLDER_TYPES = {"PERSON": "person", "ORG": "org"}
_LOST = ("holder_start", "holder_end"), ("target_start", "target_end")

Found = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Judgements:
    """What corrections do to the table of stances.

    ``verdicts`` are those on the machine's rows, by rowid; ``added`` are the analyst's own rows;
    ``idle`` are corrections of which the study no longer has the text.
    """

    verdicts: Mapping[int, Verdict]
    added: tuple[Row, ...]
    idle: tuple[StanceCorrection, ...]


def judge(study: Study, corrections: Iterable[StanceCorrection]) -> Judgements:
    """Return what the corrections of stances do to a study's table of stances."""
    by_document: dict[str, list[StanceCorrection]] = defaultdict(list)
    idle: list[StanceCorrection] = []
    given = tuple(corrections)
    paths = dict(study.values("documents", "doc_id", "path")) if given else {}
    for correction in given:
        doc_id = _document(study, correction, paths)
        if doc_id is None:
            idle.append(correction)
        else:
            by_document[doc_id].append(correction)
    verdicts: dict[int, Verdict] = {}
    added: list[Found] = []
    for doc_id, own in by_document.items():
        _judge_document(study, doc_id, own, verdicts, added)
    columns = TABLES["stances"].columns
    rows = tuple(tuple(row[column] for column in columns) for row in added)
    return Judgements(verdicts, rows, tuple(idle))


def _document(study: Study, correction: StanceCorrection, paths: Mapping[str, str]) -> str | None:
    """Return the document of a correction: the same text, else the same file with its words."""
    if correction.document in paths:
        return correction.document
    same = [doc_id for doc_id, path in paths.items() if path == correction.file]
    same = [doc_id for doc_id in same if study.text(doc_id).count(correction.words) == 1]
    return same[0] if len(same) == 1 and correction.words else None


def _judge_document(
    study: Study,
    doc_id: str,
    corrections: Iterable[StanceCorrection],
    verdicts: dict[int, Verdict],
    added: list[Found],
) -> None:
    """Judge the stances of one document."""
    columns = TABLES["stances"].columns
    found = [
        (number, dict(zip(columns, values, strict=True)))
        for number, *values in study.found_stances(*columns, doc_id=doc_id)
    ]
    exact = {correction.stance for correction in corrections}
    for correction in corrections:
        span = _span(study, doc_id, correction)
        said = _said(correction.holder, correction.target, correction.polarity)
        about = [
            (number, row)
            for number, row in found
            if row["stance_id"] == correction.stance
            or (row["stance_id"] not in exact and _row_said(row) == said and _overlaps(row, span))
        ]
        verdict: Verdict = "confirmed" if correction.verdict == "confirmed" else "rejected"
        verdicts.update((number, verdict) for number, _ in about)
        agreeing = about if verdict == "confirmed" else []
        if correction.verdict == "changed":
            meant = _said(*correction.meant)
            agreeing = [f for f in found if _row_said(f[1]) == meant and _overlaps(f[1], span)]
            verdicts.update((number, "confirmed") for number, _ in agreeing)
        if correction.verdict != "rejected" and not agreeing and span[1] > span[0]:
            added.append(_own_row(study, doc_id, correction, span, about[0][1] if about else None))


def _said(holder: str, target: str, polarity: str) -> tuple[str, str, str]:
    """Return what makes two stances one: script, width, case and spaces left out."""
    holder, target = ("".join(fold(name).casefold().split()) for name in (holder, target))
    return holder, target, polarity


def _row_said(row: Found) -> tuple[str, str, str]:
    return _said(row["holder"], row["target"], row["polarity"])


def _span(study: Study, doc_id: str, correction: StanceCorrection) -> tuple[int, int]:
    """Return where a correction's words stand in the cleaned text; (0, 0) where they do not."""
    text = study.text(doc_id)
    start, end = correction.place
    if doc_id == correction.document and start is not None and end is not None:
        span = study.source_map(doc_id).to_target(start, end)
        if span is not None:
            return span
    at = text.find(correction.words) if correction.words else -1
    return (at, at + len(correction.words)) if at >= 0 else (0, 0)


def _overlaps(row: Found, span: tuple[int, int]) -> bool:
    """Tell whether half of the shorter of two pieces of evidence lies in the other."""
    start, end = int(row["start_char"]), int(row["end_char"])
    shared = min(end, span[1]) - max(start, span[0])
    shorter = min(end - start, span[1] - span[0])
    return shared > 0 and 2 * shared >= shorter


def _own_row(
    study: Study,
    doc_id: str,
    correction: StanceCorrection,
    span: tuple[int, int],
    found: Found | None,
) -> Found:
    """Return the analyst's row: the machine's with what changes, or one made of the correction."""
    holder, target, polarity = correction.meant
    row = dict(found) if found else _bare_row(study, doc_id, correction, span)
    for column, value, places in zip(("holder", "target"), (holder, target), _LOST, strict=True):
        if row[column] != value:
            row.update({column: value, places[0]: None, places[1]: None})
            row["frame" if column == "target" else "holder_type"] = (
                None if column == "target" else _holder_type(study, value)
            )
    row.update(
        polarity=polarity,
        score=1.0,
        stance_id=correction.stance,
        plugin=ANALYST,
        origin=HUMAN,
        verdict=correction.verdict,
    )
    return row


def _bare_row(
    study: Study, doc_id: str, correction: StanceCorrection, span: tuple[int, int]
) -> Found:
    """Return a row that says where the words stand, whose they are and what they are about."""
    start, end = span
    source_start, source_end = study.source_map(doc_id).to_source(start, end)
    row: Found = dict.fromkeys(TABLES["stances"].columns)
    row.update(
        doc_id=doc_id,
        holder=correction.holder,
        holder_type=_holder_type(study, correction.holder),
        target=correction.target,
        start_char=start,
        end_char=end,
        source_start=source_start,
        source_end=source_end,
        evidence=study.text(doc_id)[start:end],
        cues="[]",
        attribution="author",
        flags="[]",
    )
    return row


def _holder_type(study: Study, holder: str) -> str:
    """Return what kind of holder a name is, by the mentions of it."""
    if not holder:
        return "author"
    types = [row["type"] for row in study.rows("mentions", name=holder)]
    known = [HOLDER_TYPES[type_] for type_ in types if type_ in HOLDER_TYPES]
    return max(known, key=known.count) if known else "person"
