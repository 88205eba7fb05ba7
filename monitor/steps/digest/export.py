"""Alerts as tables for other programs: CSV that no spreadsheet executes, JSON lines, and Parquet."""

import csv
import json
from collections.abc import Callable, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from io import BytesIO, StringIO

from monitor.errors import InputError
from monitor.model import StoredAlert
from monitor.steps.digest.clean import printable

Value = str | int | float | datetime | None
#: column → what an alert says there
COLUMNS: dict[str, Callable[[StoredAlert], Value]] = {
    "alert_id": lambda alert: alert.id,
    "topic": lambda alert: alert.topic,
    "topic_version": lambda alert: alert.topic_version,
    "raised_at": lambda alert: alert.created_at,
    "status": lambda alert: alert.status,
    "story_id": lambda alert: alert.story_id or None,
    "outlet": lambda alert: alert.outlet,
    "outlet_name": lambda alert: alert.outlet_name,
    "country": lambda alert: alert.country,
    "kind": lambda alert: alert.kind,
    "published_at": lambda alert: alert.published_at,
    "language": lambda alert: alert.language,
    "title": lambda alert: alert.title,
    "title_en": lambda alert: alert.title_en,
    "lead_en": lambda alert: alert.lead_en,
    "url": lambda alert: alert.url,
    "score": lambda alert: alert.score,
    "terms": lambda alert: "; ".join(dict.fromkeys(one.term for one in alert.evidence)),
    "sentence": lambda alert: alert.evidence[0].sentence if alert.evidence else "",
    "sentence_en": lambda alert: alert.evidence[0].sentence_en if alert.evidence else "",
    "content": lambda alert: alert.content,
    "change": lambda alert: alert.change,
}
_NUMBERS, _MOMENTS = ("alert_id", "topic_version", "story_id"), ("raised_at", "published_at")
#: a cell that begins so is a formula for Excel, Calc or Sheets (OWASP, "CSV Injection")
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")


def export_csv(alerts: Sequence[StoredAlert]) -> str:
    """CSV (RFC 4180) with a line of names; what a spreadsheet would execute gets an apostrophe."""
    out = StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    writer.writerows([_cell(value(alert)) for value in COLUMNS.values()] for alert in alerts)
    return out.getvalue()


def _cell(value: Value) -> object:
    if isinstance(value, datetime):
        return value.isoformat()
    if not isinstance(value, str):
        return value
    text = printable(value)
    return f"'{text}" if text.lstrip(" \n\u00a0").startswith(_FORMULA) else text


def export_jsonl(alerts: Sequence[StoredAlert]) -> str:
    """JSON lines with everything an alert holds; moments as ISO 8601."""
    rows = (json.dumps(asdict(alert), ensure_ascii=False, default=datetime.isoformat) for alert in alerts)
    return "".join(f"{row}\n" for row in rows)


def export_parquet(alerts: Sequence[StoredAlert]) -> bytes:
    """The columns of the CSV as they are: numbers, moments in UTC, and text.

    :raises InputError: when the libraries of the extra "parquet" are not installed.
    """
    try:
        from arro3.core import Array, DataType, Table
        from arro3.io import write_parquet
    except ImportError as error:
        raise InputError("Parquet needs two more libraries; run: pip install arro3-core arro3-io") from error
    whole, text, real = DataType.int64(), DataType.utf8(), DataType.float64()

    def column(name: str) -> Array:
        values = [COLUMNS[name](alert) for alert in alerts]
        if name in _MOMENTS:
            return Array([_microseconds(value) for value in values], whole).cast(
                DataType.timestamp("us", tz="UTC")
            )
        return Array(values, whole if name in _NUMBERS else real if name == "score" else text)

    out = BytesIO()
    write_parquet(Table.from_pydict({name: column(name) for name in COLUMNS}), out, compression="zstd(3)")
    return out.getvalue()


def _microseconds(moment: Value) -> int | None:
    """Since 1970, without the rounding of a float."""
    if not isinstance(moment, datetime):
        return None
    since = moment - datetime(1970, 1, 1, tzinfo=UTC)
    return (since.days * 86_400 + since.seconds) * 1_000_000 + since.microseconds
