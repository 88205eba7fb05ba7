"""Alerts as tables for other programs: CSV that no spreadsheet executes, and JSON lines."""

import csv
import json
from collections.abc import Iterable
from dataclasses import asdict
from io import StringIO

from monitor.model import DigestAlert
from monitor.steps.digest.clean import printable

COLUMNS = (
    "alert_id",
    "topic",
    "outlet",
    "outlet_name",
    "country",
    "kind",
    "published_at",
    "language",
    "title",
    "title_en",
    "lead_en",
    "url",
    "score",
    "terms",
    "sentence",
    "sentence_en",
    "content",
    "change",
)
#: a cell that begins so is a formula for Excel, Calc or Sheets (OWASP, "CSV Injection")
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")


def export_csv(alerts: Iterable[tuple[str, DigestAlert]]) -> str:
    """(topic, alert) pairs as CSV (RFC 4180); what a spreadsheet would execute gets an apostrophe."""
    out = StringIO()
    writer = csv.DictWriter(out, COLUMNS, lineterminator="\r\n")
    writer.writeheader()
    for topic, alert in alerts:
        writer.writerow({key: _cell(value) for key, value in _row(topic, alert).items()})
    return out.getvalue()


def export_jsonl(alerts: Iterable[tuple[str, DigestAlert]]) -> str:
    """(topic, alert) pairs as JSON lines with everything an alert holds."""
    rows = ({"topic": topic} | asdict(alert) for topic, alert in alerts)
    return "".join(json.dumps(row, ensure_ascii=False, default=str) + "\n" for row in rows)


def _row(topic: str, alert: DigestAlert) -> dict[str, object]:
    first = alert.evidence[0] if alert.evidence else None
    values = {key: getattr(alert, key) for key in COLUMNS if hasattr(alert, key)}
    return values | {
        "topic": topic,
        "published_at": alert.published_at.isoformat() if alert.published_at else "",
        "terms": "; ".join(dict.fromkeys(one.term for one in alert.evidence)),
        "sentence": first.sentence if first else "",
        "sentence_en": first.sentence_en if first else "",
    }


def _cell(value: object) -> object:
    if not isinstance(value, str):
        return value
    text = printable(value)
    return f"'{text}" if text.lstrip(" \n\u00a0").startswith(_FORMULA) else text
