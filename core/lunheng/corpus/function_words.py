"""Read the seeds' list of words that neither begin nor end a telling n-gram."""

from __future__ import annotations

from importlib.resources import files


def function_words() -> frozenset[str]:
    """Return closed-class and light words, Chinese (simplified) and English.

    >>> "的" in function_words()
    True
    """
    text = files("lunheng_seeds").joinpath("words", "function_words.txt").read_text("utf-8")
    return frozenset(
        word for line in text.splitlines() if not line.startswith("#") for word in line.split()
    )
