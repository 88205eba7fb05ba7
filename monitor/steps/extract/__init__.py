"""HTML to headline, text, authors and dates."""

from monitor.steps.extract.formats import date_pattern
from monitor.steps.extract.fragment import html_to_text
from monitor.steps.extract.page import extract_page
from monitor.steps.extract.selectors import check_selector
from monitor.steps.extract.zones import zone_of

__all__ = ["check_selector", "date_pattern", "extract_page", "html_to_text", "zone_of"]
