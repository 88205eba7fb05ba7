"""Health, figures, feeds and stories of a service on one small port."""

from monitor.web.feeds import Feeds
from monitor.web.figures import Figures
from monitor.web.pages import Pages
from monitor.web.server import HealthServer

__all__ = ["Feeds", "Figures", "HealthServer", "Pages"]
