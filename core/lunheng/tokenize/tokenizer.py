"""The word segmenter as its users meet it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from importlib.resources import as_file, files
from os import PathLike
from typing import TYPE_CHECKING, Literal, TypeAlias, get_args

import numpy as np
from numpy.typing import ArrayLike, NDArray

from lunheng.errors import ModelError, UsageError
from lunheng.native.boundaries import BoundaryScorer
from lunheng.native.segmenting import Segmenter
from lunheng.tokenize.batch import TokenBatch, batch_of, spans_of
from lunheng.tokenize.dictionary import UserDictionary
from lunheng.tokenize.explanation import Boundary, explain_line
from lunheng.tokenize.many import Texts, cut_texts, require_one_kind, runs_of, texts_of
from lunheng.tokenize.model import SegmenterModel
from lunheng.tokenize.parts import with_pairs, with_parts
from lunheng.tokenize.quantities import joined
from lunheng.tokenize.utf8 import byte_places, to_text
from lunheng.tokenize.words import UserWords

if TYPE_CHECKING:
    from lunheng.tagging import TaggedTokens, Tagger

DEFAULT_MODEL = "models/segmenter.bin"
FINER = 6.0
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

    Text is ``str``, or UTF-8 as ``bytes``; a byte that is no UTF-8 is a character of its own.

    Args:
        model: a model, or a model file's path; without one the model that comes with Lunheng.
        user_words: words that are obeyed before any score, as a list or as the path of a file
            (see `lunheng.tokenize.word_layers`). They match whatever the script or width, and
            begin and end where units do: not inside a number, Latin word or URL. Of words that
            overlap in a text the heavier is obeyed, else the longer, else the one added earlier,
            else the earlier one; where one is lost, a shorter one may fit. Of the same word the
            first counts. A line of more than 4,096 characters is cut in blocks at commas and full
            stops, and no word reaches across.
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

    __slots__ = ("_finer", "_segmenter", "_tagger", "mode", "model", "units", "user_words")

    model: SegmenterModel
    user_words: UserDictionary
    mode: Mode
    units: UnitKind
    _segmenter: Segmenter
    _finer: Segmenter
    _tagger: Tagger | None

    def __init__(
        self,
        model: SegmenterModel | str | PathLike[str] | None = None,
        user_words: UserWords | UserDictionary = (),
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
        if not isinstance(user_words, UserDictionary):
            user_words = UserDictionary(model.codes).added(user_words)
        arrays = (model.codes, model.characters, model.table, user_words.tables, user_words.fold)
        try:
            segmenter = Segmenter(BoundaryScorer(*arrays))
            finer = Segmenter(BoundaryScorer(*arrays, round(FINER / model.scale)))
        except ValueError as error:
            raise ModelError(f"the model's parts do not fit together: {error}") from error
        for name, value in (
            ("model", model),
            ("user_words", user_words),
            ("mode", mode),
            ("units", units),
            ("_segmenter", segmenter),
            ("_finer", finer if mode == "search" else segmenter),
            ("_tagger", None),
        ):
            object.__setattr__(self, name, value)

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError(f"a Tokenizer is immutable: make a new one to change {name!r}")

    def __reduce__(
        self,
    ) -> tuple[type[Tokenizer], tuple[SegmenterModel, UserDictionary, Mode, UnitKind]]:
        return type(self), (self.model, self.user_words, self.mode, self.units)

    def with_words(self, words: UserWords) -> Tokenizer:
        """Return a tokenizer that also knows ``words``; what was added before stays as it is.

        >>> Tokenizer().with_words(["云雀大模型"]).cut("云雀大模型发布")
        ['云雀大模型', '发布']
        """
        return Tokenizer(self.model, self.user_words.added(words), self.mode, self.units)

    def cut(self, text: str | bytes) -> list[str]:
        """Return the words of a text; joined, in the default mode, they are the text.

        Of ``bytes`` the words are decoded; a byte that is no UTF-8 is a lone surrogate.

        >>> Tokenizer().cut("他研究生命的起源")
        ['他', '研究', '生命', '的', '起源']
        """
        if isinstance(text, bytes):
            text = to_text(text)
        if self.plain:
            return self._segmenter.cut(text)
        return [text[start:end] for start, end in self._spans(text).tolist()]

    def spans(self, text: str | bytes) -> NDArray[np.int32]:
        """Return the words of a text as int32 of shape (n, 2), half-open.

        They count code points of a ``str``, and bytes of UTF-8.

        >>> Tokenizer().spans("改变世界").tolist()
        [[0, 2], [2, 4]]
        >>> Tokenizer().spans("改变世界".encode()).tolist()
        [[0, 6], [6, 12]]
        """
        if isinstance(text, bytes):
            spans: NDArray[np.int32] = byte_places(text)[self._spans(to_text(text))]
            return spans
        return self._spans(text)

    def _spans(self, text: str) -> NDArray[np.int32]:
        ends = self._segmenter.ends(text)
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
            return explain_line(self._segmenter.scorer, self.model.scale, self.user_words, line)
        except ValueError as error:
            raise UsageError(str(error)) from error

    def tag(self, text: str) -> TaggedTokens:
        """Return the words of a text with their Universal parts of speech.

        The tagger is loaded at the first call; its model is offered under CC BY-SA 4.0.

        Raises:
            UsageError: the mode is not ``default``: words that overlap have no order to tag by.

        >>> list(Tokenizer().tag("他买了书。"))
        [('他', 'PRON'), ('买', 'VERB'), ('了', 'AUX'), ('书', 'NOUN'), ('。', 'PUNCT')]
        """
        from lunheng.tagging import TaggedTokens, default_tagger

        if self.mode != "default":
            raise UsageError(f"expected the mode 'default' to tag words, found {self.mode!r}")
        tagger, spans = self._tagger or default_tagger(), self.spans(text)
        # Two threads may both load it; either is the same.
        object.__setattr__(self, "_tagger", tagger)
        return TaggedTokens(text, spans, tagger.labels(text, spans), tagger.model.labels)

    @property
    def plain(self) -> bool:
        """Return whether words are what the scores and the user's words make of the text."""
        return self.mode == "default" and self.units == "atoms"

    def cut_many(
        self,
        texts: Texts,
        threads: int = 1,
        *,
        offsets: ArrayLike | None = None,
    ) -> TokenBatch:
        """Cut many texts without the GIL, in as many threads as wished.

        Args:
            texts: texts of ``str`` or of UTF-8 as ``bytes``, the latter copied into one buffer; or
                without a copy a buffer of UTF-8, or an Arrow array of strings of any library
                (``__arrow_c_array__``).
            threads: how many threads work on them.
            offsets: where each text begins in the buffer, and where the last one ends.

        Raises:
            UsageError: a text is neither ``str`` nor ``bytes``; the offsets do not fit; or the
                Arrow array is not of strings.

        >>> list(Tokenizer().cut_many(["改变世界", ""]))
        [['改变', '世界'], []]
        >>> batch = Tokenizer().cut_many("改变世界你好".encode(), offsets=[0, 12, 18])
        >>> batch.ends.tolist(), batch.offsets.tolist()
        ([6, 12, 18], [0, 2, 3])
        """
        held = texts_of(texts, offsets)
        if self.plain:
            return cut_texts(self._segmenter, held, threads)
        require_one_kind(held)
        return batch_of(held, [self.spans(text) for text in held])

    def stream(
        self, texts: Iterable[object], threads: int = 1, *, size: int = 1 << 20
    ) -> Iterator[TokenBatch]:
        """Cut texts as they come, a batch at a time, in bounded memory.

        Args:
            texts: texts of ``str`` or of UTF-8 as ``bytes``, such as the lines of a file that is
                open for reading, or Arrow arrays of them. Lines are cut as if each stood alone.
            threads: how many threads work on a batch.
            size: characters or bytes of a batch, beside those of its last text.

        Raises:
            UsageError: a text is neither ``str`` nor ``bytes``, nor an Arrow array of strings.

        >>> [list(batch) for batch in Tokenizer().stream(["改变世界", "你好"], size=4)]
        [[['改变', '世界']], [['你好']]]
        """
        for run in runs_of(texts, size):
            yield self.cut_many(run, threads)
