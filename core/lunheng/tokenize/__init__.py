"""Words: a segmenter that hands out offsets, and what trains and measures it."""

from lunheng.tokenize.batch import TokenBatch
from lunheng.tokenize.model import SegmenterModel
from lunheng.tokenize.tokenizer import Tokenizer
from lunheng.tokenize.words import UserWord

__all__ = ["SegmenterModel", "TokenBatch", "Tokenizer", "UserWord"]
