"""Ask one commit of an n-gram index: what a handle and its views have in common."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import numpy as np
from numpy.typing import NDArray

from lunheng.errors import UsageError
from lunheng.index.columns import plain_texts
from lunheng.index.many import (
    DocumentLists,
    PositionLists,
    count_many,
    docs_many,
    positions_many,
    shared,
)
from lunheng.index.ranking import NOTHING, Hit, Query, search
from lunheng.index.snapshot import ConcordanceLine, Positions, Snapshot
from lunheng.index.snippets import Snippet, snippet
from lunheng.native.symbols import Phrase, SymbolMap, phrases_of

if TYPE_CHECKING:
    from lunheng.index.fields import Value
    from lunheng.index.filters import Condition
    from lunheng.index.segment import Segment
    from lunheng.index.tokens import TokenFilter, Tokenize
    from lunheng.native.segment_reader import SegmentReader

MAX_N = 64

Variants = Literal["written", "all"]


@dataclass(frozen=True, slots=True)
class IndexInfo:
    """What an index holds and takes; ``size`` is in bytes, text included."""

    generation: int
    documents: int
    deleted: int
    characters: int
    segments: int
    size: int


class IndexView:
    """One commit of an index, to be asked from many threads; later commits leave it as it is.

    Look-up folds traditional to simplified characters and full to half width; characters that
    writers keep apart though they fold alike (后 and 後) match only themselves, unless
    ``variants="all"`` is asked for. Offsets are code points of a document's text, half-open.

    >>> from lunheng.index import NgramIndex
    >>> import tempfile
    >>> folder = tempfile.TemporaryDirectory()
    >>> with NgramIndex.create(folder.name) as index:
    ...     before, _, _ = index.view(), index.add("大模型"), index.commit()
    ...     before.count("模型"), index.count("模型")
    (0, 1)
    >>> folder.cleanup()
    """

    def __init__(self, path: Path, snapshot: Snapshot, symbols: SymbolMap | None = None) -> None:
        self.path = path
        self._snapshot = snapshot
        self._symbols = symbols

    def __len__(self) -> int:
        """Return the number of documents of the commit that is open."""
        return sum(segment.documents for segment in self._snapshot.segments)

    @property
    def generation(self) -> int:
        """Which commit is open: 0 for a new index, one more with each commit."""
        return self._snapshot.manifest.generation

    @property
    def characters(self) -> int:
        """How many characters the open commit holds, deleted documents' included."""
        return sum(entry.characters for entry in self._snapshot.manifest.segments)

    def info(self) -> IndexInfo:
        """Return what the open commit holds and takes."""
        entries = self._snapshot.manifest.segments
        return IndexInfo(
            generation=self.generation,
            documents=len(self),
            deleted=sum(entry.deleted for entry in entries),
            characters=self.characters,
            segments=len(entries),
            size=sum(entry.size for entry in entries),
        )

    def check(self) -> None:
        """Verify every block of every segment.

        Raises:
            lunheng.errors.NgramIndexError: a file is damaged; the message names file and block.
        """
        for segment in self._snapshot.segments:
            segment.check()

    def symbols(self) -> SymbolMap:
        """Return what the index folds and what it keeps apart.

        Raises:
            lunheng.errors.NgramIndexError: the index was built with another folding.
        """
        if self._symbols is None:
            from lunheng.text import fold_table, merged_characters

            symbols = SymbolMap(fold_table(), merged_characters())
            self._snapshot.manifest.verify_symbols(self.path, symbols.digest)
            self._symbols = symbols
        return self._symbols

    def readers(self) -> tuple[SegmentReader, ...]:
        """Return the native readers of the open commit, for other Cython code to ask.

        Deleted documents are still in them; positions count codes from a segment's start.
        """
        return tuple(segment.reader for segment in self._snapshot.segments)

    @staticmethod
    def _variants(variants: Variants) -> bool:
        """Say whether all variants are asked for."""
        if variants not in ("written", "all"):
            raise UsageError(f"variants: expected 'written' or 'all', got {variants!r}")
        return variants == "all"

    def _phrase(self, phrase: str, variants: Variants) -> Phrase:
        if not phrase:
            raise UsageError("the phrase is empty; ask for at least one character")
        return Phrase(self.symbols(), phrase, self._variants(variants))

    def count(
        self, phrase: str, *, variants: Variants = "written", tokenizer: Tokenize | None = None
    ) -> int:
        """Return how often a phrase occurs, overlapping occurrences included.

        Args:
            phrase: one character or more, of any kind.
            variants: ``"all"`` lets characters match all that fold alike (后 also 後).
            tokenizer: a function that cuts a text into tokens, such as ``Tokenizer().cut``; then
                only occurrences count that begin and end at boundaries of tokens. The documents
                that have the phrase are tokenized for the answer.

        Raises:
            lunheng.errors.UsageError: the phrase is empty.
            lunheng.errors.NgramIndexError: a block that the answer needs is damaged.
        """
        if tokenizer:
            return len(self.positions(phrase, variants=variants, tokenizer=tokenizer).ids)
        return self._snapshot.count(self._phrase(phrase, variants))

    def docs(
        self, phrase: str, *, variants: Variants = "written", tokenizer: Tokenize | None = None
    ) -> NDArray[np.int64]:
        """Return the ids of the documents that have a phrase, ascending.

        Arguments are those of :meth:`count`.
        """
        if tokenizer:
            found = self.positions(phrase, variants=variants, tokenizer=tokenizer).ids
            return found[np.diff(found, prepend=-1) > 0]
        return self._snapshot.docs(self._phrase(phrase, variants))

    def positions(
        self, phrase: str, *, variants: Variants = "written", tokenizer: Tokenize | None = None
    ) -> Positions:
        """Return every occurrence: ids and start offsets, two int64 arrays, ascending.

        Arguments are those of :meth:`count`.
        """
        snapshot = self._snapshot
        found = snapshot.positions(self._phrase(phrase, variants))
        if tokenizer:
            return self._whole(snapshot, tokenizer).positions(found, len(phrase))
        return found

    def count_many(
        self, phrases: Iterable[object], *, variants: Variants = "written", threads: int = 1
    ) -> NDArray[np.int64]:
        """Return how often each of many phrases occurs, int64, without the GIL.

        Args:
            phrases: an iterable of str, or an Arrow column of strings.
            variants: as for :meth:`count`.
            threads: how many threads share the work.

        Raises:
            lunheng.errors.UsageError: a phrase is empty or no string, or ``threads`` below 1.
            lunheng.errors.NgramIndexError: a block that an answer needs is damaged.
        """
        return count_many(*self._lookup(phrases, variants), threads)

    def docs_many(
        self, phrases: Iterable[object], *, variants: Variants = "written", threads: int = 1
    ) -> DocumentLists:
        """Return the ids of the documents that have each of many phrases, without the GIL.

        Arguments are those of :meth:`count_many`.
        """
        return docs_many(*self._lookup(phrases, variants), threads)

    def positions_many(
        self, phrases: Iterable[object], *, variants: Variants = "written", threads: int = 1
    ) -> PositionLists:
        """Return every occurrence of each of many phrases, without the GIL.

        Arguments are those of :meth:`count_many`.
        """
        return positions_many(*self._lookup(phrases, variants), threads)

    def _lookup(
        self, phrases: Iterable[object], variants: Variants
    ) -> tuple[tuple[Segment, ...], list[str], Callable[[Sequence[str]], tuple[Phrase, ...]]]:
        """Return what looking many phrases up takes."""
        symbols, every = self.symbols(), self._variants(variants)
        asked = list(plain_texts(phrases))
        if "" in asked:
            raise UsageError("a phrase is empty; ask for at least one character")
        return self._snapshot.segments, asked, lambda part: phrases_of(symbols, part, every)

    def kwic(
        self,
        phrase: str,
        width: int = 20,
        limit: int | None = 20,
        *,
        variants: Variants = "written",
        tokenizer: Tokenize | None = None,
    ) -> list[ConcordanceLine]:
        """Return concordance lines: key words in context, in the order of documents.

        Args:
            phrase: what to find.
            width: characters on either side, within the document.
            limit: lines at most; ``None`` for all.
            variants: as for :meth:`count`.
            tokenizer: as for :meth:`count`.
        """
        if width < 0 or (limit is not None and limit < 0):
            raise UsageError(f"width and limit must not be negative, got {width} and {limit}")
        snapshot, asked = self._snapshot, self._phrase(phrase, variants)
        if tokenizer:
            lines = snapshot.kwic(asked, width, None)
            return list(islice(self._whole(snapshot, tokenizer).lines(lines), limit))
        return list(snapshot.kwic(asked, width, limit))

    @staticmethod
    def _whole(snapshot: Snapshot, tokenizer: Tokenize) -> TokenFilter:
        from lunheng.index.tokens import TokenFilter

        return TokenFilter(snapshot, tokenizer)

    def search(
        self,
        query: str,
        k: int = 10,
        *,
        where: Mapping[str, Condition] | None = None,
        k1: float = 1.2,
        b: float = 0.75,
        variants: Variants = "written",
    ) -> list[Hit]:
        """Return the ``k`` documents that fit a query best, by BM25 over character bigrams.

        Args:
            query: words; phrases in quotation marks must occur.
            k: how many documents.
            where: conditions on fields: a value, a tuple (least, most), or a list of values.
            k1: how fast repeated terms saturate.
            b: how much long documents are held back, 0 to 1.
            variants: as for :meth:`count`.

        Raises:
            lunheng.errors.UsageError: the query has no letter, or a parameter is out of range.
        """
        return self.search_many([query], k, where=where, k1=k1, b=b, variants=variants)[0]

    def search_many(
        self,
        queries: Iterable[object],
        k: int = 10,
        *,
        where: Mapping[str, Condition] | None = None,
        k1: float = 1.2,
        b: float = 0.75,
        variants: Variants = "written",
        threads: int = 1,
    ) -> list[list[Hit]]:
        """Return for each of many queries what :meth:`search` returns, without the GIL.

        Args:
            queries: an iterable of str, or an Arrow column of strings.
            k: as for :meth:`search`, like what follows.
            where: conditions for all of them.
            k1: as for :meth:`search`.
            b: as for :meth:`search`.
            variants: as for :meth:`count`.
            threads: how many threads share the work.

        Raises:
            lunheng.errors.UsageError: a query has no letter, or a parameter is out of range.
            lunheng.errors.NgramIndexError: a block that an answer needs is damaged.
        """
        if k < 1 or k1 < 0 or not 0 <= b <= 1:
            raise UsageError(f"expected k >= 1, k1 >= 0, 0 <= b <= 1, got {k}, {k1}, {b}")
        every, symbols = self._variants(variants), self.symbols()
        segments, conditions = self._snapshot.segments, where or {}

        def best(part: Sequence[str]) -> list[list[Hit]]:
            asked = [Query.parse(text) for text in part]
            for text, query in zip(part, asked, strict=True):
                if query == NOTHING:
                    raise UsageError(f"the query {text!r} has nothing to look for")
            phrases = [
                (
                    phrases_of(symbols, terms or required, every),
                    phrases_of(symbols, required, every),
                )
                for terms, required in asked
            ]
            return search(segments, phrases, conditions, k, k1, b)

        found = shared(best, list(plain_texts(queries)), threads)
        return [hits for part in found for hits in part]

    def snippet(self, identifier: int, query: str, width: int = 60) -> Snippet:
        """Return the stretch of a document that shows best why a query found it.

        Raises:
            lunheng.errors.UsageError: there is no such document.
        """
        if width < 1:
            raise UsageError(f"the width must be positive, got {width}")
        from lunheng.text import fold

        text, asked = self.text(identifier), Query.parse(query)
        terms = [fold(term) for term in (*asked.terms, *asked.required)]
        return snippet(text, fold(text), terms, width)

    def top(
        self, n_min: int = 2, n_max: int = 5, k: int = 100, *, letters: bool = True
    ) -> list[tuple[str, int]]:
        """Return the ``k`` most frequent n-grams with their counts, most frequent first.

        N-grams are those of the folded texts (simplified, half width), so that a count is that
        of ``count(ngram, variants="all")``; ties are in code-point order.

        Args:
            n_min: characters at least, from 1.
            n_max: characters at most.
            k: how many n-grams.
            letters: only n-grams of letters, digits and Chinese characters, without
                punctuation and space.
        """
        self._check_lengths(n_min, n_max, k)
        from lunheng.index.frequent import top

        return top(self._snapshot.segments, self.symbols().folding(), n_min, n_max, k, letters)

    def top_tokens(
        self,
        tokenizer: Tokenize,
        n_min: int = 1,
        n_max: int = 3,
        k: int = 100,
        *,
        letters: bool = True,
    ) -> list[tuple[tuple[str, ...], int]]:
        """Return the ``k`` most frequent n-grams of tokens with their counts, as :meth:`top`.

        Args:
            tokenizer: a function that cuts a text into tokens, such as ``Tokenizer().cut``; all
                texts are tokenized for the answer, 8 bytes a token are held.
            n_min: tokens at least, from 1.
            n_max: tokens at most.
            k: how many n-grams.
            letters: only tokens of letters, digits and Chinese characters; others part n-grams.
                White space always does.

        Raises:
            lunheng.errors.UsageError: a token is not in its text.
        """
        self._check_lengths(n_min, n_max, k)
        from lunheng.index.tokens import top_tokens
        from lunheng.text import fold

        return top_tokens(self._snapshot, tokenizer, fold, n_min, n_max, k, letters)

    @staticmethod
    def _check_lengths(n_min: int, n_max: int, k: int) -> None:
        if not 1 <= n_min <= n_max <= MAX_N or k < 1:
            raise UsageError(
                f"expected 1 <= n_min <= n_max <= {MAX_N} and k >= 1, got {n_min}, {n_max}, {k}"
            )

    def ids(self, where: Mapping[str, Condition] | None = None) -> NDArray[np.int64]:
        """Return the ids of all documents, or of those whose fields meet every condition.

        They ascend; conditions are those of :meth:`search`.

        Raises:
            lunheng.errors.UsageError: a condition is of another kind.
        """
        return self._snapshot.ids(where or {})

    def lengths(self) -> NDArray[np.int64]:
        """Return how many characters each document has, int64, in the order of :meth:`ids`."""
        return self._snapshot.lengths()

    def text(self, identifier: int, start: int = 0, end: int | None = None) -> str:
        """Return the text of a document, or the stretch that a slice of it would be.

        Raises:
            lunheng.errors.UsageError: there is no such document.
        """
        return self._snapshot.text(identifier, start, end)

    def values(self, field: str) -> list[Value | None]:
        """Return the value that each document has in a field, in the order of :meth:`ids`."""
        return self._snapshot.values(field)

    def condition(self, field: str, text: str) -> Condition:
        """Read a condition on a field as people write it.

        It is a value, ``least..most`` with either end left open, or ``one|other``; of text a year
        (``2023``) or month (``2023-09``) means every date in it, names are found in either script,
        and ``*part*`` stands for every value that has the part.

        Raises:
            lunheng.errors.UsageError: no document has the field; the message names those there are.
        """
        from lunheng.index.filters import condition_of

        names = self.field_names()
        if field not in names:
            raise UsageError(
                f"expected a field of the index ({', '.join(names) or 'it has none'}), "
                f"found {field!r}"
            )
        return condition_of(text, self._snapshot.has_text(field))

    def field_names(self) -> list[str]:
        """Return the names of the fields that documents of the index have, sorted."""
        return self._snapshot.field_names()

    def fields(self, identifier: int) -> Mapping[str, Value]:
        """Return the fields of a document by name.

        Raises:
            lunheng.errors.UsageError: there is no such document.
        """
        return self._snapshot.fields(identifier)
