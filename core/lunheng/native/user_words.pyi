"""Find a user's words in text: heavier first, then longer, then added earlier, then earlier."""

MOST_TABLES: int
