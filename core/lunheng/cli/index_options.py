"""What the commands that ask an index share: which index, and what matches."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from lunheng.cli import Decorated

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from lunheng.index import NgramIndex
    from lunheng.index.tokens import Tokenize

STUDY_INDEX = "index"


def open_index(directory: Path) -> NgramIndex:
    """Open an index, or that of a study."""
    from lunheng.index import NgramIndex

    study = directory / STUDY_INDEX
    return NgramIndex.open(study if study.is_dir() else directory)


def index_argument(command: Decorated) -> Decorated:
    """Add the DIRECTORY of an index."""
    return click.argument("directory", type=click.Path(path_type=Path))(command)


def counted(directory: Path, reposts: bool) -> NDArray[np.int64] | None:
    """Return the documents of a study's index that are no reposts.

    ``None`` stands for all: where ``reposts`` count too, and for an index that is no study's.
    """
    if reposts or not (directory / STUDY_INDEX).is_dir():
        return None
    import numpy as np

    from lunheng.study import Study

    with Study.open(directory) as study:
        index = study.index()
        left_out = {
            doc_id
            for doc_id, cluster in study.values("documents", "doc_id", "cluster")
            if cluster not in (None, doc_id)
        }
    names = index.values("doc_id")
    return index.ids()[np.array([name not in left_out for name in names], np.bool_)]


def reposts_option(command: Decorated) -> Decorated:
    """Add ``--reposts``: count every document of a study."""
    return click.option(
        "--reposts", is_flag=True, help="Count reposts too; a study's count once by default."
    )(command)


def variants_option(command: Decorated) -> Decorated:
    """Add ``--variants``: which written forms match."""
    return click.option(
        "--variants",
        type=click.Choice(["written", "all"]),
        default="written",
        show_default=True,
        help="Whether characters that fold alike but are kept apart (后, 後) match.",
    )(command)


def words_option(command: Decorated) -> Decorated:
    """Add ``--words``: only whole words match."""
    return click.option(
        "--words", is_flag=True, help="Only where the phrase begins and ends at words."
    )(command)


def chosen_tokenizer(words: bool) -> Tokenize | None:
    """Return what cuts texts into words, if whole words are asked for."""
    if not words:
        return None
    from lunheng.tokenize import Tokenizer

    return Tokenizer().cut
