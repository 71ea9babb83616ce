"""Fuzz one surface, guided by coverage: ``python -m fuzz.run SURFACE FOLDER [LIBFUZZER OPTIONS]``.

The folder keeps the inputs that reached new code, and the one that broke a promise.
"""

from __future__ import annotations

import sys
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["lunheng", "lunheng_plugins"]):
    import lunheng.text
    from fuzz.surfaces import SURFACES, seeds, stages

    # What is imported late would not be instrumented.
    assert all(getattr(lunheng.text, name) for name in lunheng.text.__all__)
    assert stages().stages

if __name__ == "__main__":
    surface, folder, *options = sys.argv[1:]
    corpus = Path(folder) / "corpus"
    corpus.mkdir(parents=True, exist_ok=True)
    for number, seed in enumerate(seeds(surface)):
        (corpus / f"seed{number}").write_bytes(seed)
    arguments = [sys.argv[0], str(corpus), f"-artifact_prefix={folder}/", *options]
    atheris.Setup(arguments, SURFACES[surface])
    atheris.Fuzz()
