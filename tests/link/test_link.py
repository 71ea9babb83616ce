"""Linking: one name for one entity, reposts once, corrections last."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from lunheng.corrections import Corrections, load_corrections
from lunheng.duplicates import bands
from lunheng.link import link

LONG = "".join(chr(0x4E00 + 7 * n) for n in range(300))


class Tables:
    """What linking reads of a study."""

    def __init__(self, folder: Path, **tables: list[dict[str, Any]]) -> None:
        self.folder = folder
        self.tables = tables

    def values(self, table: str, *columns: str) -> Iterator[tuple[Any, ...]]:
        return (tuple(row[column] for column in columns) for row in self.tables.get(table, []))

    def found_stances(self, *columns: str, **equals: object) -> Iterator[tuple[Any, ...]]:
        rows = enumerate(self.values("stances", *columns))
        return ((number, *row) for number, row in rows)

    def corrections(self) -> Corrections:
        return load_corrections(self.folder / "corrections.toml")

    def bands(self) -> Iterator[tuple[str, bytes]]:
        return ((row["doc_id"], bands(row["text"])) for row in self.tables["documents"])

    def text(self, doc_id: str) -> str:
        return next(row["text"] for row in self.tables["documents"] if row["doc_id"] == doc_id)


def mention(doc_id: str, text: str, name: str, type_: str = "PERSON") -> dict[str, Any]:
    return {"doc_id": doc_id, "text": text, "name": name, "type": type_}


def stance(
    doc_id: str, holder: str, target: str, polarity: str, *flags: str, score: float = 0.8
) -> dict[str, Any]:
    return {
        "score": score,
        "evidence": f"{holder}{polarity}{target}",
        "doc_id": doc_id,
        "holder": holder,
        "holder_type": "person",
        "target": target,
        "frame": None,
        "polarity": polarity,
        "flags": json.dumps(flags),
    }


def study(folder: Path, repost: bool = False) -> Tables:
    documents = [{"doc_id": "a", "text": LONG}, {"doc_id": "b", "text": LONG[::-1]}]
    if repost:
        documents.append({"doc_id": "c", "text": LONG + "转载"})
    return Tables(
        folder,
        documents=documents,
        mentions=[
            mention("a", "林若海", "林若海"),
            mention("a", "林总", "林若海"),
            mention("b", "林若海", "林若海"),
            mention("b", "星河", "星河", "ORG"),
            mention("b", "3个", "3个", "QTY"),
            *([mention("c", "林若海", "林若海")] if repost else []),
        ],
        stances=[
            stance("a", "林总", "开源", "favor"),
            stance("b", "林若海", "开源", "against"),
            stance("b", "林若海", "开源", "against", "hypothetical"),
            *([stance("c", "林总", "开源", "favor")] if repost else []),
        ],
    )


def test_names_gather_their_surfaces_over_documents(tmp_path: Path) -> None:
    linked = link(study(tmp_path))  # type: ignore[arg-type]
    assert linked.entities == (
        ("林若海", "PERSON", json.dumps(["林总"], ensure_ascii=False), 3, 2, "machine"),
        ("星河", "ORG", "[]", 1, 1, "machine"),
    )


def test_positions_join_the_surfaces_of_a_holder(tmp_path: Path) -> None:
    linked = link(study(tmp_path))  # type: ignore[arg-type]
    assert linked.positions == (("林若海", "person", "开源", None, 1, 1, 0, 0.0, 2, 0.0),)
    assert linked.clusters == {}


def test_a_repost_counts_once(tmp_path: Path) -> None:
    linked = link(study(tmp_path, repost=True))  # type: ignore[arg-type]
    assert linked.clusters == {"a": "c", "c": "c"}
    assert linked.positions == (("林若海", "person", "开源", None, 1, 1, 0, 0.0, 2, 0.0),)


def test_corrections_have_the_last_word(tmp_path: Path) -> None:
    (tmp_path / "corrections.toml").write_text(
        'ignore = ["星河"]\n[[name]]\nname = "林若海博士"\ntype = "PERSON"\naliases = ["林若海"]\n',
        "utf-8",
    )
    linked = link(study(tmp_path))  # type: ignore[arg-type]
    assert [row[0] for row in linked.entities] == ["林若海博士"]
    assert [row[0] for row in linked.positions] == ["林若海博士"]


def test_two_unnamed_authors_are_two_holders(tmp_path: Path) -> None:
    tables = study(tmp_path)
    tables.tables["stances"] = [stance(d, "", "开源", "favor") for d in ("a", "b", "b")]
    linked = link(tables)  # type: ignore[arg-type]
    assert [(row[0], row[4], row[8]) for row in linked.positions] == [("", 2, 1), ("", 1, 1)]


def test_a_doubtful_stance_moves_the_weighted_balance_less(tmp_path: Path) -> None:
    tables = study(tmp_path)
    tables.tables["stances"] = [
        stance("a", "林若海", "开源", "favor", score=0.9),
        stance("b", "林若海", "开源", "against", score=0.6),
    ]
    [row] = link(tables).positions  # type: ignore[arg-type]
    assert (row[7], row[9]) == (0.0, 0.2)


def test_holders_agree_and_differ_on_the_targets_they_share(tmp_path: Path) -> None:
    tables = study(tmp_path)
    tables.tables["stances"] = [
        stance("a", "林若海", "开源", "favor"),
        stance("a", "林若海", "補貼", "against"),
        stance("b", "白露", "开源", "favor"),
        stance("b", "白露", "补贴", "favor"),
        stance("b", "白露", "裁员", "against"),
        stance("b", "韩松", "裁员", "favor", "question"),
    ]
    linked = link(tables)  # type: ignore[arg-type]
    assert linked.relations == (("林若海", "白露", 1, 1, '["开源"]', '["补贴"]'),)


def test_a_holder_for_and_against_is_shown_with_both_and_their_dates(tmp_path: Path) -> None:
    tables = study(tmp_path)
    tables.tables["sources"] = [
        {"doc_id": "a", "date": "2023-05-01"},
        {"doc_id": "b", "date": "2024-02-01"},
    ]
    linked = link(tables)  # type: ignore[arg-type]
    [row] = linked.contradictions
    assert row == (
        *("林若海", "开源", None, 1, 1),
        *("a", "林总favor开源", "b", "林若海against开源"),
        *("2023-05-01", "2023-05-01", "2024-02-01", "2024-02-01"),
    )
    assert linked.changes == (
        ("林若海", "开源", None, "2023-05-01", 1, 0, 0, 1.0),
        ("林若海", "开源", None, "2024-02-01", 0, 1, 0, -1.0),
    )


def test_an_unnamed_author_goes_by_the_document_among_those_who_agree(tmp_path: Path) -> None:
    tables = study(tmp_path)
    tables.tables["stances"] = [
        stance("a", "", "开源", "favor"),
        stance("b", "白露", "开源", "against"),
    ]
    [row] = link(tables).relations  # type: ignore[arg-type]
    assert (row[:4], row[5]) == (("a", "白露", 0, 1), '["开源"]')
