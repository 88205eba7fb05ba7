"""A selection of articles as a draft with proper citations: Markdown, HTML or Word."""

from monitor.steps.digest.brief.draft import render_brief

__all__ = ["render_brief"]
