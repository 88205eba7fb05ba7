"""The tables, as SQLAlchemy 2 typed models, one file a subject. Rows of them never leave this room."""

from monitor.storage.tables.alerts import AlertRow
from monitor.storage.tables.articles import (
    AddressRow,
    ArticleRow,
    EntryRow,
    FingerprintRow,
    PageRow,
    RevisionRow,
)
from monitor.storage.tables.base import CASCADE, Base, CleanText, Json, clean, key, reference
from monitor.storage.tables.digests import DeliveryRow, DigestItemRow, DigestRow
from monitor.storage.tables.outlets import BackfillRow, FeedRow, OutletDayRow, OutletRow, StatusChangeRow
from monitor.storage.tables.stories import DIMENSIONS, SignsRow, StoryArticleRow, StoryRow
from monitor.storage.tables.translations import TranslationRow
from monitor.storage.tables.triage import MarkRow
from monitor.storage.tables.watchlist import ConfigFileRow, TopicVersionRow, WatchlistVersionRow

__all__ = [
    "CASCADE",
    "DIMENSIONS",
    "AddressRow",
    "AlertRow",
    "ArticleRow",
    "BackfillRow",
    "Base",
    "CleanText",
    "ConfigFileRow",
    "DeliveryRow",
    "DigestItemRow",
    "DigestRow",
    "EntryRow",
    "FeedRow",
    "FingerprintRow",
    "Json",
    "MarkRow",
    "OutletDayRow",
    "OutletRow",
    "PageRow",
    "RevisionRow",
    "SignsRow",
    "StatusChangeRow",
    "StoryArticleRow",
    "StoryRow",
    "TopicVersionRow",
    "TranslationRow",
    "WatchlistVersionRow",
    "clean",
    "key",
    "reference",
]
