"""The frozen records that pass between rooms. One file a role; everything is re-exported here."""

from monitor.model.articles import (
    ArticleState,
    Content,
    ExtractedPage,
    LanguageGuess,
)
from monitor.model.digests import (
    BriefContent,
    BriefSource,
    Coverage,
    DigestAlert,
    DigestChange,
    DigestContent,
    DigestStory,
    DigestTopic,
    OutletCoverage,
    RenderedDigest,
)
from monitor.model.feeds import Entry, FeedKind, ParsedFeed, ParseFailure
from monitor.model.fetching import FetchedPage, FetchFailure, FetchFailureKind, FetchRequest
from monitor.model.glossary import Glossary, GlossaryEntry
from monitor.model.matching import (
    ArticleForMatch,
    Evidence,
    Field,
    TopicMatch,
)
from monitor.model.outlets import FeedSource, Outlet, OutletKind, OutletStatus
from monitor.model.storing import (
    ArticleForFetch,
    ArticleForReading,
    ArticleForTranslation,
    ArticleNext,
    ArticleRead,
    EntryForStore,
    FeedForPoll,
    FeedPolled,
    StoredAlert,
    StoredArticle,
    StoredOutlet,
)
from monitor.model.translation import BilingualText, Provenance, SentencePair, UnsafeMark

__all__ = [
    "ArticleForFetch",
    "ArticleForMatch",
    "ArticleForReading",
    "ArticleForTranslation",
    "ArticleNext",
    "ArticleRead",
    "ArticleState",
    "BilingualText",
    "BriefContent",
    "BriefSource",
    "Content",
    "Coverage",
    "DigestAlert",
    "DigestChange",
    "DigestContent",
    "DigestStory",
    "DigestTopic",
    "Entry",
    "EntryForStore",
    "Evidence",
    "ExtractedPage",
    "FeedForPoll",
    "FeedKind",
    "FeedPolled",
    "FeedSource",
    "FetchFailure",
    "FetchFailureKind",
    "FetchRequest",
    "FetchedPage",
    "Field",
    "Glossary",
    "GlossaryEntry",
    "LanguageGuess",
    "Outlet",
    "OutletCoverage",
    "OutletKind",
    "OutletStatus",
    "ParseFailure",
    "ParsedFeed",
    "Provenance",
    "RenderedDigest",
    "SentencePair",
    "StoredAlert",
    "StoredArticle",
    "StoredOutlet",
    "TopicMatch",
    "UnsafeMark",
]
