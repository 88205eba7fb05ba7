"""One address for one article: variants, trackers and wrappers taken off.

``canonical_url`` is what is stored and shown; ``url_key`` is coarser and only says "the same article".
"""

from monitor.text.urls.canonical import (
    MAX_LENGTH,
    canonical_key,
    canonical_url,
    fetch_url,
    public_url,
    url_key,
)
from monitor.text.urls.wrapped import is_wrapper

__all__ = [
    "MAX_LENGTH",
    "canonical_key",
    "canonical_url",
    "fetch_url",
    "is_wrapper",
    "public_url",
    "url_key",
]
