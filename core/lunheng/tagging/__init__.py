"""Labels for words and characters: part of speech, names, and what trains and measures both."""

from lunheng.tagging.model import TaggerModel
from lunheng.tagging.pos import TaggedTokens, default_tagger
from lunheng.tagging.tagger import Tagger

__all__ = ["TaggedTokens", "Tagger", "TaggerModel", "default_tagger"]
