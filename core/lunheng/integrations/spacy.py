"""Cut the texts of a spaCy pipeline into words; needs the extra ``spacy``.

spaCy finds the tokenizer by its name, ``lunheng.Tokenizer.v1``, wherever Lunheng is installed.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from lunheng.extras import require
from lunheng.tokenize import Tokenizer

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokens import Doc
    from spacy.vocab import Vocab


class SpacyTokenizer:
    """Makes a spaCy document of a text: Lunheng's words, every character kept.

    Args:
        vocab: the vocabulary of the pipeline.
        tokenizer: what cuts.
        tags: also set ``Token.pos``, Universal parts of speech.
    """

    def __init__(self, vocab: Vocab, tokenizer: Tokenizer, tags: bool = False) -> None:
        self.vocab = vocab
        self.tokenizer = tokenizer
        self.tags = tags

    def __call__(self, text: str) -> Doc:
        """Cut a text."""
        document: type[Doc] = require("spacy.tokens", "spacy").Doc
        if not self.tags:
            words, spaces, _ = with_spaces(self.tokenizer.cut(text))
            return document(self.vocab, words=words, spaces=spaces)
        tagged = list(self.tokenizer.tag(text))
        words, spaces, kept = with_spaces([word for word, _ in tagged])
        pos = ["SPACE" if words[i].isspace() else tagged[at][1] for i, at in enumerate(kept)]
        return document(self.vocab, words=words, spaces=spaces, pos=pos)

    def to_bytes(self, **_: Any) -> bytes:
        """Return nothing: the pipeline's configuration says how the tokenizer is made."""
        return b""

    def from_bytes(self, data: bytes, **_: Any) -> SpacyTokenizer:
        """Return the tokenizer as it is."""
        return self

    def to_disk(self, path: object, **_: Any) -> None:
        """Write nothing, as :meth:`to_bytes`."""

    def from_disk(self, path: object, **_: Any) -> SpacyTokenizer:
        """Return the tokenizer as it is."""
        return self


def with_spaces(words: list[str]) -> tuple[list[str], list[bool], list[int]]:
    """Return words as spaCy has them: whether one space follows each, and where each was.

    A space after a word belongs to it; what is left of a run of spaces is a word.

    >>> with_spaces(["你好", " ", "Python", "  ", "吗"])
    (['你好', 'Python', ' ', '吗'], [True, True, False, False], [0, 2, 3, 4])
    """
    kept: list[str] = []
    spaces: list[bool] = []
    places: list[int] = []
    for place, word in enumerate(words):
        if word.startswith(" ") and word.isspace() and kept and not kept[-1].isspace():
            spaces[-1] = True
            word = word[1:]
        if word:
            kept.append(word)
            spaces.append(False)
            places.append(place)
    return kept, spaces, places


def make_tokenizer(
    user_words: list[str] | None = None, tags: bool = False
) -> Callable[[Language], SpacyTokenizer]:
    """Return what spaCy calls to make the tokenizer of a pipeline.

    >>> import spacy  # doctest: +SKIP
    >>> tokenizer = {"@tokenizers": "lunheng.Tokenizer.v1"}  # doctest: +SKIP
    >>> spacy.blank("zh", config={"nlp": {"tokenizer": tokenizer}})("改变世界")  # doctest: +SKIP
    改变世界
    """
    tokenizer = Tokenizer(user_words=user_words or ())
    return lambda nlp: SpacyTokenizer(nlp.vocab, tokenizer, tags)
