"""Find the files to read: those named, and those below the folders named, in one fixed order."""

from __future__ import annotations

import os
import stat
from collections import Counter
from collections.abc import Container, Iterable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from importlib.resources import as_file, files
from pathlib import Path, PurePath

from lunheng.errors import UsageError
from lunheng.gold import SUFFIX as GOLD
from lunheng.locations import files_at, is_url

SAMPLES = "samples"
STDIN = "-"


@dataclass(frozen=True, slots=True, order=True)
class InputFile:
    """A file to read: the path that the study shows, and where it is."""

    path: str
    file: str


@dataclass(frozen=True, slots=True)
class Inputs:
    """What was found: the files in the order of their paths, and what was left out.

    ``unreadable`` are places that cannot be listed and why; ``passed_over`` counts, by suffix,
    the files that no reader is for.
    """

    files: tuple[InputFile, ...]
    unreadable: tuple[tuple[str, str], ...] = ()
    passed_over: Mapping[str, int] = field(default_factory=dict)


def find_inputs(paths: Iterable[str], suffixes: Iterable[str], stack: ExitStack) -> Inputs:
    """Return the files at ``paths``, in sorted order, each once.

    A file that is named is always taken. Below a folder, hidden files, links to folders, gold
    annotations and what is no regular file are left out, and so are files with a suffix that no
    reader has (counted).
    The name ``samples`` stands for the packaged sample articles where there is no such path;
    ``stack`` keeps them unpacked.

    Raises:
        UsageError: a path does not exist.
    """
    known = {suffix.lower() for suffix in suffixes}
    found: dict[str, InputFile] = {}
    unreadable: dict[str, str] = {}
    passed_over: Counter[str] = Counter()
    for given in paths:
        root, shown = Path(given), given
        if given == STDIN:
            found[STDIN] = InputFile(STDIN, STDIN)
            continue
        if is_url(given):
            _add_remote(given, known, found, passed_over)
            continue
        if given == SAMPLES and not root.exists():
            root = stack.enter_context(as_file(files("lunheng_seeds").joinpath(SAMPLES)))
        if root.is_dir():
            errors: list[OSError] = []
            for file in _below(root, errors):
                if is_aside(file.relative_to(root)):
                    continue
                if not has_reader(file, known):
                    passed_over[file.suffix.lower()] += 1
                    continue
                path = shown_path(Path(shown) / file.relative_to(root))
                found[path] = InputFile(path, str(file))
            for error in errors:
                unreadable[shown_path(Path(error.filename or given))] = error.strerror or "?"
        elif os.path.lexists(root):
            path = shown_path(Path(shown))
            found[path] = InputFile(path, str(root))
        else:
            raise UsageError(f"expected a file or a folder, found nothing at {given!r}.")
    return Inputs(
        tuple(found[path] for path in sorted(found)),
        tuple(sorted(unreadable.items())),
        dict(sorted(passed_over.items())),
    )


def _add_remote(
    url: str, known: Container[str], found: dict[str, InputFile], passed_over: Counter[str]
) -> None:
    """Add the files at a URL.

    Raises:
        UsageError: there is nothing, or it cannot be asked for.
    """
    try:
        for file, below in files_at(url):
            if below is not None and is_aside(below):
                continue
            if below is not None and not has_reader(below, known):
                passed_over[below.suffix.lower()] += 1
                continue
            found[file] = InputFile(file, file)
    except OSError as error:
        raise UsageError(f"cannot list {url}: {error}") from error


def is_aside(path: PurePath) -> bool:
    """Return whether a file below a folder is hidden, a system's own, or a gold annotation.

    >>> [is_aside(PurePath(path)) for path in ("a/b.txt", ".git/b.txt", "b.gold.json")]
    [False, True, True]
    """
    aside = any(part.startswith(".") or part == "__MACOSX" for part in path.parts)
    return aside or path.name.endswith(GOLD)


def has_reader(path: PurePath, known: Container[str]) -> bool:
    """Return whether a file's suffix is among those of the readers, or it has none."""
    return not path.suffix or path.suffix.lower() in known


def shown_path(path: Path) -> str:
    """Return a path as the study writes it: with slashes, undecodable bytes escaped."""
    text = os.path.normpath(path).replace(os.sep, "/")
    return os.fsencode(text).decode("utf-8", "backslashreplace")


def _below(root: Path, errors: list[OSError]) -> Iterator[Path]:
    """Yield the regular files below a folder, however deep; links to folders are not followed."""
    left = [root]
    while left:
        folder = left.pop()
        try:
            with os.scandir(folder) as found:
                entries = [entry for entry in found if not entry.name.startswith(".")]
        except OSError as error:
            errors.append(error)
            continue
        for entry in entries:
            try:
                if entry.is_dir(follow_symlinks=False):
                    left.append(folder / entry.name)
                elif stat.S_ISREG(entry.stat().st_mode):
                    yield folder / entry.name
            except OSError as error:
                errors.append(OSError(error.errno, error.strerror, entry.path))
