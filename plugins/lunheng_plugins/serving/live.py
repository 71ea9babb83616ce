"""The view of a study that is served: computed once, and again where a correction reaches."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from lunheng.correcting import Change, correct
from lunheng.i18n import Catalog
from lunheng.study import Study
from lunheng_plugins.reports.view import StudyView, build_view, judge_again


class Live:
    """One study with its view, shared by the threads that answer requests.

    The view is ``None`` until it has been computed; ``error`` says why it never will be. After
    corrections it is read again when somebody asks for it, once for all of them.
    """

    def __init__(self, folder: Path, say: Catalog) -> None:
        self.folder = folder
        self.say = say
        self.error = ""
        self._view: StudyView | None = None
        self._changing = threading.Lock()
        self._stances_due = self._names_due = False

    @property
    def view(self) -> StudyView | None:
        """The view, with all corrections in it."""
        if self._view is not None and (self._stances_due or self._names_due):
            with self._changing:
                self._catch_up()
        return self._view

    @property
    def titles(self) -> dict[int, str]:
        """What articles are called, as far as that is known."""
        view = self._view
        return {a.number: a.title for a in view.view.articles} if view else {}

    @contextmanager
    def study(self) -> Iterator[Study]:
        """Give the study, opened for one request: a connection stays in its thread."""
        with Study.open(self.folder) as opened:
            yield opened

    def start(self) -> threading.Thread:
        """Compute the view beside; requests for it are answered with patience until then."""
        thread = threading.Thread(target=self._start, name="view", daemon=True)
        thread.start()
        return thread

    def _start(self) -> None:
        try:
            with self._changing, self.study() as study:
                self._view = build_view(study, self.say.messages["unnamed"])
        except Exception as error:  # whatever it is, the page must say it
            self.error = f"{type(error).__name__}: {error}"
            raise

    def _catch_up(self) -> None:
        """Read again what corrections reach; the lock is held."""
        with self.study() as study:
            if self._names_due:
                self._view = build_view(study, self.say.messages["unnamed"])
            elif self._stances_due and self._view is not None:
                self._view = judge_again(study, self._view)
        self._stances_due = self._names_due = False

    def change(self, *changes: Change, names: bool) -> None:
        """Correct the study; ``names`` says that more than stances may change.

        Raises:
            LunhengError: the correction means nothing, or a run is writing the study.
        """
        with self._changing:
            correct(self.folder, *changes)
            self._stances_due = True
            self._names_due |= names
