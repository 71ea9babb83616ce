"""Check a plugin as Lunheng will use it: one contract a kind, for pytest and for the command line.

A plugin's own tests subclass the contract of its kind::

    from lunheng.testing import StanceContract
    import my_stance

    class TestMyStance(StanceContract):
        plugin = my_stance

``lunheng plugins check NAME`` runs the same checks. ``analyse_text`` runs the whole analysis with
the plugin in it, in this process; ``make_document``, ``interview`` and ``write_study`` make what
stages and writers receive.
"""

from __future__ import annotations

import hashlib
import pickle
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from types import ModuleType
from typing import Any, ClassVar

import numpy as np

from lunheng import contracts
from lunheng.analyst import document_row
from lunheng.children import Ended, watched
from lunheng.config import Config, Setting
from lunheng.containment import explain
from lunheng.documents import Document, Mention, Quote, SourceText, Stance, Turn
from lunheng.errors import PluginError, ReadError
from lunheng.pipeline import ANALYSIS_KINDS, Analysed, Pipeline
from lunheng.plugins import BUILT_IN, PluginEntry, Stage, discover, load
from lunheng.protocols import Lost, TaggingTokenizerStage
from lunheng.recording import Analysis, Recording
from lunheng.selection import select_stages
from lunheng.study import Study
from lunheng.tables import TABLES, analysed_rows

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
LOAD_SECONDS = 10.0
CHECK_SECONDS = 120.0


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


class Contract:
    """What every plugin must hold to; ``plugin`` is its module, ``settings`` what to set."""

    kind: ClassVar[str]
    plugin: ClassVar[ModuleType | PluginEntry]
    settings: ClassVar[Mapping[str, Any]] = {}

    def load(self) -> Stage:
        """Load the plugin as a run does.

        Raises:
            PluginError: it cannot be loaded; the message says why.
        """
        entry = self.plugin
        if isinstance(entry, ModuleType):
            entry = PluginEntry(self.kind, "tested", entry.__name__, "tested", "0")
        key = ("plugins", entry.kind, entry.name.lower().replace("-", "_"))
        given: dict[tuple[str, ...], Setting] = {
            (*key, name): Setting(value, "the test") for name, value in self.settings.items()
        }
        return load(entry, Config(given).fill)

    def results(self, stage: Any) -> Iterator[Any]:
        """Yield what the stage returns for each test input, checked."""
        raise NotImplementedError

    def test_it_loads_and_soon(self) -> None:
        """It fits its hook and Protocol, and loads within a few seconds."""
        begun = time.perf_counter()
        self.load()
        seconds = time.perf_counter() - begun
        assert seconds < LOAD_SECONDS, f"expected loading within {LOAD_SECONDS} s, took {seconds}"

    def test_returns_hold_on_odd_input(self) -> None:
        """Returns have the right types, order and offsets, also on odd input."""
        for _ in self.results(self.load().made):
            pass

    def test_it_is_deterministic(self) -> None:
        """The same input gives the same output, in the same object and in a new one."""
        stage = self.load().made
        first, second = _frozen(self.results(stage)), _frozen(self.results(stage))
        assert first == second, "expected the same output when called again, found another"
        third = _frozen(self.results(self.load().made))
        assert first == third, "expected the same output from a new object, found another"

    def test_it_can_be_pickled(self) -> None:
        """The stage survives pickling, as workers on some systems need."""
        stage = self.load().made
        copy = pickle.loads(pickle.dumps(stage))
        assert _frozen(self.results(copy)) == _frozen(self.results(stage))


class DocumentContract(Contract):
    """A stage that receives documents; it must leave them as they are."""

    def call(self, stage: Any, document: Document) -> Any:
        """Call the stage and check its return."""
        raise NotImplementedError

    def results(self, stage: Any) -> Iterator[Any]:
        """Yield the returns for odd documents and for an interview."""
        for document in documents():
            before = pickle.dumps(document)
            with _telling(f"the text {document.text[:60]!r}"):
                result = self.call(stage, document)
            yield result
            assert pickle.dumps(document) == before, "expected the document unchanged"


class ReaderContract(Contract):
    """A reader; ``files`` are names and contents that it must read."""

    kind = "readers"
    files: ClassVar[Mapping[str, bytes]] = {}

    def results(self, stage: Any) -> Iterator[Any]:
        """Yield the records of the files, and of what may be no file of its format at all."""
        odd = (b"", b"\0\xff\xfe" * 50, INTERVIEW.encode(), INTERVIEW.encode("utf-16"))
        names = stage.suffixes or ("",)
        for data in odd:
            try:
                with _telling(f"the bytes {data[:30]!r}"):
                    yield _items(stage, data, f"odd{names[0]}")
            except ReadError as error:
                yield str(error)
        for name, data in self.files.items():
            with _telling(name):
                records = _items(stage, data, name)
                assert records, f"expected records in {name}, found none"
            yield records


class CleanerContract(Contract):
    """A cleaner."""

    kind = "cleaners"

    def results(self, stage: Any) -> Iterator[Any]:
        """Yield the edits of odd texts."""
        for text in ODD_TEXTS:
            with _telling(f"the text {text[:60]!r}"):
                edits = contracts.check_edits(stage.edits(text), text)
            yield edits


class TokenizerContract(Contract):
    """A word segmenter."""

    kind = "tokenizers"

    def results(self, stage: Any) -> Iterator[Any]:
        """Yield the words of odd texts."""
        for text in ODD_TEXTS:
            with _telling(f"the text {text[:60]!r}"):
                spans = contracts.check_tokens(stage.spans(text), text)
                if isinstance(stage, TaggingTokenizerStage):
                    contracts.check_tags(stage.tags(text, spans), len(spans))
            yield spans


class EntityContract(DocumentContract):
    """An extractor of names, amounts and dates."""

    kind = "entities"

    def call(self, stage: Any, document: Document) -> Any:
        """Return checked mentions."""
        return contracts.check_mentions(stage.mentions(document), document.text)


class QuoteContract(DocumentContract):
    """An extractor of turns and quotations."""

    kind = "quotes"

    def call(self, stage: Any, document: Document) -> Any:
        """Return checked turns and quotes."""
        turns = contracts.check_turns(stage.turns(document), document.text)
        return turns, contracts.check_quotes(stage.quotes(document), document.text)


class StanceContract(DocumentContract):
    """A stance tagger."""

    kind = "stance"

    def call(self, stage: Any, document: Document) -> Any:
        """Return checked stances."""
        numbers = len(document.turns), len(document.quotes)
        return contracts.check_stances(stage.stances(document), document.text, *numbers)


class ReportContract(Contract):
    """A report writer."""

    kind = "reports"

    def results(self, stage: Any) -> Iterator[Any]:
        """Yield the names and contents of the files written in both languages."""
        yield from self.reports(stage, [], "a study of an interview")
        yield from self.reports(stage, [make_document("")], "a study of one empty document")

    def reports(self, stage: Any, found: Sequence[Document], what: str) -> Iterator[list[str]]:
        """Yield the names of the files written for a study of some documents."""
        with tempfile.TemporaryDirectory() as name, _telling(what):
            folder = Path(name).resolve()
            with Study.open(write_study(folder / "study", found)) as study:
                before = _contents(study)
                for lang in ("zh", "en"):
                    yield _written(stage, study, folder / lang, lang)
                assert _contents(study) == before, "expected the study unchanged"

    def test_it_writes_odd_texts(self) -> None:
        """A study of odd texts is written too."""
        for _ in self.reports(self.load().made, list(documents()), "a study of odd texts"):
            pass


class EngineContract(Contract):
    """An engine."""

    kind = "engines"

    def results(self, stage: Any) -> Iterator[Any]:
        """Yield what an engine makes of some items: everything, each item's outputs in order."""
        for size in (0, 1, 20):
            outputs: dict[int, list[int]] = {}
            for message in stage.map(_count_up, iter(range(size))):
                assert not isinstance(message, Lost), f"expected no loss, found {message}"
                item, output = message
                outputs.setdefault(item, []).append(output)
            expected = {item: list(_count_up(item)) for item in range(size) if item % 3}
            assert outputs == expected, f"expected {expected}, found {outputs}"
            yield sorted(outputs.items())


CONTRACTS: Mapping[str, type[Contract]] = {
    contract.kind: contract
    for contract in (
        ReaderContract,
        CleanerContract,
        TokenizerContract,
        EntityContract,
        QuoteContract,
        StanceContract,
        ReportContract,
        EngineContract,
    )
}


@dataclass(frozen=True, slots=True)
class Check:
    """One check of a plugin: what was checked, and what was wrong (``""``: nothing)."""

    name: str
    problem: str


def check_plugin(entry: PluginEntry, seconds: float = CHECK_SECONDS) -> Iterator[Check]:
    """Run the contract of its kind on a plugin, check by check, in a child process.

    A plugin that hangs for ``seconds`` or takes the process down breaks the check at hand; the
    others run in another process.
    """
    left = sorted(name for name in dir(CONTRACTS[entry.kind]) if name.startswith("test_"))
    while left:
        for problem in watched(_problems, (entry, tuple(left)), seconds):
            words = left.pop(0).removeprefix("test_").replace("_", " ")
            yield Check(words, problem.reason if isinstance(problem, Ended) else problem)


def _problems(entry: PluginEntry, names: Sequence[str]) -> Iterator[str]:
    """Run checks and yield what was wrong in each (``""``: nothing)."""
    contract = type("Checked", (CONTRACTS[entry.kind],), {"plugin": entry})()
    for name in names:
        problem = ""
        try:
            getattr(contract, name)()
        except BaseException as error:
            plain = isinstance(error, AssertionError)
            problem = "; ".join([str(error) if plain else explain(error, entry), *_notes(error)])
        yield problem


def _contents(study: Study) -> list[Any]:
    """Return the rows of a study."""
    return [list(study.rows(table)) for table in TABLES]


def _written(stage: Any, study: Study, folder: Path, lang: str) -> list[str]:
    """Let a writer write into a new folder and return the names of its files, checked."""
    folder.mkdir()
    paths = [Path(path).resolve() for path in stage.write(study, folder, lang)]
    assert paths, "expected the paths of what was written, found none"
    for path in paths:
        assert path.is_file(), f"expected a file at {path}"
        assert path.is_relative_to(folder), f"expected {path} below {folder}"
    return sorted(str(path.relative_to(folder)) for path in paths)


def _notes(error: BaseException) -> list[str]:
    """Return the notes of an exception."""
    return list(getattr(error, "__notes__", ()))


def _items(reader: Any, data: bytes, path: str) -> list[SourceText | tuple[str, bytes | str]]:
    """Return what a reader yields, checked; of each file within the file, name and content."""
    found: list[SourceText | tuple[str, bytes | str]] = []
    for item in map(contracts.check_item, reader.read(data, path)):
        if isinstance(item, SourceText):
            found.append(item)
            continue
        try:
            found.append((item.name, item.read()))
        except ReadError as error:
            found.append((item.name, str(error)))
    return found


def _count_up(number: int) -> list[int]:
    """Return as many numbers as the remainder by three."""
    return [number * 10 + each for each in range(number % 3)]


def _frozen(results: Iterator[Any]) -> list[bytes]:
    """Return results in a form that can be compared, arrays too."""
    return [pickle.dumps(result) for result in results]


@contextmanager
def _telling(what: str) -> Iterator[None]:
    """Add what was at hand to what a stage raises."""
    try:
        yield
    except Exception as error:
        error.add_note(f"on {what}")
        raise
