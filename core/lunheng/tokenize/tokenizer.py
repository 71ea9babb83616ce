"""The word segmenter as its users meet it."""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from importlib.resources import as_file, files
from os import PathLike
from typing import Literal, TypeAlias, get_args

import numpy as np
from numpy.typing import NDArray

from lunheng.errors import ModelError, UsageError
from lunheng.native.boundaries import BoundaryScorer
from lunheng.tokenize.batch import TokenBatch, batch_of, spans_of
from lunheng.tokenize.explanation import Boundary, explain_line
from lunheng.tokenize.model import SegmenterModel
from lunheng.tokenize.parts import with_pairs, with_parts
from lunheng.tokenize.quantities import joined
from lunheng.tokenize.words import UserWord, UserWords, word_table
from lunheng.tokenize.words import user_words as own_words

DEFAULT_MODEL = "models/segmenter.bin"
FINER = 8.0
"""Log odds that the parts of a word are given ahead in the mode ``search``."""

Mode: TypeAlias = Literal["default", "search", "ngram"]
UnitKind: TypeAlias = Literal["atoms", "whole"]


def default_model() -> SegmenterModel:
    """Load the model that comes with Lunheng.

    Raises:
        ModelError: the package's data are missing or damaged.
    """
    with as_file(files("lunheng_seeds").joinpath(DEFAULT_MODEL)) as path:
        return SegmenterModel.load(path)


class Tokenizer:
    """Cuts text into words; every character of the text belongs to one of them.

    Line breaks are words of their own, and so are runs of spaces; numbers, Latin words, URLs,
    e-mail addresses, @names, #tags# and emoji are never split. Traditional and full-width
    characters are looked up as what they fold to and kept as they are written. Instances are
    immutable, and safe to share between threads, to pickle and to fork.

    Args:
        model: a model, or a model file's path; without one the model that comes with Lunheng.
        user_words: words that are obeyed before any score, as a list or as the path of a file
            (see `lunheng.tokenize.words`). They match whatever the script or width, and begin and
            end where units do: not inside a number, Latin word or URL. A line of more than 4,096
            characters is cut in blocks at commas and full stops, and no word reaches across.

        mode: ``default``; ``search``: long words also give their parts; ``ngram``: they also give
            their pairs of characters. In both the words come in order of their starts, the
            shorter first, and no part reaches out of its word.
        units: ``atoms``, or ``whole``: a number and its unit, or a date, are one word.

    Raises:
        ModelError: the model file is foreign, truncated or corrupt.
        UsageError: a user word is empty, too long or has a line break; there is no such mode.

    >>> Tokenizer().cut("人工智能改变世界。")
    ['人工智能', '改变', '世界', '。']
    """

    __slots__ = ("_finer", "_scorer", "mode", "model", "units", "user_words")

    model: SegmenterModel
    user_words: tuple[UserWord, ...]
    mode: Mode
    units: UnitKind
    _scorer: BoundaryScorer
    _finer: BoundaryScorer

    def __init__(
        self,
        model: SegmenterModel | str | PathLike[str] | None = None,
        user_words: UserWords = (),
        mode: Mode = "default",
        units: UnitKind = "atoms",
    ) -> None:
        if mode not in get_args(Mode):
            raise UsageError(f"expected one of the modes {get_args(Mode)}, found {mode!r}")
        if units not in get_args(UnitKind):
            raise UsageError(f"expected one of the units {get_args(UnitKind)}, found {units!r}")
        if model is None:
            model = default_model()
        elif not isinstance(model, SegmenterModel):
            model = SegmenterModel.load(model)
        words = own_words(user_words)
        table = word_table(words) if words else None
        arrays = (model.codes, model.characters, model.table)
        try:
            scorer = BoundaryScorer(*arrays, table)
            finer = BoundaryScorer(*arrays, table, round(FINER / model.scale))
        except ValueError as error:
            raise ModelError(f"the model's parts do not fit together: {error}") from error
        for name, value in (
            ("model", model),
            ("user_words", words),
            ("mode", mode),
            ("units", units),
            ("_scorer", scorer),
            ("_finer", finer),
        ):
            object.__setattr__(self, name, value)

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError(f"a Tokenizer is immutable: make a new one to change {name!r}")

    def __reduce__(
        self,
    ) -> tuple[type[Tokenizer], tuple[SegmenterModel, tuple[UserWord, ...], Mode, UnitKind]]:
        return type(self), (self.model, self.user_words, self.mode, self.units)

    def with_words(self, words: UserWords) -> Tokenizer:
        """Return a tokenizer that also knows ``words``; what was added before stays as it is.

        >>> Tokenizer().with_words(["云雀大模型"]).cut("云雀大模型发布")
        ['云雀大模型', '发布']
        """
        every = (*self.user_words, *own_words(words))
        return Tokenizer(self.model, every, self.mode, self.units)

    def cut(self, text: str) -> list[str]:
        """Return the words of a text; joined, in the default mode, they are the text.

        >>> Tokenizer().cut("他研究生命的起源")
        ['他', '研究', '生命', '的', '起源']
        """
        if self.plain:
            return self._scorer.cut(text)
        return [text[start:end] for start, end in self.spans(text).tolist()]

    def spans(self, text: str) -> NDArray[np.int32]:
        """Return the words of a text as int32 of shape (n, 2), half-open code points.

        >>> Tokenizer().spans("改变世界").tolist()
        [[0, 2], [2, 4]]
        """
        ends = self._scorer.ends(text)
        if self.units == "whole":
            ends = joined(text, ends)
        spans = spans_of(ends)
        if self.mode == "search":
            return with_parts(spans, self._finer.ends(text))
        if self.mode == "ngram":
            return with_pairs(spans, text)
        return spans

    def explain(self, line: str) -> list[Boundary]:
        """Say for every place between two units of a line why it is a boundary or not.

        Raises:
            UsageError: the line is empty, has a line break, or more than 4,096 characters.

        >>> [place.cut for place in Tokenizer().explain("改变世界")]
        [False, True, False]
        """
        try:
            return explain_line(self._scorer, self.model.scale, line)
        except ValueError as error:
            raise UsageError(str(error)) from error

    @property
    def plain(self) -> bool:
        """Return whether words are what the scores and the user's words make of the text."""
        return self.mode == "default" and self.units == "atoms"

    def cut_many(self, texts: Iterable[str], threads: int = 1) -> TokenBatch:
        """Cut many texts without the GIL, in as many threads as wished.

        >>> list(Tokenizer().cut_many(["改变世界", ""]))
        [['改变', '世界'], []]
        """
        held = texts if isinstance(texts, list) else list(texts)
        if not self.plain:
            return batch_of(held, [self.spans(text) for text in held])
        if threads <= 1 or len(held) < 2 * threads:
            return TokenBatch(held, *self._scorer.ends_many(held))
        parts = _shares(held, 4 * threads)
        with ThreadPoolExecutor(threads) as pool:
            done = list(pool.map(self._scorer.ends_many, parts))
        ends = np.concatenate([part for part, _ in done])
        counts = np.concatenate([np.diff(offsets) for _, offsets in done])
        offsets = np.zeros(len(held) + 1, np.int64)
        np.cumsum(counts, out=offsets[1:])
        return TokenBatch(held, ends, offsets)


def _shares(texts: list[str], count: int) -> list[list[str]]:
    """Split ``texts`` into at most ``count`` runs of about as many characters each."""
    totals = np.cumsum(np.fromiter(map(len, texts), np.int64, len(texts)))
    marks = np.searchsorted(totals, np.arange(1, count) * (totals[-1] / count), side="right")
    edges = [0, *np.unique(marks[(marks > 0) & (marks < len(texts))]).tolist(), len(texts)]
    return [texts[start:end] for start, end in itertools.pairwise(edges)]
