"""What people read: digests, briefs and exports. Pure: no network, no database, no clock."""

from monitor.steps.digest.brief import render_brief
from monitor.steps.digest.export import export_csv, export_jsonl
from monitor.steps.digest.render import render_digest

__all__ = ["export_csv", "export_jsonl", "render_brief", "render_digest"]
