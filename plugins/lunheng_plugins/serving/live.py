"""The study that is served: what of it is held, and how it follows corrections.

Held are names, the list of articles, the stances as numbers, and the page; all else is read from
the study when it is asked for, or gathered beside into a file.
"""

from __future__ import annotations

import multiprocessing
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from jinja2 import Environment

from lunheng.correcting import Change, correct
from lunheng.i18n import Catalog
from lunheng.study import Study
from lunheng_plugins.reports.articles import ArticleText
from lunheng_plugins.reports.evidence import EvidenceReader
from lunheng_plugins.reports.html import live_page
from lunheng_plugins.reports.opening import quoted
from lunheng_plugins.reports.payload import head_payload
from lunheng_plugins.reports.view import Outline, outline_view
from lunheng_plugins.serving.gathering import PARTS, Gathered, gather, gather_beside

SMALL = 300_000  # characters that are gathered faster than a process starts
LARGE = 60_000_000  # characters beyond which gathering would take the memory of other programs


@dataclass(frozen=True)
class Shown:
    """What is held of a study at one time; ``complete`` says that the page lacks no section."""

    outline: Outline
    page: str
    head: dict[str, object]
    complete: bool


class Texts:
    """The texts that one answer needs, each opened once."""

    def __init__(self, study: Study, outline: Outline) -> None:
        self._study = study
        self._outline = outline
        self._opened: dict[int, ArticleText] = {}

    def __call__(self, number: int) -> ArticleText:
        """Return the text of an article by its number."""
        if number not in self._opened:
            article = self._outline.articles[number - 1]
            self._opened[number] = self._outline.library.read(self._study, article)
        return self._opened[number]


class Live:
    """One study, shared by the threads that answer requests.

    ``token`` is what a correction must bring along, which the page is told. ``error`` says why
    the study will never be ready.
    """

    def __init__(self, folder: Path, say: Catalog, templates: Environment, token: str) -> None:
        self.folder = folder
        self.say = say
        self.error = ""
        self._templates = templates
        self._token = token
        self._shown: Shown | None = None
        self._changing = threading.RLock()
        self._due = self._closed = False
        self._scratch: tempfile.TemporaryDirectory[str] | None = None
        self._round = 0
        self._gatherer: multiprocessing.process.BaseProcess | None = None

    @property
    def shown(self) -> Shown | None:
        """What is held, with all corrections in it; ``None`` until it is read."""
        shown = self._shown
        if shown is None:
            return None
        if self._due or (not shown.complete and self.gathered.has(*PARTS)):
            with self._changing:
                shown = self._catch_up()
        return shown

    @property
    def gathered(self) -> Gathered:
        """What has been gathered from all texts."""
        assert self._scratch is not None
        return Gathered(Path(self._scratch.name) / f"{self._round}.db")

    @contextmanager
    def study(self) -> Iterator[Study]:
        """Give the study, opened for one request: a connection stays in its thread."""
        with Study.open(self.folder) as opened:
            yield opened

    def start(self) -> threading.Thread:
        """Read the study beside; requests for it are answered with patience until then."""
        self._scratch = tempfile.TemporaryDirectory(prefix="lunheng-", ignore_cleanup_errors=True)
        thread = threading.Thread(target=self._start, name="reading", daemon=True)
        thread.start()
        return thread

    def close(self) -> None:
        """Stop what is still being gathered and remove what was."""
        self._closed = True
        if self._gatherer is not None and self._gatherer.is_alive():
            self._gatherer.terminate()
            self._gatherer.join(5)
        if self._scratch is not None:
            self._scratch.cleanup()

    def _start(self) -> None:
        try:
            with self._changing:
                self._shown = self._read()
                self._gather(self._shown.outline)
        except Exception as error:  # whatever it is, the page must say it
            if self._closed:
                return
            self.error = f"{type(error).__name__}: {error}"
            raise

    def _gather(self, outline: Outline) -> None:
        """Begin to gather: here where it is quick, else in a process that gives its memory back."""
        arguments = (self.folder, self.gathered.path, self.say.language)
        characters = _characters(outline)
        if characters <= SMALL:
            gather(*arguments)
        elif characters <= LARGE:
            spawned = multiprocessing.get_context("spawn")
            self._gatherer = spawned.Process(target=gather_beside, args=arguments, daemon=True)
            self._gatherer.start()

    def _catch_up(self) -> Shown:
        """Read again what corrections reach; the lock is held."""
        assert self._shown is not None
        if self._due:
            self._shown = self._read()
            self._due = False
        elif not self._shown.complete:
            with self.study() as study:
                self._shown = self._show(study, self._shown.outline)
        return self._shown

    def _read(self) -> Shown:
        with self.study() as study:
            return self._show(study, Outline.of(study, self.say.language))

    def _show(self, study: Study, outline: Outline) -> Shown:
        """Fill the page."""
        complete, gathered = self.gathered.has(*PARTS), self.gathered
        lacking = "too_large" if _characters(outline) > LARGE else "pending"
        view = outline_view(study, outline)
        view = replace(view, digests=gathered.digests, terms=gathered.terms)
        reader = EvidenceReader.of(study, outline.ledger, outline.articles, Texts(study, outline))
        words = {item.number: item for item in reader.read(sorted(quoted(view)))}
        page = live_page(
            view, words, outline.titles, self._templates, self.say,
            live=self._token, pending="" if complete else lacking,
        )  # fmt: skip
        head = head_payload(view, outline.titles, self.folder.resolve().name, self.say)
        return Shown(outline, page, {**head, "live": True}, complete)

    def change(self, change: Change, *, names: bool) -> None:
        """Correct the study; ``names`` says that more than stances may change.

        Raises:
            LunhengError: the correction means nothing, or a run is writing the study.
        """
        with self._changing:
            correct(self.folder, change)
            self._due = True
            if names and self._shown is not None:
                self._gather_again()

    def _gather_again(self) -> None:
        """Gather anew, into another file."""
        if self._gatherer is not None and self._gatherer.is_alive():
            self._gatherer.terminate()
        self._round += 1
        self._shown = self._read()
        self._due = False
        self._gather(self._shown.outline)


def _characters(outline: Outline) -> int:
    """Return how long all texts are."""
    return sum(article.characters for article in outline.articles)
