"""Data: word lists, variants, names, cues, frames, models, samples; see SOURCES.md."""
