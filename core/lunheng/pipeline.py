"""Analyse one source text: a pure function of the text and of the stages that were chosen.

Every call of a plugin is contained and its return checked; what fails is recorded with stage,
plugin and version, and the document goes on without it.
"""

from __future__ import annotations

import hashlib
import re
from collections import defaultdict
from collections.abc import Callable, Generator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from time import process_time
from typing import Any, TypeVar

from lunheng import contracts
from lunheng.combining import beside, new_quotes, new_stances
from lunheng.containment import contained, explain, strict
from lunheng.documents import Document, Repair, SourceText
from lunheng.errors import PluginError
from lunheng.ordering import Call, ordered, unmet
from lunheng.plugins import PluginEntry, Stage
from lunheng.protocols import TaggingTokenizerStage
from lunheng.text import OffsetMap, apply_edits, blocks, script_of, sentences

Result = TypeVar("Result")

ANALYSIS_KINDS = ("cleaners", "tokenizers", "entities", "quotes", "stance")
CORE = PluginEntry("text", "structure", "lunheng.text", "lunheng", "")
SURROGATES = "surrogates"
_SURROGATE = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class StageFailure:
    """A stage that had to be passed over on one document."""

    entry: PluginEntry
    message: str


@dataclass(frozen=True, slots=True)
class Step:
    """A stage that is about to be called: its kind and plugin, and the document so far."""

    entry: PluginEntry
    document: Document


@dataclass(slots=True)
class Analysed:
    """A document with all records, the stages that failed on it, and what time each took.

    ``seconds`` are those of this process's CPU, by stage (``kind.name``).
    """

    document: Document
    failures: list[StageFailure] = field(default_factory=list)
    seconds: dict[str, float] = field(default_factory=lambda: defaultdict(float))


@dataclass(frozen=True, slots=True)
class Pipeline:
    """The chosen stages of analysis, by kind, loaded.

    Cleaners are called first; the order of the others comes from their needs.
    """

    stages: Mapping[str, tuple[Stage, ...]]
    calls: tuple[Call, ...] = field(init=False)

    def __post_init__(self) -> None:
        """Put the calls in order."""
        object.__setattr__(self, "calls", ordered(self.stages))

    def analyse(
        self,
        source: SourceText,
        doc_id: str,
        path: str = "",
        without: Mapping[str, str] | None = None,
    ) -> Analysed:
        """Return the analysed document.

        ``without`` maps a stage (``kind.name``) to the reason why it is not to be called.
        """
        steps = self.steps(source, doc_id, path, without or {})
        while True:
            try:
                next(steps)
            except StopIteration as end:
                result: Analysed = end.value
                return result

    def steps(
        self, source: SourceText, doc_id: str, path: str, without: Mapping[str, str]
    ) -> Generator[Step, None, Analysed]:
        """Analyse in steps: yield before each call of a plugin, return the result."""
        run = _Run(Analysed(bare_document(source, doc_id, path)), without)
        yield from self._clean(run, source)
        run.divide()
        missed: list[Call] = []
        for call in self.calls:
            lacking = unmet(call, self.calls, missed)
            if lacking is not None:
                run.fail(call.stage.entry, str(lacking))
                missed.append(call)
                continue
            yield Step(call.stage.entry, run.analysed.document)
            if not run.call(call.stage, _ACTS[call.field]):
                missed.append(call)
        return run.analysed

    def _clean(self, run: _Run, source: SourceText) -> Generator[Step, None, None]:
        """Let the cleaners repair the text, one after the other."""
        run.replace_surrogates(source)
        for stage in self.stages.get("cleaners", ()):
            yield Step(stage.entry, run.analysed.document)
            run.call(stage, _clean_with)


@dataclass(slots=True)
class _Run:
    """One analysis under way."""

    analysed: Analysed
    without: Mapping[str, str]

    def call(self, stage: Stage, act: Callable[[Stage, Document], Document]) -> bool:
        """Let a stage change the document, or record why it could not; say whether it could."""
        reason = self.without.get(stage.entry.key)
        if reason is not None:
            self.fail(stage.entry, reason)
            return False
        begun = process_time()
        try:
            with contained(stage.entry, "failed"):
                self.analysed.document = act(stage, self.analysed.document)
        except PluginError as error:
            if strict():
                raise
            cause = error.__cause__ or error
            self.fail(stage.entry, explain(cause, stage.entry))
            return False
        finally:
            self.analysed.seconds[stage.entry.key] += process_time() - begun
        return True

    def fail(self, entry: PluginEntry, message: str) -> None:
        """Record a failure once; a stage that is called twice may fail twice."""
        failure = StageFailure(entry, message)
        if failure not in self.analysed.failures:
            self.analysed.failures.append(failure)

    def replace_surrogates(self, source: SourceText) -> None:
        """Put U+FFFD in the place of lone surrogates, which no encoding can hold."""
        document = self.analysed.document
        raw = source.source if source.text is None else source.text
        repairs = []
        for match in _SURROGATE.finditer(raw):
            start, end = document.source_map.to_source(match.start(), match.end())
            repairs.append(Repair(start, end, ascii(match[0])[1:-1], "\ufffd", SURROGATES))
        if repairs:
            self.analysed.document = replace(document, repairs=tuple(repairs))

    def divide(self) -> None:
        """Find the script, the blocks and the sentences of the cleaned text."""
        document = self.analysed.document
        text = document.text
        self.analysed.document = replace(
            document, script=script_of(text), blocks=blocks(text), sentences=sentences(text)
        )


def source_id(raw: bytes) -> str:
    """Return the id of a document: the hash of its source text as UTF-8, 32 hexadecimal digits."""
    return hashlib.blake2b(raw, digest_size=16).hexdigest()


def storable(text: str) -> str:
    r"""Return the text with U+FFFD in the place of every lone surrogate.

    >>> storable("\ud83d是") == "\ufffd是"
    True
    """
    with suppress(UnicodeEncodeError):
        text.encode("utf-8")
        return text
    return _SURROGATE.sub("\ufffd", text)


def bare_document(source: SourceText, doc_id: str, path: str) -> Document:
    """Return the document before any stage: source and text as the reader gave them."""
    whole = storable(source.source)
    text = whole if source.text is None else storable(source.text)
    aligned = source.text_map if source.text is not None else None
    return Document(
        doc_id=doc_id,
        source=whole,
        text=text,
        source_map=aligned if aligned is not None else OffsetMap.identity(len(whole)),
        path=path,
        record=storable(source.record),
        title=source.title and storable(source.title),
        author=source.author and storable(source.author),
        date=source.date and storable(source.date),
        encoding=source.encoding,
        meta=source.meta,
        locators=source.locators,
    )


def _clean_with(stage: Stage, document: Document) -> Document:
    """Apply the edits of one cleaner, keeping the way back to the source."""
    text = document.text
    edits = contracts.check_edits(stage.made.edits(text), text)
    if not edits:
        return document
    to_source = document.source_map.to_source
    repairs = tuple(
        Repair(*to_source(e.start, e.end), text[e.start : e.end], e.text, stage.entry.name)
        for e in edits
    )
    cleaned, step = apply_edits(text, edits)
    return replace(
        document,
        text=cleaned,
        source_map=document.source_map.then(step),
        repairs=document.repairs + repairs,
    )


def _tokenize(stage: Stage, document: Document) -> Document:
    """Add the words, and their parts of speech where the stage tells them."""
    tokens = contracts.check_tokens(stage.made.spans(document.text), document.text)
    tags = None
    if isinstance(stage.made, TaggingTokenizerStage):
        tags = contracts.check_tags(stage.made.tags(document.text, tokens), len(tokens))
    return replace(document, tokens=tokens, tags=tags)


def _find_turns(stage: Stage, document: Document) -> Document:
    """Add the turns."""
    turns = contracts.check_turns(stage.made.turns(document), document.text)
    return replace(document, turns=beside(document.turns, turns))


def _find_mentions(stage: Stage, document: Document) -> Document:
    """Add the names, amounts and dates."""
    mentions = contracts.check_mentions(stage.made.mentions(document), document.text)
    return replace(document, mentions=beside(document.mentions, _signed(mentions, stage)))


def _find_quotes(stage: Stage, document: Document) -> Document:
    """Add the quotes."""
    quotes = contracts.check_quotes(stage.made.quotes(document), document.text)
    return replace(document, quotes=new_quotes(document.quotes, _signed(quotes, stage)))


def _find_stances(stage: Stage, document: Document) -> Document:
    """Add the stances and how many were abstained from."""
    stances, abstained = contracts.check_stances(
        stage.made.stances(document), document.text, len(document.turns), len(document.quotes)
    )
    return replace(
        document,
        stances=new_stances(document.stances, _signed(stances, stage)),
        abstained=document.abstained + abstained,
    )


def _signed(records: tuple[Any, ...], stage: Stage) -> tuple[Any, ...]:
    """Put the stage's name into records that do not say which plugin they come from."""
    name = stage.entry.name
    return tuple(r if r.plugin else replace(r, plugin=name) for r in records)


_ACTS: Mapping[str, Callable[[Stage, Document], Document]] = {
    "tokens": _tokenize,
    "turns": _find_turns,
    "mentions": _find_mentions,
    "quotes": _find_quotes,
    "stances": _find_stances,
}
