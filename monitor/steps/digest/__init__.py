"""What people read: digests as HTML and plain text. Pure: no network, no database, no clock."""

from monitor.steps.digest.render import render_digest

__all__ = ["render_digest"]
