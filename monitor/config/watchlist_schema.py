"""The shape of config/watchlist.yaml; ``monitor watchlist schema`` prints it for editors."""

from typing import Any

_TEXTS: dict[str, Any] = {"type": "array", "items": {"type": "string", "minLength": 1}}

_QUERY: dict[str, Any] = {
    "type": "string",
    "minLength": 1,
    "description": 'a query, such as Irán AND (Venezuela OR Cuba) NOT "mundial"; see docs/watchlist.md',
}

_ARTICLE: dict[str, Any] = {
    "description": "a headline, or keys title, text, language and others",
    "anyOf": [
        {"type": "string", "minLength": 1},
        {
            "type": "object",
            "additionalProperties": False,
            "minProperties": 1,
            "properties": {
                "language": {"enum": ["es", "pt", "en"], "default": "es"},
                **{
                    key: {"type": "string"}
                    for key in ("title", "text", "title_en", "text_en", "outlet", "country", "kind")
                },
            },
        },
    ],
}

_TOPIC: dict[str, Any] = {
    "type": "object",
    "description": "one topic with id, title and query",
    "additionalProperties": False,
    "required": ["id", "title", "query"],
    "properties": {
        "id": {
            "type": "string",
            "pattern": "^[a-z0-9]+(-[a-z0-9]+)*$",
            "description": "a short name in small letters, figures and hyphens, such as iran-latin-america",
        },
        "title": {
            "type": "string",
            "minLength": 1,
            "description": "the topic's name for readers, in English",
        },
        "covers": {"type": "string", "description": "what belongs to the topic, in a sentence"},
        "priority": {"enum": ["high", "normal", "low"], "description": "high, normal or low"},
        "query": _QUERY,
        "threshold": {"type": "number", "minimum": 0, "description": "points an article needs, such as 3"},
        "ideas": {
            "type": "array",
            "items": _QUERY,
            "description": "the ideas it is a meeting of: queries, each after “- ”",
        },
        "examples": {
            "type": "array",
            "items": _ARTICLE,
            "description": "headlines that must raise the topic, each after “- ”",
        },
        "traps": {
            "type": "array",
            "items": _ARTICLE,
            "description": "headlines that must not raise it, each after “- ”",
        },
        "sources": {
            "type": "object",
            "additionalProperties": False,
            "description": "keys documents and citations, each with a list of names from seeds/",
            "properties": {"documents": _TEXTS, "citations": _TEXTS},
        },
    },
}

SCHEMA: dict[str, Any] = {
    "title": "monitor watchlist",
    "type": "object",
    "additionalProperties": False,
    "required": ["topics"],
    "properties": {
        "lists": {
            "type": "object",
            "description": "named lists for use in queries as @name",
            "propertyNames": {
                "pattern": "^[A-Za-z0-9_-]+$",
                "description": "a name of letters, figures, - and _, such as latin_america",
            },
            "additionalProperties": {
                "description": "a query, or queries each after “- ” of which one must hold",
                "anyOf": [_QUERY, {**_TEXTS, "minItems": 1}],
            },
        },
        "topics": {
            "type": "array",
            "minItems": 1,
            "uniqueBy": "id",
            "items": _TOPIC,
            "description": "the topics, each after “- ”",
        },
    },
}
