"""Serves a study on this machine: the report's views live, search, concordance, corrections."""
