"""What people read: digests, briefs and exports. Pure: no network, no database, no clock."""

from monitor.steps.digest.brief import render_brief
from monitor.steps.digest.export import export_csv, export_jsonl, export_parquet
from monitor.steps.digest.render import render_digest

__all__ = ["export_csv", "export_jsonl", "export_parquet", "render_brief", "render_digest"]
