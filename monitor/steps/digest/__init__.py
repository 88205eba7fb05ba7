"""A digest as subject, HTML and plain text."""
