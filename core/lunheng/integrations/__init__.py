"""Lunheng inside other people's tools; each module needs its tool, which an extra installs."""
