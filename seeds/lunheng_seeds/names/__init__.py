"""Names of people, firms, institutions, media, products and places."""
