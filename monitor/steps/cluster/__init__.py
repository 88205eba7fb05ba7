"""Articles of one event become one story, across Spanish and Portuguese. Pure, but for the encoder."""

from monitor.steps.cluster.assign import THRESHOLD, Placement, assign, closeness, lead_item
from monitor.steps.cluster.embed import UseEmbedder
from monitor.steps.cluster.items import (
    Story,
    StoryItem,
    english_to_embed,
    opening,
    pack,
    texts_to_embed,
    unpack,
    vectors,
)
from monitor.steps.cluster.likeness import likeness, reasons

__all__ = [
    "THRESHOLD",
    "Placement",
    "Story",
    "StoryItem",
    "UseEmbedder",
    "assign",
    "closeness",
    "english_to_embed",
    "lead_item",
    "likeness",
    "opening",
    "pack",
    "reasons",
    "texts_to_embed",
    "unpack",
    "vectors",
]
