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


def test_folding_loads_no_decoder() -> None:
    code = "import sys; from lunheng.text import fold; print(*sys.modules)"
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert set(out.stdout.split()).isdisjoint(
        {"lunheng.text.encoding", "lunheng.text.plausibility", "lunheng.text.structure"}
    )


def test_every_public_name_of_the_text_library_loads() -> None:
    import lunheng.text

    assert dir(lunheng.text) == lunheng.text.__all__
    assert all(getattr(lunheng.text, name) is not None for name in lunheng.text.__all__)
