"""Word segmenters."""
