"""Read the tables of written variants that the seeds hold."""

from __future__ import annotations

from importlib.resources import files


def variants(name: str) -> dict[str, str]:
    """Return the rows of ``variants/<name>.tsv``: what stands before the tab, and after it."""
    text = files("lunheng_seeds").joinpath("variants", f"{name}.tsv").read_text("utf-8")
    return {key: value for key, _, value in (row.partition("\t") for row in text.split("\n")[:-1])}
