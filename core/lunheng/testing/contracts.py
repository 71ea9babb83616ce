"""What every plugin of a kind must hold to, as a test class to derive from."""

from __future__ import annotations

import pickle
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType
from typing import Any, ClassVar

from lunheng import contracts
from lunheng.config import Config, Setting
from lunheng.documents import Document, SourceText
from lunheng.errors import ReadError
from lunheng.plugins import PluginEntry, Stage, load
from lunheng.protocols import Lost, TaggingTokenizerStage
from lunheng.study import Study
from lunheng.tables import TABLES
from lunheng.testing.fixtures import INTERVIEW, ODD_TEXTS, documents, make_document, write_study

LOAD_SECONDS = 10.0


class Contract:
    """What every plugin must hold to; ``plugin`` is its module, ``settings`` what to set."""

    kind: ClassVar[str]
    plugin: ModuleType | PluginEntry
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
