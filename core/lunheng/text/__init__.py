"""Text with its way back: offset maps, folding, scripts, blocks and sentences."""

from lunheng.native.matching import PhraseMatcher
from lunheng.native.offsets import OffsetMap
from lunheng.text.byte_shift import ByteShift
from lunheng.text.edits import Cleaned, apply_edits
from lunheng.text.encoding import Decoded, Decoder
from lunheng.text.folding import fold, fold_table, merged_characters
from lunheng.text.plausibility import CharacterModel
from lunheng.text.scripts import script_of
from lunheng.text.structure import blocks, sentences

__all__ = [
    "ByteShift",
    "CharacterModel",
    "Cleaned",
    "Decoded",
    "Decoder",
    "OffsetMap",
    "PhraseMatcher",
    "apply_edits",
    "blocks",
    "fold",
    "fold_table",
    "merged_characters",
    "script_of",
    "sentences",
]
