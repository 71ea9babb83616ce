"""Engines that run the analysis."""
