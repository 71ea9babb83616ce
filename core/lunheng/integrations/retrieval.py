"""Find passages for a language model to answer from: a retriever over an n-gram index."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from lunheng.errors import UsageError
from lunheng.text import sentences

if TYPE_CHECKING:
    from lunheng.index import IndexView
    from lunheng.index.fields import Value
    from lunheng.index.filters import Condition


@dataclass(frozen=True, slots=True)
class Passage:
    """A stretch of a document; ``start:end`` are half-open code points of the document's text.

    ``page_content`` and ``metadata`` are what LangChain's documents call their parts.
    """

    text: str
    score: float
    id: int
    start: int
    end: int
    fields: Mapping[str, Value]

    @property
    def page_content(self) -> str:
        """The text."""
        return self.text

    @property
    def metadata(self) -> dict[str, object]:
        """Everything else: the document's fields, its id, the place and the score."""
        return {
            **self.fields,
            "id": self.id,
            "start": self.start,
            "end": self.end,
            "score": self.score,
        }


class Retriever:
    """Returns the passages of an index that fit a question best: whole sentences, with places.

    Documents are ranked by BM25 over character bigrams; of each the stretch that shows best why is
    widened to whole sentences.

    Args:
        index: what to search; a view keeps to one commit.
        k: how many passages, one a document.
        width: characters in which the words of the question are sought together.
        where: conditions on fields, as for ``NgramIndex.search``.

    >>> import tempfile
    >>> from lunheng import NgramIndex
    >>> folder = tempfile.TemporaryDirectory()
    >>> with NgramIndex.create(folder.name) as index:
    ...     _ = index.add("天气很好。烧钱训练大模型没有出路。大家都走了。", source="晚报")
    >>> index = NgramIndex.open(folder.name)
    >>> [passage] = Retriever(index, width=10).invoke("大模型有出路吗")
    >>> passage.page_content, passage.metadata["source"], passage.start
    ('烧钱训练大模型没有出路。', '晚报', 5)
    >>> folder.cleanup()
    """

    def __init__(
        self,
        index: IndexView,
        k: int = 4,
        width: int = 200,
        where: Mapping[str, Condition] | None = None,
    ) -> None:
        if k < 1 or width < 1:
            raise UsageError(f"expected k >= 1 and width >= 1, got {k} and {width}")
        self.index = index
        self.k = k
        self.width = width
        self.where = where

    def invoke(self, question: str) -> list[Passage]:
        """Return the passages, best first; none where the question has nothing to look for."""
        if not any(map(str.isalnum, question)):
            return []
        hits = self.index.search(question, self.k, where=self.where)
        return [self._passage(hit.id, hit.score, question) for hit in hits]

    __call__ = invoke

    def _passage(self, identifier: int, score: float, question: str) -> Passage:
        text = self.index.text(identifier)
        shown = self.index.snippet(identifier, question, self.width)
        first, last = (
            (shown.marks[0][0] + shown.start, shown.marks[-1][1] + shown.start)
            if shown.marks
            else (shown.start, shown.end)
        )
        whole = [s for s in sentences(text) if s.start < last and s.end > first]
        start, end = (whole[0].start, whole[-1].end) if whole else (shown.start, shown.end)
        fields = self.index.fields(identifier)
        return Passage(text[start:end], score, identifier, start, end, fields)
