"""The tagger as its users meet it: labels for words, spans for names."""

from __future__ import annotations

from os import PathLike

import numpy as np
from numpy.typing import NDArray

from lunheng.errors import ModelError
from lunheng.native.tagging import LabelScorer
from lunheng.tagging.columns import CharacterColumns, WordColumns, code_points
from lunheng.tagging.labels import decoded
from lunheng.tagging.model import TaggerModel
from lunheng.tagging.templates import COLUMNS, compiled


class Tagger:
    """Gives words or characters labels; immutable, safe to share between threads and to pickle.

    Args:
        model: a model, or a model file's path.

    Raises:
        ModelError: the model file is foreign, truncated or corrupt.
    """

    __slots__ = ("_columns", "_scorer", "model")

    def __init__(self, model: TaggerModel | str | PathLike[str]) -> None:
        if not isinstance(model, TaggerModel):
            model = TaggerModel.load(model)
        try:
            parts, ends = compiled(model.view, model.templates)
            self._scorer = LabelScorer(
                parts, ends, len(COLUMNS[model.view]), model.hashes, model.rows, model.bigrams
            )
        except (KeyError, ValueError) as error:
            raise ModelError(f"the model's parts do not fit together: {error}") from error
        columns = WordColumns if model.view == "words" else CharacterColumns
        self._columns = columns(model.classes)
        self.model = model

    def __reduce__(self) -> tuple[type[Tagger], tuple[TaggerModel]]:
        return type(self), (self.model,)

    def labels(self, text: str, tokens: NDArray[np.int32]) -> NDArray[np.uint8]:
        """Return the number of the label of every word, or of every character, of a text.

        Args:
            text: any text; its lines are labelled each on its own.
            tokens: its words, int32 of shape (n, 2), half-open code points; they adjoin.
        """
        if not len(tokens):
            return np.empty(0, np.uint8)
        columns = self._columns.of(text, tokens)
        return self._scorer.labels(columns, self._lines(text, tokens, columns.shape[1]))

    def _lines(self, text: str, tokens: NDArray[np.int32], positions: int) -> NDArray[np.int64]:
        """Return where lines begin among the words or characters, and how many these are."""
        breaks = np.flatnonzero(code_points(text) == ord("\n"))
        if self.model.view == "words":
            breaks = np.searchsorted(tokens[:, 1], breaks + 1)
        return np.unique(np.concatenate([[0], breaks + 1, [positions]])).astype(np.int64)

    def tags(self, text: str, tokens: NDArray[np.int32]) -> tuple[str, ...]:
        """Return the label of every word, or of every character, of a text."""
        labels = self.model.labels
        return tuple([labels[number] for number in self.labels(text, tokens).tolist()])

    def spans(self, text: str, tokens: NDArray[np.int32]) -> list[tuple[int, int, str]]:
        """Return the names of a text as (start, end, type), half-open code points.

        Raises:
            ModelError: the model labels words.
        """
        if self.model.view != "characters":
            raise ModelError("expected a model of characters, found one of words")
        return list(decoded(self.labels(text, tokens), self.model.labels))
