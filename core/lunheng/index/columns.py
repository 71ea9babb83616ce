"""Take texts from any iterable: Python's strings or the scalars of an Arrow column."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from lunheng.errors import UsageError


def plain_texts(values: Iterable[object]) -> Iterator[str]:
    """Yield each value as a str; what is null in an Arrow column is an empty text.

    Raises:
        lunheng.errors.UsageError: a value is no text.
    """
    for value in values:
        if type(value) is str:
            yield value
            continue
        plain = value.as_py() if hasattr(value, "as_py") else value
        if plain is None:
            plain = ""
        if not isinstance(plain, str):
            raise UsageError(f"expected a text, got {type(plain).__name__}")
        yield plain
