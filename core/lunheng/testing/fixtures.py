"""What plugins are tried on: odd texts, an interview, a small study, and a run in this process."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np

from lunheng.analyst import document_row
from lunheng.config import Config, Setting
from lunheng.documents import Document, Mention, Quote, SourceText, Stance, Turn
from lunheng.errors import PluginError
from lunheng.outcomes import Analysis
from lunheng.pipeline import ANALYSIS_KINDS, Analysed, Pipeline
from lunheng.plugins import BUILT_IN, PluginEntry, discover
from lunheng.recording import Recording
from lunheng.selection import select_stages
from lunheng.tables import analysed_rows

INTERVIEW = (
    "星河科技的下一步\n\n记者：您怎么看云雀大模型？\n\n"
    "林若海：我支持开源。2021年6月我们花了3000万美元。陈牧说：“这条路走不通。”\n"
)
ODD_TEXTS = (
    "",
    " ",
    "\n\n\n",
    "。",
    "：",
    "“",
    "”“",
    "《》",
    "\ufeff\u200b",
    "\0\x07\x1b[31m",
    "😀𠀀𠮷：“𪚥”",
    "A\u0301e\u0301 ﷽ مرحبا",
    "，" * 2000,
    "甲说：" * 500,
    "1" * 3000,
    INTERVIEW,
)


def make_document(text: str) -> Document:
    """Return a document as a stage may receive it: divided, its characters for words.

    >>> len(make_document("甲说：乙。").sentences)
    1
    """
    document = Pipeline({}).analyse(SourceText(text), doc_id="0" * 32, path="test.txt").document
    starts = np.arange(len(document.text), dtype=np.int32)
    return replace(document, tokens=np.stack([starts, starts + 1], axis=1))


def interview() -> Document:
    """Return a document with turns, mentions and a quote in it."""
    document = make_document(INTERVIEW)
    at = INTERVIEW.index
    answer = at("我支持")
    said = at("这条路")
    turns = (
        Turn("记者", at("您怎么"), at("？") + 1, at("记者"), at("记者") + 2),
        Turn("林若海", answer, len(INTERVIEW) - 1, at("林若海"), at("林若海") + 3),
    )
    names = (
        ("星河科技", "ORG"),
        ("云雀大模型", "PRODUCT"),
        ("林若海", "PERSON"),
        ("陈牧", "PERSON"),
    )
    mentions = tuple(
        Mention(at(name), at(name) + len(name), name, kind, name)  # type: ignore[arg-type]
        for name, kind in names
    )
    quote = Quote("陈牧", at("陈牧"), at("陈牧") + 2, "说", "direct", said, said + 6)
    return replace(document, turns=turns, mentions=mentions, quotes=(quote,))


def documents() -> Iterator[Document]:
    """Yield odd documents and an ordinary one."""
    yield from map(make_document, ODD_TEXTS)
    yield interview()


def analyse_text(
    text: str, *plugins: ModuleType, settings: Mapping[str, Any] | None = None
) -> Analysed:
    """Analyse a text in this process, with plugins in place of the built-in stages of their kinds.

    ``settings`` are those of the plugins. Nothing is read from files, environment or installed
    plugins of others.

    >>> import lunheng_plugins.tokenizers.linear as segmenter
    >>> analyse_text("甲支持开源。", segmenter).failures
    []

    Raises:
        PluginError: a plugin cannot be loaded; what fails later is among the result's failures.
        ConfigError: a setting does not fit.
    """
    values: dict[tuple[str, ...], Setting] = {}
    entries = []
    for number, module in enumerate(plugins):
        name = f"tested_{number}"
        kinds = [kind for kind in ANALYSIS_KINDS if hasattr(module, f"lunheng_{kind}")]
        entries += [PluginEntry(kind, name, module.__name__, "tested", "0") for kind in kinds]
        for kind in kinds:
            values["stages", kind] = Setting([name], "the test")
        for field, value in (settings or {}).items():
            values["plugins", name, field] = Setting(value, "the test")
    built_in = [entry for entry in discover() if entry.distribution == BUILT_IN]
    selection = select_stages(Config(values), [*entries, *built_in], ANALYSIS_KINDS, tried=True)
    if selection.failures:
        raise PluginError("; ".join(failure.message for failure in selection.failures))
    digest = hashlib.blake2b(text.encode("utf-8", "replace"), digest_size=16).hexdigest()
    return selection.pipeline.analyse(SourceText(text), digest, "test.txt")


def write_study(folder: Path, found: Sequence[Document] = ()) -> Path:
    """Write a small study, by default of one interview with a stance, and return its folder."""
    if not found:
        document = interview()
        start = INTERVIEW.index("我支持开源")
        stance = Stance("林若海", "person", "开源", "favor", 0.9, start, start + 5, "turn", turn=1)
        found = [replace(document, stances=(stance,))]
    with Recording.open(folder) as recording:
        recording.begin_run({"lunheng": "test"})
        for position, original in enumerate(found):
            each = replace(original, doc_id=f"{position:032x}")
            path = f"{position}.txt"
            row = (path, "", 0, each.doc_id, each.title, each.author, each.date, "{}", "")
            document_ = document_row(replace(each, path=path), 0, 0, "", each.source.encode())
            rows = analysed_rows(each)
            recording.store(Analysis(row, each.doc_id, path, "", 0, "", document_, rows))
            recording.end_file(path, "", len(each.source), "", 1)
        recording.reconcile()
    return folder
