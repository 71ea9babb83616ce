"""Text with its way back: offset maps, folding, scripts, blocks and sentences.

Each public name loads its module on first use, so that who only folds loads no decoder.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lunheng.native.clauses import clauses as clauses
    from lunheng.native.matching import PhraseMatcher as PhraseMatcher
    from lunheng.native.offsets import OffsetMap as OffsetMap
    from lunheng.native.scraped import pinyin_brackets as pinyin_brackets
    from lunheng.text.anchoring import AnchoredPattern as AnchoredPattern
    from lunheng.text.byte_shift import ByteShift as ByteShift
    from lunheng.text.conversion import ScriptConverter as ScriptConverter
    from lunheng.text.edits import Cleaned as Cleaned
    from lunheng.text.edits import apply_edits as apply_edits
    from lunheng.text.encoding import Decoded as Decoded
    from lunheng.text.encoding import Decoder as Decoder
    from lunheng.text.folding import fold as fold
    from lunheng.text.folding import fold_table as fold_table
    from lunheng.text.folding import merged_characters as merged_characters
    from lunheng.text.plausibility import CharacterModel as CharacterModel
    from lunheng.text.scripts import script_of as script_of
    from lunheng.text.structure import blocks as blocks
    from lunheng.text.structure import sentences as sentences

_HOMES = {
    "AnchoredPattern": "lunheng.text.anchoring",
    "ByteShift": "lunheng.text.byte_shift",
    "CharacterModel": "lunheng.text.plausibility",
    "Cleaned": "lunheng.text.edits",
    "Decoded": "lunheng.text.encoding",
    "Decoder": "lunheng.text.encoding",
    "OffsetMap": "lunheng.native.offsets",
    "PhraseMatcher": "lunheng.native.matching",
    "ScriptConverter": "lunheng.text.conversion",
    "apply_edits": "lunheng.text.edits",
    "blocks": "lunheng.text.structure",
    "clauses": "lunheng.native.clauses",
    "fold": "lunheng.text.folding",
    "fold_table": "lunheng.text.folding",
    "merged_characters": "lunheng.text.folding",
    "pinyin_brackets": "lunheng.native.scraped",
    "script_of": "lunheng.text.scripts",
    "sentences": "lunheng.text.structure",
}

__all__ = [
    "AnchoredPattern",
    "ByteShift",
    "CharacterModel",
    "Cleaned",
    "Decoded",
    "Decoder",
    "OffsetMap",
    "PhraseMatcher",
    "ScriptConverter",
    "apply_edits",
    "blocks",
    "clauses",
    "fold",
    "fold_table",
    "merged_characters",
    "pinyin_brackets",
    "script_of",
    "sentences",
]


def __getattr__(name: str) -> object:
    """Load a public name's module when the name is first asked for."""
    if name not in _HOMES:
        raise AttributeError(
            f"module 'lunheng.text' has no attribute {name!r}; it has {', '.join(__all__)}"
        )
    value = globals()[name] = getattr(import_module(_HOMES[name]), name)
    return value


def __dir__() -> list[str]:
    """List the public names, loaded or not."""
    return sorted(__all__)
