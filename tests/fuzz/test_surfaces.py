"""Fuzz every surface: briefly with Hypothesis, and for as long as asked guided by coverage.

``LUNHENG_FUZZ_SECONDS`` is the time a surface in the long runs; ``make test-all`` sets it.
"""

from __future__ import annotations

import os
import random
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fuzz.surfaces import SURFACES, seeds

SECONDS = int(os.environ.get("LUNHENG_FUZZ_SECONDS", "20"))
SLOWEST_INPUT = 30
MEGABYTES = 3000


@pytest.fixture(autouse=True)
def _extras(request: pytest.FixtureRequest) -> None:
    """Skip a surface whose extra is absent."""
    needed = {"pdf": "pypdfium2", "parquet": "pyarrow"}
    surface = request.node.callspec.params["surface"]
    if surface in needed:
        pytest.importorskip(needed[surface], reason=f"the extra {surface} is not installed")


@pytest.mark.parametrize("surface", SURFACES)
def test_seeds_hold_cut_and_changed(surface: str) -> None:
    chance = random.Random(1)
    for seed in seeds(surface):
        SURFACES[surface](seed)
        for _ in range(4):
            damaged = bytearray(seed[: chance.randrange(len(seed)) + 1])
            for _ in range(3):
                damaged[chance.randrange(len(damaged))] = chance.randrange(256)
            SURFACES[surface](bytes(damaged))


@pytest.mark.parametrize("surface", ["decoding", "structure", "cleaning", "jsonl", "csv"])
@given(data=st.binary(max_size=200))
def test_any_bytes_hold(surface: str, data: bytes) -> None:
    SURFACES[surface](data)


@pytest.mark.slow
@pytest.mark.parametrize("surface", SURFACES)
def test_a_fuzzer_finds_nothing(surface: str, tmp_path: Path) -> None:
    pytest.importorskip("atheris", reason="atheris is not installed: pip install atheris")
    ended = subprocess.run(
        [
            *(sys.executable, "-m", "fuzz.run", surface, str(tmp_path)),
            *(f"-max_total_time={SECONDS}", f"-timeout={SLOWEST_INPUT}", "-max_len=8192"),
            *(f"-rss_limit_mb={MEGABYTES}", "-print_final_stats=1", "-close_fd_mask=1"),
        ],
        cwd=Path(__file__).parent.parent,
        capture_output=True,
        text=True,
        errors="replace",
        timeout=SECONDS + 300,
        check=False,
    )
    print("\n".join(line for line in ended.stderr.splitlines() if "stat::" in line))
    found = sorted(path.name for path in tmp_path.iterdir() if path.is_file())
    assert ended.returncode == 0, f"{found}\n{ended.stderr[-3000:]}"
