"""Shared fixtures: the Hypothesis profile and the project's shared data folder."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

settings.register_profile(
    "lunheng", deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow]
)
settings.register_profile("thorough", parent=settings.get_profile("lunheng"), max_examples=2000)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "lunheng"))

collect_ignore = ["fuzz/run.py"]  # it imports atheris, which only fuzzing needs

REPOSITORY = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Return the shared data folder beside the repository, or skip the test."""
    folder = REPOSITORY.parent / "shared" / "data"
    if not folder.is_dir():
        pytest.skip("the shared data folder is not beside this checkout")
    return folder
