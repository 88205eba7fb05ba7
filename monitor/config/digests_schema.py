"""What ``config/digests.yaml`` may hold."""

from typing import Any

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_TIME = {
    "type": "string",
    "pattern": r"^([01]\d|2[0-3]):[0-5]\d$",
    "description": 'a time in quotes, from "00:00" to "23:59"',
}


def _names(description: str) -> dict[str, Any]:
    item = {"type": "string", "minLength": 1, "description": description}
    return {"type": "array", "items": item, "description": f"a list, each {description}"}


SCHEDULE_SCHEMA: dict[str, Any] = {
    "type": "object",
    "required": ["at"],
    "additionalProperties": False,
    "description": "“at:” with “timezone:” and “weekdays:”",
    "properties": {
        "at": {
            "anyOf": [
                _TIME,
                {"type": "array", "items": _TIME, "minItems": 1, "description": "a list of times"},
            ],
            "description": 'a time in quotes ("07:00"), or a list of times',
        },
        "timezone": {"type": "string", "minLength": 1, "description": "a zone such as America/Bogota"},
        "weekdays": {
            "type": "array",
            "minItems": 1,
            "items": {"enum": list(WEEKDAYS), "description": ", ".join(WEEKDAYS)},
            "description": "a list of weekdays: [mon, tue, wed, thu, fri]",
        },
    },
}

SUBSCRIPTION_SCHEMA: dict[str, Any] = {
    "type": "object",
    "required": ["name", "schedule"],
    "additionalProperties": False,
    "properties": {
        "name": {
            "type": "string",
            "pattern": r"^[a-z0-9]+(-[a-z0-9]+)*$",
            "description": "a short name of small letters, digits and hyphens (morning-drugs)",
        },
        "title": {"type": "string", "minLength": 1, "description": "the heading of the mail"},
        "recipients": _names("a mail address"),
        "topics": _names("the id of a topic in watchlist.yaml"),
        "priorities": {
            "type": "array",
            "items": {"enum": ["high", "normal", "low"], "description": "high, normal or low"},
            "description": "a list of priorities: [high]",
        },
        "query": {"type": "string", "minLength": 1, "description": "a query as in watchlist.yaml"},
        "outlets": _names("the id of an outlet in outlets.yaml"),
        "language": {"enum": ["en", "es", "pt"], "description": "the language of the frame: en, es or pt"},
        "schedule": SCHEDULE_SCHEMA,
        "empty": {"enum": ["send", "skip"], "description": "send (say that there is nothing) or skip"},
        "limit": {
            "type": "integer",
            "minimum": 1,
            "maximum": 2000,
            "description": "the most reports shown in one mail, 1 to 2000; the rest is counted",
        },
        "size": {
            "type": "integer",
            "minimum": 20,
            "maximum": 5000,
            "description": "the most kilobytes of a mail, 20 to 5000; Gmail cuts mails beyond 102",
        },
        "enabled": {"type": "boolean", "description": "true or false"},
    },
}

DIGESTS_SCHEMA: dict[str, Any] = {
    "title": "digests.yaml: who reads what, in which language, and when",
    "type": "object",
    "required": ["digests"],
    "additionalProperties": False,
    "properties": {
        "digests": {
            "type": "array",
            "items": SUBSCRIPTION_SCHEMA,
            "uniqueBy": "name",
            "description": "a list of digests, each with name and schedule",
        }
    },
}
