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

    The view is ``None`` until it has been computed; ``error`` says why it never will be.
    """

    def __init__(self, folder: Path, say: Catalog) -> None:
        self.folder = folder
        self.say = say
        self.error = ""
        self._view: StudyView | None = None
        self._changing = threading.Lock()

    @property
    def view(self) -> StudyView | None:
        """The view as it stands."""
        return self._view

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

    def change(self, *changes: Change, names: bool) -> None:
        """Correct the study and show it; ``names`` says that more than stances may change.

        Raises:
            LunhengError: the correction means nothing, or a run is writing the study.
        """
        with self._changing:
            correct(self.folder, *changes)
            with self.study() as study:
                if names or self._view is None:
                    self._view = build_view(study, self.say.messages["unnamed"])
                else:
                    self._view = judge_again(study, self._view)
