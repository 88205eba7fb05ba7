"""Health and figures of a service on one small port, for supervisors and for Prometheus."""

from monitor.web.figures import Figures
from monitor.web.server import HealthServer

__all__ = ["Figures", "HealthServer"]
