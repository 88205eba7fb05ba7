"""Rendered digests as messages, and their way to a mail server."""
