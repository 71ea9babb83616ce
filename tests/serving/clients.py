"""The small study of the reports' tests, served to a client."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from lunheng.study import Study
from reports.conftest import make_study, study

testclient = pytest.importorskip("starlette.testclient", reason="the extra `serve` is missing")

__all__ = ["make_study", "study"]

Served = Callable[..., "testclient.TestClient"]


@contextmanager
def serving(folder: Path, lang: str = "en", templates: str = "") -> Iterator[testclient.TestClient]:
    """Serve a study to a client on this machine, from when its view is there."""
    from lunheng_plugins.serving.app import make_app

    app = make_app(folder, lang, templates)
    with testclient.TestClient(app, base_url="http://127.0.0.1:8765") as client:
        end = time.monotonic() + 20
        while client.get("/").status_code == 503 and time.monotonic() < end:
            time.sleep(0.02)
        yield client


@pytest.fixture
def client(study: Study) -> Iterator[testclient.TestClient]:
    """Return a client of the served study."""
    with serving(study.folder) as served:
        yield served


def token(client: testclient.TestClient) -> dict[str, str]:
    """Return the header that the page sends with a correction."""
    found = re.search('name="csrf-token" content="([^"]+)"', client.get("/").text)
    assert found
    return {"X-CSRF-Token": found[1]}
