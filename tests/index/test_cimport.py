"""Another package's Cython code asks a segment without Python in between."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

import lunheng
from lunheng.index import NgramIndex

EMBEDDER = """
# cython: language_level=3
from libc.stdlib cimport free
from lunheng.native.segment_reader cimport Matches, SegmentReader
from lunheng.native.symbols cimport Phrase


def last_place(SegmentReader reader, Phrase phrase):
    cdef Matches matches
    cdef long long last = -1
    with nogil:
        reader.find(phrase, &matches)
        if matches.n:
            last = matches.positions[matches.n - 1]
        free(matches.positions)
    return last
"""

BUILD = """
import sys
from Cython.Build import cythonize
from setuptools import Extension, setup

sources = [Extension("embedder", ["embedder.pyx"])]
setup(
    name="embedder",
    script_args=["-q", "build_ext", "--inplace"],
    ext_modules=cythonize(sources, include_path=[sys.argv.pop()], quiet=True),
)
"""

ASK = """
import sys
from embedder import last_place
from lunheng.index import NgramIndex
from lunheng.native.symbols import Phrase

index = NgramIndex.open(sys.argv[1])
for phrase in ("模型", "没有"):
    print(*(last_place(reader, Phrase(index.symbols(), phrase)) for reader in index.readers()))
"""


@pytest.mark.slow
def test_the_reader_can_be_cimported(tmp_path: Path) -> None:
    with NgramIndex.create(tmp_path / "index") as index:
        index.add("大模型与模型")
    (tmp_path / "embedder.pyx").write_text(EMBEDDER, "utf-8")
    core = Path(lunheng.__file__).parent.parent
    subprocess.run([sys.executable, "-c", BUILD, str(core)], cwd=tmp_path, check=True)
    asked = subprocess.run(
        [sys.executable, "-c", ASK, str(tmp_path / "index")],
        cwd=tmp_path,
        check=True,
        capture_output=True,
        text=True,
    )
    assert asked.stdout.split() == ["4", "-1"]
