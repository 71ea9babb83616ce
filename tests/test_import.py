"""What importing the package loads, and what it must not."""

from __future__ import annotations

import subprocess
import sys

import pytest

LOADED = "import sys; before = set(sys.modules); import {}; print(*set(sys.modules) - before)"


@pytest.mark.parametrize("module", ["lunheng", "lunheng.documents", "lunheng.i18n"])
def test_embedding_import_loads_no_framework(module: str) -> None:
    out = subprocess.run(
        [sys.executable, "-c", LOADED.format(module)], capture_output=True, text=True, check=True
    )
    tops = {name.split(".")[0] for name in out.stdout.split()}
    assert tops.isdisjoint({"pluggy", "click", "rich", "lunheng_plugins"})
