"""Every exception Lunheng raises on purpose; all derive from LunhengError."""

from __future__ import annotations


class LunhengError(Exception):
    """Base of all errors raised by Lunheng; the message says what, where and what to do next."""


class UsageError(LunhengError):
    """The caller asked for something that cannot be done: a wrong option, path or name."""


class ConfigError(UsageError):
    """A setting is unknown, has the wrong type, or stands in a file that cannot be read."""


class ReadError(LunhengError):
    """A source file is missing, unreadable, not text, or of no known format."""


class ModelError(LunhengError):
    """A model file is foreign, truncated, corrupt or of another format version."""


class NgramIndexError(LunhengError):
    """An n-gram index is damaged, foreign, locked, or of another format version."""


class StudyError(LunhengError):
    """A study folder is not a study, is in use, or is of another format version."""


class PluginError(LunhengError):
    """A plugin cannot be found, does not fit its hook, or returned what it must not."""
