"""Written variants of Chinese characters: tables, and the recipe that makes them."""
