"""A character bigram model of written Chinese, and the recipe that makes it."""
