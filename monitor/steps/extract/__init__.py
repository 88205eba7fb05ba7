"""HTML to headline, text, authors and dates."""
